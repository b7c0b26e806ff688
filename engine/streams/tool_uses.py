"""What an agent does with its tools, in words: the names of the tools of all agents, and what their arguments say.

Knows no stream; a tool that is not known is named as it is.
"""

from collections.abc import Iterable
from enum import Enum, auto
from typing import NamedTuple

from engine.streams.entries import Plan
from engine.streams.tool_json import ToolObject
from engine.streams.words import command_words, shortened, shown_path


class Deed(Enum):
    """What kind of thing a tool of an agent does."""

    COMMAND = auto()
    EDIT = auto()
    READ = auto()
    PLAN = auto()
    OTHER = auto()


_DEEDS: dict[str, Deed] = {
    **dict.fromkeys(("Bash", "PowerShell", "run_shell_command", "bash", "shell"), Deed.COMMAND),
    **dict.fromkeys(("Edit", "MultiEdit", "Write", "NotebookEdit"), Deed.EDIT),
    **dict.fromkeys(("replace", "write_file", "edit", "write", "patch", "multiedit"), Deed.EDIT),
    **dict.fromkeys(("Read", "read_file", "read_many_files", "read", "list_directory", "LS"), Deed.READ),
    **dict.fromkeys(("TodoWrite", "TaskCreate", "TaskUpdate", "write_todos", "todowrite"), Deed.PLAN),
}
_PATHS = ("file_path", "filePath", "notebook_path", "absolute_path", "dir_path", "path")
_WORDS = ("command", "pattern", "query", "url", "description", "subject", "prompt")
_DETAIL = 120
_ENDED, _DROPPED = {"completed", "done"}, {"cancelled", "deleted"}


class ToolUse(NamedTuple):
    """One use of a tool: its name, what kind of thing it does, and to what."""

    name: str
    deed: Deed = Deed.OTHER
    what: str = ""
    arguments: ToolObject = ToolObject({})

    @property
    def doing(self) -> str:
        """What is going on, as long as it has not ended."""
        match self.deed:
            case Deed.COMMAND:
                return f"running {self.what}"
            case Deed.EDIT:
                return f"editing {self.what}"
            case Deed.READ:
                return f"reading {self.what}"
            case _:
                return f"using {self.named}"

    @property
    def named(self) -> str:
        """The use without a verb: the command, the edit of a file, or the tool and to what it was put."""
        match self.deed:
            case Deed.COMMAND:
                return self.what
            case Deed.EDIT:
                return f"edit {self.what}"
            case _:
                return f"{self.name} {self.what}".strip()


def tool_use(name: str, arguments: ToolObject, root: str) -> ToolUse:
    """The use of a tool with these arguments; paths are shown as seen from the root."""
    name = shortened(name, _DETAIL) or "a tool"
    deed = _DEEDS.get(name, Deed.OTHER)
    if deed is Deed.COMMAND:
        return ToolUse(name, deed, command_words(arguments.text("command")) or "a command", arguments)
    path = next((shown_path(text, root) for key in _PATHS if (text := arguments.text(key))), "")
    if deed in {Deed.EDIT, Deed.READ}:
        return ToolUse(name, deed, path or "a file", arguments)
    detail = next((text for key in _WORDS if (text := arguments.text(key))), "")
    return ToolUse(name, deed, path or shortened(detail, _DETAIL), arguments)


def plan_of(items: Iterable[ToolObject]) -> tuple[Plan, str] | None:
    """How far a list of steps is, and the step that is being worked on; None where it has none.

    A step is an object with its `status`, or with a `completed` that is true or false.
    """
    steps = [item for item in items if item.text("status") not in _DROPPED]
    if not steps:
        return None
    done = [item.has("completed") or item.text("status") in _ENDED for item in steps]
    doing = [item for item in steps if item.text("status") == "in_progress"]
    todo = [item for item, ended in zip(steps, done, strict=True) if not ended]
    current = (doing or todo or [ToolObject({})])[0]
    names = ("activeForm", "content", "description", "text", "subject", "step", "title")
    name = next((text for key in names if (text := current.text(key))), "")
    return Plan(sum(done), len(steps)), shortened(name, _DETAIL)


def plan_words(plan: Plan, step: str = "") -> str:
    """``plan 3/5: Write the tests``."""
    return f"plan {plan.done}/{plan.total}" + (f": {step}" if step else "")
