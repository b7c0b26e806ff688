"""The composition root of the engine: which real parts work together. Builds everything and makes no decisions."""

import os
import secrets
import socket
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from engine.adapters import ADAPTERS
from engine.adapters.shell import is_plain
from engine.host.attempt_trees import AttemptTrees
from engine.interfaces import StateInterface
from engine.maintenance.artifact_copies import write_copies
from engine.maintenance.health import Health
from engine.orchestrator.parts import EngineParts
from engine.runners.attempt_notes import AttemptNotes
from engine.runners.local import LocalRunner
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.tool_defaults import ToolDefaults
from engine.trust.policy import TrustPolicy
from state.locks import KernelLock, is_held
from state.records import Engine

POOL_THREADS = 4
"""Threads that wait for git and files; they do little work in Python itself."""


class EngineIdentity:
    """The identity of this engine, proved to all others by a kernel lock that is released when the process ends."""

    def __init__(self, home: Home, *, kind: str) -> None:
        self._home = home
        self._lock: KernelLock | None = None
        self.engine = Engine(
            engine_id=f"{os.getpid()}-{secrets.token_hex(4)}",
            home_id=home.home_id(),
            host=socket.gethostname(),
            pid=os.getpid(),
            kind=kind,
            started_at=time.time(),
        )

    def take(self) -> None:
        """Take the lock and keep it; must come before the first claim."""
        if self._lock is None:
            self._lock = KernelLock.try_take(self._file(self.engine.engine_id))

    def is_alive(self, engine_id: str | None) -> bool:
        """Whether the engine with this id holds its lock."""
        return engine_id is not None and is_held(self._file(engine_id))

    def release(self) -> None:
        """Release the lock and delete its file."""
        if self._lock is not None:
            self._lock.release(remove=True)
            self._lock = None

    def _file(self, engine_id: str) -> Path:
        return self._home.engines / f"{engine_id}.lock"


def default_store() -> JobStateStore:
    """The store of the default home."""
    return JobStateStore()


def default_parts(store: StateInterface, *, kind: str = "command_line") -> EngineParts:
    """Real parts in the store's home, or in the default home for a store that has none."""
    home = store.home if isinstance(store, JobStateStore) else Home.at()
    tool_paths = store.settings().tool_paths if isinstance(store, JobStateStore) else {}
    return EngineParts(
        identity=EngineIdentity(home, kind=kind),
        runner=LocalRunner(home),
        adapters=ADAPTERS,
        pool=ThreadPoolExecutor(max_workers=POOL_THREADS, thread_name_prefix="engine-pool"),
        tool_paths=tool_paths,
        launch_policy=TrustPolicy(
            home.home_id(), tool_paths, home=home.root, defaults=partial(_tool_defaults, store)
        ),
        write_copies=partial(write_copies, logs=home.logs),
        health=_health(store, home),
        notes=AttemptNotes(home),
        trees=AttemptTrees(store) if isinstance(store, JobStateStore) else None,
        is_plain=is_plain,
    )


def _tool_defaults(store: StateInterface) -> Mapping[str, ToolDefaults]:
    return store.settings().tools if isinstance(store, JobStateStore) else {}


def _health(store: StateInterface, home: Home) -> Health | None:
    if not isinstance(store, JobStateStore):
        return None
    return Health(home, store.database, floor_mb=lambda: store.settings().free_floor_mb)
