"""The sheet of named layouts: save the present one under a name, restore or delete another. Knows no docks."""

from collections.abc import Iterable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QWidget

from engine.system.plain_text import one_line
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel
from gui.widgets.sheet import Sheet

_LONGEST = 60
_HEIGHT = 180


class LayoutsSheet(Sheet):
    """Lists the layouts by their names.

    Signals:
        save_requested: (name) keep the present layout under this name.
        restore_requested: (name) arrange the panels as in this layout.
        delete_requested: (name) forget this layout.
    """

    save_requested = Signal(str)
    restore_requested = Signal(str)
    delete_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, width=520)
        self.setObjectName("layoutsSheet")
        self.heading.setText(tr("Layouts"))
        self.sentence.setText(
            tr("Where the panels stand and which are shown. View > Reset layout brings the first one back.")
        )
        self.name = QLineEdit()
        self.name.setPlaceholderText(tr("Name of the present layout, such as Review"))
        self.name.setAccessibleName(tr("Name of the layout"))
        self.name.setMaxLength(_LONGEST)
        self.save_button = push_button(tr("Save layout"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Layouts"))
        self.list.setMinimumHeight(_HEIGHT)
        self.empty = PlainLabel(tr("No layout is saved yet."), theme=theme, role="small", color="t2")
        self.restore_button = push_button(tr("Restore"), kind="primary")
        self.delete_button = push_button(tr("Delete"), kind="danger")
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self.name, 1)
        above.addWidget(self.save_button)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        self.body.addLayout(above)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.empty)
        self.footer.addWidget(self.delete_button)
        self.footer.addStretch(1)
        self.footer.addWidget(self.restore_button)
        self.name.textChanged.connect(self._on_changed)
        self.list.currentRowChanged.connect(self._on_changed)
        self.list.itemActivated.connect(self._on_restore_clicked)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.restore_button.clicked.connect(self._on_restore_clicked)
        self.delete_button.clicked.connect(self._on_delete_clicked)

    def show_layouts(self, names: Iterable[str]) -> None:
        """List these layouts, and open."""
        self.list.clear()
        self.list.addItems(sorted(names, key=str.casefold))
        self.list.setCurrentRow(0 if self.list.count() else -1)
        self.list.setVisible(self.list.count() > 0)
        self.empty.setVisible(self.list.count() == 0)
        self._on_changed()
        self.open()

    def first_focus(self) -> QWidget:
        """The list if there are layouts, else the name of the first."""
        return self.list if self.list.count() else self.name

    def _selected(self) -> str:
        item = self.list.currentItem()
        return "" if item is None else item.text()

    @Slot()
    def _on_changed(self) -> None:
        self.save_button.setEnabled(bool(one_line(self.name.text()).strip()))
        for button in (self.restore_button, self.delete_button):
            button.setEnabled(bool(self._selected()))

    @Slot()
    def _on_save_clicked(self) -> None:
        self.save_requested.emit(one_line(self.name.text()).strip())
        self.name.clear()

    @Slot()
    def _on_restore_clicked(self) -> None:
        if self._selected():
            self.dismiss()
            self.restore_requested.emit(self._selected())

    @Slot()
    def _on_delete_clicked(self) -> None:
        if self._selected():
            self.delete_requested.emit(self._selected())
