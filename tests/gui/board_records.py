"""Records of one night with two runs that cover every state of a card; for tests without a database."""

from collections.abc import Callable, Iterator
from itertools import count

from engine.intake.inbox import HELD
from gui.data.projection import EngineFacts, Projection
from state.codec import record_to_json
from state.records import (
    Attempt,
    AttemptStatus,
    Event,
    GroupStatus,
    HoldCause,
    Job,
    JobStatus,
    Limit,
    LimitKind,
    Origin,
    Run,
    Snapshot,
    Stage,
    Workstream,
    WorkstreamFile,
)

NOW = 1_790_000_000.0
MINUTE = 60.0
_seq = count(1)
_STAGES = {
    "edit": Stage.EDIT,
    "test": Stage.TEST,
    "review": Stage.REVIEW,
    "merge": Stage.MERGE,
}


def job(ws: tuple[str, str], step: str, status: JobStatus, **more: object) -> Job:
    """A job of a workstream; `more` overrides its fields."""
    fields: dict[str, object] = {
        "job_id": f"{ws[1]}-{step}",
        "run_id": ws[0],
        "ws_id": ws[1],
        "seq": next(_seq),
        "step_name": step,
        "tool": "claude",
        "stage": _STAGES.get(step, Stage.EDIT),
        "status": status,
        "created_at": NOW - 100 * MINUTE,
    }
    return Job(**(fields | more))  # type: ignore[arg-type]  # a test names fields freely


def chain(ws: tuple[str, str], *steps: tuple[str, JobStatus, dict[str, object]]) -> Iterator[Job]:
    """A chain of jobs, each depending on the one before."""
    before: tuple[str, ...] = ()
    for position, (step, status, more) in enumerate(steps):
        made = job(ws, step, status, **({"position": position, "depends_on": before} | more))
        before = (made.job_id,)
        yield made


def done(minutes_ago: float, **more: object) -> dict[str, object]:
    """The fields of a finished step."""
    return {"attempts": 1, "completed_at": NOW - minutes_ago * MINUTE, "cost_usd": 0.11} | more


def night() -> Snapshot:
    """Two runs with a workstream in every state, as in the pictures of the visual language."""
    s = JobStatus
    jobs: list[Job] = []
    files: list[WorkstreamFile] = []
    streams: list[Workstream] = []

    def stream(run: str, name: str, *steps: tuple[str, JobStatus, dict[str, object]]) -> None:
        streams.append(
            Workstream(
                run_id=run,
                ws_id=name,
                position=len(streams),
                repo=f"/src/{'shop' if run == '0347' else 'parser'}",
            )
        )
        jobs.extend(chain((run, name), *steps))

    def touched(run: str, name: str, number: int, added: int, removed: int) -> None:
        files.extend(
            WorkstreamFile(
                run_id=run,
                ws_id=name,
                path=f"{name}/{index}.py",
                declared=True,
                touched=True,
                added=added if index == 0 else 0,
                removed=removed if index == 0 else 0,
            )
            for index in range(number)
        )

    stream(
        "0347",
        "cart-totals",
        ("plan", s.COMPLETED, done(40)),
        ("tests", s.COMPLETED, done(30)),
        (
            "edit",
            s.RUNNING,
            {"attempts": 3, "max_attempts": 3, "started_at": NOW - 20 * MINUTE, "cost_usd": 0.62},
        ),
        ("test", s.QUEUED, {"tool": "tests", "max_attempts": 3}),
        ("review", s.QUEUED, {"tool": "git"}),
    )
    touched("0347", "cart-totals", 6, 63, 21)
    stream(
        "0347",
        "price-rules",
        ("plan", s.COMPLETED, done(10)),
        (
            "edit",
            s.RUNNING,
            {"tool": "aider", "attempts": 1, "max_attempts": 3, "started_at": NOW - 3 * MINUTE},
        ),
        ("test", s.QUEUED, {"tool": "tests"}),
        ("review", s.QUEUED, {"tool": "git"}),
    )
    touched("0347", "price-rules", 4, 20, 5)
    stream(
        "0347",
        "stripe-webhooks",
        ("plan", s.COMPLETED, done(80)),
        ("edit", s.COMPLETED, done(60)),
        (
            "test",
            s.FAILED,
            {
                "tool": "tests",
                "attempts": 3,
                "max_attempts": 3,
                "quarantined": True,
                "completed_at": NOW - 38 * MINUTE,
                "summary": "test_replay_twice failed the same way 3 times.",
            },
        ),
        ("review", s.QUEUED, {"tool": "git"}),
    )
    stream(
        "0347",
        "search-index",
        ("plan", s.COMPLETED, done(62)),
        (
            "edit",
            s.QUEUED,
            {
                "tool": "codex",
                "attempts": 1,
                "max_attempts": 3,
                "not_before": NOW + 43 * MINUTE,
                "waits_for": "quota",
            },
        ),
        ("test", s.QUEUED, {"tool": "tests"}),
        ("review", s.QUEUED, {"tool": "git"}),
    )
    stream(
        "0347",
        "checkout-copy",
        ("edit", s.QUEUED, {"tool": "gemini", "max_attempts": 2, "created_at": NOW - 12 * MINUTE}),
        ("test", s.QUEUED, {"tool": "tests"}),
    )
    stream(
        "0347",
        "locale-de",
        (
            "edit",
            s.HELD,
            {
                "tool": "aider",
                "max_attempts": 2,
                "created_at": NOW - 95 * MINUTE,
                "hold_cause": HoldCause.PERSON,
                "hold_reason": "Held by you at 01:12; release it to queue it.",
            },
        ),
        ("test", s.QUEUED, {"tool": "tests"}),
    )
    stream(
        "0347",
        "from-inbox",
        (
            "edit",
            s.HELD,
            {
                "tool": "shell",
                "origin": Origin.INBOX,
                "created_at": NOW - 6 * MINUTE,
                "hold_cause": HELD.cause,
                "hold_reason": HELD.reason,
                "source_path": "/home/me/inbox/edit.json",
            },
        ),
    )
    stream(
        "0347",
        "bump-ruff",
        ("edit", s.COMPLETED, done(64, cost_usd=0.02)),
        ("merge", s.COMPLETED, done(61, tool="git", cost_usd=0.01)),
    )
    touched("0347", "bump-ruff", 1, 2, 2)
    stream("0347", "locale-nl", ("edit", s.CANCELLED, {"tool": "gemini", "completed_at": NOW - 180 * MINUTE}))
    stream(
        "0346",
        "recovery",
        ("plan", s.COMPLETED, done(30)),
        ("edit", s.COMPLETED, done(8)),
        (
            "test",
            s.RUNNING,
            {"tool": "tests", "attempts": 2, "max_attempts": 2, "started_at": NOW - 6 * MINUTE},
        ),
        ("review", s.QUEUED, {"tool": "git"}),
    )
    touched("0346", "recovery", 4, 41, 12)
    stream(
        "0346",
        "lexer-split",
        (
            "edit",
            s.QUEUED,
            {
                "tool": "aider",
                "max_attempts": 3,
                "depends_on": ("recovery-review",),
                "created_at": NOW - 52 * MINUTE,
            },
        ),
        ("test", s.QUEUED, {"tool": "tests"}),
        ("review", s.QUEUED, {"tool": "git"}),
    )
    stream(
        "0346",
        "fuzz-corpus",
        ("plan", s.COMPLETED, done(2)),
        (
            "test",
            s.QUEUED,
            {
                "tool": "codex",
                "attempts": 2,
                "max_attempts": 3,
                "not_before": NOW + 2 * MINUTE,
                "summary": "no output for 240 s",
            },
        ),
        ("review", s.QUEUED, {"tool": "git"}),
    )
    stream(
        "0346",
        "unicode-idents",
        ("edit", s.COMPLETED, done(6, cost_usd=0.6)),
        ("merge", s.COMPLETED, done(4, tool="git", cost_usd=0.06)),
    )
    touched("0346", "unicode-idents", 3, 30, 2)
    stream(
        "0346", "hints-cli", ("edit", s.SKIPPED, {"summary": "hints-ast failed", "completed_at": NOW - 7200})
    )
    stream(
        "0346",
        "docs-api",
        ("edit", s.COMPLETED, done(200, cost_usd=0.2)),
        ("review", s.COMPLETED, done(190, tool="git", cost_usd=0.11)),
    )
    return Snapshot(
        cursor=10,
        runs=(
            Run(
                run_id="0347",
                title="Night: checkout v2",
                status=GroupStatus.RUNNING,
                repo="/src/shop",
                created_at=NOW - 100 * MINUTE,
                started_at=NOW - 94 * MINUTE,
            ),
            Run(
                run_id="0346",
                title="Parser: error recovery",
                status=GroupStatus.RUNNING,
                repo="/src/parser",
                created_at=NOW - 200 * MINUTE,
                started_at=NOW - 52 * MINUTE,
            ),
        ),
        workstreams=tuple(streams),
        jobs=tuple(jobs),
        files=tuple(files),
        limits=(Limit(kind=LimitKind.GLOBAL, key="", value=3),),
    )


