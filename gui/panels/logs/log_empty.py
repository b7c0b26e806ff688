"""Why the list of the Logs is empty, and what to do about it."""

from dataclasses import dataclass

from gui.panels.logs.log_mode import Mode
from gui.panels.logs.log_sentences import LineCounts, unloaded_sentence
from gui.translation import tr, tr_count


@dataclass(frozen=True, slots=True)
class EmptyReason:
    """What the empty state says, and the word on its button; empty for none."""

    sentence: str
    detail: str = ""
    action: str = ""


def empty_reason(mode: Mode, counts: LineCounts, *, is_filtered: bool, hidden_by_panels: str) -> EmptyReason:
    """Why no line is listed; `hidden_by_panels` says so where the filter of all panels hides them."""
    hidden = counts.loaded
    match mode:
        case Mode.OPENING | Mode.CLOSED if not hidden:
            return EmptyReason(tr("Reading…"))
        case Mode.SEARCH if not hidden:
            return EmptyReason(tr("No line has this text."), tr("All stored output was searched."))
        case Mode.ERRORS if not hidden:
            return EmptyReason(
                tr("There is no error."), tr("All stored output and every event was searched.")
            )
        case _ if hidden and not is_filtered:
            return EmptyReason(hidden_by_panels, unloaded_sentence(counts), tr("Clear"))
        case _ if hidden:
            parts = (
                tr_count("{n} line is hidden", "{n} lines are hidden", hidden),
                unloaded_sentence(counts),
            )
            detail = f"{', '.join(part for part in parts if part)}."
            return EmptyReason(tr("No line passes these filters."), detail, tr("Clear filters"))
        case _:
            return EmptyReason(tr("No output yet."), tr("Lines appear when the first job starts."))
