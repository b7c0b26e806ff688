"""Events between lines of output are one row, however they arrive."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from engine.streams.entries import Level
from gui.panels.logs.filter import Chip, Query
from gui.panels.logs.line_store import LineStore, LogEntry, Source
from gui.panels.logs.table_model import LogColumn, LogTableModel

pytestmark = pytest.mark.usefixtures("qapp")

EVENT, OUTPUT = int(Level.EVENT), int(Level.OUTPUT)


def entries(levels: list[int], start: float) -> list[LogEntry]:
    return [
        LogEntry(start + n, level, 0, int(level == EVENT), f"text {start + n:g}")
        for n, level in enumerate(levels)
    ]


def folding() -> LogTableModel:
    model = LogTableModel(LineStore())
    model.store.sources.number(Source(run_id="r", ws_id="w", job_id="j"))
    model.fold_events(on=True)
    return model


def texts(model: LogTableModel) -> list[str]:
    return [model.index(row, LogColumn.TEXT).data() for row in range(model.rowCount())]


def searched(model: LogTableModel) -> None:
    while model.searching:
        model._on_slice()


def expected(levels: list[int]) -> list[int]:
    """The number of lines of each row."""
    found: list[int] = []
    for level, run in groupby(levels):
        number = len(list(run))
        found += [number] if level == EVENT else [1] * number
    return found


def test_a_job_that_prints_one_line_has_three_rows() -> None:
    model = folding()
    model.append(entries([EVENT] * 5 + [OUTPUT] + [EVENT] * 4, 0))
    assert texts(model) == ["5 events, last: text 4", "text 5", "4 events, last: text 9"]
    assert (model.rowCount(), model.listed) == (3, 10)


def test_a_folded_row_says_whose_the_last_event_is_when_it_is_of_another_workstream() -> None:
    model = folding()
    other = model.store.sources.number(Source(run_id="r", ws_id="v", job_id="k", label="Cart"))
    model.append([LogEntry(0, EVENT, 0, 1, "one started"), LogEntry(1, EVENT, other, 2, "two was added")])
    assert texts(model) == ["2 events, last of Cart: two was added"]


def test_events_of_another_minute_are_a_row_of_their_own_with_their_own_time() -> None:
    model = folding()
    model.append(entries([EVENT, EVENT], 0))
    model.append(entries([EVENT, EVENT], 3600))
    assert texts(model) == ["2 events, last: text 1", "2 events, last: text 3601"]
    model.append(entries([EVENT], 3650))
    assert texts(model)[1:] == ["3 events, last: text 3650"]
    model.prepend(entries([EVENT, EVENT], -3600))
    searched(model)
    assert [len(model.serials_at(row)) for row in range(model.rowCount())] == [2, 2, 3]


def test_the_ids_of_the_jobs_whose_events_are_folded_stand_in_the_tool_tip_and_none_beside_output() -> None:
    model = folding()
    numbers = [model.store.sources.number(Source(run_id="r", ws_id="v", job_id=f"k{n}")) for n in range(10)]
    model.append(
        [LogEntry(at, EVENT, number, 1, "started") for at, number in enumerate([0, 0, *numbers[:1]])]
    )
    model.append([LogEntry(4, OUTPUT, 0, 0, "text")])
    model.append([LogEntry(5 + at, EVENT, number, 1, "ended") for at, number in enumerate(numbers)])
    tips = [model.index(row, LogColumn.TEXT).data(Qt.ItemDataRole.ToolTipRole) for row in range(3)]
    assert tips == ["j, k0", "", "k0, k1, k2, k3, k4, k5, k6, k7 and 2 more"]


def test_an_unfolded_run_lists_its_events_and_those_that_follow(qtmodeltester: ModelTester) -> None:
    model = folding()
    qtmodeltester.check(model)
    model.append(entries([OUTPUT, EVENT, EVENT], 0))
    assert model.unfold(model.serial(1))
    assert not model.unfold(model.serial(0))
    model.append(entries([EVENT], 3))
    assert texts(model) == ["text 0", "text 1", "text 2", "text 3"]
    model.fold_events(on=True)
    assert texts(model) == ["text 0", "3 events, last: text 3"]
    model.fold_events(on=False)
    assert len(texts(model)) == 4


def test_where_a_text_or_events_alone_are_looked_for_each_is_listed() -> None:
    model = folding()
    model.append(entries([EVENT, EVENT, OUTPUT], 0))
    for query in (Query(needle="text"), Query(chips=(Chip("text", "text"),))):
        model.set_query(query)
        assert len(texts(model)) == 3
    model.set_query(Query(chips=(Chip("level", "event"),)))
    assert len(texts(model)) == 2
    model.set_query(Query(chips=(Chip("level", "output", hide=True),)))
    assert texts(model) == ["2 events, last: text 1"]


def test_a_folded_row_is_copied_with_all_its_lines() -> None:
    model = folding()
    model.append(entries([EVENT, EVENT, OUTPUT], 0))
    assert list(model.serials_at(0)) == [0, 1]
    assert list(model.serials_at(1)) == [2]


batches = st.lists(
    st.tuples(st.booleans(), st.lists(st.sampled_from([EVENT, OUTPUT]), max_size=6)), max_size=12
)


@given(batches)
def test_rows_are_the_same_however_lines_arrive(arriving: list[tuple[bool, list[int]]]) -> None:
    model, whole = folding(), list[int]()
    first, last = 0.0, 0.0
    for is_older, levels in arriving:
        if is_older:
            first -= len(levels)
            model.prepend(entries(levels, first))
            whole = levels + whole
        else:
            model.append(entries(levels, last))
            last += len(levels)
            whole += levels
        searched(model)
    assert [len(model.serials_at(row)) for row in range(model.rowCount())] == expected(whole)
    assert model.listed == len(whole)
