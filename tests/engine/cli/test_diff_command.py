"""What a workstream changed, shown by the real command line: whole, since the last review, or by job and attempt."""

import os
import pty
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from engine.state_store.job_state_store import JobStateStore
from engine.types import JobResult
from state.ledger import Ledger, NewJob
from state.records import Job, Run, Workstream
from state.tables import workstreams
from state.worktree_records import TreeState, Worktree, WorktreeSnapshot
from tests.engine.review.conftest import TwoCommits
from tests.helpers.command_line import CommandLine

CART = "def total():\n    return sum(lines)\n"


def _note_review(ledger: Ledger, commit: str) -> None:
    """Note that a person has sent the workstream back at this commit."""
    with ledger.transaction() as connection:
        connection.execute(
            update(workstreams).where(workstreams.c.ws_id == "cart").values(reviewed_commit=commit)
        )


class Cart:
    """A workstream with two attempts of one job: the first adds `a.py`, the second changes it and more."""

    def __init__(self, folder: Path, *, reviewed: bool = True) -> None:
        self.signalbox = CommandLine(folder)
        self.commits = TwoCommits(folder / "repo")
        base = self.commits.commit({"cart.py": CART, "uv.lock": "1\n"})
        self.commits.git("switch", "-qc", "signalbox/r/cart")
        first = self.commits.commit({"a.py": "x = 1\n"})
        self.head = self.commits.commit(
            {"a.py": "x = 2\n", "cart.py": CART + "\n", "uv.lock": "2\n", "docs/b": "\x1b[31m\n"}
        )
        self.commits.git("switch", "-q", "main")
        root = str(self.commits.root)
        job = Job(
            job_id="edit",
            run_id="r",
            ws_id="cart",
            tool="claude",
            tree=root,
            scope_root=root,
            files_scope=("*.py", "uv.lock"),
        )
        with self.signalbox.store() as store:
            ledger = Ledger(store.database)
            ledger.jobs.create_run(
                Run(run_id="r"), [Workstream(run_id="r", ws_id=ws) for ws in ("cart", "in-place")]
            )
            if reviewed:
                _note_review(ledger, first)
            ledger.jobs.accept(
                [NewJob(job=job, spec={"job_id": "edit", "tool": "claude", "prompt": "Edit."})]
            )
            self._attempts(store)
            ledger.worktrees.enter(self.tree(base))
            ids = [attempt.id for attempt in store.list_attempts("edit")]
            for number, (commit, attempt_id) in enumerate(zip((base, first), ids, strict=True), start=1):
                ledger.worktrees.add_snapshot(
                    WorktreeSnapshot(
                        run_id="r",
                        ws_id="cart",
                        number=number,
                        commit=commit,
                        job_id="edit",
                        attempt_id=attempt_id,
                    )
                )

    @staticmethod
    def _attempts(store: JobStateStore) -> None:
        for _ in range(2):
            store.mark_job_running("edit")
            store.update_job_result({"job_id": "edit"}, JobResult(exit_code=0, duration_s=1.0, success=True))

    def tree(self, base: str) -> Worktree:
        root = str(self.commits.root)
        return Worktree(
            run_id="r",
            ws_id="cart",
            repo=root,
            path=f"{root}-tree",
            branch="signalbox/r/cart",
            base_commit=base,
            target="main",
        )

    def files(self, *words: str) -> list[str]:
        return [file["path"] for file in self.signalbox("diff", "--json", *words).json["files"]]


@pytest.fixture
def cart(tmp_path: Path) -> Cart:
    return Cart(tmp_path)


def test_v6_the_whole_change_of_a_workstream_is_shown_from_its_base(cart: Cart) -> None:
    assert cart.files("r/cart") == cart.files("cart") == ["a.py", "cart.py", "docs/b", "uv.lock"]


def test_v6_since_the_last_review_only_what_came_after_it(cart: Cart) -> None:
    answer = cart.signalbox("diff", "cart", "--since-review", "--json", "a.py").json
    (file,) = answer["files"]
    rows = [(row["kind"], row["text"], row["marks"]) for row in file["hunks"][0]["rows"]]
    assert rows == [("removed", "x = 1", [[4, 5]]), ("added", "x = 2", [[4, 5]])]
    assert answer["after"] == cart.head


def test_v6_a_workstream_that_was_never_sent_back_has_no_last_review(tmp_path: Path) -> None:
    refused = Cart(tmp_path, reviewed=False).signalbox("diff", "cart", "--since-review", code=2)
    assert "r/cart has not been sent back yet" in refused.err


def test_v6_each_attempt_and_the_job_have_changes_of_their_own(cart: Cart) -> None:
    assert cart.files("edit", "--attempt", "1") == cart.files("cart", "--attempt", "1") == ["a.py"]
    assert cart.files("edit", "--attempt", "2") == ["a.py", "cart.py", "docs/b", "uv.lock"]
    assert cart.files("edit") == ["a.py", "cart.py", "docs/b", "uv.lock"]
    refused = cart.signalbox("diff", "edit", "--attempt", "3", code=2)
    assert "There is no snapshot before attempt 3 of edit, which has had 2 attempts." in refused.err


