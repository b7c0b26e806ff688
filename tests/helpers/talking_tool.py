"""A program that plays claude with sessions: it is copied under that name, so it knows nothing of Signalbox.

The job's ``TALK`` names a folder. ``plan`` there has a word for each attempt: ``edit`` (the usual one), ``fail``,
``quota``, ``long`` (the context is full), ``refuse`` (the session),
``hang`` (until it is killed) or ``mute`` (before it has said anything).
What it is started with is added to ``heard``, a JSON object a line: its arguments, the prompt, and what the session
had heard before.
"""

import json
import os
import sys
import time
import uuid
from pathlib import Path
from typing import Any


def main() -> int:
    talk, words = Path(os.environ["TALK"]), sys.argv[1:]
    prompt = sys.stdin.read()
    plan = talk / "plan"
    steps = plan.read_text().split() if plan.exists() else []
    plan.write_text("\n".join(steps[1:]))
    resumed = words[words.index("--resume") + 1] if "--resume" in words else None
    session = resumed or str(uuid.uuid4())
    file = Path(os.environ["CLAUDE_CONFIG_DIR"], "projects", "here", f"{session}.jsonl")
    before = [json.loads(line)["said"] for line in file.read_text().splitlines()] if file.exists() else []
    heard = {"argv": words, "prompt": prompt, "resumed": resumed, "before": before}
    with (talk / "heard").open("a", encoding="utf-8") as log:
        log.write(json.dumps(heard) + "\n")
    if resumed and (not before or steps[:1] == ["refuse"]):
        print(f"No conversation found with session ID: {session}", file=sys.stderr)
        return 1
    return _attempt(steps[0] if steps else "edit", session, file, prompt)


def _attempt(step: str, session: str, file: Path, prompt: str) -> int:
    if step == "mute":
        time.sleep(600)
    _say(type="system", subtype="init", session_id=session)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as kept:
        kept.write(json.dumps({"said": prompt}) + "\n")
    match step:
        case "hang":
            time.sleep(600)
        case "fail":
            return _refused("It went wrong.", 400)
        case "quota":
            return _refused("You've hit your usage limit", 429)
        case "long":
            return _refused("Prompt is too long", 400)
        case _:
            with Path("hello.py").open("a", encoding="utf-8") as edited:
                edited.write(f"# {time.time_ns()}\n")
            _say(type="result", subtype="success", is_error=False, result="Done.", session_id=session)
    return 0


def _refused(reason: str, status: int) -> int:
    _say(type="result", subtype="success", is_error=True, api_error_status=status, result=reason)
    return 1


def _say(**event: Any) -> None:
    print(json.dumps(event), flush=True)


if __name__ == "__main__":
    sys.exit(main())
