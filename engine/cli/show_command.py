"""The command that shows everything about one job, run or workstream."""

import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from engine.cli.ages import elapsed
from engine.cli.cost_lines import cost_json, run_cost
from engine.cli.forecast_lines import estimate_json, estimate_line, read_forecast
from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.isolation_lines import isolation_facts, isolation_json
from engine.cli.job_output import AttemptTail, attempt_tail, style_of
from engine.cli.options import JsonOption
from engine.cli.printing import (
    Styled,
    print_json,
    print_line,
    print_styled,
    print_table,
    record_json,
    shortened,
    state_text,
)
from engine.cli.status_commands import job_json, print_jobs, recurring_json
from engine.cli.word_completion import job_ids
from engine.errors import SignalboxError
from engine.host.callback_outcome import callback_outcome
from engine.recurring.run_origin import origin_phrase
from engine.scheduling.explainer import Wait
from engine.scheduling.forecast_types import NO_FORECAST
from engine.scheduling.schedule import handed_phrase
from engine.system.cost_text import explained_cost, tokens_text
from engine.system.formatting import date_second, duration, plural
from engine.system.plain_text import one_line
from engine.types import Permission
from state import attempt_queries, callback_queries, queries
from state.costs import CostSource
from state.lifecycle import FINAL
from state.new_session import session_sentence
from state.records import Attempt, Job, Run, Workstream
from state.shown_names import run_name
from state.status_words import status_in_words

_TAIL_LINES = 10


_FILES = 8


