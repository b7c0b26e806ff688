"""A workstream with a coding tool works in a worktree of its own; the user's own tree is not touched."""

from pathlib import Path
from typing import Any

import pytest

from engine.errors import CommandRefusedError
from state.records import GroupStatus, JobStatus, ReviewState
from state.worktree_records import TreeState
from tests.helpers.attempts import git_caller
from tests.helpers.isolated_bench import IsolatedWork, agent, shell
from tests.helpers.small_repository import small_repository


@pytest.fixture
def work(tmp_path: Path) -> IsolatedWork:
    return IsolatedWork(tmp_path)


def test_a_coding_tool_in_a_repository_works_in_a_worktree_and_its_work_waits_for_review(
    work: IsolatedWork,
) -> None:
    before, base = work.status(), work.git("rev-parse", "HEAD").strip()
    job = work.job("echo more >> hello.py; echo new > new.txt")
    job["paths"]["log_file"] = "out/one.log"
    printed = work.run(job)
    tree, stream = work.tree(), work.stream()
    assert work.status() == before
    assert (tree.state, tree.base_commit, tree.target) == (TreeState.READY, base, "main")
    assert Path(tree.path) == work.signalbox.home.root / "worktrees" / "run" / "main"
    assert (stream.status, stream.review) == (GroupStatus.REVIEW, ReviewState.WAITING)
    assert work.git("rev-parse", "signalbox/run/main").strip() == tree.head
    assert work.content(tree.head).endswith("more")
    assert work.content(tree.head, "new.txt") == "new"
    assert work.git("diff", "--name-only", base, tree.head).split() == ["hello.py", "new.txt"]
    assert (work.signalbox.home.logs / "run" / "one" / "out" / "one.log").exists()
    assert "1 workstream waits for review (run/main): signalbox review" in printed


def test_every_step_of_a_workstream_works_in_its_tree_and_knows_where_it_is(work: IsolatedWork) -> None:
    notes = work.signalbox.folder
    names = "$SIGNALBOX_RUN $SIGNALBOX_WORKSTREAM $SIGNALBOX_WORKTREE"
    steps = [
        agent("mkdir -p deep; echo one > deep/one.txt", name="edit"),
        shell(
            f'cat one.txt > {notes}/seen; pwd >> {notes}/seen; echo "{names}" >> {notes}/seen', name="look"
        ),
    ]
    steps[1]["paths"] = {"working_dir": "deep"}
    work.repo.joinpath("deep").mkdir()
    work.run_pipeline({"id": "api", "steps": steps})
    path = work.tree("api").path
    assert (notes / "seen").read_text() == f"one\n{path}/deep\nrun api {path}\n"
    assert [one.number for one in work.snapshots("api")] == [1, 2]


@pytest.mark.parametrize(
    "fields",
    [
        {"tool": "codex", "prompt": "x", "permission": "read"},
        {"tool": "tests"},
        {"tool": "shell", "command": {"exe": "true"}},
    ],
)
def test_what_only_reads_or_is_no_coding_tool_works_in_place(
    work: IsolatedWork, fields: dict[str, Any]
) -> None:
    job = {**fields, "job_id": "one", "run_id": "run", "paths": {"repo_root": str(work.repo)}}
    work.signalbox("submit", work.signalbox.file("one.json", job))
    assert not work.has_tree()
    assert work.stream().review is ReviewState.NONE


@pytest.mark.parametrize("word", ["in_place", "none"])
def test_a_job_file_may_say_that_it_works_in_place(work: IsolatedWork, word: str) -> None:
    work.run(work.job("echo x > x.txt", metadata={"isolation": word}))
    assert not work.has_tree()
    assert (work.repo / "x.txt").exists()


def test_the_project_file_and_the_setting_say_where_jobs_work_that_say_nothing(work: IsolatedWork) -> None:
    work.signalbox("settings", "set", "isolation", "in_place")
    work.run(work.job("echo x > x.txt"))
    assert not work.has_tree()
    work.signalbox("settings", "reset", "isolation")
    (work.repo / ".signalbox.yaml").write_text("isolation: worktree\ntarget: release\nreview: none\n")
    work.run(work.job("echo y > y.txt", "two", run="second"))
    assert work.tree(run="second").target == "release"
    assert work.stream(run="second").review is ReviewState.APPROVED
    assert not (work.repo / "y.txt").exists()


def test_steps_that_disagree_are_an_error_of_the_file_that_names_both(work: IsolatedWork) -> None:
    steps = [
        agent("true", name="edit", metadata={"isolation": "worktree"}),
        agent("true", name="check", metadata={"isolation": "in_place"}),
    ]
    file = work.signalbox.file(
        "p.json", {"title": "t", "repo": str(work.repo), "workstreams": [{"id": "a", "steps": steps}]}
    )
    answer = work.signalbox("validate", file, code=2)
    assert "edit" in answer.err + answer.out
    assert "check" in answer.err + answer.out
    assert "workstream a" in answer.err + answer.out


