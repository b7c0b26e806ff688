"""What the benchmarks found, each figure beside a rival's of the same run, printed and written down as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "specs" / "benchmarks.md"
_HEAD = """# Benchmarks

Written by `make bench`. Both sides of a line were measured in one run on one machine; only the ratio says something on
another one.

| what | Signalbox | against | its figure | ratio |
|---|---|---|---|---|
"""
_CELLS = 5


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table; `better` says which way the ratio of ours to theirs should go.

    Where a figure is the median of several runs, `ours_range` and `their_range` are the lowest and the highest of them.
    """

    what: str
    ours: float
    rival: str
    theirs: float
    unit: str
    better: str = "lower"
    ours_range: tuple[float, float] | None = None
    their_range: tuple[float, float] | None = None

    def row(self) -> str:
        """The line."""
        ratio = f"{self.ours / self.theirs:.2f}" if self.theirs else "no ratio, the rival's figure is 0"
        ours, theirs = (
            _cell(self.ours, self.ours_range, self.unit),
            _cell(self.theirs, self.their_range, self.unit),
        )
        return f"| {self.what} | {ours} | {self.rival} | {theirs} | {ratio}, {self.better} is better |"


class Figures:
    """Collects lines; what a run has not measured stays as an earlier one wrote it."""

    def __init__(self) -> None:
        self.found: list[Figure] = []

    def add(self, figure: Figure) -> None:
        """Take a line in and print it."""
        self.found.append(figure)
        print(f"\n{figure.row()}")

    def write(self) -> None:
        """Write the lines found over those of the same subject and rival, new ones below."""
        lines = {}
        for line in FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else ():
            cells = line.split(" | ")
            if len(cells) == _CELLS and not line.startswith("| what "):
                lines[cells[0].removeprefix("| "), cells[2]] = line
        lines.update(((figure.what, figure.rival), figure.row()) for figure in self.found)
        FILE.write_text(_HEAD + "".join(f"{line}\n" for line in lines.values()), encoding="utf-8")


def spread(values: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest value."""
    return min(values), max(values)


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of all values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _cell(value: float, seen: tuple[float, float] | None, unit: str) -> str:
    spread = "" if seen is None else f" ({_number(seen[0])} to {_number(seen[1])})"
    return f"{_number(value)} {unit}{spread}"


def _number(value: float) -> str:
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f}"
