"""The process between a tool and its tests: compares the working tree, then becomes the tests.

Started by the shim within the attempt, with the environment of the tests. Tests that cannot pass the job, because the
tool has changed nothing, are not started.
"""

import json
import os
import sys
from pathlib import Path

HEADING = "Tests: "
"""Begins the line above what the tests print."""
NOT_STARTED = 127
"""The exit code of shells for a program that cannot be started."""


def main(file: Path) -> int:
    """Compare, and replace this process by the tests; returns an exit code where there are none to run."""
    request = json.loads(file.read_bytes())
    theirs = dict(os.environ)
    os.environ.update(request["git_env"])
    if _has_changed_nothing(request, file.parent):
        print("The tests did not run: the tool changed no file.")  # noqa: T201 - the output of the tests
        return 0
    argv = request["argv"]
    print(f"{HEADING}{' '.join(argv)}", flush=True)  # noqa: T201 - the output of the tests
    try:
        os.execve(argv[0], argv, theirs)  # noqa: S606 - never a shell
    except OSError as error:
        print(f"{argv[0]} cannot be started: {error.strerror}.")  # noqa: T201 - as above
        return NOT_STARTED


def _has_changed_nothing(request: dict[str, object], folder: Path) -> bool:
    from engine.adapters import work_tree  # noqa: PLC0415 - found once the path is set
    from engine.adapters.step_request import attempt_of  # noqa: PLC0415
    from engine.adapters.tree_comparison import ChangeEvidence  # noqa: PLC0415
    from engine.jobfile.tool_names import is_coding_tool  # noqa: PLC0415

    spec, context = attempt_of(request, folder)
    changes = work_tree.changes_since(spec, context)
    is_judged = is_coding_tool(spec.tool) and spec.command is None
    required = is_judged and spec.metadata.evidence.change == "required"
    return required and changes.evidence is ChangeEvidence.UNCHANGED


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    sys.exit(main(Path(sys.argv[1])))
