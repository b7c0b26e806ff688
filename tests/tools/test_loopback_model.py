"""The loopback model: each protocol, each way to fail, one scenario after another, and what it records."""

import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from http.client import IncompleteRead
from typing import Any

import pytest

from tests.helpers.loopback_model import provider_errors
from tests.helpers.loopback_model.conversation import Protocol
from tests.helpers.loopback_model.scenario import Edit, ProviderError, Scenario, Stall, Usage
from tests.helpers.loopback_model.server import LoopbackModel
from tests.helpers.patience import PATIENCE_S

PATHS: Mapping[Protocol, str] = {
    "chat": "/v1/chat/completions",
    "responses": "/v1/responses",
    "messages": "/v1/messages",
    "gemini": "/v1beta/models/played:generateContent",
}
SHELLS: Mapping[Protocol, Any] = {
    "chat": {"tools": [{"type": "function", "function": {"name": "bash"}}]},
    "responses": {"tools": [{"type": "function", "name": "exec_command"}]},
    "messages": {"tools": [{"name": "Bash"}]},
    "gemini": {"tools": [{"functionDeclarations": [{"name": "run_shell_command"}]}]},
}
PROTOCOLS = list(PATHS)


@pytest.fixture
def model() -> Iterator[LoopbackModel]:
    with LoopbackModel() as serving:
        yield serving


def prompt(protocol: Protocol, text: str) -> dict[str, Any]:
    match protocol:
        case "responses":
            return {"input": [{"type": "message", "role": "user", "content": [{"text": text}]}]}
        case "gemini":
            return {"contents": [{"role": "user", "parts": [{"text": text}]}]}
        case _:
            return {"model": "played", "messages": [{"role": "user", "content": text}]}


def with_result(protocol: Protocol, body: dict[str, Any]) -> dict[str, Any]:
    """The same conversation after one call of a tool."""
    match protocol:
        case "responses":
            more = [{"type": "function_call_output", "call_id": "c", "output": "ok"}]
            return {**body, "input": [*body["input"], *more]}
        case "gemini":
            part = {"functionResponse": {"name": "x", "response": {"output": "ok"}}}
            return {**body, "contents": [*body["contents"], {"role": "user", "parts": [part]}]}
        case "messages":
            block = {"type": "tool_result", "tool_use_id": "c", "content": "ok"}
            return {**body, "messages": [*body["messages"], {"role": "user", "content": [block]}]}
        case _:
            return {**body, "messages": [*body["messages"], {"role": "tool", "content": "ok"}]}


def post(model: LoopbackModel, path: str, body: Any, **headers: str) -> str:
    request = urllib.request.Request(model.url + path, json.dumps(body).encode(), headers)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - as above
        return str(answer.read().decode())


