"""What the engine does beside jobs: the user's command at each end, and keeping the machine awake meanwhile."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.errors import CommandRefusedError
from engine.host.callback_queue import LOOK_EVERY_S, CallbackQueue
from engine.host.commands import AddJobs, CancelJobs
from engine.host.engine_service import EngineService
from engine.host.host_commands import ChangeSetting
from engine.host.job_hook import KEPT, MARKER, Callback, CallbackEnd, problem_of, with_values
from engine.host.keep_awake import RETRY_AFTER_S, Awake, command
from engine.interfaces import Accepted, InlinePool
from engine.jobfile.job_file_reader import job_from_mapping
from engine.runners import process_tree
from engine.system.home import Home
from state.callback_queries import callbacks_where
from state.lifecycle import FINAL
from tests.helpers.command_line import python, until
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
NOTE = "import sys; open(sys.argv[1], 'a').write('|'.join(sys.argv[2:]) + '\\n')"
VALUES = {"job_id": "a", "status": "completed", "title": "A job", "run_id": "r", "tool": "shell"}


def argv(code: str, *words: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", code, *words]


@contextmanager
def engine_at(home: Home) -> Iterator[EngineService]:
    made = EngineService(home)
    try:
        yield made
    finally:
        made.close("stop")


def run_to_end(engine: EngineService, *jobs: dict[str, object], base: Path) -> None:
    specs = [job_from_mapping(job, base=base) for job in jobs]
    engine.carry_out(AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest()) for spec in specs]))

    def over() -> bool | None:
        engine.step()
        engine.wait(0.05)
        found = [engine.store.get_job(spec.job_id) for spec in specs]
        return all(job is not None and job.status in FINAL for job in found) or None

    until(over)


# --- the command at the end of a job ----------------------------------------------------------------------------------


def test_the_command_runs_once_for_each_job_that_ended_with_what_became_of_it(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with engine_at(Home.at(tmp_path / "home")) as engine:
        words = argv(NOTE, str(notes), "{job_id}", "{status}", "{title}")
        engine.carry_out(ChangeSetting(key="callback", value=words))
        good = python("print(1)", "good", metadata={"title": "rm -rf ~; $(id) 'x'"})
        bad = python("raise SystemExit(3)", "bad", metadata={"retry": {"limit": 1, "interval_sec": 0}})
        run_to_end(engine, good, bad, base=tmp_path)

        def both_are_noted() -> bool | None:
            engine.step()
            engine.wait(0.05)
            return (notes.exists() and len(notes.read_text().splitlines()) == 2) or None

        until(both_are_noted)
    assert sorted(notes.read_text().splitlines()) == ["bad|failed|bad", "good|completed|rm -rf ~; $(id) 'x'"]


def test_only_whole_arguments_are_replaced() -> None:
    assert with_values(["note", "{job_id}", "{status}", "done"], VALUES) == ["note", "a", "completed", "done"]
    assert with_values(["note", "{title}"], {**VALUES, "title": "a\0b {job_id}"}) == ["note", "ab {job_id}"]
    assert "an argument of its own" in problem_of([sys.executable, "--job={job_id}"])


@pytest.mark.parametrize("wrong", ["notify-send done", [1], [""], {"argv": []}, ["no-such-program-anywhere"]])
def test_a_command_that_cannot_be_run_is_refused_when_it_is_set(tmp_path: Path, wrong: object) -> None:
    with engine_at(Home.at(tmp_path / "home")) as engine:
        with pytest.raises(CommandRefusedError):
            engine.carry_out(ChangeSetting(key="callback", value=wrong))
        assert engine.store.settings().callback is None
        engine.carry_out(ChangeSetting(key="callback", value=None))


def test_a_command_that_fails_or_hangs_is_reported_and_killed_and_delays_nobody() -> None:
    words: list[str] = argv("raise SystemExit(7)")
    callback = Callback(lambda: words, timeout_s=0.3)
    callback.run(VALUES)
    until(lambda: callback.problem)
    assert callback.problem is not None
    assert callback.problem.sentence.startswith("The command at the end of a failed: ")
    assert callback.problem.sentence.endswith("ended with exit code 7.")
    assert not callback.problem.stops
    words[:] = argv("import time; time.sleep(600)")
    callback.run(VALUES)
    until(lambda: (callback.problem is not None and "longer than 0.3 s" in callback.problem.sentence) or None)
    words[:] = argv("pass")
    callback.run(VALUES)
    until(lambda: callback.problem is None or None)
    callback.close()


PRINTS_MUCH = """
import os, time
written = 0
while os.fstat(1).st_size >= written:
    written += os.write(1, b"x" * 2**20)
    time.sleep(0.02)
