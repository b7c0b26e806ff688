"""A page of the documentation in pieces that are quick to show. Shows nothing."""

import re
from collections.abc import Sequence
from importlib import resources

_ROWS_AT_ONCE = 8
"""Rows of a table in one piece: laying out a long one takes longer than a frame."""
_CHARS_AT_ONCE = 900
_NOT_IN_A_SLUG = re.compile(r"[^\w\- ]")


def page_text(name: str) -> str:
    """The Markdown of an installed page, such as ``job-file.md``.

    Raises:
        OSError: the page is not installed.
    """
    return (resources.files("specs") / name).read_text(encoding="utf-8")


def pieces(text: str) -> Sequence[str]:
    """The page in pieces of Markdown that can be appended one after the other."""
    found: list[str] = []
    for block in re.split(r"\n{2,}(?![ \t])", text.strip()):
        lines = block.split("\n")
        if lines[0].startswith("|"):
            found += _tables(lines)
        elif found and _is_short(found[-1], block):
            found[-1] += f"\n\n{block}"
        else:
            found.append(block)
    return found


def heading(piece: str) -> tuple[int, str]:
    """The level and the words of a piece that is a heading; level 0 for any other."""
    found = re.fullmatch(r"(#{1,6}) (.*)", piece)
    return (len(found[1]), found[2].replace("`", "")) if found else (0, "")


def slug(heading: str) -> str:
    """The name by which links on a page refer to a heading."""
    return _NOT_IN_A_SLUG.sub("", heading.casefold()).strip().replace(" ", "-")


def _is_short(before: str, block: str) -> bool:
    is_text = not before.startswith(("|", "#")) and not block.startswith("#") and "```" not in block + before
    return is_text and len(before) + len(block) < _CHARS_AT_ONCE


def _tables(lines: Sequence[str]) -> list[str]:
    """One table as several, each with the head."""
    head, rows = lines[:2], lines[2:]
    return [
        "\n".join([*head, *rows[start : start + _ROWS_AT_ONCE]])
        for start in range(0, len(rows), _ROWS_AT_ONCE)
    ]
