"""Where programs are searched: the login shell's PATH, and what reading it must never cost."""

import os
import time
from pathlib import Path

import pytest

from engine.adapters.probing import probed
from engine.system.tool_paths import first_found, joined_paths, login_shell_path, search_path
from tests.helpers.patience import at_most


def shell(folder: Path, body: str) -> str:
    file = folder / "shell"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return str(file)


def test_the_path_of_the_shell_is_found_among_its_other_output(tmp_path: Path) -> None:
    words = 'echo "Welcome! PATH=/wrong"; PATH="/opt/node/bin:$PATH"; shift; eval "$1"; echo bye'
    assert login_shell_path(shell(tmp_path, words)).startswith("/opt/node/bin:")


def test_a_shell_that_hangs_prints_nothing_or_is_missing_costs_little(tmp_path: Path) -> None:
    begun = time.monotonic()
    assert login_shell_path(shell(tmp_path, "sleep 60"), timeout_s=0.3) == ""
    assert time.monotonic() - begun < at_most(10)
    assert login_shell_path(shell(tmp_path, "exit 1")) == ""
    assert login_shell_path(str(tmp_path / "none")) == ""
    assert login_shell_path("sh") == ""
    assert login_shell_path("") == ""


def test_paths_are_joined_once_each_and_only_absolute_ones() -> None:
    parts = ["/a", "", ".", "/b", "rel"]
    assert joined_paths(os.pathsep.join(parts), os.pathsep.join(["/b", "/c"])) == os.pathsep.join(
        ["/a", "/b", "/c"]
    )


def test_the_path_of_this_process_is_part_of_what_is_searched() -> None:
    assert set(joined_paths(os.environ["PATH"]).split(os.pathsep)) <= set(search_path().split(os.pathsep))


def test_the_first_of_several_names_is_taken(tmp_path: Path) -> None:
    (tmp_path / "two").write_text("")
    (tmp_path / "two").chmod(0o755)
    assert first_found(["one", "two"], path=str(tmp_path)) == tmp_path / "two"
    assert first_found(["one"], path=str(tmp_path)) is None


def test_the_version_of_a_tool_is_read(tmp_path: Path) -> None:
    path = shell(tmp_path, 'echo "Tool v1.2.3-rc1 (build 7)"')
    probe = probed("tool", "tool", {"tool": path})
    assert (probe.path, probe.version, probe.problem) == (path, "1.2.3-rc1", None)


def test_a_tool_that_does_not_answer_is_named_with_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.adapters.probing._TIMEOUT_S", 0.3)
    path = shell(tmp_path, "sleep 60 & wait")
    begun = time.monotonic()
    probe = probed("tool", "tool", {"tool": path})
    assert time.monotonic() - begun < at_most(8)
    assert probe.problem is not None
    assert probe.problem == f"{path} did not print its version within 0.3 seconds"
    missing = probed("tool", "tool", {"tool": str(tmp_path / "none")})
    assert missing.path is None
    assert missing.problem is not None
