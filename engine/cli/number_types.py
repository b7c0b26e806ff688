"""Parsers of numbers for options: within bounds, and written as `engine.system.numbers` says."""

from collections.abc import Callable

import typer

from engine.system.numbers import decimal_number, whole_number


def whole(*, least: int) -> Callable[[str | int], int]:
    """Parse a whole number of at least this."""

    def parse(value: str | int) -> int:
        number = whole_number(str(value))
        if number is None or number < least:
            raise typer.BadParameter(f"{value!r} is not a whole number of at least {least}.")
        return number

    return parse


def decimal(*, least: float) -> Callable[[str | float], float]:
    """Parse a number of at least this."""

    def parse(value: str | float) -> float:
        number = decimal_number(str(value))
        if number is None or number < least:
            raise typer.BadParameter(f"{value!r} is not a number of at least {least:g}.")
        return number

    return parse
