"""The sheet of saved filter sets: save the present filter, show, rename, delete, import, export, make one an alarm.

Touches no file.
"""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from engine.filters.filter_folder import SavedFilter
from engine.jobfile.filter_set import AlarmAction
from engine.system.plain_text import one_line
from gui.control.action_effects import OBSERVING
from gui.guarded import Guarded
from gui.sheets.alarm_form import ALARM_WORDS, ROW_HEIGHT, AlarmForm
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button, set_kind
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.sheet import Sheet

_LONGEST = 60
_HEIGHT, _PAD = 5 * ROW_HEIGHT, 10
_ALARM_ROLE = Qt.ItemDataRole.UserRole + 1


class _AlarmMark(Guarded, QStyledItemDelegate):
    """Writes at the end of a row which alarm the filter set is."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the name, and the word for the alarm."""
        super().paint(painter, option, index)
        if word := index.data(_ALARM_ROLE):
            room: QRect = option.rect
            painter.save()
            painter.setFont(self._theme.font("small"))
            painter.setPen(self._theme.color("t2"))
            alignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room.adjusted(_PAD, 0, -_PAD, 0), int(alignment), word)
            painter.restore()


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
        trial_requested: (name) try this set on history.
        trial_dropped: end the trial.
        alarm_requested: (name, AlarmAction or None) make this set an alarm, or none.
    """

    save_requested = Signal(str)
    show_requested = Signal(str)
    rename_requested = Signal(str, str)
    delete_requested = Signal(str)
    undo_requested = Signal()
    import_requested = Signal()
    export_requested = Signal(str)
    trial_requested = Signal(str)
    trial_dropped = Signal()
    alarm_requested = Signal(str, object)

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
        self.list.setItemDelegate(_AlarmMark(theme, self.list))
        self.empty = PlainLabel(
            tr("No filter is saved yet. Filter the Logs, and save the filter here, or import one."),
            theme=theme,
            role="small",
            color="t2",
        )
        self.empty.setWordWrap(True)
        self.alarm = AlarmForm(theme)
        self._alarms: dict[str, AlarmAction | None] = {}
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
        changing = (
            self.save_button,
            self.import_button,
            self.rename_button,
            self.delete_button,
            self.undo_button,
        )
        self._tips = {button: button.toolTip() for button in changing}
        """What each button that changes a file says of itself."""
        self._can_save = self._observes = False
        self._lay_out_parts()
        self._connect()

    def show_sets(self, sets: Sequence[SavedFilter], *, selected: str = "") -> None:
        """List these filter sets."""
        before, shown = selected or self._selected(), self._selected()
        names = [one.name for one in sets]
        same = self._alarms.get(shown) == {one.name: one.content.alarm for one in sets}.get(shown)
        self._alarms = {one.name: one.content.alarm for one in sets}
        self.list.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.list.clear()
        for name in names:
            item = QListWidgetItem(name)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            word = self._alarm_word(name)
            item.setData(_ALARM_ROLE, word)
            item.setSizeHint(QSize(0, ROW_HEIGHT))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {word}" if word else name)
            self.list.addItem(item)
        row = names.index(before) if before in names else min(0, len(names) - 1)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)  # noqa: FBT003 - as above
        self._on_changed()
        if self._selected() != shown or not same:
            self._show_alarm()
        self._fit()
        if self.import_button.hasFocus():  # it had to do while nothing was listed yet
            self.first_focus().setFocus(Qt.FocusReason.PopupFocusReason)

    def show_renamed(self, name: str, new: str) -> None:
        """Let a row act on the set it names from now on, before all are listed again."""
        self.list.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(Qt.ItemDataRole.UserRole) == name:
                item.setData(Qt.ItemDataRole.UserRole, new)
        self.list.blockSignals(False)  # noqa: FBT003 - as above

    def show_note(self, sentence: str, *, can_undo: bool = False) -> None:
        """Show what was done or why it was not, and offer to undo it."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        self.undo_button.setVisible(can_undo)

    def open_for(self, *, can_save: bool) -> None:
        """Open; the present filter can be saved if it limits anything."""
        self._can_save = can_save
        self.name.clear()
        self.name.setPlaceholderText(
            tr("Name of the present filter, such as Flaky network")
            if can_save
            else tr("Filter the Logs first to save a filter")
        )
        self._on_changed()
        self.open()

    def set_observing(self, observes: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Disable what changes a file while the window only observes, with the reason as its tip."""
        self._observes = observes
        triggers = QListWidget.EditTrigger
        self.list.setEditTriggers(triggers.NoEditTriggers if observes else triggers.EditKeyPressed)
        reason = plain_tip(tr(OBSERVING)) if observes else ""
        for button, own in self._tips.items():
            button.setToolTip(reason or own)
        for part in (self.name, self.alarm):
            part.setToolTip(reason)
        self._on_changed()
        self._show_alarm()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Drop the trial that runs."""
        super().hideEvent(event)
        self.alarm.drop_trial()

    def first_focus(self) -> QWidget:
        """The name if there is something to save, else the list, or what fills it."""
        return self.name if self.name.isEnabled() else self.list if self.list.count() else self.import_button

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
        self.body.addWidget(self.empty)
        self.body.addWidget(self.alarm)
        self.body.addLayout(below)
        for button in (self.import_button, self.export_button, self.rename_button, self.delete_button):
            self.footer.addWidget(button)
        self.footer.addStretch(1)
        self.footer.addWidget(self.show_button)
        self.show_note("")
        self._show_alarm()
        self._fit()

    def _connect(self) -> None:
        self.name.textChanged.connect(self._on_changed)
        self.name.returnPressed.connect(self._on_save_clicked)
        self.list.currentRowChanged.connect(self._on_changed)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.alarm.resized.connect(self._on_alarm_resized)
        self.alarm.trial_requested.connect(self._on_trial_requested)
        self.alarm.trial_dropped.connect(self.trial_dropped)
        self.alarm.switch_requested.connect(self._on_switch_requested)
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

    def _alarm_word(self, name: str) -> str:
        """What is written behind the name of a filter set that is an alarm."""
        action = self._alarms.get(name)
        word = next(word for known, word in ALARM_WORDS if known == action)
        return "" if action is None else tr("alarm: {action}", action=tr(word).lower())

    def _show_alarm(self) -> None:
        name = self._selected()
        self.alarm.show_alarm(self._alarms.get(name), is_enabled=bool(name) and not self._observes)

    def _fit(self) -> None:
        """An empty list and the alarm of nothing are no use to anyone."""
        for part in (self.list, self.alarm):
            part.setVisible(bool(self.list.count()))
        self.empty.setVisible(not self.list.count())
        if self.is_open:
            self.place()

    @Slot()
    def _on_row_changed(self) -> None:
        self.show_note("")
        self._show_alarm()

    @Slot()
    def _on_alarm_resized(self) -> None:
        set_kind(self.show_button, "secondary" if self.alarm.is_trying else "primary")
        if self.is_open:
            self.place()

    @Slot()
    def _on_trial_requested(self) -> None:
        self.show_note("")
        self.trial_requested.emit(self._selected())

    @Slot(object)
    def _on_switch_requested(self, action: AlarmAction | None) -> None:
        self.alarm_requested.emit(self._selected(), action)

    @Slot()
    def _on_changed(self) -> None:
        changes, is_selected = not self._observes, bool(self._selected())
        self.name.setEnabled(self._can_save and changes)
        self.save_button.setEnabled(self._can_save and changes and bool(one_line(self.name.text()).strip()))
        for button in (self.show_button, self.export_button):
            button.setEnabled(is_selected)
        for button in (self.rename_button, self.delete_button):
            button.setEnabled(is_selected and changes)
        for button in (self.import_button, self.undo_button):
            button.setEnabled(changes)

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
        if self.rename_button.isEnabled():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.list.editItem(self.list.currentItem())

    @Slot(QListWidgetItem)
    def _on_item_changed(self, item: QListWidgetItem) -> None:
        name, new = str(item.data(Qt.ItemDataRole.UserRole)), one_line(item.text()).strip()
        if name != new:
            self.rename_requested.emit(name, new)

    @Slot()
    def _on_delete_clicked(self) -> None:
        if self.delete_button.isEnabled():
            self.delete_requested.emit(self._selected())

    @Slot()
    def _on_export_clicked(self) -> None:
        if self._selected():
            self.export_requested.emit(self._selected())
