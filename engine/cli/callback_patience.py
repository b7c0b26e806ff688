"""How long an engine in a terminal waits for the user's commands at the ends of jobs, and what it says of the rest."""

import time

from engine.cli.printing import print_error

CALLBACK_PATIENCE_S = 300.0
"""How long the commands at the ends of jobs are waited for once nothing else is to be done."""


class Patience:
    """A time that starts to pass when the last job has ended."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.restart()

    def restart(self) -> None:
        """Wait the whole time again."""
        self._until = time.monotonic() + self._seconds

    def is_left(self) -> bool:
        """Whether the time has not passed yet."""
        return time.monotonic() < self._until


def print_callbacks_left(number: int) -> None:
    """Say how many of the user's commands were not run."""
    if number:
        are = "command at the end of a job has" if number == 1 else "commands at the ends of jobs have"
        print_error(f"{number} {are} not been run yet; the next engine runs what is left.")
