"""What an attempt has used: the same shape for every tool, cached input included, and nothing that is not known."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS
from engine.jobfile.job_file_reader import job_from_mapping
from engine.types import EndReason
from tests.helpers.attempts import Attempts

CAPTURES = Path(__file__).with_name("captures")
UNKNOWN = {
    "input_tokens": None,
    "cached_tokens": None,
    "output_tokens": None,
    "cost_usd": None,
    "cost_source": "unknown",
}
AGENTS = ("claude", "codex", "gemini", "aider")


def usage_of(
    attempts: Attempts, tool: str, *events: dict[str, Any] | str, code: int = 0, **more: Any
) -> dict[str, Any]:
    """The usage of an attempt that printed these events, or lines; those of aider's log stand there."""
    reason = more.pop("reason", EndReason.EXITED)
    spec = job_from_mapping({"tool": tool, "prompt": "Greet.", **more})
    context = attempts.context()
    rows = [each if isinstance(each, str) else json.dumps(each) for each in events]
    logged = [row for row in rows if '"event"' in row]
    (context.folder / "events.jsonl").write_text("\n".join(logged) + "\n" if logged else "")
    (context.folder / "stdout").write_text("".join(f"{row}\n" for row in rows if row not in logged))
    result = ADAPTERS[tool].result(spec, context, attempts.ended(context, code, reason=reason))
    found: dict[str, Any] = result.metadata["usage"]
    return found


def claude_result(**more: Any) -> dict[str, Any]:
    return {"type": "result", "subtype": "success", "is_error": False, "result": "Done.", **more}


def claude_message(name: str, usage: dict[str, int], model: str = "claude-opus-5-5") -> dict[str, Any]:
    return {"type": "assistant", "message": {"id": name, "model": model, "content": [], "usage": usage}}


CACHED = {
    "input_tokens": 12, "cache_read_input_tokens": 150_000, "cache_creation_input_tokens": 50_000, "output_tokens": 7,
}  # fmt: skip


def test_the_input_of_claude_contains_what_its_cache_read_and_wrote(attempts: Attempts) -> None:
    found = usage_of(attempts, "claude", claude_result(usage=CACHED, total_cost_usd=0.5))
    assert (found["input_tokens"], found["cached_tokens"], found["output_tokens"]) == (200_012, 150_000, 7)
    assert (found["cost_usd"], found["cost_source"]) == (0.5, "told")


def test_several_models_of_claude_are_added_up(attempts: Attempts) -> None:
    of_models = {
        "claude-opus-5-5": {"inputTokens": 10, "cacheReadInputTokens": 90, "outputTokens": 5},
        "claude-haiku-5-5": {"inputTokens": 1, "cacheCreationInputTokens": 9, "outputTokens": 2},
    }
    found = usage_of(attempts, "claude", claude_result(modelUsage=of_models, total_cost_usd=0.1))
    assert found == {
        "input_tokens": 110,
        "cached_tokens": 90,
        "output_tokens": 7,
        "cost_usd": 0.1,
        "cost_source": "told",
    }


def test_claude_cannot_tell_the_price_of_a_model_of_somebody_else(attempts: Attempts) -> None:
    counted = {"inputTokens": 1_000_000, "outputTokens": 0}
    priced = usage_of(attempts, "claude", claude_result(modelUsage={"gpt-5": counted}, total_cost_usd=3))
    assert (priced["cost_usd"], priced["cost_source"]) == (1.25, "estimated")
    strange = usage_of(
        attempts, "claude", claude_result(modelUsage={"nobody-knows": counted}, total_cost_usd=3)
    )
    assert (strange["cost_usd"], strange["cost_source"]) == (3, "estimated")


def test_a_claude_that_was_killed_has_used_at_least_what_its_messages_count(attempts: Attempts) -> None:
    repeated = claude_message("m1", CACHED)
    events = (
        repeated,
        repeated,
        claude_message("m2", CACHED),
        claude_message("m3", {"input_tokens": 0}, "<synthetic>"),
    )
    found = usage_of(attempts, "claude", *events, code=143)
    assert (found["input_tokens"], found["cached_tokens"], found["output_tokens"]) == (400_024, 300_000, 14)
    assert found["cost_source"] == "unknown"
    assert found["cost_usd"] == pytest.approx((24 * 4 + 300_000 * 0.2 + 100_000 * 5 + 14 * 20) / 1e6)