def attempt(of: Job, number: int = 1) -> Attempt:
    """The running attempt of a job."""
    return Attempt(
        id=next(_seq),
        run_id=of.run_id,
        ws_id=of.ws_id,
        job_id=of.job_id,
        step_name=of.step_name,
        number=number,
        tool=of.tool,
        status=AttemptStatus.RUNNING,
        token="abcd",
        started_at=NOW,
    )


def event_of(after: Job | Run | Workstream | WorkstreamFile, *, id: int, kind: str = "job.changed") -> Event:  # noqa: A002
    """The event that reports a changed record."""
    match after:
        case Job():
            payload: dict[str, object] = {"job": record_to_json(after)}
        case Run():
            payload = {"run": record_to_json(after)}
        case Workstream():
            payload = {"workstream": record_to_json(after)}
        case WorkstreamFile():
            payload = {"files": [record_to_json(after)]}
    return Event(id=id, at=NOW, event_type=kind, payload=payload)


def projected(snapshot: Snapshot | None = None, *, clock: Callable[[], float] = lambda: NOW) -> Projection:
    """A projection of the snapshot, with a running engine."""
    made = Projection(clock=clock)
    made.load(snapshot or night())
    made.observe_engine(EngineFacts(running=True))
    return made


def crowd(workstreams: int, jobs: int) -> Snapshot:
    """Many workstreams of one run, each with a running, waiting, done or failed job and others queued behind it."""
    s = JobStatus
    first = (s.RUNNING, s.QUEUED, s.COMPLETED, s.FAILED)
    streams = [Workstream(run_id="big", ws_id=f"ws-{n:03}", position=n) for n in range(workstreams)]
    made = [
        one
        for n, stream in enumerate(streams)
        for one in chain(
            stream.key,
            ("step-0", first[n % 4], {"attempts": 1, "started_at": NOW - 90, "completed_at": NOW - 60}),
            *((f"step-{k}", s.COMPLETED if n % 4 == 2 else s.QUEUED, {}) for k in range(1, jobs)),
        )
    ]
    run = Run(run_id="big", title="Big", created_at=NOW, started_at=NOW - 90)
    limit = Limit(kind=LimitKind.GLOBAL, key="", value=3)
    return Snapshot(cursor=10, runs=(run,), workstreams=tuple(streams), jobs=tuple(made), limits=(limit,))
