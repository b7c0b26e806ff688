"""What a person asks of jobs and of the engine, on its way to the engine's thread, and the answer on its way back.

Finds out which jobs are meant; whether a command is legal is decided by the engine alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from engine.host.commands import Outcome, Selected, Undo
from engine.host.engine_service import Commitment, TrustDecision
from engine.jobfile.spec import JobSpec
from engine.types import QueuePosition
from gui.control.engine_host import Answer, EngineHost
from gui.data.job_display import fits
from gui.data.projection import Projection
from gui.data.selection import Selection
from state.records import HoldKind, Job

VERBS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "hold": ("hold", {}),
    "release": ("release", {}),
    "retry": ("retry", {}),
    "retry_dependents": ("retry", {"dependents": True}),
    "retry_with": ("retry", {}),
    "skip": ("skip", {}),
    "cancel": ("cancel", {}),
    "priority": ("set_priority", {}),
    "move_top": ("move", {"spot": QueuePosition(where="top")}),
    "move_up": ("move", {"spot": QueuePosition(where="up")}),
    "move_down": ("move", {"spot": QueuePosition(where="down")}),
    "move_bottom": ("move", {"spot": QueuePosition(where="bottom")}),
}
"""The commands of the window on jobs: what each one is to the engine, and what it needs besides the jobs."""
_PARTICIPLE = {
    "hold": "held",
    "release": "released",
    "retry": "retried",
    "skip": "accepted as is",
    "cancel": "cancelled",
    "retry_dependents": "retried",
    "retry_with": "retried",
    "priority": "given another priority",
    "move_top": "moved",
    "move_up": "moved",
    "move_down": "moved",
    "move_bottom": "moved",
    "edit_job": "edited",
}


class EngineCommands(QObject):
    """Commands to the engine.

    Signals:
        refused: (sentence) nothing, or not everything, was done.
        committed: (list of Job, or the error) what became of the jobs a person added.
        edited: (Answer) what became of an edit.
        done: (Answer) a command was carried out, at least in part.
    """

    refused = Signal(str)
    committed = Signal(object)
    edited = Signal(object)
    done = Signal(object)

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
        """The jobs a command is for: those named, the chosen one, or those of the chosen workstreams it fits."""
        known, chosen = self._projection.jobs, self._selection
        if job_ids:
            return [known[job_id] for job_id in job_ids if job_id in known]
        if chosen.job_id is not None:
            return [known[chosen.job_id]] if chosen.job_id in known else []
        jobs = [job for key in chosen.workstreams for job in self._projection.jobs_of(key)]
        return [job for job in jobs if fits(command, job)]

    def on_jobs(self, command: str, job_ids: Sequence[str] | None, **more: Any) -> None:
        """Ask for one of `VERBS`; `more` are further fields of `Selected`."""
        jobs = self.targets(command, job_ids)
        if not jobs:
            self.refuse(command)
            return
        verb, needs = VERBS[command]
        self._host.run_command(verb, Selected(job_ids=tuple(job.job_id for job in jobs), **{**needs, **more}))

    def refuse(self, command: str) -> None:
        """Say that no job here is in a state for it."""
        self.refused.emit(f"There is no job here that can be {_PARTICIPLE[command]}.")

    def on_engine(self, command: str, arguments: Any = None) -> None:
        """Ask for pause, resume, drain, or another command on stop signs, limits and settings."""
        self._host.run_command(command, arguments)

    @Slot(object, str)
    def lift(self, kind: HoldKind, key: str) -> None:
        """Take a stop sign away; that of everything is the pause."""
        if kind is HoldKind.ENGINE:
            self.on_engine("resume")
        else:
            self.on_engine("lift_hold", (kind, key))

    @Slot(object)
    def edit(self, spec: JobSpec) -> None:
        """Let a waiting job say this; `edited` tells what became of it."""
        self._host.run_command("edit", spec)

    def undo(self, undo: Undo) -> None:
        """Take a command back."""
        self._host.run_command("undo", undo)

    def redo(self, undo: Undo) -> None:
        """Do a command again that was taken back."""
        self._host.run_command("redo", undo)

    @Slot(object)
    def let_start(self, looked: TrustDecision) -> None:
        """Let a held job start that a person has looked at."""
        self._host.run_command("trust", looked)

    @Slot(object)
    def commit(self, commitment: Commitment) -> None:
        """Enter jobs; `committed` tells what became of them."""
        self._host.run_command("commit", commitment)

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        match answer:
            case Answer(command="commit"):
                self.committed.emit(answer)
            case Answer(command="edit"):
                self.edited.emit(answer)
            case Answer(error=error) if error:
                self.refused.emit(error)
            case Answer(result=Outcome(refused=refused)):
                self.done.emit(answer)
                if refused:
                    self.refused.emit(" ".join(refused.values()))
