"""The trust card in words, for the window and the terminal alike: plain text in which every character shows. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from engine.jobfile.spec import AGENTS
from engine.trust.launch import TASK, LaunchPlan
from engine.trust.policy import LaunchPreview

_LONGEST_TASK = 600
_LONGEST_WORD = 20_000


@dataclass(frozen=True, kw_only=True)
class TrustCardText:
    """`argv` has one line for each word, `facts` are (label, text), `badges` say in red what needs a second look.

    `script` is the file of the repository that would run, which can be shown, with the print it had; both may be empty.
    """

    title: str
    argv: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    badges: tuple[str, ...] = ()
    script: str = ""
    script_print: str = ""


def card_of(look: LaunchPreview, name: str) -> TrustCardText:
    """What a person is told of a job; `name` is what the person knows it by, its file or its id."""
    start = look.starts[0]
    rungs = ", then ".join(rung.tool for rung in look.starts[1:])
    facts = (
        ("From", shortened(look.source)),
        ("Where", shortened(start.cwd)),
        ("May read", _may_read(start)),
        ("Task", _cut(escaped(look.task), _LONGEST_TASK)),
        ("If it fails", rungs),
        ("Changed", escaped(look.changed) or "you have not trusted this before"),
        ("Problem", escaped(start.problem)),
    )
    return TrustCardText(
        title=f"{escaped(name)} wants to {_wants(start)}",
        argv=argv_of(start),
        facts=tuple((label, text) for label, text in facts if text),
        badges=tuple(_cut(escaped(concern), 200) for concern in look.concerns),
        script=start.script or (start.exe if start.exe_print else ""),
        script_print=start.script_print or start.exe_print,
    )


def argv_of(start: LaunchPlan) -> tuple[str, ...]:
    """The program and its arguments, one a line, with every character that would not show written out."""
    words = (start.program, *start.args)
    return tuple(word if word == TASK else _cut(escaped(word), _LONGEST_WORD) for word in words)


def escaped(text: str) -> str:
    """The text with everything that would not show, or would show as something else, written out."""
    if text.isprintable():
        return text
    plain = text.replace("\\", "\\\\")  # or a written-out character could not be told from two typed ones
    return "".join(each if each.isprintable() else _written_out(each) for each in plain)


def shortened(path: str) -> str:
    """A path with the user's own folder as ``~``."""
    home = str(Path.home())
    inside = path == home or path.startswith(f"{home}/")
    return escaped(f"~{path.removeprefix(home)}" if inside else path)


def told(names: Sequence[str]) -> str:
    """Words as a sentence lists them."""
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else "".join(names)


def _wants(start: LaunchPlan) -> str:
    if start.exe_print or start.script:
        return "run a command from the repository"
    if start.tool in AGENTS:
        return f"let {start.tool} work in {PurePath(start.repo).name}"
    return "run a command of its own" if start.tool == "shell" else f"run {start.tool}"


def _may_read(start: LaunchPlan) -> str:
    own = [escaped(each) for each in start.env]
    keys = start.tool in AGENTS
    usual = "PATH, HOME, LANG and the like"
    rest = f", the keys of {start.tool}" if keys else "" if own else "; no keys or tokens"
    return f"{usual}{rest}" + (f", and {told(own)}" if own else "")


def _written_out(character: str) -> str:
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e"}
    code = ord(character)
    short = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004
    return known.get(character, short)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"