print("at last")
"""


def test_a9_what_a_command_prints_without_end_takes_hardly_any_room_on_the_disk() -> None:
    ends: list[CallbackEnd] = []
    callback = Callback(lambda: argv(PRINTS_MUCH), timeout_s=PATIENCE_S)
    callback.run(VALUES, ends.append)
    until(lambda: ends or None)
    callback.close()
    assert ends[0].exit_code == 0
    assert ends[0].output.endswith("xxxat last\n")
    assert len(ends[0].output) == KEPT


SECRET = "s3cr3t-value-of-a-key"


@pytest.mark.parametrize("behind", [0, 5, KEPT - 5, KEPT, KEPT + 5])
def test_a9_a_secret_in_what_a_command_prints_is_masked_wherever_it_is_cut_off(behind: int) -> None:
    ends: list[CallbackEnd] = []
    callback = Callback(lambda: argv(f"print('x' * 5000 + {SECRET!r} + 'y' * {behind}, end='')"))
    callback.run(VALUES, ends.append, secrets=[SECRET])
    until(lambda: ends or None)
    callback.close()
    assert len(ends[0].output) <= KEPT
    assert not any(SECRET[at : at + 5] in ends[0].output for at in range(len(SECRET) - 4))
    assert ("***" in ends[0].output) == (behind < KEPT)


@pytest.mark.parametrize("name", ["MY_API_KEY", "NAMED_BY_THE_JOB"])
def test_a9_what_is_masked_in_an_attempt_is_masked_in_what_its_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, SECRET)
    shows = (
        "import os, sys, base64; v = os.environ[sys.argv[1]]; print('It is', v, base64.b64encode(v.encode()))"
    )
    with engine_at(Home.at(tmp_path / "home")) as engine:
        engine.carry_out(ChangeSetting(key="callback", value=argv(shows, name)))
        env = {"OWN": f"env:{name}"} if name == "NAMED_BY_THE_JOB" else {}
        run_to_end(engine, python("print(1)", "a", env=env), base=tmp_path)

        def ended() -> str | None:
            engine.step()
            with engine.store.database.write() as connection:
                found = callbacks_where(connection, job_id="a")
            return next((one.output for one in found if one.ended_at), None)

        output = until(ended)
    assert output.startswith("It is *** b'***")


def test_a9_the_processes_of_a_gone_engine_are_looked_for_every_two_seconds_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    look = process_tree.marked

    def counted(mark: str) -> object:
        looks.append(mark)
        return look(mark)

    monkeypatch.setattr(process_tree, "marked", counted)
    with engine_at(Home.at(tmp_path / "home")) as engine:
        engine.carry_out(ChangeSetting(key="callback", value=argv("pass")))
        spec = job_from_mapping(python("pass", "a"), base=tmp_path)
        engine.carry_out(AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest())], held=True))
        engine.carry_out(CancelJobs(job_ids=["a"]))
        claimed = engine.store.callbacks.claim_next("gone")
        assert claimed is not None
        queue = CallbackQueue(engine.store, engine_id="ours", is_alive=lambda _engine: False)
        env = {**os.environ, MARKER: f"{engine.store.home.home_id()}-{claimed.id}"}
        with subprocess.Popen(argv("import time; time.sleep(600)"), env=env) as left:
            begun = time.monotonic()
            for number in range(20):
                engine.store.record_event("note", {"number": number})
                queue.step()
            took = time.monotonic() - begun
            left.kill()
        assert 1 <= len(looks) <= 1 + took / LOOK_EVERY_S


def test_closing_ends_a_command_that_hangs() -> None:
    words = argv("import time; time.sleep(600)")
    callback = Callback(lambda: words)
    callback.run(VALUES)
    callback.run(VALUES)
    callback.close(timeout_s=0.2)
    assert callback.problem is not None


# --- awake ------------------------------------------------------------------------------------------------------------

HOLDS = "import sys, pathlib; pathlib.Path(sys.argv[1]).touch(); sys.stdin.read()"


def test_the_machine_is_held_awake_from_one_call_to_another(tmp_path: Path) -> None:
    awake = Awake(InlinePool(), argv=argv(HOLDS, str(tmp_path / "held")))
    awake.request(awake=True)
    until(lambda: (tmp_path / "held").exists() or None)
    awake.request(awake=True)
    assert awake.is_held
    awake.request(awake=False)
    assert not awake.is_held
    assert awake.problem == ""
    awake.close()


def test_what_holds_it_awake_ends_with_us_however_we_end(tmp_path: Path) -> None:
    code = (
        "import sys, time; from engine.host.keep_awake import Awake; "
        "from engine.interfaces import InlinePool; "
        "a = Awake(InlinePool(), argv=sys.argv[1:]); a.request(awake=True); print(a._child.pid, flush=True); "
        "time.sleep(600)"
    )
    words = [sys.executable, "-c", code, *argv(HOLDS, str(tmp_path / "held"))]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        pid = int(engine.stdout.readline())
        until(lambda: (tmp_path / "held").exists() or None)
        engine.send_signal(signal.SIGKILL)
    until(lambda: not _alive(pid) or None)


def _alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


@pytest.mark.parametrize("words", [argv("raise SystemExit(1)"), ["no-such-program-anywhere"]])
def test_a_failure_to_stay_awake_is_reported_and_retried_after_a_while(words: list[str]) -> None:
    now = [0.0]
    awake = Awake(InlinePool(), argv=words, monotonic=lambda: now[0])

    def fails() -> bool | None:
        awake.request(awake=True)
        return bool(awake.problem) or None

    until(fails)
    awake.request(awake=False)
    awake.request(awake=True)
    assert awake._child is None
    now[0] += RETRY_AFTER_S + 1
    awake.problem = ""
    until(fails)
    awake.close()


def test_the_engine_keeps_the_machine_awake_only_while_jobs_run_and_if_the_settings_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "systemd-inhibit"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho $$ >> {tmp_path}/pids\nexec cat\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setattr("sys.platform", "linux")
    assert command() is not None
    pids = tmp_path / "pids"
    with engine_at(Home.at(tmp_path / "home")) as engine:
        engine.carry_out(ChangeSetting(key="keep_awake", value=False))
        run_to_end(engine, python("print(1)", "a"), base=tmp_path)
        assert not pids.exists()
        engine.carry_out(ChangeSetting(key="keep_awake", value=True))
        run_to_end(engine, python("import time; time.sleep(0.5)", "b"), base=tmp_path)
        until(lambda: pids.exists() or None)
        for _ in range(3):
            engine.step()
        until(lambda: not engine._side_tasks._awake.is_held or None)


def test_a_pool_that_is_slow_starts_no_second_child(tmp_path: Path) -> None:
    with ThreadPoolExecutor(max_workers=2) as pool:
        awake = Awake(pool, argv=argv(HOLDS, str(tmp_path / "held")))
        for _ in range(20):
            awake.request(awake=True)
            awake.request(awake=False)
    awake.close()
    assert not awake.is_held
