"""A named value, as `KeyValues` shows it; knows no Qt."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One label and its value; `exact` values use the mono font, paths are elided in the middle, `whole` ones wrap."""

    label: str
    value: str
    exact: bool = False
    is_path: bool = False
    whole: bool = False
