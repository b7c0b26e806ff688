"""What the review keeps of the files it has read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.review.diff_records import FileChange, FileColours, FilePatch, Syntax
from gui.panels.review.diff_client import ComparedSides
from gui.panels.review.diff_loader import DiffLoader
from tests.engine.review.conftest import TwoCommits

LONG = "x = 'a'  # a line of the long file\n" * 3_000
SHORT = "1\n"


class Seen:
    """The file in view, as the signals of a loader have it."""

    def __init__(self, loader: DiffLoader) -> None:
        self.patches: list[FilePatch] = []
        self.colours: list[FileColours] = []
        loader.loaded.connect(self.patches.append)
        loader.coloured.connect(self.colours.append)

    def kinds(self) -> set[Syntax]:
        return {kind for line in self.colours[-1].new for _, _, kind in line}


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[DiffLoader]:
    assert qtbot is not None
    made = DiffLoader()
    yield made
    made.close()


@pytest.fixture
def files(tmp_path: Path, loader: DiffLoader, qtbot: QtBot) -> list[FileChange]:
    commits = TwoCommits(tmp_path / "repo")
    commits.commit({"a": ""})
    commits.commit({"long.py": LONG, "short.py": SHORT})
    with qtbot.waitSignal(loader.listed) as listed:
        loader.compare(ComparedSides(repo=commits.root, before=commits.before, after=commits.after))
    found: list[FileChange] = listed.args[0]
    return found


def test_v5_a_file_never_has_the_colours_of_another(
    loader: DiffLoader, files: list[FileChange], qtbot: QtBot
) -> None:
    long, short = files
    seen = Seen(loader)
    with qtbot.waitSignal(loader.coloured):
        loader.load(short)
    loader.load(long)
    qtbot.waitUntil(lambda: len(seen.patches[-1].hunks[0].rows) == 3_000)
    with qtbot.waitSignal(
        loader.client.colours_found
    ):  # those of the long file come while the short one is in view
        loader.load(short)
    assert seen.patches[-1].file == short
    assert seen.kinds() == {Syntax.NUMBER}


def test_v5_a_file_that_was_left_before_its_colours_came_has_them_when_it_is_opened_again(
    loader: DiffLoader, files: list[FileChange], qtbot: QtBot
) -> None:
    long, short = files
    seen = Seen(loader)
    loader.load(long)
    qtbot.waitUntil(lambda: bool(seen.patches) and len(seen.patches[-1].hunks[0].rows) == 3_000)
    with qtbot.waitSignal(loader.coloured):
        loader.load(short)
    with qtbot.waitSignal(loader.coloured):
        loader.load(long)
    assert seen.patches[-1].file == long
    assert len(seen.patches[-1].hunks[0].rows) == 3_000
    assert seen.kinds() == {Syntax.STRING, Syntax.COMMENT}
