"""The jobs of a history, and the ledger they write themselves: each start and each end, with process id and time.

Every job keeps a lock of its own as long as any process of it lives; an attempt that finds it taken writes ``O``, for
an overlap. No clock is needed to know that two attempts ran at the same time.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.helpers.histories.steps import Submit

_NOTE = 'note() { echo "$1 $JOB $SIGNALBOX_ATTEMPT $$ $(date +%s%N)" >> "$LEDGER"; }\n'
_LOCK = 'exec 9>>"$LOCKS/$JOB"; flock -n 9 || note O\n'
_RUN = f'{_NOTE}{_LOCK}note S; sleep "$SECONDS_"; note E\n'
_FAMILY = f'{_NOTE}{_LOCK}note S; setsid sleep 60 & sleep "$SECONDS_"; note E\n'
_LONG = f"{_NOTE}{_LOCK}note S; sleep 600; note E\n"
_ONCE = '[ -e "$LOCKS/$JOB.failed" ] || { : > "$LOCKS/$JOB.failed"; exit 1; }\n'
_SCRIPTS = {"plain": _RUN, "family": _FAMILY, "long": _LONG, "retried": _RUN + _ONCE}
_CLAUDE = f"#!/bin/sh\ncat > /dev/null\n{_RUN}exit 1\n"
_CODEX = f'#!/bin/sh\ncat > /dev/null\n{_RUN}echo \'{{"type": "turn.completed"}}\'\n'


@dataclass(frozen=True)
class Line:
    """One line of the ledger: S for a start, E for an end, O for an overlap."""

    kind: str
    job: str
    attempt: str
    pid: int
    ns: int


class Workshop:
    """Where the jobs of a history work, outside of the home: tools, locks and the ledger."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ledger, self.locks = folder / "work", folder / "ledger", folder / "locks"
        for made in (self.folder, self.locks):
            made.mkdir()
        self.ledger.touch()
        self.tools = {"claude": str(folder / "claude"), "codex": str(folder / "codex")}
        for name, script in {"claude": _CLAUDE, "codex": _CODEX}.items():
            tool = Path(self.tools[name])
            tool.write_text(script, encoding="utf-8")
            tool.chmod(0o700)

    def lines(self) -> list[Line]:
        """What the jobs have written so far."""
        whole = self.ledger.read_text(encoding="utf-8").rpartition("\n")[0]
        words = (line.split() for line in whole.splitlines())
        return [Line(kind, job, attempt, int(pid), int(ns)) for kind, job, attempt, pid, ns in words]

    def at_work(self) -> set[str]:
        """The attempts whose tool has started and has not come to its end, dead or alive."""
        lines = self.lines()
        ended = {line.attempt for line in lines if line.kind == "E"}
        return {line.attempt for line in lines if line.kind == "S"} - ended

    def counts(self) -> Counter[tuple[str, str]]:
        """How often each kind of line stands there for each attempt."""
        return Counter((line.kind, line.attempt) for line in self.lines())

    def job(self, step: Submit) -> dict[str, Any]:
        """The job file of a step."""
        env = {
            "JOB": step.job,
            "LEDGER": str(self.ledger),
            "LOCKS": str(self.locks),
            "SECONDS_": str(step.seconds),
        }
        fields: dict[str, Any] = {
            "tool": "shell",
            "job_id": step.job,
            "env": env,
            "paths": {"repo_root": str(self.folder)},
            "metadata": {"on_interrupted": "rerun", "writes": False},
        }
        if step.kind == "escalated":
            fields |= {"tool": "claude", "prompt": "Go on where the first has failed."}
            evidence = {"change": "optional", "tests": {"command": {"exe": "true"}}}
            fields["metadata"] |= {"escalate_to": ["codex"], "evidence": evidence}
            return fields
        if step.kind == "retried":
            fields["metadata"]["retry"] = {"limit": 1, "backoff": "immediate"}
        return fields | {"command": {"exe": "/bin/sh", "args": ["-c", _SCRIPTS[step.kind]]}}
