"""One job as a row of the table: what its cells show, and how rows are compared. Plain values, without Qt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.scheduling.explainer import SHOWN_PRECEDENCE, Wait
from engine.system.formatting import age
from gui.data.cost_captions import cost_text
from gui.data.filter_words import searched_text
from gui.data.job_display import job_state, state_word
from gui.data.last_lines import Silence
from gui.figures import amount_of, figure
from gui.panels.jobs.job_field import JobField
from gui.translation import tr_phrase, tr_recorded
from state.lifecycle import FINAL, SATISFIED
from state.records import Job, JobStatus

SortValue = float | str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRow:
    """What the cells of one row show.

    `name` names it where no column shows the workstream. `reason` says why the job waits, or how it ended. `since` is
    when it entered its state, in epoch seconds.
    """

    job: Job
    title: str
    name: str
    workstream: str
    run: str
    state: str
    word: str
    reason: str = ""
    since: float | None = None
    branch: str = ""
    files: int = 0

    @property
    def is_running(self) -> bool:
        """Whether it runs now."""
        return self.job.status is JobStatus.RUNNING

    @property
    def cost(self) -> str:
        """What it has cost; empty if that is unknown or it has no price."""
        return "" if self.job.cost_usd is None else cost_text(self.job.cost)

    @property
    def amount(self) -> str:
        """The same without how certain it is, for a narrow column."""
        return "" if self.job.cost_usd is None else amount_of(self.job.cost)

    @property
    def attempts(self) -> tuple[int, int]:
        """Attempts so far, and the most allowed."""
        return (self.job.attempts, max(self.job.max_attempts, self.job.attempts))


def row_of(
    job: Job, wait: Wait | None, *, title: str, name: str, workstream: str, run: str, branch: str, files: int
) -> JobRow:
    """The row of a job as it stands."""
    state = job_state(job, wait)
    return JobRow(
        job=job,
        title=title,
        name=name,
        workstream=workstream,
        run=run,
        state=state,
        word=state_word(state, job),
        reason=_reason(job, wait),
        since=_since(job),
        branch=branch,
        files=files,
    )


def sort_value(row: JobRow, field: JobField, *, line: str, silence: float | None) -> SortValue:
    """What a column is sorted by; None for an empty cell. `silence` is in seconds."""
    if field is JobField.SILENT:
        return silence
    number = _NUMBERS.get(field)
    return number(row) if number is not None else _words(row, field, line).casefold() or None


_NUMBERS: Mapping[JobField, Callable[[JobRow], float | None]] = {
    JobField.STATE: lambda row: SHOWN_PRECEDENCE.index(row.state),
    JobField.AGE: lambda row: None if row.since is None else -row.since,
    JobField.ATTEMPT: lambda row: row.job.attempts or None,
    JobField.COST: lambda row: row.job.cost_usd,
    JobField.FILES: lambda row: row.files or None,
    JobField.EXIT: lambda row: row.job.exit_code,
}


_WORDS: Mapping[JobField, Callable[[JobRow], str]] = {
    JobField.JOB: lambda row: row.title,
    JobField.WORKSTREAM: lambda row: row.workstream,
    JobField.TOOL: lambda row: row.job.tool,
    JobField.RUN: lambda row: row.run,
    JobField.BRANCH: lambda row: row.branch,
    JobField.LABELS: lambda row: ", ".join(row.job.labels),
    JobField.NOTE: lambda row: row.job.note,
}


def searched_in(job: Job, wait: Wait | None, *, title: str, around: str) -> str:
    """The text in which the words of the filter have to occur: what the cells of its row show, without making that.

    `around` are the names of its workstream, run and branch. The name is left out: it is made of workstream and title.
    """
    word = state_word(job_state(job, wait), job)
    return searched_text(
        (title, around, job.job_id, job.tool, word, _reason(job, wait), job.note), job.labels
    )


def _words(row: JobRow, field: JobField, line: str) -> str:
    found = _WORDS.get(field)
    return (line or row.reason) if found is None else found(row)


def by_start(job: Job, jobs: Mapping[str, Job]) -> tuple[float, ...]:
    """The order of the table at first: what runs, what may start next, what waits for others, and what ended last.

    `jobs` are those that others may wait for.
    """
    if job.status is JobStatus.RUNNING:
        return (0, job.started_at or 0.0, job.seq)
    if job.status in FINAL:
        return (4, -(job.completed_at or 0.0), job.seq)
    return (_rank(job, jobs), *job.queue_key, job.seq)


def _rank(job: Job, jobs: Mapping[str, Job]) -> int:
    if job.status is JobStatus.HELD:
        return 3
    parents = (jobs.get(job_id) for job_id in job.depends_on)
    is_free = all(parent is not None and parent.status in SATISFIED for parent in parents)
    return 1 if is_free else 2


def _since(job: Job) -> float | None:
    if job.status is JobStatus.RUNNING:
        return job.started_at
    return (job.completed_at or job.created_at or None) if job.status in FINAL else job.created_at or None


def _reason(job: Job, wait: Wait | None) -> str:
    if job.status in FINAL or wait is None:
        return tr_recorded(job.summary)
    return tr_phrase(wait.phrase)


def cell_text(row: JobRow, field: JobField, *, line: str, silence: Silence | None, now: float) -> str:
    """The text of a cell; empty where it is not known."""
    match field:
        case JobField.AGE:
            return age(row.since, now)
        case JobField.SILENT:
            return "" if silence is None else silence.words
        case _ if field in _TEXTS:
            return _TEXTS[field](row)
        case _:
            return _words(row, field, line if row.is_running else "")


_TEXTS: Mapping[JobField, Callable[[JobRow], str]] = {
    JobField.STATE: lambda row: row.word,
    JobField.ATTEMPT: lambda row: f"{row.attempts[0]}/{row.attempts[1]}",
    JobField.COST: lambda row: row.cost,
    JobField.FILES: lambda row: figure(row.files) if row.files else "",
    JobField.EXIT: lambda row: "" if row.job.exit_code is None else str(row.job.exit_code),
}
