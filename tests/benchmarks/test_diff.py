"""A change of 20,000 lines opens: the list of its files, and the first rows of the first, until painted.

Of some rounds the best counts, on both sides: another program on the machine is no fault of ours.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.review.diff_records import FileChange, FileColours, FilePatch
from gui.panels.review.diff_client import ComparedSides, DiffClient
from gui.panels.review.diff_pane import DiffPane
from gui.theme.theme import Theme
from tests.benchmarks.figures import Figure, Figures
from tests.engine.review.conftest import TwoCommits

LINES, FILES, ROUNDS = 20_000, 400, 7
PAGES = 60


def one_long_file(commits: TwoCommits) -> None:
    """Half of the lines go, half come, and most pairs of them are two versions of one line."""
    for version in (0, 7_919):
        lines = (
            f"    value_{number} = compute(self.total, rate={number + version}) * (1 - rate) / 100\n"
            for number in range(LINES // 2)
        )
        commits.commit({"cart.py": "".join(lines)})


def many_files(commits: TwoCommits) -> None:
    for version in (0, 7_919):
        names = [f"part{number % 20}/cart{number}.py" for number in range(FILES)]
        body = "".join(f"value_{place} = {place + version}\n" for place in range(LINES // 2 // FILES))
        commits.commit({name: f"# {name}\n{body}" for name in names})


CHANGES: dict[str, Callable[[TwoCommits], None]] = {"one file": one_long_file, f"{FILES} files": many_files}


@pytest.fixture
def client(qtbot: QtBot) -> Iterator[DiffClient]:
    assert qtbot is not None
    made = DiffClient()
    yield made
    made.close()


class Opening:
    """Requests the list of files, then the first file, and notes the milliseconds until each answer is painted."""

    def __init__(self, client: DiffClient, commits: TwoCommits, pane: DiffPane) -> None:
        self._client, self._pane = client, pane
        self._sides = ComparedSides(repo=commits.root, before=commits.before, after=commits.after)
        self.listed = self.first = self.whole = 0.0
        self.files: list[FileChange] = []
        self.rows = 0
        self.step = 0.0
        client.files_listed.connect(self._on_listed)
        client.patch_begun.connect(self._on_begun)
        client.patch_opened.connect(self._on_opened)

    def start(self) -> None:
        self._begun = time.perf_counter()
        self._client.list_files(self._sides)

    def _on_listed(self, _number: int, files: list[FileChange]) -> None:
        self.listed, self.files = self._passed(), files
        self._client.open_file(self._sides, files[0])

    def _on_begun(self, _number: int, patch: FilePatch) -> None:
        self._show(patch)
        self.first = self._passed()

    def _on_opened(self, _number: int, patch: FilePatch) -> None:
        self._show(patch)
        self.whole, self.rows = self._passed(), sum(len(hunk.rows) for hunk in patch.hunks)

    def _show(self, patch: FilePatch) -> None:
        worked = time.thread_time()
        shown = self._pane.patch
        if shown is not None and shown.file == patch.file:
            self._pane.show_more(patch)
        else:
            self._pane.show_file(patch, FileColours())
        self._pane.grab()
        self.step = (time.thread_time() - worked) * 1000

    def scroll(self) -> float:
        """The most milliseconds that a page takes to be painted."""
        area, steps = self._pane.area, []
        for page in range(PAGES):
            worked = time.thread_time()
            area.verticalScrollBar().setValue(page * area.verticalScrollBar().maximum() // PAGES)
            area.viewport().grab()
            steps.append((time.thread_time() - worked) * 1000)
        return max(steps)

    def _passed(self) -> float:
        return (time.perf_counter() - self._begun) * 1000


def git_alone(commits: TwoCommits) -> float:
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        words = ["git", "diff", "--histogram", commits.before, commits.after]
        subprocess.run(words, cwd=commits.root, stdout=subprocess.DEVNULL, check=True)
        took.append((time.perf_counter() - begun) * 1000)
    return min(took)


@pytest.mark.parametrize("change", CHANGES)
def test_the_first_rows_of_a_change_of_twenty_thousand_lines(
    client: DiffClient, tmp_path: Path, qtbot: QtBot, *, figures: Figures, change: str
) -> None:
    commits = TwoCommits(tmp_path / "repo")
    CHANGES[change](commits)
    pane = DiffPane(Theme("dark"))
    qtbot.addWidget(pane)
    pane.resize(1030, 800)
    opening = Opening(client, commits, pane)
    listed, first, whole, steps = [], [], [], []
    for _ in range(ROUNDS + 1):
        with qtbot.waitSignal(client.patch_opened):
            opening.start()
        listed.append(opening.listed)
        first.append(opening.first)
        whole.append(opening.whole)
        steps.append(opening.step)
    scrolled = min(opening.scroll() for _ in range(3))
    changed = sum(file.added + file.removed for file in opening.files)
    print(
        f"\n{changed:,} changed lines in {change}: the list after {min(listed):.0f} ms, first rows after "
        f"{min(first):.0f} ms, all {opening.rows:,} rows of the first file after {min(whole):.0f} ms; "
        f"with the start of the helper first rows after {first[0]:.0f} ms; taking all of them in works "
        f"{min(steps):.0f} ms, and a page {scrolled:.1f} ms"
    )
    what = f"from the request to the first rows in the window, {LINES:,} changed lines in {change}"
    rival = "`git diff` that prints all of it to nobody"
    figures.add(Figure(what=what, ours=min(first), rival=rival, theirs=git_alone(commits), unit="ms"))
    assert changed >= LINES
