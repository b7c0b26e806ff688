"""A refusal names jobs as people call them, wherever their ids stand in it."""

import pytest

from engine.scheduling.wait_phrases import next_attempt
from gui.data.named_sentences import named_sentence, shown_sentence
from gui.translation import tr_phrase
from state.records import Job, Workstream
from state.shown_names import ShownNames

STREAM = Workstream(run_id="r", ws_id="ws-1", title="Round once")
JOBS = {
    job_id: Job(job_id=job_id, run_id="r", ws_id="ws-1", tool="claude", step_name=step)
    for job_id, step in (("cart-edit-4f21", "edit"), ("cart-test-4f21", "test"), ("move", "survey"))
}
NAMES = ShownNames({STREAM.key: STREAM})


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("cart-edit-4f21 runs; cancel it first.", "Round once / edit runs; cancel it first."),
        (
            "cart-edit-4f21 cannot be moved there: cart-test-4f21 waits for it. Move cart-test-4f21.",
            "Round once / edit cannot be moved there: Round once / test waits for it. Move Round once / test.",
        ),
        ("No step of r/ws-1 takes words; retry it.", "No step of Round once takes words; retry it."),
        ("Branch signalbox/r/ws-1 of r/ws-2 is gone.", "Branch signalbox/r/ws-1 of r/ws-2 is gone."),
        ("move is held.", "Round once / survey is held."),
        (
            "Nothing can move there: other-id-4f21 is unknown.",
            "Nothing can move there: other-id-4f21 is unknown.",
        ),
        ("", ""),
    ],
)
def test_a_sentence_has_names_in_the_place_of_ids(sentence: str, shown: str) -> None:
    assert named_sentence(sentence, JOBS, NAMES) == shown


@pytest.mark.usefixtures("in_german")
@pytest.mark.parametrize(
    ("recorded", "shown"),
    [
        ("Cancelled.", "Abgebrochen."),
        ("It was stopped because its engine stopped.", "Er wurde angehalten, weil seine Engine anhielt."),
        ("Done", "Done"),  # printed by a tool, though the window has this word
        ("2 files changed, 61 lines added.", "2 files changed, 61 lines added."),
    ],
)
def test_a_recorded_sentence_without_values_is_shown_in_the_language_of_the_window(
    recorded: str, shown: str
) -> None:
    assert shown_sentence(recorded, JOBS, NAMES) == shown
    held = Job(job_id="a", run_id="r", ws_id="w", tool="shell", attempts=1, max_attempts=2, summary=recorded)
    assert shown.rstrip(".") in tr_phrase(next_attempt(held, "10:07"))
