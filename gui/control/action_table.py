"""Every user action as one record. Carries out nothing.

Menus, buttons, the command palette and tool tips are all made from `ACTIONS`. What the engine knows of an action (its
title, the jobs it applies to, its undo) is part of the kind of its command.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from engine.host.command_kind import CommandKind
from engine.host.commands import (
    CancelJobs,
    DismissRefusals,
    Drain,
    EditJob,
    EngineCommand,
    FollowUpJobs,
    HoldJobs,
    MoveInQueue,
    Pause,
    ReleaseJobs,
    Resume,
    RetryJobs,
    SetPriority,
    SkipJobs,
)  # fmt: skip
from engine.types import QueuePosition
from gui.control.action_effects import (
    AskFirst,
    DesktopAction,
    Effect,
    LogAction,
    MaintenanceAction,
    MakesCommand,
    NamedEffect,
    RefusalAction,
    ReviewAction,
    RoomAction,
    SendCommand,
    SendForJobs,
    SetTheme,
    SheetAction,
    ShowJobs,
    ShowPanel,
    TextSize,
    WindowAction,
    WorkAction,
)
from state.command_table import JobCommand

Needs = Literal["nothing", "run", "workstream", "job"]


KeyPlace = Literal["jobs", "review"]
"""Where a plain key works: in lists of jobs, or in the review."""


@dataclass(frozen=True)
class UserAction:
    """One action a user can request.

    `effect` is what it does. `needs` is what must be selected first; a workstream stands for its jobs. `danger` marks
    what cannot be undone. A shortcut that is a plain key works only where a list, board or radar has the focus. `also`
    is a second key that users know from other programs. `kind` is that of the engine command it ends in, if any.
    `place` is where its key works, if that is a plain one.
    """

    id: str
    title: str
    effect: Effect
    shortcut: str = ""
    icon: str = ""
    needs: Needs = "nothing"
    danger: bool = False
    also: str = ""
    kind: CommandKind | None = None
    place: KeyPlace = "jobs"

    @property
    def job_command(self) -> JobCommand | None:
        """Its row in the table of commands and states; None if it does not change jobs."""
        return None if self.kind is None else self.kind.job_command


def _named(
    effect: NamedEffect,
    title: str,
    shortcut: str = "",
    icon: str = "",
    needs: Needs = "nothing",
    *,
    also: str = "",
) -> UserAction:
    """The one action with this effect."""
    return UserAction(effect.value, title, effect, shortcut, icon, needs, also=also)


def _in_review(effect: ReviewAction, title: str, shortcut: str = "", icon: str = "") -> UserAction:
    """An action of the review; its plain keys work there alone."""
    return UserAction(effect.value, title, effect, shortcut, icon, place="review")


def _on_jobs(
    id: str,  # noqa: A002  # an action's id is called `id` everywhere
    kind: CommandKind,
    make: MakesCommand,
    shortcut: str,
    icon: str = "",
    *,
    title: str = "",
) -> UserAction:
    """An action that sends a command on jobs; its title is that of its kind, unless given."""
    return UserAction(id, title or kind.title, SendForJobs(make), shortcut, icon, "job", kind=kind)


def _asks(
    effect: AskFirst,
    kind: CommandKind,
    shortcut: str,
    icon: str = "",
    *,
    title: str = "",
    danger: bool = False,
) -> UserAction:
    """An action that asks before it sends a command on jobs; its title is that of its kind, unless given."""
    return UserAction(effect.value, title or kind.title, effect, shortcut, icon, "job", danger, kind=kind)


def _on_engine(command: EngineCommand, shortcut: str, icon: str) -> UserAction:
    kind = command.kind
    return UserAction(kind.name, kind.title, SendCommand(command), shortcut, icon, kind=kind)


def _move(where: Literal["top", "up", "down", "bottom"], title: str, shortcut: str) -> UserAction:
    make = partial(MoveInQueue, position=QueuePosition(where=where))
    return _on_jobs(f"move_{where}", MoveInQueue.kind, make, shortcut, title=title)


ACTIONS: tuple[UserAction, ...] = (
    _named(SheetAction.ADD_JOBS, "Add jobs…", "Ctrl+O", "add"),
    _named(SheetAction.OPEN_FILES, "Open a folder of jobs…", "Ctrl+Shift+O", "folder"),
    _named(SheetAction.NEW_JOB, "New job…", "Ctrl+N", "file"),
    _named(SheetAction.NEW_PIPELINE, "New pipeline…", "Ctrl+Alt+N", "kanban"),
    _named(SheetAction.NEW_FROM_TEMPLATE, "New from template…", "Ctrl+Shift+N", "file"),
    _named(SheetAction.RECURRING_RUNS, "Recurring runs…", "", "retry"),
    _named(RoomAction.SHOW_HOME, "Show the data folder", "", "folder"),
    _named(RefusalAction.OPEN, "Show the files refused from the inbox", "", "folder"),
    _named(RefusalAction.DISMISS, DismissRefusals.kind.title, "", "close"),
    _named(SheetAction.SETTINGS, "Settings…", "Ctrl+,", "settings"),
    _named(MaintenanceAction.BACKUP, "Back up now", "Ctrl+B", "copy"),
    _named(MaintenanceAction.RESTORE, "Restore backup…", "Ctrl+Shift+B"),
    _named(MaintenanceAction.PRUNE, "Prune history…", "Ctrl+Shift+Del"),
    _named(MaintenanceAction.EXPORT_RUN, "Export run…", "Ctrl+E", "open"),
    _named(MaintenanceAction.IMPORT_RUN, "Import run…", "Ctrl+Shift+E", "inbox"),
    _named(MaintenanceAction.GRANTS, "Grants…", "Ctrl+T", "trust"),
    _named(RoomAction.QUIT, "Quit", "Ctrl+Q", "close"),
    _named(WindowAction.UNDO, "Undo", "Ctrl+Z"),
    _named(WindowAction.REDO, "Redo", "Ctrl+Shift+Z", also="Ctrl+Y"),
    _named(RoomAction.SELECT_ALL, "Select all that match", "Ctrl+Shift+A"),
    _named(RoomAction.FIND, "Find in the panel", "Ctrl+F", "search"),
    _named(DesktopAction.COPY_ID, "Copy job id", "Ctrl+Shift+C", "copy", "job"),
    _named(DesktopAction.COPY_COMMAND, "Copy command line", "Ctrl+Alt+C", "copy", "job"),
    _named(WindowAction.OPEN_PALETTE, "Find a job, file or command", "Ctrl+K", "search"),
    UserAction("panel_dashboard", "Dashboard", ShowPanel("dashboard"), "Ctrl+1", "dashboard"),
    UserAction("panel_radar", "Pipeline Radar", ShowPanel("radar"), "Ctrl+2", "radar"),
    UserAction("panel_logs", "Logs", ShowPanel("logs"), "Ctrl+3", "logs"),
    UserAction("panel_workstreams", "Workstreams", ShowPanel("workstreams"), "Ctrl+4", "kanban"),
    _named(WindowAction.OPEN_DETAILS, "Job details", "Ctrl+5", "file"),
    UserAction("panel_review", "Review", ShowPanel("review"), "Ctrl+6", "review"),
    UserAction("panel_night", "Night", ShowPanel("night"), "Ctrl+7", "timeline"),
    _named(WindowAction.DOCK_DETAILS, "Job details: beside or over the panels", "", "table"),
    UserAction("panel_jobs", "Jobs", ShowPanel("jobs"), "Ctrl+8", "table"),
    _named(WindowAction.FILL, "Panel in the whole window", "F11", "float"),
    _named(WindowAction.NEXT_REGION, "Next panel", "F6", "chevr"),
    _named(WindowAction.PREVIOUS_REGION, "Previous panel", "Shift+F6", "chevr"),
    _named(RoomAction.LAYOUTS, "Layouts…", "Ctrl+Shift+Y", "dashboard"),
    _named(WindowAction.RESET_LAYOUT, "Reset layout", "", "dashboard"),
    UserAction("theme_system", "Theme: follow the system", SetTheme("system"), "", "moon"),
    UserAction("theme_dark", "Theme: dark", SetTheme("dark"), "", "moon"),
    UserAction("theme_light", "Theme: light", SetTheme("light"), "", "moon"),
    _named(TextSize.LARGER, "Larger text", "Ctrl++", "add", also="Ctrl+="),
    _named(TextSize.SMALLER, "Smaller text", "Ctrl+-"),
    _named(TextSize.USUAL, "Usual text size", "Ctrl+0"),
    _named(WindowAction.COMMAND_STRIP, "Command line of what you did: show or hide", "", "logs"),
    _named(WindowAction.CLEAR_FILTER, "Clear the filter", "", "filter"),
    _named(ShowJobs.DETAILS, "Show details", "Return", "note", "job"),
    _named(ShowJobs.LOG, "Show log", "L", "logs", "job"),
    _named(ShowJobs.DIFF, "Show diff", "D", "diff", "job"),
    _named(ShowJobs.REVIEW, "Show review", "", "review", "job"),
    _named(ShowJobs.CHECK_LOG, "Show the log of the check", "", "logs", "job"),
    _named(ShowJobs.COMPARE, "Compare attempts…", "", "diff", "job"),
    _named(WorkAction.RESTORE, "Restore discarded work", "", "retry", "job"),
    _on_jobs("hold", HoldJobs.kind, HoldJobs, "H", "hold"),
    _asks(AskFirst.RELEASE, ReleaseJobs.kind, "Shift+H", "release"),
    _on_jobs("retry", RetryJobs.kind, RetryJobs, "R", "retry"),
    _on_jobs(
        "retry_dependents",
        RetryJobs.kind,
        partial(RetryJobs, dependents=True),
        "Shift+R",
        "retry",
        title="Retry with all that depends on it",
    ),
    _asks(AskFirst.RETRY_WITH, RetryJobs.kind, "Shift+T", "escalate", title="Retry with another tool…"),
    _asks(AskFirst.FOLLOW_UP, FollowUpJobs.kind, "S", "note"),
    _on_jobs("skip", SkipJobs.kind, SkipJobs, "A", "skip"),
    _asks(AskFirst.PRIORITY, SetPriority.kind, "P"),
    _move("top", "Move to the top", "Alt+Home"),
    _move("up", "Move up", "Alt+Up"),
    _move("down", "Move down", "Alt+Down"),
    _move("bottom", "Move to the bottom", "Alt+End"),
    _asks(AskFirst.EDIT, EditJob.kind, "F2", "file"),
    _asks(AskFirst.CANCEL, CancelJobs.kind, "Del", "stop", danger=True),
    _named(DesktopAction.OPEN_EDITOR, "Open in editor", "E", "open", "job"),
    _named(DesktopAction.OPEN_TERMINAL, "Open in terminal", "T", "open", "job"),
    _named(LogAction.NEXT_MATCH, "Next match in the log", "F3", "search"),
    _named(LogAction.PREVIOUS_MATCH, "Previous match in the log", "Shift+F3", "search"),
    _named(LogAction.NEXT_ERROR, "Next error", "F8", "nexterr"),
    _named(LogAction.PREVIOUS_ERROR, "Previous error", "Shift+F8", "nexterr"),
    _named(LogAction.FOLLOW, "Follow the end", "End", "follow"),
    _named(LogAction.TOGGLE_MARK, "Mark the line of the log", "Ctrl+F7", "label"),
    _named(LogAction.NEXT_MARK, "Next marked line", "F7", "label"),
    _named(LogAction.PREVIOUS_MARK, "Previous marked line", "Shift+F7", "label"),
    _named(LogAction.FILTER_SETS, "Filter sets and alarms…", "Ctrl+Alt+F", "filter"),
    _in_review(ReviewAction.NEXT_HUNK, "Next hunk", "J"),
    _in_review(ReviewAction.PREVIOUS_HUNK, "Previous hunk", "K"),
    _in_review(ReviewAction.NEXT_FILE, "Next file", "N", "file"),
    _in_review(ReviewAction.PREVIOUS_FILE, "Previous file", "P", "file"),
    _in_review(ReviewAction.NEXT_COMMENT, "Next comment", "Shift+J", "note"),
    _in_review(ReviewAction.PREVIOUS_COMMENT, "Previous comment", "Shift+K", "note"),
    _in_review(ReviewAction.NEXT_REVIEW, "Next review", "Alt+PgDown", "review"),
    _in_review(ReviewAction.PREVIOUS_REVIEW, "Previous review", "Alt+PgUp", "review"),
    _in_review(ReviewAction.COMMENT, "Comment on the line", "C", "note"),
    _in_review(ReviewAction.SETTLE, "Settle the comment, or open it again", "Shift+C", "note"),
    _in_review(ReviewAction.VIEWED, "Mark the file as viewed", "V", "include"),
    _in_review(ReviewAction.UNIFIED, "Side by side or unified", "U", "diff"),
    _in_review(ReviewAction.WHOLE, "Since last review or whole change", "X", "diff"),
    _in_review(ReviewAction.WHITESPACE, "Ignore changes of white space", "W"),
    _in_review(ReviewAction.APPROVE, "Approve and merge", "A", "merge"),
    _in_review(ReviewAction.SEND_BACK, "Send back with the comments…", "S", "retry"),
    _in_review(ReviewAction.DISCARD, "Discard the work…", "Shift+D", "cancel"),
    _in_review(ReviewAction.MERGE_QUEUE, "Show the merge queue", "Q", "merge"),
    _on_engine(Pause(), "Ctrl+P", "pause"),
    _on_engine(Drain(), "Ctrl+D", "pause"),
    _on_engine(Resume(), "Ctrl+Shift+P", "play"),
    _named(SheetAction.LIMITS, "Limits and holds…", "Ctrl+L", "settings"),
    _named(RoomAction.OBSERVE, "Only observe: send no commands", "Ctrl+Shift+L", "hold"),
    _named(RoomAction.START_ENGINE, "Start the engine again", "", "play"),
    _named(RoomAction.TRY_DEMO, "Try the demo", "", "play"),
    _named(SheetAction.WELCOME, "Welcome", "", "play"),
    _named(SheetAction.SHORTCUTS, "Keyboard shortcuts", "?", "search", also="F1"),
    _named(SheetAction.JOB_FILE_HELP, "The job file", "", "file"),
    _named(SheetAction.SUPPORT_BUNDLE, "Support bundle…", "", "inbox"),
    _named(SheetAction.ABOUT, "About Signalbox", "", "note"),
)


ACTIONS_BY_ID: Mapping[str, UserAction] = {action.id: action for action in ACTIONS}


REVIEW_MENU: tuple[str, ...] = (
    "next_review",
    "previous_review",
    "",
    "next_hunk",
    "previous_hunk",
    "next_file",
    "previous_file",
    "next_comment",
    "previous_comment",
    "",
    "unified",
    "whole_change",
    "ignore_whitespace",
    "mark_viewed",
    "comment_on_line",
    "settle_comment",
    "",
    "approve",
    "review_send_back",
    "discard",
    "restore_work",
    "",
    "merge_queue",
)


JOB_MENU: tuple[str, ...] = (
    "show_details",
    "show_log",
    "show_diff",
    "show_review",
    "show_check_log",
    "compare_attempts",
    "",
    "hold",
    "release",
    "retry",
    "retry_dependents",
    "retry_with",
    "follow-up",
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
    """Whether the key works in the whole window: plain letters and ``?`` belong to text fields."""
    return (
        shortcut == "?"
        or any(part in shortcut for part in ("Ctrl+", "Alt+"))
        or shortcut.rsplit("+", 1)[-1].startswith("F")
    )
