"""One workstream as a card of the board: everything the card shows, as plain values, without Qt and without state."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from gui.data.filter_words import keeps, searched_text
from gui.data.panel_filter import PanelFilter
from state.costs import CostSource
from state.records import (
    Job,
)


class BoardColumn(StrEnum):
    """The columns of the board: the buckets of `engine.scheduling.buckets`.

    A card computes its own. What needs a person is in `DECIDE` or `REVIEW`; a narrow board has `NEEDS_YOU` for both.
    """

    WAITING = "waiting"
    RUNNING = "running"
    NEEDS_YOU = "needs_you"
    DECIDE = "decide"
    REVIEW = "review"
    DONE = "done"


NARROW = (BoardColumn.WAITING, BoardColumn.RUNNING, BoardColumn.NEEDS_YOU, BoardColumn.DONE)
WIDE = (
    BoardColumn.WAITING,
    BoardColumn.RUNNING,
    BoardColumn.DECIDE,
    BoardColumn.REVIEW,
    BoardColumn.DONE,
)


@dataclass(frozen=True, slots=True)
class CardButton:
    """A button on a card: the command it requests, and its label."""

    command: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """What one card shows.

    `state` is one of the twelve shown states, `word` its name. `since` is when it entered that state.
    `steps` is the shown state of each job, `progress` the step in focus, or how its review stands. `sentence` says why
    it waits, what failed, or how it ended. `target_ids` are the jobs a command on the card applies
    to, the one in focus first.
    """

    run_id: str
    ws_id: str
    name: str = ""
    apart: str = ""
    """What sets it apart from others of its name: its run, its repository."""
    run_title: str = ""
    repo: str = ""
    state: str = "queued"
    word: str = ""
    column: BoardColumn = BoardColumn.WAITING
    needs_you: bool = False
    is_open: bool = False
    """Whether anything of it is still to come: jobs, a review, its merge."""
    was_sent_back: bool = False
    """Whether some of its earlier attempts did not fail, but were sent back."""
    since: float | None = None
    until: float | None = None
    steps: tuple[str, ...] = ()
    progress: str = ""
    shorter_progress: tuple[str, ...] = ()
    """The same in fewer words, for a narrow card: first without the port, then without the number of the step."""
    focus: Job | None = None
    sentence: str = ""
    session: str = ""
    buttons: tuple[CardButton, ...] = ()
    files: int = 0
    added: int | None = None
    removed: int | None = None
    cost: float | None = None
    cost_source: CostSource | None = None
    target_ids: tuple[str, ...] = ()
    rank: tuple[float, ...] = field(default=())
    labels: tuple[str, ...] = ()
    """Those of all its jobs."""
    note: str = ""
    """What people wrote on its jobs."""

    @property
    def key(self) -> tuple[str, str]:
        """The identity of the workstream."""
        return (self.run_id, self.ws_id)

    @property
    def distinct_name(self) -> str:
        """Its name, with what sets it apart."""
        return f"{self.name} ({self.apart})" if self.apart else self.name

    @property
    def tool(self) -> str:
        """The tool of the step in focus; empty without one."""
        return self.focus.tool if self.focus else ""

    @property
    def attempts(self) -> tuple[int, int]:
        """Attempts so far, and the most allowed, of the step in focus."""
        if self.focus is None:
            return (0, 0)
        return (self.focus.attempts, max(self.focus.max_attempts, self.focus.attempts))

    def column_in(self, columns: Sequence[BoardColumn]) -> BoardColumn:
        """The column of the card on a board with these columns."""
        return self.column if self.column in columns else BoardColumn.NEEDS_YOU

    def matches(self, text: str) -> bool:
        """Whether every word of a filter text occurs in the card."""
        names = (self.ws_id, self.name, self.run_title, self.run_id, self.repo)
        searched = (*names, self.progress, self.tool, self.word, self.sentence, self.note)
        return keeps(text.casefold().split(), searched_text(searched, self.labels), self.labels)

    def passes(self, limits: PanelFilter) -> bool:
        """Whether the filter of all panels keeps the card: by its state, or as it needs a person or goes on running."""
        also = {"needsyou": self.needs_you, "running": self.column is BoardColumn.RUNNING}
        return limits.keeps(self.run_id, self.state, *(state for state, is_so in also.items() if is_so))
