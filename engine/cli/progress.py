"""How a batch of jobs is shown while it runs: a live table on a terminal, a line for each change anywhere else.

Is handed what to show and reads nothing itself.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from engine.cli.printing import STYLES
from engine.jobfile.fields import AGENTS
from engine.scheduling.schedule import Wait, WaitKind
from engine.system.formatting import duration
from engine.system.plain_text import one_line
from state.lifecycle import FINAL
from state.records import Job, JobStatus

_ROOM_BESIDE = 4
"""Lines of the terminal that are not rows: headings, the summary, and where the cursor stands."""
_UNSAID = frozenset({WaitKind.READY, WaitKind.STOPPING})


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One job as it stands: the state it is shown as, why it waits, and the last line it printed."""

    job: Job
    state: str
    wait: Wait | None = None
    tail: str = ""


class RunProgress(Protocol):
    """Shows rows again and again until it is closed."""

    def show(self, rows: Sequence[Row], now: float) -> None:
        """The jobs as they stand at `now`, epoch seconds."""

    def close(self) -> None:
        """Leave the terminal as it was."""


class NoProgress:
    """Shows nothing, for output that programs read."""

    def show(self, rows: Sequence[Row], now: float) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class LineProgress:
    """Writes one line for each change of a job, for logs and pipes."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._told: dict[str, tuple[object, ...]] = {}

    def show(self, rows: Sequence[Row], now: float) -> None:
        """Write what has changed since the last call."""
        for row in rows:
            kind = None if row.wait is None or row.wait.kind in _UNSAID else row.wait.kind
            seen = (row.job.status, row.job.attempts, kind)
            if self._told.get(row.job.job_id) == seen:
                continue
            self._told[row.job.job_id] = seen
            if row.job.status is not JobStatus.QUEUED or kind is not None:
                self._write(f"{label(row.job)}: {_sentence(row, now)}")

    def close(self) -> None:
        """Nothing is left to do."""


class LiveProgress:
    """Keeps a table of the jobs on the terminal, and takes it away when it is closed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._live.start()

    def show(self, rows: Sequence[Row], now: float) -> None:
        """Draw the table anew."""
        room = max(self._console.size.height - _ROOM_BESIDE, 1)
        self._live.update(Group(table(_most_telling(rows, room), now), _summary(rows)), refresh=True)

    def close(self) -> None:
        """Take the table away and show the cursor again."""
        self._live.stop()


def label(job: Job) -> str:
    """What to call a job in one word: its step in its workstream, or its id where it stands alone.

    A step without a name of its own is called like the tool it began with, which is another one after an escalation.
    """
    unnamed = job.step_name in {"", job.tool} or job.step_name in AGENTS
    return job.job_id if unnamed else f"{job.ws_id}/{job.step_name}"


def table(rows: Sequence[Row], now: float) -> Table:
    """The jobs, one line each."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", expand=True)
    for column in ("STATE", "STEP", "TOOL", "TRY", "TIME"):
        made.add_column(column, no_wrap=True)
    made.add_column("", no_wrap=True, overflow="ellipsis", ratio=1)
    for row in rows:
        job = row.job
        tries = f"{job.attempts}/{job.max_attempts}" if job.attempts else ""
        said = row.tail if job.status is JobStatus.RUNNING else _why(row)
        made.add_row(
            Text(row.state, style=STYLES.get(row.state, "")),
            Text(label(job)),
            Text(job.tool),
            Text(tries),
            Text(duration(elapsed(job, now))),
            Text(one_line(said), style="" if job.status in FINAL else "dim"),
        )
    return made


def elapsed(job: Job, now: float) -> float | None:
    """How long the job has run, or ran; None where it has not been started or waits again."""
    if job.started_at is None or job.status in {JobStatus.QUEUED, JobStatus.HELD}:
        return None
    return max((job.completed_at or now) - job.started_at, 0.0)


def _why(row: Row) -> str:
    return row.wait.sentence if row.wait is not None else row.job.summary


def _sentence(row: Row, now: float) -> str:
    job = row.job
    if job.status is JobStatus.RUNNING:
        after = f", after: {job.summary.rstrip('.')}" if job.attempts > 1 and job.summary else ""
        return f"running with {job.tool}, attempt {job.attempts} of {job.max_attempts}{after}"
    if job.status in FINAL:
        took = duration(elapsed(job, now))
        return " ".join(filter(None, (row.state, f"after {took}." if took else "", _why(row))))
    return f"{row.state}. {_why(row)}"


def _most_telling(rows: Sequence[Row], room: int) -> Sequence[Row]:
    """As many rows as there is room for, in their order: what runs or failed first, what is done last."""
    if len(rows) <= room:
        return rows
    ranks = {
        JobStatus.RUNNING: 0,
        JobStatus.FAILED: 1,
        JobStatus.TIMEOUT: 1,
        JobStatus.HELD: 2,
        JobStatus.QUEUED: 3,
    }
    chosen = sorted(range(len(rows)), key=lambda place: (ranks.get(rows[place].job.status, 4), place))[:room]
    return [rows[place] for place in sorted(chosen)]


def _summary(rows: Sequence[Row]) -> Text:
    counts = Counter(row.state for row in rows)
    done = sum(row.job.status in FINAL for row in rows)
    others = ", ".join(f"{number} {state}" for state, number in counts.items() if state != "completed")
    return Text(f"{done} of {len(rows)} ended" + (f": {others}" if others else ""), style="dim")
