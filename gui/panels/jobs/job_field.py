"""The columns of the table of jobs: titles, widths, and which give way first where there is less room. No widgets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gui.translation import translatable


class JobField(StrEnum):
    """What a column shows; the value is what the window remembers."""

    STATE = "state"
    JOB = "job"
    WORKSTREAM = "workstream"
    TOOL = "tool"
    ATTEMPT = "attempt"
    AGE = "age"
    SILENT = "silent"
    LINE = "line"
    COST = "cost"
    RUN = "run"
    BRANCH = "branch"
    FILES = "files"
    EXIT = "exit"
    LABELS = "labels"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """The title of a column, its width in logical pixels, its side, and what stands where the title has no room."""

    title: str
    width: int
    is_right: bool = False
    short: str = ""


SPECS: Mapping[JobField, FieldSpec] = {
    JobField.STATE: FieldSpec(translatable("State"), 116),
    JobField.JOB: FieldSpec(translatable("Job"), 250),
    JobField.WORKSTREAM: FieldSpec(translatable("Workstream"), 128),
    JobField.TOOL: FieldSpec(translatable("Tool"), 82),
    JobField.ATTEMPT: FieldSpec(translatable("Attempt"), 76, short="#"),
    JobField.AGE: FieldSpec(translatable("Age"), 84, is_right=True),
    JobField.SILENT: FieldSpec(translatable("Silent for"), 92, is_right=True),
    JobField.LINE: FieldSpec(translatable("Last line"), 160),
    JobField.COST: FieldSpec(translatable("Cost"), 96, is_right=True),
    JobField.RUN: FieldSpec(translatable("Run"), 128),
    JobField.BRANCH: FieldSpec(translatable("Branch"), 160),
    JobField.FILES: FieldSpec(translatable("Files"), 56, is_right=True),
    JobField.EXIT: FieldSpec(translatable("Exit code"), 76, is_right=True),
    JobField.LABELS: FieldSpec(translatable("Labels"), 150),
    JobField.NOTE: FieldSpec(translatable("Note"), 180),
}
FIELDS: tuple[JobField, ...] = tuple(JobField)
ALWAYS = frozenset({JobField.STATE, JobField.JOB})
"""Neither can be hidden nor moved."""
FIRST_HIDDEN = frozenset(
    {JobField.RUN, JobField.BRANCH, JobField.FILES, JobField.EXIT, JobField.LABELS, JobField.NOTE}
)
"""Hidden until somebody chooses them."""
MARK_WIDTH = 30
"""The width of the box that marks a row."""
ROW_HEIGHTS = (24, 28, 32)
_NARROWEST = 40
_MOST = 2000

TILE_ONLY, PIPS_ONLY, NARROW_JOB = 44, 48, 170
_GIVES_WAY: tuple[tuple[JobField, int], ...] = (
    (JobField.TOOL, TILE_ONLY),
    (JobField.WORKSTREAM, 0),
    (JobField.ATTEMPT, PIPS_ONLY),
    (JobField.AGE, 0),
    (JobField.COST, 0),
    (JobField.JOB, NARROW_JOB),
)
"""What gives way where the last line would have less than its least width, in this order, and to which width."""
_SHARES: Mapping[JobField, int] = {
    JobField.JOB: 130, JobField.WORKSTREAM: 96, JobField.RUN: 96, JobField.BRANCH: 110
}  # fmt: skip
"""The columns of names, which share their room by what is in them, each with the least width it can have."""
_WIDEST_NAME = 440
_LINE_SHARE = 0.3
"""The part of the whole width that names leave to the last line."""


@dataclass(frozen=True)
class ColumnLayout:
    """Which columns are shown, in which order, the widths a person has given them, and the height of the rows."""

    order: tuple[JobField, ...] = FIELDS
    hidden: frozenset[JobField] = FIRST_HIDDEN
    widths: Mapping[JobField, int] | None = None
    row_height: int = 28

    @property
    def shown(self) -> tuple[JobField, ...]:
        """The columns shown, from left to right."""
        return tuple(field for field in self.order if field not in self.hidden)

    def width(self, field: JobField) -> int:
        """The width of a column where there is room."""
        return (self.widths or {}).get(field, SPECS[field].width)

    def fitted(
        self,
        room: int,
        words: Mapping[JobField, int] | None = None,
        names: Mapping[JobField, int] | None = None,
    ) -> dict[JobField, int]:
        """The width of each shown column in `room` logical pixels; 0 for one that gives way.

        The last line takes the rest, and others give way until it has its least width. `words` are the widths that
        the words of a column need, `names` those that the names in it would need; one that a person has given goes
        before.
        """
        own, needed = self.widths or {}, words or {}
        widths = {
            field: self.width(field) if field in own else max(self.width(field), needed.get(field, 0))
            for field in self.shown
        }
        has_line = JobField.LINE in widths
        least = widths.pop(JobField.LINE, 0)
        line = max(least, round(room * _LINE_SHARE)) if has_line else 0
        widths |= _shared(widths, {} if names is None else names, room=room - line, fixed=own)
        if not has_line:
            return widths
        for field, narrow in _GIVES_WAY:
            if sum(widths.values()) + least <= room:
                break
            if field in widths and field not in own:
                widths[field] = min(widths[field], narrow)
                if field is JobField.WORKSTREAM and JobField.JOB not in own:  # whose cells say it then, too
                    widths[JobField.JOB] = max(widths[JobField.JOB], SPECS[JobField.JOB].width)
        rest = max(least, room - sum(widths.values()))
        return {field: rest if field is JobField.LINE else widths[field] for field in self.shown}

    def as_json(self) -> dict[str, Any]:
        """The layout as JSON values."""
        return {
            "order": [field.value for field in self.order],
            "hidden": sorted(field.value for field in self.hidden),
            "widths": {field.value: width for field, width in (self.widths or {}).items()},
            "row_height": self.row_height,
        }


def _shared(
    widths: Mapping[JobField, int], names: Mapping[JobField, int], *, room: int, fixed: Collection[JobField]
) -> dict[JobField, int]:
    """The widths of the columns of names: first what their names need, then what they have without names.

    The room beyond the names is for what may stand behind them, and for longer ones to come.
    """
    needs = {
        field: min(max(names[field], least), _WIDEST_NAME)
        for field, least in _SHARES.items()
        if field in widths and field in names and field not in fixed
    }
    found = {field: min(widths[field], need) for field, need in needs.items()}
    for goal in (needs, {field: max(widths[field], need) for field, need in needs.items()}):
        missing = {field: max(0, width - found[field]) for field, width in goal.items()}
        left = room - sum({**widths, **found}.values())
        part = min(1.0, max(0, left) / max(1, sum(missing.values())))
        found = {field: width + int(missing[field] * part) for field, width in found.items()}
    return found


def layout_from_json(value: object) -> ColumnLayout:
    """The layout that was remembered; what is not valid is as at first."""
    if not isinstance(value, Mapping):
        return ColumnLayout()
    widths, height = value.get("widths"), value.get("row_height")
    given = widths if isinstance(widths, Mapping) else {}
    return ColumnLayout(
        order=_order(_known(value.get("order"))),
        hidden=_hidden(value) if "hidden" in value else FIRST_HIDDEN,
        widths={field: given[field.value] for field in FIELDS if _is_width(given.get(field.value))} or None,
        row_height=height if height in ROW_HEIGHTS else ROW_HEIGHTS[1],
    )


def _hidden(value: Mapping[Any, Any]) -> frozenset[JobField]:
    """The columns that were hidden; those that a former release did not have are as at first."""
    new = FIRST_HIDDEN - frozenset(_known(value["order"])) if "order" in value else frozenset()
    return (frozenset(_known(value["hidden"])) | new) - ALWAYS


def field_of(name: object) -> JobField | None:
    """The column of this name; None for any other value."""
    return JobField(name) if isinstance(name, str) and name in set(JobField) else None


def _known(values: object) -> tuple[JobField, ...]:
    names = values if isinstance(values, Sequence) and not isinstance(values, str) else ()
    return tuple(dict.fromkeys(found for name in names if (found := field_of(name)) is not None))


def _order(named: Sequence[JobField]) -> tuple[JobField, ...]:
    """All columns: those that are always shown, then the named ones, then the rest."""
    fixed = tuple(field for field in FIELDS if field in ALWAYS)
    return tuple(dict.fromkeys((*fixed, *named, *FIELDS)))


def moved(order: Sequence[JobField], field: JobField, steps: int) -> tuple[JobField, ...]:
    """The order after a column was moved by some places; those that are always shown stay in front."""
    if field in ALWAYS:
        return tuple(order)
    rest = [one for one in order if one is not field]
    place = min(max(len(ALWAYS), list(order).index(field) + steps), len(rest))
    return (*rest[:place], field, *rest[place:])


def _is_width(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and _NARROWEST <= value <= _MOST
