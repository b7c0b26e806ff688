"""The facts about one job for its details: title, state, what follows, possible actions. Pure functions."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.host.commands import ReleaseJobs
from engine.scheduling.explainer import Wait
from engine.system.formatting import moment, short_duration
from engine.system.plain_text import escape_invisible
from engine.system.secret_refs import is_reference
from engine.trust.launch_card import shortened
from engine.trust.waiting import waits_for_trust
from engine.types import Permission
from gui.data.cost_captions import explained_cost, tokens_text
from gui.data.job_actions import JobAction, job_actions
from gui.data.job_display import job_state, state_word
from gui.data.run_words import origin_words
from gui.data.session_captions import callback_caption
from gui.figures import money
from gui.translation import tr, tr_count, tr_phrase, tr_recorded
from gui.widgets.fact import Fact
from state.command_table import has_worked
from state.costs import CostSource
from state.records import CallbackRun, Job, JobStatus, Run
from state.shown_names import ShownNames, job_title

MASK = "\N{BULLET}" * 8
_SECRET = re.compile(
    r"(?i)(api[_-]?key|token|secret|passwo?r?d|credentials?|authorization)"
    r"(['\"]?\s*[=:]\s*['\"]?(?:(?:bearer|basic|token)\s+)?)[^\s'\"&]+",
)
_SECRET_FLAG = re.compile(r"(?i)^--?[a-z0-9-]*(key|token|secret|passwo?r?d|credentials?)$")
_KNOWN_SECRETS = re.compile(
    r"\b(?:sk-[\w-]{8,}|gh[pousr]_\w{16,}|AKIA[0-9A-Z]{12,}|xox[abp]-[\w-]{10,}|AIza[\w-]{20,})"
)


@dataclass(frozen=True, kw_only=True)
class JobFacts:
    """Everything the header of the details shows."""

    title: str
    state: str
    word: str
    sentence: str
    facts: tuple[Fact, ...]
    actions: tuple[JobAction, ...]


def facts_of(
    job: Job,
    spec: Mapping[str, Any],
    *,
    names: ShownNames,
    wait: Wait | None,
    followers: Sequence[Job],
    callback: CallbackRun | None = None,
    isolation: Sequence[Fact] = (),
    run: Run | None = None,
    now: float,
) -> JobFacts:
    """The facts of a job.

    `spec` is its file as JSON, `followers` are the jobs that wait for it, `callback` is the command promised with its
    last end. `isolation` are the facts about its worktree, which stand in place of the folder the file names. `run` may
    be one of a recurring run.
    """
    metadata = spec.get("metadata", {})
    state = job_state(job, wait)
    return JobFacts(
        title=_title(job, spec),
        state=state,
        word=state_word(state, job),
        sentence=_sentence(job, wait, now),
        facts=(
            Fact(tr("Job"), job.job_id, exact=True, whole=True),
            Fact(tr("Run"), _with_id(names.run(job.run_id), job.run_id), whole=True),
            *_recurring(run),
            Fact(tr("Workstream"), _with_id(names.workstream(job.ws_key), job.ws_id), whole=True),
            Fact(tr("Tool"), _tool(job, spec), whole=True),
            *(isolation or (Fact(tr("Where"), where(spec), is_path=True, whole=True),)),
            Fact(tr("Limits"), _limits(metadata), whole=True),
            Fact(
                tr("Next"),
                _next(job, metadata, [names.job(one, seen_from=job) for one in followers]),
                whole=True,
            ),
            *((Fact(tr("Follow-up"), job.follow_up, whole=True),) if job.follow_up else ()),
            *((Fact(tr("Used"), used, whole=True),) if (used := _used(job)) else ()),
            *(() if callback is None else (Fact(tr("At its end"), callback_caption(callback), whole=True),)),
        ),
        actions=_actions(job),
    )


def _recurring(run: Run | None) -> Sequence[Fact]:
    """Which recurring run has queued the job, and whether by hand."""
    return (Fact(tr("Recurring"), words, whole=True),) if (words := origin_words(run)) else ()


def _title(job: Job, spec: Mapping[str, Any]) -> str:
    title = spec.get("metadata", {}).get("title")
    return escape_invisible(title or job_title(job, step_name=str(spec.get("step_name") or "")))


def _used(job: Job) -> str:
    """The tokens of its attempts and what they have cost; a plain cost stands beside its step."""
    tokens = tokens_text(job.input_tokens, job.cached_tokens, job.output_tokens)
    if not tokens and job.cost_source in {None, CostSource.REPORTED}:
        return ""
    return "; ".join(part for part in (tokens, explained_cost(job.cost)) if part)


def _actions(job: Job) -> tuple[JobAction, ...]:
    """What the job offers; for one that waits for trust without the release, which is on the trust card below."""
    release = ReleaseJobs.kind.name if waits_for_trust(job) else None
    return tuple(action for action in job_actions(job) if action.command != release)


def reads_only(spec: Mapping[str, Any]) -> bool:
    """Whether a job declares that it changes no files."""
    writes = spec.get("metadata", {}).get("writes")
    if writes is not None:
        return not writes
    if spec.get("permission") == Permission.READ:
        return True
    return spec.get("tool") == "tests" or (spec.get("git") or {}).get("action") == "diff"


def folder_of(spec: Mapping[str, Any]) -> Path:
    """The folder a job works in."""
    paths = spec.get("paths", {})
    return Path(paths.get("repo_root") or "", paths.get("working_dir") or "")


def where(spec: Mapping[str, Any]) -> str:
    """The folder a job works in, the user's home written as ``~``."""
    folder = str(folder_of(spec)) if any(spec.get("paths", {}).values()) else ""
    return shortened(folder)


