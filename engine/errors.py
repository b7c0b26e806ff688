"""Every error Signalbox raises on purpose: what happened, where, and what to do next, in its message."""

from collections.abc import Sequence
from pathlib import Path

from state.database_errors import SignalboxError

__all__ = ["SignalboxError"]


class JobFileError(SignalboxError):
    """A job or pipeline file cannot be taken; says file, line and field.

    `line` counts from 1 and is None where the whole file is meant; `field` is a dotted path such as
    ``metadata.retry.limit``. `others` are the further errors of the same file; `every` is all of them in order.
    """

    def __init__(
        self,
        reason: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        field: str = "",
        others: "Sequence[JobFileError]" = (),
    ) -> None:
        self.reason, self.file, self.line, self.field = reason, file, line, field
        self.others = tuple(others)
        where = "" if file is None else f"{Path(file).name}: "
        where += "" if line is None else f"line {line}: "
        where += f"{field}: " if field else ""
        more = f" (and {len(self.others)} more)" if self.others else ""
        super().__init__(f"{where}{reason}{more}")

    @property
    def every(self) -> "tuple[JobFileError, ...]":
        """This error without the count of the others, and the others: one line each for a list."""
        first = JobFileError(self.reason, file=self.file, line=self.line, field=self.field)
        return (first, *self.others)


class JobNotFoundError(SignalboxError):
    """There is no job of that id in this home."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(f"There is no job {job_id!r} here; `signalbox jobs` lists those there are.")


class JobExistsError(SignalboxError):
    """A job of that id is already here with other contents."""

    def __init__(self, job_id: str, detail: str = "") -> None:
        self.job_id = job_id
        super().__init__(
            detail or f"A job {job_id!r} is already here; choose another job_id or add it as a copy."
        )


class JobAlreadyRunningError(SignalboxError):
    """The job runs at this moment; a second start would run it twice."""

    def __init__(self, job_id: str, detail: str = "") -> None:
        self.job_id = job_id
        super().__init__(detail or f"Job {job_id!r} is already running; wait for it or cancel it first.")


class CommandRefusedError(SignalboxError):
    """A command does not fit the state of the job it was given for; nothing was changed."""


class SpawnError(SignalboxError):
    """An attempt could not be started: program or folder missing, not executable, argument list too long."""


class NotTrustedError(SignalboxError):
    """The job may not start before a person has looked at it (exit code 3)."""


class HomeError(SignalboxError):
    """The home folder cannot be used: not ours, not writable, or open to others."""


class GitError(SignalboxError):
    """Git did not do what it was asked; the message holds its own first line and the folder."""


JobAlreadyRunning = JobAlreadyRunningError
"""The name by which the public face knows it."""
