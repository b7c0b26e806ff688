"""What a job would start in the worktree of its workstream, as a person is shown it before letting it run there."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.jobfile.placing import is_in_tree, placed
from engine.jobfile.project_file import valid_project_of
from engine.jobfile.spec import JobSpec
from engine.tool_defaults import ToolDefaults, as_permitted, tools_in
from engine.trust.launch_plan import LaunchPlan
from engine.trust.placed_jobs import PlacedJob, placed_plans
from engine.trust.repository_state import RepositoryStates
from engine.types import TreeContext
from engine.worktrees.tree_setup import tree_context
from state.records import Job
from state.worktree_records import TreeState, Worktree


@dataclass(frozen=True)
class PlacedLaunch:
    """A job as its next attempt runs it in its worktree."""

    spec: JobSpec
    worktree: TreeContext

    def plans(self, tool_paths: Mapping[str, str], states: RepositoryStates) -> tuple[LaunchPlan, ...]:
        """What that would start, as it lies there now."""
        return placed_plans(PlacedJob.of(self.spec, self.worktree), tool_paths, states)


def placed_launch(
    job: Job, stored: JobSpec, tree: Worktree | None, defaults: Mapping[str, ToolDefaults]
) -> PlacedLaunch | None:
    """The job in its worktree; None where it works in place, or there is no worktree yet."""
    if tree is None or tree.state is not TreeState.READY or not is_in_tree(stored, tree):
        return None
    project = valid_project_of(Path(tree.repo))
    spec = as_permitted(stored.at_rung(job.rung, job.tool), tools_in(stored.repo_root, defaults))
    return PlacedLaunch(placed(spec, tree), tree_context(tree, project, job_id=job.job_id))
