"""Defines every error Signalbox raises on purpose; a message says what happened, where, and what to do next."""

from collections.abc import Sequence
from pathlib import Path

from state.database_errors import SignalboxError

__all__ = ["SignalboxError"]


class JobFileError(SignalboxError):
    """A job or pipeline file cannot be accepted; the message names file, line and field.

    `line` counts from 1 and is None if the whole file is meant; `field` is a dotted path such as
    ``metadata.retry.limit``. `others` holds the other errors of the same file, `every` all of them in order.
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
        more = f" (and {len(self.others)} more)" if self.others else ""
        super().__init__(f"{where}{self.in_file}{more}")

    @property
    def in_file(self) -> str:
        """This error alone, for whoever has the file in view: line, field and reason."""
        line = "" if self.line is None else f"line {self.line}: "
        field = f"{self.field}: " if self.field else ""
        return f"{line}{field}{self.reason}"

    @property
    def every(self) -> "tuple[JobFileError, ...]":
        """All errors of the file, each with a message of its own."""
        first = JobFileError(self.reason, file=self.file, line=self.line, field=self.field)
        return (first, *self.others)


class UnlistedFolderError(JobFileError):
    """Nobody knows which files a folder has, since it cannot be listed; the message names the whole folder."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(f"cannot be listed: {why}", file=folder)
        self.args = (f"{folder} cannot be listed: {why}",)


class JobNotFoundError(SignalboxError):
    """No job in this home has that id."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(f"There is no job {job_id!r} here; `signalbox jobs` lists all jobs.")


class JobExistsError(SignalboxError):
    """A job with that id exists already and has other contents."""

    def __init__(self, job_id: str, detail: str = "") -> None:
        self.job_id = job_id
        super().__init__(
            detail or f"A job {job_id!r} exists already; choose another job_id or add it as a copy."
        )


class JobAlreadyRunningError(SignalboxError):
    """The job is running; a second start would run it twice."""

    def __init__(self, job_id: str, detail: str = "") -> None:
        self.job_id = job_id
        super().__init__(detail or f"Job {job_id!r} is already running; wait for it or cancel it first.")


class CommandRefusedError(SignalboxError):
    """A command does not fit the present state; nothing was changed."""


class SpawnError(SignalboxError):
    """An attempt could not be started: program or folder missing, not executable, or argument list too long."""


class DiskError(SpawnError):
    """An attempt could not be started because of the state of a disk; it waits until that is well."""


class ShimError(SignalboxError):
    """The program that is to run beside attempts is not here."""


class NotTrustedError(SignalboxError):
    """The job may not start before a person has reviewed it (exit code 3)."""


class HomeError(SignalboxError):
    """The home folder cannot be used: it belongs to another user, is not writable, or is open to others."""


class NoHomeError(HomeError):
    """There is no home yet where one is to be read or changed; nothing was made."""


class BadVariableError(SignalboxError):
    """A variable of the environment has a value that is not valid; nothing was started."""

    def __init__(self, name: str, value: str, valid: str) -> None:
        super().__init__(
            f"{name} is {value!r}, which is not valid: it must be {valid}. Correct it, or unset it."
        )


class GitError(SignalboxError):
    """A git command failed; the message contains the first line git printed, and the folder."""


class WorktreeError(GitError):
    """A worktree cannot be made, restored, archived or removed; what is in it was left as it is."""


JobAlreadyRunning = JobAlreadyRunningError
"""The name in the public API."""
