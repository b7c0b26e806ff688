"""What a worktree is to be set up with before a job runs there, and whether it is; runs nothing itself."""

import hashlib
import json
from pathlib import Path

from engine.jobfile.project_file import ProjectFile
from engine.types import TreeContext
from state.worktree_records import Worktree


def setup_digest(project: ProjectFile) -> str:
    """Identifies what a project file has done in a new worktree; empty where that is nothing."""
    if project.setup is None and not project.carry and not project.link:
        return ""
    command = None if project.setup is None else [project.setup.exe, *project.setup.args]
    found = json.dumps([project.carry, project.link, command])
    return hashlib.sha256(found.encode("utf-8", "surrogatepass")).hexdigest()


def is_set_up(tree: Worktree, project: ProjectFile) -> bool:
    """Whether everything that the project file has done in a new worktree has been done in this one."""
    return setup_digest(project) in {"", tree.setup_digest}


def tree_context(tree: Worktree, project: ProjectFile, *, job_id: str = "") -> TreeContext:
    """The worktree as an attempt of this job, or what runs there for none, needs it, with the setup still to be run."""
    due = None if is_set_up(tree, project) else project.setup
    return TreeContext(
        run_id=tree.run_id,
        ws_id=tree.ws_id,
        job_id=job_id,
        path=Path(tree.path),
        port_base=tree.port_base,
        setup=() if due is None else (due.exe, *due.args),
        setup_timeout_s=600.0 if due is None else due.timeout_seconds,
        setup_digest=setup_digest(project),
        repo=Path(tree.repo),
        base_commit=tree.base_commit or "HEAD",
    )
