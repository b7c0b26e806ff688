"""Branches of workstreams in a real repository, each made from a base by an edit of its files."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from state.worktree_records import UnmergedBranch, Worktree
from tests.helpers.attempts import git_caller

TWENTY_LINES = "".join(f"line {number}\n" for number in range(20))


@dataclass
class Branches:
    """A repository with one commit on main, and the branches that workstreams have made from it."""

    repo: Path
    base: str = ""
    made: dict[str, UnmergedBranch] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.repo.mkdir(parents=True, exist_ok=True)
        self.git = git_caller(self.repo)
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.invalid")
        (self.repo / "src").mkdir()
        for name in ("totals.py", "rules.py", "src/lexer.py", "src/parser.py", "Readme"):
            (self.repo / name).write_text(TWENTY_LINES)
        (self.repo / "logo.bin").write_bytes(bytes(range(256)))
        self.git("add", "-A")
        self.git("commit", "-qm", "base")
        self.base = self.git("rev-parse", "HEAD")

    def branch(
        self, ws_id: str, edit: Callable[[Path], object], *, target: str | None = None, run_id: str = "r1"
    ) -> UnmergedBranch:
        """Make a branch of a workstream by an edit of the working tree, and go back to main."""
        name = f"signalbox/{run_id}/{ws_id}"
        self.git("switch", "-qc", name, self.base)
        edit(self.repo)
        self.git("add", "-A")
        self.git("commit", "-qm", ws_id)
        self.git("switch", "-q", "main")
        tree = Worktree(
            run_id=run_id, ws_id=ws_id, repo=str(self.repo), path=str(self.repo / "trees" / ws_id), branch=name,
            base_commit=self.base, target=target,
        )  # fmt: skip
        self.made[ws_id] = UnmergedBranch(tree)
        return self.made[ws_id]

    def more(self, name: str, edit: Callable[[Path], object]) -> str:
        """Commit another edit on a branch, and return the commit."""
        self.git("switch", "-q", name)
        edit(self.repo)
        self.git("add", "-A")
        self.git("commit", "-qm", "more")
        self.git("switch", "-q", "main")
        return self.git("rev-parse", name)

    def finished(self) -> dict[str, UnmergedBranch]:
        """The branches with all of their work committed."""
        trees = {ws_id: each.worktree for ws_id, each in self.made.items()}
        return {
            ws_id: UnmergedBranch(replace(tree, head=self.git("rev-parse", tree.branch)))
            for ws_id, tree in trees.items()
        }


def line_of(name: str, number: int, text: str) -> Callable[[Path], object]:
    """An edit that replaces one line of a file."""

    def edit(repo: Path) -> None:
        lines = (repo / name).read_text().splitlines(keepends=True)
        lines[number] = f"{text}\n"
        (repo / name).write_text("".join(lines))

    return edit


def new_file(name: str, text: str = "new\n") -> Callable[[Path], object]:
    """An edit that writes a file, and the folders it is in."""

    def edit(repo: Path) -> None:
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).write_text(text)

    return edit


def renamed(old: str, new: str) -> Callable[[Path], object]:
    """An edit that renames a file or a folder."""

    def edit(repo: Path) -> None:
        git_caller(repo)("mv", old, new)

    return edit
