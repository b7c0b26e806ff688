"""The words for priorities, apart from the other fields of job files: the queue shows them without reading a file."""

from collections.abc import Mapping

PRIORITIES: Mapping[str, int] = {"low": -10, "normal": 0, "high": 10, "urgent": 50}
