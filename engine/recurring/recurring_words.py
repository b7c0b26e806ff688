"""The words on the command line that change recurring runs as the window did. Changes nothing."""

from collections.abc import Mapping
from typing import Any


def words_to_add(name: str, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The words after ``signalbox`` that add a recurring run with the fields of its file."""
    given = fields.get("values") or {}
    values = (word for key, value in given.items() for word in ("--set", f"{key}={value}"))
    repo = ("--repo", fields["repo"]) if fields.get("repo") else ()
    what = fields.get("template") or fields.get("file") or ""
    return ("schedules", "add", name, what, "--every", fields["every"], *values, *repo)
