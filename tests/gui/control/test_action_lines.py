"""Which actions of the window have an equal on the command line: decided for every one, and understood there."""

from typing import Any

import pytest
import typer

from engine.cli.root import app
from engine.host.command_words import command_words
from gui.control.action_effects import SendCommand, SendForJobs, ShowJobs
from gui.control.action_lines import LineWhen, shown_words, when_shown
from gui.control.action_table import ACTIONS, UserAction

WITHOUT_KIND = {
    "restore_work", "undo", "redo", "add_jobs", "open_files", "new_job", "new_pipeline", "new_from_template",
    "settings", "limits", "comment_on_line", "settle_comment", "mark_viewed", "approve", "review_send_back", "discard",
    "run_missed",
}  # fmt: skip
"""Actions that end in an engine command which the panel or the sheet makes."""


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_that_the_command_line_has_is_shown_as_its_line(action: UserAction) -> None:
    match action.effect, when_shown(action.effect):
        case (SendCommand(command=command), when):
            assert when is LineWhen.ANSWERED
            understand(command_words(command))
        case (SendForJobs(make=make), when):
            assert when is LineWhen.ANSWERED
            understand(command_words(make(job_ids=("a", "b"))))
        case (_, LineWhen.ANSWERED):
            assert action.kind is not None or action.id in WITHOUT_KIND
        case (effect, LineWhen.AT_ONCE):
            understand(shown_words(effect, ("a",), ("r", "w")))
            assert not isinstance(effect, ShowJobs) or not shown_words(effect, (), None)
        case (effect, _):
            assert action.kind is None or action.id == "dismiss_refused"
            assert not shown_words(effect, ("a",), ("r", "w"))


def understand(words: tuple[str, ...]) -> None:
    """Let the command line take these words apart; it refuses a wrong one."""
    assert words
    group: Any = typer.main.get_command(app)
    rest = list(words)
    while hasattr(group, "get_command") and rest:
        with group.make_context(group.name or "signalbox", list(rest), allow_extra_args=True) as context:
            _, group, rest = group.resolve_command(context, rest)
    with group.make_context(group.name, rest):
        pass
