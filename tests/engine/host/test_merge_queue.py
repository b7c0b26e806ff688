"""The merge queue of an engine: what is approved is merged one after the other, and nothing twice."""

import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import CommandRefusedError, SignalboxError
from engine.host.merge_queue import MergeQueue
from engine.merging.conflict_rehearsal import ConflictRehearsal
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.trust.policy import TrustPolicy
from engine.worktrees.ports import choose_port_base
from state.records import Hold, HoldKind, Origin, ReviewState
from state.sql_text import driver
from state.worktree_records import MergeMethod, MergeState, SeenWorkstream
from tests.helpers.approved_work import ApprovedWork
from tests.helpers.logs import LogWatch
from tests.helpers.patience import PATIENCE_S
from tests.helpers.small_repository import small_repository

CHECK = "import sys, pathlib; sys.exit(any('broken' in p.read_text() for p in pathlib.Path().glob('*.txt')))"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStateStore]:
    store = JobStateStore(home=Home.at(tmp_path / "home"))
    yield store
    store.close()


@pytest.fixture
def work(store: JobStateStore, tmp_path: Path) -> ApprovedWork:
    work = ApprovedWork(store, small_repository(tmp_path / "repo"))
    work.git("switch", "-q", "--detach")
    return work


@pytest.fixture
def queue(store: JobStateStore) -> Iterator[MergeQueue]:
    queue = MergeQueue(store, engine_id="one", is_alive=lambda engine_id: engine_id == "one")
    yield queue
    queue.close()


def use_check(work: ApprovedWork, code: str = CHECK) -> None:
    program = work.repo.parent / "check"
    program.write_text(f"#!{sys.executable}\n{code}\n")
    program.chmod(0o755)
    (work.repo / ".signalbox.yaml").write_text(f"check:\n  exe: {program}\n")


