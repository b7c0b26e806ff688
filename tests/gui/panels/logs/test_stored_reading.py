"""What F8 and a search of all output read: beside the window's thread, and merged a piece at a time."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.streams.entries import Level
from gui.panels.logs.line_store import LogEntry, LogSources
from gui.panels.logs.log_entries import LogEntries
from gui.panels.logs.merged_load import MergedLoad
from gui.panels.logs.stored_reading import PAGE, StoredReading
from state import event_queries
from state.named_work import NamedWork, count_of_work, events_of_work
from tests.gui.window_parts import WindowParts, make_window_parts
from tests.helpers.patience import PATIENCE_MS

FAR = 2**62


def entries(*times: float, word: str = "line") -> list[LogEntry]:
    return [LogEntry(at, 0, 0, 0, f"{word} {at}") for at in times]


def pieces(load: MergedLoad, most: int) -> list[list[str]]:
    found = []
    while not load.is_over:
        part = load.take(most)
        assert len(part) <= most
        found.append([entry.text for entry in part])
    return [piece for piece in found if piece]


def test_a_load_is_merged_in_pieces_and_what_has_no_room_is_the_oldest() -> None:
    events, lines = entries(1, 3, 5, word="event"), entries(2, 3, 4)
    found = pieces(MergedLoad(events, lines, room=99, newest_first=False), 2)
    assert found == [["event 1", "line 2"], ["event 3", "line 3"], ["line 4", "event 5"]]
    backwards = pieces(MergedLoad(events, lines, room=99, newest_first=True), 2)
    assert backwards == found[::-1]
    for newest_first in (False, True):
        parts = pieces(MergedLoad(events, lines, room=3, newest_first=newest_first), 2)
        assert sorted(text for part in parts for text in part) == ["event 5", "line 3", "line 4"]
    assert MergedLoad(events, lines, room=-1, newest_first=False).is_over


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    with closing(make_window_parts(tmp_path, qtbot, theme="dark")) as made:
        yield made


def test_errors_are_read_a_page_at_a_time_the_newest_first_and_no_more_than_wanted(
    parts: WindowParts, qtbot: QtBot
) -> None:
    with parts.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO events (at, event_type, level, message, payload_json) "
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
            "SELECT i, 'x.y', iif(i % 2, 'error', 'info'), 'event ' || i, '{}' FROM n"
        )
    reading = StoredReading(parts.sources, parts.window)
    pages: list[list[str]] = []
    reading.errors_read.connect(lambda events: pages.append([event.message for event in events]))
    with qtbot.waitSignal(reading.ended, timeout=PATIENCE_MS) as ended:
        reading.start(errors=1_200)
        assert not pages
    assert ended.args == [True]
    assert [len(page) for page in pages] == [PAGE, PAGE, 200]
    assert (pages[0][-1], pages[-1][0]) == ("event 2999", "event 601")
    reading.start(errors=1_200)
    reading.drop()
    reading.stop()
    assert len(pages) == 3


def test_the_events_of_a_level_are_those_that_are_shown_with_it(parts: WindowParts) -> None:
    kinds = ("job.x", "run.x", "workstream.x", "engine.x", "jobs.x")
    with parts.database.write() as connection:
        for kind in kinds:
            for level in ("debug", "info", "warning", "error", "notice"):
                connection.exec_driver_sql(
                    "INSERT INTO events (at, event_type, level, message, payload_json) VALUES (1, ?, ?, ?, '{}')",
                    (kind, level, f"{kind} {level}"),
                )
    read = parts.sources.reader.read
    stored = read(event_queries.events_before, FAR)
    entries = LogEntries(parts.projection, LogSources())
    for names in ({"event"}, {"info"}, {"error", "debug"}, {"warning", "event"}, {"output"}):
        named = NamedWork(levels=frozenset(names), with_engine=True)
        expected = [one for one in stored if Level(entries.of_event(one).level).word in names]
        assert read(events_of_work, named, before=FAR, limit=100) == expected
        errors = sum(one.level == "error" for one in expected)
        assert read(count_of_work, named, before=FAR) == (len(expected), errors)
