"""The four panels and the details, built over the same projection and selection."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from gui.actions import Actions
from gui.models.projection import Projection
from gui.panels.dashboard import DashboardPanel
from gui.panels.logs import LogsPanel
from gui.panels.radar import RadarPanel
from gui.panels.workstreams import WorkstreamsPanel
from gui.selection import Selection
from gui.sources import Sources
from gui.theme import Theme
from gui.widgets.job_details import JobDetails


@runtime_checkable
class ReadsInBackground(Protocol):
    """A panel with threads or processes of its own."""

    def stop_reading(self) -> None:
        """Wait until none of them works any more."""


@runtime_checkable
class FillsLater(Protocol):
    """A panel that shows something only after it was read or loaded beside the window."""

    @property
    def is_settled(self) -> bool:
        """Whether everything that was asked for is shown."""


def build(
    projection: Projection,
    selection: Selection,
    theme: Theme,
    actions: Actions,
    *,
    sources: Sources,
) -> dict[str, QWidget]:
    """The panels by their object names."""
    return {
        "dashboard": DashboardPanel(projection, selection, theme, actions, sources=sources),
        "radar": RadarPanel(projection, selection, theme, actions, sources=sources),
        "logs": LogsPanel(projection, selection, theme, actions, sources=sources),
        "workstreams": WorkstreamsPanel(projection, selection, theme, actions, sources=sources),
        "details": JobDetails(projection, selection, theme, actions, sources=sources),
    }


def stop(panels: Mapping[str, QWidget]) -> None:
    """Wait until no panel reads in the background any more; for the end of the program."""
    for panel in panels.values():
        if isinstance(panel, ReadsInBackground):
            panel.stop_reading()


def are_settled(panels: Mapping[str, QWidget]) -> bool:
    """Whether every panel that can be seen shows all it has asked for."""
    shown = (panel for panel in panels.values() if panel.isVisible())
    return all(panel.is_settled for panel in shown if isinstance(panel, FillsLater))


def turn_to(panels: Mapping[str, QWidget], part: str) -> None:
    """Show the ``output`` or the ``changes`` in the details; any other word leaves them as they are."""
    details = panels["details"]
    if isinstance(details, JobDetails):
        match part:
            case "output":
                details.show_output()
            case "changes":
                details.show_changes()
