"""A change that git sees only by reading the file: its size and times are those of the last commit."""

import os
import subprocess
from pathlib import Path


def change_without_a_trace(file: Path, text: str) -> None:
    """Give a committed file other contents of the same size, in the second in which the index was written."""
    root = file.parent
    second = 1_000_000_000
    assert len(text.encode()) == file.stat().st_size
    for words in (["config", "core.trustctime", "false"], ["update-index", "--refresh"]):
        os.utime(file, (second, second))
        subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)
    file.write_text(text, encoding="utf-8")
    for changed in (file, root / ".git" / "index"):
        os.utime(changed, (second, second))
