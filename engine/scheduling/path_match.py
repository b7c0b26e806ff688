"""Which files a job may change: the globs of `files_scope` against paths of the repository."""

import re
from collections.abc import Iterable
from functools import lru_cache


def outside(path: str, scope: Iterable[str]) -> bool:
    """Whether none of the globs covers the path. A folder covers all below it; ``**`` crosses folders."""
    return not any(_pattern(glob).fullmatch(path) for glob in scope)


@lru_cache(maxsize=512)
def _pattern(glob: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.removeprefix("./").rstrip("/"))
    words = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(words.get(part, re.escape(part)) for part in parts) + "(?:/.*)?", re.DOTALL)
