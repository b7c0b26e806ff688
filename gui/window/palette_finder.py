"""Finds commands, runs, workstreams, jobs and files by a few letters. Shows nothing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, TypeVar

from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from gui.control.actions import Actions
from gui.data.projection import Projection

Item = TypeVar("Item")
Rank = tuple[int, float]
_MOST_RESULTS = 60
_SEARCHED = 5000
_FORGIVING_FROM = 5
"""Letters from which a word may have one that does not fit."""
_CLOSE = 75
"""How like a word of the text, or a stretch of it, a typed word must be in per cent."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class PaletteEntry:
    """One thing that can be chosen. `kind` is command, run, workstream, job or file; `target` names it."""

    kind: str
    target: Any
    title: str
    detail: str = ""
    icon: str = ""
    state: str = ""

    @property
    def searched(self) -> str:
        """The text the typed letters are looked for in."""
        return f"{self.title} {self.target} {self.detail}" if self.kind == "job" else self.title


def score(typed: str, text: str) -> Rank | None:
    """How well `typed` fits `text` (the smaller, the better); None where it does not.

    Words at the start of `text` come first, then those that begin one of its words, those that stand inside, and those
    whose letters occur in their order and close together. The more of `text` was typed, the better.
    """
    low, words = text.casefold(), typed.casefold().split()
    places = [_place(word, low) for word in words]
    known = [place for place in places if place is not None]
    return (sum(known), -fuzz.ratio(" ".join(words), low)) if len(known) == len(places) else None


def _place(word: str, text: str) -> int | None:
    at = text.find(word)
    if at >= 0:
        if at == 0:
            return 0
        return 1 if _starts_word(word, text) else 2
    if LCSseq.similarity(word, text) < _letters(word):
        return None
    is_close = fuzz.partial_ratio(word, text) >= _CLOSE or any(
        fuzz.ratio(word, part) >= _CLOSE for part in _WORD.findall(text)
    )
    return 3 if is_close else None


def _starts_word(word: str, text: str) -> bool:
    at = text.find(word)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(word, at + 1)
    return at >= 0


def _letters(word: str) -> int:
    """How many letters of a word must occur in their order."""
    return len(word) - 1 if len(word) >= _FORGIVING_FROM else len(word)


class PaletteFinder:
    """Searches commands and the projection; the newest jobs first, and no more of them than a key press bears."""

    def __init__(self, projection: Projection, actions: Actions) -> None:
        self._projection, self._actions = projection, actions

    def find(self, words: str) -> list[PaletteEntry]:
        """The best entries for `words`; the commands that can be used now where nothing was typed."""
        if not words.strip():
            return list(self._commands())
        entries = list(self._all())
        texts = [entry.searched.casefold() for entry in entries]
        ranked = (
            (rank, place)
            for place in _candidates(words, texts)
            if (rank := score(words, texts[place])) is not None
        )
        return [entries[place] for _rank, place in nsmallest(_MOST_RESULTS, ranked)]

    def _all(self) -> Iterator[PaletteEntry]:
        yield from self._commands()
        known = self._projection
        for run in known.runs.values():
            yield PaletteEntry("run", run.run_id, run.title or run.run_id, "run", state=run.status.value)
        for stream in known.workstreams.values():
            title = stream.title or stream.ws_id
            yield PaletteEntry("workstream", stream.key, title, "workstream", state=stream.status.value)
        for job in _newest(known.jobs.values(), _SEARCHED):
            detail = f"{job.ws_id}, {job.tool}"
            yield PaletteEntry("job", job.job_id, job.step_name or job.job_id, detail, state=job.status.value)
        for file in _newest(known.files.values(), _SEARCHED):
            yield PaletteEntry("file", file.key, file.path, file.ws_id, "file")

    def _commands(self) -> Iterator[PaletteEntry]:
        for command in self._actions:
            action = self._actions.action(command.id)
            if action.isEnabled() and command.id != "palette":
                keys = action.shortcut().toString()
                yield PaletteEntry("command", command.id, command.title, keys, command.icon)


def _candidates(typed: str, texts: Sequence[str]) -> Iterator[int]:
    """The places of the texts that have the letters of the longest word, found by the library at its own speed."""
    longest = max(typed.casefold().split(), key=len)
    found = process.extract_iter(longest, texts, scorer=LCSseq.similarity, score_cutoff=_letters(longest))
    return (place for _text, _score, place in found)


def _newest(records: Iterable[Item], count: int) -> list[Item]:
    known = list(records)
    return known[: -count - 1 : -1]
