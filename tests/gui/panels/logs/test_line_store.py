"""The lines of the Logs are kept in order and filtered in slices that fit one turn of the event loop."""

import time
from collections.abc import Sequence
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from engine.streams.entries import Level
from gui.panels.logs.filter import Chip, LineFilter, Query, chip_from_json, since
from gui.panels.logs.line_store import BIN_S, LineStore, LogEntry, Source
from gui.panels.logs.table_model import LogColumn, LogTableModel

ED = Source(run_id="r1", ws_id="cart", job_id="edit", tool="aider", attempt=1, label="cart")
TEST = Source(run_id="r1", ws_id="lexer", job_id="test", tool="tests", attempt=2, label="lexer")


def store_of(texts: Sequence[str], **more: int) -> LineStore:
    made = LineStore(**more)
    made.append(entries(made, texts))
    return made


def entries(store: LineStore, texts: Sequence[str], start: float = 0.0) -> list[LogEntry]:
    numbers = [store.sources.number(ED), store.sources.number(TEST)]
    return [
        LogEntry(start + n, Level.ERROR if "FAILED" in text else Level.OUTPUT, numbers[n % 2], 0, text)
        for n, text in enumerate(texts)
    ]


def rows(model: LogTableModel) -> list[str]:
    return [model.index(row, LogColumn.TEXT).data() for row in range(model.rowCount())]


def settled(qtbot: QtBot, model: LogTableModel) -> list[str]:
    qtbot.waitUntil(lambda: not model.searching)
    return rows(model)


def test_older_lines_are_inserted_before_the_first_and_serial_numbers_stay() -> None:
    store = store_of(["c", "d"])
    store.prepend(entries(store, ["a", "b"], start=-2.0))
    assert [store.text(serial) for serial in range(store.base, store.end)] == ["a", "b", "c", "d"]
    assert (store.base, store.text(0), store.at(-2)) == (-2, "c", -2.0)


def test_the_oldest_lines_are_dropped_when_there_are_too_many() -> None:
    store = store_of([str(n) for n in range(120)], limit=100)
    assert store.trim() == 30
    assert (len(store), store.text(store.base)) == (90, "30")
    assert sum(store.by_source.values()) == sum(one.lines for one in store.bins.values()) == 90


def test_counts_by_level_source_and_time_follow_every_change() -> None:
    store = store_of(["x FAILED", "y", "z FAILED"])
    assert store.by_level == {Level.ERROR: 2, Level.OUTPUT: 1}
    assert store.errors_by_source[store.sources.number(ED)] == 2
    assert store.bins[0] == (3, 0, 2)
    removed = store.remove_from(1)
    assert [one.text for one in removed] == ["y", "z FAILED"]
    assert store.bins[0] == (1, 0, 1)
    store.append(entries(store, ["late"], start=BIN_S * 3))
    assert store.bins[3].lines == 1


CHIPS = st.builds(
    Chip,
    kind=st.sampled_from(["text", "level", "tool", "workstream", "job", "run"]),
    value=st.sampled_from(["a", "B", "output", "error", "aider", "tests", "cart", "edit", "r1"]),
    hide=st.booleans(),
).filter(lambda chip: chip.kind != "level" or chip.value in {"output", "error"})


@given(
    st.lists(st.sampled_from(["a", "Ab", "FAILED b", "c"]), max_size=30),
    st.lists(CHIPS, max_size=4),
    st.sampled_from(["", "A", "fail"]),
    st.booleans(),
)
def test_a_line_passes_when_every_kind_shows_it_and_nothing_hides_it(
    texts: list[str],
    chips: list[Chip],
    needle: str,
    only: bool,  # noqa: FBT001 - given by hypothesis
) -> None:
    store = store_of(texts)

    def has(chip: Chip, serial: int) -> bool:
        source = store.source(serial)
        return {
            "text": chip.value.lower() in store.text(serial).lower(),
            "level": store.level(serial).word == chip.value,
            "tool": source.tool == chip.value,
            "workstream": source.ws_id == chip.value,
            "job": source.job_id == chip.value,
            "run": source.run_id == chip.value,
        }[chip.kind]

    def passes(serial: int) -> bool:
        if any(chip.hide and has(chip, serial) for chip in chips):
            return False
        for kind in {chip.kind for chip in chips if not chip.hide}:
            if not any(has(chip, serial) for chip in chips if chip.kind == kind and not chip.hide):
                return False
        return not (only and needle) or needle.lower() in store.text(serial).lower()

    found = LineFilter(Query(tuple(chips), needle, only)).apply(store, store.base, store.end)
    assert list(found.passing) == [one for one in range(store.base, store.end) if passes(one)]
    assert set(found.matches) <= set(found.passing)


