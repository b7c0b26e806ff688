"""Keeps what runs of real coding tools were measured at, and writes the table of specs/tools.md from that.

``python -m tests.helpers.tool_figures`` writes the page from the figures in the folder of the tools.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.helpers.real_tools import DEFAULT_FOLDER, tools_folder

PAGE = Path(__file__).resolve().parents[2] / "specs" / "tools.md"
_INTRODUCTION = """# Real coding tools, measured

`make test-tools` writes this page. It installs the tools of the versions below and runs each through its adapter and a
real engine, against a model server on loopback: the seconds are those of the tool itself, on a machine with two busy
cores. *Ends in* is the failure class of the attempt, or its status. *Requests* are those that the tool made to its
model, its own retries included.

Versions: {versions}.

| tool | case | ends in | seconds | requests |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Figure:
    """One measured run; a later one of the same tool and case replaces it."""

    tool: str
    version: str
    case: str
    outcome: str
    seconds: float
    requests: int

    @property
    def row(self) -> str:
        """The row of the table."""
        return f"| {self.tool} | {self.case} | {self.outcome} | {self.seconds:.1f} | {self.requests} |"


def keep(figure: Figure) -> None:
    """Append a figure to those that are kept."""
    with _file().open("a", encoding="utf-8") as kept:
        print(json.dumps(asdict(figure)), file=kept)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page_of(_kept()), encoding="utf-8")


def page_of(figures: Iterable[Figure]) -> str:
    """The page on these figures; of two for the same tool and case the later one counts."""
    found = list(_latest(figures))
    versions = ", ".join(sorted({f"{each.tool} {each.version}" for each in found}))
    rows = "\n".join(each.row for each in found)
    return f"{_INTRODUCTION.format(versions=versions)}{rows}\n"


def _latest(figures: Iterable[Figure]) -> Iterator[Figure]:
    """The last figure of each tool and case, sorted by both."""
    last: dict[tuple[str, str], Figure] = {}
    for figure in figures:
        last[figure.tool, figure.case] = figure
    yield from (last[key] for key in sorted(last))


def _kept() -> Iterator[Figure]:
    for line in _file().read_text(encoding="utf-8").splitlines():
        yield Figure(**json.loads(line))


def _file() -> Path:
    return (tools_folder() or DEFAULT_FOLDER) / "figures.jsonl"


if __name__ == "__main__":
    main()
