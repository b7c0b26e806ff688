"""Judges the end of a history: nothing lost, nothing run twice, no overlap, nothing left, every invariant holds.

Compares the rows of the database with the ledger the jobs wrote themselves.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from engine.maintenance.home_invariants import breaches
from engine.orchestrator.attempt_preparer import ref_of
from state.records import Attempt, AttemptStatus, Job, JobStatus
from tests.helpers.histories.record import Breach, Record
from tests.helpers.histories.scene import Scene
from tests.helpers.sweeper import working_in

_HAS_RUN = frozenset({AttemptStatus.COMPLETED, AttemptStatus.FAILED})


def judge(scene: Scene) -> Iterator[Breach]:
    """Every promise that does not hold, once all engines have ended."""
    lines = scene.workshop.counts()
    recorded = set()
    for name in scene.record.jobs:
        rows, attempts = scene.rows(name), scene.attempts(name)
        scene.check_held(name)
        yield from _of_job(name, rows, attempts, scene.record)
        yield from _of_attempts(name, attempts, lines, scene.record)
        recorded |= {ref_of(attempt).folder_name for attempt in attempts}
    for name in {attempt for _, attempt in lines} - recorded:
        yield Breach("twice", f"Attempt {name} ran, and no row records it.")
    for line in scene.workshop.lines():
        if line.kind == "O":
            yield Breach(
                "overlap", f"{line.attempt} of {line.job} began while another attempt of it still ran."
            )
    yield from (Breach("invariant", f"{one.code}: {one.sentence}") for one in breaches(scene.home))
    yield from _left(scene)


def _of_job(name: str, rows: list[Job], attempts: list[Attempt], record: Record) -> Iterator[Breach]:
    """The job is there once, and has ended as it should."""
    if len(rows) != 1:
        yield Breach("twice" if rows else "lost", f"{name} is in the queue {len(rows)} times.")
    for row in rows:
        is_cancelled = row.status is JobStatus.CANCELLED and name in record.cancelled
        if row.status is not JobStatus.COMPLETED and not is_cancelled:
            yield Breach("lost", f"{name} ended as {row.status}: {row.summary}")
    again = len(attempts) - record.cancelled.get(name, len(attempts))
    if again > 0:
        yield Breach("twice", f"{name} was started {again} times after it had been cancelled.")
    successes = sum(attempt.status is AttemptStatus.COMPLETED for attempt in attempts)
    if successes > 1 + record.retried[name]:
        yield Breach("twice", f"{name} completed {successes} times.")


def _of_attempts(
    name: str, attempts: list[Attempt], lines: Counter[tuple[str, str]], record: Record
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
        if attempt.status is AttemptStatus.INTERRUPTED and starts and folder not in record.shims_killed:
            yield Breach("twice", f"{what}: its shim lived, so its outcome was known.")
        if (
            attempt.status is AttemptStatus.CANCELLED
            and name not in record.cancelled
            and not record.retried[name]
        ):
            yield Breach("lost", f"{what}: nobody had cancelled it.")


def _left(scene: Scene) -> Iterator[Breach]:
    """No process of the history is left, whatever it calls itself."""
    for pid in working_in(scene.folder):
        if pid != scene.engines.nursery_pid:
            yield Breach("left", f"Process {pid} still runs: {_command_line(pid)}.")


def _command_line(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return "it has just ended"
