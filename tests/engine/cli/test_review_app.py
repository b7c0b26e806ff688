"""Finished work is reviewed on the real command line, with its real files."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from engine.errors import CommandRefusedError
from engine.host.command_runner import CommandRunner
from engine.host.commands import Redo, Undo
from engine.host.review_commands import ApproveWorkstreams, MarkViewed, SeenWorkstream
from engine.host.review_runner import ReviewRunner
from engine.state_store.job_state_store import JobStateStore
from state.records import JobStatus, ReviewState
from state.tables import merges, workstream_files
from state.worktree_records import MergeState, TreeState, ViewedFile
from tests.engine.review.conftest import TwoCommits
from tests.helpers.command_line import CommandLine
from tests.helpers.finished_work import FinishedWork

OUTSIDE = "tools/release.py"
TOTALS = "def total(lines):\n    return round(sum(lines), 2)\n"
STEPS = (
    {"job_id": "edit", "tool": "claude", "prompt": "Round once.", "files": ["cart/**"]},
    {
        "job_id": "test",
        "tool": "shell",
        "command": {"exe": "true"},
        "metadata": {"read_only": True},
    },
)


class Shop:
    """The workstream `r1/cart` in a repository: it changed `cart/totals.py`, and `tools/release.py` out of scope."""

    def __init__(self, folder: Path) -> None:
        self.signalbox = CommandLine(folder)
        self.commits = TwoCommits(folder / "repo")
        base = self.commits.commit({"cart/totals.py": "def total(lines):\n    return sum(lines)\n"})
        self.commits.git("switch", "-qc", "signalbox/r1/cart")
        self.head = self.commits.commit({"cart/totals.py": TOTALS, "tools/release.py": "print(1)\n"})
        self.commits.git("switch", "-q", "main")
        self.root = str(self.commits.root)
        self.store: JobStateStore = JobStateStore(home=self.signalbox.home)
        self.work = FinishedWork(self.store, steps=STEPS, repo=self.root, base=base)
        self.work.end("edit", denied=["rm -rf /"], usage={"cost_usd": 0.84, "cost_source": "told"})
        self.work.end("test", tests={"passed": 43, "failed": 0, "skipped": 0, "errors": 0, "failing": []})
        self.work.commit(self.head)

    def __call__(self, *words: str | Path, code: int = 0) -> Any:
        return self.signalbox("review", *words, code=code)

    @property
    def review(self) -> ReviewState:
        return self.work.stream.review


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.store.close()


def test_v9_what_waits_for_review_is_listed_with_its_evidence(shop: Shop) -> None:
    out = shop("list").out
    assert "r1/cart" in out
    assert "waits for review" in out
    assert "43 passed" in out
    assert "1 command denied" in out
    [listed] = shop("list", "--json").json
    assert (listed["review"], listed["head"], listed["target"]) == ("waiting", shop.head, "main")
    assert listed["evidence"]["tests"] == {"passed": 43, "failed": 0}
    assert listed["evidence"]["denied"] == ["rm -rf /"]
    assert shop("list", "--run", "other").out == "Nothing waits for review.\n"


def test_v9_the_command_alone_lists_what_waits(shop: Shop) -> None:
    assert shop.signalbox("review").out == shop.signalbox("review", "list").out


def test_v9_one_review_shows_its_files_its_scope_and_why_it_cannot_be_approved_yet(shop: Shop) -> None:
    out = shop("show", "cart").out
    assert "tools/release.py" in out
    assert "1 file outside scope" in out
    assert "Cannot be approved yet: First look at tools/release.py." in out
    shown = shop("show", "r1/cart", "--json").json
    assert [(one["path"], one["outside_scope"], one["viewed"]) for one in shown["files"]] == [
        ("cart/totals.py", False, False),
        ("tools/release.py", True, False),
    ]


def test_v9_work_with_a_file_outside_its_scope_is_approved_once_a_person_has_viewed_it(shop: Shop) -> None:
    assert "First look at tools/release.py" in shop("approve", "cart", code=2).err
    assert "tools/release.py is marked as viewed." in shop("viewed", "cart", "tools").out
    assert shop("approve", "cart").out == "r1/cart was approved.\n"
    assert shop.review is ReviewState.APPROVED
    assert shop("withdraw", "cart", "--json").json["changed"] == [
        {"run_id": "r1", "ws_id": "cart", "head": shop.head}
    ]
    shop("viewed", "cart", "tools", "--remove")
    shop("approve", "cart", "--anyway")
    assert shop.review is ReviewState.APPROVED


def test_v9_only_the_commit_that_was_looked_at_is_approved_sent_back_or_discarded(shop: Shop) -> None:
    looked_at = shop.head
    assert looked_at in shop("show", "cart").out
    shop("viewed", "cart", "tools")
    shop.commits.git("switch", "-q", "signalbox/r1/cart")
    shop.work.commit(shop.commits.commit({"cart/totals.py": "import os\n"}))
    shop.commits.git("switch", "-q", "main")
    for command in ("approve", "discard"):
        assert "has changed since you looked at it" in shop(command, "cart", "--head", looked_at, code=2).err
    assert (
        "has changed since you looked" in shop("approve", "cart", "--anyway", "--head", looked_at, code=2).err
    )
    assert (
        "has changed since you looked" in shop("send-back", "cart", "More.", "--head", looked_at, code=2).err
    )
    assert "is not a commit" in shop("approve", "cart", "--head", "main", code=2).err
    [waits] = shop("list", "--json").json
    assert waits["review"] == "waiting"
    shop("approve", "cart", "--head", waits["head"][:9])
    assert shop.review is ReviewState.APPROVED


def test_v9_a_file_whose_name_is_no_utf8_is_viewed_like_any_other(shop: Shop) -> None:
    odd = os.fsdecode(b"odd\xff.py")
    shop.commits.git("switch", "-q", "signalbox/r1/cart")
    shop.work.commit(shop.commits.commit({odd: "x = 1\n"}))
    shop.commits.git("switch", "-q", "main")
    shop("viewed", "cart", "tools")
    assert "First look at odd" in shop("approve", "cart", code=2).err
    shop("viewed", "cart", odd)
    shown = {one["path"]: one["viewed"] for one in shop("show", "cart", "--json").json["files"]}
    assert sum(shown.values()) == 2
    shop("comment", "add", "cart", "Rename it.", "--file", odd, "--line", "1")
    shop("approve", "cart")
    assert shop.review is ReviewState.APPROVED


def test_v9_a_name_that_acts_on_a_terminal_is_shown_as_it_is_and_a_link_is_called_one(shop: Shop) -> None:
    odd = "odd\x1b[8m\nname"
    shop.commits.git("switch", "-q", "signalbox/r1/cart")
    (shop.commits.root / odd).symlink_to("/etc/passwd")
    (shop.commits.root / "tool").touch(0o755)
    shop.work.commit(shop.commits.commit())
    shop.commits.git("switch", "-q", "main")
    shop("viewed", "cart", "tools", "tool")
    shown = "odd\\x1b[8m\\x0aname"
    assert f"First look at {shown}, outside the scope" in shop("approve", "cart", code=2).err
    assert shop("viewed", "cart", odd).out == f"{shown} is marked as viewed.\n"
    assert f"comment 1 {shown}:1, " in shop("comment", "add", "cart", "No.", "--file", odd, "--line", "1").out
    files = shop("show", "cart").out
    assert f"{shown} (outside the scope) (link)\n" in files
    assert "tool (outside the scope) (may be executed)\n" in files


def test_v10_the_same_bytes_as_a_link_or_a_program_have_to_be_viewed_again(shop: Shop) -> None:
    shop("viewed", "cart", "tools")
    shop.commits.git("switch", "-q", "signalbox/r1/cart")
    (shop.commits.root / OUTSIDE).chmod(0o755)
    shop.work.commit(shop.commits.commit())
    assert f"First look at {OUTSIDE}" in shop("approve", "cart", code=2).err
    shop("viewed", "cart", "tools")
    (shop.commits.root / OUTSIDE).unlink()
    (shop.commits.root / OUTSIDE).symlink_to("print(1)\n")
    shop.work.commit(shop.commits.commit())
    assert f"First look at {OUTSIDE}" in shop("approve", "cart", code=2).err
    shop("viewed", "cart", "tools")
    shop("approve", "cart")


def test_v9_tests_that_have_not_run_on_the_last_change_keep_it_from_approval(shop: Shop) -> None:
    shop("viewed", "cart", "tools")
    shop.store.job_control.follow_up("edit", "Once more.")
    shop.work.end("edit")
    shop.work.commit(shop.head)
    assert "Tests have not run on this attempt of r1/cart" in shop("approve", "cart", code=2).err
    assert shop.review is ReviewState.WAITING


def test_v9_comments_on_lines_go_back_to_the_tool(shop: Shop) -> None:
    added = shop(
        "comment", "add", "cart", "Use Decimal.", "--file", "cart/totals.py", "--line", "2", "--json"
    ).json
    assert (added["quoted"], added["commit"], added["state"]) == (
        "    return round(sum(lines), 2)",
        shop.head,
        "draft",
    )
    old = ("--file", "cart/totals.py", "--line", "1-2", "--side", "old")
    assert "cart/totals.py:1-2 (before), not sent: Why?" in shop("comment", "add", "cart", "Why?", *old).out
    shop("comment", "edit", "1", "Use Decimal, please.")
    shop("comment", "delete", "2")
    assert "r1/cart was sent back; edit is queued." in shop("send-back", "cart", "Nice.").out
    job = shop.store.get_job("edit")
    assert job is not None
    assert job.follow_up is not None
    assert "Nice." in job.follow_up
    assert "cart/totals.py, line 2:\n>     return round(sum(lines), 2)\nUse Decimal, please." in job.follow_up
    assert [one.status for one in shop.store.list_jobs("r1")] == [JobStatus.QUEUED, JobStatus.QUEUED]
    assert "settled" in shop("comment", "settle", "1").out


def test_v14_a_comment_that_was_sent_shows_which_attempt_worked_on_it_and_whether_its_line_has_changed(
    shop: Shop,
) -> None:
    shop("comment", "add", "cart", "Use Decimal.", "--file", "cart/totals.py", "--line", "2")
    shop("comment", "add", "cart", "Name it.", "--file", "cart/totals.py", "--line", "1")
    shop("send-back", "cart")
    shop.work.end("edit", answer="Decimal now.\n[bold]Really[/bold].")
    shop.work.end("test")
    shop.commits.git("switch", "-q", "signalbox/r1/cart")
    changed = TOTALS.replace("round(sum(lines), 2)", "Decimal(sum(lines))")
    shop.work.commit(shop.commits.commit({"cart/totals.py": changed}))
    out = " ".join(shop("show", "cart").out.split())
    words = "claude: Decimal now. [bold]Really[/bold]."
    assert f"Use Decimal. attempt 2 worked on it, the line has changed. {words}" in out
    assert f"Name it. attempt 2 worked on it, the line is as it was. {words}" in out
    first, second = shop("show", "cart", "--json").json["comments"]
    assert (first["line_state"], second["line_state"]) == ("changed", "same")
    assert (first["answer"]["attempt"], first["answer"]["tool"]) == (2, "claude")
    shop("comment", "settle", "1")
    assert "settled: Use Decimal." in shop("show", "cart").out
    assert "sent to attempt 2: Use Decimal." in shop("comment", "settle", "1", "--reopen").out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--file", "none.py"), "none.py is none of its changed files"),
        (("--file", "cart/totals.py", "--line", "9"), "has 2 lines after the change, so there is no line 9"),
        (("--file", "tools/release.py", "--line", "1", "--side", "old"), "has no lines to comment on before"),
        (("--file", "cart/totals.py", "--line", "0"), "'0' is no line"),
        (("--line", "1"), "name the file of the line"),
    ],
)
def test_v9_a_comment_on_a_line_that_is_not_there_is_refused(
    shop: Shop, words: tuple[str, ...], reason: str
) -> None:
    assert reason in " ".join(shop("comment", "add", "cart", "No.", *words, code=2).err.split())


def test_v9_work_is_discarded_and_restored(shop: Shop) -> None:
    assert shop("discard", "cart").out == "r1/cart was discarded.\n"
    assert shop("list").out == "Nothing waits for review.\n"
    assert "was discarded" in shop("list", "--all").out
    assert shop("restore", "--run", "r1").out == "r1/cart was restored.\n"
    assert shop.review is ReviewState.WAITING


def test_v9_a_refusal_says_why_and_is_wrong_use(shop: Shop) -> None:
    assert "There is no workstream lexer here" in shop("approve", "lexer", code=2).err
    several = shop("approve", "lexer", "cart", "nope", "--anyway", code=2).err
    assert "There is no workstream lexer here" in several
    assert "There is no workstream nope here" in several
    assert "Nothing was changed." in several
    assert "only one that was discarded can be restored" in shop("restore", "cart", code=2).err
    refused = shop("restore", "cart", "--json", code=2).json
    assert list(refused["refused"]) == ["r1/cart"]
    assert "name workstreams, or select those of a run" in shop("approve", code=2).err
    assert "There is no comment on r1/cart to send back" in shop("send-back", "cart", code=2).err


def test_v11_status_and_show_say_what_waits_for_review_and_where_it_works(shop: Shop) -> None:
    out = shop.signalbox("status").out
    assert "Finished work" in out
    assert "waits for review" in out
    [listed] = shop.signalbox("status", "--json").json["reviews"]
    assert (listed["ws_id"], listed["review"]) == ("cart", "waiting")
    shop.work.ledger.worktrees.change("r1", "cart", state=TreeState.ARCHIVED)
    assert "/srv/worktrees/r1/cart (archived)" in shop("show", "cart").out
    shown = shop.signalbox("show", "r1/cart").out
    assert "signalbox/r1/cart" in shown
    assert "waits for review" in shown
    facts = shop.signalbox("show", "r1/cart", "--json").json
    assert (facts["worktree"]["target"], facts["merge"]) == ("main", None)
    shop("approve", "cart", "--anyway")
    assert shop.signalbox("show", "r1/cart", "--json").json["merge"]["state"] == "waiting"


@pytest.mark.parametrize("name", ["", "-x", "no such branch", "a..b", "HEAD", "@{-1}", "\x1b[31m", "\udcff"])
def test_work_is_not_approved_for_what_cannot_be_a_branch(shop: Shop, name: str) -> None:
    refused = shop("approve", "cart", "--anyway", f"--target={name}", code=2)
    assert "cannot be the name of a branch" in refused.err
    assert shop.review is ReviewState.WAITING


def test_v12_a_conflict_names_the_workstream_that_was_merged_before(shop: Shop) -> None:
    FinishedWork(shop.store, run_id="r2", ws_id="prices", steps=STEPS, repo=shop.root)
    shop("approve", "cart", "--anyway")
    merged = {"run_id": "r2", "ws_id": "prices", "repo": shop.root, "target": "main", "method": "merge"}
    with shop.work.ledger.transaction() as connection:
        connection.execute(insert(merges).values(**merged, state=MergeState.MERGED, created_at=1.0))
        changed = {"run_id": "r2", "ws_id": "prices", "path": "cart/totals.py", "touched": True}
        connection.execute(insert(workstream_files).values(**changed, updated_at=1.0))
        connection.execute(update(merges).where(merges.c.ws_id == "cart").values(head=shop.head))
    with shop.work.ledger.transaction() as connection:
        returned = merges.c.ws_id == "cart"
        values = {"state": MergeState.CONFLICT, "files_json": '["cart/totals.py"]'}
        connection.execute(update(merges).where(returned).values(**values))
        shop.work.ledger.reviews.move(connection, shop.work.stream, ReviewState.WAITING)
    assert (
        "conflict with main: cart/totals.py, which Round money once changed too" in shop("show", "cart").out
    )


def test_work_is_approved_for_a_branch_by_its_short_name_however_it_was_named(shop: Shop) -> None:
    shop("approve", "cart", "--anyway", "--target=refs/heads/release")
    [queued] = shop.store.merges.queues()
    assert queued.merge.target == "release"


def test_v10_the_engine_itself_refuses_work_whose_files_outside_the_scope_nobody_has_viewed(
    shop: Shop,
) -> None:
    seen = SeenWorkstream("r1", "cart", shop.head)
    runner = ReviewRunner(shop.store.reviews)
    approval = ApproveWorkstreams(workstreams=[seen])
    with pytest.raises(CommandRefusedError, match=rf"First look at {OUTSIDE}, outside the scope"):
        runner.carry_out(approval)
    runner.carry_out(MarkViewed(file=ViewedFile(run_id="r1", ws_id="cart", path=OUTSIDE, blob="1" * 40)))
    with pytest.raises(CommandRefusedError, match="as it is now"):
        runner.carry_out(approval)
    assert shop.store.merges.queues() == []
    shop("viewed", "cart", OUTSIDE)
    runner.carry_out(approval)
    assert shop.review is ReviewState.APPROVED


def test_v10_an_approval_that_is_done_again_asks_what_was_viewed_anew(shop: Shop) -> None:
    mark = ViewedFile(
        run_id="r1", ws_id="cart", path=OUTSIDE, blob=shop.commits.git("rev-parse", f"{shop.head}:{OUTSIDE}")
    )
    runner = CommandRunner(shop.store, cancel=lambda _job, _why: pytest.fail("no job is cancelled"))
    runner.carry_out(MarkViewed(file=mark))
    done = runner.carry_out(ApproveWorkstreams(workstreams=[SeenWorkstream("r1", "cart")]))
    undo = Undo(undone=ApproveWorkstreams.kind, workstreams=done.workstreams)
    runner.carry_out(undo)
    runner.carry_out(MarkViewed(file=mark, viewed=False))
    with pytest.raises(CommandRefusedError, match=rf"First look at {OUTSIDE}, outside the scope"):
        runner.carry_out(Redo(undo=undo))
    assert shop.store.merges.queues() == []
    runner.carry_out(MarkViewed(file=mark))
    runner.carry_out(Redo(undo=undo))
    assert shop.review is ReviewState.APPROVED


def test_v10_what_was_read_for_an_approval_counts_for_that_commit_alone(shop: Shop) -> None:
    seen = SeenWorkstream("r1", "cart")
    shop("viewed", "cart", OUTSIDE)
    read = shop.store.reviews.to_view(seen)
    shop.work.commit(shop.commits.git("rev-parse", "main"))
    with pytest.raises(CommandRefusedError, match="has changed at this moment"):
        shop.store.reviews.approve_viewed(seen, read=read)
    shop.work.commit(shop.head)
    shop.store.reviews.approve_viewed(seen, read=read)
    assert shop.review is ReviewState.APPROVED
