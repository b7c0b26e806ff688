"""An engine on a bench: real database, fake processes, a clock that stands still, work done at once."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.host.assembly import EngineIdentity
from engine.interfaces import Adapter, InlinePool, LaunchPolicy
from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.orchestrator.orchestrator import Orchestrator
from engine.orchestrator.parts import EngineParts
from engine.orchestrator.turn import StepReport
from engine.runners.fake import FakeProcesses, FakeRunner
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.types import AttemptContext, AttemptEnd, EndReason, FailureClass, Invocation, JobResult, ToolProbe
from state.records import NOTHING, Job


class WordsAdapter:
    """Runs the words of a job's command as the fake runner understands them; a code other than 0 is a failure."""

    tool = "shell"
    tile = "sh"

    def __init__(self) -> None:
        self.contexts: list[AttemptContext] = []
        self.broken: Exception | None = None

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        self.contexts.append(context)
        if self.broken is not None:
            raise self.broken
        assert spec.command is not None
        return Invocation(argv=(spec.command.exe, *spec.command.args), cwd=context.folder, env=NOTHING)

    def result(self, spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> JobResult:
        del spec
        good = end.reason is EndReason.EXITED and end.exit_code == 0
        printed = context.folder / "stdout"
        stdout = printed.read_text(encoding="utf-8") if printed.exists() else ""
        metadata = {"summary": f"It ended with {end.exit_code}.", "failure_class": FailureClass.FAILED.value}
        return JobResult(
            exit_code=end.exit_code,
            success=good,
            stdout=stdout,
            metadata={} if good else metadata,
            duration_s=1.0,
        )

    def probe(self, tool_paths: Any) -> ToolProbe:
        del tool_paths
        return ToolProbe(tool=self.tool, path=sys.executable)


@dataclass
class Clock:
    now: float = 10_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class EngineBench:
    """Everything an orchestrator needs, and engines made on demand."""

    home: Home
    clock: Clock = field(default_factory=Clock)
    steady: Clock = field(default_factory=Clock)
    """Never jumps; goes on with `pass_time` alone."""
    processes: FakeProcesses = field(default_factory=FakeProcesses)
    adapter: WordsAdapter = field(default_factory=WordsAdapter)
    more_adapters: dict[str, Adapter] = field(default_factory=dict)
    engines: list[Orchestrator] = field(default_factory=list)
    launch_policy: LaunchPolicy | None = None
    pool: InlinePool = field(default_factory=InlinePool)
    is_plain: bool = False
    """Whether the adapter only puts commands together."""

    def engine(self) -> Orchestrator:
        store = JobStateStore(home=self.home, clock=self.clock)
        parts = EngineParts(
            identity=EngineIdentity(self.home, kind="test"),
            runner=FakeRunner(self.home, processes=self.processes),
            adapters={"shell": self.adapter, **self.more_adapters},
            pool=self.pool,
            is_plain=lambda _spec: self.is_plain,
            tool_paths={},
            launch_policy=self.launch_policy,
        )
        made = Orchestrator(store, parts=parts, clock=self.clock, monotonic=self.steady)
        self.engines.append(made)
        return made

    def pass_time(self, seconds: float) -> None:
        self.clock.now += seconds
        self.steady.now += seconds

    def close(self) -> None:
        for engine in self.engines:
            engine.close()
            assert isinstance(engine.store, JobStateStore)
            engine.store.close()


def words(*command: str, job_id: str | None = None, **fields: Any) -> JobSpec:
    """A job that says these words to the fake runner."""
    data: dict[str, Any] = {
        "tool": "shell",
        "command": {"exe": command[0], "args": list(command[1:])},
        **fields,
    }
    return job_from_mapping({**data, "job_id": job_id} if job_id else data, base=Path("/nowhere"))


def settle(engine: Orchestrator, *, turns: int = 20) -> StepReport:
    """Step until nothing changes any more."""
    report = engine.turn.step()
    for _ in range(turns):
        if not report.changed:
            break
        report = engine.turn.step()
    return report


def crash(engine: Orchestrator) -> None:
    """What a kill -9 leaves: no engine, a free lock, and its rows as they were."""
    engine.turn.parts.identity.release()


def store_of(engine: Orchestrator) -> JobStateStore:
    assert isinstance(engine.store, JobStateStore)
    return engine.store


def job_of(engine: Orchestrator, job_id: str) -> Job:
    job = engine.store.get_job(job_id)
    assert job is not None
    return job
