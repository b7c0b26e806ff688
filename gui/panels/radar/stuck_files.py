"""Find the workstreams whose files stay in a stage for too long, and say so in one sentence. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.system.formatting import short_duration
from gui.panels.radar.pipeline_records import (
    URGENT,
    FileKey,
    PlacedFile,
    RadarLane,
    Ring,
    Survey,
    WorkstreamKey,
)
from gui.translation import tr, tr_count, translatable
from state.records import Job, JobStatus, Stage

UsualSeconds = Mapping[tuple[Stage, str], float]
"""How long a stage usually takes with a tool, in seconds; missing where nothing is known."""

LIMIT_S = 30 * 60.0
"""How long a stage may take of which nothing is known."""
LEAST_LIMIT_S = 5 * 60.0
"""The least that a stage may take: quick ones vary by more than their length."""
_MINUTE_S = 60.0
_TIMES_USUAL = 3
_FEWEST_SAMPLES = 3
_AT_REST = frozenset({"completed", "cancelled", "skipped"})


@dataclass(frozen=True, kw_only=True, slots=True)
class StuckFiles:
    """The files of one workstream that have been in one stage for longest, and how long that usually takes."""

    files: Sequence[PlacedFile]
    title: str
    since: float
    usual: float | None = None

    @property
    def first(self) -> PlacedFile:
        """The file to select."""
        return self.files[0]

    @property
    def key(self) -> FileKey:
        """The identity of that file."""
        return self.first.key

    @property
    def workstream(self) -> WorkstreamKey:
        """The workstream."""
        return self.first.key[:2]

    @property
    def state(self) -> str:
        """The displayed state of the files."""
        return self.first.place.state


def usual_seconds(jobs: Iterable[Job]) -> UsualSeconds:
    """The median length of the completed jobs of each stage and tool, of at least three of them."""
    from statistics import median  # noqa: PLC0415 - the window is shown before it is needed

    lengths: defaultdict[tuple[Stage, str], list[float]] = defaultdict(list)
    for job in jobs:
        if job.status is JobStatus.COMPLETED and job.started_at is not None and job.completed_at is not None:
            lengths[job.stage, job.tool].append(max(0.0, job.completed_at - job.started_at))
    return {key: median(found) for key, found in lengths.items() if len(found) >= _FEWEST_SAMPLES}


def stuck_files(survey: Survey, usual: UsualSeconds, *, now: float) -> list[StuckFiles]:
    """What is stuck at `now` (epoch seconds), one entry for each workstream, the longest first.

    A file is stuck from the moment on when only a person can move it, or when it has been in its stage for three times
    as long as that usually takes, at least five minutes; where nothing is known of the stage, for half an hour. One
    that still queues for its first step is not stuck, and neither is one that is done.
    """
    found = [one for lane in survey.lanes if (one := _of_lane(lane, usual, now)) is not None]
    return sorted(found, key=lambda one: one.since)


def _of_lane(lane: RadarLane, usual: UsualSeconds, now: float) -> StuckFiles | None:
    late = [
        (since, file)
        for file in lane.files
        if (since := file.place.since) is not None and _is_stuck(file, usual, now - since)
    ]
    if not late:
        return None
    first = min(since for since, _ in late)
    files = [file for since, file in late if since == first]
    return StuckFiles(files=files, title=lane.title, since=first, usual=_usual(files[0], usual))


def _is_stuck(file: PlacedFile, usual: UsualSeconds, lasted: float) -> bool:
    at = file.place
    if at.state in URGENT:
        return True
    if at.state in _AT_REST or at.ring in {Ring.QUEUED, Ring.DONE}:
        return False
    known = _usual(file, usual)
    return lasted >= (LIMIT_S if known is None else max(LEAST_LIMIT_S, _TIMES_USUAL * known))


def _usual(file: PlacedFile, usual: UsualSeconds) -> float | None:
    job = file.place.job
    return usual.get((job.stage, job.tool)) if job is not None else None


_ONE_FILE = {
    "needsyou": translatable("{name} has waited for you in {stage} for {lasted}"),
    "running": translatable("{name} has run in {stage} for {lasted}"),
    "failed": translatable("{name} failed, has been in {stage} for {lasted}"),
    "timeout": translatable("{name} timed out, has been in {stage} for {lasted}"),
    "quarantined": translatable("{name} has been in {stage} for {lasted}, quarantined"),
    "held": translatable("{name} has been in {stage} for {lasted}, held"),
    "usual": translatable("{name} has run in {stage} for {lasted} (usually {usual})"),
}
_SEVERAL_FILES = {
    "needsyou": translatable("{files} of {title} have waited for you in {stage} for {lasted}"),
    "running": translatable("{files} of {title} have run in {stage} for {lasted}"),
    "failed": translatable("{files} of {title} failed, have been in {stage} for {lasted}"),
    "timeout": translatable("{files} of {title} timed out, have been in {stage} for {lasted}"),
    "quarantined": translatable("{files} of {title} have been in {stage} for {lasted}, quarantined"),
    "held": translatable("{files} of {title} have been in {stage} for {lasted}, held"),
    "usual": translatable("{files} of {title} have run in {stage} for {lasted} (usually {usual})"),
}
_ONE_WAITS = translatable("{name} has waited in {stage} for {lasted}")
_SEVERAL_WAIT = translatable("{files} of {title} have waited in {stage} for {lasted}")


def stuck_words(one: StuckFiles, *, now: float) -> str:
    """What is stuck, in which stage and for how long, in one sentence without its full stop."""
    number = len(one.files)
    kind = "usual" if one.usual and one.state == "running" else one.state
    sentence = _ONE_FILE.get(kind, _ONE_WAITS) if number == 1 else _SEVERAL_FILES.get(kind, _SEVERAL_WAIT)
    return tr(
        sentence,
        name=one.first.name,
        files=tr_count("{n} file", "{n} files", number),
        title=one.title,
        stage=one.first.place.ring.word,
        lasted=short_duration(now - one.since) if now - one.since >= _MINUTE_S else tr("less than a minute"),
        usual=short_duration(one.usual) if one.usual else "",
    )


def stuck_summary(found: Sequence[StuckFiles], *, now: float) -> str:
    """The longest one, and how many more workstreams are stuck."""
    if not found:
        return tr("Nothing is stuck")
    longest, more = stuck_words(found[0], now=now), len(found) - 1
    if not more:
        return longest
    return tr_count("{longest}, {n} more is stuck", "{longest}, {n} more are stuck", more, longest=longest)
