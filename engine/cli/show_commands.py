"""Commands that only look: status, jobs, show."""

import time
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.text import Text

from engine.cli.home_session import HomeSession, QueueSnapshot, opened
from engine.cli.options import HomeOption, JsonOption, RunOption, StateOption, ToolOption, WorkstreamOption
from engine.cli.printing import (
    complain,
    console,
    print_json,
    print_table,
    record_json,
    say,
    shortened,
    state_text,
)
from engine.cli.progress import elapsed
from engine.errors import SignalboxError
from engine.runners import output
from engine.scheduling.schedule import active, standstill
from engine.system.formatting import date_second, duration, iso, money
from engine.system.plain_text import one_line, plain_lines
from engine.types import AttemptRef
from state import queries, statistics
from state.lifecycle import FINAL
from state.records import Attempt, Job, JobStatus, Run, Workstream

_TAIL_LINES = 10
_NEWEST_RUNS = 5
_FILES = 8


def standstills(moment: QueueSnapshot, *, engines: bool = True) -> list[str]:
    """What keeps jobs from starting, each in a sentence: no engine, a pause, a stopped tool, account or group."""
    told = []
    if engines and not moment.engines:
        told.append("No engine is running; nothing starts. Open the window, or run `signalbox engine`.")
    running = sum(job.status is JobStatus.RUNNING for job in moment.jobs.values())
    return told + [
        standstill(hold, moment.now, running) for hold in active(moment.holds, moment.now).values()
    ]


def job_json(job: Job, moment: QueueSnapshot) -> dict[str, Any]:
    """A job for programs: its record, the state it is shown as, and why it waits."""
    wait = moment.wait(job)
    told = None
    if wait is not None:
        until = None if wait.until is None else iso(wait.until)
        told = {
            "kind": wait.kind.value,
            "sentence": wait.sentence,
            "until": until,
            "until_epoch": wait.until,
        }
    return record_json(job, state=moment.state(job), wait=told)


