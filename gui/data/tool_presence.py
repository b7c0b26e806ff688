"""Which tools can be used on this computer, and which of several to begin with. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.types import LogIn, ToolProbe


@dataclass(frozen=True, kw_only=True)
class ToolPresence:
    """What is known of the tools; one that is named nowhere may be there."""

    missing: frozenset[str] = frozenset()
    """Not installed."""
    unusable: frozenset[str] = frozenset()
    """Installed, but they do not answer, or nobody is logged in to them."""

    def preferred(self, names: Sequence[str]) -> str:
        """The first tool that can be used, else the first that is installed; empty if none is."""
        there = [name for name in names if name not in self.missing]
        usable = (name for name in there if name not in self.unusable)
        return next(usable, there[0] if there else "")


def can_be_used(probe: ToolProbe) -> bool:
    """Whether a tool was found and answers, and nobody knows that it lacks a log-in."""
    return bool(probe.path) and not probe.problem and probe.login is not LogIn.NO


def unusable_tools(probes: Iterable[ToolProbe]) -> frozenset[str]:
    """Those that were found and cannot be used."""
    return frozenset(one.tool for one in probes if one.path and not can_be_used(one))