def redacted_job_file(spec: Mapping[str, Any]) -> str:
    """The job file as text, with everything that looks like a secret masked."""
    return json.dumps(_masked(spec), indent=2, ensure_ascii=False)


def environment(spec: Mapping[str, Any], passed: Iterable[str] = ()) -> list[Fact]:
    """The names of a job's variables, and their origin; never a value."""
    own: Mapping[str, str] = spec.get("env", {})
    declared = [
        Fact(
            name,
            tr("{mask}  from {origin}", mask=MASK, origin=value)
            if is_reference(value)
            else tr("{mask}  from the job file", mask=MASK),
            exact=True,
        )
        for name, value in sorted(own.items())
    ]
    passed_on = (
        Fact(name, tr("{mask}  passed on by Signalbox", mask=MASK), exact=True)
        for name in sorted(set(passed) - own.keys())
    )
    return [*declared, *passed_on]


def _sentence(job: Job, wait: Wait | None, now: float) -> str:
    if wait is not None:
        return tr_phrase(wait.phrase)
    match job.status:
        case JobStatus.RUNNING:
            return ""
        case JobStatus.SKIPPED:
            return tr_recorded(job.summary) or tr("Accepted as it is.")
        case _:
            at = "" if job.completed_at is None else f"{moment(job.completed_at, now)}: "
            return f"{at}{tr_recorded(job.summary)}" if job.summary else ""


def _tool(job: Job, spec: Mapping[str, Any]) -> str:
    """The tool with what the file says of how it runs at this rung, and which tool was before it."""
    requested = spec.get("tool", job.tool)
    rungs = spec.get("metadata", {}).get("escalate_to", ())
    rung = rungs[job.rung - 1] if 0 < job.rung <= len(rungs) else spec
    here = rung if isinstance(rung, Mapping) and rung.get("tool") == job.tool else {}
    permission = here.get("permission") or spec.get("permission")
    moved = job.rung > 0 or requested != job.tool
    parts = (
        job.tool,
        here.get("model"),
        tr("permission {permission}", permission=permission) if permission else "",
        tr("escalated from {tool}", tool=requested) if moved else "",
    )
    return ", ".join(part for part in parts if part)


def _limits(metadata: Mapping[str, Any]) -> str:
    silence, of_attempt = metadata.get("silence_timeout_seconds"), metadata.get("limits", {})
    turns, output_mb = of_attempt.get("max_turns"), of_attempt.get("output_mb")
    limits = (
        short_duration(metadata.get("timeout_seconds")),
        tr("{lasted} silence", lasted=short_duration(silence)) if silence is not None else "",
        tr_count("{n} turn", "{n} turns", turns) if turns is not None else "",
        money(of_attempt.get("max_cost_usd")),
        tr("{megabytes} MB of output", megabytes=output_mb) if output_mb is not None else "",
    )
    return ", ".join(part for part in limits if part) or tr("none")


def _next(job: Job, metadata: Mapping[str, Any], followers: Sequence[str]) -> str:
    """What follows; `followers` are the names of what waits for it."""
    then = tr("then {names}", names=_named(followers)) if followers else ""
    match job.status:
        case JobStatus.RUNNING if job.cancel_requested_at:
            return tr("stops, then counts as cancelled")
        case JobStatus.RUNNING | JobStatus.QUEUED:
            return "; ".join(part for part in (then, _after_failure(job, metadata)) if part)
        case JobStatus.HELD:
            return _next_of_held(job) + (f", {then}" if then else "")
        case JobStatus.FAILED | JobStatus.TIMEOUT | JobStatus.CANCELLED:
            return _next_of_ended(followers)
        case _:
            return then or tr("nothing waits for it")


def _next_of_ended(followers: Sequence[str]) -> str:
    if not followers:
        return tr("retry it, or accept it as it is")
    if len(followers) == 1:
        return tr("retry it, or accept it as it is; {name} waits for it", name=followers[0])
    return tr("retry it, or accept it as it is; {number:,} jobs wait for it", number=len(followers))


def _next_of_held(job: Job) -> str:
    if waits_for_trust(job):
        return tr("review what it would run")
    if has_worked(job):
        return tr("accept it as it is, or release it to run it again")
    return tr("release it to queue it")


def _after_failure(job: Job, metadata: Mapping[str, Any]) -> str:
    rungs = metadata.get("escalate_to", ())
    ladder = [rung["tool"] if isinstance(rung, Mapping) else rung for rung in rungs]
    upcoming = max(job.attempts, 1) + 1
    if upcoming <= job.max_attempts:
        return tr("if it fails: attempt {number} of {most}", number=upcoming, most=job.max_attempts)
    if job.rung < len(ladder):
        return tr("if it fails: escalate to {tool}", tool=ladder[job.rung])
    if metadata.get("retry") or ladder:
        return tr("if it fails: quarantine")
    return tr("if it fails: a person decides")


def _named(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return tr("{name} and {number} more", name=names[0], number=len(names) - 1)


def _with_id(name: str, known_as: str) -> str:
    return name if name == known_as else f"{name}, {known_as}"


def _masked(value: Any, key: str = "") -> Any:
    match value:
        case Mapping():
            if key == "env":
                return {name: item if is_reference(str(item)) else MASK for name, item in value.items()}
            return {name: _masked(item, name) for name, item in value.items()}
        case list() | tuple():
            flags = [None, *value]
            return [
                MASK if isinstance(before, str) and _SECRET_FLAG.match(before) else _masked(item)
                for before, item in zip(flags, value, strict=False)
            ]
        case str():
            hidden = _SECRET.sub(lambda found: f"{found[1]}{found[2]}{MASK}", value)
            return _KNOWN_SECRETS.sub(MASK, hidden)
        case _:
            return value
