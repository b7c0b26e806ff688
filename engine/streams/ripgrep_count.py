"""Count lines with ripgrep where it is installed: several times as quick as Python, and only for plain output.

It reads a descriptor that is open already, so that it sees the same file, and no setting of the user.
"""

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache

_LOOK_S = 0.02


@cache
def ripgrep() -> str | None:
    """The program; None where it is not installed."""
    return shutil.which("rg")


def count_with_ripgrep(
    descriptor: int, text: str, *, is_case: bool, is_regex: bool = False
) -> Iterator[int | None]:
    """Yield None while it counts the lines of a file that have a text, from the descriptor's place on, then the number.

    With `is_regex` the text is a regular expression for printable ASCII.

    Without a number at the end it could not be done.
    """
    program = ripgrep()
    if program is None:
        return
    case = "--case-sensitive" if is_case else "--ignore-case"
    kind = ["--no-unicode"] if is_regex else ["--fixed-strings"]
    options = ["--no-config", "--text", "--encoding=none", "--count", *kind, case]
    try:
        process = subprocess.Popen(
            [program, *options, "--regexp", text, "-"],
            stdin=descriptor,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return
    with process:
        try:
            while True:
                try:
                    process.wait(_LOOK_S)
                    break
                except subprocess.TimeoutExpired:
                    yield None
            found = process.stdout.read().strip() if process.stdout is not None else b""
        finally:
            process.kill()
    if process.returncode in {0, 1}:  # 1 says that no line has it
        yield int(found or 0)
