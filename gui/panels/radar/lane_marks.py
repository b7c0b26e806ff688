"""The marks at the rim of the disc: workstreams that conflict with their target, and those whose check is red. Pure."""

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum

from gui.data.captions import files_in_words
from gui.panels.radar.pipeline_records import Survey, WorkstreamKey
from gui.translation import tr


class MarkKind(Enum):
    """What a mark says."""

    CONFLICT = "conflict"
    CHECK = "check"


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneMark:
    """One mark of a workstream and what it says."""

    key: WorkstreamKey
    kind: MarkKind
    words: str


def lane_marks(survey: Survey) -> list[LaneMark]:
    """The marks of every lane, in the order of the disc; a conflict comes before a check."""
    met: defaultdict[WorkstreamKey, dict[str, list[str]]] = defaultdict(dict)
    for one in survey.conflicts:
        if one.has_target:
            met[one.first[:2]].setdefault(one.second[1], []).append(one.name)
    found = []
    for lane in survey.lanes:
        for target, names in met[lane.key].items():
            words = tr(
                "conflicts with {target} in {files}",
                target=target,
                files=files_in_words(names),
            )
            found.append(LaneMark(key=lane.key, kind=MarkKind.CONFLICT, words=words))
        if lane.is_check_red:
            found.append(LaneMark(key=lane.key, kind=MarkKind.CHECK, words=tr("its check fails")))
    return found
