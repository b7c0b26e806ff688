"""What can be the name of a branch is what git says."""

import subprocess

import pytest

from engine.system.branch_names import is_branch_name


@pytest.mark.parametrize(
    "name",
    ["main", "signalbox/r/ws", "a.b", "ä", "a@b", "@x", "a/HEAD", "-x", "a..b", ".a", "a/.b", "a.lock", "a.lock/b",
     "a.", "a/", "/a", "a//b", "a b", "a~", "a^", "a:b", "a?", "a*", "a[", "a\\b", "a@{b", "@", "HEAD", "",
     "a\x7f", "a\nb"],
)  # fmt: skip
def test_what_can_be_the_name_of_a_branch_is_what_git_says(name: str) -> None:
    git = subprocess.run(["git", "check-ref-format", "--branch", name], capture_output=True, check=False)
    assert is_branch_name(name) is (git.returncode == 0)
