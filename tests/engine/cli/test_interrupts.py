"""Ctrl-C and SIGTERM end a command without a word at any moment, also while it still imports what it needs."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.command_line import CommandLine, python

_SIGNAL_AT_IMPORT = """
import signal, sys
def look(name, values):
    if name == "import" and values[0] == {module!r}:
        signal.raise_signal(signal.{number})
sys.addaudithook(look)
sys.argv[1:] = {words!r}
from engine.cli import main
main()
"""


def ended_at(module: str, *words: str, number: str = "SIGINT") -> tuple[int, str]:
    """The code and the messages of a command that gets a signal when it begins to import this module."""
    code = _SIGNAL_AT_IMPORT.format(module=module, number=number, words=list(words))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.fixture
def home(tmp_path: Path) -> str:
    signalbox = CommandLine(tmp_path)
    signalbox("submit", signalbox.file("one.json", python("print(1)", "one")))
    return str(signalbox.home.root)


def test_ctrl_c_while_a_command_is_imported_ends_it_without_a_traceback(home: str) -> None:
    for module in (
        "engine.cli.root",
        "typer",
        "engine.cli.command_list",
        "engine.cli.ages",
        "state.rows",
    ):
        assert ended_at(module, "status", "--home", home) == (130, ""), module
    assert ended_at("engine.cli.forecast_lines", "status", "--json", "--home", home) == (130, "")
    assert ended_at("sqlalchemy", "trust", "show", "one", "--home", home) == (130, "")


def test_sigterm_while_a_command_is_imported_ends_it_without_a_traceback(home: str) -> None:
    assert ended_at("typer", "status", "--home", home, number="SIGTERM") == (-signal.SIGTERM, "")
    assert ended_at("state.rows", "status", "--home", home, number="SIGTERM") == (-signal.SIGTERM, "")


def test_what_ignores_ctrl_c_goes_on_ignoring_it(home: str) -> None:
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    code = ignoring + _SIGNAL_AT_IMPORT.format(
        module="typer", number="SIGINT", words=["jobs", "--home", home]
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, "one" in done.stdout) == (0, True)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["status", "--help"], ["no-such-command"]])
def test_output_that_nobody_reads_is_no_error_of_a_command_that_ends_early(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        argv = [sys.executable, "-m", "engine", *words]
        done = subprocess.run(argv, stdout=nobody, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == (2 if words == ["no-such-command"] else 0)
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr
