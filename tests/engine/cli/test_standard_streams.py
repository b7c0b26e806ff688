"""Whatever becomes of the standard streams, a command does its work, and its exit code says what it has done."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from engine.cli.root import app
from engine.types import JobResult
from state.records import JobStatus
from tests.engine.review.conftest import TwoCommits
from tests.helpers.command_line import CommandLine, python
from tests.helpers.finished_work import FinishedWork
from tests.helpers.long_forms import in_turn, some
from tests.helpers.patience import PATIENCE_S

EMOJI = "build-\N{ROCKET}"
LOST = 74

READING = {
    "status": ["status"],
    "jobs": ["jobs"],
    "show": ["show", "done"],
    "logs": ["logs"],
    "limits": ["limits"],
    "ladders": ["ladders"],
    "settings": ["settings"],
    "tools": ["tools"],
    "trust": ["trust", "list"],
    "backup": ["backup", "--list"],
    "prune": ["prune", "--older-than", "8w"],
    "doctor": ["doctor", "--strict"],
    "validate": ["validate", "new.json"],
    "export": ["export", "RUN", "--json"],
    "review": ["review"],
    "merge": ["merge"],
    "conflicts": ["conflicts"],
    "worktrees": ["worktrees", "list"],
    "snapshot": ["snapshot", "list", "cart"],
    "diff": ["diff", "cart"],
    "compare": ["compare", "done"],
    "new": ["new"],
    "schedules": ["schedules"],
    "support-bundle": ["support-bundle", "--list"],
    "help": ["--help"],
    "version": ["--version"],
}
"""One form of each command that changes nothing: its output is all there is to it."""
AS_JSON = {"status", "jobs", "show", "logs", "limits", "ladders", "settings", "tools", "trust", "backup",
           "prune", "doctor", "validate", "export", "review", "merge", "conflicts", "worktrees", "snapshot",
           "diff", "compare", "schedules"}  # fmt: skip
CHANGING = {
    "run": ["run", "--trust", "new.json"],
    "submit": ["submit", "--trust", "new.json"],
    "engine": ["engine", "--until-idle"],
    "cancel": ["cancel", "held"],
    "wait": ["wait", "done"],
    "retry": ["retry", "failed"],
    "follow-up": ["follow-up", "worded", "Go on."],
    "hold": ["hold", "queued"],
    "release": ["release", "held"],
    "skip": ["skip", "failed"],
    "priority": ["priority", "queued", "--to", "high"],
    "note": ["note", "queued", "Ask Anna."],
    "label": ["label", "queued", "--add", "flaky"],
    "move": ["move", "queued", "--bottom"],
    "edit": ["edit", "queued", "--file", "edited.json"],
    "pause": ["pause"],
    "resume": ["resume"],
    "drain": ["drain"],
    "limits": ["limits", "set", "global", "3"],
    "ladders": ["ladders", "set", "codex", "claude"],
    "settings": ["settings", "set", "keep_history_days", "9"],
    "tools": ["tools", "set", "claude", "model", "opus"],
    "trust": ["trust", "grant", "new.json"],
    "backup": ["backup"],
    "export": ["export", "RUN", "exported"],
    "review": ["review", "discard", "cart"],
}
ELSEWHERE = {"import", "demo"}
"""The one needs the export of another home, see its own test; the other is `submit` and `run`, but takes long."""

# How the streams are when a command starts: redirections of a shell, around the command as "$@".
STREAMS = {
    "output closed": '"$@" >&-',
    "output full": '"$@" >/dev/full',
    "reader gone": '"$@" | true',
    "messages closed": '"$@" 2>&- | cat',
    "messages full": '"$@" 2>/dev/full | cat',
    "both full": '"$@" >/dev/full 2>&1',
    "all closed": '"$@" <&- >&- 2>&-',
    "input closed": '"$@" <&- | cat',
    "ASCII alone": 'LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 "$@" | cat',
    "Latin-1 alone": 'PYTHONIOENCODING=latin-1 "$@" | cat',
}
EVERY = ("output full", "all closed")
"""With every command, one of them in turn and in the long form both; the others with a few, as all commands come
through one entrance."""


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a job in each state that a command needs; made before `user_folders` hides what is the user's."""
    folder = tmp_path_factory.mktemp("furnished")
    with pytest.MonkeyPatch.context() as environment:
        for name in (
            "HOME",
            "XDG_DATA_HOME",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
            "SIGNALBOX_HOME",
        ):
            environment.setenv(name, str(tmp_path_factory.mktemp("user")))
        _furnish(CommandLine(folder))
    return folder


