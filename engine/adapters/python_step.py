"""The process before pytest in a worktree that its attempt sets up first: becomes the Python there is by then."""

import os
import sys
from pathlib import Path

NOT_STARTED = 127
"""The exit code of shells for a program that cannot be started."""


def main(words: list[str]) -> int:
    """Replace this process by pytest; `words` are the folders, ``--``, and the arguments of Python."""
    from engine.adapters.tests import python_with_pytest  # noqa: PLC0415 - found once the path is set
    from engine.errors import SpawnError  # noqa: PLC0415

    end = words.index("--")
    try:
        python = python_with_pytest(map(Path, words[:end]), os.environ.get("PATH", ""))
        os.execv(python, [python, *words[end + 1 :]])  # noqa: S606 - never a shell
    except SpawnError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the output of the tests
    except OSError as error:
        print(f"{python} cannot be started: {error.strerror}.", file=sys.stderr)  # noqa: T201 - as above
    return NOT_STARTED


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    sys.exit(main(sys.argv[1:]))
