"""The process before a tool: runs the setup of its worktree, then notes the working tree as the tool will find it.

Started by the shim within the attempt, with the environment of the setup, in the top folder of the worktree.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

HEADING = "Setup: "
"""Begins the line above what the setup prints."""
NOT_STARTED = 127
"""The exit code of shells for a program that cannot be started."""
_SIGNALLED = 128
"""What shells add to the number of the signal that ended a program."""


def main(file: Path) -> int:
    """Run the setup, and compare once it has succeeded; returns its exit code."""
    request = json.loads(file.read_bytes())
    argv = request["argv"]
    print(f"{HEADING}{' '.join(argv)}", flush=True)  # noqa: T201 - the output of the setup
    try:
        code = subprocess.run(argv, check=False).returncode
    except OSError as error:
        print(f"{argv[0]} cannot be started: {error.strerror}.")  # noqa: T201 - as above
        return NOT_STARTED
    if code:
        return code if code > 0 else _SIGNALLED - code
    os.environ.update(request["git_env"])
    _note(request, file.parent)
    return 0


def _note(request: dict[str, object], folder: Path) -> None:
    from engine.adapters import work_tree  # noqa: PLC0415 - found once the path is set
    from engine.adapters.step_request import attempt_of  # noqa: PLC0415

    work_tree.note_again(*attempt_of(request, folder))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    sys.exit(main(Path(sys.argv[1])))
