"""What attributes say is generated: read from the compared commit, and nothing is written beside the folder for it."""

import subprocess
import tempfile
from pathlib import Path

import pytest

from engine.review.generated import generated_by_attributes
from tests.helpers.attempts import git_caller
from tests.helpers.small_repository import small_repository


def made(repo: Path, *entries: tuple[str, str, str]) -> str:
    """A tree with these entries (mode, name, id), also with names that git itself refuses."""
    content = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(oid) for mode, name, oid in entries)
    words = ["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"]
    return (
        subprocess.run(words, cwd=repo, input=content, stdout=subprocess.PIPE, check=True)
        .stdout.decode()
        .strip()
    )


@pytest.mark.parametrize("name", ["..", ".git", ".GIT"])
def test_v1_attributes_of_a_tree_that_git_did_not_make_are_written_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    repo = small_repository(tmp_path / "repo")
    words = ["git", "hash-object", "-w", "--stdin"]
    blob = subprocess.run(words, cwd=repo, input=b"* -diff\n", stdout=subprocess.PIPE, check=True)
    inner = made(repo, ("100644", ".gitattributes", blob.stdout.decode().strip()))
    base = git_caller(repo)("commit-tree", made(repo, ("40000", name, inner)), "-m", "odd").strip()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert generated_by_attributes(repo, base, [f"{name}/hello.py"]) == {}
    assert list(temporary.iterdir()) == []