@pytest.mark.parametrize(
    "reason", [EndReason.CANCELLED, EndReason.TIMEOUT, EndReason.INTERRUPTED, EndReason.STOPPED]
)
def test_what_a_stopped_attempt_has_used_counts_too(attempts: Attempts, reason: EndReason) -> None:
    found = usage_of(attempts, "claude", claude_message("m1", CACHED), code=-15, reason=reason)
    assert found["input_tokens"] == 200_012


def test_a_request_of_claude_that_was_interrupted_is_no_zero(attempts: Attempts) -> None:
    zeros = dict.fromkeys(CACHED, 0)
    final = claude_result(usage=zeros, modelUsage={}, total_cost_usd=0, is_error=True)
    assert usage_of(attempts, "claude", final) == UNKNOWN
    refused = usage_of(attempts, "claude", {**final, "api_error_status": 429}, code=1)
    assert (refused["input_tokens"], refused["cost_usd"], refused["cost_source"]) == (0, 0.0, "told")


def test_codex_counts_its_cache_as_input_and_its_cost_is_estimated(attempts: Attempts) -> None:
    counted = {"input_tokens": 1_000_000, "cached_input_tokens": 800_000, "output_tokens": 10_000}
    turn = {"type": "turn.completed", "usage": counted}
    found = usage_of(attempts, "codex", turn, model="openai/gpt-5-codex-2026-01-01")
    assert (found["input_tokens"], found["cached_tokens"], found["output_tokens"]) == (
        1_000_000,
        800_000,
        10_000,
    )
    assert found["cost_usd"] == pytest.approx(0.2 * 1.25 + 0.8 * 0.125 + 0.01 * 10)
    assert found["cost_source"] == "estimated"
    nameless = usage_of(attempts, "codex", turn)
    assert (nameless["input_tokens"], nameless["cost_usd"], nameless["cost_source"]) == (
        1_000_000,
        None,
        "unknown",
    )


def test_gemini_counts_its_cache_as_input_and_its_thoughts_as_output(attempts: Attempts) -> None:
    counted = {"total_tokens": 3000, "input_tokens": 2400, "output_tokens": 68, "cached": 2000, "input": 400}
    stats = {**counted, "models": {"gemini-2.5-pro": counted}}
    found = usage_of(attempts, "gemini", {"type": "result", "status": "success", "stats": stats})
    assert (found["input_tokens"], found["cached_tokens"], found["output_tokens"]) == (2400, 2000, 600)
    assert found["cost_usd"] == pytest.approx((400 * 1.25 + 2000 * 0.125 + 600 * 10) / 1e6)
    assert found["cost_source"] == "estimated"


def test_a_model_without_a_price_leaves_a_part_of_the_cost_unknown(attempts: Attempts) -> None:
    counted = {"input_tokens": 1000, "output_tokens": 0, "cached": 0}
    stats = {**counted, "models": {"gemini-2.5-pro": counted, "gemini-99": counted}}
    found = usage_of(attempts, "gemini", {"type": "result", "status": "success", "stats": stats})
    assert (found["input_tokens"], found["cost_usd"], found["cost_source"]) == (2000, 0.00125, "unknown")


def sent(tokens: int, received: int, cost: float) -> dict[str, Any]:
    properties = {"main_model": "m", "prompt_tokens": tokens, "completion_tokens": received, "cost": cost}
    return {"event": "message_send", "properties": properties}


