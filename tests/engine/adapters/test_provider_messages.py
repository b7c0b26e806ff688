"""What a provider says is classified as people understand it, and what no provider said is nobody's quota."""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from engine.adapters import ADAPTERS
from engine.jobfile.job_file_reader import job_from_mapping
from engine.types import Confidence, JobResult
from tests.helpers.attempts import Attempts, keep

CORPUS = Path(__file__).parents[2] / "data" / "provider_messages.yaml"
MESSAGES: list[Mapping[str, Any]] = YAML(typ="safe").load(CORPUS)
NOW = datetime.fromisoformat("2026-09-05T14:20:30+02:00").timestamp()
OF_A_PROVIDER = {"quota", "auth", "rate", "network"}


@pytest.fixture(autouse=True)
def in_paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A user in Paris, whom a time without a zone means."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "Europe/Paris")
        time.tzset()
        yield
    time.tzset()


def reported(entry: Mapping[str, Any]) -> tuple[str, bytes]:
    """The stream and what the tool prints on it, where it passes this message on as its provider's."""
    message = entry["message"]
    if not entry.get("marked", True):
        return "stderr", f"{message}\n".encode()
    event: dict[str, Any]
    match entry["tool"]:
        case "claude":
            status = entry.get("status")
            event = {"type": "result", "subtype": "success", "is_error": True, "api_error_status": status}
            event["result"] = message
        case "codex":
            event = {"type": "turn.failed", "error": {"message": message}}
        case "gemini":
            error = {"type": "unknown", "message": f"[API Error: {message}]"}
            event = {"type": "result", "status": "error", "error": error}
        case "opencode":
            event = {"type": "error", "error": {"name": "APIError", "data": {"message": message}}}
        case _:
            return "stdout", f"{message}\n".encode()
    return "stdout", json.dumps(event).encode() + b"\n"


def played(attempts: Attempts, entry: Mapping[str, Any], tmp_path: Path) -> JobResult:
    """The result of an attempt that printed this message and ended as the tool does then."""
    tool = entry["tool"]
    spec = job_from_mapping({"tool": tool, "prompt": "x", "paths": {"repo_root": str(tmp_path)}})
    context = attempts.context()
    stream, data = reported(entry)
    keep(context.folder, (stream, data, datetime.fromisoformat(entry["said_at"]).timestamp()))
    code = 0 if tool == "aider" and entry.get("marked", True) else 1
    code = 173 if tool == "gemini" and entry.get("status") == 429 else code
    return ADAPTERS[tool].result(spec, context, attempts.ended(context, code))


def named(entry: Mapping[str, Any]) -> str:
    return f"{entry['tool']}-{entry['class']}-{entry['message'][:40]}"


@pytest.mark.parametrize("entry", MESSAGES, ids=named)
def test_each_message_people_have_met_has_its_class_and_its_reset(
    attempts: Attempts, tmp_path: Path, entry: Mapping[str, Any]
) -> None:
    metadata = played(attempts, entry, tmp_path).metadata
    assert metadata["failure_class"] == entry["class"]
    ends_at = metadata.get("quota_until", metadata.get("retry_at"))
    reset = entry.get("reset")
    assert ends_at == (
        None if reset is None else pytest.approx(datetime.fromisoformat(reset).timestamp(), abs=1)
    )
    if entry["class"] in OF_A_PROVIDER:
        assert metadata["confidence"] in {Confidence.CERTAIN, Confidence.LIKELY}
    assert ("quota_until" in metadata) <= (entry["class"] == "quota")


def test_the_corpus_is_large_and_knows_what_is_no_message() -> None:
    assert len(MESSAGES) > 100
    assert sum(1 for entry in MESSAGES if entry["class"] == "failed") > 30


UNMARKED = st.one_of(
    st.sampled_from([entry["message"] for entry in MESSAGES]),
    st.text(max_size=120),
    st.sampled_from(
        [
            "usage limit",
            "billing",
            "quota exceeded",
            "429",
            "401",
            "api key",
            "connect",
            "503",
            "insufficient_quota",
        ]
    ).flatmap(lambda word: st.text(max_size=40).map(lambda around: f"{around} {word} {around}")),
)


@pytest.mark.parametrize("tool", ["aider", "claude", "codex", "gemini", "opencode"])
@given(said=UNMARKED, stream=st.sampled_from(["stdout", "stderr"]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_that_no_provider_sent_holds_an_account(
    attempts: Attempts, tmp_path: Path, *, tool: str, said: str, stream: str
) -> None:
    spec = job_from_mapping({"tool": tool, "prompt": "x", "paths": {"repo_root": str(tmp_path)}})
    context = attempts.context()
    events = b'{"type": "system"}\n'
    printed = f"a note\n  {said}\n".encode(errors="replace")
    keep(context.folder, ("stdout", events, NOW), (stream, printed, NOW))
    metadata = ADAPTERS[tool].result(spec, context, attempts.ended(context, 1)).metadata
    assert metadata["failure_class"] in {"failed", "interrupted"}


@pytest.mark.parametrize("entry", [each for each in MESSAGES if each.get("marked", True)], ids=named)
def test_the_same_words_without_a_mark_of_the_tool_are_an_ordinary_failure(
    attempts: Attempts, tmp_path: Path, entry: Mapping[str, Any]
) -> None:
    unmarked = {**entry, "message": f"> {entry['message']}", "marked": False, "status": None}
    assert played(attempts, unmarked, tmp_path).metadata["failure_class"] in {"failed", "interrupted"}