def test_v6_paths_select_files_as_a_scope_does(cart: Cart) -> None:
    assert cart.files("cart", "docs") == ["docs/b"]
    assert cart.files("cart", "*.py", "uv.lock") == ["a.py", "cart.py", "uv.lock"]
    assert (
        "None of the 4 changed files is among these paths."
        in cart.signalbox("diff", "cart", "none", code=2).err
    )


def test_v6_the_list_has_counts_and_flags(cart: Cart) -> None:
    assert cart.signalbox("diff", "cart", "--stat").out.splitlines() == [
        "A          +1 -0  a.py",
        "M          +1 -0  cart.py",
        "A          +1 -0  docs/b (outside the scope)",
        "M          +1 -1  uv.lock (generated)",
        "4 files changed, +4 -1",
    ]
    flags = {
        file["path"]: (file["generated"], file["outside_scope"])
        for file in cart.signalbox("diff", "cart", "--stat", "--json").json["files"]
    }
    assert flags == {
        "a.py": (False, False),
        "cart.py": (False, False),
        "docs/b": (False, True),
        "uv.lock": (True, False),
    }


def test_v6_in_a_pipe_it_is_a_patch_that_git_applies(cart: Cart) -> None:
    with cart.signalbox.process("diff", "cart") as process:
        patch, _ = process.communicate()
    git = cart.commits.git
    subprocess.run(["git", "apply", "--index"], cwd=cart.commits.root, input=patch.encode(), check=True)
    assert git("write-tree") == git("rev-parse", f"{cart.head}^{{tree}}")


def in_terminal(cart: Cart, *words: str) -> list[str]:
    """The lines that the command prints where its output is a terminal."""
    reader, writer = pty.openpty()
    argv = [sys.executable, "-m", "engine", "diff", *words, "--home", str(cart.signalbox.home.root)]
    found = b""
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE):
        os.close(writer)
        with suppress(OSError):  # nobody has it open for writing any more
            while data := os.read(reader, 65536):
                found += data
    os.close(reader)
    return found.decode().splitlines()


def test_v6_in_a_terminal_nothing_acts_on_it_and_generated_files_are_folded(cart: Cart) -> None:
    lines = in_terminal(cart, "cart")
    assert "+\\x1b[31m" in lines
    folded = lines[lines.index("M          +1 -1  uv.lock (generated)") + 1]
    assert folded == "Folded; name the file to see its lines."
    assert "+2" not in lines
    assert "+2" in in_terminal(cart, "cart", "uv.lock")


def test_v6_what_has_no_worktree_is_refused_in_words(cart: Cart) -> None:
    assert (
        "r/in-place does not run in a worktree of its own" in cart.signalbox("diff", "in-place", code=2).err
    )
    assert "There is no job or workstream 'none' here" in cart.signalbox("diff", "none", code=2).err
    assert "not both" in cart.signalbox("diff", "cart", "--attempt", "1", "--since-review", code=2).err


def test_v6_of_work_that_is_not_finished_what_lies_in_the_worktree_is_shown(cart: Cart) -> None:
    git, tree = cart.commits.git, Path(cart.tree("").path)
    git("worktree", "add", "-q", str(tree), "signalbox/r/cart")
    (tree / "a.py").write_text("x = 3\n")
    (tree / "new").write_text("new\n")
    (tree / "cart.py").unlink()
    with cart.signalbox.store() as store:
        Ledger(store.database).worktrees.change("r", "cart", state=TreeState.READY)
    before = git("count-objects"), git("for-each-ref")
    answer = cart.signalbox("diff", "edit", "--attempt", "2", "--json")
    assert answer.err == "r/cart is not finished: this is what lies in its worktree now.\n"
    assert answer.json["finished"] is False
    assert [(file["letter"], file["path"]) for file in answer.json["files"]] == [
        ("M", "a.py"), ("D", "cart.py"), ("A", "docs/b"), ("A", "new"), ("M", "uv.lock"),
    ]  # fmt: skip
    assert answer.json["files"][0]["hunks"][0]["rows"][1]["text"] == "x = 3"
    assert (git("count-objects"), git("for-each-ref")) == before
    with cart.signalbox.store() as store:
        Ledger(store.database).worktrees.change("r", "cart", head=cart.head)
    answer = cart.signalbox("diff", "cart", "--json")
    assert (answer.json["finished"], answer.err, len(answer.json["files"])) == (True, "", 4)


def test_v6_nothing_changed_is_said(cart: Cart) -> None:
    with cart.signalbox.store() as store:
        Ledger(store.database).worktrees.change("r", "cart", head=cart.commits.git("rev-parse", "main"))
    assert cart.signalbox("diff", "cart").out == "No file changed.\n"
    assert cart.files("cart") == []


def test_v6_a_worktree_that_was_not_made_yet_has_no_change(cart: Cart) -> None:
    with cart.signalbox.store() as store:
        ledger = Ledger(store.database)
        ledger.worktrees.enter(
            replace(
                cart.tree(""),
                ws_id="in-place",
                path="elsewhere",
                branch="signalbox/r/in-place",
                base_commit=None,
            )
        )
    assert "r/in-place has no commit yet" in cart.signalbox("diff", "in-place", code=2).err
