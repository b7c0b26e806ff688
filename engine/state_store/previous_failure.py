"""How an attempt failed, in words for the agent that tries next: never a slice of what a tool printed as data."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.streams.attempt_output import READERS, recorded_entries
from engine.streams.entries import EntryKind, Level, StreamEntry
from engine.streams.stream_readers import EventReader
from engine.streams.words import worded
from engine.types import FailureClass
from state.records import Attempt

_WORDS: Mapping[FailureClass, str] = {
    FailureClass.QUOTA: "the quota of the account was used up",
    FailureClass.AUTH: "the provider did not accept the log-in",
    FailureClass.RATE: "the provider limited the rate of requests",
    FailureClass.NETWORK: "the provider did not answer",
    FailureClass.CONTEXT: "the task did not fit into the context of the model",
    FailureClass.NO_CHANGE: "no file was changed",
    FailureClass.TESTS_FAILED: "tests failed",
    FailureClass.BAD_EDIT: "an edit was not made, or not where it was to be made",
    FailureClass.UNVERIFIED: "what was changed could not be verified",
    FailureClass.SPAWN_FAILED: "the tool could not be started",
    FailureClass.STALLED: "the tool printed nothing for too long",
    FailureClass.TIMEOUT: "the time limit was reached",
    FailureClass.CRASH: "the tool crashed",
    FailureClass.CANCELLED: "it was cancelled",
    FailureClass.INTERRUPTED: "it was interrupted before its end",
    FailureClass.STOPPED: "it was stopped",
    FailureClass.DISK: "the disk could not be written",
    FailureClass.SESSION: "its session could not be resumed",
    FailureClass.SETUP_FAILED: "the setup of its worktree failed, and it did not start",
    FailureClass.FAILED: "the tool reported a failure",
}
_MOST_NAMED = 30
_MOST_LINES = 15
_TELLING = frozenset({EntryKind.DENIED, EntryKind.ERROR, EntryKind.COMMAND, EntryKind.EDIT})


def failure_in_words(attempt: Attempt | None) -> str | None:
    """What the prompt of the next attempt says of this one; None where there is none."""
    if attempt is None:
        return None
    metadata = _fields(attempt.result.get("metadata"))
    tests = _fields(metadata.get("tests"))
    lines = (
        worded(attempt.summary),
        _in_short(attempt.failure_class),
        _named("Failing tests", tests.get("failing")),
        _named("Not allowed", metadata.get("denied")),
        _named("Changed outside its files", metadata.get("outside_scope")),
        *_printed(attempt.tool, attempt.result),
    )
    return "\n".join(filter(None, lines))


def _fields(value: object) -> Mapping[str, Any]:
    """The fields of an object; a result that somebody else recorded may hold anything."""
    return value if isinstance(value, Mapping) else {}


def _in_short(failure: str | None) -> str:
    known = next((words for each, words in _WORDS.items() if each == failure), "")
    return known and f"In short: {known}."


def _named(what: str, names: object) -> str:
    found = [str(name) for name in names] if isinstance(names, list | tuple) else []
    if not found:
        return ""
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    return f"{what}: {', '.join(found[:_MOST_NAMED])}{more}."


def _printed(tool: str, result: Mapping[str, Any]) -> list[str]:
    """What went wrong as the stream of an agent reports it, or else the end of the text that was printed."""
    if tool in READERS and (wrong := list(filter(_is_trouble, recorded_entries(tool, result)))):
        return _last(wrong)
    stream = "stderr" if result.get("stderr") else "stdout"
    entries = recorded_entries(tool, {stream: result.get(stream)}, EventReader())
    return _last(entry for entry in entries if entry.kind is EntryKind.RAW and entry.level is not Level.DEBUG)


def _is_trouble(entry: StreamEntry) -> bool:
    return entry.kind in _TELLING and entry.level >= Level.WARNING


def _last(entries: Iterable[StreamEntry]) -> list[str]:
    return [entry.text for entry in entries][-_MOST_LINES:]