def _furnish(line: CommandLine) -> None:
    commits = TwoCommits(line.folder / "repo")
    base, head = commits.commit({"cart.py": "total = 0\n"}), commits.commit({"cart.py": "total = 1\n"})
    with line.store() as store:
        FinishedWork(store, repo=str(commits.root), base=base).done(head)
    for name in ("done", "failed", "queued"):
        submitted = {"tool": "shell", **python("print(1)", name), "metadata": {"title": EMOJI}}
        line("submit", line.file(f"{name}.json", submitted))
    line("submit", "--hold", line.file("held.json", python("1", "held")))
    line(
        "submit", "--hold", line.file("worded.json", {"job_id": "worded", "tool": "claude", "prompt": "Go."})
    )
    line.file("new.json", python(f"print({EMOJI!r})", "new"))
    line.file("edited.json", python("print(2)", "queued"))
    with line.store() as store:
        for name, code in (("done", 1), ("done", 0), ("failed", 1)):
            store.mark_job_running(name)
            store.update_job_result(
                {"job_id": name}, JobResult(exit_code=code, success=not code, stdout=EMOJI)
            )


@pytest.fixture
def signalbox(furnished: Path, tmp_path: Path) -> CommandLine:
    shutil.copytree(furnished, tmp_path / "it")
    (tmp_path / "it" / "home" / "identity.json").unlink(missing_ok=True)
    return CommandLine(tmp_path / "it")


