"""What the window asks of its panels by name, whatever kind each of them is."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QWidget

from engine.host.commands import TrustJob
from gui.control.command_sender import CommandSender
from gui.control.presence import Presence
from gui.panels.dashboard.dashboard_panel import DashboardPanel
from gui.panels.logs.logs_panel import LogsPanel
from gui.panels.panel_base import Panel, PanelContext
from gui.window.dock_table import DETAILS, DOCKS, HIDDEN, REVIEW
from gui.window.lazy_panels import LazyPanels
from gui.window.main_window import MainWindow
from state.records import Job

if TYPE_CHECKING:
    from gui.panels.details.details_panel import DetailsPanel
    from gui.panels.review.review_panel import ReviewPanel


def build(context: PanelContext, window: MainWindow) -> LazyPanels:
    """The panels of a window; those that are hidden at first are made when their docks are opened."""
    panels = LazyPanels(context, window.put_panel)
    for name in DOCKS:
        if name in HIDDEN:
            window.docks[name].fill_when_shown(partial(panels.__getitem__, name))
        else:
            panels[name]
    return panels


def stop(panels: LazyPanels) -> None:
    """Return once no panel reads in the background; for the end of the program."""
    for panel in panels.made.values():
        panel.stop_reading()


def are_settled(panels: LazyPanels) -> bool:
    """Whether every visible panel shows everything it has requested."""
    return all(panel.is_settled for panel in panels.made.values() if panel.isVisible())


def find_in(panel: QWidget | None) -> None:
    """Focus the filter of a panel."""
    if isinstance(panel, Panel):
        panel.focus_find()


def select_all(panel: QWidget | None) -> None:
    """Select everything on the board, or in the table of jobs, that passes the filter."""
    if isinstance(panel, Panel):
        panel.select_all()


def show_log(panels: LazyPanels, job_ids: Sequence[str]) -> None:
    """List the output of these jobs alone in the Logs."""
    logs = panels["logs"]
    if isinstance(logs, LogsPanel):
        logs.show_jobs(job_ids)


def show_alarm_line(panels: LazyPanels, job: Job) -> None:
    """Go to the line of the alarm that holds a job, in the Logs."""
    logs = panels["logs"]
    if isinstance(logs, LogsPanel):
        logs.show_alarm_line(job)


def on_job_trusted(panels: LazyPanels, send: Callable[[TrustJob], object]) -> None:
    """Pass on what a person allows on the trust card of the details."""

    def wire(details: "DetailsPanel") -> None:
        details.job_trusted.connect(send)

    panels.when_made(DETAILS, wire)


def on_comparison(panels: LazyPanels, show: Callable[[Job, int], object]) -> None:
    """Pass on which attempt of which job the details are to compare."""

    def wire(details: "DetailsPanel") -> None:
        details.comparison_requested.connect(show)

    panels.when_made(DETAILS, wire)


def follow_presence(panels: LazyPanels, presence: Presence) -> None:
    """Let the Dashboard say what happened while the user was away."""
    dashboard = panels["dashboard"]
    if isinstance(dashboard, DashboardPanel):
        dashboard.follow(presence)


def show_review(panels: LazyPanels, key: tuple[str, str]) -> None:
    """Show the work of a workstream in the review."""
    cast("ReviewPanel", panels[REVIEW]).review(key)


def on_reviewed(panels: LazyPanels, commands: CommandSender) -> None:
    """Pass on what a person decides in the review."""

    def wire(review: "ReviewPanel") -> None:
        from gui.panels.review.engine_reviews import EngineReviews  # noqa: PLC0415 - with the panel

        review.decisions.use(EngineReviews(commands.send, commands.send_text))

    panels.when_made(REVIEW, wire)


def turn_to(panels: LazyPanels, part: str) -> None:
    """Show the ``changes`` in the details; any other part shows why a failed job has failed."""
    details = cast("DetailsPanel", panels[DETAILS])
    (details.show_changes if part == "changes" else details.show_failure)()
