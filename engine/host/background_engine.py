"""The engine that a window has left in the background, in words and as a record."""

from typing import TYPE_CHECKING

from engine.system.formatting import moment, plural
from engine.system.home import Home
from state import queries
from state.locks import is_held
from state.records import BACKGROUND_KIND, Engine

if TYPE_CHECKING:
    from state.database_reader import DatabaseReader


def background_engine(home: Home, reader: "DatabaseReader") -> Engine | None:
    """The engine in the background that is alive; None without one."""
    found = reader.read(queries.open_engines)
    background = (one for one in found if one.kind == BACKGROUND_KIND)
    return next((one for one in background if is_held(home.engines / f"{one.engine_id}.lock")), None)


def background_sentence(engine: Engine, running: int, now: float) -> str:
    """Since when it works and what it runs, as a sentence without its full stop."""
    runs = f"{plural(running, 'job')} {'runs' if running == 1 else 'run'}" if running else "nothing runs"
    return f"An engine has worked in the background since {moment(engine.started_at, now)}, {runs}"