def ask(model: LoopbackModel, protocol: Protocol, body: Any) -> str:
    return post(model, PATHS[protocol], {**SHELLS[protocol], **body})


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_each_protocol_calls_a_tool_and_then_says_its_closing_words(
    model: LoopbackModel, protocol: Protocol
) -> None:
    model.play(Scenario(command="echo hello", final="All is well."))
    body = prompt(protocol, "Say hello.")
    first, second = ask(model, protocol, body), ask(model, protocol, with_result(protocol, body))
    assert "echo hello" in first
    assert "All is well." in second
    assert [each.step for each in model.requests] == [model.requests[0].tools[0], "words"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_stream_has_the_same_words_in_pieces(model: LoopbackModel, protocol: Protocol) -> None:
    model.play(Scenario(final="one two three"))
    path = PATHS[protocol].replace(":generateContent", ":streamGenerateContent")
    streamed = post(model, path, {**SHELLS[protocol], **prompt(protocol, "Count."), "stream": True})
    assert streamed.count("data: ") >= 3
    assert all(piece in streamed for piece in ("one ", "two ", "three"))
    assert model.requests[0].is_stream


CACHED: Mapping[Protocol, str] = {
    "chat": '"prompt_tokens": 200012',
    "responses": '"input_tokens": 200012',
    "messages": '"input_tokens": 12',
    "gemini": '"promptTokenCount": 200012',
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_cached_input_is_counted_as_each_provider_counts_it(model: LoopbackModel, protocol: Protocol) -> None:
    model.play(Scenario(usage=Usage(input=200_012, cached=200_000, output=7)))
    answer = ask(model, protocol, prompt(protocol, "Count."))
    assert CACHED[protocol] in answer
    assert ": 200000" in answer


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_of_several_scenarios_the_next_takes_over_after_the_closing_words(
    model: LoopbackModel, protocol: Protocol
) -> None:
    model.play(Scenario(final="first"), Scenario(final="second"))
    answers = [ask(model, protocol, prompt(protocol, "Go.")) for _ in range(3)]
    assert ["first" in answers[0], "second" in answers[1], "second" in answers[2]] == [True] * 3


def test_a_scenario_that_only_fails_gives_way_after_as_many_requests_as_it_names(
    model: LoopbackModel,
) -> None:
    model.play(Scenario(error=ProviderError(status=500), requests=2), Scenario(final="now"))
    assert [status_of(model, "chat"), status_of(model, "chat"), status_of(model, "chat")] == [500, 500, 200]


def test_a_resumed_session_begins_its_new_task_at_the_first_step(model: LoopbackModel) -> None:
    model.play(Scenario(command="echo again"))
    earlier = with_result("messages", prompt("messages", "The first task."))
    later = {"role": "user", "content": "And now this."}
    answer = ask(model, "messages", {**earlier, "messages": [*earlier["messages"], later]})
    assert "echo again" in answer
    assert model.requests[0].contains("The first task.")
    assert not model.requests[0].contains("never said")


@pytest.mark.parametrize("tool", ["TodoWrite", "update_plan", "write_todos", "todowrite"])
def test_a_plan_is_shown_before_the_work_and_done_after_it(model: LoopbackModel, tool: str) -> None:
    model.play(Scenario(plan=("Read it", "Mend it")))
    body = {**prompt("messages", "Go."), "tools": [{"name": tool}]}
    first = post(model, PATHS["messages"], body)
    second = post(model, PATHS["messages"], with_result("messages", body))
    assert ("Read it" in first, "in_progress" in first, "pending" in first) == (True, True, True)
    assert second.count("completed") == 2


def test_an_edit_is_made_with_the_tools_on_offer(model: LoopbackModel) -> None:
    model.play(Scenario(root="/repo", edits=(Edit(path="a.py", search="old\n", replace="new\n"),)))
    body = {**prompt("messages", "Go."), "tools": [{"name": name} for name in ("Write", "Edit", "Read")]}
    assert '"file_path": "/repo/a.py"' in post(model, PATHS["messages"], body)
    patch = {**prompt("responses", "Go."), "tools": [{"type": "custom", "name": "apply_patch"}]}
    assert "*** Update File: a.py\\n@@\\n-old\\n+new" in post(model, PATHS["responses"], patch)
    alone = prompt("chat", "Answer with SEARCH/REPLACE blocks.")
    assert "<<<<<<< SEARCH\\nold\\n" in post(model, PATHS["chat"], alone)


def status_of(model: LoopbackModel, protocol: Protocol) -> int:
    try:
        ask(model, protocol, prompt(protocol, "Go."))
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    return 200


def refusal(model: LoopbackModel, protocol: Protocol) -> tuple[str, Mapping[str, str]]:
    with pytest.raises(urllib.error.HTTPError) as raised:
        ask(model, protocol, prompt(protocol, "Go."))
    with raised.value as error:
        return error.read().decode(), dict(error.headers)


def test_an_error_lasts_for_as_long_as_it_says(model: LoopbackModel) -> None:
    model.play(Scenario(error=ProviderError(status=429, after=1, times=2)))
    assert [status_of(model, "chat") for _ in range(4)] == [200, 429, 429, 200]


def test_an_error_has_the_body_and_the_headers_it_is_given(model: LoopbackModel) -> None:
    given = ProviderError(status=429, body={"mine": 1}, headers={"X-Reset": "9"}, retry_after=2)
    model.play(Scenario(error=given))
    body, headers = refusal(model, "messages")
    assert (json.loads(body), headers["X-Reset"], headers["Retry-After"]) == ({"mine": 1}, "9", "2")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_stream_can_break_with_an_error_in_it(model: LoopbackModel, protocol: Protocol) -> None:
    error = ProviderError(status=529, message="Overloaded", code="overloaded", in_stream=True)
    model.play(Scenario(error=error))
    path = PATHS[protocol].replace(":generateContent", ":streamGenerateContent")
    streamed = post(model, path, {**SHELLS[protocol], **prompt(protocol, "Go."), "stream": True})
    assert "Overloaded" in streamed


RESETS_AT = 4_070_912_400.0
QUOTAS: Mapping[Protocol, str] = {
    "chat": r"Please try again in \d+h\d+m0s",
    "responses": r'"resets_at": 4070912400',
    "messages": r"regain access on 2099-01-01 at 01:00 UTC",
    "gemini": r'"retryDelay": "\d+s"',
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_quota_names_its_reset_in_the_way_of_its_provider(model: LoopbackModel, protocol: Protocol) -> None:
    model.play(Scenario(error=provider_errors.quota(protocol, RESETS_AT)))
    body, _ = refusal(model, protocol)
    assert re.search(QUOTAS[protocol], body), body


def test_a_dropped_stream_ends_in_the_middle(model: LoopbackModel) -> None:
    model.play(Scenario(final="one two three four", drop=True))
    try:
        streamed = post(model, PATHS["chat"], {**SHELLS["chat"], **prompt("chat", "Go."), "stream": True})
    except IncompleteRead as error:
        streamed = error.partial.decode()
    assert "one" in streamed
    assert "[DONE]" not in streamed


def test_a_stalled_answer_ends_with_the_server() -> None:
    with LoopbackModel(Scenario(stall=Stall(where="headers"))) as model:
        waiting = threading.Thread(target=status_of, args=(model, "chat"))
        waiting.start()
        while not model.requests:
            assert waiting.is_alive()
    waiting.join(PATIENCE_S)
    assert not waiting.is_alive()


def test_the_key_and_the_model_of_each_request_are_recorded(model: LoopbackModel) -> None:
    post(model, PATHS["messages"], prompt("messages", "Go."), **{"x-api-key": "sk-one"})
    post(model, PATHS["chat"], prompt("chat", "Go."), authorization="Bearer sk-two")
    assert [(each.key, each.model) for each in model.requests] == [("sk-one", "played"), ("sk-two", "played")]


def test_it_is_directed_over_its_own_paths_too(model: LoopbackModel) -> None:
    post(model, "/__play", [{"final": "directed"}])
    assert "directed" in ask(model, "chat", prompt("chat", "Go."))
    with urllib.request.urlopen(model.url + "/__requests", timeout=PATIENCE_S) as answer:  # noqa: S310 - loopback
        assert json.loads(answer.read())[0]["messages"] == [["user", "user\nGo."]]
