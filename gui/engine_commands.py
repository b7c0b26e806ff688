"""What a person asks of jobs and of the engine, on its way to the engine's thread, and the answer on its way back.

Finds out which jobs are meant; whether a command is legal is decided by the engine alone.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from engine.commands import Outcome, Selected
from engine.service import Commitment
from gui.engine_host import Answer, EngineHost
from gui.models.projection import Projection
from gui.models.steps import COMMANDS_BY_STATUS
from gui.selection import Selection
from state.records import Job

ON_JOBS = ("hold", "release", "retry", "skip", "cancel")
_PARTICIPLE = {
    "hold": "held",
    "release": "released",
    "retry": "retried",
    "skip": "accepted as is",
    "cancel": "cancelled",
}


class EngineCommands(QObject):
    """Commands to the engine.

    Signals:
        refused: (sentence) nothing, or not everything, was done.
        committed: (list of Job, or the error) what became of the jobs a person added.
    """

    refused = Signal(str)
    committed = Signal(object)

    def __init__(
        self,
        host: EngineHost,
        projection: Projection,
        selection: Selection,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._host, self._projection, self._selection = host, projection, selection
        host.answered.connect(self._on_answered)

    def targets(self, command: str, job_ids: Sequence[str] | None) -> list[Job]:
        """The jobs a command is for: those named, the chosen one, or those of the chosen workstream it fits."""
        known, chosen = self._projection.jobs, self._selection
        if job_ids:
            return [known[job_id] for job_id in job_ids if job_id in known]
        if chosen.job_id is not None:
            return [known[chosen.job_id]] if chosen.job_id in known else []
        if chosen.workstream is None:
            return []
        jobs = self._projection.jobs_of(chosen.workstream)
        return (
            [job for job in jobs if job.status in COMMANDS_BY_STATUS[command]]
            if command in COMMANDS_BY_STATUS
            else jobs
        )

    def on_jobs(self, command: str, job_ids: Sequence[str] | None) -> None:
        """Ask for hold, release, retry, skip or cancel."""
        jobs = self.targets(command, job_ids)
        if not jobs:
            self.refused.emit(f"There is no job here that can be {_PARTICIPLE[command]}.")
            return
        self._host.run_command(command, Selected(job_ids=tuple(job.job_id for job in jobs)))

    def on_engine(self, command: str) -> None:
        """Ask for pause, resume or drain."""
        self._host.run_command(command, None)

    @Slot(object)
    def commit(self, commitment: Commitment) -> None:
        """Enter jobs; `committed` tells what became of them."""
        self._host.run_command("commit", commitment)

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        match answer:
            case Answer(command="commit"):
                self.committed.emit(answer)
            case Answer(error=error) if error:
                self.refused.emit(error)
            case Answer(result=Outcome(refused=refused)) if refused:
                self.refused.emit(" ".join(refused.values()))
