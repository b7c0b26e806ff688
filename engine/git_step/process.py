"""Performs one git step in a process of its own, so that it can be watched, logged and stopped like any tool.

It runs under ``python -I -S``: nothing it imports needs more than the standard library. The request (JSON) holds the
words to call git by, which are the program and the switches of `engine.system.git`; the filter and merge programs of
the repository are switched off here. What git says is printed, and the answer lies beside the request.
"""

import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2]))  # -I leaves out the folder this is started from

from engine.git_step.calls import GitCalls, StepError, UnfinishedError
from engine.git_step.journal import StepJournal
from engine.git_step.steps import STEPS, GitTask


def main(request_file: str) -> int:
    """Do what the request says and write the answer; 0 where it succeeded, 1 where not."""
    # A stop ends git, which takes its locks away; we end with it, and take away ours.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    folder = Path(request_file).parent
    request = json.loads(Path(request_file).read_text(encoding="utf-8"))
    git = GitCalls(request["git"], request["folder"])
    try:
        journal = _journal(git, request)
    except StepError as error:
        return _report(folder, _failed(error))
    answer, is_finished = _answer(GitTask(git, request["step"], journal, folder))
    code = _report(folder, answer)
    if is_finished:
        journal.close()  # last, so that an attempt that is killed before it has answered is a repetition
    return code


def _journal(git: GitCalls, request: Mapping[str, Any]) -> StepJournal:
    git.must("rev-parse", "--show-toplevel")
    git.disable_programs()
    os.chdir(request["folder"])
    return StepJournal(git, request["job_id"], request["step"])


def _answer(task: GitTask) -> tuple[Mapping[str, Any], bool]:
    """Do the step; whether nothing is left for a repetition to complete."""
    try:
        summary = STEPS[task.step["action"]](task)
    except UnfinishedError as error:
        return _failed(error), False
    except StepError as error:
        return _failed(error), True
    except OSError as error:  # a full disk, a folder taken away
        reason = f"{error.filename or task.folder}: {error.strerror}"
        interrupted = StepError(f"The step was interrupted: {reason}. Run it again.")
        interrupted.__cause__ = error
        return _failed(interrupted), False
    commit = task.git.line("rev-parse", "--verify", "--quiet", "HEAD")
    return {"ok": True, "summary": summary, "commit": commit}, True


def _failed(error: StepError) -> Mapping[str, Any]:
    # What it says of a disk is decided by who reads the answer.
    number = getattr(error.__cause__, "errno", None)
    return {"ok": False, "summary": str(error), "failure_class": error.kind, "errno": number}


def _report(folder: Path, answer: Mapping[str, Any]) -> int:
    stream = sys.stdout if answer["ok"] else sys.stderr
    stream.write(answer["summary"] + "\n")
    stream.flush()
    written = folder / "git_answer.json.part"
    written.write_text(json.dumps(answer), encoding="utf-8")
    written.rename(folder / "git_answer.json")
    return 0 if answer["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
