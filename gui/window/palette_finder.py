"""Finds commands, runs, workstreams, jobs and files by a few letters, jobs by their labels, too. Shows nothing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import Any, TypeVar

from gui.control.actions import Actions
from gui.data.filter_words import OF_LABEL
from gui.data.job_display import state_among
from gui.data.projection import Projection
from gui.data.shown_review import shown_status
from gui.translation import tr
from gui.widgets.key_text import key_text
from gui.window.menus import MENUS, every_command, menu_name

Item = TypeVar("Item")
Rank = tuple[int, float]
_MOST_RESULTS = 60
_SEARCHED = 5000
_FORGIVING_FROM = 5
"""The length from which a word may have one letter that does not match."""
_CLOSE = 75
"""How similar a typed word must be to a word of the text, or a part of it, in per cent."""
_WORD = re.compile(r"\w+")
_MENU_OF = {action: title for title, names in MENUS for action in every_command(names)}


@dataclass(frozen=True)
class PaletteEntry:
    """One entry of the palette. `kind` is command, run, workstream, job or file; `target` identifies it."""

    kind: str
    target: Any
    title: str
    detail: str = ""
    icon: str = ""
    state: str = ""
    menu: str = ""
    """The menu of a command; who looks for help does not know what it is called."""
    labels: tuple[str, ...] = ()
    """Those of a job, written as they are typed into a filter: ``label:flaky``."""

    @property
    def searched(self) -> str:
        """The text that is searched."""
        if self.kind != "job":
            return f"{self.title} {self.menu}"
        return " ".join((self.title, self.target, self.detail, *self.labels))

    def with_matched(self, words: Sequence[str]) -> "PaletteEntry":
        """The entry with the labels that match one of these words, in lower case, in its detail."""
        matched = [label for label in self.labels if any(_rank(word, label) is not None for word in words)]
        return replace(self, detail=", ".join((self.detail, *matched))) if matched else self


def score(typed: str, text: str) -> Rank | None:
    """How well `typed` matches `text` (smaller is better); None if it does not.

    Words at the start of `text` come first, then those that begin one of its words, those that stand inside, and those
    whose letters occur in their order and close together. The more of `text` was typed, the better.
    """
    low, words = text.casefold(), typed.casefold().split()
    from rapidfuzz import fuzz  # noqa: PLC0415 - slow to load, and so are those below

    ranks = [_rank(word, low) for word in words]
    matching = [rank for rank in ranks if rank is not None]
    return (sum(matching), -fuzz.ratio(" ".join(words), low)) if len(matching) == len(ranks) else None


def _rank(word: str, text: str) -> int | None:
    at = text.find(word)
    if at >= 0:
        if at == 0:
            return 0
        return 1 if _starts_word(word, text) else 2
    from rapidfuzz import fuzz  # noqa: PLC0415
    from rapidfuzz.distance import LCSseq  # noqa: PLC0415

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
    """How many letters of a word must occur, in order."""
    return len(word) - 1 if len(word) >= _FORGIVING_FROM else len(word)


class PaletteFinder:
    """Searches commands and the projection, newest jobs first, and only as many as a key press has time for."""

    def __init__(self, projection: Projection, actions: Actions) -> None:
        self._projection, self._actions = projection, actions

    def find(self, words: str) -> list[PaletteEntry]:
        """The best entries for `words`; without any, the commands that are possible now."""
        if not words.strip():
            return list(self._commands())
        entries = list(self._all())
        texts = [entry.searched.casefold() for entry in entries]
        ranked = (
            (rank, number)
            for number in _candidates(words, texts)
            if (rank := score(words, texts[number])) is not None
        )
        typed = words.casefold().split()
        found = (entries[number].with_matched(typed) for _, number in nsmallest(_MOST_RESULTS, ranked))
        return [self._with_state(entry) for entry in found]

    def _with_state(self, entry: PaletteEntry) -> PaletteEntry:
        """The entry of a job with its state, which is looked up for those that are shown alone."""
        jobs = self._projection.jobs
        return replace(entry, state=state_among(jobs[entry.target], jobs)) if entry.kind == "job" else entry

    def _all(self) -> Iterator[PaletteEntry]:
        yield from self._commands()
        records, names = self._projection, self._projection.names
        at_rest, needs = records.runs_at_rest(), records.runs_in_need()
        for run in records.runs.values():
            state = needs.get(run.run_id) or shown_status(run.status, at_rest=run.run_id in at_rest)
            yield PaletteEntry("run", run.run_id, names.distinct_run(run.run_id), tr("run"), state=state)
        for stream in records.workstreams.values():
            yield PaletteEntry(
                "workstream",
                stream.key,
                names.distinct(stream.key),
                tr("workstream"),
                state=shown_status(stream.status),
            )
        for job in _newest(records.jobs.values(), _SEARCHED):
            detail = f"{names.workstream(job.ws_key)}, {job.tool}"
            labels = tuple(f"{OF_LABEL}{label}" for label in job.labels)
            yield PaletteEntry("job", job.job_id, names.step(job), detail, labels=labels)
        for file in _newest(records.files.values(), _SEARCHED):
            yield PaletteEntry("file", file.key, file.path, names.workstream(file.key[:2]), "file")

    def _commands(self) -> Iterator[PaletteEntry]:
        for command in self._actions:
            action = self._actions.action(command.id)
            if action.isEnabled() and command.id != "palette":
                keys = key_text(action.shortcut())
                title = _MENU_OF.get(command.id)
                menu = "" if title is None else menu_name(title)
                yield PaletteEntry("command", command.id, command.title, keys, command.icon, menu=menu)


def _candidates(typed: str, texts: Sequence[str]) -> Iterator[int]:
    """The indexes of the texts that contain the letters of the longest word, found at the library's speed."""
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import LCSseq  # noqa: PLC0415

    longest = max(typed.casefold().split(), key=len)
    found = process.extract_iter(longest, texts, scorer=LCSseq.similarity, score_cutoff=_letters(longest))
    return (number for _text, _score, number in found)


def _newest(records: Iterable[Item], count: int) -> list[Item]:
    known = list(records)
    return known[: -count - 1 : -1]
