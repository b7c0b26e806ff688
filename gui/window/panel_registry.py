"""The four panels and the details, built over the same projection and selection."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from engine.host.commands import TrustJob
from gui.control.actions import Actions
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.panels.board.board_panel import BoardPanel
from gui.panels.dashboard.dashboard_panel import DashboardPanel
from gui.panels.details.details_panel import DetailsPanel
from gui.panels.logs.logs_panel import LogsPanel
from gui.panels.panel_base import Panel
from gui.panels.radar.radar_panel import RadarPanel
from gui.theme.theme import Theme


def build(
    projection: Projection,
    selection: Selection,
    theme: Theme,
    actions: Actions,
    *,
    sources: Readers,
) -> dict[str, Panel]:
    """The panels by their object names."""
    kinds = (DashboardPanel, RadarPanel, LogsPanel, BoardPanel, DetailsPanel)
    return {kind.name: kind(projection, selection, theme, actions, sources=sources) for kind in kinds}


def stop(panels: Mapping[str, Panel]) -> None:
    """Wait until no panel reads in the background any more; for the end of the program."""
    for panel in panels.values():
        panel.stop_reading()


def are_settled(panels: Mapping[str, Panel]) -> bool:
    """Whether every panel that can be seen shows all it has requested."""
    return all(panel.is_settled for panel in panels.values() if panel.isVisible())


def states(panels: Mapping[str, Panel]) -> dict[str, Any]:
    """What each panel wants to remember, by name."""
    return {name: panel.state() for name, panel in panels.items()}


def restore(panels: Mapping[str, Panel], remembered: Mapping[str, Any]) -> None:
    """Give each panel back what it remembered."""
    for name, panel in panels.items():
        state = remembered.get(name)
        if isinstance(state, Mapping):
            panel.restore(state)


def find_in(panel: QWidget | None) -> None:
    """Give the keyboard to the filter of a panel."""
    if isinstance(panel, Panel):
        panel.focus_find()


def select_all(panels: Mapping[str, Panel]) -> None:
    """Choose every card of the board that passes its filter."""
    board = panels["workstreams"]
    if isinstance(board, BoardPanel):
        board.select_all()


def show_log(panels: Mapping[str, Panel], job_ids: Sequence[str]) -> None:
    """List the output of these jobs alone in the Logs."""
    logs = panels["logs"]
    if isinstance(logs, LogsPanel):
        logs.show_jobs(job_ids)


def on_job_trusted(panels: Mapping[str, Panel], send: Callable[[TrustJob], object]) -> None:
    """Hand on what a person lets start from the trust card of the details."""
    details = panels["details"]
    if isinstance(details, DetailsPanel):
        details.job_trusted.connect(send)


def turn_to(panels: Mapping[str, Panel], part: str) -> None:
    """Show the ``changes`` in the details; any other word leaves them as they are."""
    details = panels["details"]
    if isinstance(details, DetailsPanel) and part == "changes":
        details.show_changes()
