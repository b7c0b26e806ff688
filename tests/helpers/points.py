"""Kills engines and shims at every named point of `engine.system.fault_injection`, with jobs that come to each of them.

A batch holds plain jobs, jobs that fail once and are tried again, jobs that go on to the next tool, and files that are
dropped into the inbox. Each attempt notes its start and its end under its own name, so that every start is counted
against the row of its attempt.
"""

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.maintenance.home_invariants import breaches
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.trust.policy import TrustPolicy
from state import queries
from state.database_reader import DatabaseReader
from state.records import AttemptStatus, JobStatus, Limit, LimitKind, Origin
from tests.helpers.engine_nursery import is_waiting
from tests.helpers.patience import PATIENCE_S
from tests.helpers.torture import Nursery, alive, marked, nursery

POINTS: Mapping[str, float] = {
    "file_seen": 0.15,
    "parsed": 0.15,
    "before_accept": 0.15,
    "accepted": 0.15,
    "before_unlink": 0.15,
    "before_claim": 0.1,
    "after_claim": 0.1,
    "before_spawn": 0.1,
    "after_spawn": 0.1,
    "after_lock": 0.1,
    "pid_stored": 0.1,
    "result_seen": 0.1,
    "before_finish": 0.1,
    "after_finish": 0.1,
    "mid_finish": 0.1,
    "mid_retry": 0.2,
    "mid_escalation": 0.3,
    "in_recovery": 0.4,
    "recovery_locked": 0.4,
    "recovery_abandoned": 0.4,
    "recovery_swept": 0.4,
}
"""Every point an attempt may be killed at, and how likely each coming there is to be the last."""

_BEFORE_A_GIVING_UP = ("after_claim", "before_spawn")
"""Only what was claimed and never started is given up: without these no recovery comes to its last points."""

_SCRIPT = """
echo "S ${SIGNALBOX_ATTEMPT} $$" >> "$1"; sleep 0.0$(($$ % 8 + 1)); echo "E ${SIGNALBOX_ATTEMPT} $$" >> "$1"
"""
_FAILS_ONCE = _SCRIPT + '[ -e "$2" ] || { : > "$2"; exit 1; }\n'
_CODEX = '#!/bin/sh\nset -- "$LEDGER"\ncat > /dev/null' + _SCRIPT + 'echo \'{"type": "turn.completed"}\'\n'
LONGEST_S = 2.5
"""How long an engine that comes to no point of the round lives."""


@dataclass
class Account:
    """What came of it; all but the first four must be empty."""

    jobs: int = 0
    at_random: int = 0
    batches: int = 0
    points: Counter[str] = field(default_factory=Counter)
    quarantined: int = 0
    """Jobs that were interrupted three times, and that a person, here the test, let run again."""
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    """Attempts that started or ended more than once, or that no row records."""
    broken: list[str] = field(default_factory=list)
    left_running: list[int] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """Kills by our hand and at the points."""
        return self.at_random + self.points.total()

    @property
    def is_clean(self) -> bool:
        """Whether every promise held."""
        return not any((self.lost, self.twice, self.broken, self.left_running))

    def __str__(self) -> str:
        hits = ", ".join(f"{point} {self.points[point]}" for point in POINTS)
        return (
            f"{self.kills} kills ({self.at_random} at random moments) {self.jobs} jobs in {self.batches} batches: "
            f"{len(self.lost)} lost, {len(self.twice)} run twice, {len(self.left_running)} processes left, "
            f"{len(self.broken)} invariants broken, {self.quarantined} quarantined and released\n"
            f"  hits: {hits}\n  {self.lost[:3]} {self.twice[:3]} {self.broken[:3]}"
        )


def torture_points(
    folder: Path,
    *,
    each: int,
    kills: int = 0,
    engines: int = 1,
    seed: int = 0,
    patience_s: float = PATIENCE_S,
) -> Account:
    """Run batches of jobs until every point was hit `each` times and `kills` died, or patience is at its end.

    Each engine has only the points that lack hits, so that the rare ones are reached too.
    """
    scene = _Scene(folder, random.Random(seed))  # noqa: S311 - moments, not secrets
    account, until = Account(), time.monotonic() + patience_s
    try:
        with nursery(scene.home, {"SIGNALBOX_FAULT_LOG": str(scene.log)}) as engines_of:
            while (scene.lacking(account, each) or account.kills < kills) and time.monotonic() < until:
                account.batches += 1
                scene.enter(account)
                while scene.is_open(account) and time.monotonic() < until:
                    account.at_random += scene.let_live(engines_of, engines, scene.lacking(account, each))
            while scene.is_open(account) and time.monotonic() < until + PATIENCE_S:
                scene.let_live(engines_of, 1, [], longest_s=60)
        scene.settle(account)
    finally:
        scene.reader.close()
        scene.store.close()
    return account


