"""Whether a worktree is set up as its project file says."""

from dataclasses import replace
from typing import Any

from engine.jobfile.project_file import NO_PROJECT_FILE, ProjectFile
from engine.worktrees.tree_setup import is_set_up, setup_digest, tree_context
from state.worktree_records import Worktree

TREE = Worktree(run_id="r", ws_id="w", repo="/repo", path="/trees/r/w", branch="b", port_base=20_040)


def project(**fields: Any) -> ProjectFile:
    return ProjectFile.model_validate(fields)


SETUP = project(setup={"exe": "make", "args": ["deps"], "timeout_seconds": 5})


def test_where_nothing_is_to_be_set_up_every_worktree_is() -> None:
    assert setup_digest(NO_PROJECT_FILE) == ""
    assert is_set_up(TREE, project(target="main", check={"exe": "make"}))


def test_the_setup_is_run_once_and_again_after_a_reset_or_another_setup() -> None:
    context = tree_context(TREE, SETUP, job_id="j")
    assert (context.setup, context.setup_timeout_s) == (("make", "deps"), 5.0)
    done = replace(TREE, setup_digest=context.setup_digest)
    assert tree_context(done, SETUP, job_id="k").setup == ()
    assert tree_context(replace(done, setup_digest=None), SETUP, job_id="k").setup == ("make", "deps")
    other = project(setup={"exe": "make", "args": ["deps", "more"]})
    assert tree_context(done, other, job_id="k").setup == ("make", "deps", "more")
    slower = project(setup={"exe": "make", "args": ["deps"], "timeout_seconds": 50})
    assert tree_context(done, slower, job_id="k").setup == ()


def test_files_that_are_brought_are_part_of_it() -> None:
    assert len({setup_digest(project(carry=[".env"])), setup_digest(project(link=[".env"])), ""}) == 3


def test_a_program_there_knows_where_it_is() -> None:
    assert tree_context(TREE, NO_PROJECT_FILE, job_id="j").variables == {
        "SIGNALBOX_RUN": "r",
        "SIGNALBOX_WORKSTREAM": "w",
        "SIGNALBOX_JOB": "j",
        "SIGNALBOX_WORKTREE": "/trees/r/w",
        "SIGNALBOX_PORT_BASE": "20040",
    }
