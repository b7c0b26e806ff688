"""One line that says how far a command is, on the terminal of standard error alone."""

import sys
import time

_SHOW_AFTER_S, _REST_S = 1.0, 0.1


class ProgressLine:
    """Shown once a command takes longer than a moment, changed ten times a second at most, and removed at its end."""

    def __init__(self) -> None:
        self._shown = ""
        self._due = time.monotonic() + _SHOW_AFTER_S

    def show(self, text: str) -> None:
        """Show this text in place of the last one."""
        now = time.monotonic()
        if sys.stderr.isatty() and now >= self._due:
            sys.stderr.write(f"\r{text.ljust(len(self._shown))}")
            sys.stderr.flush()
            self._shown, self._due = text, now + _REST_S

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            sys.stderr.write(f"\r{' ' * len(self._shown)}\r")
            sys.stderr.flush()
            self._shown = ""