def test_a_repository_without_a_commit_is_worked_on_in_place_unless_a_worktree_is_named(
    tmp_path: Path,
) -> None:
    work = IsolatedWork(tmp_path)
    work.git("update-ref", "-d", "HEAD")
    work.run(work.job("echo x > x.txt"))
    assert not work.has_tree()
    job = work.job("echo y > y.txt", "two", run="second", metadata={"isolation": "worktree"})
    answer = work.signalbox("run", work.signalbox.file("two.json", job), code=2)
    assert "has none" in answer.err


def test_workstreams_of_one_repository_run_side_by_side_from_the_same_commit(work: IsolatedWork) -> None:
    meet = work.signalbox.folder
    line = "touch {meet}/{me}; until [ -e {meet}/{other} ]; do sleep 0.02; done; echo {me} > {me}.txt"
    streams = [
        {"id": me, "steps": [agent(line.format(meet=meet, me=me, other=other))]}
        for me, other in (("a", "b"), ("b", "a"))
    ]
    for stream in streams:
        stream["files"] = ["*.txt"]
    work.run_pipeline(*streams)
    assert work.tree("a").base_commit == work.tree("b").base_commit
    assert work.content(work.tree("a").head, "a.txt") == "a"


def test_a_workstream_after_others_starts_from_their_merged_work(work: IsolatedWork) -> None:
    work.run_pipeline(
        {"id": "a", "steps": [agent("echo a > a.txt")]},
        {"id": "b", "steps": [agent("echo b > b.txt")]},
        {"id": "c", "after": ["a", "b"], "steps": [agent("cat a.txt b.txt > c.txt")]},
    )
    tree = work.tree("c")
    assert work.content(tree.head, "c.txt") == "a\nb"
    parents = work.git("rev-parse", f"{tree.base_commit}^1", f"{tree.base_commit}^2").split()
    assert parents == [work.tree("a").head, work.tree("b").head]


def test_where_the_work_before_it_conflicts_a_person_is_needed_and_may_retry(work: IsolatedWork) -> None:
    work.run_pipeline(
        {"id": "a", "steps": [agent("echo a > hello.py")]},
        {"id": "b", "steps": [agent("echo b > hello.py")]},
        {"id": "c", "after": ["a", "b"], "steps": [agent("echo c > c.txt", name="last")]},
        code=1,
    )
    with work.signalbox.store() as store:
        (job,) = [one for one in store.list_jobs("run") if one.ws_id == "c"]
    assert (job.status, job.hold_cause) == (JobStatus.HELD, "conflict")
    assert job.hold_reason is not None
    assert "work of a and b" in job.hold_reason
    assert "hello.py" in job.hold_reason


def test_a_retry_finds_the_files_as_the_failed_attempt_found_them(work: IsolatedWork) -> None:
    seen = work.signalbox.folder / "seen"
    work_half = "touch half.txt; echo half >> hello.py; git add -A; git commit -qm half"
    line = f"ls >> {seen}; {work_half}; [ $(grep -c hello.py {seen}) -gt 1 ]"
    work.run(work.job(line, metadata={"retry": {"limit": 1, "interval_sec": 0, "backoff": "immediate"}}))
    assert "half.txt" not in seen.read_text()
    assert work.content(work.tree().head).count("half") == 1
    assert [one.attempt_id is None for one in work.snapshots()] == [False, True, False]


def test_a_retry_may_go_on_with_the_files_as_they_are(work: IsolatedWork) -> None:
    seen = work.signalbox.folder / "seen"
    line = f"ls >> {seen}; touch half.txt; [ $(grep -c hello.py {seen}) -gt 1 ]"
    retry = {"retry": {"limit": 1, "interval_sec": 0, "backoff": "immediate"}, "on_retry": "continue"}
    work.run(work.job(line, metadata=retry))
    assert "half.txt" in seen.read_text()


def test_a_job_added_later_joins_the_tree_of_its_workstream(work: IsolatedWork) -> None:
    work.run(work.job("echo one > one.txt"))
    first = work.tree().head
    work.run(work.job("cat one.txt > two.txt", "two"))
    tree = work.tree()
    assert work.content(tree.head, "two.txt") == "one"
    assert tree.head != first
    assert work.git("merge-base", str(first), str(tree.head)).strip() == first


def test_a_tree_that_was_removed_is_made_again_from_its_branch(work: IsolatedWork) -> None:
    work.run(work.job("echo one > one.txt"))
    tree = work.tree()
    work.git("worktree", "remove", tree.path)
    with work.signalbox.store() as store:
        store.trees.change(tree, state=TreeState.REMOVED)
    work.run(work.job("cat one.txt > two.txt", "two"))
    assert work.content(work.tree().head, "two.txt") == "one"


def test_names_that_git_refuses_and_names_that_are_taken_get_others(work: IsolatedWork) -> None:
    work.git("branch", "signalbox/a%2e.b/x%2elock")
    job = work.job("echo x > x.txt", run="a..b")
    work.run({**job, "workstream_id": "x.lock"})
    tree = work.tree("x.lock", "a..b")
    assert tree.branch == "signalbox/a%2e.b/x%2elock-2"
    assert tree.path.endswith("/a%2e.b/x%2elock-2")
    assert work.git("rev-parse", tree.branch).strip() == tree.head


