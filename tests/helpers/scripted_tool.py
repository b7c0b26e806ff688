"""A coding tool that does what its task says line by line; declared as a user declares a tool of their own.

It is copied beside the repositories, so it knows nothing of Signalbox. The lines of a task that it obeys:
``do: write FILE TEXT``, ``do: replace FILE OLD => NEW``, ``do: ask WHAT`` (and be denied), ``do: take in BRANCH``
(merge it, whatever conflicts) and ``do: fail``. A backslash and an n in a text end a line.
"""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

DESCRIPTION = """\
exe: {exe}
args: [{script}]
prompt: stdin
resume_args: [--resume, '{{session}}']
permissions:
  edit: {{}}
output: jsonl
events:
  session: [{{id: session}}]
  message: [{{when: {{type: message}}, text: text}}]
  edit: [{{when: {{type: edit}}, path: path, added: added, removed: removed}}]
  denied: [{{when: {{type: denied}}, what: what}}]
  usage: [{{when: {{type: usage}}, input: [input], output: [output], cost_usd: cost}}]
  finished: [{{when: {{type: end}}}}]
version:
  args: [-c, 'print("1.0")']
tile: sc
"""


def declare(config: Path, name: str = "scripted") -> None:
    """Write the tool and its description into a folder of user configuration."""
    tools = config / "tools"
    tools.mkdir(parents=True, exist_ok=True)
    script = tools / f"{name}.py"
    script.write_text(Path(__file__).read_text(encoding="utf-8"), encoding="utf-8")
    described = DESCRIPTION.format(exe=sys.executable, script=script)
    (tools / f"{name}.yaml").write_text(described, encoding="utf-8")


def main() -> int:
    words = sys.argv[1:]
    session = words[words.index("--resume") + 1] if "--resume" in words else str(uuid.uuid4())
    task = sys.stdin.read()
    with Path(os.environ.get("HEARD", os.devnull)).open("a", encoding="utf-8") as heard:
        heard.write(json.dumps({"task": task, "session": session, "cwd": str(Path.cwd())}) + "\n")
    _say(type="session", session=session)
    for line in task.splitlines():
        order = line.strip()
        if order.startswith("do: ") and not _obeyed(order.removeprefix("do: ")):
            _say(type="message", text="It cannot be done.")
            return 1
    _say(type="usage", input=1200, output=340, cost=0.02)
    _say(type="message", text="Done.")
    _say(type="end")
    return 0


def _obeyed(order: str) -> bool:
    verb, _, rest = order.partition(" ")
    match verb:
        case "write":
            name, _, text = rest.partition(" ")
            _edit(name, _text(text) + "\n")
        case "replace":
            name, _, change = rest.partition(" ")
            old, _, new = change.partition(" => ")
            _edit(name, Path(name).read_text(encoding="utf-8").replace(_text(old), _text(new)))
        case "ask":
            _say(type="denied", what=rest)
        case "take":
            return _taken_in(rest.removeprefix("in "))
        case _:
            return False
    return True


def _edit(name: str, content: str) -> None:
    file = Path(name)
    before = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    _say(type="edit", path=name, added=len(content.splitlines()), removed=len(before))


def _taken_in(branch: str) -> bool:
    """Merge a branch into the one that is checked out; where both changed the same lines, theirs count."""
    merge = ["git", "merge", "-q", "--no-edit", "-X", "theirs", branch]
    return not subprocess.run(merge, check=False, stdout=subprocess.DEVNULL).returncode


def _text(written: str) -> str:
    return written.replace("\\n", "\n")


def _say(**event: Any) -> None:
    print(json.dumps(event), flush=True)


if __name__ == "__main__":
    sys.exit(main())
