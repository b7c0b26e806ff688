"""A fetch that takes too long ends with everything it has started."""

from pathlib import Path

import psutil
import pytest

from engine.errors import WorktreeError
from engine.worktrees import fetching
from tests.engine.worktrees.conftest import CallGit
from tests.helpers.command_line import until


def test_a_fetch_that_takes_too_long_leaves_no_process_behind(
    repo: Path, call_git: CallGit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs, started = tmp_path / "programs", tmp_path / "started"
    programs.mkdir()
    ssh = programs / "ssh"
    ssh.write_text(f"#!/bin/sh\necho $$ > {started}.part\nmv {started}.part {started}\nexec sleep 600\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    monkeypatch.setattr(fetching, "TIMEOUT_S", 1.0)
    call_git("remote", "add", "origin", "ssh://nowhere.invalid/repo")
    with pytest.raises(WorktreeError, match="not fetched within 1 s"):
        fetching.fetch(repo, "origin/main")
    number = int(until(lambda: started.read_text() if started.exists() else None))
    until(lambda: None if psutil.pid_exists(number) and psutil.Process(number).status() != "zombie" else True)
