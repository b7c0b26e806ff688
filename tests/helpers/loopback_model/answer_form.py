"""What an answer to a request is made of, whatever its protocol."""

import itertools
import re
from typing import Any, NamedTuple

from tests.helpers.loopback_model.scenario import Usage
from tests.helpers.loopback_model.steps import Step

Event = tuple[str | None, dict[str, Any]]
"""One event of a stream: its name, where the protocol names them, and its data."""

_numbers = itertools.count(1)


class Question(NamedTuple):
    """What is to be answered: the step the model takes, the tokens of it, and the model's name."""

    step: Step
    usage: Usage
    model: str


class Answer(NamedTuple):
    """The same answer as the events of a stream and in one piece."""

    stream: list[Event]
    whole: dict[str, Any]


def new_id(prefix: str) -> str:
    """An id that no other answer has, as a resumed session holds those of two tasks."""
    return f"{prefix}_{next(_numbers)}"


def words(text: str) -> list[str]:
    """A text in the pieces in which a model streams it."""
    return re.findall(r"\S*\s*", text)[:-1] or [text]


def named(*events: dict[str, Any]) -> list[Event]:
    """Events whose name is their type."""
    return [(event["type"], event) for event in events]
