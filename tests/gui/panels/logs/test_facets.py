"""The facets of the Logs: workstreams of several runs stay apart, and cells have names of their own."""

import pytest
from PySide6.QtCore import Qt

from engine.streams.entries import Level, Plan
from gui.data.level_captions import level_caption
from gui.panels.board.card_delegate import beside_plan
from gui.panels.logs.facets import Facet, facets
from gui.panels.logs.filter import Chip, LineFilter, Query, chip_from_json
from gui.panels.logs.line_store import LineStore, LogEntry, Source
from gui.panels.logs.table_model import LogColumn, LogTableModel

OF_ONE = Chip("workstream", "main", run_id="r1", word="main (Monday)")


def store() -> LineStore:
    made = LineStore()
    numbers = [made.sources.number(Source(run_id=run, ws_id="main", label="main")) for run in ("r1", "r2")]
    made.append([LogEntry(float(at), 5, numbers[at % 2], 0, f"line {at}") for at in range(5)])
    return made


def passing(*chips: Chip) -> list[int]:
    found = LineFilter(Query(chips)).apply(made := store(), made.base, made.end)
    return list(found.passing)


def test_workstreams_of_one_id_in_two_runs_are_filtered_apart_and_a_chip_without_a_run_has_both() -> None:
    assert passing(OF_ONE) == [0, 2, 4]
    assert passing(OF_ONE.flipped()) == [1, 3]
    assert passing(Chip("workstream", "main")) == [0, 1, 2, 3, 4]
    assert passing(OF_ONE, Chip("workstream", "main", run_id="r2")) == [0, 1, 2, 3, 4]
    assert chip_from_json(OF_ONE.to_json()) == OF_ONE


def test_each_run_has_a_facet_of_its_own_with_a_name_that_sets_it_apart() -> None:
    found = facets(store(), (OF_ONE,), distinct=lambda key: f"main ({key[0]})")
    rows = [one for one in found if one.kind == "workstream"]
    assert [(one.word, one.count, one.errors, one.sign) for one in rows] == [
        ("main (r1)", 3, 3, 1),
        ("main (r2)", 2, 2, 0),
    ]
    assert rows[0].chip().run_id == "r1"


def test_each_cell_of_a_line_has_a_name_of_its_own() -> None:
    made = store()
    made.append([LogEntry(9.0, 0, 0, 0, "plain")])
    model = LogTableModel(made)
    model.set_query(Query())
    role = Qt.ItemDataRole.AccessibleTextRole
    named = [model.index(5, column).data(role) for column in LogColumn]
    assert named[LogColumn.NUMBER] == "Line 6"
    assert named[LogColumn.LEVEL] == "no level"
    assert named[LogColumn.SOURCE] == "main"
    assert named[LogColumn.TEXT] == "plain"
    assert model.index(0, LogColumn.LEVEL).data(role) == "error"


@pytest.mark.usefixtures("in_german")
def test_levels_are_shown_in_the_language_of_the_window_and_a_filter_keeps_the_word_of_the_engine() -> None:
    chip = Facet(level_caption(Level.ERROR), "level", Level.ERROR.word).chip()
    assert chip == Chip("level", "error", hide=True)
    assert chip.label == "FEHLER"
    assert beside_plan("plan 1/3: Mend hello", Plan(done=1, total=3)) == ("Mend hello", "Plan 1/3")
