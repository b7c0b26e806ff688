"""Preview what a held job would run. Reads the repository, so it is called outside the GUI thread."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import CommandRefusedError
from engine.jobfile.spec import JobSpec
from engine.settings import Settings
from engine.trust.policy import LaunchPreview, preview_launch, with_current_tool
from engine.trust.repository_state import RepositoryStates
from engine.trust.trust_store import TrustStore
from engine.worktrees.placed_launch import placed_launch
from state.records import Job
from state.worktree_records import Worktree


def preview_of_job(
    job: Job, spec: Mapping[str, Any], *, settings: Settings, home: Path, tree: Worktree | None = None
) -> LaunchPreview | None:
    """The launch preview of `job` with the file `spec`, as it lies in its worktree; None if nothing could start it."""
    states = RepositoryStates([home])
    try:
        valid = with_current_tool(JobSpec.model_validate(dict(spec)), job.tool)
        there = placed_launch(job, valid, tree, settings.tools)
    except (ValueError, CommandRefusedError):
        return None
    return preview_launch(
        valid,
        TrustStore(),
        tool_paths=settings.tool_paths,
        defaults=settings.tools,
        isolation=settings.isolation,
        source=job.source_path or "",
        states=states,
        plans=None if there is None else there.plans(settings.tool_paths, states),
    )
