"""The named fault points."""

import subprocess
import sys
from pathlib import Path

from tests.helpers.patience import PATIENCE_S

PROGRAM = """
from engine.system.fault_injection import InjectedFaultError, fault, mutant
try:
    for _ in range(200):
        fault("here")
    fault("there")
except InjectedFaultError as error:
    print("raised", error)
print(mutant("no_lock_wait"), mutant("no_result"))
"""


def run(**environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(
        command, env=environ, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )


def test_nothing_happens_unless_the_environment_asks() -> None:
    assert run().stdout == "False False\n"


def test_a_named_point_kills_and_is_written_down(tmp_path: Path) -> None:
    log = tmp_path / "kills"
    assert run(SIGNALBOX_FAULT="other,there", SIGNALBOX_FAULT_LOG=str(log)).returncode == -9
    assert log.read_text() == "there\n"


def test_a_probability_of_zero_never_kills_and_a_small_one_does_in_the_end() -> None:
    assert run(SIGNALBOX_FAULT="here:0").returncode == 0
    assert run(SIGNALBOX_FAULT="*:0.2").returncode == -9


def test_a_point_can_raise_instead() -> None:
    assert run(SIGNALBOX_FAULT="raise:there").stdout == "raised there\nFalse False\n"


def test_mutants_are_switched_by_name() -> None:
    assert run(SIGNALBOX_MUTANT="no_result,no_lock_wait").stdout == "True True\n"
