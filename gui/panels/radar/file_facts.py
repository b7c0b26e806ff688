"""Describe a file or a workstream in plain sentences for the inspector; knows no Qt and reads no database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.scheduling.conflict_words import files_in_words
from engine.system.formatting import age, plural
from gui.panels.radar.pipeline_records import (
    Conflict,
    ConflictKind,
    FileKey,
    PlacedFile,
    RadarLane,
    Ring,
    Survey,
)
from gui.panels.radar.pipeline_words import follows, side_name
from state.records import Event


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """The lines of the inspector; empty ones are not shown. `is_real` says that both sides changed the file."""

    state: str
    title: str
    place: str = ""
    stage: str = ""
    changed: str = ""
    added: int | None = None
    removed: int | None = None
    conflict: str = ""
    is_real: bool = False
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
        is_real=any(one.is_real for one in survey.conflicts_of(file.key)),
        follows=follows(file),
        job_id=file.place.job.job_id if file.place.job else file.file.job_id,
    )


def facts_of_lane(survey: Survey, lane: RadarLane, *, now: float) -> FileFacts:
    """Everything the records say about one workstream."""
    counted = [(ring, len(lane.cell(ring))) for ring in Ring]
    at = lane.place
    since = f" for {age(at.since, now)}" if at.since is not None else ""
    step = f", step {at.step} of {at.steps}" if at.steps else ""
    met = [one for one in survey.conflicts if lane.key in {one.first[:2], one.second[:2]}]
    return FileFacts(
        state=lane.state,
        title=lane.title,
        place=lane.repo or "",
        stage=f"{at.ring.word}{since}{step}",
        changed=_counted(counted),
        added=_sum(file.file.added for file in lane.files),
        removed=_sum(file.file.removed for file in lane.files),
        conflict=_conflicts_of_lane(survey, lane, met),
        is_real=any(one.is_real for one in met),
        follows=follows(PlacedFile(file=lane.files[0].file, place=at)) if lane.files else "",
        job_id=at.job.job_id if at.job else None,
    )


def _counted(counted: Sequence[tuple[Ring, int]]) -> str:
    """How many files a workstream has; where they are at several stages, how many at each."""
    found = [(ring, number) for ring, number in counted if number]
    if len(found) == 1:
        return plural(found[0][1], "file")
    return ", ".join(f"{number} {ring.word.lower()}" for ring, number in found)


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
    return "; ".join(_sentence_at(survey, file.key, conflict) for conflict in survey.conflicts_of(file.key))


def _sentence_at(survey: Survey, key: FileKey, conflict: Conflict) -> str:
    other = conflict.other(key) or key
    name, rival = side_name(survey, other), survey.find(other)
    if conflict.is_real:
        return f"{side_name(survey, key)} and {name} both changed {conflict.name}"
    changed = rival is not None and rival.file.touched
    return f"{name} has changed it too" if changed else f"{name} also declares this file"


def _conflicts_of_lane(survey: Survey, lane: RadarLane, met: Sequence[Conflict]) -> str:
    """The real conflicts, by the other side; then who else only may write some of the files."""
    files: defaultdict[str, list[str]] = defaultdict(list)
    shared: set[str] = set()
    for one in met:
        name = side_name(survey, one.second if one.first[:2] == lane.key else one.first)
        if one.is_real:
            files[name].append(one.name)
        else:
            shared.add(name)
    sentences = [
        f"{lane.title} and {name} both changed {files_in_words(paths)}" for name, paths in files.items()
    ]
    if rest := sorted(shared - set(files)):
        sentences.append(f"Shares files with {' and '.join(rest)}")
    return "; ".join(sentences)


def conflict_sentence(survey: Survey, conflict: Conflict) -> str:
    """A conflict as one line of the list: which sides, and how it is known."""
    names = [side_name(survey, key) for key in (conflict.first, conflict.second)]
    match conflict.kind:
        case ConflictKind.PREDICTED:
            return f"would conflict: {names[0]} and {names[1]}"
        case ConflictKind.CHANGED:
            return f"both changed it: {names[0]} and {names[1]}"
        case ConflictKind.DECLARED:
            return f"only declared: {names[0]} and {names[1]}"


def conflict_counts(conflicts: Sequence[Conflict]) -> str:
    """How many conflicts are real, and how many files are only declared by two: ``2 conflicts, 5 declared``."""
    real = sum(one.is_real for one in conflicts)
    declared = len(conflicts) - real
    words = [plural(real, "conflict")] if real else []
    return ", ".join([*words, f"{declared:,} declared"] if declared else words)


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
