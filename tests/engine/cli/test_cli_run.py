"""Running jobs from the command line: to the end, interrupted, as an engine without a window, and the demo."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.home_session import opened
from engine.cli.log_commands import Log
from state.records import HoldCause, JobStatus
from tests.helpers.command_line import CommandLine, python, until
from tests.helpers.patience import PATIENCE_S

FOR_EVER = "import time; print('here', flush=True); time.sleep(600)"
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); print('here', flush=True); time.sleep(600)"


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def pipeline(*codes: str) -> dict[str, object]:
    steps = [python(code, name=f"step{number}") for number, code in enumerate(codes, 1)]
    return {"title": "A line", "workstreams": [{"id": "line", "steps": steps}]}


def runs(signalbox: CommandLine, job_id: str) -> None:
    """Wait until the job runs and has printed something."""
    signalbox.await_job(job_id, lambda job: job.status is JobStatus.RUNNING)
    until(lambda: any(file.stat().st_size for file in signalbox.home.attempts.glob("*/stdout")) or None)


# --- run -----------------------------------------------------------------------------------------------------------


def test_run_takes_a_pipeline_to_its_end(signalbox: CommandLine) -> None:
    result = signalbox("run", signalbox.file("p.json", pipeline("print('one')", "print('two')")))
    lines = result.out.splitlines()
    assert lines[0] == "line/step1: running with shell, attempt 1 of 1"
    assert [line.split(":")[0] for line in lines if "completed after" in line] == ["line/step1", "line/step2"]
    assert lines[-1].startswith("2 jobs completed in ")
    jobs = signalbox("jobs", "--json").json
    assert [(job["status"], job["exit_code"], job["attempts"]) for job in jobs] == [("completed", 0, 1)] * 2
    signalbox("doctor", "--strict")


def test_run_exits_with_1_when_a_job_failed_and_prints_its_output_and_what_it_blocks(
    signalbox: CommandLine,
) -> None:
    bad = "import sys; print('no such luck', file=sys.stderr); sys.exit(3)"
    result = signalbox("run", signalbox.file("p.json", pipeline("1", bad, "2")), code=1)
    jobs = signalbox("jobs", "--json").json
    assert [(job["status"], job["state"]) for job in jobs] == [
        ("completed", "completed"), ("failed", "failed"), ("queued", "blocked"),
    ]  # fmt: skip
    assert jobs[1]["exit_code"] == 3
    assert "1 of 3 jobs completed" in result.out
    assert "    no such luck" in result.err.splitlines()
    assert f"signalbox logs {jobs[1]['job_id']}" in result.err
    assert f"{jobs[2]['job_id']} is blocked: Blocked by step2, which failed" in result.err
    signalbox("doctor", "--strict")


def test_run_prints_its_jobs_as_json_and_nothing_else(signalbox: CommandLine) -> None:
    result = signalbox("run", "--json", signalbox.file("a.json", python("print(1)", "a")))
    assert [(job["job_id"], job["status"]) for job in result.json] == [("a", "completed")]


def test_run_retries_as_the_file_says(signalbox: CommandLine) -> None:
    mark = signalbox.folder / "tried"
    code = (
        "import pathlib, sys\n"
        f"mark = pathlib.Path({str(mark)!r}); done = mark.exists(); mark.touch(); sys.exit(not done)"
    )
    retry = {"retry": {"limit": 1, "interval_sec": 0.1}}
    result = signalbox("run", signalbox.file("a.json", python(code, "a", metadata=retry)))
    assert "a: running with shell, attempt 2 of 2" in result.out
    assert signalbox.job("a").attempts == 2


def test_run_leaves_other_jobs_of_the_queue_alone_but_not_those_it_waits_for(signalbox: CommandLine) -> None:
    for name in ("other", "first"):
        signalbox("submit", signalbox.file(f"{name}.json", python("print(1)", name)))
    signalbox("run", signalbox.file("a.json", python("print(1)", "a", metadata={"depends_on": ["first"]})))
    assert {name: signalbox.job(name).status.value for name in ("first", "a", "other")} == {
        "first": "completed",
        "a": "completed",
        "other": "queued",
    }


def test_run_does_not_wait_for_a_job_that_is_not_there_or_is_held(signalbox: CommandLine) -> None:
    signalbox("submit", "--hold", signalbox.file("held.json", python("1", "held")))
    for parent, entries in {"nobody": "has not arrived", "held": "which is held"}.items():
        name = f"after-{parent}"
        result = signalbox(
            "run", signalbox.file("a.json", python("1", name, metadata={"depends_on": [parent]})), code=1
        )
        assert entries in result.err


def test_run_shares_the_home_with_an_engine_that_runs(signalbox: CommandLine) -> None:
    with signalbox.process("engine") as host:
        until(lambda: signalbox("status", "--json").json["engines"] or None)
        files = [signalbox.file(f"{name}.json", python("print(1)", name)) for name in "abcdef"]
        signalbox("run", *files)
        host.send_signal(signal.SIGTERM)
        assert host.wait(PATIENCE_S) == 0
    assert [signalbox.job(name).attempts for name in "abcdef"] == [1] * 6
    signalbox("doctor", "--strict")


@pytest.mark.parametrize(
    ("number", "statuses"),
    [
        (signal.SIGINT, [JobStatus.CANCELLED, JobStatus.CANCELLED]),
        (signal.SIGTERM, [JobStatus.HELD, JobStatus.QUEUED]),
        (signal.SIGHUP, [JobStatus.HELD, JobStatus.QUEUED]),
    ],
)
def test_an_interrupted_run_stops_its_jobs_waits_for_them_and_ends_with_130(
    signalbox: CommandLine, number: signal.Signals, statuses: list[JobStatus]
) -> None:
    files = [
        signalbox.file("a.json", python(FOR_EVER, "a")),
        signalbox.file("b.json", python("1", "b", metadata={"depends_on": ["a"]})),
    ]
    with signalbox.process("run", *files) as started:
        runs(signalbox, "a")
        started.send_signal(number)
        out, _ = started.communicate(timeout=PATIENCE_S)
    assert started.returncode == 130
    assert [signalbox.job(name).status for name in "ab"] == statuses
    assert "0 of 2 jobs completed" in out
    signalbox("doctor", "--strict")


def test_a_second_interrupt_leaves_at_once_and_the_next_engine_takes_the_jobs_over(
    signalbox: CommandLine,
) -> None:
    with signalbox.process("run", signalbox.file("a.json", python(DEAF, "a"))) as started:
        runs(signalbox, "a")
        started.send_signal(signal.SIGINT)
        signalbox.await_job("a", lambda job: job.cancel_requested_at is not None)
        until(lambda: _sent_again(started))
    assert started.returncode == 130
    assert signalbox.job("a").status is JobStatus.RUNNING
    with signalbox.process("engine", "--until-idle") as host:
        assert host.wait(PATIENCE_S) == 0
    assert signalbox.job("a").status is JobStatus.CANCELLED
    signalbox("doctor", "--strict")


def _sent_again(started: "subprocess.Popen[str]") -> bool | None:
    """Interrupt again; signals that follow each other very closely count as one."""
    started.send_signal(signal.SIGINT)
    try:
        started.wait(0.2)
    except subprocess.TimeoutExpired:
        return None
    return True


# --- engine --------------------------------------------------------------------------------------------------------


def test_an_engine_runs_the_queue_until_it_is_idle_and_prints_a_line_for_each_event(
    signalbox: CommandLine,
) -> None:
    signalbox(
        "submit",
        signalbox.file("a.json", python("print(1)", "a")),
        signalbox.file("b.json", python("exit(2)", "b")),
    )
    result = signalbox("engine", "--until-idle")
    assert signalbox.job("a").status is JobStatus.COMPLETED
    assert signalbox.job("b").status is JobStatus.FAILED
    entries = [line.split(" ", 1)[1] for line in result.out.splitlines()]
    assert any(line.startswith("a completed.") for line in entries)
    assert any(line.startswith("b failed") for line in entries)
    assert entries[-1] == "The engine stopped."


@pytest.mark.parametrize(
    ("number", "times"),
    [(signal.SIGINT, 1), (signal.SIGTERM, 1), (signal.SIGTERM, 5), (signal.SIGHUP, 2)],
)
def test_an_engine_that_gets_a_signal_stops_its_jobs_and_keeps_the_queue(
    signalbox: CommandLine, number: signal.Signals, times: int
) -> None:
    signalbox("submit", signalbox.file("a.json", python(FOR_EVER, "a")))
    signalbox("submit", signalbox.file("b.json", python("1", "b", metadata={"depends_on": ["a"]})))
    with signalbox.process("engine") as host:
        runs(signalbox, "a")
        for _ in range(times):
            host.send_signal(number)
        assert host.wait(PATIENCE_S) == 0
    assert signalbox.job("a").hold_cause is HoldCause.INTERRUPTED
    assert signalbox.job("b").status is JobStatus.QUEUED
    assert signalbox("status", "--json").json["engines"] == []
    signalbox("doctor", "--strict")


def test_a_job_cancelled_from_another_process_is_stopped_by_its_engine(signalbox: CommandLine) -> None:
    signalbox("submit", signalbox.file("a.json", python(FOR_EVER, "a")))
    with signalbox.process("engine", "--until-idle") as host:
        runs(signalbox, "a")
        assert signalbox("cancel", "a").out.strip() == "a is stopping."
        assert host.wait(PATIENCE_S) == 0
    assert signalbox.job("a").status is JobStatus.CANCELLED


def test_drain_waits_for_what_runs_and_nothing_more_starts(signalbox: CommandLine) -> None:
    mark = signalbox.folder / "go on"
    code = (
        "import pathlib, time\nprint('here', flush=True)\n"
        f"while not pathlib.Path({str(mark)!r}).exists(): time.sleep(0.02)"
    )
    signalbox("submit", signalbox.file("a.json", python(code, "a")))
    with signalbox.process("engine") as host:
        runs(signalbox, "a")
        with signalbox.process("drain") as drain:
            until(lambda: signalbox("status", "--json").json["holds"] or None)
            signalbox("submit", signalbox.file("b.json", python("1", "b")))
            mark.touch()
            out, _ = drain.communicate(timeout=PATIENCE_S)
        host.send_signal(signal.SIGTERM)
        assert host.wait(PATIENCE_S) == 0
    assert out.splitlines() == [
        "Waiting for a to end.",
        "Nothing is running; nothing starts until `signalbox resume`.",
    ]
    assert (signalbox.job("a").status, signalbox.job("b").status) == (JobStatus.COMPLETED, JobStatus.QUEUED)


def test_drain_reports_that_jobs_start_again_when_the_queue_is_resumed(signalbox: CommandLine) -> None:
    signalbox(
        "submit",
        signalbox.file("a.json", python("import time; print('here', flush=True); time.sleep(60)", "a")),
    )
    with signalbox.process("engine") as host:
        runs(signalbox, "a")
        with signalbox.process("drain") as drain:
            until(lambda: signalbox("status", "--json").json["holds"] or None)
            signalbox("resume")
            _, err = drain.communicate(timeout=PATIENCE_S)
        host.send_signal(signal.SIGTERM)
        assert host.wait(PATIENCE_S) == 0
    assert (drain.returncode, err) == (2, "The queue was resumed meanwhile; waiting jobs start again.\n")


# --- logs of what runs ---------------------------------------------------------------------------------------------


def test_logs_show_what_a_job_printed_in_order_with_its_streams(signalbox: CommandLine) -> None:
    code = (
        "import sys, time\nfor n in range(3):\n"
        " for name, stream in (('out', sys.stdout), ('err', sys.stderr)):\n"
        "  print(name, n, file=stream, flush=True); time.sleep(.05)"
    )
    signalbox("run", signalbox.file("a.json", python(code, "a")))
    entries = [json.loads(line) for line in signalbox("logs", "a", "--json").out.splitlines()]
    printed = [(entry["stream"], entry["text"]) for entry in entries if entry["event_type"] == "output"]
    assert [text for _, text in printed] == [f"{name} {n}" for n in range(3) for name in ("out", "err")]
    assert {stream for stream, text in printed if text.startswith("err")} == {"stderr"}
    kinds = [entry["event_type"] for entry in entries]
    assert kinds.index("job.running") < kinds.index("output") < kinds.index("job.completed")
    loud = [json.loads(line) for line in signalbox("logs", "a", "--errors", "--json").out.splitlines()]
    assert [entry["text"] for entry in loud] == ["err 0", "err 1", "err 2"]


def test_logs_that_follow_a_job_print_everything_once_and_end_with_it(signalbox: CommandLine) -> None:
    code = "import time\nfor n in range(20):\n print('line', n, flush=True); time.sleep(.05)\nprint('end', end='')"
    signalbox("submit", signalbox.file("a.json", python(code, "a")))
    with signalbox.process("logs", "-f", "a", "--json") as follower:
        signalbox("engine", "--until-idle")
        out, _ = follower.communicate(timeout=PATIENCE_S)
    assert follower.returncode == 0
    entries = [json.loads(line) for line in out.splitlines()]
    printed = [entry["text"] for entry in entries if entry["event_type"] == "output"]
    assert printed == [*(f"line {n}" for n in range(20)), "end"]
    assert [entry["event_type"] for entry in entries if entry["event_type"] != "output"] == [
        "job.queued",
        "job.running",
        "job.completed",
    ]


def test_what_a_job_prints_that_ends_while_its_log_is_opened_is_printed_once(signalbox: CommandLine) -> None:
    signalbox("submit", signalbox.file("a.json", python("print('here')", "a")))
    with opened(signalbox.home.root) as session:
        log = Log(session, frozenset({"a"}), errors=False)
        signalbox("engine", "--until-idle")
        entries = [*log.so_far(100), *log.new(), *log.rest()]
    assert [entry.text for entry in entries if entry.event_type == "output"] == ["here"]
    assert [entry.event_type for entry in entries if entry.event_type != "output"] == [
        "job.queued",
        "job.running",
        "job.completed",
    ]


def test_of_a_long_output_the_last_lines_are_shown(signalbox: CommandLine) -> None:
    signalbox("run", signalbox.file("a.json", python("for n in range(50_000): print('line', n)", "a")))
    lines = signalbox("logs", "a", "-n", "4").out.splitlines()
    assert [line.rpartition("| ")[2] for line in lines[:3]] == ["line 49997", "line 49998", "line 49999"]
    assert "a completed" in lines[3]


def test_the_last_lines_are_whole_and_without_a_gap_when_each_came_in_pieces(signalbox: CommandLine) -> None:
    code = (
        "import os, time\nfor n in range(40):\n"
        " for part in (b'line', b' ', b'%d' % n, b'\\n'): os.write(1, part); time.sleep(.005)\n"
        "os.write(2, b'oh no\\n')\n"
        "for n in range(40):\n os.write(1, b'more\\n'); time.sleep(.005)"
    )
    signalbox("run", signalbox.file("a.json", python(code, "a")))
    entries = [json.loads(line) for line in signalbox("logs", "a", "-n", "60", "--json").out.splitlines()]
    printed = [entry["text"] for entry in entries if entry.get("stream") == "stdout"]
    assert len(entries) == 60
    assert len(printed) == 58, "beside the line on stderr and the event of the end"
    assert printed == [*(f"line {n}" for n in range(22, 40)), *["more"] * 40]
    loud = signalbox("logs", "a", "-n", "3", "--errors").out
    assert loud.endswith("! oh no\n")


def test_show_ends_with_the_last_lines_of_the_output(signalbox: CommandLine) -> None:
    signalbox("run", signalbox.file("a.json", python("for n in range(50): print('line', n)", "a")))
    assert signalbox("show", "a").out.splitlines()[-10:] == [f"line {n}" for n in range(40, 50)]


# --- the demo ------------------------------------------------------------------------------------------------------


def test_the_demo_is_refused_in_a_home_with_work_of_the_user(signalbox: CommandLine) -> None:
    signalbox("run", signalbox.file("a.json", python("print('mine')", "a")))
    refused = signalbox.result_of("demo", "--headless", "--pace", "0")
    assert refused.code == 2
    assert "--home" in refused.err
    assert signalbox("settings", "--json").json["tool_paths"]["value"] == {}


def test_the_whole_program_is_there_under_its_own_name() -> None:
    installed = Path(sys.executable).with_name("signalbox")
    result = subprocess.run([installed, "--version"], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("signalbox ")
