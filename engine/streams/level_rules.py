"""The user's own rules for the levels of lines of output: `levels.yaml` in the folder of the configuration.

Where there is no such file, or it is not valid, lines have the levels that their words suggest: none is ever lost.
Imports little: a helper process of the window loads this module at its start.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.streams.entries import EntryKind, Level, StreamEntry

FILE = "levels.yaml"
_Stamp = tuple[int, int, int]


class LinePattern(Protocol):
    """A compiled pattern."""

    def finds(self, line: str) -> bool:
        """Whether it is in a line."""
        ...


@dataclass(frozen=True, slots=True)
class LevelRules:
    """Patterns and the levels of the lines in which they are found; the first that fits decides."""

    rules: tuple[tuple[LinePattern, Level], ...] = ()

    def level(self, text: str, otherwise: Level) -> Level:
        """The level of a line that would have another one without rules."""
        return next((level for pattern, level in self.rules if pattern.finds(text)), otherwise)

    def applied(self, entry: StreamEntry) -> StreamEntry:
        """The entry with its level by these rules; they are for lines of text, not for sentences about an agent."""
        if not self.rules or entry.kind is not EntryKind.RAW:
            return entry
        return entry._replace(level=self.level(entry.text, entry.level))


@dataclass(frozen=True, slots=True)
class ReadRules:
    """The rules in force, and why those of the file are not; empty where they are."""

    rules: LevelRules = LevelRules()
    problem: str = ""


_NOTHING = ReadRules()
_read_before: tuple[Path, _Stamp, ReadRules] | None = None


def rules_file() -> Path:
    """The file of the rules, whether it exists or not."""
    from engine.system.home import config_folder  # noqa: PLC0415 - a helper process starts faster without

    return config_folder().expanduser().absolute() / FILE


def current_rules() -> ReadRules:
    """The rules as the file says them now; a look at its time and size, unless it has changed."""
    global _read_before  # noqa: PLW0603 - one file for the process, read again only when it changes
    path = rules_file()
    try:
        found = path.stat()
    except OSError:
        return _NOTHING
    stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
    before = _read_before
    if before is not None and before[:2] == (path, stamp):
        return before[2]
    read = _read(path)
    _read_before = (path, stamp, read)
    return read


def checked_rules(data: bytes, name: str) -> LevelRules:
    """The rules that a file of this name would say; an empty one says none.

    Raises:
        JobFileError: it is not valid; names file, line and field, and carries all other errors.
    """
    from engine.jobfile.error_messages import validated  # noqa: PLC0415 - only where there are rules
    from engine.jobfile.level_rule_file import LevelRuleFile  # noqa: PLC0415 - as above
    from engine.jobfile.parsing import parse  # noqa: PLC0415 - as above
    from engine.system.bounded_pattern import bounded_pattern  # noqa: PLC0415 - as above

    if not data.strip():
        return LevelRules()
    rules = validated(LevelRuleFile, parse(data, name)).rules
    return LevelRules(
        tuple((bounded_pattern(rule.pattern, is_case=rule.case), Level[rule.level.upper()]) for rule in rules)
    )


def _read(path: Path) -> ReadRules:
    from engine.errors import JobFileError  # noqa: PLC0415 - only where there are rules
    from engine.jobfile.safe_read import read_bytes  # noqa: PLC0415 - as above

    try:
        return ReadRules(checked_rules(read_bytes(path, guarded=False), path.name))
    except JobFileError as error:
        return ReadRules(problem=f"The level rules of {path.parent} have no effect: {error}")
