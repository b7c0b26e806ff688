"""The needs for recurring runs whose last due time came to nothing; they stand for no workstream. Pure, without Qt."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.recurring.due_notes import DueResult
from engine.system.formatting import date_minute
from engine.system.plain_text import escape_invisible
from gui.data.card import CardButton
from gui.panels.dashboard.attention_items import AttentionItem
from gui.translation import tr, tr_count, tr_phrase, translatable

if TYPE_CHECKING:
    from engine.recurring.recurring_rows import RecurringRow

_RUN = CardButton(command="run_missed", label=translatable("Run now"))
_EDIT = CardButton(command="edit_recurring", label=translatable("Show"))
_DISMISS = CardButton(command="dismiss_missed", label=translatable("Dismiss"))
_NAMED = 3


def missed_needs(rows: "Sequence[RecurringRow]") -> list[AttentionItem]:
    """One need for each cause, the oldest first."""
    groups: defaultdict[tuple[DueResult, str], list[RecurringRow]] = defaultdict(list)
    for row in rows:
        if row.is_missed and row.note is not None and row.note.result is not None:
            detail = "" if row.note.reason is None else tr_phrase(row.note.reason)
            groups[row.note.result, detail].append(row)
    needs = [_need(result, detail, members) for (result, detail), members in groups.items()]
    return sorted(needs, key=lambda need: (need.since or 0.0, need.title))


def _need(result: DueResult, detail: str, rows: "Sequence[RecurringRow]") -> AttentionItem:
    since = min((row.note.due_at or 0.0 for row in rows if row.note is not None), default=0.0)
    names = [escape_invisible(row.name) for row in rows]
    is_missed = result is DueResult.MISSED
    return AttentionItem(
        key=("missed", result.value, detail),
        state="needsyou" if is_missed else "failed",
        title=_title(names, is_missed=is_missed),
        reason=_reason(names, escape_invisible(detail), since),
        since=since,
        button=_RUN if is_missed else _EDIT,
        dismissal=_DISMISS,
        job_ids=tuple(row.name for row in rows),
    )


def _title(names: Sequence[str], *, is_missed: bool) -> str:
    if len(names) == 1:
        name = names[0]
        return (
            tr("{name} was missed", name=name) if is_missed else tr("{name} could not be queued", name=name)
        )
    if is_missed:
        return tr_count("{n} recurring run was missed", "{n} recurring runs were missed", len(names))
    return tr_count(
        "{n} recurring run could not be queued", "{n} recurring runs could not be queued", len(names)
    )


def _reason(names: Sequence[str], detail: str, since: float) -> str:
    due = tr("{detail}, due {at}", at=date_minute(since), detail=detail.rstrip("."))
    if len(names) == 1:
        return due
    listed = ", ".join(names[:_NAMED])
    more = len(names) - _NAMED
    if more > 0:
        listed = tr("{names} and {number:,} more", names=listed, number=more)
    return f"{listed}: {due}"
