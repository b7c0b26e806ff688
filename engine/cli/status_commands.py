"""Commands that only read the queue: status and jobs."""

import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.ages import elapsed
from engine.cli.cost_lines import cost_json, run_cost, today_json, today_line
from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, QueueSnapshot, opened
from engine.cli.number_types import whole
from engine.cli.options import (
    JsonOption,
    LabelOption,
    RunOption,
    StateOption,
    ToolOption,
    WorkstreamOption,
)
from engine.cli.printing import (
    Styled,
    print_error,
    print_json,
    print_line,
    print_table,
    record_json,
    short_name,
    state_text,
)
from engine.cli.running_jobs import RunningJobs
from engine.host.background_engine import background_sentence
from engine.intake.refusals import refusals_in
from engine.scheduling.buckets import Bucket, BucketCounts, count
from engine.scheduling.schedule import in_force
from engine.scheduling.wait_phrases import hold_sentence
from engine.system.cost_text import cost_text
from engine.system.formatting import date_second, duration, iso
from engine.system.home import SCHEDULES, Home
from state import counted_work, queries, statistics
from state.counted_work import CountedWork
from state.handed_priority import effective
from state.lifecycle import FINAL, status_at_rest
from state.queries import UNDER_REVIEW, reviews_in
from state.records import BACKGROUND_KIND, Engine, Job, JobStatus, Run
from state.shown_names import ShownNames, run_name

_NEWEST_RUNS = 5
_SHOWN = 20
"""At most this many rows for running jobs, and as many for waiting ones."""


def start_blockers(snapshot: QueueSnapshot, *, engines: bool = True) -> list[str]:
    """What keeps jobs from starting, each as a sentence: no engine, a pause, a hold on a tool, account or group."""
    sentences = []
    if engines and not snapshot.engines:
        sentences.append("No engine is running; nothing starts. Open the window, or run `signalbox engine`.")
    running = sum(job.status is JobStatus.RUNNING for job in snapshot.jobs.values())
    holds = in_force(snapshot.holds, snapshot.jobs.values(), snapshot.now)
    return sentences + [hold_sentence(hold, snapshot.now, running) for hold in holds.values()]


def job_json(job: Job, snapshot: QueueSnapshot) -> dict[str, Any]:
    """A job for programs: its record, the state shown for it, and why it waits."""
    wait = snapshot.wait(job)
    reason = None
    if wait is not None:
        until = None if wait.until is None else iso(wait.until)
        reason = {
            "kind": wait.kind.value,
            "sentence": wait.sentence,
            "until": until,
            "until_epoch": wait.until,
        }
    handed = None if wait is None else wait.handed
    return record_json(
        job,
        state=snapshot.state(job),
        wait=reason,
        effective_priority=effective(job.priority, handed),
        priority_through=None if handed is None else handed.through,
    )


