"""What an agent prints in the pictures: a stream of claude's events, in the middle of its work."""

import json
from typing import Any

_STEPS = (
    ("Read how totals are rounded", "Reading how totals are rounded"),
    ("Run the tests of the cart", "Running the tests of the cart"),
    ("Round in Money alone", "Rounding in Money alone"),
    ("Mend the discounts", "Mending the discounts"),
    ("Run all tests", "Running all tests"),
)


def events(root: str) -> str:
    """The events, one a line; the last command is still running."""
    found = [
        {"type": "system", "subtype": "init", "cwd": root, "model": "claude-sonnet"},
        _text("The totals are rounded in three places. I will round in Money alone."),
        *_plan(0),
        *_read("cart/totals.py"),
        *_plan(1),
        *_run("pytest -q tests/cart", "Exit code 1\n2 failed, 41 passed in 8.61s", failed=True),
        *_plan(2),
        _text("Two tests expect the old rounding:\n- test_discount_of_a_third\n- test_total_of_many"),
        *_edit("cart/totals.py", 21, 7),
        *_edit("cart/money.py", 4, 1),
        *_denied("git push origin main"),
        {"type": "system", "subtype": "api_retry", "retry_delay_ms": 8000, "error": "overloaded"},
        *_run("pytest -q tests/cart", "43 passed in 8.48s", failed=False),
        *_plan(3),
        *_edit("cart/discounts.py", 12, 3),
        _use("run", "Bash", command="pytest -q tests/cart/test_discounts.py"),
    ]
    return "\n".join(json.dumps(event) for event in found)


def _text(said: str) -> dict[str, Any]:
    return {"type": "assistant", "message": {"content": [{"type": "text", "text": said}]}}


def _use(number: str, name: str, **arguments: Any) -> dict[str, Any]:
    part = {"type": "tool_use", "id": number, "name": name, "input": arguments}
    return {"type": "assistant", "message": {"content": [part]}}


def _result(number: str, text: str, *, failed: bool = False, **more: Any) -> dict[str, Any]:
    part = {"type": "tool_result", "tool_use_id": number, "content": text, "is_error": failed}
    return {"type": "user", "message": {"content": [part]}, "tool_use_result": more}


def _plan(done: int) -> list[dict[str, Any]]:
    states = ["completed"] * done + ["in_progress"] + ["pending"] * (len(_STEPS) - done - 1)
    todos = [
        {"content": step, "activeForm": doing, "status": state}
        for (step, doing), state in zip(_STEPS, states, strict=True)
    ]
    return [
        _use(f"plan{done}", "TodoWrite", todos=todos),
        _result(f"plan{done}", "Todos have been modified."),
    ]


def _read(path: str) -> list[dict[str, Any]]:
    return [_use("read", "Read", file_path=path), _result("read", "1\tclass Cart:")]


def _run(command: str, printed: str, *, failed: bool) -> list[dict[str, Any]]:
    return [_use("bash", "Bash", command=command), _result("bash", printed, failed=failed)]


def _edit(path: str, added: int, removed: int) -> list[dict[str, Any]]:
    patch = [{"lines": ["+x"] * added + ["-y"] * removed}]
    return [
        _use("edit", "Edit", file_path=path),
        _result("edit", "updated", filePath=path, structuredPatch=patch),
    ]


def _denied(command: str) -> list[dict[str, Any]]:
    why = "Permission to use Bash has been denied because the command was not allowed."
    return [_use("no", "Bash", command=command), _result("no", why, failed=True)]
