"""The window reads a bounded part of a long past, counts the rest, and reads that as far as somebody needs it."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from engine.system.home import Home
from gui.control.older_reading import OlderReading
from gui.data.cards_model import CardsModel
from gui.data.projection import Projection
from gui.data.selection import Selection
from gui.data.state_counts import StateCounts
from gui.panels.dashboard.runs_model import run_rows
from state import older_work, snapshot_query
from state.database import Database
from state.database_reader import DatabaseReader
from state.records import Event, JobStatus
from tests.benchmarks.large_home import LARGE_RUN, OPEN_JOBS, make
from tests.helpers.patience import PATIENCE_MS

JOBS, AT_ONCE = 1_000, 100


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseReader]:
    home = tmp_path_factory.mktemp("past") / "home"
    make(home, JOBS, 4 * JOBS)
    database = Database(Home.at(home).database)
    made = DatabaseReader(database)
    yield made
    made.close()
    database.close()


def loaded(projection: Projection, reader: DatabaseReader, most_ended: int | None = None) -> Projection:
    projection.load(reader.read(snapshot_query.snapshot, most_ended=most_ended))
    return projection


def test_open_jobs_are_read_first_and_of_the_rest_no_more_than_was_said(reader: DatabaseReader) -> None:
    found = reader.read(snapshot_query.snapshot, most_ended=AT_ONCE)
    by_open = [job for job in found.jobs if job.status in {JobStatus.HELD, JobStatus.QUEUED}]
    assert (len(by_open), len(found.jobs)) == (OPEN_JOBS, OPEN_JOBS + AT_ONCE)
    assert sum(one.number for one in found.older) == JOBS - len(found.jobs)
    keys = {one.workstream.key for one in found.older}
    made = {run.run_id: run.created_at for run in found.runs}
    ages = [made[one.workstream.run_id] for one in found.older]
    assert ages == sorted(ages, reverse=True), "and the newest next"
    assert keys.isdisjoint(stream.key for stream in found.workstreams)
    assert keys.isdisjoint(job.ws_key for job in found.jobs)
    assert keys.isdisjoint(file.key[:2] for file in found.files)
    newest = reader.read(snapshot_query.snapshot, newest_runs=1)
    assert newest.earlier_runs == len(found.runs) - len(newest.runs) > 0 == found.earlier_runs


def test_what_is_only_counted_is_counted_as_if_it_was_read_at_every_moment(
    reader: DatabaseReader, qtbot: QtBot
) -> None:
    whole, some, selection = Projection(), Projection(), Selection()
    expected, counts = StateCounts(whole, selection), StateCounts(some, selection)
    reading = OlderReading(some, selection, reader=reader)
    loaded(whole, reader)
    loaded(some, reader, AT_ONCE)
    seen = []

    def compare() -> None:
        seen.append(len(some.older))
        assert counts.counts == expected.counts
        assert counts.cost.usd == pytest.approx(expected.cost.usd)

    compare()
    some.folded.connect(compare)
    qtbot.waitUntil(lambda: not some.older, timeout=PATIENCE_MS)
    reading.stop()
    assert seen == sorted(seen, reverse=True)
    assert len(seen) > 3, "in parts"
    assert (some.jobs, some.files, some.workstreams) == (whole.jobs, whole.files, whole.workstreams)
    assert [some.jobs_of(key) for key in whole.workstreams] == [
        whole.jobs_of(key) for key in whole.workstreams
    ]


@pytest.mark.usefixtures("qtbot")
def test_the_runs_of_the_dashboard_show_the_same_with_what_is_only_counted(reader: DatabaseReader) -> None:
    rows = []
    for most_ended in (None, AT_ONCE):
        projection = Projection()
        cards = CardsModel(projection)
        cards.set_live(True)
        loaded(projection, reader, most_ended)
        rows.append(run_rows(cards.cards(), projection.runs, projection.shown_older()))
    for read, counted in zip(*rows, strict=True):
        assert (counted.segments, counted.done, counted.total) == (read.segments, read.done, read.total)
        assert counted.cost == pytest.approx(read.cost)
        assert counted.state == read.state


def test_more_is_read_on_request_and_all_of_a_run_that_is_selected(
    reader: DatabaseReader, qtbot: QtBot
) -> None:
    projection, selection = Projection(), Selection()
    reading = OlderReading(projection, selection, reader=reader, read_at_start=0)
    loaded(projection, reader, AT_ONCE)
    before = projection.older_jobs()
    selection.select_run(LARGE_RUN)
    qtbot.waitUntil(lambda: not projection.older_of(LARGE_RUN), timeout=PATIENCE_MS)
    assert 0 < projection.older_jobs() < before, "other runs are not read for it"
    projection.request_older()
    qtbot.waitUntil(lambda: not projection.older, timeout=PATIENCE_MS)
    reading.stop()


def test_a_workstream_that_something_happens_to_is_read_as_it_is_after_that(reader: DatabaseReader) -> None:
    projection = loaded(Projection(), reader, AT_ONCE)
    key = next(iter(projection.older))
    early = reader.read(older_work.read_workstreams, [key])
    event = Event(id=early.cursor + 1, at=1.0, event_type="job.queued", run_id=key[0], ws_id=key[1])
    projection.fold([event])
    projection.take_in(early)
    assert key in projection.older, "it was read before that happened"
    projection.take_in(older_work.ReadWorkstreams(cursor=event.id, keys=early.keys, jobs=early.jobs))
    assert key not in projection.older
    assert [job.job_id for job in projection.jobs_of(key)] == [job.job_id for job in early.jobs]
