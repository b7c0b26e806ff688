"""The sheet of saved filter sets: save the present filter, show, rename, delete, import and export. Touches no file."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from engine.system.plain_text import one_line
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.sheet import Sheet

_LONGEST = 60
_HEIGHT = 180


class FilterSetsSheet(Sheet):
    """Lists the filter sets by their names.

    Signals:
        save_requested: (name) keep the present filter under this name.
        show_requested: (name) filter the Logs as this set does.
        rename_requested: (name, new name).
        delete_requested: (name) remove this set.
        undo_requested: save again what was deleted last.
        import_requested: take up a file.
        export_requested: (name) write this set to a file.
    """

    save_requested = Signal(str)
    show_requested = Signal(str)
    rename_requested = Signal(str, str)
    delete_requested = Signal(str)
    undo_requested = Signal()
    import_requested = Signal()
    export_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, width=600)
        self.setObjectName("filterSetsSheet")
        self.heading.setText(tr("Filter sets"))
        self.sentence.setText(tr("Each is a file of the folder filters in the home, so it can be shared."))
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name of the filter set"))
        self.name.setMaxLength(_LONGEST)
        self.save_button = push_button(tr("Save filter"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Filter sets"))
        self.list.setMinimumHeight(_HEIGHT)
        self.note = PlainLabel(theme=theme, role="small", color="t1")
        self.note.setWordWrap(True)
        self.undo_button = push_button(tr("Undo"), small=True)
        self.import_button = push_button(tr("Import…"))
        self.export_button = push_button(tr("Export…"))
        self.rename_button = push_button(tr("Rename"))
        self.rename_button.setToolTip(plain_tip(tr("Change the name in the list  (F2)")))
        self.delete_button = push_button(tr("Delete"), kind="danger")
        self.delete_button.setToolTip(plain_tip(tr("Remove the filter set; it can be undone  (Del)")))
        self.show_button = push_button(tr("Show"), kind="primary")
        self._can_save = False
        self._lay_out_parts()
        self._connect()

    def show_sets(self, names: Sequence[str], *, selected: str = "") -> None:
        """List these filter sets."""
        before = selected or self._selected()
        self.list.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.list.clear()
        for name in names:
            item = QListWidgetItem(name)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.list.addItem(item)
        row = names.index(before) if before in names else min(0, len(names) - 1)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)  # noqa: FBT003 - as above
        self._on_changed()

    def show_note(self, sentence: str, *, can_undo: bool = False) -> None:
        """Show what was done or why it was not, and offer to undo it."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        self.undo_button.setVisible(can_undo)

    def open_for(self, *, can_save: bool) -> None:
        """Open; the present filter can be saved if it limits anything."""
        self._can_save = can_save
        self.name.setEnabled(can_save)
        self.name.clear()
        self.name.setPlaceholderText(
            tr("Name of the present filter, such as Flaky network")
            if can_save
            else tr("Filter the Logs first to save a filter")
        )
        self._on_changed()
        self.open()

    def first_focus(self) -> QWidget:
        """The name if there is something to save, else the list."""
        return self.name if self._can_save else self.list

    def _lay_out_parts(self) -> None:
        above, below = QHBoxLayout(), QHBoxLayout()
        for row in (above, below):
            row.setSpacing(8)
        above.addWidget(self.name, 1)
        above.addWidget(self.save_button)
        below.addWidget(self.note, 1)
        below.addWidget(self.undo_button)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        self.body.addLayout(above)
        self.body.addWidget(self.list, 1)
        self.body.addLayout(below)
        for button in (self.import_button, self.export_button, self.rename_button, self.delete_button):
            self.footer.addWidget(button)
        self.footer.addStretch(1)
        self.footer.addWidget(self.show_button)
        self.show_note("")

    def _connect(self) -> None:
        self.name.textChanged.connect(self._on_changed)
        self.name.returnPressed.connect(self._on_save_clicked)
        self.list.currentRowChanged.connect(self._on_changed)
        self.list.itemChanged.connect(self._on_item_changed)
        self.list.itemDoubleClicked.connect(self._on_show_clicked)
        self.list.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed)
        for key, slot in (("Del", self._on_delete_clicked), ("Return", self._on_show_clicked)):
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.show_button.clicked.connect(self._on_show_clicked)
        self.rename_button.clicked.connect(self._on_rename_clicked)
        self.delete_button.clicked.connect(self._on_delete_clicked)
        self.undo_button.clicked.connect(self.undo_requested)
        self.import_button.clicked.connect(self.import_requested)
        self.export_button.clicked.connect(self._on_export_clicked)

    def _selected(self) -> str:
        item = self.list.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    @Slot()
    def _on_changed(self) -> None:
        self.save_button.setEnabled(self._can_save and bool(one_line(self.name.text()).strip()))
        for button in (self.show_button, self.rename_button, self.delete_button, self.export_button):
            button.setEnabled(bool(self._selected()))

    @Slot()
    def _on_save_clicked(self) -> None:
        if self.save_button.isEnabled():
            self.save_requested.emit(one_line(self.name.text()).strip())

    @Slot()
    def _on_show_clicked(self) -> None:
        if self._selected():
            self.dismiss()
            self.show_requested.emit(self._selected())

    @Slot()
    def _on_rename_clicked(self) -> None:
        if self.list.currentItem() is not None:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.list.editItem(self.list.currentItem())

    @Slot(QListWidgetItem)
    def _on_item_changed(self, item: QListWidgetItem) -> None:
        name, new = str(item.data(Qt.ItemDataRole.UserRole)), one_line(item.text()).strip()
        if name != new:
            self.rename_requested.emit(name, new)

    @Slot()
    def _on_delete_clicked(self) -> None:
        if self._selected():
            self.delete_requested.emit(self._selected())

    @Slot()
    def _on_export_clicked(self) -> None:
        if self._selected():
            self.export_requested.emit(self._selected())
