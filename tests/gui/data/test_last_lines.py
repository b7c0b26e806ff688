"""The last line of running jobs, from real files of real attempts."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.state_store.job_state_store import JobStateStore
from gui.control.background_tasks import BackgroundTasks
from gui.data.last_lines import READING_THREADS, LastLines
from gui.data.projection import Projection
from gui.data.readers import Readers
from state.database_reader import DatabaseReader
from state.records import Attempt, Job
from tests.gui.panels.logs.output_printer import Printer
from tests.helpers.audited_reads import reading_threads
from tests.helpers.patience import PATIENCE_MS

Read = Callable[..., None]


@pytest.fixture
def store() -> Iterator[JobStateStore]:
    made = JobStateStore()
    yield made
    made.close()


@pytest.fixture
def sources(store: JobStateStore) -> Iterator[Readers]:
    reader = DatabaseReader(store.database)
    yield Readers(reader, store.home)
    reader.close()


@pytest.fixture
def running(store: JobStateStore) -> tuple[Job, Attempt]:
    store.create_run("ws", run_id="r")
    store.mark_job_running("job")
    job = store.get_job("job")
    assert job is not None
    return job, store.list_attempts("job")[-1]


@pytest.fixture
def background(qapp: QApplication) -> Iterator[BackgroundTasks]:
    assert qapp is not None
    made = BackgroundTasks(threads=READING_THREADS)
    yield made
    made.stop()


@pytest.fixture
def changes() -> list[int]:
    """The threads in which something new was reported."""
    return []


@pytest.fixture
def lines(sources: Readers, background: BackgroundTasks, changes: list[int]) -> LastLines:
    return LastLines(Projection(), sources, background, changed=lambda: changes.append(threading.get_ident()))


@pytest.fixture
def read(qtbot: QtBot, lines: LastLines, background: BackgroundTasks) -> Read:
    """Refresh, and return once everything is read."""

    def refresh(*jobs: Job) -> None:
        lines.refresh(jobs)
        qtbot.waitUntil(lambda: not background.is_busy, timeout=PATIENCE_MS)

    return refresh


@pytest.fixture
def folder(sources: Readers, running: tuple[Job, Attempt]) -> Path:
    attempt = running[1]
    made = sources.home.attempts / f"{attempt.id}-{attempt.token}"
    made.mkdir()
    return made


def test_the_last_line_that_is_not_blank_is_shown(
    lines: LastLines, read: Read, running: tuple[Job, Attempt], folder: Path
) -> None:
    job = running[0]
    (folder / "stdout").write_bytes(b"first\nsecond\n\n  \n")
    read(job)
    assert lines.line(job) == "second"


def test_appended_output_is_seen_at_the_next_refresh(
    lines: LastLines, read: Read, running: tuple[Job, Attempt], folder: Path
) -> None:
    job = running[0]
    (folder / "stdout").write_bytes(b"first\n")
    read(job)
    with (folder / "stdout").open("ab") as file:
        file.write(b"second\n")
    assert lines.line(job) == "first"
    read(job)
    assert lines.line(job) == "second"


def test_the_line_comes_from_the_stream_that_grew(
    lines: LastLines, read: Read, running: tuple[Job, Attempt], folder: Path
) -> None:
    job = running[0]
    (folder / "stdout").write_bytes(b"out\n")
    read(job)
    (folder / "stderr").write_bytes(b"warned\n")
    read(job)
    assert lines.line(job) == "warned"


def test_escape_sequences_and_progress_bars_are_shown_as_a_terminal_would(
    lines: LastLines, read: Read, running: tuple[Job, Attempt], folder: Path
) -> None:
    job = running[0]
    (folder / "stdout").write_bytes(b"10%\r50%\r\x1b[31m90%\x1b[0m\n")
    read(job)
    assert lines.line(job) == "90%"


def test_a_fifo_or_a_link_in_place_of_the_output_does_not_hold_up_the_window(
    lines: LastLines, read: Read, running: tuple[Job, Attempt], folder: Path, tmp_path: Path
) -> None:
    job = running[0]
    secret = tmp_path / "secret"
    secret.write_text("do not show\n")
    os.mkfifo(folder / "stdout")
    (folder / "stderr").symlink_to(secret)
    read(job)
    assert lines.line(job) == ""


def test_a_job_without_an_attempt_or_output_has_no_line(lines: LastLines, read: Read) -> None:
    job = Job(job_id="unknown", run_id="r", ws_id="w")
    read(job)
    assert lines.line(job) == ""
    assert lines.line(None) == ""


def test_a_new_attempt_starts_without_the_line_of_the_old_one(
    lines: LastLines, read: Read, running: tuple[Job, Attempt], folder: Path
) -> None:
    job = running[0]
    (folder / "stdout").write_bytes(b"first\n")
    read(job)
    read()
    assert lines.line(job) == ""


def test_no_file_is_read_in_the_thread_of_the_window(  # noqa: PLR0917 - fixtures
    lines: LastLines,
    read: Read,
    running: tuple[Job, Attempt],
    folder: Path,
    background: BackgroundTasks,
    changes: list[int],
    qtbot: QtBot,
) -> None:
    job = running[0]
    printer = Printer(folder)
    printer.print("first\n")
    printer.close()
    (folder / "invocation.json").write_text('{"silence_timeout_s": 60}')
    tails: list[list[str]] = []
    with reading_threads(folder.parent) as threads:
        read(job)
        silence = lines.silence(job, 0.0)
        background.run_in_background(lines.tail_reading(job, 3), tails.append)
        qtbot.waitUntil(lambda: bool(tails), timeout=PATIENCE_MS)
    assert (lines.line(job), tails) == ("first", [["first"]])
    assert silence is not None
    assert silence.limit == 60
    assert threads
    assert threading.get_ident() not in threads
    assert changes == [threading.get_ident()]


def test_what_has_not_changed_is_not_reported_again(
    read: Read, running: tuple[Job, Attempt], folder: Path, changes: list[int]
) -> None:
    (folder / "stdout").write_bytes(b"first\n")
    read(running[0])
    read(running[0])
    assert len(changes) == 1


class HeldBackground:
    """Runs nothing of its own accord, as a disk that does not answer."""

    def __init__(self) -> None:
        self.tasks: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []

    def run_in_background(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        *,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        assert failed is not None
        self.tasks.append((work, then))

    def run(self, number: int) -> None:
        work, then = self.tasks[number]
        then(work())


def test_a_slow_file_holds_up_no_other_job_and_is_not_read_twice_at_a_time(
    sources: Readers, running: tuple[Job, Attempt], folder: Path
) -> None:
    job, slow, held = running[0], Job(job_id="slow", run_id="r", ws_id="w"), HeldBackground()
    lines = LastLines(Projection(), sources, held, changed=lambda: None)
    lines.refresh([slow])
    lines.refresh([slow, job])
    assert len(held.tasks) == 2
    for text in ("first", "second"):
        (folder / "stdout").write_text(f"{text}\n")
        held.run(-1)
        assert lines.line(job) == text
        lines.refresh([slow, job])
    assert len(held.tasks) == 4


def test_a_second_thread_reads_on_while_a_first_one_waits_for_a_disk(
    lines: LastLines,
    running: tuple[Job, Attempt],
    folder: Path,
    background: BackgroundTasks,
    qtbot: QtBot,
) -> None:
    (folder / "stdout").write_bytes(b"first\n")
    answered = threading.Event()
    background.run_in_background(answered.wait, lambda _: None)
    try:
        lines.refresh([running[0]])
        qtbot.waitUntil(lambda: lines.line(running[0]) == "first", timeout=PATIENCE_MS)
    finally:
        answered.set()


def test_output_that_vanished_keeps_its_last_line_and_others_are_read(
    lines: LastLines, read: Read, running: tuple[Job, Attempt], folder: Path
) -> None:
    job = running[0]
    (folder / "stdout").write_bytes(b"first\n")
    read(job)
    (folder / "stdout").unlink()
    folder.rmdir()
    read(job, Job(job_id="unknown", run_id="r", ws_id="w"))
    assert lines.line(job) == "first"


def test_a_result_that_comes_after_its_job_left_the_view_is_dropped(
    sources: Readers, running: tuple[Job, Attempt], folder: Path
) -> None:
    job, held, changes = running[0], HeldBackground(), list[str]()
    (folder / "stdout").write_bytes(b"first\n")
    lines = LastLines(Projection(), sources, held, changed=lambda: changes.append("changed"))
    lines.refresh([job])
    lines.refresh([])
    held.run(0)
    assert (lines.line(job), changes) == ("", [])


def test_once_stopped_nothing_is_read_or_reported(
    lines: LastLines,
    running: tuple[Job, Attempt],
    folder: Path,
    background: BackgroundTasks,
    changes: list[int],
) -> None:
    (folder / "stdout").write_bytes(b"first\n")
    lines.refresh([running[0]])
    lines.stop()
    background.stop()
    with reading_threads(folder.parent) as threads:
        lines.refresh([running[0]])
        QApplication.processEvents()
    assert (background.is_busy, threads, changes) == (False, set(), [])


def test_a_fifo_in_place_of_the_invocation_holds_up_nothing(
    lines: LastLines, read: Read, running: tuple[Job, Attempt], folder: Path
) -> None:
    os.mkfifo(folder / "invocation.json")
    (folder / "stdout").write_bytes(b"first\n")
    read(running[0])
    silence = lines.silence(running[0], 0.0)
    assert silence is not None
    assert silence.limit is None
