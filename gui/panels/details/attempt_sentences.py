"""The newest sentences of one attempt of an agent for the details, read on at each refresh. Knows no widgets."""

from collections import deque
from pathlib import Path

from engine.runners import output
from engine.streams.attempt_output import AttemptOutput, reader_in, recorded_entries
from engine.streams.attempt_progress import is_notable
from engine.streams.entries import StreamEntry
from state.records import Attempt, AttemptStatus

_BEGIN = 256 * 1024
"""Bytes at the end of the output that are read at first."""
_AT_ONCE = 256 * 1024


class AttemptSentences:
    """At most `most` sentences, the newest ones."""

    def __init__(self, attempt: Attempt, folder: Path, *, most: int) -> None:
        self._attempt = attempt
        self._entries: deque[StreamEntry] = deque(maxlen=most)
        self._count = 0
        self._output = AttemptOutput(folder, reader_in(folder, attempt.tool))
        self._output.start_at(output.start_of_tail(folder, _BEGIN))
        self._begins_later = self._output.position > 0
        self._ended = False

    @property
    def entries(self) -> list[StreamEntry]:
        """The sentences, oldest first."""
        return list(self._entries)

    @property
    def cut(self) -> bool:
        """Whether there are older ones."""
        return self._begins_later or self._count > len(self._entries)

    def read(self) -> bool:
        """Read what is new, up to a limit; whether anything was."""
        before = self._count
        self._keep([entry for _, entry in self._output.read(_AT_ONCE)])
        if self._attempt.status is not AttemptStatus.RUNNING and not self._output.behind and not self._ended:
            self._ended = True
            self._keep([entry for _, entry in self._output.rest()])
            if not self._count:
                self._keep(recorded_entries(self._attempt.tool, self._attempt.result))
        return self._count > before

    @property
    def behind(self) -> bool:
        """Whether the last read stopped at its limit."""
        return self._output.behind

    def _keep(self, entries: list[StreamEntry]) -> None:
        found = [entry for entry in entries if is_notable(entry)]
        self._entries.extend(found)
        self._count += len(found)
