"""What is selected, and what a coarser selection drops."""

from pytestqt.qtbot import QtBot

from gui.data.panel_filter import FilterPart, PanelFilter
from gui.data.selection import Selection


def test_selecting_a_workstream_deselects_job_and_file(selection: Selection) -> None:
    selection.select_file("r", "a", "src/x.py")
    selection.select_job("j")
    selection.select_workstream(("r", "b"))
    assert (selection.workstream, selection.job_id, selection.path) == (("r", "b"), None, None)


def test_selecting_a_job_keeps_the_file_of_the_same_workstream(selection: Selection) -> None:
    selection.select_file("r", "a", "src/x.py")
    selection.select_job("j", ("r", "a"))
    assert (selection.job_id, selection.path) == ("j", "src/x.py")


def test_selecting_a_job_of_another_workstream_selects_that_workstream_too(selection: Selection) -> None:
    selection.select_file("r", "a", "src/x.py")
    selection.select_job("j", ("r", "b"))
    assert (selection.workstream, selection.path) == (("r", "b"), None)


def test_selecting_another_run_deselects_what_belongs_to_the_first(selection: Selection) -> None:
    selection.select_job("j", ("one", "a"))
    selection.select_run("two")
    assert (selection.run_id, selection.workstream, selection.job_id) == ("two", None, None)


def test_its_own_run_or_all_runs_keep_the_selected_job(selection: Selection) -> None:
    selection.select_job("j", ("one", "a"))
    selection.select_run("one")
    selection.select_run(None)
    assert selection.job_id == "j"


def test_selecting_the_same_again_emits_nothing(selection: Selection, qtbot: QtBot) -> None:
    selection.select_job("j", ("one", "a"))
    selection.filter_by_state(["failed"])
    with qtbot.assertNotEmitted(selection.changed):
        selection.select_job("j", ("one", "a"))
        selection.select_workstream(("one", "a"))
        selection.filter_by_state({"failed"})


def test_an_empty_filter_removes_the_filter(selection: Selection) -> None:
    selection.filter_by_state(["failed", "timeout"])
    assert selection.filter_states == {"failed", "timeout"}
    selection.filter_by_state(())
    assert not selection.filter_states


def test_clear_keeps_run_and_filter(selection: Selection) -> None:
    selection.select_run("r")
    selection.select_job("j")
    selection.filter_by_state(["failed"])
    selection.clear()
    assert (selection.run_id, selection.job_id, selection.filter_states) == ("r", None, frozenset({"failed"}))


def test_escape_removes_the_filter_first_and_then_deselects(selection: Selection, qtbot: QtBot) -> None:
    selection.filter_by_state(["failed"])
    selection.select_run("r")
    selection.select_job("j", ("r", "a"))
    with qtbot.waitSignals([selection.changed]):
        selection.escape()
    assert (selection.run_id, selection.filter_states, selection.job_id) == (None, frozenset(), "j")
    selection.escape()
    assert selection.job_id is None


def test_one_part_of_the_filter_is_removed_alone(selection: Selection) -> None:
    selection.filter_by_state(["failed"])
    selection.select_run("r")
    assert selection.filter.parts == (FilterPart.STATE, FilterPart.RUN)
    selection.lift(FilterPart.STATE)
    assert selection.filter == PanelFilter(run_id="r")
    selection.lift(FilterPart.RUN)
    assert not selection.filter
