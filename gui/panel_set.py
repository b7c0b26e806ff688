"""The four panels and the details, built over the same projection and selection."""

from PySide6.QtWidgets import QWidget

from gui.actions import Actions
from gui.models.projection import Projection
from gui.panels.dashboard import DashboardPanel
from gui.panels.radar import RadarPanel
from gui.panels.workstreams import WorkstreamsPanel
from gui.selection import Selection
from gui.sources import Sources
from gui.theme import Theme
from gui.widgets.job_details import JobDetails


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
        "workstreams": WorkstreamsPanel(projection, selection, theme, actions, sources=sources),
        "details": JobDetails(projection, selection, theme, actions, sources=sources),
    }