def test_the_table_lists_what_passes_and_counts_hits(qtbot: QtBot) -> None:
    model = LogTableModel(store_of(["one totals", "two", "DEBUG totals", "FAILED totals"]))
    model.set_query(Query((Chip("text", "totals"), Chip("text", "debug", hide=True))))
    assert settled(qtbot, model) == ["one totals", "FAILED totals"]
    assert model.hits() == [3, 1]
    assert list(model.errors) == [3]
    model.set_query(Query((Chip("workstream", "lexer"),)))
    assert settled(qtbot, model) == ["two", "FAILED totals"]
    assert model.hits() == [2]


def test_the_search_text_hides_other_lines_or_is_only_highlighted(qtbot: QtBot) -> None:
    model = LogTableModel(store_of(["ab", "x", "AB"]))
    model.set_query(Query(needle="ab", only_matching=False))
    assert settled(qtbot, model) == ["ab", "x", "AB"]
    assert [model.matches_between(row, row) for row in range(3)] == [1, 0, 1]
    assert model.matches_between(0, 1) == 1
    assert [model.next_match(-1), model.next_match(0), model.next_match(2), model.next_match(0, -1)] == [
        0, 2, 0, 2,
    ]  # fmt: skip
    model.set_query(Query(needle="ab"))
    assert settled(qtbot, model) == ["ab", "AB"]


def test_the_search_for_the_next_error_wraps_around(qtbot: QtBot) -> None:
    model = LogTableModel(store_of(["a", "FAILED 1", "b", "FAILED 2"]))
    model.set_query(Query())
    settled(qtbot, model)
    assert [model.next_error(row) for row in (-1, 1, 3)] == [1, 3, 1]
    assert [model.next_error(row, -1) for row in (3, 1)] == [1, 3]
    assert LogTableModel(LineStore()).next_error(0) is None


def test_lines_that_arrive_during_a_search_are_neither_lost_nor_doubled(qtbot: QtBot) -> None:
    store = store_of([f"old {n}" for n in range(20_000)])
    model = LogTableModel(store)
    model.set_query(Query((Chip("text", "7"),)))
    assert model.searching
    model.append(entries(store, [f"new {n}" for n in range(500)], start=30_000))
    model.prepend(entries(store, [f"before {n}" for n in range(500)], start=-600))
    found = settled(qtbot, model)
    everything = [store.text(serial) for serial in range(store.base, store.end)]
    assert found == [text for text in everything if "7" in text]
    assert model.hits() == [len(found)]


def test_late_lines_move_no_line_of_their_own_moment(qtbot: QtBot) -> None:
    """A job prints a thousand lines in a moment, and an event may be in the list before them."""
    assert qtbot is not None
    store = LineStore()
    model = LogTableModel(store)
    number = store.sources.number(ED)
    event = LogEntry(2.0, Level.EVENT, number, 7, "event")
    model.append([*(LogEntry(1.0, Level.OUTPUT, number, 0, f"old {n}") for n in range(100)), event])
    moved: list[int] = []
    model.rowsRemoved.connect(lambda _parent, first, last: moved.append(last - first + 1))
    model.append([LogEntry(1.0, Level.OUTPUT, number, 0, "new")])
    assert moved == [1]
    assert [store.text(serial) for serial in range(98, store.end)] == ["old 98", "old 99", "new", "event"]


def test_a_late_line_is_sorted_in(qtbot: QtBot) -> None:
    store = LineStore()
    model = LogTableModel(store)
    model.append(entries(store, ["a", "b", "c FAILED"]))
    model.set_query(Query((Chip("text", "a"),)))
    settled(qtbot, model)
    model.append([LogEntry(0.5, Level.OUTPUT, 0, 0, "late a")])
    assert [store.text(serial) for serial in range(store.end)] == ["a", "late a", "b", "c FAILED"]
    assert rows(model) == ["a", "late a", "c FAILED"]
    assert model.hits() == [3]


def test_trimming_removes_rows_from_the_top(qtbot: QtBot) -> None:
    store = LineStore(100)
    model = LogTableModel(store)
    model.set_query(Query((Chip("text", "even"),)))
    for start in range(0, 200, 50):
        model.append(
            entries(store, [f"{'even' if n % 2 == 0 else 'odd'} {start + n}" for n in range(50)], start=start)
        )
    found = settled(qtbot, model)
    assert len(store) <= 100
    assert found == [
        text for serial in range(store.base, store.end) if "even" in (text := store.text(serial))
    ]


