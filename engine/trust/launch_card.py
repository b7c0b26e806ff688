"""The text of the trust card, the same in the window and the terminal: plain, with every character visible."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from engine.jobfile.tool_names import is_coding_tool
from engine.system.formatting import plural
from engine.system.plain_text import code_of, escaped_characters, is_plain
from engine.trust.binding import Binding
from engine.trust.grants import Grant
from engine.trust.launch_plan import OWN_COMMAND, TASK, LaunchPlan
from engine.trust.policy import LaunchPreview
from engine.trust.repository_state import RepositoryState

_LONGEST_TASK = 600
_LONGEST_WORD = 20_000
_NAMED = 3
_BINDING_WORDS = {
    Binding.ONCE: "once",
    Binding.FILES: "while its files stay the same",
    Binding.REPOSITORY: "while the repository stays the same",
    Binding.ANYTHING: "whatever the repository holds",
}


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
    tests = next((each for each in preview.plans if each.is_of_evidence), None)
    next_tools = ", then ".join(each.tool for each in preview.plans[1:] if not each.is_beside)
    beside = [each for each in preview.plans if each.is_beside]
    facts = (
        ("From", shortened(preview.source)),
        ("Where", shortened(plan.cwd)),
        ("May read", _may_read(plan)),
        ("Task", _cut(escaped(preview.task), _LONGEST_TASK)),
        ("Then tests", "" if tests is None else " ".join(argv_of(tests))),
        *((each.tool.capitalize(), " ".join(argv_of(each))) for each in beside if each is not tests),
        ("If it fails", next_tools),
        ("Loads", loads(plan)),
        ("If trusted", escaped(if_trusted(preview))),
        ("Repository", escaped(_state_words(preview))),
        ("Changed", escaped(preview.changed) or "you have not trusted this before"),
        ("Problem", escaped(next((each.problem for each in (plan, *beside) if each.problem), ""))),
    )
    shown = next((each for each in preview.plans if each.script or each.exe_print), plan)
    return TrustCardText(
        title=f"{escaped(name)} wants to {_intent(plan)}",
        argv=argv_of(plan),
        facts=tuple((label, text) for label, text in facts if text),
        badges=tuple(_cut(escaped(concern), 200) for concern in preview.concerns),
        script=shown.script or (shown.exe if shown.exe_print else ""),
        script_print=shown.script_print or shown.exe_print,
    )


def loads(plan: LaunchPlan) -> str:
    """What the program may load of the repository; what is not certain is not said."""
    if not plan.loads_any:
        return ""
    return f"it may load any file of the {_place(plan)}, even one that is not named here"


def if_trusted(preview: LaunchPreview) -> str:
    """What a lasting grant would be bound to, or why there can be none."""
    plan = next((each for each in preview.plans if each.lasting is None), None)
    if plan is not None:
        reason = plan.unbound or (plan.state.problem if plan.state is not None else "its state was not read")
        return f"only for one start, or whatever the repository holds: {reason}"
    plan = next((each for each in preview.plans if each.loads_any), preview.plans[0])
    bound = [plan, *(each for each in preview.plans if each.is_beside)]
    files = dict.fromkeys(path for each in bound for path in _files_of(each))
    names = [os.path.relpath(path, plan.repo) for path in files]
    more = f" and {plural(len(names) - _NAMED, 'more file', 'more files')}" if len(names) > _NAMED else ""
    own = f"this command{' and the contents of ' if names else ''}{', '.join(names[:_NAMED])}{more}"
    if plan.state is None:
        return f"bound to {own}"
    return f"bound to {own}, and to the whole {_place(plan)}"


def _files_of(plan: LaunchPlan) -> list[str]:
    return [*([plan.exe] if plan.exe_print else []), *(file.path for file in plan.files)]


def _place(plan: LaunchPlan) -> str:
    is_folder = plan.state is not None and not plan.state.problem and not plan.state.has_git
    return "folder" if is_folder else "repository"


def _state_words(preview: LaunchPreview) -> str:
    """What a grant would be bound to of the whole repository; empty where it is bound to none of that."""
    state = next((plan.state for plan in preview.plans if plan.loads_any and plan.state is not None), None)
    if state is None or any(plan.lasting is None for plan in preview.plans):
        return ""
    if not state.has_git:
        besides = " besides the job file" if state.with_source else ""
        return (
            f"all {plural(state.count - state.linked, 'file')} of the folder{besides}{_linked_words(state)}"
        )
    commit = f"commit {state.commit[:8]} and all that differs from it" if state.commit else "all its files"
    return (
        f"{commit}, git's settings and hooks{_linked_words(state)}; "
        "files that git ignores are not bound, except .env and what the command may name"
    )


def _linked_words(state: RepositoryState) -> str:
    return f" and {plural(state.linked, 'file')} outside of it that its links lead to" if state.linked else ""


def binding_words(grant: Grant) -> str:
    """How far a grant reaches, as lists of grants show it."""
    if grant.bound_too_little:
        return "needs a new grant: granted before Signalbox bound all it may load"
    return _BINDING_WORDS[grant.binding]


def argv_of(plan: LaunchPlan) -> tuple[str, ...]:
    """The program and its arguments, one line each, with invisible characters escaped."""
    words = (plan.program, *plan.args)
    return tuple(word if word == TASK else _cut(escaped(word), _LONGEST_WORD) for word in words)


def escaped(text: str) -> str:
    """The text with every character escaped that is invisible or would be shown as something else."""
    if is_plain(text):
        return text
    plain = text.replace("\\", "\\\\")  # keeps an escaped character distinct from a typed backslash sequence
    shown = zip(plain, escaped_characters(plain), strict=True)
    return "".join(one if each.isprintable() else _escape(each) for each, one in shown)


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
    if OWN_COMMAND in plan.concerns:
        return "run a command of its own"
    return (
        f"let {plan.tool} work in {PurePath(plan.repo).name}"
        if is_coding_tool(plan.tool)
        else f"run {plan.tool}"
    )


def _may_read(plan: LaunchPlan) -> str:
    own = [escaped(each) for each in plan.env]
    keys = is_coding_tool(plan.tool) and OWN_COMMAND not in plan.concerns
    usual = "PATH, HOME, LANG and the like"
    more = [*([f"the keys of {plan.tool}"] if keys else []), *own]
    return f"{usual}, and {joined_with_and(more)}" if more else f"{usual}; no keys or tokens"


def _escape(character: str) -> str:
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e"}
    return known.get(character) or code_of(character)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters)"
