"""The helper process that reads diffs, as used by the window."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.review.diff_records import (
    DiffRow,
    FileChange,
    FileColours,
    FilePatch,
    RowKind,
    Syntax,
    UnchangedLines,
)
from gui.panels.review.diff_client import ComparedSides, DiffClient
from gui.panels.review.diff_messages import FIRST_ROWS
from tests.engine.review.conftest import TwoCommits
from tests.helpers.logs import LogWatch


class Recorder:
    """Records everything a `DiffClient` emits."""

    def __init__(self, client: DiffClient) -> None:
        self.files: dict[int, list[FileChange]] = {}
        self.begun: dict[int, FilePatch] = {}
        self.opened: dict[int, FilePatch] = {}
        self.colours: dict[int, FileColours] = {}
        self.context: dict[int, list[DiffRow]] = {}
        self.failed: dict[int, str] = {}
        client.files_listed.connect(self.files.__setitem__)
        client.patch_begun.connect(self.begun.__setitem__)
        client.patch_opened.connect(self.opened.__setitem__)
        client.colours_found.connect(self.colours.__setitem__)
        client.context_opened.connect(self.context.__setitem__)
        client.failed.connect(self.failed.__setitem__)


@pytest.fixture
def client(qtbot: QtBot) -> Iterator[DiffClient]:
    assert qtbot is not None
    made = DiffClient()
    yield made
    made.close()


@pytest.fixture
def commits(tmp_path: Path) -> TwoCommits:
    made = TwoCommits(tmp_path / "repo")
    made.commit(
        {"a.py": "".join(f"value{number} = {number}\n" for number in range(600)), "b.py": "x = 1\n" * 30}
    )
    made.commit(
        {
            "a.py": "".join(f"value{number} = {number}0\n" for number in range(600)),
            "b.py": "x = 1\n" * 30 + "y\n",
        }
    )
    return made


def sides(commits: TwoCommits) -> ComparedSides:
    return ComparedSides(repo=commits.root, before=commits.before, after=commits.after)


def test_v5_files_rows_and_colours_arrive(client: DiffClient, commits: TwoCommits, qtbot: QtBot) -> None:
    recorder = Recorder(client)
    number = client.list_files(sides(commits), scope=["b.py"])
    qtbot.waitUntil(lambda: number in recorder.files)
    assert recorder.files[number] == commits.files(scope=("b.py",))
    opened = client.open_file(sides(commits), recorder.files[number][0])
    qtbot.waitUntil(lambda: opened in recorder.colours)
    assert len(recorder.begun[opened].hunks[0].rows) == FIRST_ROWS
    patch, expected = recorder.opened[opened], commits.patches()["a.py"]
    assert [row._replace(marks=()) for row in patch.hunks[0].rows] == list(expected.hunks[0].rows)
    assert (patch.new_lines, patch.notes) == (expected.new_lines, expected.notes)
    added = next(row for row in patch.hunks[0].rows if row.kind is RowKind.ADDED)
    assert recorder.colours[opened].of(added) == ((9, 11, Syntax.NUMBER),)


def test_v5_words_are_marked_in_the_helper(client: DiffClient, commits: TwoCommits, qtbot: QtBot) -> None:
    recorder = Recorder(client)
    commits.commit({"b.py": "x = 1\n" * 29 + "x = 1, 2\ny\n"})
    number = client.open_file(sides(commits), commits.files()[0])
    qtbot.waitUntil(lambda: number in recorder.opened)
    assert [row.marks for row in recorder.opened[number].hunks[0].rows if row.marks] == [((5, 8),)]


def test_v5_unchanged_lines_open(client: DiffClient, commits: TwoCommits, qtbot: QtBot) -> None:
    recorder = Recorder(client)
    number = client.open_context(commits.root, commits.files()[1], UnchangedLines(8, 27, 0))
    qtbot.waitUntil(lambda: number in recorder.context)
    assert [row.new_no for row in recorder.context[number]] == list(range(8, 28))


def test_v5_what_cannot_be_read_fails_in_words(client: DiffClient, commits: TwoCommits, qtbot: QtBot) -> None:
    recorder = Recorder(client)
    number = client.list_files(ComparedSides(repo=commits.root, before="0" * 40, after=commits.after))
    qtbot.waitUntil(lambda: number in recorder.failed)
    assert recorder.failed[number].startswith("git diff-tree in ")


def test_v5_a_newer_request_replaces_an_older_one(
    client: DiffClient, commits: TwoCommits, qtbot: QtBot
) -> None:
    recorder = Recorder(client)
    first, second = commits.files()
    numbers = [client.open_file(sides(commits), file) for file in (first, second, first, second)]
    qtbot.waitUntil(lambda: numbers[-1] in recorder.colours)
    assert list(recorder.opened) == numbers[-1:]


def test_v5_a_crashed_helper_is_started_again_and_answers(
    client: DiffClient, commits: TwoCommits, qtbot: QtBot, expect_log: LogWatch
) -> None:
    expect_log.expect("reads diffs ended unexpectedly")
    recorder = Recorder(client)
    client.start()
    qtbot.waitUntil(lambda: client.process_id != 0)
    os.kill(client.process_id, signal.SIGSTOP)
    number = client.list_files(sides(commits))
    os.kill(client.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: number in recorder.files)


def test_v5_what_crashes_the_helper_twice_fails_in_words(
    client: DiffClient, commits: TwoCommits, qtbot: QtBot, expect_log: LogWatch
) -> None:
    expect_log.expect("reads diffs ended unexpectedly")
    recorder = Recorder(client)
    number = client.list_files(sides(commits))
    for _ in range(2):
        os.kill(client.process_id, signal.SIGSTOP)
        before = client.process_id
        os.kill(before, signal.SIGKILL)
        qtbot.waitUntil(lambda before=before: client.process_id != before)  # type: ignore[misc]
    qtbot.waitUntil(lambda: number in recorder.failed)
    assert recorder.failed[number].startswith("The process that reads diffs crashed twice")
    assert client.list_files(sides(commits)) > number


def test_v5_closing_ends_the_helper(client: DiffClient, commits: TwoCommits, qtbot: QtBot) -> None:
    recorder = Recorder(client)
    number = client.list_files(sides(commits))
    qtbot.waitUntil(lambda: number in recorder.files)
    process = client.process_id
    client.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