def test_the_cache_of_aider_stands_in_what_it_prints(attempts: Attempts) -> None:
    lines = (
        "Tokens: 2.0k sent, 1.2k cache hit, 30 received. Cost: $0.0064 message, $0.0064 session.",
        "Tokens: 12k sent, 900 cache write, 3.1k cache hit, 1.5k received.",
        "Cost: $1.02 message, $1.03 session.",
    )
    found = usage_of(attempts, "aider", sent(1990, 30, 0.0064), sent(12_100, 1480, 1.02), *lines)
    assert (found["input_tokens"], found["cached_tokens"], found["output_tokens"]) == (14_090, 4300, 1510)
    assert (found["cost_usd"], found["cost_source"]) == (pytest.approx(1.0264), "told")
    printed = usage_of(attempts, "aider", *lines)
    assert (printed["input_tokens"], printed["cached_tokens"], printed["output_tokens"]) == (
        14_000,
        4300,
        1530,
    )
    assert printed["cost_usd"] == pytest.approx(1.0264)


def test_an_aider_that_knows_no_price_is_estimated_by_the_table(attempts: Attempts) -> None:
    row = sent(1_000_000, 0, 0)
    row["properties"]["main_model"] = "deepseek/deepseek-v4-pro"
    found = usage_of(attempts, "aider", row)
    assert (found["cost_usd"], found["cost_source"]) == (0.66, "estimated")


def test_a_request_of_aider_that_was_never_answered_leaves_a_part_unknown(attempts: Attempts) -> None:
    starting = {"event": "message_send_starting", "properties": {}}
    assert usage_of(attempts, "aider", starting) == UNKNOWN
    found = usage_of(attempts, "aider", starting, sent(10, 2, 0.5), starting)
    assert (found["input_tokens"], found["cost_usd"], found["cost_source"]) == (10, 0.5, "unknown")


@pytest.mark.parametrize("tool", AGENTS)
def test_a_tool_that_reports_no_usage_has_used_nobody_knows_what(attempts: Attempts, tool: str) -> None:
    failed = {"type": "turn.failed", "error": {"message": "429 Too Many Requests"}}
    assert usage_of(attempts, tool, failed, code=1) == UNKNOWN
    assert usage_of(attempts, tool, reason=EndReason.CANCELLED) == UNKNOWN


@pytest.mark.parametrize("tool", AGENTS)
def test_an_attempt_that_never_started_has_used_nothing(attempts: Attempts, tool: str) -> None:
    spec = job_from_mapping({"tool": tool, "prompt": "Greet."})
    context = attempts.context()
    for reason in (EndReason.SPAWN_FAILED, EndReason.DISK):
        end = attempts.ended(context, None, reason=reason)
        assert "usage" not in ADAPTERS[tool].result(spec, context, end).metadata


@pytest.mark.parametrize("odd", ["NaN", "1e999", "-1", '"12"', f"1{'0' * 300}", "[1]", "0.5"])
def test_a_count_that_is_none_is_unknown(attempts: Attempts, odd: str) -> None:
    for name in CACHED:
        line = json.dumps(claude_result(usage={**CACHED, name: "HERE"}, total_cost_usd=1)).replace(
            '"HERE"', odd
        )
        found = usage_of(attempts, "claude", line)
        unknown = "output_tokens" if name == "output_tokens" else "input_tokens"
        assert found[unknown] is None, name


def captures() -> Iterator[Any]:
    for tool in AGENTS:
        for file in sorted((CAPTURES / tool).glob("*.stdout")):
            yield pytest.param(tool, file.stem, id=f"{tool}/{file.stem}")


@pytest.mark.parametrize(("tool", "case"), list(captures()))
def test_every_recorded_run_has_its_usage_in_the_same_shape(attempts: Attempts, tool: str, case: str) -> None:
    spec, context = job_from_mapping({"tool": tool, "prompt": "Greet."}), attempts.context()
    for suffix, name in ((".stdout", "stdout"), (".stderr", "stderr"), (".analytics.jsonl", "events.jsonl")):
        if (recorded := CAPTURES / tool / f"{case}{suffix}").exists():
            shutil.copy(recorded, context.folder / name)
    code = int((CAPTURES / tool / f"{case}.exit").read_text())
    found = ADAPTERS[tool].result(spec, context, attempts.ended(context, code)).metadata["usage"]
    assert found.keys() == UNKNOWN.keys()
    if found["input_tokens"] is not None:
        assert found["cached_tokens"] <= found["input_tokens"]
    if found["cost_source"] != "unknown":
        assert found["cost_usd"] is not None
