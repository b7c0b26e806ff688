"""Only a green check on the candidate itself moves the target; the check ends with its time and with the engine."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

from engine.merging.check_run import MergeStoppedError
from engine.merging.merge_steps import prepare
from engine.runners import process_tree
from state.worktree_records import MergeState
from tests.engine.merging.conftest import Merging, told
from tests.helpers.command_line import until
from tests.helpers.patience import PATIENCE_S

EXISTS = "import os, sys; sys.exit(0 if os.path.exists('work.txt') and not os.path.exists('left') else 3)"


def test_the_check_runs_on_the_candidate_in_a_tree_of_its_own(merging: Merging) -> None:
    merging.check = "import os; print(os.getcwd()); open('left', 'w').close(); open('work.txt')"
    assert told(merging.merged()) == (MergeState.MERGED, "")
    printed = Path(merging.log.read_text().strip())
    assert printed.parent == merging.root / "trees" / ".merge"
    assert not (merging.repo / "left").exists()


def test_a_red_check_moves_nothing_and_says_how_it_failed(merging: Merging) -> None:
    merging.check = "import sys; print('1 failed'); sys.exit(3)"
    step = merging.merged()
    assert step.state is MergeState.RED
    assert step.reason.endswith("failed with exit code 3.")
    assert merging.log.read_text() == "1 failed\n"
    assert merging.subjects() == ["first"]


def test_the_tree_is_used_again_without_what_an_earlier_check_has_left(merging: Merging) -> None:
    merging.check = "open('left', 'w').close(); open('hello.py', 'w').close(); raise SystemExit(1)"
    merging.merged()
    merging.check = EXISTS
    assert merging.merged().state is MergeState.MERGED
    assert len(list((merging.root / "trees" / ".merge").iterdir())) == 1


def test_a_tree_half_made_or_broken_is_made_anew(merging: Merging) -> None:
    merging.check = EXISTS
    tree = next((merging.root / "trees" / ".merge").glob("*"), None)
    assert tree is None
    merging.merged()
    tree = next((merging.root / "trees" / ".merge").glob("*"))
    (tree / ".git").unlink()
    merging.commit("more.txt", "more\n")
    assert merging.merged().state is MergeState.MERGED


def test_without_a_check_it_is_green_and_that_is_said(merging: Merging) -> None:
    assert told(merging.merged()) == (MergeState.MERGED, "no check is configured")


def test_a_check_that_takes_too_long_is_ended_with_all_it_has_started(merging: Merging) -> None:
    child = "[sys.executable, '-c', 'import time; time.sleep(600)']"
    merging.check = f"""
import subprocess, sys, time
subprocess.Popen({child}, start_new_session=True)
print('on', flush=True)
time.sleep(600)
"""
    merging.timeout_s = 1.0
    step = merging.merged()
    assert step.state is MergeState.RED
    assert step.reason.endswith("took longer than 1.0 s and was ended.")
    assert not _marked(merging)


def test_a_check_that_cannot_be_started_is_red_in_words(merging: Merging) -> None:
    merging.check = "pass"
    plan = merging.plan()
    assert plan is not None
    missing = replace(plan, check=replace(plan.check, argv=("/nowhere/check",)))
    step = prepare(merging.order(), merging.means(), lambda _tree: missing)
    assert told(step) == (
        MergeState.RED, "The check (/nowhere/check) cannot be started: No such file or directory.",
    )  # fmt: skip


def test_a_check_is_ended_when_the_engine_stops(merging: Merging) -> None:
    merging.check = "import time; print('on', flush=True); time.sleep(600)"
    ends: list[BaseException] = []

    def run() -> None:
        try:
            merging.merged()
        except MergeStoppedError as error:
            ends.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    until(lambda: (merging.log.exists() and "on" in merging.log.read_text()) or None)
    merging.stop.request()
    thread.join(PATIENCE_S)
    assert len(ends) == 1
    assert not _marked(merging)
    assert merging.subjects() == ["first"]


def test_a_check_whose_supervisor_is_killed_is_not_red_and_is_run_again(merging: Merging) -> None:
    merging.check = """
import os, pathlib, signal, time
mark = pathlib.Path(os.getcwd()).parent.parent.parent / 'killed'
if not mark.exists():
    mark.touch()
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)
"""
    step = merging.merged()
    assert step.state is MergeState.BLOCKED, step.reason
    assert step.reason.endswith("was interrupted by somebody else. It is run again.")
    assert not _marked(merging)
    assert merging.subjects() == ["first"]
    assert told(merging.merged()) == (MergeState.MERGED, "")


_KILLED = """
import sys
from pathlib import Path
from engine.merging.check_run import CheckOrder, Stop, run_check
tree = Path(sys.argv[1])
code = "import time; print('on', flush=True); time.sleep(600)"
order = CheckOrder(argv=(sys.executable, "-c", code), env={}, timeout_s=600.0, log=tree / "log")
run_check(order, tree, stop=Stop())
"""


def test_a_check_dies_with_an_engine_that_is_killed(tmp_path: Path) -> None:
    engine = subprocess.Popen([sys.executable, "-c", _KILLED, str(tmp_path)], cwd=Path.cwd())
    until(lambda: ((tmp_path / "log").exists() and "on" in (tmp_path / "log").read_text()) or None)
    os.kill(engine.pid, signal.SIGKILL)
    engine.wait()
    until(lambda: not process_tree.marked(f"SIGNALBOX_CHECK={tmp_path}") or None)


def _marked(merging: Merging) -> object:
    tree = next((merging.root / "trees" / ".merge").iterdir())
    return process_tree.marked(f"SIGNALBOX_CHECK={tree}")
