"""Log records that no test expected: each is a defect of the code or of the test."""

import logging
import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Expected:
    """Which records a test expects, by a pattern in the message."""

    pattern: str
    level: int

    def fits(self, record: logging.LogRecord) -> bool:
        """Whether this record is one of those."""
        return record.levelno == self.level and re.search(self.pattern, record.getMessage()) is not None


@dataclass
class LogWatch(logging.Handler):
    """Collects warnings and worse; `expect` tells it which ones belong to the test."""

    records: list[logging.LogRecord] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    allowed: list[Expected] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.WARNING)

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record."""
        self.records.append(record)

    def expect(self, pattern: str, level: int = logging.WARNING) -> None:
        """Say that a record of that level and message belongs to this test; it must then come."""
        self.expected.append(Expected(pattern, level))

    def allow(self, pattern: str, level: int = logging.WARNING) -> None:
        """Say that records of that level and message may come in this test."""
        self.allowed.append(Expected(pattern, level))

    def complaints(self) -> list[str]:
        """What came unexpectedly, and what was expected and did not come."""
        unexpected = [
            one for one in self.records if not any(want.fits(one) for want in (*self.expected, *self.allowed))
        ]
        missing = [want for want in self.expected if not any(want.fits(one) for one in self.records)]
        write = logging.Formatter("%(levelname)s %(name)s: %(message)s (%(pathname)s:%(lineno)d)").format
        return [
            *(f"unexpected log record: {write(one)}" for one in unexpected),
            *(
                f"no {logging.getLevelName(want.level)} came that matches {want.pattern!r}"
                for want in missing
            ),
        ]
