"""Describe a file or a workstream in plain sentences for the inspector; knows no Qt and reads no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.system.formatting import age, plural
from gui.panels.radar.pipeline_map import FileKey, PlacedFile, RadarLane, Ring, Survey, WorkstreamKey, follows
from state.records import Event


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """The lines of the inspector; empty ones are not shown."""

    state: str
    title: str
    place: str = ""
    stage: str = ""
    changed: str = ""
    added: int | None = None
    removed: int | None = None
    conflict: str = ""
    follows: str = ""
    job_id: str | None = None


def facts_of_file(survey: Survey, file: PlacedFile, *, now: float) -> FileFacts:
    """Everything the records say about one file."""
    lane = survey.lane(file.key[:2])
    title = lane.title if lane else file.key[1]
    return FileFacts(
        state=file.place.state,
        title=file.file.path,
        place=(lane.repo or "") if lane else "",
        stage=_stage(file, title, now),
        changed=_changed(file),
        added=file.file.added,
        removed=file.file.removed,
        conflict=_conflict(survey, file),
        follows=follows(file),
        job_id=file.place.job.job_id if file.place.job else file.file.job_id,
    )


def facts_of_lane(survey: Survey, lane: RadarLane, *, now: float) -> FileFacts:
    """Everything the records say about one workstream."""
    counted = [(ring, len(lane.cell(ring))) for ring in Ring]
    at = lane.place
    since = f" for {age(at.since, now)}" if at.since is not None else ""
    step = f", step {at.step} of {at.steps}" if at.steps else ""
    rivals = sorted(
        {
            other[1]
            for conflict in survey.conflicts
            for key in (conflict.first, conflict.second)
            if key[:2] == lane.key and (other := conflict.other(key)) is not None
        },
    )
    return FileFacts(
        state=lane.state,
        title=lane.title,
        place=lane.workstream.title if lane.workstream.title != lane.title else lane.repo or "",
        stage=f"{at.ring.word}{since}{step}",
        changed=", ".join(f"{number} {ring.word.lower()}" for ring, number in counted if number),
        added=_sum(file.file.added for file in lane.files),
        removed=_sum(file.file.removed for file in lane.files),
        conflict=f"Shares files with {' and '.join(rivals)}" if rivals else "",
        follows=follows(PlacedFile(file=lane.files[0].file, place=at)) if lane.files else "",
        job_id=at.job.job_id if at.job else None,
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _stage(file: PlacedFile, title: str, now: float) -> str:
    at = file.place
    lasted = f" for {age(at.since, now)}" if at.since is not None else ""
    step = f", {title} step {at.step} of {at.steps}" if at.steps else f", {title}"
    return f"{at.ring.word}{lasted}{step}"


def _changed(file: PlacedFile) -> str:
    if not file.file.touched:
        return "Declared, not changed yet"
    job, by = file.place.job, file.file.tool or "an unknown tool"
    if job is not None and job.job_id == file.file.job_id and job.attempts:
        return f"{by}, attempt {job.attempts}"
    return by


def _conflict(survey: Survey, file: PlacedFile) -> str:
    sentences = []
    for conflict in survey.conflicts_of(file.key):
        other = conflict.other(file.key)
        lane = survey.lane(other[:2]) if other else None
        rival = survey.find(other) if other else None
        if lane is None:
            continue
        changed = rival is not None and rival.file.touched
        sentences.append(
            f"{lane.title} has changed it too" if changed else f"{lane.title} also declares this file"
        )
    return "; ".join(sentences)


def conflict_sentence(survey: Survey, first: FileKey, second: FileKey, *, certain: bool) -> str:
    """A conflict as one line of the list: which workstreams, and whether it is certain or predicted."""
    names = [_title(survey, key[:2]) for key in (first, second)]
    if certain:
        return f"both changed it: {names[0]}, {names[1]}"
    return f"predicted: {names[0]} and {names[1]}"


def _title(survey: Survey, key: WorkstreamKey) -> str:
    lane = survey.lane(key)
    return lane.title if lane else key[1]


def summary(survey: Survey) -> str:
    """The fact shown in the title bar."""
    files = sum(len(lane.files) for lane in survey.lanes)
    if not files:
        return ""
    repos = len({lane.repo for lane in survey.lanes if lane.repo})
    counts = f"{plural(files, 'file')} in {plural(len(survey.lanes), 'workstream')}"
    return f"{counts}, {repos} repositories" if repos > 1 else counts


def newest(events: Sequence[Event], most: int) -> list[Event]:
    """The last events, in the order they happened."""
    return sorted(events, key=lambda event: event.id)[-most:]