def status(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Tell what runs, what waits and why."""
    with opened(home) as view:
        moment = view.moment()
        counts = {state.value: number for state, number in view.reader.read(statistics.counts).items()}
        still = [job for job in moment.jobs.values() if job.status not in FINAL]
        runs = view.reader.read(queries.recent_runs, _NEWEST_RUNS)
        if as_json:
            print_json(
                {
                    "home": str(view.home.root),
                    "troubles": view.problems(),
                    "engines": [record_json(engine) for engine in moment.engines],
                    "counts": counts,
                    "holds": [record_json(hold) for hold in moment.holds],
                    "limits": [record_json(limit) for limit in moment.limits],
                    "jobs": [job_json(job, moment) for job in still],
                    "runs": [record_json(run) for run in runs],
                }
            )
            return
        _print_status(view, moment, counts, runs)


def _print_status(view: HomeSession, moment: QueueSnapshot, counts: dict[str, int], runs: list[Run]) -> None:
    for engine in moment.engines:
        say(
            f"Engine {engine.pid} ({engine.kind}) since {date_second(engine.started_at)}, home {view.home.root}"
        )
    if not moment.engines:
        say(f"No engine is running; home {view.home.root}", style="yellow")
    for sentence in view.problems():
        say(sentence, style="bold red")
    for sentence in standstills(moment, engines=False):
        say(sentence, style="yellow")
    say(", ".join(f"{number} {state}" for state, number in counts.items()) or "No jobs yet.")
    still = [job for job in moment.jobs.values() if job.status not in FINAL]
    for title, chosen in {
        "Running": [job for job in still if job.status is JobStatus.RUNNING],
        "Waiting": [job for job in still if job.status is not JobStatus.RUNNING],
    }.items():
        if chosen:
            say()
            say(title, style="bold")
            print_jobs(chosen, moment)
    if runs:
        say()
        say("Newest runs", style="bold")
        rows = [
            (state_text(run.status.value), run.run_id, date_second(run.created_at), run.title or "")
            for run in runs
        ]
        print_table(("STATE", "RUN", "CREATED", "TITLE"), rows)


def jobs(
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="At most so many, the newest ones.")
    ] = 100,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List jobs, each with why it waits or what it came to."""
    with opened(home) as view:
        moment = view.moment()
        found = view.list_jobs(
            moment, states=state or (), run_id=run, workstream=workstream, tool=tool, limit=limit
        )
        if not as_json:
            for sentence in standstills(moment):
                complain(sentence)
        if as_json:
            print_json([job_json(job, moment) for job in found])
        elif found:
            print_jobs(found, moment)
        else:
            narrowed = any((state, run, workstream, tool))
            say("There are no such jobs." if narrowed else "There are no jobs yet.")


def print_jobs(found: list[Job], moment: QueueSnapshot) -> None:
    """Print jobs as a table."""
    rows = []
    for job in found:
        wait = moment.wait(job)
        rows.append(
            (
                state_text(moment.state(job)),
                job.job_id,
                job.tool,
                f"{job.attempts}/{job.max_attempts}" if job.attempts else "",
                duration(elapsed(job, moment.now)),
                wait.sentence if wait is not None else job.summary,
            )
        )
    print_table(("STATE", "JOB", "TOOL", "TRY", "TIME", ""), rows)


def show(
    name: Annotated[
        str, typer.Argument(metavar="JOB|RUN|WORKSTREAM", help="An id; a workstream as WS or RUN/WS.")
    ],
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show one job, run or workstream with everything known of it."""
    with opened(home) as view:
        if (job := view.reader.read(queries.find_job, name)) is not None:
            _show_job(view, job, as_json=as_json)
        elif (run := view.reader.read(queries.find_run, name)) is not None:
            _show_run(view, run, as_json=as_json)
        elif (stream := _workstream(view, name)) is not None:
            _show_workstream(view, stream, as_json=as_json)
        else:
            raise SignalboxError(
                f"There is no job, run or workstream {name!r} here; `signalbox jobs` and `signalbox status` list some."
            )


def _workstream(view: HomeSession, name: str) -> Workstream | None:
    run_id, _, ws_id = name.rpartition("/")
    return view.reader.read(queries.find_workstream, ws_id, run_id or None)


def _show_job(view: HomeSession, job: Job, *, as_json: bool) -> None:
    moment = view.moment()
    attempts = view.reader.read(queries.attempts_of, job.job_id)
    spec = view.reader.read(queries.job_spec, job.job_id)
    if as_json:
        told = [record_json(attempt, folder=str(_folder(view, attempt))) for attempt in attempts]
        print_json({**job_json(job, moment), "spec": dict(spec), "attempts_made": told})
        return
    wait = moment.wait(job)
    _print_facts(
        {
            "job": Text(job.job_id, style="bold"),
            "state": state_text(moment.state(job)),
            "why": wait.sentence if wait is not None else job.summary,
            "run": f"{job.run_id}/{job.ws_id}, step {job.step_name}",
            "tool": job.tool,
            "command": _command(spec),
            "prompt": str(spec.get("prompt") or ""),
            "depends on": ", ".join(job.depends_on),
            "priority": str(job.priority) if job.priority else "",
            "file": job.source_path or "",
            "added": date_second(job.created_at),
            "time": duration(elapsed(job, time.time())),
            "account": job.account or "",
            "cost": money(job.cost_usd),
            **(_outcome(attempts[-1].result.get("metadata") or {}) if attempts else {}),
        }
    )
    if attempts:
        say()
        _print_attempts(attempts, moment.now)
        _print_tail(view, attempts[-1])


def _outcome(metadata: Mapping[str, Any]) -> dict[str, str]:
    """What the last attempt came to beside its summary."""
    usage = metadata.get("usage") or {}
    sent, received = usage.get("input_tokens"), usage.get("output_tokens")
    files = [str(file.get("path")) for file in metadata.get("changed_files") or ()]
    more = f" and {len(files) - _FILES} more" if len(files) > _FILES else ""
    return {
        "failure": str(metadata.get("failure_class") or ""),
        "tokens": "" if sent is None and received is None else f"{sent or 0:,} in, {received or 0:,} out",
        "changed": ", ".join(files[:_FILES]) + more,
        "answer": " ".join(str(metadata.get("answer") or "").split()),
    }


def _print_facts(facts: dict[str, str | Text]) -> None:
    for name, fact in facts.items():
        if fact:
            line = Text(f"{name:<12}", style="dim")
            line.append_text(fact if isinstance(fact, Text) else Text(one_line(fact)))
            console().print(line, soft_wrap=True)


def _print_attempts(attempts: list[Attempt], now: float) -> None:
    rows = [
        (
            str(attempt.number),
            state_text(attempt.status.value),
            attempt.tool,
            date_second(attempt.started_at),
            duration(attempt.duration_s if attempt.completed_at else now - attempt.started_at),
            "" if attempt.exit_code is None else str(attempt.exit_code),
            attempt.summary,
        )
        for attempt in attempts
    ]
    print_table(("TRY", "STATE", "TOOL", "STARTED", "TIME", "EXIT", ""), rows)


def _print_tail(view: HomeSession, attempt: Attempt) -> None:
    lines = plain_lines(output.tail_text(_folder(view, attempt)))[-_TAIL_LINES:]
    if lines:
        say()
        say(f"Last lines (all of it: signalbox logs {attempt.job_id})", style="dim")
        for line in lines:
            say(shortened(line))


def _folder(view: HomeSession, attempt: Attempt) -> Any:
    return view.home.attempts / AttemptRef(attempt.id, attempt.token).folder_name


def _command(spec: Any) -> str:
    command = spec.get("command")
    if not command:
        return ""
    words = [command["exe"], *command.get("args", ())]
    return " ".join(word if word and " " not in word else repr(word) for word in words)


def _show_run(view: HomeSession, run: Run, *, as_json: bool) -> None:
    moment, found = view.moment(), view.reader.read(queries.jobs_of_run, run.run_id)
    streams = view.reader.read(queries.workstreams_of, run.run_id)
    if as_json:
        told = [record_json(stream) for stream in streams]
        print_json(record_json(run, workstreams=told, jobs=[job_json(job, moment) for job in found]))
        return
    _print_facts(
        {
            "run": Text(run.run_id, style="bold"),
            "title": run.title,
            "state": state_text(run.status.value),
            "repository": run.repo or "",
            "added": date_second(run.created_at),
        }
    )
    for stream in streams:
        mine = [job for job in found if job.ws_id == stream.ws_id]
        say()
        say(f"{stream.title or stream.ws_id} ({stream.ws_id}): {stream.status}", style="bold")
        print_jobs(mine, moment)


def _show_workstream(view: HomeSession, stream: Workstream, *, as_json: bool) -> None:
    moment = view.moment()
    found = [job for job in view.reader.read(queries.jobs_of_run, stream.run_id) if job.ws_id == stream.ws_id]
    files = [
        file for file in view.reader.read(queries.files_of, [stream.run_id]) if file.ws_id == stream.ws_id
    ]
    if as_json:
        told = [record_json(file) for file in files]
        print_json(record_json(stream, jobs=[job_json(job, moment) for job in found], files=told))
        return
    _print_facts(
        {
            "workstream": Text(f"{stream.run_id}/{stream.ws_id}", style="bold"),
            "title": stream.title,
            "state": state_text(stream.status.value),
            "files": ", ".join(sorted(file.path for file in files)),
        }
    )
    say()
    print_jobs(found, moment)
