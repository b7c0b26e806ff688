"""Why the list of the Logs is empty, and what to do about it."""

from dataclasses import dataclass

from engine.streams.entries import SHOWN
from gui.panels.logs.log_mode import Mode
from gui.panels.logs.log_sentences import LineCounts, unloaded_sentence
from gui.translation import tr, tr_count
from state.named_work import NamedWork


@dataclass(frozen=True, slots=True)
class EmptyReason:
    """What the empty state says, and the word on its button; empty for none."""

    sentence: str
    detail: str = ""
    action: str = ""


def empty_reason(
    mode: Mode,
    counts: LineCounts,
    *,
    is_filtered: bool,
    hidden_by_panels: str,
    named: NamedWork | None = None,
    goes_on: bool = False,
) -> EmptyReason:
    """Why no line is listed; `hidden_by_panels` says so where the filter of all panels hides them.

    Nothing but what is `named` is loaded; `goes_on` says that older lines are being loaded.
    """
    hidden = counts.loaded
    match mode:
        case Mode.OPENING | Mode.CLOSED if not hidden:
            return EmptyReason(tr("Reading…"))
        case Mode.SEARCH | Mode.ERRORS if not hidden:
            return _nothing_in_all(mode)
        case _ if named is not None and not hidden:
            return _nothing_named(named, counts, goes_on=goes_on)
        case _ if hidden and not is_filtered:
            return EmptyReason(hidden_by_panels, unloaded_sentence(counts), tr("Clear"))
        case _ if hidden:
            parts = (
                tr_count("{n} line is hidden", "{n} lines are hidden", hidden),
                unloaded_sentence(counts),
            )
            detail = f"{', '.join(part for part in parts if part)}."
            return EmptyReason(_none_passes(counts, goes_on=goes_on), detail, tr("Clear filters"))
        case _:
            return EmptyReason(tr("No output yet."), tr("Lines appear when the first job starts."))


def _nothing_in_all(mode: Mode) -> EmptyReason:
    if mode is Mode.SEARCH:
        detail = tr(
            "All stored output was searched, of very long lines the first {number:,} characters.",
            number=SHOWN,
        )
        return EmptyReason(tr("No line has this text."), detail)
    return EmptyReason(tr("There is no error."), tr("All stored output and every event was searched."))


def _nothing_named(named: NamedWork, counts: LineCounts, *, goes_on: bool) -> EmptyReason:
    if goes_on:
        return EmptyReason(_none_passes(counts, goes_on=True), action=tr("Clear filters"))
    if named.is_of_work:
        sentence = tr("No line of the filtered jobs is stored.")
        detail = tr("They have printed nothing yet, or what they printed was removed.")
    else:
        sentence = tr("There is no line of these levels.")
        detail = tr("All stored output and every event was searched.")
    return EmptyReason(sentence, detail, tr("Clear filters"))


def _none_passes(counts: LineCounts, *, goes_on: bool) -> str:
    if goes_on:
        return tr("No line passes these filters so far; older lines are being read…")
    if counts.unloaded:
        return tr("No loaded line passes these filters.")
    return tr("No line passes these filters.")