def test_a_task_is_read_from_the_users_own_tree_where_it_may_not_be_committed(work: IsolatedWork) -> None:
    (work.repo / "task.md").write_text("Do it.\n")
    heard = work.signalbox.folder / "heard"
    tool = work.signalbox.folder / "aider"
    tool.write_text(
        f'#!/bin/sh\nfor word; do [ -f "$word" ] && cat "$word" >> {heard}; done\necho x >> hello.py\n'
    )
    tool.chmod(0o755)
    work.signalbox("settings", "set", "tool_paths", "aider", str(tool))
    paths = {"repo_root": str(work.repo)}
    job = {
        "tool": "aider",
        "job_id": "one",
        "run_id": "run",
        "paths": paths,
        "metadata": {"message_file": "task.md"},
    }
    work.run(job)
    assert "Do it." in heard.read_text()


def test_a_job_of_another_repository_in_the_same_workstream_stays_there(work: IsolatedWork) -> None:
    other = small_repository(work.signalbox.folder / "other")
    there = {**shell("echo x > x.txt"), "job_id": "two", "run_id": "run", "paths": {"repo_root": str(other)}}
    work.run(work.job("echo y > y.txt"), there)
    assert (other / "x.txt").exists()
    assert not (work.repo / "y.txt").exists()


def test_a_conflict_before_a_workstream_that_was_solved_lets_it_start_when_it_is_released(
    work: IsolatedWork,
) -> None:
    work.run_pipeline(
        {"id": "a", "steps": [agent("echo a > hello.py")]},
        {"id": "b", "steps": [agent("echo b > hello.py; echo b > b.txt")]},
        {"id": "c", "after": ["a", "b"], "steps": [agent("cat hello.py b.txt > c.txt")]},
        code=1,
    )
    tree = work.tree("b")
    in_b = git_caller(Path(tree.path))
    in_b("checkout", "-q", str(tree.base_commit), "--", "hello.py")
    in_b("commit", "-qam", "not mine")
    with work.signalbox.store() as store:
        store.trees.change(tree, head=work.git("rev-parse", tree.branch).strip())
        (job,) = [one for one in store.list_jobs("run") if one.ws_id == "c"]
    work.signalbox("release", job.job_id)
    work.signalbox("engine", "--until-idle")
    assert work.content(work.tree("c").head, "c.txt") == "a\nb"


def test_what_a_repository_has_fetched_is_the_base_of_every_workstream(work: IsolatedWork) -> None:
    upstream = small_repository(work.signalbox.folder / "upstream")
    work.git("remote", "add", "origin", str(upstream))
    (upstream / "newest.txt").write_text("newest\n")
    there = git_caller(upstream)
    there("add", "-A")
    there("commit", "-qm", "newest")
    fetched = {"base": "origin/main", "fetch": True}
    work.run_pipeline(
        {"id": "a", "steps": [agent("cat newest.txt > a.txt")], **fetched},
        {"id": "b", "steps": [agent("cat newest.txt > b.txt")], **fetched},
    )
    assert work.tree("a").base_commit == work.tree("b").base_commit == there("rev-parse", "HEAD").strip()
    assert work.content(work.tree("a").head, "a.txt") == "newest"


def test_where_nothing_can_be_fetched_the_job_is_held_with_the_reason(work: IsolatedWork) -> None:
    work.git("remote", "add", "origin", str(work.signalbox.folder / "nowhere"))
    work.run(work.job("true", metadata={"base": "origin/main", "fetch": True}), code=1)
    job = work.signalbox.job("one")
    assert (job.status, job.hold_cause) == (JobStatus.HELD, "fetch")
    assert job.hold_reason is not None
    assert "was not fetched" in job.hold_reason


def test_no_program_that_the_repository_names_is_run_to_fetch(work: IsolatedWork) -> None:
    ran = work.signalbox.folder / "ran"
    work.git("remote", "add", "origin", "ssh://example.invalid/x")
    work.git("config", "core.sshCommand", f"touch {ran}; false")
    work.run(work.job("true", metadata={"fetch": True}), code=1)
    assert "core.sshcommand" in str(work.signalbox.job("one").hold_reason)
    assert not ran.exists()


def test_the_commit_of_the_rest_of_the_work_is_named_for_the_job(work: IsolatedWork) -> None:
    work.run(work.job("echo more >> hello.py", metadata={"title": "Make it more"}))
    message = work.git("log", "-1", "--format=%B", str(work.tree().head))
    assert message.splitlines() == ["Make it more", "", "Workstream main of run run"]


def test_an_edit_does_not_move_a_job_out_of_the_tree_of_its_workstream(work: IsolatedWork) -> None:
    work.signalbox("submit", "--hold", work.signalbox.file("one.json", work.job("true")))
    with work.signalbox.store() as store:
        spec = store.job_spec("one")
        elsewhere = spec.evolve(metadata=spec.metadata.model_copy(update={"isolation": "in_place"}))
        with pytest.raises(CommandRefusedError, match="isolation worktree"):
            store.job_control.edit("one", elsewhere)
        assert store.job_control.edit("one", spec.evolve(prompt="y")).tree == work.tree().path