def ended(line: CommandLine, words: list[str], streams: str) -> subprocess.CompletedProcess[bytes]:
    """The command after it has ended, with its streams as in `STREAMS`."""
    run_id = line.job("done").run_id
    argv = [sys.executable, "-m", "engine", *(run_id if word == "RUN" else word for word in words)]
    home = (
        []
        if words[0].startswith("--") or words[0] == "validate" or words[:2] == ["trust", "list"]
        else ["--home", str(line.home.root)]
    )
    shell = ["bash", "-c", f"set -o pipefail; {STREAMS[streams]}", "bash", *argv, *home]
    return subprocess.run(
        shell, cwd=line.folder, capture_output=True, timeout=PATIENCE_S, check=False,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip


def refuse_noise(done: subprocess.CompletedProcess[bytes]) -> None:
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert b"Exception ignored" not in done.stderr, done.stderr.decode()


def test_every_command_is_among_these() -> None:
    """A command that is added is tested with all streams too."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    assert set(group.commands) == ({*READING, *CHANGING} - {"help", "version"}) | ELSEWHERE


@pytest.mark.parametrize(
    ("name", "streams"),
    [*in_turn(READING, EVERY), *((name, "reader gone") for name in ("status", "jobs", "logs", "help"))],
)
def test_a10_a_command_that_reads_ends_quietly_or_says_that_its_output_is_lost(
    furnished: Path, name: str, streams: str
) -> None:
    done = ended(CommandLine(furnished), READING[name], streams)
    refuse_noise(done)
    if streams == "output full":
        assert done.returncode == LOST
        assert done.stderr.count(b"Standard output could not be written: No space left on device.") == 1
    else:
        assert (done.returncode, done.stderr.count(b"Standard output")) == (0, 0), done


@pytest.mark.parametrize("name", some(sorted(AS_JSON), short=("status", "logs", "export", "review", "diff")))
def test_a10_json_is_whole_in_every_encoding(furnished: Path, name: str) -> None:
    done = ended(CommandLine(furnished), [*READING[name], "--json"], "ASCII alone")
    assert done.returncode == 0, done
    for line in done.stdout.splitlines() if name == "logs" else [done.stdout]:
        json.loads(line)


@pytest.mark.parametrize(("name", "streams"), in_turn(CHANGING, EVERY))
def test_a10_a_command_that_has_done_its_work_says_so_by_its_exit_code(
    signalbox: CommandLine, name: str, streams: str
) -> None:
    if name == "resume":
        signalbox("pause")
    done = ended(signalbox, CHANGING[name], streams)
    refuse_noise(done)
    assert done.returncode == 0, done
    assert done.stderr.count(b"Standard output could not be written") == (streams == "output full")


@pytest.mark.parametrize("streams", STREAMS)
def test_a10_a_job_that_was_queued_is_never_reported_as_failed(signalbox: CommandLine, streams: str) -> None:
    done = ended(signalbox, ["submit", "--trust", "new.json", "--json"], streams)
    refuse_noise(done)
    assert (done.returncode, signalbox.job("new").status) == (0, JobStatus.QUEUED)


@pytest.mark.parametrize("streams", [*EVERY, "reader gone"])
def test_a10_a_run_goes_on_to_the_end_of_its_jobs_whoever_reads(signalbox: CommandLine, streams: str) -> None:
    done = ended(signalbox, ["run", "--trust", "new.json"], streams)
    refuse_noise(done)
    assert (done.returncode, signalbox.job("new").status) == (0, JobStatus.COMPLETED)


@pytest.mark.parametrize("streams", ["messages closed", "messages full", "both full", "all closed"])
def test_a10_a_refusal_keeps_its_exit_code(furnished: Path, streams: str) -> None:
    done = ended(CommandLine(furnished), ["cancel", "nobody"], streams)
    refuse_noise(done)
    assert done.returncode == 2


@pytest.mark.parametrize("streams", ["output full", "all closed"])
def test_a10_an_import_is_done_whoever_reads(signalbox: CommandLine, tmp_path: Path, streams: str) -> None:
    signalbox("export", signalbox.job("done").run_id, tmp_path / "exported")
    other = CommandLine(tmp_path / "other")
    shell = ["bash", "-c", STREAMS[streams], "bash", sys.executable, "-m", "engine"]
    done = subprocess.run(
        [*shell, "import", str(tmp_path / "exported"), "--home", str(other.home.root)],
        capture_output=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    refuse_noise(done)
    assert (done.returncode, other.job("done").status) == (0, JobStatus.COMPLETED)


def test_a10_following_the_log_ends_when_its_reader_is_gone(signalbox: CommandLine) -> None:
    read, write = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "engine", "logs", "-f", "--home", str(signalbox.home.root)],
        stdout=write, stderr=subprocess.PIPE,
    ) as following:  # fmt: skip
        os.close(write)
        assert os.read(read, 100)
        os.close(read)
        _, messages = following.communicate(timeout=PATIENCE_S)
    assert (following.returncode, messages) == (0, b"")


@pytest.mark.parametrize("streams", ["both full", "all closed", "ASCII alone"])
def test_a10_the_window_keeps_its_exit_code_whatever_its_streams(furnished: Path, streams: str) -> None:
    argv = [sys.executable, "-m", "gui", "--home", "/dev/null/no-folder"]
    more = ["--screenshot", "picture.png"]
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {STREAMS[streams]}", "bash", *argv, *more],
        capture_output=True, timeout=PATIENCE_S, check=False, cwd=furnished,
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    refuse_noise(done)
    assert done.returncode == 2, done


def test_a10_a_slow_reader_of_a_non_blocking_pipe_gets_everything() -> None:
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(write, False)
    printing = "from engine.system.standard_streams import make_safe; make_safe(); print('x' * 300_000)"
    with subprocess.Popen([sys.executable, "-c", printing], stdout=write) as writer:
        os.close(write)
        with open(read, "rb") as pipe:  # noqa: PTH123 - a descriptor
            assert len(pipe.read()) == 300_001
    assert writer.returncode == 0
