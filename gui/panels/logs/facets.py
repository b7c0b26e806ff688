"""The facets beside the lines as a Qt list model: levels, workstreams and tools with their counts."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.streams.entries import Level
from gui.data.level_captions import level_caption
from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.logs.filter import Chip, Kind
from gui.panels.logs.line_store import LineStore
from gui.translation import tr, tr_count

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
FacetRole = int(Qt.ItemDataRole.UserRole) + 1
LEVELS = (Level.ERROR, Level.WARNING, Level.INFO, Level.OUTPUT, Level.EVENT, Level.DEBUG)
_MAX_FACETS = 40
NO_STATES: Mapping[tuple[str, str], str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Facet:
    """One row of the column: a heading if `kind` is None, else something to filter by."""

    word: str
    kind: Kind | None = None
    value: str = ""
    count: int = 0
    errors: int = 0
    sign: int = 0
    """1 if a chip shows it, -1 if a chip hides it, else 0."""
    level: Level | None = None
    state: str = ""
    """The displayed state of a workstream, if known."""
    run_id: str = ""
    """The run of a workstream."""
    is_counted: bool = True
    """Whether its lines are among those that are loaded; of a hidden level they may not be."""

    @property
    def number(self) -> str:
        """How many lines it has, as text; empty where they are not counted."""
        return figure(self.count) if self.is_counted else ""

    def chip(self, *, hide: bool = False) -> Chip:
        """The chip of this facet: levels are hidden one by one, everything else is shown alone unless `hide`."""
        assert self.kind is not None  # noqa: S101 - headings are no filters
        word = "" if self.word == self.value or self.kind == "level" else self.word
        return Chip(self.kind, self.value, hide=hide or self.kind == "level", word=word, run_id=self.run_id)


def facets(
    store: LineStore,
    chips: tuple[Chip, ...],
    states: Mapping[tuple[str, str], str] = NO_STATES,
    *,
    distinct: Callable[[tuple[str, str]], str] | None = None,
    loaded: Collection[Level] = (),
) -> list[Facet]:
    """Everything the stored lines can be filtered by; `states` are keyed by (run_id, ws_id).

    `distinct` is how a workstream is called that shares its name with another one; `loaded` are the levels that alone
    are loaded, none of them for all.
    """
    found = [Facet(tr("Level"))]
    found += [
        Facet(
            level_caption(level),
            "level",
            level.word,
            store.by_level[level],
            sign=_sign(chips, "level", level.word),
            level=level,
            is_counted=not loaded or level in loaded,
        )
        for level in LEVELS
    ]
    workstreams: Counter[tuple[str, str]] = Counter()
    labels: dict[tuple[str, str], str] = {}
    errors: Counter[tuple[str, str]] = Counter()
    tools: Counter[str] = Counter()
    for number, count in store.by_source.items():
        source = store.sources[number]
        if source.ws_id:
            key = (source.run_id, source.ws_id)
            workstreams[key] += count
            errors[key] += store.errors_by_source[number]
            labels[key] = source.label  # a later source of the workstream has its newest name
        if source.tool:
            tools[source.tool] += count
    names = Counter(labels.values())
    labels |= {key: distinct(key) for key, label in labels.items() if distinct and names[label] > 1}
    if +workstreams:
        found.append(Facet(tr("Workstream")))
    for key, count in (+workstreams).most_common(_MAX_FACETS):
        run_id, ws_id = key
        sign = _sign(chips, "workstream", ws_id, run_id)
        state = states.get(key, "")
        found.append(
            Facet(labels[key], "workstream", ws_id, count, errors[key], sign, state=state, run_id=run_id)
        )
    if +tools:
        found.append(Facet(tr("Tool")))
    for tool, count in (+tools).most_common(_MAX_FACETS):
        found.append(Facet(tool, "tool", tool, count, sign=_sign(chips, "tool", tool)))
    return found


def _sign(chips: tuple[Chip, ...], kind: str, value: str, run_id: str = "") -> int:
    applying = (
        chip for chip in chips if (chip.kind, chip.value) == (kind, value) and chip.run_id in {"", run_id}
    )
    return next((-1 if chip.hide else 1 for chip in applying), 0)


def _identity(facet: Facet) -> tuple[Kind | None, str, str]:
    return facet.kind, facet.value, facet.run_id


class FacetModel(Guarded, QAbstractListModel):
    """Shows the result of `facets`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._facets: list[Facet] = []

    def show_facets(self, found: list[Facet]) -> None:
        """Show these facets; the rows stay if only counts have changed."""
        if [_identity(one) for one in found] == [_identity(one) for one in self._facets]:
            changed = [row for row, one in enumerate(found) if one != self._facets[row]]
            self._facets = found
            if changed:
                self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
            return
        self.beginResetModel()
        self._facets = found
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """One row for each heading and facet."""
        return 0 if parent.isValid() else len(self._facets)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be selected."""
        if index.isValid() and self._facets[index.row()].kind is None:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The word, the text for screen readers, and the facet itself."""
        if not index.isValid():
            return None
        facet = self._facets[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return facet.word
            case Qt.ItemDataRole.AccessibleTextRole if facet.kind is not None:
                return _accessible_text(facet)
            case _ if role == FacetRole:
                return facet
            case _:
                return None


def _accessible_text(facet: Facet) -> str:
    number = tr_count("{n} line", "{n} lines", facet.count) if facet.is_counted else ""
    counted = ", ".join(filter(None, (facet.word, number)))
    if not facet.sign:
        return counted
    if facet.sign > 0:
        return tr("{facet}, shown alone", facet=counted)
    return tr("{facet}, hidden", facet=counted)
