import ast
import re
from collections.abc import Iterator
from pathlib import Path

from state.records import GroupStatus, JobStatus
from state.worktree_records import MergeState, TreeState

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "specs" / "events.md").read_text(encoding="utf-8")
LISTED = set(re.findall(r"^\| `(\w+\.\w+)` \|", PAGE, flags=re.MULTILINE))
EVENT_TYPE = re.compile(
    r"^(run|workstream|job|hold|limit|setting|engine|inbox|files?|attempt|comment|merge|worktree|conflict"
    r"|recurring|alarm|tool)\.[a-z_]+$"
)
FROM_STATES = (
    {f"job.{status}" for status in JobStatus}
    | {f"run.{status}" for status in GroupStatus}
    | {f"workstream.{status}" for status in GroupStatus}
    | {f"merge.{what}" for what in (*MergeState, "held", "released", "moved")}
    | {f"worktree.{state}" for state in (TreeState.ARCHIVED, TreeState.REMOVED)}
)


def recorded_event_types() -> Iterator[str]:
    """Every event type that is written out in a call which records an event, or plans one."""
    for file in [*ROOT.glob("state/**/*.py"), *ROOT.glob("engine/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            yield from (
                word.value
                for word in _event_words(node)
                if isinstance(word, ast.Constant)
                and isinstance(word.value, str)
                and EVENT_TYPE.match(word.value)
            )


def _event_words(node: ast.AST) -> Iterator[ast.expr]:
    """Where an event type may stand: the arguments of a call, or its entry in a dictionary of such arguments."""
    match node:
        case ast.Call():
            if _name(node.func) in {"record_event", "record_event_once", "event_row", "JobChange"}:
                yield from node.args[:2]
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "event_type")
        case ast.Dict():
            yield from (
                word
                for key, word in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "event_type"
            )


def _name(function: ast.expr) -> str:
    match function:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def test_every_event_type_is_listed_once() -> None:
    lines = re.findall(r"^\| `(\w+\.\w+)` \|", PAGE, flags=re.MULTILINE)
    assert sorted(lines) == sorted(set(lines))


def test_every_event_type_the_code_records_is_listed() -> None:
    escape_invisible = set(recorded_event_types())
    assert len(escape_invisible) > 5
    assert (escape_invisible | FROM_STATES) - LISTED == set()


def test_nothing_is_listed_that_the_code_does_not_record() -> None:
    assert LISTED - FROM_STATES - set(recorded_event_types()) == set()
