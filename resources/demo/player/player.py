"""Plays a coding tool for the demo: prints a recording of its events at a pace, and makes the recorded edits.

Started as ``player.py TOOL ARGUMENTS…`` in the worktree of a workstream; `scenes.json` and `patches` hold what happens.
No model works here and nothing is sent anywhere.
"""

import json
import os
import re
import subprocess
import sys
import time
import uuid
from pathlib import Path

from voices import VOICES

HERE = Path(__file__).resolve().parent
PACE = float(os.environ.get("TRAMLINE_PACE", "1"))
OPENING = "This is a recording of the demo; no model works here."
SECONDS = {"step": 0.2, "say": 1.1, "read": 0.9, "edit": 1.2, "run": 1.5, "deny": 0.9, "quota": 1.0}


def hunks(patch):
    """The changes of a patch: each a file and its lines before and after."""
    found, name = [], ""
    for line in (HERE / "patches" / f"{patch}.patch").read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("+++ "):
            name = line[4:].strip().removeprefix("b/")
        elif line.startswith("@@"):
            found.append([name, "", ""])
        elif found and line[0] in " -+" and not line.startswith(("--- ", "diff ")):
            found[-1][1] += line[1:] if line[0] != "+" else ""
            found[-1][2] += line[1:] if line[0] != "-" else ""
        elif line.startswith("diff "):
            name = ""
    return found


def text_of(name):
    """What a file holds, nothing where there is none."""
    file = Path(name)
    return file.read_text(encoding="utf-8") if file.exists() else ""


def is_due(hunk):
    """Whether a change still fits the file: one that was made before does not."""
    name, before, after = hunk
    text = text_of(name)
    return before in text and after not in text


def make(hunk):
    """Make one change."""
    name, before, after = hunk
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    text = text_of(name)
    Path(name).write_text(text.replace(before, after, 1) if before else text + after, encoding="utf-8")


def git(*words):
    """Run git in the worktree; whether it went well."""
    return subprocess.run(["git", *words], check=False, capture_output=True).returncode == 0


def take_in_main():
    """Merge main where it conflicts with this branch, keeping this branch's lines; whether that was needed."""
    if git("merge-tree", "--write-tree", "HEAD", "main"):
        return False
    git("add", "--all")
    git("commit", "--quiet", "--message", "What was under way")
    return git("merge", "--quiet", "--no-edit", "--strategy-option", "ours", "main")


def run(command):
    """Really run a command of the scene; its exit code and the last lines it printed."""
    words = [sys.executable if word == "python" else word for word in command.split()]
    ended = subprocess.run(words, check=False, capture_output=True, text=True)
    lines = (ended.stdout + ended.stderr).strip().splitlines()
    return ended.returncode, "\n".join(lines[-6:])


def play(voice, scene, steps):
    """Play the steps of a turn; whether it came to its end."""
    for kind, value in steps:
        if kind == "step":
            voice.plan(scene["plan"], value)
        elif kind == "edit":
            for hunk in hunks(value):
                if is_due(hunk):
                    make(hunk)
                    voice.edit(*hunk)
        elif kind == "run":
            voice.run(value, *run(value))
        elif kind == "quota":
            voice.quota(value)
            return False
        else:
            getattr(voice, kind)(value)
        time.sleep(SECONDS[kind] * PACE)
    return True


def again(voice, name, scene):
    """Answer work that was sent back: take in main where it conflicts, and make one small change."""
    voice.say("The recording cannot read what you wrote; it plays the next small change that it holds.")
    time.sleep(PACE)
    if take_in_main():
        voice.run("git merge main", 0, "The lines of this branch were kept where both had changed them.")
    due = [hunk for hunk in hunks(f"{name}-again") if is_due(hunk)]
    if not due:
        file = hunks(f"{name}-again")[0][0]
        due = [[file, "", f"{'#' if file.endswith('.py') else '-'} Looked at again at {time.strftime('%H:%M:%S')}.\n"]]
    for hunk in due:
        make(hunk)
        voice.edit(*hunk)
        time.sleep(SECONDS["edit"] * PACE)
    voice.run("python -B -m unittest discover -q", *run("python -B -m unittest discover -q"))
    return scene["again"]


def met_quota(name):
    """Whether this workstream has met its used-up quota before; from now on it has."""
    key = re.sub(r"\W", "-", os.environ.get("SIGNALBOX_RUN", "") + "-" + name)
    file = HERE / "met" / key
    file.parent.mkdir(exist_ok=True)
    known = file.exists()
    file.touch()
    return known


def main(tool, words):
    """Play the tool; the exit code is its own."""
    if "--version" in words:
        print("0.0-recording")
        return 0
    if tool != "aider":
        sys.stdin.read()
    name = os.environ.get("SIGNALBOX_WORKSTREAM", "")
    scenes = json.loads((HERE / "scenes.json").read_text(encoding="utf-8"))
    if name not in scenes:
        print(f"The demo has no recording for {name or 'a job without a workstream'}.", file=sys.stderr)
        return 2
    scene = scenes[name]
    is_first = any(is_due(hunk) for hunk in hunks(f"{name}-1"))
    voice = VOICES[tool](words, str(uuid.uuid4()))
    voice.say(OPENING)
    steps = scene["steps"]
    if not is_first:
        answer = again(voice, name, scene)
    else:
        if scene.get("quota") and not met_quota(name):
            steps = [*steps[:2], ["quota", scene["quota"]]]
        if not play(voice, scene, steps):
            return 1
        answer = scene["answer"]
    voice.end(answer, *scene["tokens"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
