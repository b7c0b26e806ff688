"""Describe a file or a workstream in plain sentences for the inspector; knows no Qt and reads no database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.system.formatting import age
from gui.data.captions import files_in_words
from gui.panels.radar.pipeline_records import (
    Conflict,
    ConflictKind,
    FileKey,
    Place,
    PlacedFile,
    RadarLane,
    Ring,
    Survey,
)
from gui.panels.radar.pipeline_words import all_of, follows, side_name
from gui.translation import tr, tr_count
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
    stage = _lasted(at, now)
    if at.steps:
        stage = tr("{stage}, step {step} of {steps}", stage=stage, step=at.step, steps=at.steps)
    met = [one for one in survey.conflicts if lane.key in {one.first[:2], one.second[:2]}]
    return FileFacts(
        state=lane.state,
        title=lane.title,
        place=lane.repo or "",
        stage=stage,
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
        return tr_count("{n} file", "{n} files", found[0][1])
    return ", ".join(ring.counted(number) for ring, number in found)


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _stage(file: PlacedFile, title: str, now: float) -> str:
    at = file.place
    stage = _lasted(at, now)
    if not at.steps:
        return f"{stage}, {title}"
    return tr(
        "{stage}, {title} step {step} of {steps}", stage=stage, title=title, step=at.step, steps=at.steps
    )


def _lasted(at: Place, now: float) -> str:
    """The stage, and for how long it has lasted where that is known."""
    if at.since is None:
        return at.ring.word
    return tr("{stage} for {age}", stage=at.ring.word, age=age(at.since, now))


def _changed(file: PlacedFile) -> str:
    if not file.file.touched:
        return tr("Declared, not changed yet")
    job, by = file.place.job, file.file.tool or tr("an unknown tool")
    if job is not None and job.job_id == file.file.job_id and job.attempts:
        return tr("{by}, attempt {attempts}", by=by, attempts=job.attempts)
    return by


def _conflict(survey: Survey, file: PlacedFile) -> str:
    return "; ".join(_sentence_at(survey, file.key, conflict) for conflict in survey.conflicts_of(file.key))


def _sentence_at(survey: Survey, key: FileKey, conflict: Conflict) -> str:
    other = conflict.other(key) or key
    name, rival = side_name(survey, other), survey.find(other)
    if conflict.is_real:
        return tr(
            "{mine} and {name} both changed {file}",
            mine=side_name(survey, key),
            name=name,
            file=conflict.name,
        )
    changed = rival is not None and rival.file.touched
    return (
        tr("{name} has changed it too", name=name)
        if changed
        else tr("{name} also declares this file", name=name)
    )


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
        tr(
            "{title} and {name} both changed {files}",
            title=lane.title,
            name=name,
            files=files_in_words(paths),
        )
        for name, paths in files.items()
    ]
    if rest := sorted(shared - set(files)):
        sentences.append(tr("Shares files with {names}", names=all_of(rest)))
    return "; ".join(sentences)


def conflict_sentence(survey: Survey, conflict: Conflict) -> str:
    """A conflict as one line of the list: which sides, and how it is known."""
    names = [side_name(survey, key) for key in (conflict.first, conflict.second)]
    match conflict.kind:
        case ConflictKind.PREDICTED:
            return tr("would conflict: {first} and {second}", first=names[0], second=names[1])
        case ConflictKind.CHANGED:
            return tr("both changed it: {first} and {second}", first=names[0], second=names[1])
        case ConflictKind.DECLARED:
            return tr("only declared: {first} and {second}", first=names[0], second=names[1])


def conflict_counts(conflicts: Sequence[Conflict]) -> str:
    """How many conflicts are real, and how many files are only declared by two: ``2 conflicts, 5 shared files``."""
    real = [one for one in conflicts if one.is_real]
    words = [tr_count("{n} conflict", "{n} conflicts", len(real))] if real else []
    return ", ".join([*words, shared_files(conflicts)] if len(real) < len(conflicts) else words)


def shared_files(conflicts: Sequence[Conflict]) -> str:
    """How many files two or more workstreams only declare."""
    paths = {one.path for one in conflicts if not one.is_real}
    return tr_count("{n} shared file", "{n} shared files", len(paths))


def summary(survey: Survey) -> str:
    """The fact shown in the title bar."""
    files = sum(len(lane.files) for lane in survey.lanes)
    if not files:
        return ""
    repos = len({lane.repo for lane in survey.lanes if lane.repo})
    counts = tr_count(
        "{files} in {n} workstream",
        "{files} in {n} workstreams",
        len(survey.lanes),
        files=tr_count("{n} file", "{n} files", files),
    )
    return tr("{counts}, {repos} repositories", counts=counts, repos=repos) if repos > 1 else counts


def newest(events: Sequence[Event], most: int) -> list[Event]:
    """The last events, in the order they happened."""
    return sorted(events, key=lambda event: event.id)[-most:]
