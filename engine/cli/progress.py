"""Show a batch of jobs while it runs: a live table on a terminal, a line per change anywhere else.

Shows the rows it is given and reads nothing itself.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from engine.cli.ages import elapsed
from engine.cli.printing import LIVE_REST_S, STYLES
from engine.jobfile.tool_registry import tools
from engine.scheduling.explainer import Wait, WaitKind
from engine.system.formatting import duration
from engine.system.plain_text import one_line
from state.lifecycle import FINAL
from state.records import Job, JobStatus

_OTHER_LINES = 4
"""Lines of the terminal that are not rows: headings, the summary, and the line of the cursor."""
_NOT_SHOWN = frozenset({WaitKind.READY, WaitKind.STOPPING})


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One job: the state shown for it, why it waits, and the last line it printed."""

    job: Job
    state: str
    wait: Wait | None = None
    tail: str = ""


class RunProgress(Protocol):
    """Shows rows repeatedly until it is closed; `rest_s` is the least time between two times."""

    rest_s: float

    def show(self, rows: Sequence[Row], now: float) -> None:
        """Show the jobs as they are at `now`, epoch seconds."""

    def close(self) -> None:
        """Restore the terminal."""


class NoProgress:
    """Shows nothing, for output that programs read."""

    rest_s = 0.0

    def show(self, rows: Sequence[Row], now: float) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class LineProgress:
    """Writes one line per change of a job, for logs and pipes."""

    rest_s = 0.0

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._written: dict[str, tuple[object, ...]] = {}

    def show(self, rows: Sequence[Row], now: float) -> None:
        """Write the changes since the last call."""
        for row in rows:
            kind = None if row.wait is None or row.wait.kind in _NOT_SHOWN else row.wait.kind
            seen = (row.job.status, row.job.attempts, kind)
            if self._written.get(row.job.job_id) == seen:
                continue
            self._written[row.job.job_id] = seen
            if row.job.status is not JobStatus.QUEUED or kind is not None:
                self._write(f"{label(row.job)}: {_sentence(row, now)}")

    def close(self) -> None:
        """Do nothing: every line is written at once."""


class LiveProgress:
    """Keeps a table of the jobs on the terminal, and removes it when it is closed."""

    rest_s = LIVE_REST_S

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._live.start()

    def show(self, rows: Sequence[Row], now: float) -> None:
        """Redraw the table."""
        room = max(self._console.size.height - _OTHER_LINES, 1)
        self._live.update(Group(table(_most_relevant(rows, room), now), _summary(rows)), refresh=True)

    def close(self) -> None:
        """Remove the table and show the cursor again."""
        self._live.stop()


def label(job: Job) -> str:
    """The short name of a job: its step in its workstream, or its id when the step has no name of its own.

    A step without a name is named after the tool it began with, which differs from the present one after an escalation.
    """
    unnamed = job.step_name in {"", job.tool} or job.step_name in tools().coding
    return job.job_id if unnamed else f"{job.ws_id}/{job.step_name}"


def table(rows: Sequence[Row], now: float) -> Table:
    """The jobs, one line each."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", expand=True)
    for column in ("STATE", "STEP", "TOOL", "ATTEMPT", "TIME"):
        made.add_column(column, no_wrap=True)
    made.add_column("", no_wrap=True, overflow="ellipsis", ratio=1)
    for row in rows:
        job = row.job
        attempts = f"{job.attempts}/{job.max_attempts}" if job.attempts else ""
        text = row.tail if job.status is JobStatus.RUNNING else _reason(row)
        made.add_row(
            Text(row.state, style=STYLES.get(row.state, "")),
            Text(label(job)),
            Text(job.tool),
            Text(attempts),
            Text(duration(elapsed(job, now))),
            Text(one_line(text), style="" if job.status in FINAL else "dim"),
        )
    return made


def _reason(row: Row) -> str:
    return row.wait.sentence if row.wait is not None else row.job.summary


def _sentence(row: Row, now: float) -> str:
    job = row.job
    if job.status is JobStatus.RUNNING:
        after = f", after: {job.summary.rstrip('.')}" if job.attempts > 1 and job.summary else ""
        return f"running with {job.tool}, attempt {job.attempts} of {job.max_attempts}{after}"
    if job.status in FINAL:
        took = duration(elapsed(job, now))
        return " ".join(filter(None, (row.state, f"after {took}." if took else "", _reason(row))))
    return f"{row.state}. {_reason(row)}"


def _most_relevant(rows: Sequence[Row], room: int) -> Sequence[Row]:
    """As many rows as fit, in their order: running and failed jobs take precedence over finished ones."""
    if len(rows) <= room:
        return rows
    ranks = {
        JobStatus.RUNNING: 0,
        JobStatus.FAILED: 1,
        JobStatus.TIMEOUT: 1,
        JobStatus.HELD: 2,
        JobStatus.QUEUED: 3,
    }
    kept = sorted(range(len(rows)), key=lambda index: (ranks.get(rows[index].job.status, 4), index))[:room]
    return [rows[index] for index in sorted(kept)]


def _summary(rows: Sequence[Row]) -> Text:
    counts = Counter(row.state for row in rows)
    done = sum(row.job.status in FINAL for row in rows)
    others = ", ".join(f"{number} {state}" for state, number in counts.items() if state != "completed")
    return Text(f"{done} of {len(rows)} ended" + (f": {others}" if others else ""), style="dim")
