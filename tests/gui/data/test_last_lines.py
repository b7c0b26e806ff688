"""The last line of running jobs, from real files of real attempts."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.state_store.job_state_store import JobStateStore
from gui.data.last_lines import LastLines
from gui.data.projection import Projection
from gui.data.readers import Readers
from state.database_reader import DatabaseReader
from state.records import Attempt, Job


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
def lines(qtbot: QtBot, sources: Readers) -> LastLines:
    assert qtbot
    return LastLines(Projection(), sources)


@pytest.fixture
def folder(sources: Readers, running: tuple[Job, Attempt]) -> Path:
    attempt = running[1]
    made = sources.home.attempts / f"{attempt.id}-{attempt.token}"
    made.mkdir()
    return made


def test_the_last_line_that_is_not_blank_is_shown(
    lines: LastLines, running: tuple[Job, Attempt], folder: Path
) -> None:
    job = running[0]
    (folder / "stdout").write_bytes(b"first\nsecond\n\n  \n")
    lines.refresh([job])
    assert lines.line(job) == "second"


def test_appended_output_is_seen_at_the_next_refresh(
    lines: LastLines, running: tuple[Job, Attempt], folder: Path
) -> None:
    job = running[0]
    (folder / "stdout").write_bytes(b"first\n")
    lines.refresh([job])
    with (folder / "stdout").open("ab") as file:
        file.write(b"second\n")
    assert lines.line(job) == "first"
    lines.refresh([job])
    assert lines.line(job) == "second"


def test_the_line_comes_from_the_stream_that_grew(
    lines: LastLines, running: tuple[Job, Attempt], folder: Path
) -> None:
    job = running[0]
    (folder / "stdout").write_bytes(b"out\n")
    lines.refresh([job])
    (folder / "stderr").write_bytes(b"warned\n")
    lines.refresh([job])
    assert lines.line(job) == "warned"


def test_escape_sequences_and_progress_bars_are_shown_as_a_terminal_would(
    lines: LastLines, running: tuple[Job, Attempt], folder: Path
) -> None:
    job = running[0]
    (folder / "stdout").write_bytes(b"10%\r50%\r\x1b[31m90%\x1b[0m\n")
    lines.refresh([job])
    assert lines.line(job) == "90%"


def test_a_fifo_or_a_link_in_place_of_the_output_does_not_hold_up_the_window(
    lines: LastLines, running: tuple[Job, Attempt], folder: Path, tmp_path: Path
) -> None:
    job = running[0]
    secret = tmp_path / "secret"
    secret.write_text("do not show\n")
    os.mkfifo(folder / "stdout")
    (folder / "stderr").symlink_to(secret)
    lines.refresh([job])
    assert lines.line(job) == ""


def test_a_job_without_an_attempt_or_output_has_no_line(lines: LastLines) -> None:
    job = Job(job_id="unknown", run_id="r", ws_id="w")
    lines.refresh([job])
    assert lines.line(job) == ""
    assert lines.line(None) == ""


def test_a_new_attempt_starts_without_the_line_of_the_old_one(
    lines: LastLines, running: tuple[Job, Attempt], folder: Path
) -> None:
    job = running[0]
    (folder / "stdout").write_bytes(b"first\n")
    lines.refresh([job])
    lines.refresh([])
    assert lines.line(job) == ""
