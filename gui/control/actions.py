"""Every command of the user as one record, and the QAction made from it; carries out nothing.

Menus, buttons, the command palette and tool tips are all made from `COMMANDS`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from gui.data.selection import Selection
from gui.theme.theme import Theme
from gui.widgets.label import plain_tip

Needs = Literal["nothing", "run", "workstream", "job"]


@dataclass(frozen=True)
class Command:
    """One thing a user can ask for.

    `needs` is what must be chosen first; a workstream stands for its jobs. `danger` marks what cannot be
    taken back. A shortcut that is a plain key works only where a list, board or radar has the focus. `also` is
    a second key for what other programs have taught the hand.
    """

    id: str
    title: str
    shortcut: str = ""
    icon: str = ""
    needs: Needs = "nothing"
    danger: bool = False
    also: str = ""


COMMANDS: tuple[Command, ...] = (
    Command("add_jobs", "Add jobs…", "Ctrl+O", "add"),
    Command("open_files", "Open a folder of jobs…", "Ctrl+Shift+O", "folder"),
    Command("new_job", "New job…", "Ctrl+N", "file"),
    Command("show_home", "Show the data folder", "", "folder"),
    Command("settings", "Settings…", "Ctrl+,", "settings"),
    Command("backup", "Back up now", "Ctrl+B", "copy"),
    Command("restore", "Put a backup in place…", "Ctrl+Shift+B"),
    Command("prune", "Take old history away…", "Ctrl+Shift+Del"),
    Command("export_run", "Write a run out…", "Ctrl+E", "open"),
    Command("import_run", "Take a run in…", "Ctrl+Shift+E", "inbox"),
    Command("trusted", "What is trusted…", "Ctrl+T", "trust"),
    Command("quit", "Quit", "Ctrl+Q", "close"),
    Command("undo", "Undo", "Ctrl+Z"),
    Command("redo", "Redo", "Ctrl+Shift+Z", also="Ctrl+Y"),
    Command("select_all", "Select all that match", "Ctrl+Shift+A"),
    Command("find", "Find in the panel", "Ctrl+F", "search"),
    Command("copy_id", "Copy job id", "Ctrl+Shift+C", "copy", "job"),
    Command("copy_command", "Copy command line", "Ctrl+Alt+C", "copy", "job"),
    Command("palette", "Find a job, file or command", "Ctrl+K", "search"),
    Command("panel_dashboard", "Dashboard", "Ctrl+1", "dashboard"),
    Command("panel_radar", "Pipeline Radar", "Ctrl+2", "radar"),
    Command("panel_logs", "Logs", "Ctrl+3", "logs"),
    Command("panel_workstreams", "Workstreams", "Ctrl+4", "kanban"),
    Command("panel_details", "Job details", "Ctrl+5", "file"),
    Command("next_region", "Next panel", "F6", "chevr"),
    Command("previous_region", "Previous panel", "Shift+F6", "chevr"),
    Command("reset_layout", "Reset layout", "", "dashboard"),
    Command("theme_system", "Theme: as the system", "", "moon"),
    Command("theme_dark", "Theme: dark", "", "moon"),
    Command("theme_light", "Theme: light", "", "moon"),
    Command("clear_filter", "Show all states", "", "filter"),
    Command("show_details", "Show details", "Return", "note", "job"),
    Command("show_log", "Show log", "L", "logs", "job"),
    Command("show_diff", "Show diff", "D", "diff", "job"),
    Command("hold", "Hold", "H", "hold", "job"),
    Command("release", "Release", "Shift+H", "release", "job"),
    Command("retry", "Retry", "R", "retry", "job"),
    Command("retry_dependents", "Retry with all that depends on it", "Shift+R", "retry", "job"),
    Command("retry_with", "Retry with another tool…", "Shift+T", "escalate", "job"),
    Command("skip", "Accept as is", "A", "skip", "job"),
    Command("priority", "Change priority…", "P", "", "job"),
    Command("move_top", "Move to the top", "Alt+Home", "", "job"),
    Command("move_up", "Move up", "Alt+Up", "", "job"),
    Command("move_down", "Move down", "Alt+Down", "", "job"),
    Command("move_bottom", "Move to the bottom", "Alt+End", "", "job"),
    Command("edit_job", "Edit what it says…", "F2", "file", "job"),
    Command("cancel", "Cancel…", "Del", "stop", "job", danger=True),
    Command("open_editor", "Open in editor", "E", "open", "job"),
    Command("open_terminal", "Open in terminal", "T", "open", "job"),
    Command("next_match", "Next match in the log", "F3", "search"),
    Command("previous_match", "Previous match in the log", "Shift+F3", "search"),
    Command("next_error", "Next error", "F8", "nexterr"),
    Command("previous_error", "Previous error", "Shift+F8", "nexterr"),
    Command("follow", "Follow the end", "End", "follow"),
    Command("pause", "Pause: start nothing new", "Ctrl+P", "pause"),
    Command("drain", "Drain: let what runs end", "Ctrl+D", "pause"),
    Command("resume", "Resume", "Ctrl+Shift+P", "play"),
    Command("limits", "Limits and stop signs…", "Ctrl+L", "settings"),
    Command("start_engine", "Start the engine again", "", "play"),
    Command("try_demo", "Try the demo", "", "play"),
    Command("about", "About Signalbox", "", "note"),
)

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
    "line_menu",
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
    "line_menu": (
        "Place in the line",
        ("priority", "", "move_top", "move_up", "move_down", "move_bottom"),
    ),
    "history_menu": ("Backups and history", ("backup", "restore", "", "prune")),
}
"""Menus in a menu: what stands for them, their titles and their entries."""


def works_everywhere(shortcut: str) -> bool:
    """Whether the key is free to work in the whole window: plain letters belong to whoever types."""
    return any(part in shortcut for part in ("Ctrl+", "Alt+")) or shortcut.rsplit("+", 1)[-1].startswith("F")


class Actions(QObject):
    """One QAction for each command.

    Signals:
        triggered: (command id, tuple of job ids, or None for the current selection)
    """

    triggered = Signal(str, object)

    def __init__(self, selection: Selection, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._selection, self._theme = selection, theme
        self._commands = {command.id: command for command in COMMANDS}
        self._actions = {command.id: self._made(command) for command in COMMANDS}
        self._blocked: set[str] = set()
        selection.changed.connect(self._on_selection_changed)
        theme.changed.connect(self._on_theme_changed)
        self._on_selection_changed()
        self._on_theme_changed()

    @property
    def selection(self) -> Selection:
        """What the commands are for where nothing else is named."""
        return self._selection

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def action(self, id: str) -> QAction:  # noqa: A002  # the command's id is what it is called everywhere
        """The QAction of a command.

        Raises:
            KeyError: there is no such command.
        """
        return self._actions[id]

    def command(self, id: str) -> Command:  # noqa: A002  # as above
        """The record of a command."""
        return self._commands[id]

    def run(self, id: str, job_ids: Sequence[str] = ()) -> None:  # noqa: A002  # as above
        """Ask for a command, on these jobs or on the current selection."""
        self.triggered.emit(self._commands[id].id, tuple(job_ids) or None)

    def set_possible(self, id: str, possible: bool) -> None:  # noqa: A002, FBT001  # a switch, like setEnabled
        """Say whether a command makes sense now, beside what must be chosen for it."""
        (self._blocked.discard if possible else self._blocked.add)(id)
        self._actions[id].setEnabled(self._enabled(self._commands[id]))

    def set_title(self, id: str, title: str) -> None:  # noqa: A002  # as above
        """Let a command say what it would do now."""
        action = self._actions[id]
        action.setText(title.replace("&", "&&"))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(plain_tip(f"{title}  ({keys})" if keys else title))

    def add_keys_to(self, widget: QWidget) -> None:
        """Let the one-letter keys work while `widget` has the focus."""
        for command in COMMANDS:
            if command.shortcut and not works_everywhere(command.shortcut):
                widget.addAction(self._actions[command.id])

    def menu_for_jobs(self, parent: QWidget, job_ids: Sequence[str]) -> QMenu:
        """The context menu of some jobs; its entries act on exactly these."""
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
                self._add_entry(menu, self._commands[name], job_ids)
            else:
                menu.addSeparator()

    def _add_entry(self, menu: QMenu, command: Command, job_ids: tuple[str, ...]) -> None:
        entry = menu.addAction(self._actions[command.id].icon(), command.title)
        entry.setObjectName(command.id)
        entry.setShortcut(QKeySequence(command.shortcut))
        entry.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        entry.triggered.connect(partial(self.run, command.id, job_ids))

    def _made(self, command: Command) -> QAction:
        action = QAction(command.title, self)
        action.setObjectName(command.id)
        keys = QKeySequence(command.shortcut)
        action.setShortcuts([keys, QKeySequence(command.also)] if command.also else [keys])
        context = Qt.ShortcutContext
        action.setShortcutContext(
            context.WindowShortcut if works_everywhere(command.shortcut) else context.WidgetShortcut,
        )
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(plain_tip(f"{command.title}  ({shown})" if shown else command.title))
        action.triggered.connect(self._on_action_triggered)
        return action

    def _enabled(self, command: Command) -> bool:
        if command.id in self._blocked:
            return False
        chosen = self._selection
        match command.needs:
            case "nothing":
                return True
            case "run":
                return chosen.run_id is not None
            case "workstream" | "job":
                return chosen.job_id is not None or chosen.workstream is not None

    @Slot()
    def _on_action_triggered(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.run(sender.objectName())

    @Slot()
    def _on_selection_changed(self) -> None:
        for command in COMMANDS:
            self._actions[command.id].setEnabled(self._enabled(command))

    @Slot()
    def _on_theme_changed(self) -> None:
        for command in COMMANDS:
            if command.icon:
                self._actions[command.id].setIcon(
                    self._theme.qicon(command.icon, "failed" if command.danger else "t2")
                )
