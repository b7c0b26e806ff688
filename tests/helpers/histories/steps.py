"""The steps of a kill history, as data: a history is a JSON file that can be read, edited, shrunk and replayed.

A step names what it waits for instead of a time, such as "kill engine 0 while a job of it runs", so it means the same
on a fast and on a slow machine.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

Kind = Literal["plain", "family", "retried", "escalated", "long"]
"""What a job does: end well; leave a process behind; fail once; go on with the next tool; wait for its cancel."""


@dataclass(frozen=True, kw_only=True)
class Submit:
    """Queue a job, by hand or as a file in the inbox."""

    do: ClassVar[str] = "submit"
    job: str
    kind: Kind = "plain"
    seconds: float = 0.1
    by: Literal["hand", "inbox"] = "hand"


@dataclass(frozen=True, kw_only=True)
class Command:
    """What a person does with one job; a refusal counts as not done. `when` it runs, or at once.

    The job ``*`` is whichever runs.
    """

    do: ClassVar[str] = "command"
    name: Literal["cancel", "retry", "hold", "release", "top", "bottom", "urgent"]
    job: str
    when: Literal["now", "running"] = "now"


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What a person does with the whole queue."""

    do: ClassVar[str] = "queue"
    name: Literal["pause", "resume", "limit"]
    limit: int = 1


@dataclass(frozen=True, kw_only=True)
class Start:
    """Start an engine, without a window or in one, unless that engine lives.

    It kills itself at the point `dies_at`; its shims do so at `shims`, a fault as `SIGNALBOX_FAULT` writes it. `clock`
    is how many seconds its wall clock is ahead.
    """

    do: ClassVar[str] = "start"
    engine: int = 0
    window: bool = False
    dies_at: str = ""
    shims: str = ""
    clock: int = 0


@dataclass(frozen=True, kw_only=True)
class Kill:
    """Kill an engine, a shim, or a shim with its engine: as soon as a claim is open, or the tool of one runs.

    Without `engine` or `job` it is whichever is first at work. `point` waits for an engine that kills itself at its
    point.
    """

    do: ClassVar[str] = "kill"
    what: Literal["engine", "shim", "both"] = "engine"
    job: str = ""
    engine: int | None = None
    when: Literal["claimed", "running", "point"] = "claimed"


@dataclass(frozen=True, kw_only=True)
class Freeze:
    """Stop the engine that is first at work, or has this job at work, with SIGSTOP, as if it slept."""

    do: ClassVar[str] = "freeze"
    job: str = ""


@dataclass(frozen=True, kw_only=True)
class Thaw:
    """Wake every engine that sleeps."""

    do: ClassVar[str] = "thaw"


@dataclass(frozen=True, kw_only=True)
class Disk:
    """Fill the disk of the home to the last byte, or make room again."""

    do: ClassVar[str] = "disk"
    full: bool


Step = Submit | Command | Queue | Start | Kill | Freeze | Thaw | Disk
_STEPS: dict[str, type[Step]] = {
    step.do: step for step in (Submit, Command, Queue, Start, Kill, Freeze, Thaw, Disk)
}


@dataclass(frozen=True)
class History:
    """Steps in order. `mutant` names what is broken on purpose, `breach` what was found when it was recorded."""

    steps: Sequence[Step]
    seed: int = 0
    mutant: str = ""
    breach: str = ""

    def to_json(self) -> str:
        """The history as a file, one step a line."""
        head = {"seed": self.seed, "mutant": self.mutant, "breach": self.breach}
        lines = ",\n".join(f"  {json.dumps({'do': step.do, **_given(step)})}" for step in self.steps)
        return json.dumps(head)[:-1] + f', "steps": [\n{lines}\n]}}\n'

    @classmethod
    def read(cls, file: Path) -> "History":
        """The history of a file."""
        fields = json.loads(file.read_text(encoding="utf-8"))
        steps = [_STEPS[step.pop("do")](**step) for step in fields.pop("steps")]
        return cls(steps=steps, **fields)


def _given(step: Step) -> dict[str, Any]:
    """The fields that are not as by default."""
    defaults = {name: field.default for name, field in step.__dataclass_fields__.items()}
    return {name: value for name, value in asdict(step).items() if value != defaults[name]}
