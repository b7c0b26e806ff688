"""Runs the teardown of the project file in a worktree that is to go: bounded, logged, no reason to keep it."""

import os
from pathlib import Path

from engine.adapters.invocations import plain_environment
from engine.errors import JobFileError, SpawnError
from engine.jobfile.project_file import project_of
from engine.merging.check_run import CheckOrder, Stop, run_check
from engine.settings import Settings
from engine.system.home import Home
from engine.system.tool_paths import resolve, search_path
from engine.worktrees.tree_setup import tree_context
from state.worktree_records import Worktree


def tear_down(tree: Worktree, home: Home, settings: Settings) -> str:
    """Run it and wait for its end; why it failed, as a sentence, or empty where it did not or there is none."""
    try:
        project = project_of(Path(tree.repo))
        command = project.teardown
        if command is None or not Path(tree.path).is_dir():
            return ""
        found = resolve(
            command.exe, path=search_path(), tool_paths=settings.tool_paths, working_dir=Path(tree.path)
        )
        log = teardown_log(home, tree)
        order = CheckOrder(
            argv=(str(found), *command.args),
            env={**plain_environment(), **tree_context(tree, project).variables},
            timeout_s=command.timeout_seconds,
            log=log,
            what="teardown",
        )
        problem = run_check(order, Path(tree.path), stop=Stop())
    except (JobFileError, SpawnError) as error:
        return f"The teardown did not run: {error}"
    except OSError as error:
        return f"The teardown did not run: {error.filename or tree.path}: {error.strerror}."
    return f"{problem} Its log is {log}." if problem else ""


def teardown_log(home: Home, tree: Worktree) -> Path:
    """The file with what the teardown of a worktree has printed."""
    return home.logs / "teardowns" / f"{tree.run_id}-{tree.ws_id}.log".replace(os.sep, "-")
