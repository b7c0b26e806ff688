"""Lines of the Logs as they are copied: each says when it was printed, its level, and by what job."""

from collections.abc import Callable, Sequence
from functools import cache

from engine.system.formatting import date_millisecond
from gui.panels.logs.line_store import LineStore, Source


def copied_lines(store: LineStore, serials: Sequence[int], job_name: Callable[[str], str]) -> str:
    """The lines with date and time, level, workstream and job: what someone who reads them elsewhere has to know."""

    @cache
    def named(source: Source) -> str:
        return job_name(source.job_id) if source.job_id else source.label

    lines = (
        (
            date_millisecond(store.at(serial)),
            store.level(serial).word,
            named(store.source(serial)),
            store.text(serial),
        )
        for serial in serials
    )
    return "\n".join("  ".join(part for part in line if part) for line in lines)


def copied_text(store: LineStore, serials: Sequence[int]) -> str:
    """The text of the lines alone."""
    return "\n".join(store.text(serial) for serial in serials)