def test_the_table_passes_the_model_tester(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    store = LineStore(300)
    model = LogTableModel(store)
    qtmodeltester.check(model)
    for start in range(0, 500, 100):
        model.append(entries(store, [f"line {n}" for n in range(100)], start=start))
    model.append([LogEntry(450.5, Level.OUTPUT, 0, 0, "late")])
    model.set_query(Query(needle="5"))
    model.prepend(entries(store, ["older 5"], start=-5))
    settled(qtbot, model)
    model.clear()
    assert model.rowCount() == 0


def test_a_search_over_two_hundred_thousand_lines_shows_the_newest_at_once_and_never_blocks(
    qtbot: QtBot,
) -> None:
    store = store_of(
        [f"line {n} of a job that prints what jobs print, path/to/file_{n}.py" for n in range(200_000)]
    )
    model = LogTableModel(store)
    model.set_query(Query())
    settled(qtbot, model)
    started = time.thread_time()
    model.set_query(Query(needle="FILE_1"))
    first = time.thread_time() - started
    assert model.rowCount() > 0
    longest = 0.0
    slot = model._on_slice
    while model.searching:
        before = time.thread_time()
        slot()
        longest = max(longest, time.thread_time() - before)
    assert first < 0.05
    assert longest < 0.06


def test_ten_thousand_new_lines_in_batches_stay_within_a_frame_each() -> None:
    store = store_of(["x"] * 50_000)
    model = LogTableModel(store)
    longest = 0.0
    for start in range(0, 10_000, 500):
        batch = entries(store, [f"line {start + n}" for n in range(500)], start=60_000 + start)
        before = time.thread_time()
        model.append(batch)
        longest = max(longest, time.thread_time() - before)
    assert longest < 0.05


@pytest.mark.parametrize("text", ["(a+)+$", "%", "_", "'; DROP TABLE", "\\"])
def test_the_search_text_is_never_a_pattern(text: str, qtbot: QtBot) -> None:
    model = LogTableModel(store_of(["aaaaaaaaaaaaaaaaaaaaaaaaaaaa!", f"has {text} in it"]))
    model.set_query(Query(needle=text))
    assert settled(qtbot, model) == [f"has {text} in it"]


def test_lines_from_a_time_on_are_shown_or_hidden_however_they_arrive(qapp: object) -> None:
    assert qapp is not None
    model = LogTableModel(LineStore())
    model.store.sources.number(Source(job_id="j"))
    model.set_query(Query((since(3.0), since(6.0, hide=True))))
    model.append([LogEntry(float(n), int(Level.OUTPUT), 0, 0, f"{n}") for n in range(4, 8)])
    model.prepend([LogEntry(float(n), int(Level.OUTPUT), 0, 0, f"{n}") for n in range(4)])
    while model.searching:
        model._on_slice()
    assert [model.store.text(model.serial(row)) for row in range(model.rowCount())] == ["3", "4", "5"]
    assert model.hits() == [5, 2]


def test_a_time_is_remembered_and_a_wrong_one_is_not_restored() -> None:
    chip = since(1_790_000_000.25)
    assert chip_from_json(chip.to_json()) == chip
    assert chip.label.startswith("from ")
    assert chip_from_json({"kind": "since", "value": "yesterday"}) is None
    assert chip_from_json({"kind": "since", "value": "nan"}) is None


def test_a_line_of_another_day_says_which_and_its_tip_has_all_of_its_time(qapp: object) -> None:
    assert qapp is not None
    noon = datetime(2026, 11, 30, 12, 0, 5).astimezone().timestamp()
    model = LogTableModel(LineStore(), clock=lambda: noon)
    model.store.sources.number(Source(job_id="j"))
    model.append([LogEntry(at, int(Level.OUTPUT), 0, 0, "line") for at in (noon - 2 * 86_400, noon)])
    times = [[model.cell(row, LogColumn.TIME, precise=full) for full in (False, True)] for row in (0, 1)]
    assert times == [["11-28 12:00", "11-28 12:00"], ["12:00:05", "12:00:05.000"]]
    tip = model.index(0, LogColumn.TIME).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "2026-11-28 12:00:05"


def test_marked_lines_are_gone_to_in_order_of_time_and_survive_a_reload(qapp: object) -> None:
    assert qapp is not None
    model = LogTableModel(LineStore())
    model.store.sources.number(Source(job_id="j"))
    lines = [LogEntry(float(n // 2), int(Level.OUTPUT), 0, 0, f"line {n}") for n in range(8)]
    model.append(lines)
    assert model.next_mark(0, 1) is None
    for row in (5, 2):
        model.toggle_mark(row)
    assert [model.next_mark(0, 1), model.next_mark(2, 1), model.next_mark(5, 1)] == [2, 5, 2]
    assert [model.next_mark(5, -1), model.next_mark(2, -1)] == [2, 5]
    model.clear()
    assert model.next_mark(0, 1) is None
    model.append(lines[3:])
    assert [model.marks.has(serial) for serial in range(5)] == [False, False, True, False, False]
    assert model.next_mark(0, 1) == 2
    model.toggle_mark(2)
    assert model.next_mark(0, 1) is None