def until(queue: MergeQueue, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        queue.step()
        time.sleep(0.01)


def run(queue: MergeQueue) -> None:
    """Merge until nothing is left that needs no person."""
    queue.step()
    until(queue, lambda: not queue.remaining)


def test_where_nothing_is_approved_a_look_at_the_queue_is_one_statement(store: JobStateStore) -> None:
    statements: list[str] = []
    with store.database.write() as connection:
        driver(connection).set_trace_callback(statements.append)
        assert store.merges.queues() == []
        driver(connection).set_trace_callback(None)
    assert len(statements) == 1


def test_an_approved_workstream_is_merged_and_that_is_its_status(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    use_check(work)
    head = work.approve("cart", {"cart.txt": "cart\n"})
    run(queue)
    merge = work.merge("cart")
    assert (merge.state, merge.reason, merge.head) == (MergeState.MERGED, "", head)
    assert merge.result == work.git("rev-parse", "main")
    assert work.stream("cart").review is ReviewState.MERGED
    assert work.subjects() == ["Merge Work of cart", "first"]
    assert "Workstream cart of run r1 (Shop), on branch signalbox/r1/cart." in work.git(
        "log", "-1", "--format=%b", "main"
    )
    assert "merge.merged" in {event.event_type for event in work.store.list_events()}


def test_merges_come_in_the_order_of_priority_and_approval(work: ApprovedWork, queue: MergeQueue) -> None:
    for ws_id in ("a", "b", "c", "d"):
        work.approve(ws_id, {f"{ws_id}.txt": ws_id})
    work.store.merges.move("c", priority=5)
    work.store.merges.move("d", before="b")
    run(queue)
    assert [one.split()[-1] for one in reversed(work.subjects()[:-1])] == ["c", "a", "d", "b"]


def test_a_place_in_the_queue_is_given_however_often_it_was_given(work: ApprovedWork) -> None:
    for ws_id in ("a", "b", "c"):
        work.approve(ws_id, {f"{ws_id}.txt": ws_id})
    for _ in range(80):
        work.store.merges.move("c", before="b")
        work.store.merges.move("b", before="c")
    assert [one.merge.ws_id for one in work.store.merges.queues()] == ["a", "b", "c"]
    work.store.merges.move("c", before="b")
    assert [one.merge.ws_id for one in work.store.merges.queues()] == ["a", "c", "b"]


def test_urgent_work_is_merged_before_what_was_approved_earlier(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    work.approve("a", {"a.txt": "a"})
    work.approve("b", {"b.txt": "b"}, priority=10)
    run(queue)
    assert [one.split()[-1] for one in reversed(work.subjects()[:-1])] == ["b", "a"]


def test_a_workstream_after_another_is_not_merged_before_it(work: ApprovedWork, queue: MergeQueue) -> None:
    work.add("a", {"a.txt": "a"})
    work.approve("b", {"b.txt": "b"}, after=["a"])
    run(queue)
    assert work.merge("b").state is MergeState.WAITING
    assert work.store.merges.queues()[0].waits_for == "It comes after Work of a, which is not approved yet."
    work.store.reviews.approve(SeenWorkstream("r1", "a"))
    work.store.merges.move("b", priority=9)
    run(queue)
    assert [one.split()[-1] for one in reversed(work.subjects()[:-1])] == ["a", "b"]


def test_a_red_check_goes_back_to_its_workstream_and_the_others_go_on(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    use_check(work)
    work.approve("bad", {"bad.txt": "broken\n"})
    work.approve("good", {"good.txt": "good\n"})
    run(queue)
    bad = work.merge("bad")
    assert bad.state is MergeState.RED
    assert f"failed with exit code 1. Its output is in {work.store.home.logs}" in bad.reason
    assert work.stream("bad").review is ReviewState.WAITING
    assert work.stream("good").review is ReviewState.MERGED


def test_a_folder_of_worktrees_that_cannot_be_made_is_a_reason_to_wait_in_words(
    work: ApprovedWork, store: JobStateStore, queue: MergeQueue, expect_log: LogWatch
) -> None:
    expect_log.allow("What an engine has left of a merge")
    trees = store.settings().worktrees_root(store.home)
    trees.write_text("no folder")
    work.approve("a", {"a.txt": "a"})
    run(queue)
    assert work.merge("a").reason == f"{trees}: File exists. It is tried again."


def test_a_check_gets_the_ports_of_its_workstream_unless_others_use_them(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    seen = work.repo.parent / "seen"
    use_check(work, f"import os; open({str(seen)!r}, 'a').write(os.environ['SIGNALBOX_PORT_BASE'] + ' ')")
    bases = [choose_port_base(("r1", ws_id), ()) or 0 for ws_id in ("free", "used")]
    for ws_id, base in zip(("free", "used"), bases, strict=True):
        work.approve(ws_id, {f"{ws_id}.txt": ws_id})
        work.ledger.worktrees.change("r1", ws_id, port_base=base)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind(("127.0.0.1", bases[1]))
        server.listen()
        run(queue)
    now = [tree.port_base for ws_id in ("free", "used") if (tree := work.store.trees.find("r1", ws_id))]
    assert seen.read_text().split() == [str(base) for base in now]
    assert now[0] == bases[0]
    assert now[1] != bases[1]


def test_a_conflict_goes_back_with_its_files_and_the_others_go_on(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    work.approve("a", {"same.txt": "a\n"})
    work.approve("b", {"same.txt": "b\n"})
    work.approve("c", {"c.txt": "c\n"})
    run(queue)
    merge = work.merge("b")
    assert (merge.state, list(merge.files)) == (MergeState.CONFLICT, ["same.txt"])
    assert work.stream("b").review is ReviewState.WAITING
    assert work.stream("c").review is ReviewState.MERGED


def test_a_branch_that_a_person_has_moved_is_looked_at_anew(work: ApprovedWork, queue: MergeQueue) -> None:
    work.approve("cart", {"cart.txt": "cart\n"})
    moved = work.git("commit-tree", "-p", "main", "-m", "Again", "signalbox/r1/cart^{tree}")
    work.git("update-ref", "refs/heads/signalbox/r1/cart", moved)
    run(queue)
    assert (work.merge("cart").state, work.stream("cart").review) == (
        MergeState.WITHDRAWN,
        ReviewState.WAITING,
    )
    (tree,) = work.store.trees.to_finish()
    assert tree.head is None
    with pytest.raises(SignalboxError, match="not committed on its branch yet"):
        work.store.reviews.approve(SeenWorkstream("r1", "cart"))
    work.ledger.worktrees.change("r1", "cart", head=moved)
    work.store.reviews.approve(SeenWorkstream("r1", "cart"))
    run(queue)
    assert work.stream("cart").review is ReviewState.MERGED


def test_a_check_that_moves_the_target_itself_is_not_run_without_end(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    moves = "c = subprocess.check_output(['git', 'commit-tree', '-p', 'main', '-m', 'moved', 'main^{tree}'], text=True)"
    use_check(
        work,
        f"import subprocess; {moves}; "
        "subprocess.run(['git', 'update-ref', 'refs/heads/main', c.strip()], check=True)",
    )
    work.approve("cart", {"cart.txt": "cart\n"})
    run(queue)
    merge = work.merge("cart")
    assert (merge.state, work.subjects().count("moved")) == (MergeState.BLOCKED, 3)
    assert merge.reason.startswith("main has moved during each of 3 checks.")


def test_a_held_merge_waits_until_it_is_released(work: ApprovedWork, queue: MergeQueue) -> None:
    work.approve("a", {"a.txt": "a"})
    work.store.merges.hold("a", held=True)
    run(queue)
    assert work.merge("a").state is MergeState.WAITING
    work.store.merges.hold("r1/a", held=False)
    run(queue)
    assert work.merge("a").state is MergeState.MERGED


def test_a_withdrawn_approval_is_not_merged(work: ApprovedWork, queue: MergeQueue) -> None:
    work.approve("a", {"a.txt": "a"})
    work.store.reviews.withdraw(SeenWorkstream("r1", "a"))
    run(queue)
    assert work.merge("a").state is MergeState.WITHDRAWN
    assert work.subjects() == ["first"]


def test_a_paused_queue_merges_nothing(work: ApprovedWork, queue: MergeQueue) -> None:
    work.approve("a", {"a.txt": "a"})
    work.store.queue_control.set_hold(Hold(kind=HoldKind.ENGINE, key="", reason="", since=0.0))
    run(queue)
    assert work.merge("a").state is MergeState.WAITING
    work.store.queue_control.resume()
    run(queue)
    assert work.merge("a").state is MergeState.MERGED


def test_a_merge_is_held_while_its_check_runs(work: ApprovedWork, queue: MergeQueue) -> None:
    gate = work.repo.parent / "gate"
    use_check(work, f"import pathlib, time\nwhile not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.01)")
    work.approve("a", {"a.txt": "a"})
    until(queue, lambda: work.merge("a").state is MergeState.CHECKING)
    work.store.merges.hold("a", held=True)
    gate.touch()
    run(queue)
    assert work.merge("a").state is MergeState.WAITING
    assert work.subjects() == ["first"]


def test_what_blocks_a_merge_is_shown_and_it_goes_on_when_that_is_gone(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    work.git("switch", "-q", "main")
    (work.repo / "hello.py").write_text("my own\n")
    work.approve("a", {"a.txt": "a"})
    run(queue)
    assert work.merge("a").state is MergeState.BLOCKED
    assert "has changes in hello.py. Commit or stash them there." in work.merge("a").reason
    work.git("checkout", "hello.py")
    until(queue, lambda: work.merge("a").state is MergeState.MERGED)
    assert (work.repo / "a.txt").exists()


def test_the_project_file_chooses_the_method_before_the_settings(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    work.store.queue_control.change_setting("merge_method", "squash")
    work.approve("a", {"a.txt": "a"})
    run(queue)
    assert work.merge("a").method is MergeMethod.SQUASH
    (work.repo / ".signalbox.yaml").write_text("merge: rebase\n")
    work.approve("b", {"b.txt": "b"})
    run(queue)
    assert work.merge("b").method is MergeMethod.REBASE


def test_a_project_file_that_is_not_valid_blocks_in_words(work: ApprovedWork, queue: MergeQueue) -> None:
    (work.repo / ".signalbox.yaml").write_text("chekc: 1\n")
    work.approve("a", {"a.txt": "a"})
    run(queue)
    assert work.merge("a").state is MergeState.BLOCKED
    assert "chekc" in work.merge("a").reason


def test_an_engine_that_closes_ends_its_check_and_the_next_one_merges(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    started = work.repo.parent / "started"
    use_check(work, f"import pathlib, time\npathlib.Path({str(started)!r}).touch()\ntime.sleep(600)")
    work.approve("a", {"a.txt": "a"})
    until(queue, started.exists)
    queue.close()
    assert work.merge("a").state is MergeState.WAITING
    use_check(work)
    following = MergeQueue(work.store, engine_id="two", is_alive=lambda engine_id: engine_id == "two")
    run(following)
    following.close()
    assert work.merge("a").state is MergeState.MERGED


def test_the_merge_of_a_dead_engine_is_taken_over_and_that_of_a_living_one_is_not(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    work.approve("a", {"a.txt": "a"})
    work.store.merges.claim("living", is_lost=lambda _merge: False)
    other = MergeQueue(work.store, engine_id="two", is_alive=lambda _engine_id: True)
    run(other)
    other.close()
    assert work.merge("a").engine_id == "living"
    run(queue)
    assert work.merge("a").state is MergeState.MERGED


def test_a_merge_whose_target_had_moved_when_its_engine_died_is_not_done_again(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    work.approve("a", {"a.txt": "a"})
    [claimed] = work.store.merges.claim("gone", is_lost=lambda _merge: False)
    before = work.git("rev-parse", "main")
    made = work.git("commit-tree", "-p", before, "-p", claimed.head, "-m", "Made", f"{claimed.head}^{{tree}}")
    work.store.merges.steps.note(claimed, "gone", before=before, result=made, method=MergeMethod.MERGE)
    work.git("update-ref", "refs/heads/main", made)
    run(queue)
    assert work.merge("a").state is MergeState.MERGED
    assert work.subjects() == ["Made", "first"]


def test_a_paused_queue_still_finishes_a_move_that_had_begun(work: ApprovedWork, queue: MergeQueue) -> None:
    work.approve("a", {"a.txt": "a"})
    work.approve("b", {"b.txt": "b"})
    [claimed] = work.store.merges.claim("gone", is_lost=lambda _merge: False)
    before = work.git("rev-parse", "main")
    made = work.git("commit-tree", "-p", before, "-p", claimed.head, "-m", "Made", f"{claimed.head}^{{tree}}")
    work.store.merges.steps.note(claimed, "gone", before=before, result=made, method=MergeMethod.MERGE)
    work.store.queue_control.set_hold(Hold(kind=HoldKind.ENGINE, key="", reason="", since=0.0))
    run(queue)
    assert (work.merge("a").state, work.merge("b").state) == (MergeState.MERGED, MergeState.WAITING)
    assert work.subjects() == ["Made", "first"]


def test_what_is_being_moved_to_can_neither_be_held_nor_withdrawn(work: ApprovedWork) -> None:
    work.approve("a", {"a.txt": "a"})
    [claimed] = work.store.merges.claim("one", is_lost=lambda _merge: False)
    work.store.merges.steps.note(claimed, "one", before="b" * 40, result="c" * 40, method=MergeMethod.MERGE)
    with pytest.raises(Exception, match="is being moved"):
        work.store.merges.hold("a", held=True)
    with pytest.raises(Exception, match="is being moved"):
        work.store.reviews.withdraw(SeenWorkstream("r1", "a"))


def test_a_merge_that_no_queue_has_is_refused_in_words(work: ApprovedWork) -> None:
    with pytest.raises(CommandRefusedError, match="No merge of nothing waits"):
        work.store.merges.hold("nothing", held=True)


def test_an_idle_queue_writes_nothing(work: ApprovedWork, queue: MergeQueue) -> None:
    run(queue)
    stamp, events = work.store.change_stamp(), len(work.store.list_events())
    for _ in range(50):
        queue.step()
    assert (work.store.change_stamp(), len(work.store.list_events())) == (stamp, events)


def test_the_tree_of_the_check_is_set_up_once_and_again_when_the_setup_has_changed(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    (work.repo / ".git" / "info" / "exclude").write_text("installed\n.env\n.signalbox.yaml\n")
    (work.repo / ".env").write_text("secret=1\n")
    setup = work.repo.parent / "setup"
    check = "import pathlib, sys; sys.exit(not pathlib.Path('installed').exists() or not pathlib.Path('.env').exists())"

    def project(number: int) -> None:
        setup.write_text(f"#!{sys.executable}\nopen('installed', 'a').write('x')\n")
        setup.chmod(0o755)
        use_check(work, check)
        with (work.repo / ".signalbox.yaml").open("a") as file:
            file.write(f"carry: [.env]\nsetup:\n  exe: {setup}\n  args: ['{number}']\n")

    project(1)
    work.approve("a", {"a.txt": "a"})
    work.approve("b", {"b.txt": "b"})
    run(queue)
    assert (work.merge("a").state, work.merge("b").state) == (MergeState.MERGED, MergeState.MERGED)
    [tree] = (work.store.home.root / "worktrees" / ".merge").iterdir()
    assert (tree / "installed").read_text() == "x"
    project(2)
    work.approve("c", {"c.txt": "c"})
    run(queue)
    assert (tree / "installed").read_text() == "x"


def test_a_setup_that_fails_is_red_in_words(work: ApprovedWork, queue: MergeQueue) -> None:
    use_check(work)
    with (work.repo / ".signalbox.yaml").open("a") as file:
        file.write("setup:\n  exe: 'false'\n")
    work.approve("a", {"a.txt": "a"})
    run(queue)
    assert work.merge("a").state is MergeState.RED
    assert "The setup of the tree for the check (" in work.merge("a").reason


def test_a_check_nobody_has_granted_does_not_run_for_work_of_the_inbox_that_nobody_approved(
    work: ApprovedWork, queue: MergeQueue
) -> None:
    use_check(work)
    work.add("a", {"a.txt": "a"}, needs_review=False, origin=Origin.INBOX)
    run(queue)
    assert work.merge("a").state is MergeState.BLOCKED
    assert "The check of the project file needs trust: " in work.merge("a").reason
    assert "signalbox trust grant r1-a" in work.merge("a").reason
    policy = TrustPolicy(work.store.home.home_id(), home=work.store.home.root)
    policy.grants.grant(policy.preview(work.store.job_spec("r1-a")).plans)
    until(queue, lambda: work.merge("a").state is MergeState.MERGED)
    use_check(work, "pass  # changed")
    (work.repo / ".signalbox.yaml").write_text("check:\n  exe: 'true'\n")
    work.add("b", {"b.txt": "b"}, needs_review=False, origin=Origin.INBOX)
    run(queue)
    assert work.merge("b").state is MergeState.BLOCKED


def test_work_that_needs_no_review_is_merged_without_a_person(work: ApprovedWork, queue: MergeQueue) -> None:
    use_check(work)
    work.add("a", {"a.txt": "a"}, needs_review=False)
    run(queue)
    assert work.merge("a").state is MergeState.MERGED


def test_what_started_from_squashed_work_is_compared_and_merged_without_it(
    work: ApprovedWork, store: JobStateStore, queue: MergeQueue
) -> None:
    (work.repo / ".signalbox.yaml").write_text("merge: squash\n")
    work.approve("first", {"one.txt": "one\n"})
    run(queue)
    work.approve("other", {"one.txt": "newer\n"})
    run(queue)
    work.add("next", {"two.txt": "two\n"}, after=["first"], base="signalbox/r1/first")
    assert ConflictRehearsal(lambda: False).rehearse(store.conflicts.unmerged_branches(), []).found == []
    store.reviews.approve(SeenWorkstream("r1", "next"))
    run(queue)
    assert work.merge("next").state is MergeState.MERGED, work.merge("next").reason
    assert work.git("show", "main:one.txt") == "newer"
    assert work.git("show", "main:two.txt") == "two"
