"""The words on the command line that do what a command of the window did. Runs nothing."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import assert_never

from engine.host.command_kind import Reversal
from engine.host.commands import (
    AddJobs,
    CancelJobs,
    Drain,
    EditJob,
    EngineCommand,
    FollowUpJobs,
    HoldJobs,
    LabelJobs,
    LiftHold,
    MoveInQueue,
    Pause,
    QueueCommand,
    Redo,
    ReleaseJobs,
    RemoveLimit,
    Resume,
    RetryJobs,
    SetHold,
    SetLimit,
    SetNote,
    SetPriority,
    SkipJobs,
    TrustJob,
    Undo,
)
from engine.host.host_commands import ChangeSetting, RemoveRecurringRun, RunRecurringRuns, SaveCopy
from engine.host.merge_commands import HoldMerges, MergeCommand, MoveMerge, ReleaseMerges
from engine.host.review_commands import (
    AddComment,
    ApproveWorkstreams,
    CommentCommand,
    DeleteComment,
    DiscardWorkstreams,
    EditComment,
    MarkViewed,
    RestoreWorkstreams,
    SendBackWorkstream,
    SettleComment,
    WithdrawApprovals,
)
from engine.recurring.removed_run import RemovedRun
from engine.trust.binding import Binding
from state.records import Job
from state.worktree_records import DiffSide, ReviewComment

_Words = tuple[str, ...]
_OnJobs = (
    HoldJobs | ReleaseJobs | SkipJobs | CancelJobs | RetryJobs | FollowUpJobs | SetPriority | MoveInQueue
)
_OnWork = (
    ApproveWorkstreams | WithdrawApprovals | DiscardWorkstreams | RestoreWorkstreams | SendBackWorkstream
)


def command_line(command: EngineCommand, home: Path | None = None) -> str:
    """The whole line, quoted for a shell, for this home where it is not the usual one; empty as `command_words` is."""
    return line_of_words(command_words(command), home)


def line_of_words(words: Sequence[str], home: Path | None = None) -> str:
    """These words after ``signalbox`` as a line for a shell; empty for none."""
    if not words:
        return ""
    at_home = [] if home is None else ["--home", str(home)]
    if "--" in words:  # what follows it is no option
        at = list(words).index("--")
        return shlex.join(["signalbox", *words[:at], *at_home, *words[at:]])
    return shlex.join(["signalbox", *words, *at_home])


def command_words(command: EngineCommand) -> _Words:
    """The words after ``signalbox``; none for what only the window can do."""
    match command:
        case (
            HoldJobs()
            | ReleaseJobs()
            | SkipJobs()
            | CancelJobs()
            | RetryJobs()
            | FollowUpJobs()
            | SetPriority()
            | MoveInQueue()
        ):
            return _named(command, *_on_jobs(command))
        case Pause() | Drain() | Resume() | SetHold() | LiftHold() | SetLimit() | RemoveLimit():
            return _named(command, *_on_queue(command))
        case (
            ApproveWorkstreams()
            | WithdrawApprovals()
            | DiscardWorkstreams()
            | RestoreWorkstreams()
            | SendBackWorkstream()
        ):
            return _named(command, *_on_work(command))
        case HoldMerges() | ReleaseMerges() | MoveMerge():
            return _named(command, *_on_merges(command))
        case SetNote() | LabelJobs():
            return _written(command)
        case _:
            return _on_one(command)


def _named(command: EngineCommand, *rest: str) -> _Words:
    return (*command.kind.name.split(), *rest)


def _on_jobs(command: _OnJobs) -> _Words:
    match command:
        case (
            HoldJobs(job_ids=ids, reason=reason)
            | SkipJobs(job_ids=ids, reason=reason)
            | CancelJobs(job_ids=ids, reason=reason)
        ):
            return (*ids, *_option("--reason", reason))
        case ReleaseJobs(job_ids=ids):
            return tuple(ids)
        case RetryJobs(job_ids=ids, tool=tool, dependents=dependents):
            return (*ids, *_option("--with", tool), *(("--dependents",) if dependents else ()))
        case FollowUpJobs(job_ids=ids, words=words, fresh=fresh):
            return (*ids, words, *(("--fresh",) if fresh else ()))
        case SetPriority(job_ids=ids, priority=priority):
            return (*ids, "--to", f"{priority}")
        case MoveInQueue(job_ids=ids, position=position):
            return (*ids, f"--{position.where}", *((position.job_id,) if position.job_id else ()))
        case _:
            assert_never(command)


def _written(command: SetNote | LabelJobs) -> _Words:
    match command:
        case SetNote(job_ids=[job_id], note=note):
            return _named(command, job_id, *(_text(note) if note else ("--clear",)))
        case SetNote():
            return ()  # the command line writes on one job at a time
        case LabelJobs(job_ids=ids, add=add, remove=remove):
            given = [word for label in add for word in ("--add", label)]
            return _named(command, *ids, *given, *(word for label in remove for word in ("--remove", label)))
        case _:
            assert_never(command)


def _on_one(command: EngineCommand) -> _Words:
    match command:
        case AddComment() | EditComment() | DeleteComment() | SettleComment() | MarkViewed():
            return _named(command, *_on_comment(command))
        case Undo() | Redo():
            return _turned(command)
        case ChangeSetting(key=key, value=value):
            return _setting(key, value)
        case AddJobs():
            return _submission(command)
        case EditJob() | SaveCopy() | TrustJob() | RunRecurringRuns(missed=[_]) | RemoveRecurringRun():
            return _with_one_name(command)
        case _:
            return ()


def _with_one_name(
    command: EditJob | SaveCopy | TrustJob | RunRecurringRuns | RemoveRecurringRun,
) -> _Words:
    match command:
        case RunRecurringRuns(missed=missed):
            return _named(command, *(one.name for one in missed))
        case RemoveRecurringRun(name=name):
            return _named(command, name)
        case EditJob(spec=spec):
            return _named(command, spec.job_id)
        case SaveCopy(target=target):
            return _named(command, str(target))
        case TrustJob(job_id=job_id, binding=binding):
            return ("trust", "grant", job_id, *_BINDINGS[binding])
        case _:
            assert_never(command)


_BINDINGS: Mapping[Binding, _Words] = {
    Binding.ONCE: ("--once",),
    Binding.FILES: (),
    Binding.REPOSITORY: (),
    Binding.ANYTHING: ("--whatever-the-repository-holds",),
}


def _submission(command: AddJobs) -> _Words:
    """None for jobs that are in no file, or that join a run there is: `submit` makes one of its own."""
    files = list(dict.fromkeys(job.source_path for job in command.jobs))
    if not files or None in files or command.run_id is not None:
        return ()
    return _named(command, *filter(None, files), *(("--hold",) if command.held else ()))


def _on_comment(command: CommentCommand) -> _Words:
    match command:
        case AddComment(comment=comment):
            return (f"{comment.run_id}/{comment.ws_id}", *_commented(comment), *_text(comment.text))
        case EditComment(comment_id=number, text=text):
            return (f"{number}", *_text(text))
        case DeleteComment(comment_id=number):
            return (f"{number}",)
        case SettleComment(comment_id=number, settled=settled):
            return (f"{number}", *(() if settled else ("--reopen",)))
        case MarkViewed(file=file, viewed=viewed):
            return (f"{file.run_id}/{file.ws_id}", file.path, *(() if viewed else ("--remove",)))
        case _:
            assert_never(command)


def _commented(comment: ReviewComment) -> _Words:
    """The file, the lines and the side a comment is on."""
    first, last = comment.line, comment.last_line
    lines = None if first is None else f"{first}" if last in {None, first} else f"{first}-{last}"
    side = ("--side", "old") if comment.side is DiffSide.OLD else ()
    return (*_option("--file", comment.path), *_option("--line", lines), *side)


def _text(text: str) -> _Words:
    """A text that may begin like an option."""
    return ("--", text) if text.startswith("-") else (text,)


def _turned(command: Undo | Redo) -> _Words:
    """What comes to the same as an undo or a redo; none where no command brings back what was."""
    undo = command if isinstance(command, Undo) else command.undo
    named = tuple(map(str, undo.workstreams)) or tuple(job.job_id for job in undo.before)
    reversal = undo.undone.reversal
    if reversal is Reversal.PUT_BACK:
        return _priorities(undo, undo.before if command is undo else undo.after)
    if reversal is Reversal.UNWRITE:
        turned = (undo.after, undo.before) if command is undo else (undo.before, undo.after)
        return _rewritten(undo, *turned)
    if reversal is None or undo.refusals or undo.missed_runs:
        return _removed_again(command)
    if command is not undo:
        return (*undo.undone.name.split(), *named)
    if reversal is Reversal.UNCANCEL and any(job.hold_reason for job in undo.before):
        return ()  # a retried job is not held
    return (*_REVERSED[reversal], *named)


def _removed_again(command: Undo | Redo) -> _Words:
    """Nothing on the command line puts a recurring run back with all that is known of its due times."""
    match command:
        case Redo(undo=Undo(removed=RemovedRun() as removed)):
            return command_words(RemoveRecurringRun(name=removed.name))
        case _:
            return ()


_REVERSED: Mapping[Reversal, _Words] = {
    Reversal.RELEASE: ("release",),
    Reversal.HOLD_AGAIN: ("hold",),
    Reversal.UNCANCEL: ("retry",),
    Reversal.WITHDRAW: ("review", "withdraw"),
    Reversal.RESTORE: ("review", "restore"),
}


def _rewritten(undo: Undo, old: Sequence[Job], new: Sequence[Job]) -> _Words:
    """The note or the labels that jobs get; none where not all of them get the same."""
    ids = tuple(job.job_id for job in new)
    if undo.undone is SetNote.kind:
        return _written(SetNote(job_ids=ids, note=new[0].note)) if len(new) == 1 else ()
    had = {job.job_id: set(job.labels) for job in old}
    turns = {
        (tuple(sorted({*job.labels} - had[job.job_id])), tuple(sorted(had[job.job_id] - {*job.labels})))
        for job in new
    }
    if len(turns) != 1:
        return ()
    add, remove = turns.pop()
    return _written(LabelJobs(job_ids=ids, add=add, remove=remove))


def _priorities(undo: Undo, jobs: Sequence[Job]) -> _Words:
    """One priority for all; what was moved between others has no name for its place."""
    found = {job.priority for job in jobs}
    if undo.undone is not SetPriority.kind or len(found) != 1:
        return ()
    return ("priority", *(job.job_id for job in jobs), "--to", f"{found.pop()}")


def _on_queue(command: QueueCommand) -> _Words:
    match command:
        case Pause(reason=reason):
            return _option("--reason", reason)
        case Drain() | Resume():
            return ()
        case SetHold(hold=hold):
            return (f"--{hold.kind}", hold.key, *_option("--reason", hold.reason))
        case LiftHold(hold_kind=kind, key=key):
            return (f"--{kind}", key)
        case SetLimit(limit=limit):
            return (f"{limit.kind}", *((limit.key,) if limit.key else ()), f"{limit.value}")
        case RemoveLimit(limit_kind=kind, key=key):
            return (f"{kind}", *((key,) if key else ()))
        case _:
            assert_never(command)


def _on_work(command: _OnWork) -> _Words:
    match command:
        case ApproveWorkstreams(workstreams=streams, target=target):
            return (*map(str, streams), *_option("--target", target))
        case SendBackWorkstream(workstream=stream, words=words):
            return (str(stream), *((words,) if words else ()))
        case _:
            return tuple(map(str, command.workstreams))


def _on_merges(command: MergeCommand) -> _Words:
    match command:
        case MoveMerge(workstream=stream, before=before, priority=priority):
            to = (
                ("--top",)
                if before is None and priority is None
                else _option("--before", before and str(before))
            )
            return (str(stream), *to, *(() if priority is None else ("--priority", f"{priority}")))
        case _:
            return tuple(map(str, command.workstreams))


def _setting(key: str, value: object) -> _Words:
    """A setting whose value has a form in words; the tables of tools have commands of their own."""
    if value is None:
        return ("settings", "reset", key)
    if isinstance(value, bool):
        return ("settings", "set", key, "true" if value else "false")
    if isinstance(value, str | int | float):
        return ("settings", "set", key, f"{value}")
    if isinstance(value, Sequence):
        return ("settings", "set", key, *map(str, value))
    return ()


def _option(name: str, value: str | None) -> _Words:
    return (name, value) if value else ()
