"""Numbers in the form of the language of the window: ``1,234.5`` in English, ``1.234,5`` in German.

Every number that a person sees goes through `figure`, an amount with its unit through `money` or `size`, and one in a
translated text through `filled`, which `tr` calls. What the command line prints and what is recorded stays English.
"""

import re
from collections.abc import Mapping

from PySide6.QtCore import QLocale

from engine.system import cost_text, formatting
from state.costs import Cost

_separators: dict[int, str] = {}
"""What stands in the place of comma and point; empty in English, where they stay."""


def use_form_of(language: str) -> None:
    """Have all figures in the form of a language from now on, also those that fields of Qt show and read."""
    locale = QLocale(language)
    QLocale.setDefault(locale)
    _separators.clear()
    if (locale.groupSeparator(), locale.decimalPoint()) != (",", "."):
        _separators.update({ord(","): locale.groupSeparator(), ord("."): locale.decimalPoint()})


def figure(number: float, decimals: int = 0) -> str:
    """A number with so many decimals: ``6,200``, ``4.5``."""
    return _localized(f"{number:,.{decimals}f}")


def short_figure(number: float, digits: int = 6) -> str:
    """A number without groups, with as many decimals as it has, and at most so many digits: ``7``, ``7.5``."""
    return _localized(f"{number:.{digits}g}")


def typed_number(text: str) -> float:
    """The number in what a person typed in the form of the language, with or without groups of three digits.

    Raises:
        ValueError: it is none, such as ``12,5`` in English, which is read as 125 nowhere.
    """
    group, point = (_separators.get(ord(mark), mark) for mark in ",.")
    parts = re.fullmatch(rf"(\d*|\d{{1,3}}(?:{re.escape(group)}\d{{3}})+)(?:{re.escape(point)}(\d*))?", text)
    if parts is None or not (parts[1] or parts[2]):
        raise ValueError(text)
    return float(f"{parts[1].replace(group, '')}.{parts[2] or 0}")


def money(dollars: float | None) -> str:
    """An amount of money, as `engine.system.formatting` gives it to the command line: ``$4.18``."""
    return _localized(formatting.money(dollars))


def amount_of(cost: Cost) -> str:
    """What something cost, as `engine.system.cost_text` gives it to the command line: ``$4.18``."""
    return _localized(cost_text.amount_text(cost))


def size(number: float) -> str:
    """An amount of bytes, as `engine.system.formatting` gives it to the command line: ``3.2 MB``."""
    return _localized(formatting.size(number))


def filled(text: str, values: Mapping[str, object]) -> str:
    """The text with the values in place of ``{name}``, numbers among them in the form of the language."""
    if not _separators:
        return text.format_map(values)
    return text.format_map(
        {name: _Number(value) if isinstance(value, int | float) else value for name, value in values.items()}
    )


class _Number:
    """A number that a text with ``{name:,}`` or ``{name:.1f}`` shows in the form of the language."""

    def __init__(self, value: float) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        return _localized(format(self._value, spec))


def _localized(text: str) -> str:
    return text.translate(_separators) if _separators else text
