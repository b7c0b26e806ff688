"""What lists, tips and details say of a run that a recurring run has queued."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from gui.data.run_words import origin_words, run_tip
from gui.panels.dashboard.runs_model import RunsModel, run_rows
from gui.panels.details.facts import facts_of
from state.records import JobStatus, Run
from state.shown_names import ShownNames
from tests.gui.board_records import job

BY_HAND = Run(
    run_id="r", title="nightly, 30 Nov 13:07", metadata={"recurring": {"name": "nightly", "by_hand": True}}
)
DUE = "Queued at its due time, of the recurring run"
WORDS = "Started by hand, of the recurring run nightly"


def test_a_run_started_by_hand_says_in_lists_tips_and_details_of_which_recurring_run_it_is() -> None:
    assert run_tip(BY_HAND, "tonight") == f"tonight\n{WORDS}"
    model = RunsModel()
    model.show(run_rows([], {"r": BY_HAND}))
    assert WORDS in model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    one = job(("r", "main"), "edit", JobStatus.QUEUED)
    shown = facts_of(one, {}, names=ShownNames(), wait=None, followers=(), run=BY_HAND, now=1.0)
    assert {fact.label: fact.value for fact in shown.facts}["Recurring"] == WORDS


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({}, ""),
        ({"recurring": {"name": "nightly", "by_hand": False}}, f"{DUE} nightly"),
        ({"recurring": {"name": 3}}, ""),
        ({"recurring": "nightly"}, ""),
        ({"recurring": {"name": "night\nly", "by_hand": "yes"}}, f"{DUE} night\\x0aly"),
    ],
)
def test_only_what_is_known_of_a_run_is_said(metadata: dict[str, object], words: str) -> None:
    assert origin_words(replace(BY_HAND, metadata=metadata)) == words


@pytest.mark.usefixtures("in_german")
def test_the_origin_of_a_run_is_german() -> None:
    assert origin_words(BY_HAND) == "Von Hand gestartet, vom wiederkehrenden Lauf nightly"
