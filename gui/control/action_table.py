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
    Drain,
    EditJob,
    EngineCommand,
    FollowUpJobs,
    HoldJobs,
    LabelJobs,
    MoveInQueue,
    Pause,
    ReleaseJobs,
    Resume,
    RetryJobs,
    SetNote,
    SetPriority,
    SkipJobs,
)
from engine.host.host_commands import DismissMissedRuns, DismissRefusals, RunRecurringRuns
from engine.types import QueuePosition
from gui.control.action_effects import (
    AskFirst,
    DesktopAction,
    Effect,
    LogAction,
    MaintenanceAction,
    MakesCommand,
    MissedRunAction,
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
from gui.translation import tr, translatable
from state.command_table import JobCommand

Needs = Literal["nothing", "run", "workstream", "job"]


KeyPlace = Literal["jobs", "review"]
"""Where a plain key works: in lists of jobs, or in the review."""


@dataclass(frozen=True)
class UserAction:
    """One action a user can request.

    `caption` is its title in English, `effect` what it does. `needs` is what must be selected first; a workstream
    stands for its jobs. `danger` marks what cannot be undone. A shortcut that is a plain key works only where a list,
    board or radar has the focus. `also` is a second key that users know from other programs. `kind` is that of the
    engine command it ends in, if any. `place` is where its key works, if that is a plain one.
    """

    id: str
    caption: str
    effect: Effect
    shortcut: str = ""
    icon: str = ""
    needs: Needs = "nothing"
    danger: bool = False
    also: str = ""
    kind: CommandKind | None = None
    place: KeyPlace = "jobs"

    @property
    def title(self) -> str:
        """Its words on menus, in the language of the window."""
        return tr(self.caption)

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
    _named(SheetAction.ADD_JOBS, translatable("Add jobs…"), "Ctrl+O", "add"),
    _named(SheetAction.OPEN_FILES, translatable("Open a folder of jobs…"), "Ctrl+Shift+O", "folder"),
    _named(SheetAction.NEW_JOB, translatable("New job…"), "Ctrl+N", "file"),
    _named(SheetAction.NEW_PIPELINE, translatable("New pipeline…"), "Ctrl+Alt+N", "kanban"),
    _named(SheetAction.NEW_FROM_TEMPLATE, translatable("New from template…"), "Ctrl+Shift+N", "file"),
    _named(SheetAction.RECURRING_RUNS, translatable("Recurring runs…"), "", "retry"),
    _named(RoomAction.SHOW_HOME, translatable("Show the data folder"), "", "folder"),
    _named(RefusalAction.OPEN, translatable("Show the files refused from the inbox"), "", "folder"),
    _named(RefusalAction.DISMISS, DismissRefusals.kind.title, "", "close"),
    _named(MissedRunAction.RUN, RunRecurringRuns.kind.title, "", "retry"),
    _named(MissedRunAction.DISMISS, DismissMissedRuns.kind.title, "", "close"),
    _named(MissedRunAction.EDIT, translatable("Show a recurring run"), "", "retry"),
    _named(SheetAction.SETTINGS, translatable("Settings…"), "Ctrl+,", "settings"),
    _named(MaintenanceAction.BACKUP, translatable("Back up now"), "Ctrl+B", "copy"),
    _named(MaintenanceAction.RESTORE, translatable("Restore backup…"), "Ctrl+Shift+B"),
    _named(MaintenanceAction.PRUNE, translatable("Prune history…"), "Ctrl+Shift+Del"),
    _named(MaintenanceAction.EXPORT_RUN, translatable("Export run…"), "Ctrl+E", "open"),
    _named(MaintenanceAction.IMPORT_RUN, translatable("Import run…"), "Ctrl+Shift+E", "inbox"),
    _named(MaintenanceAction.GRANTS, translatable("Grants…"), "Ctrl+T", "trust"),
    _named(RoomAction.QUIT, translatable("Quit"), "Ctrl+Q", "close"),
    _named(WindowAction.UNDO, translatable("Undo"), "Ctrl+Z"),
    _named(WindowAction.REDO, translatable("Redo"), "Ctrl+Shift+Z", also="Ctrl+Y"),
    _named(RoomAction.SELECT_ALL, translatable("Select all that match"), "Ctrl+Shift+A"),
    _named(RoomAction.FIND, translatable("Find in the panel"), "Ctrl+F", "search"),
    _named(DesktopAction.COPY_ID, translatable("Copy job id"), "Ctrl+Shift+C", "copy", "job"),
    _named(DesktopAction.COPY_COMMAND, translatable("Copy command line"), "Ctrl+Alt+C", "copy", "job"),
    _named(WindowAction.OPEN_PALETTE, translatable("Find a job, file or command"), "Ctrl+K", "search"),
    UserAction("panel_dashboard", translatable("Dashboard"), ShowPanel("dashboard"), "Ctrl+1", "dashboard"),
    UserAction("panel_radar", translatable("Pipeline Radar"), ShowPanel("radar"), "Ctrl+2", "radar"),
    UserAction("panel_logs", translatable("Logs"), ShowPanel("logs"), "Ctrl+3", "logs"),
    UserAction(
        "panel_workstreams", translatable("Workstreams"), ShowPanel("workstreams"), "Ctrl+4", "kanban"
    ),
    _named(WindowAction.OPEN_DETAILS, translatable("Job details"), "Ctrl+5", "file"),
    UserAction("panel_review", translatable("Review"), ShowPanel("review"), "Ctrl+6", "review"),
    UserAction("panel_night", translatable("Night"), ShowPanel("night"), "Ctrl+7", "timeline"),
    _named(WindowAction.DOCK_DETAILS, translatable("Job details: beside or over the panels"), "", "table"),
    UserAction("panel_jobs", translatable("Jobs"), ShowPanel("jobs"), "Ctrl+8", "table"),
    _named(WindowAction.FILL, translatable("Panel in the whole window"), "F11", "float"),
    _named(WindowAction.NEXT_REGION, translatable("Next panel"), "F6", "chevr"),
    _named(WindowAction.PREVIOUS_REGION, translatable("Previous panel"), "Shift+F6", "chevr"),
    _named(RoomAction.LAYOUTS, translatable("Layouts…"), "Ctrl+Shift+Y", "dashboard"),
    _named(WindowAction.RESET_LAYOUT, translatable("Reset layout"), "", "dashboard"),
    UserAction("theme_system", translatable("Theme: follow the system"), SetTheme("system"), "", "moon"),
    UserAction("theme_dark", translatable("Theme: dark"), SetTheme("dark"), "", "moon"),
    UserAction("theme_light", translatable("Theme: light"), SetTheme("light"), "", "moon"),
    _named(TextSize.LARGER, translatable("Larger text"), "Ctrl++", "add", also="Ctrl+="),
    _named(TextSize.SMALLER, translatable("Smaller text"), "Ctrl+-"),
    _named(TextSize.USUAL, translatable("Usual text size"), "Ctrl+0"),
    _named(
        WindowAction.COMMAND_STRIP, translatable("Command line of what you did: show or hide"), "", "logs"
    ),
    _named(WindowAction.CLEAR_FILTER, translatable("Clear the filter"), "", "filter"),
    _named(ShowJobs.DETAILS, translatable("Show details"), "Return", "note", "job"),
    _named(ShowJobs.LOG, translatable("Show log"), "L", "logs", "job"),
    _named(ShowJobs.DIFF, translatable("Show diff"), "D", "diff", "job"),
    _named(ShowJobs.REVIEW, translatable("Show review"), "", "review", "job"),
    _named(ShowJobs.CHECK_LOG, translatable("Show the log of the check"), "", "logs", "job"),
    _named(ShowJobs.ALARM_LINE, translatable("Show the line of the alarm"), "", "logs", "job"),
    _named(ShowJobs.COMPARE, translatable("Compare attempts…"), "", "diff", "job"),
    _named(WorkAction.RESTORE, translatable("Restore discarded work"), "", "retry", "job"),
    _on_jobs("hold", HoldJobs.kind, HoldJobs, "H", "hold"),
    _asks(AskFirst.RELEASE, ReleaseJobs.kind, "Shift+H", "release"),
    _on_jobs("retry", RetryJobs.kind, RetryJobs, "R", "retry"),
    _on_jobs(
        "retry_dependents",
        RetryJobs.kind,
        partial(RetryJobs, dependents=True),
        "Shift+R",
        "retry",
        title=translatable("Retry with all that depends on it"),
    ),
    _asks(
        AskFirst.RETRY_WITH,
        RetryJobs.kind,
        "Shift+T",
        "escalate",
        title=translatable("Retry with another tool…"),
    ),
    _asks(AskFirst.FOLLOW_UP, FollowUpJobs.kind, "S", "note"),
    _on_jobs("skip", SkipJobs.kind, SkipJobs, "A", "skip"),
    _asks(AskFirst.PRIORITY, SetPriority.kind, "P"),
    _move("top", translatable("Move to the top"), "Alt+Home"),
    _move("up", translatable("Move up"), "Alt+Up"),
    _move("down", translatable("Move down"), "Alt+Down"),
    _move("bottom", translatable("Move to the bottom"), "Alt+End"),
    _asks(AskFirst.NOTE, SetNote.kind, "N", "note"),
    _asks(AskFirst.LABEL, LabelJobs.kind, "G", "label"),
    _asks(AskFirst.EDIT, EditJob.kind, "F2", "file"),
    _asks(AskFirst.CANCEL, CancelJobs.kind, "Del", "stop", danger=True),
    _named(DesktopAction.OPEN_EDITOR, translatable("Open in editor"), "E", "open", "job"),
    _named(DesktopAction.OPEN_TERMINAL, translatable("Open in terminal"), "T", "open", "job"),
    _named(LogAction.NEXT_MATCH, translatable("Next match in the log"), "F3", "search"),
    _named(LogAction.PREVIOUS_MATCH, translatable("Previous match in the log"), "Shift+F3", "search"),
    _named(LogAction.NEXT_ERROR, translatable("Next error"), "F8", "nexterr"),
    _named(LogAction.PREVIOUS_ERROR, translatable("Previous error"), "Shift+F8", "nexterr"),
    _named(LogAction.FOLLOW, translatable("Follow the end"), "End", "follow"),
    _named(LogAction.TOGGLE_MARK, translatable("Mark the line of the log"), "Ctrl+F7", "label"),
    _named(LogAction.NEXT_MARK, translatable("Next marked line"), "F7", "label"),
    _named(LogAction.PREVIOUS_MARK, translatable("Previous marked line"), "Shift+F7", "label"),
    _named(LogAction.FILTER_SETS, translatable("Filter sets and alarms…"), "Ctrl+Alt+F", "filter"),
    _in_review(ReviewAction.NEXT_HUNK, translatable("Next hunk"), "J"),
    _in_review(ReviewAction.PREVIOUS_HUNK, translatable("Previous hunk"), "K"),
    _in_review(ReviewAction.NEXT_FILE, translatable("Next file"), "N", "file"),
    _in_review(ReviewAction.PREVIOUS_FILE, translatable("Previous file"), "P", "file"),
    _in_review(ReviewAction.NEXT_COMMENT, translatable("Next comment"), "Shift+J", "note"),
    _in_review(ReviewAction.PREVIOUS_COMMENT, translatable("Previous comment"), "Shift+K", "note"),
    _in_review(ReviewAction.NEXT_REVIEW, translatable("Next review"), "Alt+PgDown", "review"),
    _in_review(ReviewAction.PREVIOUS_REVIEW, translatable("Previous review"), "Alt+PgUp", "review"),
    _in_review(ReviewAction.COMMENT, translatable("Comment on the line"), "C", "note"),
    _in_review(ReviewAction.SETTLE, translatable("Settle the comment, or open it again"), "Shift+C", "note"),
    _in_review(ReviewAction.VIEWED, translatable("Mark the file as viewed"), "V", "include"),
    _in_review(ReviewAction.UNIFIED, translatable("Side by side or unified"), "U", "diff"),
    _in_review(ReviewAction.WHOLE, translatable("Since last review or whole change"), "X", "diff"),
    _in_review(ReviewAction.WHITESPACE, translatable("Ignore changes of white space"), "W"),
    _in_review(ReviewAction.APPROVE, translatable("Approve and merge"), "A", "merge"),
    _in_review(ReviewAction.SEND_BACK, translatable("Send back with the comments…"), "S", "retry"),
    _in_review(ReviewAction.DISCARD, translatable("Discard the work…"), "Shift+D", "cancel"),
    _in_review(ReviewAction.MERGE_QUEUE, translatable("Show the merge queue"), "Q", "merge"),
    _on_engine(Pause(), "Ctrl+P", "pause"),
    _on_engine(Drain(), "Ctrl+D", "pause"),
    _on_engine(Resume(), "Ctrl+Shift+P", "play"),
    _named(SheetAction.LIMITS, translatable("Limits and holds…"), "Ctrl+L", "settings"),
    _named(RoomAction.OBSERVE, translatable("Only observe: send no commands"), "Ctrl+Shift+L", "hold"),
    _named(RoomAction.START_ENGINE, translatable("Start the engine again"), "", "play"),
    _named(RoomAction.TRY_DEMO, translatable("Try the demo"), "", "play"),
    _named(SheetAction.WELCOME, translatable("Welcome"), "", "play"),
    _named(SheetAction.SHORTCUTS, translatable("Keyboard shortcuts"), "?", "search", also="F1"),
    _named(SheetAction.JOB_FILE_HELP, translatable("The job file"), "", "file"),
    _named(SheetAction.SUPPORT_BUNDLE, translatable("Support bundle…"), "", "inbox"),
    _named(SheetAction.ABOUT, translatable("About Signalbox"), "", "note"),
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
    "show_alarm_line",
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
    "note",
    "label",
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
        translatable("Queue position"),
        ("priority", "", "move_top", "move_up", "move_down", "move_bottom"),
    ),
    "log_menu": (
        translatable("Log"),
        (
            "next_match",
            "previous_match",
            "",
            "next_error",
            "previous_error",
            "follow",
            "",
            "toggle_mark",
            "next_mark",
            "previous_mark",
            "",
            "filter_sets",
        ),
    ),
    "history_menu": (translatable("Backups and history"), ("backup", "restore", "", "prune")),
}
"""Submenus: their ids, titles and entries."""


def works_everywhere(shortcut: str) -> bool:
    """Whether the key works in the whole window: plain letters and ``?`` belong to text fields."""
    return (
        shortcut == "?"
        or any(part in shortcut for part in ("Ctrl+", "Alt+"))
        or shortcut.rsplit("+", 1)[-1].startswith("F")
    )
