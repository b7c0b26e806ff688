"""The level of an event in the Logs: events of every job are ordinary, events of the engine stand out."""

import pytest

from engine.streams.entries import Level
from gui.data.projection import Projection
from gui.panels.logs.line_store import LogSources
from gui.panels.logs.log_entries import LogEntries
from state.records import Event, Job, Run, Snapshot, Workstream


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


def test_an_event_calls_jobs_by_their_names() -> None:
    records = Projection()
    job = Job(job_id="stops-rehearse-c1853aaa", run_id="r", ws_id="stops", step_name="rehearse")
    stream = Workstream(run_id="r", ws_id="stops", title="Tram stops")
    records.load(Snapshot(cursor=1, runs=(Run(run_id="r"),), workstreams=(stream,), jobs=(job,)))
    entries = LogEntries(records, LogSources())
    message = f"{job.job_id} is running; gone-0123abcd has failed."
    event = Event(id=1, at=0.0, event_type="job.running", level="info", message=message, job_id=job.job_id)
    assert entries.of_event(event).text == f"{records.names.job(job)} is running; gone-0123abcd has failed."
    assert "Tram stops" in entries.of_event(event).text
    assert entries.of_event(Event(id=2, at=0.0, event_type="engine.started", level="info")).text
