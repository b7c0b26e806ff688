"""What is chosen, and what a coarser choice lets go of."""

from pytestqt.qtbot import QtBot

from gui.data.selection import Selection


def test_choosing_a_workstream_lets_go_of_job_and_file(selection: Selection) -> None:
    selection.select_file("r", "a", "src/x.py")
    selection.select_job("j")
    selection.select_workstream(("r", "b"))
    assert (selection.workstream, selection.job_id, selection.path) == (("r", "b"), None, None)


def test_choosing_a_job_keeps_the_file_of_the_same_workstream(selection: Selection) -> None:
    selection.select_file("r", "a", "src/x.py")
    selection.select_job("j", ("r", "a"))
    assert (selection.job_id, selection.path) == ("j", "src/x.py")


def test_choosing_a_job_of_another_workstream_takes_that_along(selection: Selection) -> None:
    selection.select_file("r", "a", "src/x.py")
    selection.select_job("j", ("r", "b"))
    assert (selection.workstream, selection.path) == (("r", "b"), None)


def test_another_run_lets_go_of_what_belongs_to_the_first(selection: Selection) -> None:
    selection.select_job("j", ("one", "a"))
    selection.select_run("two")
    assert (selection.run_id, selection.workstream, selection.job_id) == ("two", None, None)


def test_its_own_run_or_all_runs_keep_the_chosen_job(selection: Selection) -> None:
    selection.select_job("j", ("one", "a"))
    selection.select_run("one")
    selection.select_run(None)
    assert selection.job_id == "j"


def test_the_same_choice_again_tells_nobody(selection: Selection, qtbot: QtBot) -> None:
    selection.select_job("j", ("one", "a"))
    selection.filter_by_state(["failed"])
    with qtbot.assertNotEmitted(selection.changed):
        selection.select_job("j", ("one", "a"))
        selection.select_workstream(("one", "a"))
        selection.filter_by_state({"failed"})


def test_a_filter_is_taken_back_by_an_empty_one(selection: Selection) -> None:
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
