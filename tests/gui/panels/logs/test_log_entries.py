"""The level of an event in the Logs: events of every job are ordinary, events of the engine stand out."""

import pytest

from engine.streams.entries import Level
from gui.data.projection import Projection
from gui.panels.logs.line_store import LogSources
from gui.panels.logs.log_entries import LogEntries
from state.records import Event


@pytest.mark.parametrize(
    ("kind", "level", "shown"),
    [
        ("job.completed", "info", Level.EVENT),
        ("run.created", "info", Level.EVENT),
        ("workstream.created", "info", Level.EVENT),
        ("engine.started", "info", Level.INFO),
        ("limit.set", "info", Level.INFO),
        ("run.failed", "error", Level.ERROR),
        ("engine.paused", "warning", Level.WARNING),
        ("workstream.running", "debug", Level.DEBUG),
    ],
)
def test_the_level_of_an_event(kind: str, level: str, shown: Level) -> None:
    entries = LogEntries(Projection(), LogSources())
    event = Event(id=1, at=0.0, event_type=kind, level=level, message="text")
    assert Level(entries.of_event(event).level) is shown
