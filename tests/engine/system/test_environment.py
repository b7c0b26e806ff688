"""A12: a variable of ours with a value that is not valid is a sentence that names it, whatever the command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import BadVariableError
from engine.system.environment import check_variables
from tests.helpers.patience import PATIENCE_S

BAD = [
    ("SIGNALBOX_CLOCK", value)
    for value in ("abc", "1e999", "nan", "-inf", "1e300", "+1 h", "0x10", "-9999999999999", "1 hour", " ")
] + [
    ("SIGNALBOX_FAULT", "before_spawn:often"),
    ("SIGNALBOX_FAULT", "before_spawn:2"),
    ("SIGNALBOX_FAULT", "delay:before_lock"),
    ("SIGNALBOX_MUTANT", "no_such_switch"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a12_a_value_that_is_not_valid_is_named_with_what_is(name: str, value: str) -> None:
    with pytest.raises(BadVariableError, match=name) as caught:
        check_variables({name: value})
    assert repr(value) in str(caught.value)
    assert "it must be" in str(caught.value)


@pytest.mark.parametrize("value", ["", "0", "+3600", "-60", "1e3", "0.5"])
def test_a12_valid_values_pass(value: str) -> None:
    check_variables({"SIGNALBOX_CLOCK": value, "SIGNALBOX_FAULT": "*:0.02,raise:here,delay:there:0.1"})


@pytest.mark.parametrize("words", [["status"], ["engine", "--until-idle"], ["doctor"]])
def test_a12_every_command_says_so_and_ends_with_the_code_of_bad_use(
    tmp_path: Path, words: list[str]
) -> None:
    command = [sys.executable, "-m", "engine", *words, "--home", str(tmp_path / "home")]
    environ = {**os.environ, "SIGNALBOX_CLOCK": "abc"}
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )
    assert done.returncode == 2
    assert "SIGNALBOX_CLOCK is 'abc'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()
