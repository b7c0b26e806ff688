"""Keeps what is costly to build for every history and engine of a process and of those forked from it.

A history starts a dozen engines and commands; most of their time went into building the command line and compiling
the same SQL again.
"""

import functools
import tempfile
from pathlib import Path

import typer.main
import typer.testing
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

from engine import cli
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system.home import Home
from state.records import Origin
from tests.helpers.patience import PATIENCE_S

_COMPILED: LRUCache[object, object] = LRUCache(5_000)


def keep() -> None:
    """Build the command line once, and compile each statement once, whichever database it is for."""
    typer.main.get_command = functools.cache(typer.main.get_command)
    vars(typer.testing)["_get_command"] = typer.main.get_command
    typer.main.get_command(cli.app)
    # Every dialect of this process is for the same SQLite; a cached statement belongs to an equal one.
    for name, value in {"__hash__": _hash, "__eq__": _is_alike}.items():
        setattr(SQLiteDialect_pysqlite, name, value)
    make = Engine.__init__

    def sharing(self: Engine, *args: object, **named: object) -> None:
        make(self, *args, **named)  # type: ignore[arg-type]
        self._compiled_cache = _COMPILED  # type: ignore[assignment]

    Engine.__init__ = sharing  # type: ignore[method-assign]


def _hash(_: object) -> int:
    return hash(SQLiteDialect_pysqlite)


def _is_alike(_: object, other: object) -> bool:
    return type(other) is SQLiteDialect_pysqlite


def warm_up() -> None:
    """Run a job in this process, so that what it needs is there."""
    with tempfile.TemporaryDirectory() as folder:
        service = EngineService(Home.at(Path(folder) / "home"))
        fields = {"tool": "shell", "job_id": "warm", "command": {"exe": "/bin/true", "args": []}}
        spec = job_from_mapping(fields, base=Path(folder))
        service.store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)
        for _ in range(int(PATIENCE_S)):
            if service.step().idle:
                break
            service.wait(1.0)
        service.close()
