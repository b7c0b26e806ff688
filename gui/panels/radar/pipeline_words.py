"""What the Radar says of a file: what happens next, with whom it conflicts, and how long it has been where it is."""

from collections.abc import Sequence

from engine.scheduling.explainer import Wait
from gui.data.cost_captions import spoken_duration
from gui.data.job_display import state_inside
from gui.panels.radar.pipeline_records import URGENT, FileKey, PlacedFile, RadarLane, Ring, Survey
from gui.translation import tr, tr_phrase, translatable

TAIL_MINUTES = (1, 2, 4, 8, 16, 32)


def tail_length(since: float | None, now: float) -> int:
    """The number of dots in a blip's tail: one for each doubling of its minutes in this stage, at most six."""
    if since is None:
        return 0
    minutes = (now - since) / 60
    return sum(minutes >= mark for mark in TAIL_MINUTES)


_NEXT_OF_FINISHED = {
    "completed": translatable("Nothing: all steps are done."),
    "needsyou": translatable("A person reviews it."),
    "queued": translatable("It is merged in its turn."),
    "cancelled": translatable("Nothing: the work was discarded."),
}


def follows(file: PlacedFile) -> str:
    """What happens next to a file, in one sentence."""
    at = file.place
    match at.ring, at.wait:
        case _, Wait() as wait if at.state != "running":
            return tr_phrase(wait.phrase)
        case Ring.DONE | Ring.REVIEW, _ if at.is_finished and at.state in _NEXT_OF_FINISHED:
            return (
                tr(_NEXT_OF_FINISHED[at.state])
                if at.ring is Ring.REVIEW
                else tr("Nothing: the file is merged.")
                if at.is_merged
                else tr("Nothing: all steps are done.")
            )
        case _ if at.state in URGENT:
            return tr("Nothing until you retry or skip the step.")
        case _ if at.next_job is not None:
            step = at.next_job.step_name
            return (
                tr("Next step: {step} with {tool}.", step=step, tool=at.next_job.tool)
                if step
                else tr("Next step: {tool}.", tool=at.next_job.tool)
            )
        case _ if at.step == at.steps and at.state == "running":
            return tr("This is the last step.")
        case _:
            return tr("Nothing: all steps are done.")


def accessible_text(
    file: PlacedFile,
    lane: RadarLane,
    rivals: Sequence[str],
    *,
    now: float,
    shared: Sequence[str] = (),
) -> str:
    """The text a screen reader reads for a file.

    `rivals` are those it conflicts with, and `shared` those that only may write it, too.
    """
    parts = [file.name, lane.title, file.place.ring.word, state_inside(file.place.state)]
    if file.place.since is not None:
        parts.append(spoken_duration(now - file.place.since))
    if rivals:
        parts.append(tr("conflict with {names}", names=all_of(rivals)))
    if shared:
        parts.append(tr("shared with {names}", names=all_of(shared)))
    return ", ".join(parts)


def centre_words(pipeline: Survey) -> tuple[int, str]:
    """How many files are in the centre, and whether they are merged, or some are done without that."""
    centre = [file for lane in pipeline.lanes for file in lane.cell(Ring.DONE)]
    is_merged = bool(centre) and all(file.place.is_merged for file in centre)
    return len(centre), tr("merged") if is_merged else tr("done")


def all_of(names: Sequence[str]) -> str:
    """Several names in one phrase: ``lexer and parser``."""
    return tr(" and ").join(names)


def rivals_of(pipeline: Survey, key: FileKey, *, real: bool) -> list[str]:
    """The names of what a file conflicts with, or else of those that only may write it, too."""
    found = (one.other(key) for one in pipeline.conflicts_of(key) if one.is_real is real)
    return [side_name(pipeline, other) for other in found if other is not None]


def side_name(pipeline: Survey, key: FileKey) -> str:
    """The name of one side of a conflict: a workstream, or a target branch."""
    lane = pipeline.lane(key[:2])
    return lane.title if lane else pipeline.names.workstream(key[:2]) if key[0] else key[1]
