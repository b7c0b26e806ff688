"""Keeps which scenario is played and what was requested so far; shared by the threads of the server."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.helpers.loopback_model.conversation import Message, Protocol
from tests.helpers.loopback_model.scenario import ProviderError, Scenario


@dataclass(frozen=True)
class Request:
    """One request as it came, with what was answered; a request that is none to a model has no protocol."""

    path: str
    method: str = "POST"
    protocol: Protocol | None = None
    model: str = ""
    key: str = ""
    status: int = 200
    is_stream: bool = False
    tools: tuple[str, ...] = ()
    step: str = ""
    messages: tuple[Message, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    at: float = field(default_factory=time.time)

    def contains(self, text: str) -> bool:
        """Whether the conversation has this text: so a test sees that a session was resumed."""
        return any(text in message.text for message in self.messages)

    def as_json(self) -> dict[str, Any]:
        """The request for a log, without its headers."""
        plain = {name: value for name, value in vars(self).items() if name != "headers"}
        return {**plain, "messages": [[each.role, each.text] for each in self.messages]}


class Script:
    """Plays one scenario after another."""

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self.play(scenarios)

    @property
    def requests(self) -> list[Request]:
        """Every request so far, oldest first."""
        with self._lock:
            return list(self._requests)

    def play(self, scenarios: Sequence[Scenario]) -> None:
        """Begin anew with these scenarios; the requests stay recorded."""
        with self._lock:
            self._scenarios = list(scenarios) or [Scenario()]
            self._seen = self._errors_sent = 0

    def record(self, request: Request) -> None:
        """Keep a request."""
        with self._lock:
            self._requests.append(request)

    def next(self) -> tuple[Scenario, ProviderError | None]:
        """The scenario for a request to the model, and the error to answer it with; counts the request."""
        with self._lock:
            scenario = self._scenarios[0]
            if scenario.requests is not None and self._seen >= scenario.requests:
                self._turn_page()
                scenario = self._scenarios[0]
            seen, self._seen = self._seen, self._seen + 1
            return scenario, self._error(scenario, seen)

    def closed(self, scenario: Scenario) -> None:
        """Go on to the next scenario, since the closing message of this one was sent."""
        with self._lock:
            if scenario is self._scenarios[0]:
                self._turn_page()

    def _turn_page(self) -> None:
        if len(self._scenarios) > 1:
            self._scenarios.pop(0)
            self._seen = self._errors_sent = 0

    def _error(self, scenario: Scenario, seen: int) -> ProviderError | None:
        error = scenario.error
        if error is None or seen < error.after:
            return None
        if error.times is not None and self._errors_sent >= error.times:
            return None
        self._errors_sent += 1
        return error
