"""The ports one engine works with; `engine.host.assembly` assembles the real ones, a test its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.interfaces import (
    Adapter,
    HealthCheck,
    Identity,
    LaunchPolicy,
    Pool,
    Runner,
    StartNotes,
    Trees,
    WriteCopies,
)
from engine.jobfile.spec import JobSpec


def _never(_spec: JobSpec) -> bool:
    """Have every job prepared on another thread."""
    return False


@dataclass(frozen=True, kw_only=True)
class EngineParts:
    """Everything a `Turn` needs in addition to its queue."""

    identity: Identity
    runner: Runner
    adapters: Mapping[str, Adapter]
    pool: Pool
    tool_paths: Mapping[str, str]
    launch_policy: LaunchPolicy | None = None
    write_copies: WriteCopies | None = None
    health: HealthCheck | None = None
    notes: StartNotes | None = None
    trees: Trees | None = None
    is_plain: Callable[[JobSpec], bool] = _never
    """Whether the adapter of a job only puts a command together, so that it is not worth another thread."""

    def close(self) -> None:
        """Stop watching, wait for the pool, and release the identity last."""
        self.runner.close()
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.identity.release()
