"""Looks on a pool thread at what a held job would start, since that reads the repository; decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from engine.gatekeeper import Look, at_tool, look_at
from engine.job_spec import JobSpec
from engine.trust_store import TrustStore
from state.records import Job


@dataclass(frozen=True, kw_only=True)
class LookAsked:
    """The job to look at: its row, what its file said, and the tool paths of the settings."""

    job: Job
    spec: Mapping[str, Any]
    tool_paths: Mapping[str, str]


class LookReader(QObject):
    """One look at a time; only the latest is answered.

    Signals:
        looked: (Look) what there is to see.
    """

    looked = Signal(object)
    _done = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._turn = 0
        self._done.connect(self._on_done)

    def ask(self, asked: LookAsked) -> None:
        """Look at a job; what was asked for before is not wanted any more."""
        self.forget()
        self._pool.start(_Looking(self._turn, asked, self))

    def forget(self) -> None:
        """Want no answer any more."""
        self._turn += 1
        self._pool.clear()

    def wait(self) -> None:
        """Forget, and wait until nobody looks any more."""
        self.forget()
        self._pool.waitForDone()

    @Slot(int, object)
    def _on_done(self, turn: int, look: Look) -> None:
        if turn == self._turn:
            self.looked.emit(look)


class _Looking(QRunnable):
    def __init__(self, turn: int, asked: LookAsked, reader: LookReader) -> None:
        super().__init__()
        self._turn, self._asked, self._reader = turn, asked, reader

    def run(self) -> None:
        asked = self._asked
        try:
            spec = at_tool(JobSpec.model_validate(dict(asked.spec)), asked.job.tool)
        except ValueError:
            return  # a job no adapter could be given either; its card says what is wrong with it
        look = look_at(spec, TrustStore(), tool_paths=asked.tool_paths, source=asked.job.source_path or "")
        self._reader._done.emit(self._turn, look)  # noqa: SLF001 - the other half of one thing
