"""A refusal names jobs as people call them, wherever their ids stand in it."""

import pytest

from gui.data.named_sentences import named_sentence
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
