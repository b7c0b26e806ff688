"""What the benchmarks found, each figure beside a rival's of the same run, printed and written down as a table."""

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
    """One line of the table; `better` tells which way the ratio of ours to theirs should go."""

    what: str
    ours: float
    rival: str
    theirs: float
    unit: str
    better: str = "lower"

    def row(self) -> str:
        """The line."""
        ratio = f"{self.ours / self.theirs:.2f}" if self.theirs else "no ratio, the rival's figure is 0"
        told = [_number(value, self.unit) for value in (self.ours, self.theirs)]
        return f"| {self.what} | {told[0]} | {self.rival} | {told[1]} | {ratio}, {self.better} is better |"


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


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of all values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _number(value: float, unit: str) -> str:
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f} {unit}"
