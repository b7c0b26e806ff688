"""A name and its value, as `KeyValues` shows them. Knows no Qt."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One line of the two columns of facts; `exact` ones are written in mono, a path gives up its middle first."""

    label: str
    value: str
    exact: bool = False
    is_path: bool = False
