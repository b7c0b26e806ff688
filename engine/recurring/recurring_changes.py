"""What differs between a recurring run as somebody saw it and as it is stored now, field by field. Writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.errors import CommandRefusedError, JobFileError
from engine.recurring.recurring_run import RecurringRun


@dataclass(frozen=True)
class FieldChange:
    """A field of the file, such as ``every`` or ``values.commits``, as text; empty where it is not set."""

    field: str
    before: str
    after: str


class RecurringRunChangedError(CommandRefusedError):
    """The stored recurring run is not the one that was seen; nothing was written.

    `stored` is the present one; None where its file is not valid any more, for the reason in `invalid`.
    """

    def __init__(
        self,
        name: str,
        *,
        changes: Sequence[FieldChange] = (),
        stored: RecurringRun | None = None,
        invalid: JobFileError | None = None,
    ) -> None:
        self.changes, self.stored, self.invalid = tuple(changes), stored, invalid
        super().__init__(f"{name} was changed meanwhile: {self._what()}. Nothing was written.")

    def _what(self) -> str:
        if self.invalid is not None:
            return f"its file is not valid any more, {self.invalid.in_file}"
        named = (f"{one.field} is {one.after or 'not set'} now" for one in self.changes)
        return "; ".join(named)


def changes_between(seen: RecurringRun, stored: RecurringRun) -> Sequence[FieldChange]:
    """The fields in which they differ, in the order of the file."""
    before, after = _texts(seen), _texts(stored)
    return [
        FieldChange(field, before.get(field, ""), after.get(field, ""))
        for field in dict.fromkeys((*before, *after))
        if before.get(field, "") != after.get(field, "")
    ]


def _texts(run: RecurringRun) -> Mapping[str, str]:
    plain = {
        field: str(value).lower() if isinstance(value, bool) else str(value)
        for field, value in run.model_dump(mode="json", exclude={"values"}).items()
        if value is not None
    }
    return plain | {f"values.{name}": text for name, text in run.given.items()}
