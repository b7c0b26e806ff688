"""Says what has changed between a launch plan and the one that was trusted, in plain clauses."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import PurePath

from engine.trust.launch_plan import LaunchPlan


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
        "script": f"the script was {before.script or 'none'}",
        "script_print": f"{PurePath(now.script).name} has changed",
        "args": "the arguments differ",
        "env": "the variables differ",
    }
    then, here = asdict(before), asdict(now)
    changed = [name for name in clauses if then[name] != here[name]]
    return [clauses[name] for name in changed if not _follows(name, changed)]


_FOLLOWS = {
    "exe": ("program",),
    "exe_print": ("program", "exe"),
    "script_print": ("script",),
    "repo_id": ("repo",),
}


def _follows(name: str, changed: Sequence[str]) -> bool:
    return any(other in changed for other in _FOLLOWS.get(name, ()))
