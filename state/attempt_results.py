"""How the result of an attempt is stored: without what the columns of its row say, or what most results have."""

from collections.abc import Mapping
from typing import Any

from state.records import AttemptStatus

_MARK = "_"
"""Marks what is stored like this: 1 where the summary is that of the row, else 0. Earlier releases stored all."""


def stored_result(result: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The result as the row of its attempt keeps it."""
    usual, metadata = _usual(row), result.get("metadata")
    if not (result.keys() >= usual.keys() and isinstance(metadata, Mapping)):
        return dict(result)
    own = {
        name: value for name, value in result.items() if name not in usual or not _same(value, usual[name])
    }
    is_alike = _same(metadata.get("summary"), row["summary"])
    own["metadata"] = {
        name: value for name, value in metadata.items() if not (is_alike and name == "summary")
    }
    return {_MARK: int(is_alike), **own}


def whole_result(stored: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The same result again."""
    if _MARK not in stored:
        return dict(stored)
    own = {name: value for name, value in stored.items() if name != _MARK}
    metadata = {"summary": row["summary"]} if stored[_MARK] else {}
    found = own.get("metadata")
    return {**_usual(row), **own, "metadata": {**(found if isinstance(found, Mapping) else {}), **metadata}}


def _usual(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "exit_code": row["exit_code"],
        "error_report_path": None,
        "duration_s": row["duration_s"],
        "stdout": "",
        "stderr": "",
        "success": row["status"] == AttemptStatus.COMPLETED,
        "job_id": row["job_id"],
    }


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other