def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="JOB|RUN|WORKSTREAM",
            autocompletion=job_ids,
            help="The id of a job, run or workstream; a workstream as WS or RUN/WS.",
        ),
    ],
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox show`."""
    with opened(home) as session:
        if (job := session.plain.read(queries.find_job, name)) is not None:
            _show_job(session, job, as_json=as_json)
        elif (run := session.plain.read(queries.find_run, name)) is not None:
            _show_run(session, run, as_json=as_json)
        elif (stream := _workstream(session, name)) is not None:
            _show_workstream(session, stream, as_json=as_json)
        else:
            raise SignalboxError(
                f"There is no job, run or workstream {name!r} here; see `signalbox jobs` and `signalbox status`."
            )


def _workstream(session: HomeSession, name: str) -> Workstream | None:
    run_id, _, ws_id = name.rpartition("/")
    return session.plain.read(queries.find_workstream, ws_id, run_id or None)


def _show_job(session: HomeSession, job: Job, *, as_json: bool) -> None:
    snapshot = session.snapshot()
    attempts = session.plain.read(attempt_queries.attempts_of, job.job_id)
    spec = session.plain.read(queries.job_spec, job.job_id)
    ended = session.plain.read(callback_queries.callbacks_where, job_id=job.job_id)
    found = NO_FORECAST if job.status in FINAL else read_forecast(session, snapshot)
    run = session.plain.read(queries.find_run, job.run_id)
    if as_json:
        made = [record_json(attempt, folder=str(_folder(session, attempt))) for attempt in attempts]
        print_json({
            **job_json(job, snapshot), "spec": dict(spec), "recurring": recurring_json(run), "attempts_made": made,
            "callbacks": [record_json(one) for one in ended], "estimate": estimate_json(found.jobs.get(job.job_id)),
        })  # fmt: skip
        return
    wait = snapshot.wait(job)
    tail = _tail(session, attempts[-1]) if attempts else AttemptTail([], None)
    _print_facts(
        {
            "name": Styled(one_line(session.plain.read(queries.names_of, (job.ws_key,)).job(job)), "bold"),
            "job": job.job_id,
            "state": state_text(snapshot.state(job)),
            "why": wait.sentence if wait is not None else job.summary,
            "estimate": estimate_line(found, job.job_id),
            "run": f"{job.run_id}/{job.ws_id}, {_step(session, job)}",
            "recurring": _origin(run),
            "tool": _tool(job, attempts),
            "command": _command(spec),
            "prompt": str(spec.get("prompt") or ""),
            "tests": _tests(spec),
            "depends on": ", ".join(job.depends_on),
            "priority": _priority(job, wait),
            "at its end": callback_outcome(ended[-1]) if ended else "",
            "file": job.source_path or "",
            "added": date_second(job.created_at),
            "time": duration(elapsed(job, time.time())),
            "account": job.account or "",
            "labels": ", ".join(job.labels),
            "note": job.note,
            "follow-up": job.follow_up or (attempts[-1].follow_up or "" if attempts else ""),
            "plan": ""
            if tail.plan is None
            else f"{tail.plan.done} of {plural(tail.plan.total, 'step')} done",
            "cost": explained_cost(job.cost),
            "tokens": _tokens(job, attempts),
            **(_outcome(attempts[-1].result.get("metadata") or {}) if attempts else {}),
        }
    )
    if attempts:
        print_line()
        _print_attempts(attempts, snapshot.now)
        _print_tail(attempts[-1], tail)


def _origin(run: Run | None) -> str:
    """The recurring run that has queued a run."""
    words = None if run is None else origin_phrase(run)
    return "" if words is None else str(words)


def _step(session: HomeSession, job: Job) -> str:
    """``step 2 of 3: edit``; which step of its workstream it is where there are several."""
    ids = [one.job_id for one in session.plain.read(queries.jobs_of_workstream, *job.ws_key)]
    place = f" {ids.index(job.job_id) + 1} of {len(ids)}:" if len(ids) > 1 else ""
    return f"step{place} {job.step_name}"


def _priority(job: Job, wait: Wait | None) -> str:
    if wait is not None and wait.handed is not None:
        return f"{job.priority}, {handed_phrase(wait.handed, wait.handed.through)}"
    return str(job.priority) if job.priority else ""


def _tokens(job: Job, attempts: list[Attempt]) -> str:
    """The tokens of all attempts; of some that ended nobody knows any."""
    text = tokens_text(job.input_tokens, job.cached_tokens, job.output_tokens)
    unknown = any(one.input_tokens is None and one.cost_source is CostSource.UNKNOWN for one in attempts)
    return f"at least {text}" if text and unknown else text


def _outcome(metadata: Mapping[str, Any]) -> dict[str, str]:
    """The result of the last attempt, apart from its summary."""
    return {
        "failure": str(metadata.get("failure_class") or ""),
        "changed": _files_of(metadata, "changed_files"),
        "in all": _files_of(metadata, "job_changed_files"),
        "denied": _denied(metadata.get("denied") or ()),
        "answer": " ".join(str(metadata.get("answer") or "").split()),
    }


def _denied(denied: Sequence[object]) -> str:
    """What the tool was not allowed to do."""
    more = f" and {len(denied) - _FILES} more" if len(denied) > _FILES else ""
    return "; ".join(map(str, denied[:_FILES])) + more


def _tool(job: Job, attempts: Sequence[Attempt]) -> str:
    """The tool with how it ran in the last attempt: its model, and its permission where that is not the usual one."""
    last = attempts[-1] if attempts and attempts[-1].tool == job.tool else None
    permission = "" if last is None or last.permission in {None, Permission.EDIT} else str(last.permission)
    rung = f"rung {job.rung} of its ladder" if job.rung else ""
    model = last.model if last is not None else None
    return ", ".join(filter(None, (job.tool, model, permission and f"permission {permission}", rung)))


def _files_of(metadata: Mapping[str, Any], name: str) -> str:
    files = [str(file.get("path")) for file in metadata.get(name) or ()]
    more = f" and {len(files) - _FILES} more" if len(files) > _FILES else ""
    return ", ".join(files[:_FILES]) + more


def _print_facts(facts: dict[str, str | Styled]) -> None:
    for name, fact in facts.items():
        if fact:
            shown = Styled(one_line(fact)) if isinstance(fact, str) else fact
            print_styled(Styled(f"{name:<12}", "dim"), shown)


def _print_attempts(attempts: list[Attempt], now: float) -> None:
    rows = [
        (
            str(attempt.number),
            state_text(attempt.status.value),
            attempt.tool,
            date_second(attempt.started_at),
            duration(attempt.duration_s if attempt.completed_at else now - attempt.started_at),
            "" if attempt.exit_code is None else str(attempt.exit_code),
            " ".join(filter(None, (attempt.summary, session_sentence(attempt), _left_behind(attempt)))),
        )
        for attempt in attempts
    ]
    print_table(("ATTEMPT", "STATE", "TOOL", "STARTED", "TIME", "EXIT", ""), rows)


def _left_behind(attempt: Attempt) -> str:
    """What the tool of an attempt left running, as a sentence; empty if nothing."""
    count = (attempt.result.get("metadata") or {}).get("leftovers") or 0
    if not count:
        return ""
    terminated = "it was terminated" if count == 1 else "they were terminated"
    return f"Left {plural(count, 'process', 'processes')} behind; {terminated}."


def _tail(session: HomeSession, attempt: Attempt) -> AttemptTail:
    return attempt_tail(_folder(session, attempt), attempt.tool, attempt.result, most=_TAIL_LINES)


def _print_tail(attempt: Attempt, tail: AttemptTail) -> None:
    if tail.entries:
        print_line()
        print_line(f"Last lines (full output: signalbox logs {attempt.job_id})", style="dim")
        for entry in tail.entries:
            print_line(shortened(entry.text), style=style_of(entry))


def _folder(session: HomeSession, attempt: Attempt) -> Any:
    return session.home.attempts / attempt.folder_name


def _command(spec: Any) -> str:
    command = spec.get("command")
    if not command:
        return ""
    words = [command["exe"], *command.get("args", ())]
    return " ".join(word if word and " " not in word else repr(word) for word in words)


def _tests(spec: Any) -> str:
    """The tests that the job runs after its edit."""
    tests = ((spec.get("metadata") or {}).get("evidence") or {}).get("tests")
    return "" if tests is None else _command(tests) or " ".join(("pytest", *tests.get("paths", ())))


def _show_run(session: HomeSession, run: Run, *, as_json: bool) -> None:
    snapshot, found = session.snapshot(), session.plain.read(queries.jobs_of_run, run.run_id)
    streams = session.plain.read(queries.workstreams_of, run.run_id)
    if as_json:
        listed = [record_json(stream) for stream in streams]
        jobs = [job_json(job, snapshot) for job in found]
        costs = cost_json(run_cost(session, run.run_id))
        print_json(record_json(run, recurring=recurring_json(run), workstreams=listed, jobs=jobs, **costs))
        return
    _print_facts(
        {
            "name": Styled(one_line(run_name(run)), "bold"),
            "run": run.run_id,
            "recurring": _origin(run),
            "state": state_text(run.status.value),
            "repository": run.repo or "",
            "added": date_second(run.created_at),
            "cost": explained_cost(run_cost(session, run.run_id)),
        }
    )
    names = session.plain.read(queries.names_of, [stream.key for stream in streams])
    for stream in streams:
        mine = [job for job in found if job.ws_id == stream.ws_id]
        print_line()
        print_line(
            f"{names.workstream(stream.key)} ({stream.ws_id}) {status_in_words(stream.status)}", style="bold"
        )
        print_jobs(mine, snapshot, names=names)


def _show_workstream(session: HomeSession, stream: Workstream, *, as_json: bool) -> None:
    snapshot = session.snapshot()
    found = session.plain.read(queries.jobs_of_workstream, *stream.key)
    files = session.plain.read(queries.files_of_workstream, *stream.key)
    if as_json:
        listed = [record_json(file) for file in files]
        jobs = [job_json(job, snapshot) for job in found]
        print_json(record_json(stream, jobs=jobs, files=listed, **isolation_json(session, stream)))
        return
    names = session.plain.read(queries.names_of, (stream.key,))
    _print_facts(
        {
            "name": Styled(one_line(names.workstream(stream.key)), "bold"),
            "workstream": f"{stream.run_id}/{stream.ws_id}",
            "state": state_text(stream.status.value),
            "files": ", ".join(sorted(file.path for file in files)),
            **isolation_facts(session, stream),
        }
    )
    print_line()
    print_jobs(found, snapshot, names=names)
