"""The words on the command line that do what a command of the window did. Runs nothing."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

from engine.host.commands import (
    CancelJobs,
    ChangeSetting,
    Drain,
    EditJob,
    EngineCommand,
    FollowUpJobs,
    HoldJobs,
    LiftHold,
    MoveInQueue,
    Pause,
    QueueCommand,
    ReleaseJobs,
    RemoveLimit,
    Resume,
    RetryJobs,
    SaveCopy,
    SetHold,
    SetLimit,
    SetPriority,
    SkipJobs,
)  # fmt: skip
from engine.host.merge_commands import HoldMerges, MergeCommand, MoveMerge, ReleaseMerges
from engine.host.review_commands import (
    ApproveWorkstreams,
    DiscardWorkstreams,
    RestoreWorkstreams,
    SendBackWorkstream,
    WithdrawApprovals,
)

_Words = tuple[str, ...]
_OnJobs = (
    HoldJobs | ReleaseJobs | SkipJobs | CancelJobs | RetryJobs | FollowUpJobs | SetPriority | MoveInQueue
)
_OnWork = (
    ApproveWorkstreams | WithdrawApprovals | DiscardWorkstreams | RestoreWorkstreams | SendBackWorkstream
)


def command_line(command: EngineCommand, home: Path | None = None) -> str:
    """The whole line, quoted for a shell, for this home where it is not the usual one; empty as `command_words` is."""
    words = command_words(command)
    return (
        shlex.join(["signalbox", *words, *([] if home is None else ["--home", str(home)])]) if words else ""
    )


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
        case EditJob() | ChangeSetting() | SaveCopy():
            return _on_one(command)
        case _:
            return ()


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


def _on_one(command: EditJob | ChangeSetting | SaveCopy) -> _Words:
    match command:
        case EditJob(spec=spec):
            return _named(command, spec.job_id)
        case ChangeSetting(key=key, value=value):
            return _setting(key, value)
        case SaveCopy(target=target):
            return _named(command, str(target))
        case _:
            assert_never(command)


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
