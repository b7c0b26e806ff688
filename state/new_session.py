"""Why an attempt of a coding tool began a new session, and the words for it. Knows no tool."""

from enum import StrEnum

from state.records import Attempt


class NewSession(StrEnum):
    """Why an attempt begins a new session although the job has been at work before.

    `CANNOT` is the tool's way of working, `NONE` says that no earlier attempt left a session, `GONE` that its files
    are lost or damaged, `REFUSED` that the tool did not take it.
    """

    FORBIDDEN = "forbidden"
    REQUESTED = "requested"
    CANNOT = "cannot"
    OWN_COMMAND = "own_command"
    OTHER_TOOL = "other_tool"
    OTHER_ACCOUNT = "other_account"
    OTHER_FOLDER = "other_folder"
    TOO_LONG = "too_long"
    NONE = "none"
    GONE = "gone"
    REFUSED = "refused"


_REASONS: dict[NewSession, str] = {
    NewSession.FORBIDDEN: "the job or the defaults of {tool} say `session: fresh`",
    NewSession.REQUESTED: "a new one was requested",
    NewSession.CANNOT: "{tool} cannot resume one",
    NewSession.OWN_COMMAND: "a command of the job's own is run as it is",
    NewSession.OTHER_TOOL: "the one before belongs to another tool",
    NewSession.OTHER_ACCOUNT: "the one before belongs to another account",
    NewSession.OTHER_FOLDER: "the one before was in another folder",
    NewSession.TOO_LONG: "the one before no longer fits into the model's context",
    NewSession.NONE: "no attempt before left one",
    NewSession.GONE: "the one before is lost or damaged",
    NewSession.REFUSED: "{tool} did not take the one before",
}


def session_in_words(attempt: Attempt) -> str:
    """Which session an attempt works in, as part of a sentence; empty for the first of a job."""
    if attempt.resumes is not None:
        return f"resumes the session of attempt {attempt.resumes}"
    if attempt.new_session is None:
        return ""
    return f"a new session: {reason_of(attempt.new_session, attempt.tool)}"


def session_sentence(attempt: Attempt) -> str:
    """The same as a sentence."""
    words = session_in_words(attempt)
    return f"{words[0].upper()}{words[1:]}." if words else ""


def reason_of(new_session: str, tool: str) -> str:
    """Why a tool begins a new session; another release may know reasons that this one does not."""
    known = {str(reason): words for reason, words in _REASONS.items()}
    return known.get(new_session, new_session).replace("{tool}", tool)
