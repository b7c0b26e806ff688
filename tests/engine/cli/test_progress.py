"""How a batch is shown while it runs: lines for pipes, a table for terminals, and nothing of it a command."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from engine.cli.event_lines import EventLines
from engine.cli.home_session import HomeSession
from engine.cli.printing import LIVE_REST_S
from engine.cli.progress import LineProgress, LiveProgress, Row, label
from engine.cli.run_loop import Watcher
from engine.scheduling.explainer import Wait, WaitKind
from engine.system.home import Home
from engine.system.phrase import verbatim
from state.records import Job, JobStatus

NOW = 1_000.0


def row(job_id: str, status: JobStatus, *, tail: str = "", wait: Wait | None = None, **more: object) -> Row:
    job = Job(job_id=job_id, run_id="r", ws_id="w", status=status, **more)  # type: ignore[arg-type]
    return Row(job=job, state=status.value, wait=wait, tail=tail)


def running(job_id: str, *, tail: str = "", attempts: int = 1) -> Row:
    return row(job_id, JobStatus.RUNNING, tail=tail, attempts=attempts, max_attempts=3, started_at=NOW - 65)


def completed(job_id: str) -> Row:
    return row(
        job_id, JobStatus.COMPLETED, attempts=1, started_at=990.0, completed_at=994.5, summary="All green."
    )


def blocked(kind: WaitKind, sentence: str) -> Row:
    return row("a", JobStatus.QUEUED, wait=Wait(kind=kind, phrase=verbatim(sentence)))


def test_a_line_is_written_for_each_change_and_only_then() -> None:
    lines: list[str] = []
    progress = LineProgress(lines.append)
    for shown in (
        running("a"),
        running("a", tail="more"),
        running("a", attempts=2),
        completed("a"),
        completed("a"),
    ):
        progress.show([shown], NOW)
    assert lines == [
        "a: running with shell, attempt 1 of 3",
        "a: running with shell, attempt 2 of 3",
        "a: completed after 4.5 s. All green.",
    ]


def test_a_further_attempt_shows_how_the_previous_one_failed() -> None:
    lines: list[str] = []
    again = row("a", JobStatus.RUNNING, attempts=2, max_attempts=2, summary="The key was refused.")
    LineProgress(lines.append).show([again], NOW)
    assert lines == ["a: running with shell, attempt 2 of 2, after: The key was refused"]


def test_each_reason_to_wait_is_printed_once_and_none_for_a_job_that_starts_next() -> None:
    lines: list[str] = []
    progress = LineProgress(lines.append)
    for kind, sentence in (
        (WaitKind.READY, "Starts next."),
        (WaitKind.NO_SLOT, "No free slot; number 2 in the queue."),
        (WaitKind.NO_SLOT, "No free slot; first in the queue."),
        (WaitKind.PAUSED, "Paused; resume to start it."),
    ):
        progress.show([blocked(kind, sentence)], NOW)
    assert lines == [
        "a: queued. No free slot; number 2 in the queue.",
        "a: queued. Paused; resume to start it.",
    ]


def drawn(rows: Sequence[Row], *, height: int = 20) -> str:
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=True, width=90, height=height, color_system=None, legacy_windows=False
    )
    progress = LiveProgress(console)
    progress.show(rows, NOW)
    progress.close()
    return out.getvalue()


def test_the_table_shows_state_tool_attempt_time_and_the_last_line_of_running_jobs() -> None:
    output = drawn([running("a", tail="line 7"), completed("b")])
    assert "running    a     shell  1/3      1 min 05 s  line 7" in output
    assert "completed  b     shell  1/1      4.5 s       All green." in output
    assert "1 of 2 ended: 1 running" in output


def test_a_table_that_is_longer_than_the_terminal_keeps_what_runs_and_failed() -> None:
    rows = [completed(f"done{n}") for n in range(30)] + [running("runs"), row("bad", JobStatus.FAILED)]
    output = drawn(rows, height=8)
    assert "runs" in output
    assert "bad" in output
    assert "done1 " in output
    assert "done2 " not in output
    assert "31 of 32 ended" in output


def test_the_cursor_is_there_again_after_the_table() -> None:
    output = drawn([running("a")])
    assert output.rindex("\x1b[?25h") > output.rindex("\x1b[?25l")


def test_what_a_tool_prints_is_text_in_the_table() -> None:
    output = drawn([running("a", tail="[bold]x[/bold] \x1b]52;c;aGk=\x07\x1b[2Jgone")])
    assert "[bold]x[/bold] gone" in output
    assert "\x1b]52" not in output
    assert "\x1b[2J" not in output


def test_a_step_is_called_by_its_workstream_and_a_single_job_by_its_id() -> None:
    assert label(Job(job_id="x-1", run_id="r", ws_id="clock", step_name="edit")) == "clock/edit"
    assert label(Job(job_id="x-1", run_id="r", ws_id="main", step_name="shell")) == "x-1"
    escalated = Job(job_id="x-1", run_id="r", ws_id="main", step_name="aider", tool="claude")
    assert label(escalated) == "x-1"


class Drawn:
    """Counts how often it shows rows, as a terminal does."""

    rest_s = LIVE_REST_S

    def __init__(self) -> None:
        self.shown: list[Sequence[Row]] = []

    def show(self, rows: Sequence[Row], now: float) -> None:  # noqa: ARG002 - as the others have it
        self.shown.append(rows)

    def close(self) -> None:
        pass


def test_a_terminal_changes_ten_times_a_second_and_shows_the_end_however_many_jobs_end(
    tmp_path: Path,
) -> None:
    session, drawn, clock = HomeSession(Home.at(tmp_path / "home")), Drawn(), [100.0]
    watcher = Watcher(session, drawn, monotonic=lambda: clock[0])
    for number in range(1_000):
        watcher.show([completed(f"job-{number}").job])
        clock[0] += 0.001
    assert 9 <= len(drawn.shown) <= 11
    watcher.show_end([completed("last").job])
    session.close()
    assert [row.job.job_id for row in drawn.shown[-1]] == ["last"]


@pytest.mark.parametrize(("rest_s", "least", "most"), [(LIVE_REST_S, 9, 11), (0.0, 300, 300)])
def test_the_lines_of_an_engine_are_written_ten_times_a_second_on_a_terminal_and_at_once_elsewhere(
    rest_s: float, least: int, most: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session, clock, writes = HomeSession(Home.at(tmp_path / "home")), [100.0], 0
    lines = EventLines(session.reader, rest_s=rest_s, monotonic=lambda: clock[0])
    printed = ""
    for number in range(300):
        session.store.record_event("note", {"text": f"line {number}."})
        lines.print_new()
        more = capsys.readouterr().out
        printed, writes = printed + more, writes + bool(more)
        clock[0] += 0.0033
    lines.print_rest()
    session.close()
    printed += capsys.readouterr().out
    assert least <= writes <= most
    assert [line.split(" ", 1)[1] for line in printed.splitlines()] == [
        f"line {number}." for number in range(300)
    ]
