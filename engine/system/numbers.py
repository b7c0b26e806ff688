"""The one rule for numbers that people write as text: ASCII digits, and nothing that Python alone would read as one."""

import re

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})(e[+-]?[0-9]{1,2})?", re.IGNORECASE)


def whole_number(text: str) -> int | None:
    """The whole number that a text is, or None; neither a full-width 2 nor ``1_000`` is one."""
    return int(text) if _WHOLE.fullmatch(text) else None


def decimal_number(text: str) -> float | None:
    """The number that a text is, or None; neither ``inf`` nor a full-width 2.5 is one."""
    return float(text) if _DECIMAL.fullmatch(text) else None
