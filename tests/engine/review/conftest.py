"""A repository whose two newest commits a test compares."""

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from engine.review.blobs import content
from engine.review.changed_files import changed_files
from engine.review.diff_records import FileChange, FilePatch
from engine.review.file_patches import file_patches, line_count
from tests.helpers.attempts import git_caller

Write = Callable[[Mapping[str, bytes | str | None]], str]


class TwoCommits:
    """A repository and two commits of it."""

    def __init__(self, root: Path, *, object_format: str = "sha1") -> None:
        self.root = root
        self.git = git_caller(root)
        root.mkdir(parents=True)
        self.git("init", "-q", "-b", "main", f"--object-format={object_format}")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.invalid")
        self.before = self.after = ""

    def commit(self, files: Mapping[str, bytes | str | None] | None = None) -> str:
        """Write these files, remove those that are None, and commit everything."""
        for name, written in (files or {}).items():
            path = self.root / name
            if written is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written.encode() if isinstance(written, str) else written)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")
        self.before, self.after = self.after, self.git("rev-parse", "HEAD")
        return self.after

    def files(self, *, ignore_whitespace: bool = False, scope: tuple[str, ...] = ()) -> list[FileChange]:
        return changed_files(
            self.root, self.before, self.after, ignore_whitespace=ignore_whitespace, scope=scope
        )

    def patches(self, *, ignore_whitespace: bool = False, context: int = 3) -> dict[str, FilePatch]:
        found = file_patches(
            self.root,
            self.before,
            self.after,
            files=self.files(ignore_whitespace=ignore_whitespace),
            ignore_whitespace=ignore_whitespace,
            context=context,
        )
        return {patch.file.path: self._counted(patch) for patch in found}

    def _counted(self, patch: FilePatch) -> FilePatch:
        is_text = bool(patch.hunks) and not patch.file.is_submodule
        return replace(patch, new_lines=line_count(content(self.root, patch.file.new_blob)) if is_text else 0)

    def patch(self) -> FilePatch:
        """That of the only file that differs."""
        (found,) = self.patches().values()
        return found

    def applied(self) -> str:
        """What git itself prints of the difference."""
        done = subprocess.run(
            ["git", "diff", self.before, self.after], cwd=self.root, capture_output=True, check=True
        )
        return done.stdout.decode(errors="replace")


@pytest.fixture
def commits(tmp_path: Path) -> TwoCommits:
    return TwoCommits(tmp_path / "repo")
