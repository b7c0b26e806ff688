"""Decide which lines pass the chips and the search text. Pure; reads the columns of a `LineStore`."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from engine.streams.entries import Level
from engine.system.formatting import clock_second
from gui.data.level_captions import level_caption
from gui.panels.logs.line_store import LineStore, Source
from gui.panels.logs.text_match import TextMatcher, TextPattern
from gui.translation import tr
from state.named_work import NamedWork

Kind = Literal["text", "level", "tool", "workstream", "job", "run", "since"]
"""A `since` chip has seconds since the epoch as its value; it shows, or hides, what came from then on."""
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that shows or hides matching lines. Several showing chips of one kind are alternatives."""

    kind: Kind
    value: str
    hide: bool = False
    word: str = ""
    """The text of the chip if it differs from its value."""
    is_regex: bool = False
    is_case: bool = False
    """How a text is looked for, see `TextPattern`."""
    run_id: str = ""
    """The run of a workstream; empty for the workstreams of this id in every run."""

    @property
    def pattern(self) -> TextPattern:
        """What a text chip looks for."""
        return TextPattern(self.value, self.is_regex, self.is_case)

    @property
    def label(self) -> str:
        """The text on the chip; that of a regular expression stands between slashes."""
        if self.is_regex:
            return f"/{self.value}/"
        if self.kind == "since":
            return tr("from {at}", at=clock_second(float(self.value)))
        if self.kind == "level":
            return level_caption(Level[self.value.upper()]).upper()
        return self.word or self.value

    def flipped(self) -> "Chip":
        """The same chip with the opposite sign."""
        return replace(self, hide=not self.hide)

    def to_json(self) -> dict[str, str | bool]:
        """The chip as JSON, for the next session."""
        found: dict[str, str | bool] = {
            "kind": self.kind,
            "value": self.value,
            "hide": self.hide,
            "word": self.word,
        }
        found |= {"regex": True} if self.is_regex else {}
        found |= {"run_id": self.run_id} if self.run_id else {}
        return found | ({"case": True} if self.is_case else {})

    def same_as(self, other: "Chip") -> bool:
        """Whether both have the same kind, value and way to look for it, regardless of their sign."""
        return replace(self, hide=False, word="") == replace(other, hide=False, word="")


def chip_from_json(value: object) -> Chip | None:
    """A remembered chip; None if `value` is not a valid one."""
    if (
        not isinstance(value, dict)
        or value.get("kind") not in KINDS
        or not isinstance(value.get("value"), str)
    ):
        return None
    if value["kind"] == "since" and not _is_time(value["value"]):
        return None
    word = value.get("word")
    return Chip(
        value["kind"],
        value["value"],
        hide=value.get("hide") is True,
        word=word if isinstance(word, str) else "",
        is_regex=value.get("regex") is True,
        is_case=value.get("case") is True,
        run_id=run_id if isinstance(run_id := value.get("run_id"), str) else "",
    )


@dataclass(frozen=True, slots=True)
class Query:
    """Everything that decides which lines are listed."""

    chips: tuple[Chip, ...] = ()
    needle: str = ""
    only_matching: bool = True
    """Whether the search text hides other lines; otherwise it is only highlighted."""
    jobs: frozenset[str] | None = None
    """If the panels are filtered by state: the jobs in those states."""
    run_id: str | None = None
    """If the panels are filtered by run: lines of other runs are hidden, lines without a run are listed."""
    is_regex: bool = False
    is_case: bool = False
    """How the search text is looked for, see `TextPattern`."""

    @property
    def filters(self) -> bool:
        """Whether any line may be hidden."""
        return bool(
            self.chips or (self.needle and self.only_matching) or self.jobs is not None or self.run_id
        )

    @property
    def pattern(self) -> TextPattern:
        """What is looked for."""
        return TextPattern(self.needle, self.is_regex, self.is_case)

    @property
    def levels(self) -> frozenset[Level]:
        """The levels that alone can pass; none of them where any line of output may."""
        passing = frozenset(level for level in Level if _level_passes(self.chips, level))
        return frozenset() if Level.OUTPUT in passing else passing

    @property
    def named(self) -> NamedWork | None:
        """The jobs, runs, workstreams and levels whose lines alone can pass; None where it names none."""
        shown = [chip for chip in self.chips if not chip.hide]
        runs = {chip.value for chip in shown if chip.kind == "run"}
        found = NamedWork(
            jobs=frozenset(chip.value for chip in shown if chip.kind == "job"),
            runs=frozenset({self.run_id} if self.run_id else runs),
            workstreams=frozenset((chip.run_id, chip.value) for chip in shown if chip.kind == "workstream"),
            levels=frozenset(level.word for level in self.levels),
        )
        if not (found.is_of_work or found.levels):
            return None
        return replace(found, with_engine=not (found.jobs or runs or found.workstreams))

    def marked(self) -> tuple[TextPattern, ...]:
        """What to highlight."""
        shown = [chip.pattern for chip in self.chips if chip.kind == "text" and not chip.hide]
        return tuple(dict.fromkeys(one for one in (self.pattern, *shown) if one.text))


