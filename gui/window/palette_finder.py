"""Finds commands, runs, workstreams, jobs and files by a few letters, jobs by their labels, too. Shows nothing."""

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
_MOST_RESULTS = 60
_SEARCHED = 5000
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
        if not self.labels:
            return self
        from gui.window.palette_ranks import rank  # noqa: PLC0415 - as below

        matched = [label for label in self.labels if any(rank(word, label) is not None for word in words)]
        return replace(self, detail=", ".join((self.detail, *matched))) if matched else self


class PaletteFinder:
    """Searches commands and the projection, newest jobs first, and only as many as a key press has time for."""

    def __init__(self, projection: Projection, actions: Actions) -> None:
        self._projection, self._actions = projection, actions
        self._work: list[tuple[PaletteEntry, str]] = []
        self._work_at: tuple[int, ...] = ()

    def find(self, words: str) -> list[PaletteEntry]:
        """The best entries for `words`; without any, the commands that are possible now."""
        if not words.strip():
            return list(self._commands())
        # Once for all entries: an import that is carried out for each of them takes longer than its rank.
        from gui.window.palette_ranks import candidates, score  # noqa: PLC0415 - its library is slow to load

        found_in = [*map(_searchable, self._commands()), *self._known_work()]
        texts = [text for _entry, text in found_in]
        ranked = (
            (rank, number)
            for number in candidates(words, texts)
            if (rank := score(words, texts[number])) is not None
        )
        typed = words.casefold().split()
        found = (found_in[number][0].with_matched(typed) for _, number in nsmallest(_MOST_RESULTS, ranked))
        return [self._with_state(entry) for entry in found]

    def _with_state(self, entry: PaletteEntry) -> PaletteEntry:
        """The entry of a job with its state, which is looked up for those that are shown alone."""
        jobs = self._projection.jobs
        return replace(entry, state=state_among(jobs[entry.target], jobs)) if entry.kind == "job" else entry

    def _known_work(self) -> Sequence[tuple[PaletteEntry, str]]:
        """The entries of all work with their texts, made again only once something has happened."""
        known = self._projection
        at = (known.cursor, len(known.runs), len(known.workstreams), len(known.jobs), len(known.files))
        if at != self._work_at:
            self._work, self._work_at = list(map(_searchable, self._entries_of_work())), at
        return self._work

    def _entries_of_work(self) -> Iterator[PaletteEntry]:
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


def _searchable(entry: PaletteEntry) -> tuple[PaletteEntry, str]:
    return entry, entry.searched.casefold()


def _newest(records: Iterable[Item], count: int) -> list[Item]:
    known = list(records)
    return known[: -count - 1 : -1]
