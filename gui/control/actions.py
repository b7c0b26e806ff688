"""The QAction of each user action: when it can be used, with its key, icon and tip. Carries out nothing."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from gui.control.action_effects import OBSERVING, ShowJobs, only_changes, works_over_sheets
from gui.control.action_table import (
    ACTIONS,
    ACTIONS_BY_ID,
    JOB_MENU,
    SUBMENUS,
    KeyPlace,
    UserAction,
    works_everywhere,
)
from gui.data.job_actions import is_held_by_alarm
from gui.data.selection import Selection
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.key_text import with_keys
from gui.widgets.label import plain_tip
from gui.widgets.sheet import WORKS_OVER_SHEETS
from state.records import Job


def _context(record: UserAction) -> Qt.ShortcutContext:
    """Where the key of an action works; in a review a letter works beside its fields, too."""
    if works_everywhere(record.shortcut):
        return Qt.ShortcutContext.WindowShortcut
    inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
    return inside if record.place == "review" else Qt.ShortcutContext.WidgetShortcut


def _tip(title: str, action: QAction) -> str:
    return plain_tip(with_keys(title, action.shortcut()))


class Actions(QObject):
    """One QAction for each action of the user.

    Signals:
        triggered: (action id, tuple of job ids, or None for the current selection)
        opened: (tuple of job ids) show the details of these jobs and leave the focus where it is.
        observing_changed: the window only observes now, or no longer.
    """

    triggered = Signal(str, object)
    observing_changed = Signal()
    opened = Signal(object)

    def __init__(self, selection: Selection, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._selection, self._theme = selection, theme
        self._actions = {record.id: self._made(record) for record in ACTIONS}
        self._blocked: set[str] = set()
        self.job_of: Callable[[str], Job | None] = lambda _job_id: None
        """A job by its id, for entries of menus that only some jobs have."""
        self._observes = False
        selection.changed.connect(self._on_selection_changed)
        theme.changed.connect(self._on_theme_changed)
        self._on_selection_changed()
        self._on_theme_changed()

    @property
    def selection(self) -> Selection:
        """The selection that actions apply to by default."""
        return self._selection

    def __iter__(self) -> Iterator[UserAction]:
        return iter(ACTIONS)

    def action(self, id: str) -> QAction:  # noqa: A002  # an action's id is called `id` everywhere
        """The QAction of an action.

        Raises:
            KeyError: there is no such action.
        """
        return self._actions[id]

    def record(self, id: str) -> UserAction:  # noqa: A002  # as above
        """The record of an action."""
        return ACTIONS_BY_ID[id]

    def run(self, id: str, job_ids: Sequence[str] = ()) -> None:  # noqa: A002  # as above
        """Trigger an action, on these jobs or on the current selection."""
        self.triggered.emit(ACTIONS_BY_ID[id].id, tuple(job_ids) or None)

    def open_jobs(self, job_ids: Sequence[str]) -> None:
        """Show the details of these jobs beside what has the focus."""
        if job_ids:
            self.opened.emit(tuple(job_ids))

    def set_possible(self, id: str, possible: bool) -> None:  # noqa: A002, FBT001  # a switch, like setEnabled
        """Set whether an action is possible now, besides what must be selected for it."""
        (self._blocked.discard if possible else self._blocked.add)(id)
        self._actions[id].setEnabled(self._enabled(ACTIONS_BY_ID[id]))

    @property
    def observes(self) -> bool:
        """Whether the window only observes, so that what changes something cannot be used."""
        return self._observes

    def set_observing(self, observes: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Disable everything that only changes something, with the reason as its tip, or enable it again."""
        self._observes = observes
        for record in ACTIONS:
            if only_changes(record.effect):
                action = self._actions[record.id]
                action.setToolTip(plain_tip(tr(OBSERVING)) if observes else _tip(record.title, action))
                action.setEnabled(self._enabled(record))
        self.observing_changed.emit()

    def why_not(self, command: str) -> str:
        """Why a painted button with this command cannot be used now; one that is no action changes something."""
        record = ACTIONS_BY_ID.get(command)
        is_blocked = self._observes and (record is None or only_changes(record.effect))
        return tr(OBSERVING) if is_blocked else ""

    def set_title(self, id: str, title: str) -> None:  # noqa: A002  # as above
        """Change the title of an action to what it would do now."""
        action = self._actions[id]
        action.setText(title.replace("&", "&&"))
        action.setToolTip(_tip(title, action))

    def for_key(self, event: QKeyEvent) -> str | None:
        """The action on jobs whose plain key was pressed; None for any other key."""
        pressed = event.keyCombination().toCombined() & ~Qt.KeyboardModifier.KeypadModifier.value
        if event.key() == Qt.Key.Key_Enter:
            pressed += Qt.Key.Key_Return.value - Qt.Key.Key_Enter.value
        return _PLAIN_KEYS.get(QKeySequence(pressed).toString())

    def add_keys_to(self, widget: QWidget, place: KeyPlace = "jobs") -> None:
        """Make the one-letter keys of a place work while `widget` has the focus."""
        for record in ACTIONS:
            if record.shortcut and record.place == place and not works_everywhere(record.shortcut):
                widget.addAction(self._actions[record.id])

    def menu_for_jobs(self, parent: QWidget, job_ids: Sequence[str]) -> QMenu:
        """The context menu of some jobs; its entries apply to exactly these."""
        menu = QMenu(parent)
        self._fill(menu, JOB_MENU, tuple(job_ids))
        return menu

    def _fill(self, menu: QMenu, names: Sequence[str], job_ids: tuple[str, ...]) -> None:
        for name in names:
            if name in SUBMENUS:
                title, inside = SUBMENUS[name]
                below = menu.addMenu(tr(title))
                below.menuAction().setObjectName(name)
                self._fill(below, inside, job_ids)
            elif name and self._is_offered(ACTIONS_BY_ID[name], job_ids):
                self._add_entry(menu, ACTIONS_BY_ID[name], job_ids)
            elif not name:
                menu.addSeparator()

    def _is_offered(self, record: UserAction, job_ids: Sequence[str]) -> bool:
        """Whether a menu of these jobs has the entry; one that few jobs have is left out of the others' menus."""
        if record.effect is not ShowJobs.ALARM_LINE:
            return True
        jobs = map(self.job_of, job_ids)
        return any(job is not None and is_held_by_alarm(job) for job in jobs)

    def _add_entry(self, menu: QMenu, record: UserAction, job_ids: tuple[str, ...]) -> None:
        entry = menu.addAction(self._actions[record.id].icon(), record.title)
        entry.setObjectName(record.id)
        entry.setShortcut(QKeySequence(record.shortcut))
        entry.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if reason := self.why_not(record.id):
            entry.setEnabled(False)
            entry.setToolTip(plain_tip(reason))
            menu.setToolTipsVisible(True)
        entry.triggered.connect(partial(self.run, record.id, job_ids))

    def _made(self, record: UserAction) -> QAction:
        action = QAction(record.title, self)
        action.setObjectName(record.id)
        keys = QKeySequence(record.shortcut)
        action.setShortcuts([keys, QKeySequence(record.also)] if record.also else [keys])
        action.setShortcutContext(_context(record))
        action.setProperty(WORKS_OVER_SHEETS, works_over_sheets(record.effect))
        action.setToolTip(_tip(record.title, action))
        action.triggered.connect(self._on_action_triggered)
        return action

    def _enabled(self, record: UserAction) -> bool:
        if record.id in self._blocked or (self._observes and only_changes(record.effect)):
            return False
        selected = self._selection
        match record.needs:
            case "nothing":
                return True
            case "run":
                return selected.run_id is not None
            case "workstream" | "job":
                return selected.job_id is not None or selected.workstream is not None

    @Slot()
    def _on_action_triggered(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.run(sender.objectName())

    @Slot()
    def _on_selection_changed(self) -> None:
        for record in ACTIONS:
            self._actions[record.id].setEnabled(self._enabled(record))

    @Slot()
    def _on_theme_changed(self) -> None:
        for record in ACTIONS:
            if record.icon:
                self._actions[record.id].setIcon(
                    self._theme.qicon(record.icon, "failed" if record.danger else "t2")
                )


_PLAIN_KEYS = {
    QKeySequence(record.shortcut).toString(): record.id
    for record in ACTIONS
    if record.needs == "job" and record.shortcut and not works_everywhere(record.shortcut)
}
"""The actions on jobs that one plain key stands for, by that key."""
