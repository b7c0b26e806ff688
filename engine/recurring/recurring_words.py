"""The words on the command line that change recurring runs as the window did. Changes nothing."""

from collections.abc import Mapping
from typing import Any

from engine.recurring.recurring_run import RecurringRun

_OPTIONS = {"timezone": "--timezone", "if_missed": "--if-missed", "if_running": "--if-running"}


def words_to_add(name: str, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The words after ``signalbox`` that add a recurring run with the fields of its file."""
    given = fields.get("values") or {}
    values = (word for key, value in given.items() for word in ("--set", f"{key}={value}"))
    repo = ("--repo", fields["repo"]) if fields.get("repo") else ()
    what = fields.get("template") or fields.get("file") or ""
    others = (
        word
        for field, option in _OPTIONS.items()
        if (value := fields.get(field)) and value != RecurringRun.model_fields[field].default
        for word in (option, value)
    )
    return ("schedules", "add", name, what, "--every", fields["every"], *values, *repo, *others)