class _Scene:
    """A home with what the jobs of all kinds need around it."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.home, self.chance = Home.at(folder / "home"), chance
        self.work, self.ledger, self.log = folder / "work", folder / "ledger", folder / "faults"
        self.work.mkdir()
        self.ledger.touch()
        self.store = JobStateStore(home=self.home)
        self.reader = DatabaseReader(self.store.database, busy_ms=5_000)
        self.store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=4))
        codex = folder / "codex"
        codex.write_text(_CODEX, encoding="utf-8")
        codex.chmod(0o700)
        self.store.queue_control.change_setting("tool_paths", {"codex": str(codex)})
        self.job_ids: list[str] = []
        self._trust_what_is_dropped()

    def lacking(self, account: Account, each: int) -> list[str]:
        """The points that were hit less often, and those that lead to them."""
        if self.log.exists():
            account.points = Counter(self.log.read_text(encoding="utf-8").split())
        found = [point for point in POINTS if account.points[point] < each]
        return found + [point for point in _BEFORE_A_GIVING_UP if found and point not in found]

    def settle(self, account: Account) -> None:
        lines = Counter(
            tuple(line.split()[:2]) for line in self.ledger.read_text(encoding="utf-8").splitlines()
        )
        known = set()
        for job_id in self.job_ids:
            job, attempts = self.store.get_job(job_id), self.store.list_attempts(job_id)
            if job is None or job.status is not JobStatus.COMPLETED:
                account.lost.append(f"{job_id}: {job.status if job else 'no row'}")
            for attempt in attempts:
                name = f"{attempt.id}-{attempt.token}"
                known.add(name)
                starts, ends = lines["S", name], lines["E", name]
                is_told = attempt.status in {AttemptStatus.COMPLETED, AttemptStatus.FAILED}
                if starts > 1 or ends > 1 or (is_told and not ends):
                    account.twice.append(f"{job_id} {name} {attempt.status}: {starts} starts, {ends} ends")
            whole = sum(lines["E", f"{attempt.id}-{attempt.token}"] for attempt in attempts)
            expected = 2 if job_id.startswith(("retried", "escalated")) else 1
            if whole != expected:
                account.twice.append(f"{job_id} ran to its end {whole} times instead of {expected}")
        account.twice += [f"{name} has no row" for _, name in lines if name not in known]
        account.broken = [f"{breach.code}: {breach.sentence}" for breach in breaches(self.home)]
        account.left_running = sorted(marked(self.home))

    def is_open(self, account: Account) -> bool:
        """Whether anything is left to do; what was set aside after three interruptions goes on."""
        for job in self.reader.read(queries.list_jobs, status=[JobStatus.FAILED]):
            if job.quarantined:
                account.quarantined += 1
                self.store.job_control.retry(job.job_id)
        return not self.store.is_idle() or is_waiting(self.home)

    def let_live(
        self, engines_of: Nursery, number: int, points: Sequence[str], *, longest_s: float = LONGEST_S
    ) -> int:
        """Start engines and see them dead; how many of them died by our hand."""
        faults = ",".join(f"{point}:{POINTS[point]}" for point in points)
        pids = [engines_of.start(faults) for _ in range(number)]
        deadline = time.monotonic() + self.chance.uniform(longest_s / 8, longest_s)
        while time.monotonic() < deadline and all(alive(pid) for pid in pids):
            time.sleep(0.002)
        killed = 0
        for pid in pids:
            if alive(pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
        while any(alive(pid) for pid in pids):
            time.sleep(0.001)
        return killed

    def enter(self, account: Account) -> None:
        """A batch of jobs of all kinds."""
        number = account.batches
        kinds = ["plain"] * 4 + ["retried"] * 4 + ["escalated"] * 4
        jobs = [self._job(kind, f"{kind}-{number}-{one}") for one, kind in enumerate(kinds)]
        specs = [job_from_mapping(job, base=self.work) for job in jobs]
        self.store.accept([Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API)
        dropped = [f"dropped-{number}-{one}" for one in range(4)]
        for job_id in dropped:
            draft = self.home.inbox / f".{job_id}.part"
            draft.write_text(json.dumps(self._dropped(job_id)), encoding="utf-8")
            draft.rename(self.home.inbox / f"{job_id}.json")
        self.job_ids += [spec.job_id for spec in specs] + dropped
        account.jobs = len(self.job_ids)

    def _job(self, kind: str, job_id: str) -> dict[str, Any]:
        script = _SCRIPT if kind == "plain" else _FAILS_ONCE
        args = ["-c", script, "job", str(self.ledger), str(self.work / job_id)]
        fields: dict[str, Any] = {
            "tool": "shell",
            "job_id": job_id,
            "command": {"exe": "/bin/sh", "args": args},
            "metadata": {"on_interrupted": "rerun", "writes": False},
        }
        if kind == "retried":
            fields["metadata"]["retry"] = {"limit": 1, "backoff": "immediate"}
        if kind == "escalated":
            fields |= {
                "tool": "claude",
                "prompt": "Go on where the first has failed.",
                "env": {"LEDGER": str(self.ledger)},
            }
            fields["metadata"] |= {"escalate_to": ["codex"], "evidence": {"change": "optional"}}
        return fields

    def _dropped(self, job_id: str) -> dict[str, Any]:
        return self._job("plain", job_id) | {
            "command": {"exe": "/bin/sh", "args": ["-c", _SCRIPT, "job", str(self.ledger)]}
        }

    def _trust_what_is_dropped(self) -> None:
        trust_policy = TrustPolicy(self.home.home_id(), {})
        preview = trust_policy.preview(job_from_mapping(self._dropped("one"), base=self.home.inbox))
        trust_policy.grants.grant(preview.plans)
