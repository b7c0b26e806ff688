"""What the welcome says about a tool and a folder: only what is known. Pure functions."""

from collections.abc import Iterable

from engine.system.recent_repositories import FolderKind
from engine.types import LogIn, ToolProbe
from gui.data.tool_presence import can_be_used
from gui.translation import tr, translatable

_LOG_INS = {
    LogIn.LOGGED_IN: translatable("logged in"),
    LogIn.NO: translatable("not logged in"),
    LogIn.UNKNOWN: translatable("log-in not checked"),
    None: translatable("log-in not checked"),
}
_FOLDERS = {
    FolderKind.NONE: (translatable("Choose a folder, or drop one here."), "t3"),
    FolderKind.MISSING: (
        translatable("There is no such folder. Choose another, or write its whole path."),
        "failed",
    ),
    FolderKind.PLAIN: (
        translatable(
            "This is no git repository. Commands and tests can run here; for a coding tool, run git init in it "
            "and commit its files first."
        ),
        "queued",
    ),
    FolderKind.REPOSITORY: (
        translatable("A git repository. A coding tool works in a worktree of its own."),
        "completed",
    ),
    FolderKind.NO_GIT: (
        translatable(
            "git was not found on PATH. Commands and tests can run here; coding tools need git, so install it."
        ),
        "queued",
    ),
}


def tool_words(probe: ToolProbe | None) -> str:
    """Whether a tool was found and whether somebody is logged in to it, as far as that is known."""
    if probe is None:
        return tr("looking…")
    if probe.path is None:
        return tr("not found")
    if probe.problem:
        return tr("found, but it does not answer")
    return ", ".join(filter(None, (tr("found"), probe.version, tr(_LOG_INS[probe.login]))))


def folder_words(kind: FolderKind) -> tuple[str, str]:
    """What a folder can be used for and what to do about it, and the colour of that sentence."""
    words, color = _FOLDERS[kind]
    return tr(words), color


def first_template(probes: Iterable[ToolProbe]) -> str:
    """The template to begin with: one for a coding tool only if such a tool can be used."""
    return "fix-a-failing-test" if any(map(can_be_used, probes)) else "run-a-command"