def status(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Carry out `signalbox status`."""
    if home is None and not (place := Home.named()).is_there:
        _print_nothing(place, as_json=as_json)
        return
    with opened(home) as session:
        snapshot = session.snapshot()
        counts = {state.value: number for state, number in session.plain.read(statistics.counts).items()}
        open_jobs = [job for job in snapshot.jobs.values() if job.status not in FINAL]
        runs = session.plain.read(queries.recent_runs, _NEWEST_RUNS)
        if as_json:
            from engine.cli.forecast_lines import estimate_json, forecast_json, read_forecast  # noqa: PLC0415 - as below

            running, found = _running(session, open_jobs), read_forecast(session, snapshot)
            print_json(
                {
                    "home": str(session.home.root),
                    "troubles": session.problems(),
                    "engines": [record_json(engine) for engine in snapshot.engines],
                    "counts": counts,
                    "workstreams": _workstreams_json(session),
                    "holds": [record_json(hold) for hold in snapshot.holds],
                    "limits": [record_json(limit) for limit in snapshot.limits],
                    "jobs": [
                        {
                            **job_json(job, snapshot),
                            **running.to_json(job),
                            "estimate": estimate_json(found.jobs.get(job.job_id)),
                        }
                        for job in open_jobs
                    ],
                    "runs": [
                        record_json(
                            run,
                            **cost_json(run_cost(session, run.run_id)),
                            recurring=recurring_json(run),
                            estimate=estimate_json(found.runs.get(run.run_id)),
                        )
                        for run in runs
                    ],
                    "forecast": forecast_json(found),
                    "today": today_json(session),
                    "reviews": _reviews_json(session),
                }
            )
            return
        _print_status(session, snapshot, counts, runs)


def _print_nothing(home: Home, *, as_json: bool) -> None:
    """Print the status of the home that is made with the first job."""
    if not as_json:
        print_line(home.nothing_yet)
        return
    lists = ("troubles", "engines", "holds", "limits", "jobs", "runs", "reviews")
    print_json(
        {"home": str(home.root), "counts": {}, "workstreams": {}, "forecast": None, "today": None}
        | {name: [] for name in lists}
    )


def _print_status(
    session: HomeSession, snapshot: QueueSnapshot, counts: dict[str, int], runs: list[Run]
) -> None:
    for engine in snapshot.engines:
        print_line(f"{_engine_words(engine, snapshot)}, home {session.home.root}")
    if not snapshot.engines:
        print_line(f"No engine is running; home {session.home.root}", style="yellow")
    for sentence in session.problems():
        print_line(sentence, style="bold red")
    for sentence in start_blockers(snapshot, engines=False):
        print_line(sentence, style="yellow")
    print_line(", ".join(f"{number} {state}" for state, number in counts.items()) or "No jobs yet.")
    _print_counted(session)
    if line := today_line(session):
        print_line(line)
    open_jobs = [job for job in snapshot.jobs.values() if job.status not in FINAL]
    for title, group in {
        "Running": [job for job in open_jobs if job.status is JobStatus.RUNNING],
        "Waiting": [job for job in open_jobs if job.status is not JobStatus.RUNNING],
    }.items():
        if group:
            print_line()
            print_line(title, style="bold")
            print_jobs(group[:_SHOWN], snapshot, running=_running(session, group[:_SHOWN]))
            _print_rest(group[_SHOWN:], snapshot)
    if open_jobs:
        from engine.cli.forecast_lines import print_estimates, read_forecast  # noqa: PLC0415 - only where something waits

        print_estimates(read_forecast(session, snapshot), snapshot.names)
    _print_reviews(session)
    if runs:
        print_line()
        print_line("Newest runs", style="bold")
        going = {job.run_id for job in open_jobs if job.status is JobStatus.RUNNING}
        shows_recurring = any(run.recurring is not None for run in runs)
        rows = [
            (
                state_text((run.status if run.run_id in going else status_at_rest(run.status)).value),
                short_name(run_name(run)),
                run.run_id,
                date_second(run.created_at),
                cost_text(run_cost(session, run.run_id)),
                *((_recurring(run),) if shows_recurring else ()),
            )
            for run in runs
        ]
        columns = ("STATE", "NAME", "RUN", "CREATED", "COST", *(("RECURRING",) if shows_recurring else ()))
        print_table(columns, rows)


def recurring_json(run: Run | None) -> dict[str, Any] | None:
    """The recurring run that has queued a run, for programs."""
    return None if run is None or run.recurring is None else asdict(run.recurring)


def _recurring(run: Run) -> str:
    """The recurring run that has queued a run: ``nightly, by hand``."""
    found = run.recurring
    return "" if found is None else f"{found.name}, by hand" if found.by_hand else found.name


def counted(session: HomeSession) -> BucketCounts:
    """What the counters of a window show at this moment."""
    return _counts_of(session.plain.read(counted_work.counted_work), session)


def _counts_of(work: CountedWork, session: HomeSession) -> BucketCounts:
    refused = refusals_in(session.inbox)
    return count(
        work.workstreams,
        work.jobs,
        work.merges,
        now=time.time(),
        refused_files=len(refused),
        missed_runs=_missed_runs(session.home.root),
    )


def _missed_runs(home: Path) -> int:
    if not (home / SCHEDULES).is_dir():
        return 0
    from engine.recurring.recurring_rows import recurring_rows  # noqa: PLC0415 - it loads the reader of YAML

    return sum(row.is_missed for row in recurring_rows(home, time.time()))


def _print_counted(session: HomeSession) -> None:
    work = session.plain.read(counted_work.counted_work)
    if summary := _counts_of(work, session).summary():
        among = f" of {work.runs} of {work.runs + work.earlier_runs} runs" if work.earlier_runs else ""
        print_line(f"Workstreams{among}: {summary}")


def _workstreams_json(session: HomeSession) -> dict[str, int]:
    counts = counted(session)
    numbers = {bucket.name.lower(): counts.number(bucket) for bucket in Bucket}
    return {**numbers, "refused_files": counts.refused_files, "missed_runs": counts.missed_runs}


def _engine_words(engine: Engine, snapshot: QueueSnapshot) -> str:
    if engine.kind != BACKGROUND_KIND:
        return f"Engine {engine.pid} ({engine.kind}) since {date_second(engine.started_at)}"
    running = sum(job.status is JobStatus.RUNNING for job in snapshot.jobs.values())
    return f"{background_sentence(engine, running, snapshot.now)} (process {engine.pid})"


def _reviews_json(session: HomeSession) -> list[dict[str, Any]]:
    streams = session.plain.read(reviews_in, UNDER_REVIEW)
    if not streams:
        return []
    from engine.cli.work_under_review import at_a_glance  # noqa: PLC0415 - slow to load, and mostly there is none

    return [at_a_glance(session, stream).to_json() for stream in streams]


def _print_reviews(session: HomeSession) -> None:
    streams = session.plain.read(reviews_in, UNDER_REVIEW)
    if not streams:
        return
    from engine.cli.work_under_review import WORK_COLUMNS, at_a_glance, row_of  # noqa: PLC0415 - as above

    print_line()
    print_line("Finished work", style="bold")
    print_table(WORK_COLUMNS, [row_of(at_a_glance(session, stream)) for stream in streams[:_SHOWN]])
    if len(streams) > _SHOWN:
        print_line(f"and {len(streams) - _SHOWN:,} more: `signalbox review list`")


def _print_rest(rest: list[Job], snapshot: QueueSnapshot) -> None:
    if rest:
        states = sorted({snapshot.state(job) for job in rest})
        selected = " ".join(f"--state {state}" for state in states)
        print_line(f"and {len(rest):,} more: `signalbox jobs {selected} --limit {len(snapshot.jobs)}`")


def jobs(
    *,
    state: StateOption = None,
    run: RunOption = None,
    workstream: WorkstreamOption = None,
    tool: ToolOption = None,
    label: LabelOption = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", "-n", metavar="N", parser=whole(least=1), help="At most this many, the newest ones."
        ),
    ] = 100,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox jobs`."""
    with opened(home) as session:
        snapshot = session.snapshot()
        found = session.list_jobs(
            snapshot,
            states=state or (),
            run_id=run,
            workstream=workstream,
            tool=tool,
            labels=label or (),
            limit=limit,
        )
        if not as_json:
            for sentence in start_blockers(snapshot):
                print_error(sentence)
        if as_json:
            print_json([job_json(job, snapshot) for job in found])
        elif found:
            names = session.plain.read(queries.names_of, [job.ws_key for job in found])
            print_jobs(found, snapshot, names=names)
        else:
            filtered = any((state, run, workstream, tool, label))
            print_line("No jobs match." if filtered else "There are no jobs yet.")


def _running(session: HomeSession, jobs: Iterable[Job]) -> RunningJobs:
    """What those of these jobs do that are running."""
    found = RunningJobs(session)
    found.refresh(jobs)
    return found


def print_jobs(
    found: list[Job],
    snapshot: QueueSnapshot,
    *,
    running: RunningJobs | None = None,
    names: ShownNames | None = None,
) -> None:
    """Print jobs as a table; of running ones what they do, where that was read.

    `names` are needed for jobs that ended in earlier runs, which no snapshot has.
    """
    rows: list[tuple[str | Styled, ...]] = []
    names = names or snapshot.names
    labelled = any(job.labels for job in found)
    for job in found:
        wait = snapshot.wait(job)
        rows.append(
            (
                state_text(snapshot.state(job)),
                short_name(names.job(job)),
                job.job_id,
                job.tool,
                f"{job.attempts}/{job.max_attempts}" if job.attempts else "",
                duration(elapsed(job, snapshot.now)),
                *([", ".join(job.labels)] if labelled else []),
                wait.sentence if wait is not None else (running and running.line(job)) or job.summary,
            )
        )
    columns = ("STATE", "NAME", "JOB", "TOOL", "ATTEMPT", "TIME", *(["LABELS"] if labelled else []), "")
    print_table(columns, rows)
