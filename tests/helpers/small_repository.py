"""The small repository that tests of git start from, and the two branches in it that conflict."""

from pathlib import Path

from tests.helpers.attempts import git_caller

PATCH_OF_HELLO = """--- a/hello.py
+++ b/hello.py
@@ -1,2 +1,2 @@
 def hello():
-    return "hello"
+    return "hello, world"
"""


def small_repository(root: Path) -> Path:
    """Make a repository with one commit on main: hello.py and README.md."""
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
