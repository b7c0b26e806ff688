"""Decides which session an attempt of a coding tool goes on in, or why it begins a new one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.scheduling.same_work import may_have_worked, of_same_work
from engine.types import FailureClass
from state.new_session import NewSession
from state.records import Attempt, Job

if TYPE_CHECKING:
    from engine.jobfile.fields import SessionUse
    from engine.jobfile.spec import JobSpec


@dataclass(frozen=True, slots=True)
class SessionChoice:
    """The attempt whose session is resumed, or why none is; neither for the first attempt of a piece of work."""

    resumed: Attempt | None = None
    new: NewSession | None = None


def choose_session(
    job: Job,
    earlier: Sequence[Attempt],
    spec: "JobSpec",
    *,
    account: str | None = None,
    default: "SessionUse | None" = None,
    can_resume: bool = True,
) -> SessionChoice:
    """Choose the session of the next attempt of `job`, whose file at its rung is `spec`.

    `earlier` are its attempts so far, oldest first, and `account` the one it will use. `default` is what the tool's
    defaults say. A job that was completed begins anew, unless a person has more to say about it.
    """
    before = [one for one in earlier if may_have_worked(one)] if job.follow_up else of_same_work(earlier)
    if not before:
        return SessionChoice()
    forbidden = _forbidden(job, spec, default, can_resume=can_resume)
    return (
        SessionChoice(new=forbidden) if forbidden is not None else _last_session(before, spec.tool, account)
    )


def words_for(job: Job, earlier: Sequence[Attempt], choice: SessionChoice) -> str | None:
    """What a person has added to the task that the attempt has not heard: in a new session everything.

    A session that is resumed has not heard what was said since to another one.
    """
    before = earlier if choice.resumed is None else _since(choice.resumed, earlier)
    words: list[str] = []
    for more in filter(None, (*(attempt.follow_up for attempt in before), job.follow_up)):
        if words and f"{more}\n\n".startswith(f"{words[-1]}\n\n"):  # what no attempt had heard came back
            words.pop()
        words.append(more)
    return "\n\n".join(dict.fromkeys(words)) or None


def _since(resumed: Attempt, earlier: Sequence[Attempt]) -> Sequence[Attempt]:
    """The attempts after this one that worked elsewhere."""
    place = max((at for at, one in enumerate(earlier) if one.id == resumed.id), default=-1)
    return [one for one in earlier[place + 1 :] if one.session_id != resumed.session_id]


def _forbidden(
    job: Job, spec: "JobSpec", default: "SessionUse | None", *, can_resume: bool
) -> NewSession | None:
    if job.fresh_session:
        return NewSession.REQUESTED
    if (spec.session or default) == "fresh":
        return NewSession.FORBIDDEN
    if spec.command is not None:
        return NewSession.OWN_COMMAND
    return None if can_resume else NewSession.CANNOT


def _last_session(before: Sequence[Attempt], tool: str, account: str | None) -> SessionChoice:
    """The last session of this tool and account, unless it has come to its end."""
    for attempt in reversed(before):
        if attempt.tool != tool or attempt.account != account:
            continue
        if attempt.failure_class == FailureClass.CONTEXT:
            return SessionChoice(new=NewSession.TOO_LONG)
        if attempt.failure_class == FailureClass.SESSION:
            return SessionChoice(new=NewSession.REFUSED)
        if attempt.session_id is not None:
            return SessionChoice(resumed=attempt)
    others = {attempt.tool == tool for attempt in before if attempt.session_id is not None}
    if True in others:
        return SessionChoice(new=NewSession.OTHER_ACCOUNT)
    return SessionChoice(new=NewSession.OTHER_TOOL if others else NewSession.NONE)
