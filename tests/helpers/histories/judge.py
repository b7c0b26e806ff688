"""Judges the end of a history: nothing lost, nothing run twice, no overlap, nothing left, every invariant holds.

Compares the rows of the database with the ledger the jobs wrote themselves.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from engine.maintenance.home_invariants import breaches
from engine.orchestrator.attempt_preparer import ref_of
from state.records import Attempt, AttemptStatus, Job, JobStatus
from tests.helpers.histories.record import Breach, Record
from tests.helpers.histories.scene import Scene
from tests.helpers.sweeper import working_in

GRACE_S = 3.0
"""How long a shim may take from the end of its attempt to its own."""
_HAS_RUN = frozenset({AttemptStatus.COMPLETED, AttemptStatus.FAILED})


def so_far(scene: Scene) -> Iterator[Breach]:
    """Every promise that is broken already, whatever still follows."""
    yield from scene.record.breaches
    before, seen = scene.workshop.counts(), scene.seen()  # what runs is recorded first
    killed, lines = scene.killed_shims(), scene.workshop.counts()  # what ended, has run first
    recorded = set()
    for name, (rows, attempts) in seen.items():
        yield from _of_job(name, rows, attempts, scene.record)
        yield from _of_attempts(name, attempts, lines, scene.record, killed)
        recorded |= {ref_of(attempt).folder_name for attempt in attempts}
    for name in {attempt for _, attempt in before} - recorded:
        yield Breach("twice", f"Attempt {name} ran, and no row records it.")
    for line in scene.workshop.lines():
        if line.kind == "O":
            yield Breach(
                "overlap", f"{line.attempt} of {line.job} began while another attempt of it still ran."
            )
    yield from _shims_of_ended(scene, [one for _, attempts in seen.values() for one in attempts])


def judge(scene: Scene) -> Iterator[Breach]:
    """Every promise that does not hold, once all engines have ended."""
    for name in scene.record.jobs:
        scene.check_held(name)
    yield from so_far(scene)
    for name, (rows, _) in scene.seen().items():
        if not rows:
            yield Breach("lost", f"{name} is in the queue 0 times.")
        for row in rows:
            is_cancelled = row.status is JobStatus.CANCELLED and name in scene.record.cancelled
            if row.status is not JobStatus.COMPLETED and not is_cancelled:
                yield Breach("lost", f"{name} ended as {row.status}: {row.summary}")
    yield from (Breach("invariant", f"{one.code}: {one.sentence}") for one in breaches(scene.home))
    yield from _left(scene)


def _of_job(name: str, rows: list[Job], attempts: list[Attempt], record: Record) -> Iterator[Breach]:
    """The job is there once, has not failed for good, and ran no more than it should."""
    if len(rows) > 1:
        yield Breach("twice", f"{name} is in the queue {len(rows)} times.")
    for row in rows:
        if row.status is JobStatus.FAILED and not row.quarantined:  # no job of a history fails by itself
            yield Breach("lost", f"{name} ended as {row.status}: {row.summary}")
    again = len(attempts) - record.cancelled.get(name, len(attempts))
    if again > 0:
        yield Breach("twice", f"{name} was started {again} times after it had been cancelled.")
    successes = sum(attempt.status is AttemptStatus.COMPLETED for attempt in attempts)
    if successes > 1 + record.retried[name]:
        yield Breach("twice", f"{name} completed {successes} times.")


def _of_attempts(
    name: str, attempts: list[Attempt], lines: Counter[tuple[str, str]], record: Record, killed: set[str]
) -> Iterator[Breach]:
    """Each attempt ran once, as its row records it; nothing is unknown but what was killed."""
    for attempt in attempts:
        folder = ref_of(attempt).folder_name
        starts, ends = lines["S", folder], lines["E", folder]
        what = f"{name}, attempt {folder}, {attempt.status}"
        if starts > 1 or ends > 1:
            yield Breach("twice", f"{what}: {starts} starts and {ends} ends.")
        if attempt.status in _HAS_RUN and not ends:
            yield Breach("lost", f"{what}: it did not come to its end.")
        if attempt.status is AttemptStatus.INTERRUPTED and starts and folder not in killed:
            yield Breach("twice", f"{what}: its shim lived, so its outcome was known.")
        if (
            attempt.status is AttemptStatus.CANCELLED
            and name not in record.cancelled
            and not record.retried[name]
        ):
            yield Breach("lost", f"{what}: nobody had cancelled it.")


def _shims_of_ended(scene: Scene, attempts: Iterable[Attempt]) -> Iterator[Breach]:
    """An attempt has ended when its shim has, or is about to."""
    ended = [one for one in attempts if one.status is not AttemptStatus.RUNNING]
    for attempt in ended:
        deadline = time.monotonic() + GRACE_S
        while (pid := scene.shim_of(attempt)) is not None and time.monotonic() < deadline:
            time.sleep(0.02)
        if pid is not None:
            yield Breach("left", f"Attempt {attempt.id} is {attempt.status}, and its shim {pid} still runs.")


def _left(scene: Scene) -> Iterator[Breach]:
    """No process of the history is left, whatever it calls itself."""
    for pid in working_in(scene.folder):
        yield Breach("left", f"Process {pid} still runs: {_command_line(pid)}.")


def _command_line(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return "it has just ended"
