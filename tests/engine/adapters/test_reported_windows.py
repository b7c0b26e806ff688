"""How much of its quota an account has used is read where the tool says so."""

import json
from typing import Any

import pytest

from engine.adapters import reported_windows
from engine.streams.tool_json import ToolObject
from engine.system.usage_windows import UsageWindow, windows_in, windows_text

NOW = 1_790_000_000.0


def limit(kind: str, status: str, **more: Any) -> ToolObject:
    info = {"rateLimitType": kind, "status": status, **more}
    return ToolObject({"type": "rate_limit_event", "rate_limit_info": info})


def test_the_last_word_of_claude_on_each_window_counts() -> None:
    metadata = reported_windows.of_claude(
        [
            limit("five_hour", "allowed", utilization=0.4, resetsAt=NOW + 60),
            ToolObject({"type": "assistant"}),
            limit("five_hour", "allowed_warning", utilization=93, resetsAt=NOW + 120),
            limit("seven_day", "rejected", resetsAt=NOW + 9_000),
        ]
    )
    assert windows_in(metadata) == (
        UsageWindow(name="5 hours", used=0.93, resets_at=NOW + 120),
        UsageWindow(name="7 days", used=1.0, resets_at=NOW + 9_000),
    )
    assert json.loads(json.dumps(metadata)) == metadata


@pytest.mark.parametrize("wrapped", ["payload", "msg", None])
def test_the_last_count_of_tokens_of_codex_names_its_windows(wrapped: str | None) -> None:
    limits = {
        "primary": {"used_percent": 12.5, "window_minutes": 299, "resets_at": NOW + 60},
        "secondary": {"used_percent": 100.0, "window_minutes": 10_080, "resets_in_seconds": 5_000},
    }
    counted = {"type": "token_count", "rate_limits": limits}
    event = ToolObject({"type": "event_msg", wrapped: counted} if wrapped else counted)
    assert windows_in(reported_windows.of_codex([event, ToolObject({})], NOW)) == (
        UsageWindow(name="5 hours", used=0.125, resets_at=NOW + 60),
        UsageWindow(name="7 days", used=1.0, resets_at=NOW + 5_000),
    )


def test_a_tool_that_says_nothing_has_no_windows() -> None:
    odd = [ToolObject({"type": "rate_limit_event", "rate_limit_info": 3}), ToolObject({"rate_limits": []})]
    assert reported_windows.of_claude(odd) == reported_windows.of_codex(odd, NOW) == {}
    assert windows_in(
        {"windows": [3, {"name": ""}, {"name": "day", "used": "x", "resets_at": float("nan")}]}
    ) == (UsageWindow(name="day"),)


def test_a_window_that_has_ended_is_left_out_of_the_words() -> None:
    windows = [
        UsageWindow(name="5 hours", used=0.93, resets_at=NOW - 1),
        UsageWindow(name="7 days", used=0.625),
        UsageWindow(name="month"),
    ]
    assert windows_text(windows, NOW) == "7 days 62 % used, month"
