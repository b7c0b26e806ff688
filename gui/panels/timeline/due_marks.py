"""When recurring runs are due next, as marks on the time axis. Pure, without Qt."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.system.formatting import clock_minute, date_minute
from engine.system.plain_text import escape_invisible
from gui.panels.timeline.night_records import NotableEvent
from gui.translation import tr

if TYPE_CHECKING:
    from engine.recurring.recurring_rows import RecurringRow

_A_DAY_S = 86_400.0


def due_marks(rows: "Sequence[RecurringRow]", now: float) -> tuple[NotableEvent, ...]:
    """The next due times of recurring runs, in their order."""
    marks = [mark for row in rows for mark in _marks_of(row, now)]
    return tuple(sorted(marks, key=lambda mark: (mark.at, mark.words)))


def due_sentence(marks: Sequence[NotableEvent]) -> str:
    """The next due time of each recurring run, for screen readers."""
    first: dict[str, str] = {}
    for mark in marks:
        first.setdefault(mark.recurring, mark.sentence)
    return " ".join(first.values())


def _marks_of(row: "RecurringRow", now: float) -> Iterator[NotableEvent]:
    name = escape_invisible(row.name)
    every = "" if row.run is None else escape_invisible(row.run.every)
    for at in row.upcoming:
        if at > now:
            when = clock_minute(at) if at - now < _A_DAY_S else date_minute(at)
            sentence = tr("{name} is due at {at}: {every}.", name=name, at=when, every=every)
            yield NotableEvent(at=at, state="queued", words=name, sentence=sentence, recurring=row.name)
