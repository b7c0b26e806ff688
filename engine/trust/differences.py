"""Says what has changed between a launch plan and the one that was trusted, in plain clauses."""

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from engine.system.formatting import plural
from engine.trust.fingerprints import BoundFile
from engine.trust.launch_plan import LaunchPlan
from engine.trust.repository_state import RepositoryState

BOUND_TOO_LITTLE = "it was trusted before Signalbox bound all that it may load"
_NAMED = 3
_FOLLOWS = {
    "exe": ("program",),
    "exe_print": ("program", "exe"),
    "repo_id": ("repo",),
}


def differences(now: LaunchPlan, before: LaunchPlan) -> list[str]:
    """What has changed since it was trusted, one plain clause for each change."""
    clauses = {
        "repo": f"it works in {now.repo}, not in {before.repo}",
        "repo_id": "another folder is now where the repository was",
        "tool": f"the tool was {before.tool}",
        "cwd": f"it starts in {now.cwd}, not in {before.cwd}",
        "program": f"the program was {before.program}",
        "exe": f"{PurePath(now.program).name} was {before.exe}",
        "exe_print": f"{PurePath(now.exe).name} has changed",
        "args": "the arguments differ",
        "env": "the variables differ",
    }
    changed = [name for name in clauses if getattr(before, name) != getattr(now, name)]
    found = [clauses[name] for name in changed if not _follows(name, changed)]
    if "args" not in changed:  # other arguments name other files
        found += _files(now.files, before.files)
    if now.state is not None and before.state is not None:
        found += [clause for clause in repository_changes(now.state, before.state) if clause not in found]
    return found


def repository_changes(now: RepositoryState, before: RepositoryState) -> list[str]:
    """What differs between two states of a repository, as clauses."""
    if now.problem:
        return [now.problem]
    clauses = [f"the commit is another ({now.commit[:8] or 'none'})"] if now.commit != before.commit else []
    if now.contents != before.contents or (not clauses and now.tree != before.tree):
        known = now.count == len(now.files) and before.count == len(before.files)
        named = list(_files(now.files, before.files)) if known else []
        clauses += named or ["files of the repository have changed"]
    return clauses


def _files(now: Sequence[BoundFile], before: Sequence[BoundFile]) -> Iterator[str]:
    here, then = dict(now), dict(before)
    changed = sorted(path for path in here.keys() | then.keys() if here.get(path) != then.get(path))
    names = ", ".join(PurePath(path).name for path in changed[:_NAMED])
    if len(changed) == 1:
        yield f"{names} has changed"
    elif changed:
        more = f" and {len(changed) - _NAMED:,} more" if len(changed) > _NAMED else ""
        yield f"{plural(len(changed), 'file')} have changed: {names}{more}"


def _follows(name: str, changed: Sequence[str]) -> bool:
    return any(other in changed for other in _FOLLOWS.get(name, ()))
