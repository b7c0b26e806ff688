"""What a test sees of the user's own environment: run as a test by tests/test_isolation.py, where much is set."""

import os
import signal
from pathlib import Path

from engine.system.git import work_tree_root
from engine.system.home import config_folder


def test_no_variable_of_the_user_is_seen() -> None:
    seen = [name for name in os.environ if name.startswith(("SIGNALBOX_", "GIT_DIR", "GIT_WORK"))]
    assert seen == ["SIGNALBOX_HOME"]


def test_grants_are_not_those_of_the_user(user_folders: Path) -> None:
    assert config_folder().is_relative_to(user_folders)


def test_a_repository_around_the_temporary_folders_is_not_taken_for_ours(tmp_path: Path) -> None:
    assert work_tree_root(tmp_path) is None


def test_what_a_test_starts_can_be_interrupted_and_hung_up() -> None:
    assert signal.SIG_IGN not in {signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGHUP)}
