"""The ports one engine works with; `engine.host.assembly` assembles the real ones, a test its own."""

from collections.abc import Mapping
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

    def close(self) -> None:
        """Stop watching, wait for the pool, and release the identity last."""
        self.runner.close()
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.identity.release()
