"""The four panels and the details, built over the same projection and selection."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from engine.host.commands import TrustJob
from gui.control.actions import Actions
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.panels.board.board_panel import WorkstreamsPanel
from gui.panels.dashboard.dashboard_panel import DashboardPanel
from gui.panels.details.details_panel import JobDetails
from gui.panels.logs.logs_panel import LogsPanel
from gui.panels.radar.radar_panel import RadarPanel
from gui.theme.theme import Theme


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


@runtime_checkable
class Remembers(Protocol):
    """A panel that looks the same after a restart."""

    def state(self) -> dict[str, Any]:
        """What is to be remembered, as JSON values."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take it up again; what is not understood is left out."""


@runtime_checkable
class CanFind(Protocol):
    """A panel one can search in."""

    def focus_find(self) -> None:
        """Give the keyboard to the field, or to what stands for it."""


def build(
    projection: Projection,
    selection: Selection,
    theme: Theme,
    actions: Actions,
    *,
    sources: Readers,
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


def states(panels: Mapping[str, QWidget]) -> dict[str, Any]:
    """What each panel wants to remember, by name."""
    return {name: panel.state() for name, panel in panels.items() if isinstance(panel, Remembers)}


def restore(panels: Mapping[str, QWidget], remembered: Mapping[str, Any]) -> None:
    """Give each panel back what it remembered."""
    for name, panel in panels.items():
        told = remembered.get(name)
        if isinstance(panel, Remembers) and isinstance(told, Mapping):
            panel.restore(told)


def find_in(panel: QWidget | None) -> None:
    """Give the keyboard to the filter of a panel."""
    if isinstance(panel, CanFind):
        panel.focus_find()


def select_all(panels: Mapping[str, QWidget]) -> None:
    """Choose every card of the board that passes its filter."""
    board = panels["workstreams"]
    if isinstance(board, WorkstreamsPanel):
        board.select_all()


def show_log(panels: Mapping[str, QWidget], job_ids: Sequence[str]) -> None:
    """List the output of these jobs alone in the Logs."""
    logs = panels["logs"]
    if isinstance(logs, LogsPanel):
        logs.show_jobs(job_ids)


def on_look(panels: Mapping[str, QWidget], send: Callable[[TrustJob], object]) -> None:
    """Hand on what a person lets start from the trust card of the details."""
    details = panels["details"]
    if isinstance(details, JobDetails):
        details.looked_at.connect(send)


def turn_to(panels: Mapping[str, QWidget], part: str) -> None:
    """Show the ``changes`` in the details; any other word leaves them as they are."""
    details = panels["details"]
    if isinstance(details, JobDetails) and part == "changes":
        details.show_changes()
