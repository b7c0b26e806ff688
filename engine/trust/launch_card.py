"""The text of the trust card, the same in the window and the terminal: plain, with every character visible."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from engine.jobfile.spec import AGENTS
from engine.system.plain_text import code_of
from engine.trust.launch_plan import TASK, LaunchPlan
from engine.trust.policy import LaunchPreview

_LONGEST_TASK = 600
_LONGEST_WORD = 20_000


@dataclass(frozen=True, kw_only=True)
class TrustCardText:
    """What a trust card shows of one job.

    Args:
        title: the file or job, and what it wants to do.
        argv: the program and its arguments, one line each.
        facts: pairs of label and text.
        badges: the concerns that need a second look, shown in red.
        script: the file of the repository that would run and can be shown, or empty.
        script_print: its fingerprint, or empty.
    """

    title: str
    argv: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    badges: tuple[str, ...] = ()
    script: str = ""
    script_print: str = ""


def trust_card_text(preview: LaunchPreview, name: str) -> TrustCardText:
    """The card of a job; `name` is what the user knows it by: its file or its id."""
    plan = preview.plans[0]
    next_tools = ", then ".join(later.tool for later in preview.plans[1:])
    facts = (
        ("From", shortened(preview.source)),
        ("Where", shortened(plan.cwd)),
        ("May read", _may_read(plan)),
        ("Task", _cut(escaped(preview.task), _LONGEST_TASK)),
        ("If it fails", next_tools),
        ("Changed", escaped(preview.changed) or "you have not trusted this before"),
        ("Problem", escaped(plan.problem)),
    )
    return TrustCardText(
        title=f"{escaped(name)} wants to {_intent(plan)}",
        argv=argv_of(plan),
        facts=tuple((label, text) for label, text in facts if text),
        badges=tuple(_cut(escaped(concern), 200) for concern in preview.concerns),
        script=plan.script or (plan.exe if plan.exe_print else ""),
        script_print=plan.script_print or plan.exe_print,
    )


def argv_of(plan: LaunchPlan) -> tuple[str, ...]:
    """The program and its arguments, one line each, with invisible characters escaped."""
    words = (plan.program, *plan.args)
    return tuple(word if word == TASK else _cut(escaped(word), _LONGEST_WORD) for word in words)


def escaped(text: str) -> str:
    """The text with every character escaped that is invisible or would be shown as something else."""
    if text.isprintable():
        return text
    plain = text.replace("\\", "\\\\")  # keeps an escaped character distinct from a typed backslash sequence
    return "".join(each if each.isprintable() else _escape(each) for each in plain)


def shortened(path: str) -> str:
    """A path with the user's home folder shortened to ``~``."""
    home = str(Path.home())
    inside = path == home or path.startswith(f"{home}/")
    return escaped(f"~{path.removeprefix(home)}" if inside else path)


def joined_with_and(names: Sequence[str]) -> str:
    """The names as a sentence lists them: ``a, b and c``."""
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else "".join(names)


def _intent(plan: LaunchPlan) -> str:
    if plan.exe_print or plan.script:
        return "run a command from the repository"
    if plan.tool in AGENTS:
        return f"let {plan.tool} work in {PurePath(plan.repo).name}"
    return "run a command of its own" if plan.tool == "shell" else f"run {plan.tool}"


def _may_read(plan: LaunchPlan) -> str:
    own = [escaped(each) for each in plan.env]
    keys = plan.tool in AGENTS
    usual = "PATH, HOME, LANG and the like"
    rest = f", the keys of {plan.tool}" if keys else "" if own else "; no keys or tokens"
    return f"{usual}{rest}" + (f", and {joined_with_and(own)}" if own else "")


def _escape(character: str) -> str:
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e"}
    return known.get(character) or code_of(character)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters)"
