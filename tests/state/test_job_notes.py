"""What can be written on a job, and how it is taken back."""

import pytest

from state.job_changes import labelling, noting, unwriting
from state.job_notes import NoteRefusedError, checked_label, checked_note, split_labels
from state.records import Job

PLAIN = Job(job_id="a", run_id="r", ws_id="w")


def test_two_spellings_are_one_label() -> None:
    assert checked_label(" Ask-Anna ") == checked_label("ASK-ANNA") == "ask-anna"
    assert checked_label("e\u0301tat") == "\u00e9tat"
    assert split_labels("flaky, ask-anna  flaky,") == ("ask-anna", "flaky")


def test_a_note_keeps_its_lines_without_what_cannot_be_seen_at_their_ends() -> None:
    assert checked_note("  a \r\n\r\n  b\rc \n\n") == "a\n\n  b\nc"
    assert checked_note("\ud83d\x00") == "\ufffd\ufffd"


def test_what_changes_nothing_is_no_event() -> None:
    assert noting("")(PLAIN) is None
    assert labelling((), ("flaky",))(PLAIN) is None


@pytest.mark.parametrize(
    ("since", "left"), [((), ()), (("flaky", "mine"), ("mine",)), (("mine",), ("mine",))]
)
def test_undoing_a_label_leaves_those_that_came_since(since: tuple[str, ...], left: tuple[str, ...]) -> None:
    labelled = Job(job_id="a", run_id="r", ws_id="w", labels=("flaky",))
    now = Job(job_id="a", run_id="r", ws_id="w", labels=since)
    change = unwriting(PLAIN, labelled)(now)
    assert (now.labels if change is None else change.values["labels"]) == left


def test_undoing_a_note_does_not_overwrite_another_one() -> None:
    noted = Job(job_id="a", run_id="r", ws_id="w", note="mine")
    change = unwriting(PLAIN, noted)(noted)
    assert change is not None
    assert change.values == {"note": ""}
    with pytest.raises(NoteRefusedError, match="Another note was written on a meanwhile"):
        unwriting(PLAIN, noted)(Job(job_id="a", run_id="r", ws_id="w", note="hers"))
