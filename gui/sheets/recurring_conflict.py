"""What the form of a recurring run says where somebody else has changed it since it was opened. Without widgets."""

from collections.abc import Mapping
from enum import StrEnum

from engine.recurring.recurring_changes import FieldChange, RecurringRunChangedError
from engine.system.plain_text import escape_invisible
from gui.sheets.recurring_draft import IF_MISSED, IF_RUNNING
from gui.sheets.template_draft import parameter_field
from gui.translation import tr, translatable
from gui.widgets.banner import BannerButton


class ConflictAction(StrEnum):
    """What a person can do about it."""

    SAVE_ANYWAY = "save_anyway"
    TAKE_THEIRS = "take_theirs"


_BUTTONS = (
    BannerButton(ConflictAction.SAVE_ANYWAY, translatable("Save anyway")),
    BannerButton(ConflictAction.TAKE_THEIRS, translatable("Take theirs")),
)
_CAPTIONS: Mapping[str, str] = {
    "template": translatable("What runs"),
    "file": translatable("File"),
    "repo": translatable("Where"),
    "every": translatable("When"),
    "timezone": translatable("Time zone"),
    "if_missed": translatable("If missed"),
    "if_running": translatable("If running"),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "if_missed": IF_MISSED,
    "if_running": IF_RUNNING,
    "enabled": {"true": translatable("resumed"), "false": translatable("paused")},
}


def conflict_sentence(name: str, error: RecurringRunChangedError) -> str:
    """What was changed, for a banner."""
    if error.invalid is not None:
        sentence = tr(
            "Not saved: somebody else changed {name}, and its file is not valid now: {reason}",
            name=name,
            reason=error.invalid.in_file,
        )
    else:
        changes = "; ".join(map(_in_short, error.changes))
        sentence = tr("Not saved: somebody else changed {name}. {changes}", name=name, changes=changes)
    return escape_invisible(sentence)


def conflict_notes(error: RecurringRunChangedError) -> Mapping[str, str]:
    """The same at each field of the form."""
    return {
        parameter_field(one.field.removeprefix("values.")) if "." in one.field else one.field: _note(one)
        for one in error.changes
    }


def conflict_buttons(error: RecurringRunChangedError) -> tuple[BannerButton, ...]:
    """What a person can do: what is not valid cannot be taken into the form."""
    return _BUTTONS if error.stored is not None else _BUTTONS[:1]


def _note(one: FieldChange) -> str:
    if one.after:
        return tr("Somebody else changed it to: {value}", value=_value(one, one.after))
    return tr("Somebody else removed it; it was: {value}", value=_value(one, one.before))


def _in_short(one: FieldChange) -> str:
    if one.field == "enabled":
        return _value(one, one.after)
    field = tr(_CAPTIONS[one.field]) if one.field in _CAPTIONS else one.field.removeprefix("values.")
    return tr("{field}: {value}", field=field, value=_value(one, one.after) or tr("removed"))


def _value(one: FieldChange, text: str) -> str:
    words = _WORDS.get(one.field, {})
    return tr(words[text]) if text in words else text
