"""Which action of the window has an equal on the command line, and when it is shown. Shows and runs nothing.

A line is shown once its work is done: that of an engine command when its answer comes (`engine.host.command_words`),
that of maintenance and sheets when they report it, that of what only shows something at once.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from gui.control.action_effects import (
    AskFirst,
    DesktopAction,
    Effect,
    LogAction,
    MaintenanceAction,
    MissedRunAction,
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
)  # fmt: skip

Workstream = tuple[str, str]


class LineWhen(Enum):
    """When the line of an action is shown."""

    ANSWERED = auto()
    """The engine has carried out the command that the action ends in."""
    REPORTED = auto()
    """The sheet or the background task that the action opens has done it."""
    AT_ONCE = auto()
    """The action only shows something: see `shown_words`."""
    NEVER = auto()
    """No command line does this."""


_WHEN: Mapping[Effect, LineWhen] = {
    AskFirst.CANCEL: LineWhen.ANSWERED,
    AskFirst.RELEASE: LineWhen.ANSWERED,
    AskFirst.RETRY_WITH: LineWhen.ANSWERED,
    AskFirst.FOLLOW_UP: LineWhen.ANSWERED,
    AskFirst.PRIORITY: LineWhen.ANSWERED,
    AskFirst.EDIT: LineWhen.ANSWERED,
    AskFirst.NOTE: LineWhen.ANSWERED,
    AskFirst.LABEL: LineWhen.ANSWERED,
    WorkAction.RESTORE: LineWhen.ANSWERED,
    WindowAction.UNDO: LineWhen.ANSWERED,
    WindowAction.REDO: LineWhen.ANSWERED,
    SheetAction.ADD_JOBS: LineWhen.ANSWERED,
    SheetAction.OPEN_FILES: LineWhen.ANSWERED,
    SheetAction.NEW_JOB: LineWhen.ANSWERED,
    SheetAction.NEW_PIPELINE: LineWhen.ANSWERED,
    SheetAction.NEW_FROM_TEMPLATE: LineWhen.ANSWERED,
    SheetAction.SETTINGS: LineWhen.ANSWERED,
    SheetAction.LIMITS: LineWhen.ANSWERED,
    ReviewAction.COMMENT: LineWhen.ANSWERED,
    ReviewAction.SETTLE: LineWhen.ANSWERED,
    ReviewAction.VIEWED: LineWhen.ANSWERED,
    ReviewAction.APPROVE: LineWhen.ANSWERED,
    ReviewAction.SEND_BACK: LineWhen.ANSWERED,
    ReviewAction.DISCARD: LineWhen.ANSWERED,
    MaintenanceAction.BACKUP: LineWhen.REPORTED,
    MaintenanceAction.PRUNE: LineWhen.REPORTED,
    MaintenanceAction.EXPORT_RUN: LineWhen.REPORTED,
    MaintenanceAction.IMPORT_RUN: LineWhen.REPORTED,
    MaintenanceAction.GRANTS: LineWhen.REPORTED,
    SheetAction.RECURRING_RUNS: LineWhen.REPORTED,
    SheetAction.SUPPORT_BUNDLE: LineWhen.REPORTED,
    ShowJobs.DETAILS: LineWhen.AT_ONCE,
    ShowJobs.LOG: LineWhen.AT_ONCE,
    ShowJobs.DIFF: LineWhen.AT_ONCE,
    ShowJobs.REVIEW: LineWhen.AT_ONCE,
    ShowJobs.COMPARE: LineWhen.AT_ONCE,
    RoomAction.TRY_DEMO: LineWhen.AT_ONCE,
    ShowJobs.CHECK_LOG: LineWhen.NEVER,
    ShowJobs.ALARM_LINE: LineWhen.NEVER,
    MaintenanceAction.RESTORE: LineWhen.NEVER,  # the window that could show it ends before
    MissedRunAction.RUN: LineWhen.ANSWERED,
    MissedRunAction.DISMISS: LineWhen.NEVER,
    MissedRunAction.EDIT: LineWhen.REPORTED,
    RefusalAction.OPEN: LineWhen.NEVER,
    RefusalAction.DISMISS: LineWhen.NEVER,
    SheetAction.SHORTCUTS: LineWhen.NEVER,
    SheetAction.JOB_FILE_HELP: LineWhen.NEVER,
    SheetAction.WELCOME: LineWhen.NEVER,
    SheetAction.ABOUT: LineWhen.NEVER,
}


def when_shown(effect: Effect) -> LineWhen:
    """When the line of an action with this effect is shown.

    Raises:
        KeyError: nobody has decided it for a new effect.
    """
    match effect:
        case SendCommand() | SendForJobs():
            return LineWhen.ANSWERED
        case SetTheme() | ShowPanel() | TextSize() | LogAction() | DesktopAction():
            return LineWhen.NEVER
        case _ if effect in _WHEN:
            return _WHEN[effect]
        case WindowAction() | RoomAction() | ReviewAction():
            return LineWhen.NEVER  # they move, arrange and choose within the window
        case _:
            raise KeyError(effect)


_OF_ONE_JOB: Mapping[ShowJobs, str] = {
    ShowJobs.DETAILS: "show",
    ShowJobs.DIFF: "diff",
    ShowJobs.COMPARE: "compare",
}


def shown_words(effect: Effect, ids: Sequence[str], workstream: Workstream | None) -> tuple[str, ...]:
    """The words after ``signalbox`` that show in a terminal what this action shows of these jobs."""
    match effect:
        case ShowJobs.LOG if ids:
            return ("logs", *ids)
        case ShowJobs() if effect in _OF_ONE_JOB and ids:
            return (_OF_ONE_JOB[effect], ids[0])
        case ShowJobs.REVIEW if workstream is not None:
            return ("review", "show", "/".join(workstream))
        case RoomAction.TRY_DEMO:
            return ("demo",)
        case _:
            return ()
