"""Which session an attempt works in, and what became of the command at a job's end, in the language of the window."""

from engine.system.plain_text import last_line
from gui.translation import tr, translatable
from state.new_session import NewSession
from state.records import Attempt, CallbackRun, CallbackStatus

_NEW_SESSIONS = {
    NewSession.FORBIDDEN: translatable(
        "A new session: the job or the defaults of {tool} say `session: fresh`."
    ),
    NewSession.REQUESTED: translatable("A new session: a new one was requested."),
    NewSession.CANNOT: translatable("A new session: {tool} cannot resume one."),
    NewSession.OWN_COMMAND: translatable("A new session: a command of the job's own is run as it is."),
    NewSession.OTHER_TOOL: translatable("A new session: the one before belongs to another tool."),
    NewSession.OTHER_ACCOUNT: translatable("A new session: the one before belongs to another account."),
    NewSession.OTHER_FOLDER: translatable("A new session: the one before was in another folder."),
    NewSession.TOO_LONG: translatable(
        "A new session: the one before no longer fits into the model's context."
    ),
    NewSession.NONE: translatable("A new session: no attempt before left one."),
    NewSession.GONE: translatable("A new session: the one before is lost or damaged."),
    NewSession.REFUSED: translatable("A new session: {tool} did not take the one before."),
}


def session_caption(attempt: Attempt) -> str:
    """Which session an attempt works in, as a sentence; empty for the first of a job."""
    if attempt.resumes is not None:
        return tr("Resumes the session of attempt {number}.", number=attempt.resumes)
    if attempt.new_session is None:
        return ""
    known = next((words for reason, words in _NEW_SESSIONS.items() if reason == attempt.new_session), None)
    if known is None:  # of another release
        return tr("A new session: {reason}.", reason=attempt.new_session)
    return tr(known, tool=attempt.tool)


def callback_caption(run: CallbackRun) -> str:
    """What became of the command; for one that failed with the reason and the last line it printed."""
    match run.status:
        case CallbackStatus.FAILED:
            last = last_line(run.output)
            reason = f"{run.reason} ({last})" if last else run.reason
            return tr("the command failed: {reason}", reason=reason)
        case CallbackStatus.COMPLETED:
            return tr("the command was run")
        case CallbackStatus.RUNNING:
            return tr("the command is running")
        case CallbackStatus.WAITING:
            return tr("the command is waiting")
