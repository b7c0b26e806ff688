"""What the actions of the user do, as data: whoever carries one out matches it, and mypy finds a forgotten one.

The value of each member is the id of its action.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

from engine.host.commands import EngineCommand, JobsCommand
from gui.translation import translatable


class MakesCommand(Protocol):
    """Makes the command of an action, once its jobs are known."""

    def __call__(self, *, job_ids: Sequence[str]) -> JobsCommand:
        """The command on these jobs."""


@dataclass(frozen=True)
class SendCommand:
    """Send a complete command to the engine."""

    command: EngineCommand


@dataclass(frozen=True)
class SendForJobs:
    """Send a command that needs nothing but its jobs."""

    make: MakesCommand


class AskFirst(StrEnum):
    """Ask the user for what a command on jobs needs besides its jobs, then send it."""

    CANCEL = "cancel"
    RELEASE = "release"
    RETRY_WITH = "retry_with"
    FOLLOW_UP = "follow-up"
    PRIORITY = "priority"
    EDIT = "edit_job"
    NOTE = "note"
    LABEL = "label"


class ShowJobs(StrEnum):
    """Show a part of the jobs."""

    DETAILS = "show_details"
    LOG = "show_log"
    DIFF = "show_diff"
    REVIEW = "show_review"
    CHECK_LOG = "show_check_log"
    COMPARE = "compare_attempts"
    ALARM_LINE = "show_alarm_line"


class WorkAction(StrEnum):
    """Decide on the finished work that the jobs belong to."""

    RESTORE = "restore_work"


class RefusalAction(StrEnum):
    """What is done with the files that the inbox has refused; the jobs of the action are their names."""

    OPEN = "open_refused"
    DISMISS = "dismiss_refused"


class MissedRunAction(StrEnum):
    """What is done with recurring runs that were missed; the jobs of the action are their names."""

    RUN = "run_missed"
    DISMISS = "dismiss_missed"
    EDIT = "edit_recurring"


class DesktopAction(StrEnum):
    """Pass jobs to another program or to the clipboard."""

    OPEN_EDITOR = "open_editor"
    OPEN_TERMINAL = "open_terminal"
    COPY_ID = "copy_id"
    COPY_COMMAND = "copy_command"


@dataclass(frozen=True)
class SetTheme:
    """Switch to a theme, or follow the one of the system."""

    preference: Literal["system", "dark", "light"]


@dataclass(frozen=True)
class ShowPanel:
    """Show and focus a panel."""

    name: Literal["dashboard", "radar", "logs", "workstreams", "review", "night", "jobs"]


class LogAction(StrEnum):
    """Move in the Logs; the panel carries it out itself."""

    NEXT_MATCH = "next_match"
    PREVIOUS_MATCH = "previous_match"
    NEXT_ERROR = "next_error"
    PREVIOUS_ERROR = "previous_error"
    FOLLOW = "follow"
    TOGGLE_MARK = "toggle_mark"
    NEXT_MARK = "next_mark"
    PREVIOUS_MARK = "previous_mark"
    FILTER_SETS = "filter_sets"


class ReviewAction(StrEnum):
    """Move in a review and decide on it; the panel carries it out itself."""

    NEXT_HUNK = "next_hunk"
    PREVIOUS_HUNK = "previous_hunk"
    NEXT_FILE = "next_file"
    PREVIOUS_FILE = "previous_file"
    NEXT_COMMENT = "next_comment"
    PREVIOUS_COMMENT = "previous_comment"
    COMMENT = "comment_on_line"
    SETTLE = "settle_comment"
    VIEWED = "mark_viewed"
    UNIFIED = "unified"
    WHOLE = "whole_change"
    WHITESPACE = "ignore_whitespace"
    APPROVE = "approve"
    SEND_BACK = "review_send_back"
    DISCARD = "discard"
    MERGE_QUEUE = "merge_queue"
    NEXT_REVIEW = "next_review"
    PREVIOUS_REVIEW = "previous_review"


class TextSize(StrEnum):
    """Change the size of all text."""

    LARGER = "text_larger"
    SMALLER = "text_smaller"
    USUAL = "text_usual"


class WindowAction(StrEnum):
    """What the window itself does."""

    UNDO = "undo"
    REDO = "redo"
    OPEN_PALETTE = "palette"
    OPEN_DETAILS = "panel_details"
    DOCK_DETAILS = "dock_details"
    NEXT_REGION = "next_region"
    PREVIOUS_REGION = "previous_region"
    RESET_LAYOUT = "reset_layout"
    FILL = "fill_window"
    CLEAR_FILTER = "clear_filter"
    COMMAND_STRIP = "command_strip"


class RoomAction(StrEnum):
    """What needs the whole control room: the engine, the panels together, the end."""

    START_ENGINE = "start_engine"
    TRY_DEMO = "try_demo"
    SHOW_HOME = "show_home"
    FIND = "find"
    SELECT_ALL = "select_all"
    OBSERVE = "observe"
    LAYOUTS = "layouts"
    QUIT = "quit"


class MaintenanceAction(StrEnum):
    """Backups, history and grants."""

    BACKUP = "backup"
    RESTORE = "restore"
    PRUNE = "prune"
    EXPORT_RUN = "export_run"
    IMPORT_RUN = "import_run"
    GRANTS = "trusted"


class SheetAction(StrEnum):
    """Open a sheet or a file dialog."""

    ADD_JOBS = "add_jobs"
    OPEN_FILES = "open_files"
    NEW_JOB = "new_job"
    NEW_PIPELINE = "new_pipeline"
    NEW_FROM_TEMPLATE = "new_from_template"
    RECURRING_RUNS = "recurring_runs"
    SETTINGS = "settings"
    LIMITS = "limits"
    SHORTCUTS = "shortcuts"
    JOB_FILE_HELP = "job_file_help"
    SUPPORT_BUNDLE = "support_bundle"
    WELCOME = "welcome"
    ABOUT = "about"


NamedEffect = (
    AskFirst
    | ShowJobs
    | WorkAction
    | RefusalAction
    | MissedRunAction
    | DesktopAction
    | LogAction
    | ReviewAction
    | TextSize
    | WindowAction
    | RoomAction
    | MaintenanceAction
    | SheetAction
)
"""An effect that belongs to one action alone, and has its id."""

Effect = NamedEffect | SendCommand | SendForJobs | SetTheme | ShowPanel

OBSERVING = translatable("This window only observes; Engine > Send commands again changes that.")
"""Why an action cannot be used in a window that only observes."""

_CHANGES = frozenset(
    {
        RefusalAction.DISMISS,
        MissedRunAction.RUN,
        MissedRunAction.DISMISS,
        WindowAction.UNDO,
        WindowAction.REDO,
        SheetAction.ADD_JOBS,
        SheetAction.OPEN_FILES,
        SheetAction.NEW_JOB,
        SheetAction.NEW_PIPELINE,
        SheetAction.NEW_FROM_TEMPLATE,
        MaintenanceAction.RESTORE,
        MaintenanceAction.PRUNE,
        MaintenanceAction.IMPORT_RUN,
        RoomAction.START_ENGINE,
        RoomAction.TRY_DEMO,
        ReviewAction.COMMENT,
        ReviewAction.SETTLE,
        ReviewAction.VIEWED,
        ReviewAction.APPROVE,
        ReviewAction.SEND_BACK,
        ReviewAction.DISCARD,
    }
)


def only_changes(effect: Effect) -> bool:
    """Whether an action is of no use to who only observes: all it does is to change something."""
    if isinstance(effect, SendCommand | SendForJobs | AskFirst | WorkAction):
        return True
    return isinstance(effect, StrEnum) and effect in _CHANGES


def works_over_sheets(effect: Effect) -> bool:
    """Whether the key of an action works while a sheet is open: it concerns the sheet, too, or the whole program."""
    return isinstance(effect, TextSize | SetTheme) or effect in {RoomAction.QUIT, SheetAction.SHORTCUTS}
