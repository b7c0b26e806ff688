"""The small repository that tests of git start from, and the two branches in it that conflict."""

import shutil
from pathlib import Path

from tests.helpers.attempts import git_caller

PATCH_OF_HELLO = """--- a/hello.py
+++ b/hello.py
@@ -1,2 +1,2 @@
 def hello():
-    return "hello"
+    return "hello, world"
"""


_templates: list[Path] = []


def keep_template_in(folder: Path) -> None:
    """Make the small repository once, in this folder, and copy it from then on: git takes ten times as long."""
    _templates[:] = [folder / "repository"]


def small_repository(root: Path) -> Path:
    """Make a repository with one commit on main: hello.py and README.md."""
    for template in _templates:
        if not template.exists():
            _made(template)
        shutil.copytree(template, root, symlinks=True)
        git_caller(root)("update-index", "-q", "--refresh")  # the copies are other files than those it knows
        return root
    return _made(root)


def _made(root: Path) -> Path:
    root.mkdir(parents=True)
    (root / "hello.py").write_text('def hello():\n    return "hello"\n')
    (root / "README.md").write_text("# demo\n")
    git = git_caller(root)
    git("init", "-q", "-b", "main")
    git("config", "user.name", "Ada")
    git("config", "user.email", "ada@example.invalid")
    git("add", "-A")
    git("commit", "-qm", "first")
    return root


def commit_theirs(repo: Path, branch: str = "side") -> None:
    """Replace hello.py on a branch, and return to main."""
    git = git_caller(repo)
    git("switch", "-qc", branch)
    (repo / "hello.py").write_text("theirs\n")
    git("commit", "-qam", "theirs")
    git("switch", "-q", "main")


def commit_ours(repo: Path) -> None:
    """Replace hello.py on main."""
    (repo / "hello.py").write_text("ours\n")
    git_caller(repo)("commit", "-qam", "ours")
