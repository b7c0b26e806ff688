"""What is said of the use of coding tools."""

from engine.maintenance.tool_overview import ToolRecords, usage_texts
from engine.system.usage_windows import UsageWindow
from state.costs import Cost, CostSource


def test_the_use_of_a_tool_is_its_cost_of_today_and_the_windows_of_each_account() -> None:
    window = UsageWindow(name="5 hours", used=0.93, resets_at=None)
    ended = UsageWindow(name="7 days", used=0.5, resets_at=900.0)
    records = ToolRecords(
        holds=(),
        costs={"claude": Cost(2.5, CostSource.UNKNOWN), "aider": Cost()},
        windows={("claude", "work"): (window, ended), ("codex", ""): (window,), ("gemini", ""): (ended,)},
    )
    assert usage_texts(records, 1_000.0) == {
        "claude": "at least $2.50 today\nwork: 5 hours 93 % used",
        "codex": "5 hours 93 % used",
    }