@dataclass
class FilterResult:
    """The result for a range of lines: serial numbers in ascending order, and the hits of each text chip."""

    passing: "array[int]" = field(default_factory=lambda: array("q"))
    matches: "array[int]" = field(default_factory=lambda: array("q"))
    errors: "array[int]" = field(default_factory=lambda: array("q"))
    hits: list[int] = field(default_factory=list)


class LineFilter:
    """A query prepared for filtering many lines."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self._texts = [
            (number, TextMatcher(chip.pattern), chip.hide)
            for number, chip in enumerate(query.chips)
            if chip.kind == "text"
        ]
        self._needle = TextMatcher(query.pattern) if query.needle else None
        times = [(float(chip.value), chip.hide) for chip in query.chips if chip.kind == "since"]
        self._first = max((at for at, hide in times if not hide), default=-math.inf)
        self._end = min((at for at, hide in times if hide), default=math.inf)
        self.is_slow = query.is_regex or any(chip.is_regex for chip in query.chips)
        """Whether a line takes long enough that only few should be filtered at once."""
        self._levels = [_level_passes(query.chips, level) for level in Level]
        self._sources: list[bool] = []

    def apply(self, store: LineStore, start: int, stop: int) -> FilterResult:
        """Filter the lines of a range of serial numbers."""
        self._add_new_sources(store)
        found = FilterResult(hits=[0] * len(self.query.chips))
        if self._first > -math.inf:
            start = max(start, store.position_at(self._first))
        if self._end < math.inf:
            stop = min(stop, store.position_at(self._end))
        if start >= stop:
            return found
        levels, sources, texts = store.columns(start, stop)
        if self._texts or self._needle:
            self._apply_texts(found, start, levels, sources, texts)
            return found
        for serial, (level, source) in enumerate(zip(levels, sources, strict=True), start):
            if self._levels[level] and self._sources[source]:
                found.passing.append(serial)
                if level == Level.ERROR:
                    found.errors.append(serial)
        return found

    def _apply_texts(
        self,
        found: FilterResult,
        start: int,
        levels: Sequence[int],
        sources: Sequence[int],
        texts: Sequence[str],
    ) -> None:
        needle, must = self._needle, self.query.only_matching
        only_shown = any(not hide for _, _, hide in self._texts)
        for serial, (level, source, text) in enumerate(zip(levels, sources, texts, strict=True), start):
            lower = text.lower()
            shown, hidden = not only_shown, False
            for number, matcher, hide in self._texts:
                if matcher.matches(text, lower):
                    found.hits[number] += 1
                    shown, hidden = shown or not hide, hidden or hide
            matches = needle is not None and needle.matches(text, lower)
            if hidden or not shown or not (self._levels[level] and self._sources[source]):
                continue
            if needle and must and not matches:
                continue
            found.passing.append(serial)
            if matches or (only_shown and not needle):
                found.matches.append(serial)
            if level == Level.ERROR:
                found.errors.append(serial)

    def _add_new_sources(self, store: LineStore) -> None:
        for number in range(len(self._sources), len(store.sources)):
            self._sources.append(_source_passes(self.query, store.sources[number]))


def since(at: float, *, hide: bool = False) -> Chip:
    """The chip that shows, or hides, what came from a time on."""
    return Chip("since", f"{at:.6f}", hide=hide)


def levels_of(named: NamedWork) -> frozenset[Level]:
    """The levels that are named."""
    return frozenset(level for level in Level if level.word in named.levels)


def _is_time(value: str) -> bool:
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def hits(chip: Chip, store: LineStore) -> int:
    """The number of lines a level or source chip applies to."""
    if chip.kind == "level":
        return store.by_level[Level[chip.value.upper()]]
    if chip.kind == "since":
        return store.end - store.position_at(float(chip.value))
    return sum(count for number, count in store.by_source.items() if _is_of(chip, store.sources[number]))


def _level_passes(chips: Sequence[Chip], level: Level) -> bool:
    return _passes([(chip.hide, chip.value == level.word) for chip in chips if chip.kind == "level"])


def _source_passes(query: Query, source: Source) -> bool:
    if query.jobs is not None and source.job_id not in query.jobs:
        return False
    if query.run_id is not None and source.run_id not in {"", query.run_id}:
        return False
    return all(
        _passes([(chip.hide, _is_of(chip, source)) for chip in query.chips if chip.kind == kind])
        for kind in ("tool", "workstream", "job", "run")
    )


def _passes(applying: Sequence[tuple[bool, bool]]) -> bool:
    """Whether chips of one kind let something pass; each hides or shows, and applies to it or not."""
    if any(hide and applies for hide, applies in applying):
        return False
    shown = [applies for hide, applies in applying if not hide]
    return not shown or any(shown)


def _is_of(chip: Chip, source: Source) -> bool:
    """Whether a chip of a source applies to this one; that of a workstream does in its own run alone."""
    return _value(chip.kind, source) == chip.value and chip.run_id in {"", source.run_id}


def _value(kind: str, source: Source) -> str:
    match kind:
        case "tool":
            return source.tool
        case "workstream":
            return source.ws_id
        case "job":
            return source.job_id
        case _:
            return source.run_id
