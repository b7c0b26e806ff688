"""A model provider on loopback: answers four protocols, streaming and not, as its scenarios say.

The path decides on the protocol: ``…/chat/completions`` (aider, opencode), ``…/responses`` (codex), ``…/messages``
(claude), ``…/models/M:generateContent`` and ``:streamGenerateContent`` (gemini). No conversation is kept: what a
request holds says which step is next, so several tools can use one server at a time. ``POST /__play`` with a list of
scenarios begins anew, ``GET /__requests`` lists what came.
"""

import json
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.helpers.loopback_model import conversation
from tests.helpers.loopback_model.answer_form import Answer, Event, Question
from tests.helpers.loopback_model.conversation import Body, Protocol
from tests.helpers.loopback_model.error_answers import error_body, error_events, error_headers
from tests.helpers.loopback_model.openai_answers import chat_answer, responses_answer
from tests.helpers.loopback_model.other_answers import gemini_answer, messages_answer
from tests.helpers.loopback_model.scenario import ProviderError, Scenario, Stall
from tests.helpers.loopback_model.script import Request, Script
from tests.helpers.loopback_model.steps import Call, next_step

_ANSWERS: Mapping[Protocol, Callable[[Question], Answer]] = {
    "chat": chat_answer,
    "responses": responses_answer,
    "messages": messages_answer,
    "gemini": gemini_answer,
}
_KEYS = ("x-api-key", "x-goog-api-key", "authorization")
_IDLE_S = 60
_MODELS = {"object": "list", "data": [{"id": "played", "object": "model"}], "models": []}
_COUNTED = {"input_tokens": 1, "totalTokens": 1}
"""What a request to count tokens gets."""


class LoopbackModel:
    """The server for as long as it is entered; `url` is its address and `requests` what came."""

    def __init__(self, *scenarios: Scenario, port: int = 0) -> None:
        self._script = Script(scenarios)
        self._server = _Server(self._script, port)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="loopback model"
        )

    @property
    def url(self) -> str:
        """The address, without a path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def requests(self) -> list[Request]:
        """The requests to the model so far, oldest first."""
        return [each for each in self._script.requests if each.protocol is not None]

    def play(self, *scenarios: Scenario) -> None:
        """Begin anew with these scenarios."""
        self._script.play(scenarios)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    """Has a thread for each connection and waits for them when it closes; `closing` ends what stalls."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, script: Script, port: int) -> None:
        self.script, self.closing = script, threading.Event()
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print what went wrong, but not that a tool which was killed reset its connection."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_S

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._send_json(200, {})

    def do_GET(self) -> None:
        if self.path == "/__requests":
            self._send_json(200, [each.as_json() for each in self.server.script.requests])
            return
        self.server.script.record(Request(self.path, method="GET", key=self._key()))
        self._send_json(200, _MODELS)

    def do_POST(self) -> None:
        path = self.path.partition("?")[0]
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        protocol = conversation.protocol_of(path)
        if path == "/__play":
            self.server.script.play([Scenario.model_validate(each) for each in body])
            self._send_json(200, {"ok": True})
        elif protocol is None:
            self.server.script.record(Request(path, key=self._key()))
            self._send_json(200, _COUNTED)
        else:
            self._model_request(protocol, path, body)

    def _model_request(self, protocol: Protocol, path: str, body: Body) -> None:
        scenario, error = self.server.script.next()
        step = next_step(scenario, protocol, body)
        is_stream = bool(body.get("stream")) or "streamGenerateContent" in path
        self.server.script.record(
            Request(
                path=path,
                protocol=protocol,
                model=conversation.model_of(path, body),
                key=self._key(),
                status=200 if error is None or error.in_stream else error.status,
                is_stream=is_stream,
                tools=conversation.tools_of(protocol, body),
                step=step.tool if isinstance(step, Call) else "words",
                messages=conversation.messages_of(protocol, body),
                headers=dict(self.headers),
            )
        )
        if error is not None:
            self._send_error(protocol, error, is_stream=is_stream)
        else:
            question = Question(step, scenario.usage, conversation.model_of(path, body))
            answer = _ANSWERS[protocol](question)
            closes = not isinstance(step, Call) and step.closing
            self._send_answer(protocol, scenario, answer, is_stream=is_stream, closes=closes)

    def _send_error(self, protocol: Protocol, error: ProviderError, *, is_stream: bool) -> None:
        if error.in_stream and is_stream:
            self._begin_stream()
            for event in error_events(protocol, error):
                self._send_event(event)
        else:
            self._send_json(error.status, error_body(protocol, error), error_headers(error))

    def _send_answer(
        self, protocol: Protocol, scenario: Scenario, answer: Answer, *, is_stream: bool, closes: bool
    ) -> None:
        """Send it; one that closes the scenario does so before its end, after which the next request may come."""
        self._stall(scenario.stall, "headers")
        if is_stream:
            self._stream(protocol, scenario, answer, closes=closes)
            return
        if closes:
            self.server.script.closed(scenario)
        self._send_json(200, answer.whole)

    def _stream(self, protocol: Protocol, scenario: Scenario, answer: Answer, *, closes: bool) -> None:
        self._begin_stream()
        middle = len(answer.stream) // 2
        last = middle if scenario.drop else len(answer.stream) - 1
        for number, event in enumerate(answer.stream):
            if number == middle and not scenario.drop:
                self._stall(scenario.stall, "stream")
            if number == last and closes:
                self.server.script.closed(scenario)
            if number == middle and scenario.drop:
                return
            self._send_event(event)
            self.server.closing.wait(scenario.chunk_delay)
        if protocol == "chat":
            self.wfile.write(b"data: [DONE]\n\n")

    def _stall(self, stall: Stall | None, where: str) -> None:
        if stall is not None and stall.where == where:
            self.server.closing.wait(stall.seconds)

    def _begin_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def _send_event(self, event: Event) -> None:
        name, data = event
        head = f"event: {name}\n" if name else ""
        self.wfile.write(f"{head}data: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def _send_json(self, status: int, value: Any, headers: Mapping[str, str] | None = None) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        own = {"Content-Type": "application/json", "Content-Length": str(len(data)), "Connection": "close"}
        for name, text in {**own, **(headers or {})}.items():
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _key(self) -> str:
        found = (self.headers.get(name) for name in _KEYS)
        return next((key.removeprefix("Bearer ") for key in found if key), "")
