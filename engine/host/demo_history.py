"""Gives a new demo home a past: finished runs of the last days, so that charts, runs and logs have something to show.

Each is entered as history through the ledger, with times relative to now. Nothing of it ever runs, and its titles say
that it belongs to the demo.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.runners import layout
from engine.runners.capture import RECORD
from engine.state_store.accepting import job_of
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.system.private_files import write_private
from state.costs import CostSource
from state.ledger import AttemptOutcome, AttemptRun, Following, Ledger, NewJob
from state.records import AttemptStatus, Engine, Job, JobStatus, Origin, Run, Workstream
from state.write_attempts import DescribeRuns

_HOUR, _MINUTE = 3600.0, 60.0
_ENGINE = Engine(engine_id="demo-history", home_id="demo", host="", pid=0)
_RECORDED = "This is a recording of the demo; no model works here."


@dataclass(frozen=True, kw_only=True)
class _Past:
    """An attempt of the past: its tool, how long it took, and how it ended."""

    tool: str
    minutes: float
    summary: str
    cost: float | None = None
    failure: str | None = None


@dataclass(frozen=True, kw_only=True)
class _PastRun:
    """A run of the past: how long ago it began, and the steps of its workstreams, each a list of attempts."""

    hours_ago: float
    title: str
    streams: Mapping[str, Sequence[Sequence[_Past]]]


def _edit(tool: str, minutes: float, summary: str, cost: float) -> Sequence[_Past]:
    return [_Past(tool=tool, minutes=minutes, summary=summary, cost=cost)]


def _tests(minutes: float, passed: int) -> Sequence[_Past]:
    return [_Past(tool="tests", minutes=minutes, summary=f"{passed} passed")]


_RUNS: Sequence[_PastRun] = (
    _PastRun(hours_ago=146.0, title="Demo: first boards", streams={
        "rows": [_edit("claude", 14, "2 files changed, 61 lines added.", 0.42), _tests(1, 4)],
        "clock": [_edit("codex", 9, "2 files changed, 38 lines added.", 0.21), _tests(1, 6)],
    }),
    _PastRun(hours_ago=121.0, title="Demo: trams after midnight", streams={
        "midnight": [
            _edit("claude", 17, "2 files changed, 24 lines added, 6 removed.", 0.55),
            [
                _Past(tool="tests", minutes=1, summary="1 failed, 8 passed", failure="tests_failed"),
                _Past(tool="tests", minutes=1, summary="9 passed"),
            ],
        ],
        "stops": [_edit("gemini", 6, "1 file changed, 12 lines added.", 0.08)],
    }),
    _PastRun(hours_ago=98.0, title="Demo: sorted boards", streams={
        "sorting": [_edit("aider", 8, "1 file changed, 9 lines added, 5 removed.", 0.12), _tests(1, 10)],
        "displays": [[
            _Past(tool="claude", minutes=22, summary="claude stopped at the cost limit.", cost=0.9, failure="failed"),
        ]],
    }),
    _PastRun(hours_ago=73.0, title="Demo: a night's service", streams={
        "night": [_edit("claude", 26, "3 files changed, 88 lines added, 14 removed.", 0.78), _tests(2, 11)],
        "depot": [_edit("codex", 12, "1 file changed, 31 lines added.", 0.26), _tests(1, 11)],
        "airport": [_edit("gemini", 7, "2 files changed, 19 lines added.", 0.1), _tests(1, 12)],
    }),
    _PastRun(hours_ago=50.0, title="Demo: names that are too long", streams={
        "ellipsis": [_edit("aider", 5, "1 file changed, 2 lines added, 1 removed.", 0.07), _tests(1, 12)],
        "fonts": [[
            _Past(tool="gemini", minutes=3, summary="Answered, but changed no file.", cost=0.03, failure="no_change"),
            _Past(tool="gemini", minutes=4, summary="Answered, but changed no file.", cost=0.04, failure="no_change"),
        ]],
    }),
    _PastRun(hours_ago=25.0, title="Demo: checks of the stops", streams={
        "checks": [_edit("claude", 19, "2 files changed, 65 lines added.", 0.61), _tests(1, 12)],
        "survey": [_edit("codex", 11, "1 file changed, 24 lines added.", 0.19), _tests(1, 12)],
    }),
)  # fmt: skip


def enter_history(home: Home, store: JobStateStore, project: Path, *, now: float) -> None:
    """Enter the runs of the past into a home, with `project` as their repository; all of them or none."""
    history = _History(home, store, project)
    with store.transaction():
        for number, past in enumerate(_RUNS, 1):
            history.enter(number, past, now - past.hours_ago * _HOUR)


class _History:
    """Writes runs of the past; its clock shows the time of what it writes."""

    def __init__(self, home: Home, store: JobStateStore, project: Path) -> None:
        self._home, self._project = home, project
        self._now = 0.0
        self._ledger = Ledger(store.database, clock=lambda: self._now, is_history=True)

    def enter(self, number: int, past: _PastRun, began: float) -> None:
        """Enter one run, which began at that time."""
        self._now = began
        run_id, repo = f"demo-{number}", str(self._project)
        streams = [
            Workstream(run_id=run_id, ws_id=name, title=name.capitalize(), repo=repo) for name in past.streams
        ]
        self._ledger.jobs.create_run(Run(run_id=run_id, title=past.title, repo=repo), streams)
        for name, steps in past.streams.items():
            self._now = began
            jobs = self._ledger.jobs.accept(self._new_jobs(run_id, name, steps))
            for job, attempts in zip(jobs, steps, strict=True):
                self._play(job, attempts)

    def _new_jobs(self, run_id: str, name: str, steps: Sequence[Sequence[_Past]]) -> list[NewJob]:
        found: list[NewJob] = []
        for place, attempts in enumerate(steps):
            tool = attempts[0].tool
            step = "test" if tool == "tests" else "edit"
            fields: dict[str, Any] = {
                "job_id": f"{run_id}-{name}-{step}", "workstream_id": name, "step_name": step, "tool": tool,
                "paths": {"repo_root": str(self._project)},
                "metadata": {"retry": {"limit": len(attempts) - 1}},
            }  # fmt: skip
            fields |= {"tests": {"paths": ["tests"]}} if step == "test" else {"prompt": f"Work on {name}."}
            spec = job_from_mapping(fields)
            job = job_of(
                Accepted(spec=spec, digest=spec.digest()),
                run_id=run_id, origin=Origin.COMMAND_LINE, held=None, now=self._now,
            )  # fmt: skip
            found.append(NewJob(job=replace(job, position=place), spec=spec.to_json()))
        return found

    def _play(self, job: Job, attempts: Sequence[_Past]) -> None:
        for place, past in enumerate(attempts, 1):
            self._now += 20.0
            started = self._now
            _, attempt = self._ledger.attempts.claim_one(
                job.job_id, _ENGINE, runner="demo", now=started, runs=_described(job)
            )
            self._now += past.minutes * _MINUTE
            _write_output(self._home.attempts / attempt.folder_name, past, started, self._now)
            is_last = place == len(attempts)
            ended = JobStatus.COMPLETED if past.failure is None else JobStatus.FAILED
            following = Following(status=ended if is_last else JobStatus.QUEUED)
            self._ledger.attempts.end(attempt, _outcome(past), following, now=self._now)
        if attempts[-1].failure is not None:  # somebody has decided on it since
            self._ledger.commands.skip(job.job_id, "")


def _described(job: Job) -> DescribeRuns:
    return lambda _connection, _jobs: {job.job_id: AttemptRun()}


def _outcome(past: _Past) -> AttemptOutcome:
    tokens = int((past.cost or 0.0) * 200_000)
    return AttemptOutcome(
        status=AttemptStatus.COMPLETED if past.failure is None else AttemptStatus.FAILED,
        result={"summary": past.summary},
        exit_code=0 if past.failure is None else 1,
        duration_s=past.minutes * _MINUTE,
        failure_class=past.failure,
        summary=past.summary,
        cost_usd=past.cost,
        cost_source=None if past.cost is None else CostSource.ESTIMATED,
        input_tokens=tokens or None,
        output_tokens=tokens // 20 or None,
    )


def _write_output(folder: Path, past: _Past, started: float, ended: float) -> None:
    """What the attempt printed, as its shim would have kept it."""
    folder.mkdir(mode=0o700)
    lines = [f"{line}\n".encode() for line in (_RECORDED, past.summary)]
    index, offset = b"", 0
    for at, line in zip((started + 1.0, ended - 1.0), lines, strict=True):
        index += RECORD.pack(int(at * 1e9), offset, len(line), layout.STDOUT)
        offset += len(line)
    write_private(folder / layout.STREAMS[layout.STDOUT], b"".join(lines))
    write_private(folder / layout.INDEX, index)
