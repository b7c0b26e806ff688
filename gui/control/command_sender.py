"""Sends a person's commands to the engine's thread, and passes each answer to the sender.

Finds out which jobs are meant; only the engine decides whether a command is legal.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.host.commands import EngineCommand, LiftHold, Resume
from gui.control.action_effects import OBSERVING, MakesCommand
from gui.control.action_table import ACTIONS_BY_ID
from gui.control.engine_host import Answer, EngineHost
from gui.data.command_captions import none_fits
from gui.data.job_actions import takes
from gui.data.projection import Projection
from gui.data.selection import Selection
from gui.translation import tr
from state.records import HoldKind, Job

_NOT_SENT = -1
"""The id of the answer to a command that the engine never got."""


class CommandSender(QObject):
    """Sends commands to the engine, and receives their answers.

    Signals:
        refused: (sentence) a command was refused, at least in part, and nobody waits for this answer.
        done: (Answer) a command was carried out, at least in part.
    """

    refused = Signal(str)
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
        self.observes = False
        """Whether no command is sent: each is refused with the reason."""
        self._waiting: dict[int, Callable[[Answer], None]] = {}
        host.answered.connect(self._on_answered)

    @Slot(object)
    def send(self, command: EngineCommand, then: Callable[[Answer], None] | None = None) -> int:
        """Send a command to the engine and return the id of its answer.

        That answer, and no other, is passed to `then`; without `then`, a refusal is shown to the user.
        """
        if self.observes:
            refused = Answer(question=_NOT_SENT, command=command, error=tr(OBSERVING))
            QTimer.singleShot(0, self, partial(self._pass_on, refused, then))  # as late as any answer
            return _NOT_SENT
        question = self._host.run_command(command)
        if then is not None:
            self._waiting[question] = then
        return question

    def send_text(self, command: EngineCommand, then: Callable[[str], None]) -> None:
        """Send a command with a text that a person has typed.

        A refusal is shown to the user, and passed to `then`, which gives the text back; it is empty if it was taken.
        """

        def pass_on(answer: Answer) -> None:
            refusal = self._refusal_of(answer)
            if refusal:
                self.refused.emit(refusal)
            then(refusal)

        self.send(command, pass_on)

    def send_all(self, commands: Sequence[EngineCommand], then: Callable[[Sequence[Answer]], None]) -> None:
        """Send commands, and pass all their answers to `then` once the last one has come; at once without any."""
        answers: list[Answer] = []

        def collect(answer: Answer) -> None:
            answers.append(answer)
            if len(answers) == len(commands):
                then(answers)

        for command in commands:
            self.send(command, collect)
        if not commands:
            then(answers)

    def targets(self, action: str, job_ids: Sequence[str] | None) -> list[Job]:
        """The jobs of an action: those given, the selected one, or those of the selected workstreams it fits."""
        known, selected = self._projection.jobs, self._selection
        if job_ids:
            return [known[job_id] for job_id in job_ids if job_id in known]
        if selected.job_id is not None:
            return [known[selected.job_id]] if selected.job_id in known else []
        jobs = [job for key in selected.workstreams for job in self._projection.jobs_of(key)]
        command = ACTIONS_BY_ID[action].job_command
        return [job for job in jobs if command is None or takes(command, job)]

    def send_for(self, action: str, job_ids: Sequence[str] | None, make: MakesCommand) -> None:
        """Send the command that `make` builds on the jobs of an action."""
        jobs = self.targets(action, job_ids)
        if not jobs:
            self.refuse(action)
        else:
            self.send(make(job_ids=tuple(job.job_id for job in jobs)))

    def refuse(self, action: str) -> None:
        """Report that no job here is in a state that fits the action."""
        kind = ACTIONS_BY_ID[action].kind
        self.refused.emit(none_fits("" if kind is None else kind.name))

    @Slot(object, str)
    def lift(self, kind: HoldKind, key: str) -> None:
        """Lift a hold; `HoldKind.ENGINE` is the pause of everything."""
        self.send(Resume() if kind is HoldKind.ENGINE else LiftHold(hold_kind=kind, key=key))

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        self._pass_on(answer, self._waiting.pop(answer.question, None))

    def _pass_on(self, answer: Answer, waiter: Callable[[Answer], None] | None) -> None:
        if not answer.error:
            self.done.emit(answer)
        if waiter is not None:
            waiter(answer)
        elif refusal := self._refusal_of(answer):
            self.refused.emit(refusal)

    def _refusal_of(self, answer: Answer) -> str:
        """Why it was refused, at least in part; empty if it was not."""
        refusal = answer.error or " ".join(answer.outcome.refused.values())
        return self._projection.shown_sentence(refusal) if refusal else ""
