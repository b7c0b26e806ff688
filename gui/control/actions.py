"""Every user action as one record, and the QAction made from it. Carries out nothing.

Menus, buttons, the command palette and tool tips are all made from `ACTIONS`. What the engine knows of an action (its
title, the jobs it applies to, its undo) is part of the kind of its command.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from engine.host.command_kind import CommandKind
from engine.host.commands import (
    CancelJobs,
    Drain,
    EditJob,
    EngineCommand,
    HoldJobs,
    JobsCommand,
    MoveInQueue,
    Pause,
    ReleaseJobs,
    Resume,
    RetryJobs,
    SetPriority,
    SkipJobs,
)  # fmt: skip
from engine.types import QueuePosition
from gui.data.selection import Selection
from gui.theme.theme import Theme
from gui.widgets.label import plain_tip
from state.command_table import JobCommand

Needs = Literal["nothing", "run", "workstream", "job"]


class MakesCommand(Protocol):
    """Makes the command of an action, once its jobs are known."""

    def __call__(self, *, job_ids: Sequence[str]) -> JobsCommand:
        """The command on these jobs."""


@dataclass(frozen=True)
class UserAction:
    """One action a user can request.

    `needs` is what must be selected first; a workstream stands for its jobs. `danger` marks what cannot be undone.
    A shortcut that is a plain key works only where a list, board or radar has the focus. `also` is a second key that
    users know from other programs. `kind` is the kind of its engine command: `command` is complete, `make` needs only
    the jobs; with neither, the user is asked for the rest.
    """

    id: str
    title: str
    shortcut: str = ""
    icon: str = ""
    needs: Needs = "nothing"
    danger: bool = False
    also: str = ""
    kind: CommandKind | None = None
    make: MakesCommand | None = None
    command: EngineCommand | None = None

    @property
    def job_command(self) -> JobCommand | None:
        """Its row in the table of commands and states; None if it does not change jobs."""
        return None if self.kind is None else self.kind.job_command


def _on_jobs(
    id: str,  # noqa: A002  # an action's id is called `id` everywhere
    kind: CommandKind,
    shortcut: str,
    icon: str = "",
    *,
    title: str = "",
    danger: bool = False,
    make: MakesCommand | None = None,
) -> UserAction:
    """An action that sends a command on jobs; its title is that of its kind, unless given."""
    return UserAction(id, title or kind.title, shortcut, icon, "job", danger, kind=kind, make=make)


def _on_engine(command: EngineCommand, shortcut: str, icon: str) -> UserAction:
    kind = command.kind
    return UserAction(kind.name, kind.title, shortcut, icon, kind=kind, command=command)


def _move(where: Literal["top", "up", "down", "bottom"], title: str, shortcut: str) -> UserAction:
    make = partial(MoveInQueue, position=QueuePosition(where=where))
    return _on_jobs(f"move_{where}", MoveInQueue.kind, shortcut, title=title, make=make)


ACTIONS: tuple[UserAction, ...] = (
    UserAction("add_jobs", "Add jobs…", "Ctrl+O", "add"),
    UserAction("open_files", "Open a folder of jobs…", "Ctrl+Shift+O", "folder"),
    UserAction("new_job", "New job…", "Ctrl+N", "file"),
    UserAction("show_home", "Show the data folder", "", "folder"),
    UserAction("settings", "Settings…", "Ctrl+,", "settings"),
    UserAction("backup", "Back up now", "Ctrl+B", "copy"),
    UserAction("restore", "Restore backup…", "Ctrl+Shift+B"),
    UserAction("prune", "Prune history…", "Ctrl+Shift+Del"),
    UserAction("export_run", "Export run…", "Ctrl+E", "open"),
    UserAction("import_run", "Import run…", "Ctrl+Shift+E", "inbox"),
    UserAction("trusted", "Grants…", "Ctrl+T", "trust"),
    UserAction("quit", "Quit", "Ctrl+Q", "close"),
    UserAction("undo", "Undo", "Ctrl+Z"),
    UserAction("redo", "Redo", "Ctrl+Shift+Z", also="Ctrl+Y"),
    UserAction("select_all", "Select all that match", "Ctrl+Shift+A"),
    UserAction("find", "Find in the panel", "Ctrl+F", "search"),
    UserAction("copy_id", "Copy job id", "Ctrl+Shift+C", "copy", "job"),
    UserAction("copy_command", "Copy command line", "Ctrl+Alt+C", "copy", "job"),
    UserAction("palette", "Find a job, file or command", "Ctrl+K", "search"),
    UserAction("panel_dashboard", "Dashboard", "Ctrl+1", "dashboard"),
    UserAction("panel_radar", "Pipeline Radar", "Ctrl+2", "radar"),
    UserAction("panel_logs", "Logs", "Ctrl+3", "logs"),
    UserAction("panel_workstreams", "Workstreams", "Ctrl+4", "kanban"),
    UserAction("panel_details", "Job details", "Ctrl+5", "file"),
    UserAction("next_region", "Next panel", "F6", "chevr"),
    UserAction("previous_region", "Previous panel", "Shift+F6", "chevr"),
    UserAction("reset_layout", "Reset layout", "", "dashboard"),
    UserAction("theme_system", "Theme: as the system", "", "moon"),
    UserAction("theme_dark", "Theme: dark", "", "moon"),
    UserAction("theme_light", "Theme: light", "", "moon"),
    UserAction("clear_filter", "Show all states", "", "filter"),
    UserAction("show_details", "Show details", "Return", "note", "job"),
    UserAction("show_log", "Show log", "L", "logs", "job"),
    UserAction("show_diff", "Show diff", "D", "diff", "job"),
    _on_jobs("hold", HoldJobs.kind, "H", "hold", make=HoldJobs),
    _on_jobs("release", ReleaseJobs.kind, "Shift+H", "release", make=ReleaseJobs),
    _on_jobs("retry", RetryJobs.kind, "R", "retry", make=RetryJobs),
    _on_jobs(
        "retry_dependents",
        RetryJobs.kind,
        "Shift+R",
        "retry",
        title="Retry with all that depends on it",
        make=partial(RetryJobs, dependents=True),
    ),
    _on_jobs("retry_with", RetryJobs.kind, "Shift+T", "escalate", title="Retry with another tool…"),
    _on_jobs("skip", SkipJobs.kind, "A", "skip", make=SkipJobs),
    _on_jobs("priority", SetPriority.kind, "P"),
    _move("top", "Move to the top", "Alt+Home"),
    _move("up", "Move up", "Alt+Up"),
    _move("down", "Move down", "Alt+Down"),
    _move("bottom", "Move to the bottom", "Alt+End"),
    _on_jobs("edit_job", EditJob.kind, "F2", "file"),
    _on_jobs("cancel", CancelJobs.kind, "Del", "stop", danger=True, make=CancelJobs),
    UserAction("open_editor", "Open in editor", "E", "open", "job"),
    UserAction("open_terminal", "Open in terminal", "T", "open", "job"),
    UserAction("next_match", "Next match in the log", "F3", "search"),
    UserAction("previous_match", "Previous match in the log", "Shift+F3", "search"),
    UserAction("next_error", "Next error", "F8", "nexterr"),
    UserAction("previous_error", "Previous error", "Shift+F8", "nexterr"),
    UserAction("follow", "Follow the end", "End", "follow"),
    _on_engine(Pause(), "Ctrl+P", "pause"),
    _on_engine(Drain(), "Ctrl+D", "pause"),
    _on_engine(Resume(), "Ctrl+Shift+P", "play"),
    UserAction("limits", "Limits and holds…", "Ctrl+L", "settings"),
    UserAction("start_engine", "Start the engine again", "", "play"),
    UserAction("try_demo", "Try the demo", "", "play"),
    UserAction("about", "About Signalbox", "", "note"),
)

ACTIONS_BY_ID: Mapping[str, UserAction] = {action.id: action for action in ACTIONS}

JOB_MENU: tuple[str, ...] = (
    "show_details",
    "show_log",
    "show_diff",
    "",
    "hold",
    "release",
    "retry",
    "retry_dependents",
    "retry_with",
    "skip",
    "",
    "queue_menu",
    "edit_job",
    "",
    "open_editor",
    "open_terminal",
    "copy_id",
    "copy_command",
    "",
    "cancel",
)


SUBMENUS: dict[str, tuple[str, tuple[str, ...]]] = {
    "queue_menu": (
        "Queue position",
        ("priority", "", "move_top", "move_up", "move_down", "move_bottom"),
    ),
    "history_menu": ("Backups and history", ("backup", "restore", "", "prune")),
}
"""Submenus: their ids, titles and entries."""


def works_everywhere(shortcut: str) -> bool:
    """Whether the key works in the whole window: plain letters belong to text fields."""
    return any(part in shortcut for part in ("Ctrl+", "Alt+")) or shortcut.rsplit("+", 1)[-1].startswith("F")


class Actions(QObject):
    """One QAction for each action of the user.

    Signals:
        triggered: (action id, tuple of job ids, or None for the current selection)
    """

    triggered = Signal(str, object)

    def __init__(self, selection: Selection, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._selection, self._theme = selection, theme
        self._actions = {record.id: self._made(record) for record in ACTIONS}
        self._blocked: set[str] = set()
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

    def set_possible(self, id: str, possible: bool) -> None:  # noqa: A002, FBT001  # a switch, like setEnabled
        """Set whether an action is possible now, besides what must be selected for it."""
        (self._blocked.discard if possible else self._blocked.add)(id)
        self._actions[id].setEnabled(self._enabled(ACTIONS_BY_ID[id]))

    def set_title(self, id: str, title: str) -> None:  # noqa: A002  # as above
        """Change the title of an action to what it would do now."""
        action = self._actions[id]
        action.setText(title.replace("&", "&&"))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(plain_tip(f"{title}  ({keys})" if keys else title))

    def add_keys_to(self, widget: QWidget) -> None:
        """Make the one-letter keys work while `widget` has the focus."""
        for record in ACTIONS:
            if record.shortcut and not works_everywhere(record.shortcut):
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
                below = menu.addMenu(title)
                below.menuAction().setObjectName(name)
                self._fill(below, inside, job_ids)
            elif name:
                self._add_entry(menu, ACTIONS_BY_ID[name], job_ids)
            else:
                menu.addSeparator()

    def _add_entry(self, menu: QMenu, record: UserAction, job_ids: tuple[str, ...]) -> None:
        entry = menu.addAction(self._actions[record.id].icon(), record.title)
        entry.setObjectName(record.id)
        entry.setShortcut(QKeySequence(record.shortcut))
        entry.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        entry.triggered.connect(partial(self.run, record.id, job_ids))

    def _made(self, record: UserAction) -> QAction:
        action = QAction(record.title, self)
        action.setObjectName(record.id)
        keys = QKeySequence(record.shortcut)
        action.setShortcuts([keys, QKeySequence(record.also)] if record.also else [keys])
        context = Qt.ShortcutContext
        action.setShortcutContext(
            context.WindowShortcut if works_everywhere(record.shortcut) else context.WidgetShortcut,
        )
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(plain_tip(f"{record.title}  ({shown})" if shown else record.title))
        action.triggered.connect(self._on_action_triggered)
        return action

    def _enabled(self, record: UserAction) -> bool:
        if record.id in self._blocked:
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
