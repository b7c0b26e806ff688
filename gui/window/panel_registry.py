"""Every panel, built over the same projection and selection."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from engine.host.commands import TrustJob
from gui.control.command_sender import CommandSender
from gui.control.forecasts import Forecasts
from gui.control.presence import Presence
from gui.panels.board.board_panel import BoardPanel
from gui.panels.dashboard.dashboard_panel import DashboardPanel
from gui.panels.details.details_panel import DetailsPanel
from gui.panels.jobs.jobs_panel import JobsPanel
from gui.panels.logs.logs_panel import LogsPanel
from gui.panels.panel_base import Panel, PanelContext
from gui.panels.radar.radar_panel import RadarPanel
from gui.panels.review.engine_reviews import EngineReviews
from gui.panels.review.review_panel import ReviewPanel
from gui.panels.timeline.night_panel import NightPanel
from state.records import Job


def build(context: PanelContext) -> dict[str, Panel]:
    """The panels by their object names."""
    kinds = (
        DashboardPanel,
        RadarPanel,
        LogsPanel,
        BoardPanel,
        DetailsPanel,
        ReviewPanel,
        NightPanel,
        JobsPanel,
    )
    panels: dict[str, Panel] = {kind.name: kind(context) for kind in kinds}
    night = panels["night"]
    if isinstance(night, NightPanel):
        night.follow_forecasts(Forecasts(context.projection, context.sources, parent=night))
    return panels


def stop(panels: Mapping[str, Panel]) -> None:
    """Return once no panel reads in the background; for the end of the program."""
    for panel in panels.values():
        panel.stop_reading()


def are_settled(panels: Mapping[str, Panel]) -> bool:
    """Whether every visible panel shows everything it has requested."""
    return all(panel.is_settled for panel in panels.values() if panel.isVisible())


def states(panels: Mapping[str, Panel]) -> dict[str, Any]:
    """The state that each panel remembers, by name."""
    return {name: panel.state() for name, panel in panels.items()}


def restore(panels: Mapping[str, Panel], remembered: Mapping[str, Any]) -> None:
    """Restore the remembered state of each panel."""
    for name, panel in panels.items():
        state = remembered.get(name)
        if isinstance(state, Mapping):
            panel.restore(state)


def find_in(panel: QWidget | None) -> None:
    """Focus the filter of a panel."""
    if isinstance(panel, Panel):
        panel.focus_find()


def select_all(panel: QWidget | None) -> None:
    """Select everything on the board, or in the table of jobs, that passes the filter."""
    if isinstance(panel, BoardPanel | JobsPanel):
        panel.select_all()


def show_log(panels: Mapping[str, Panel], job_ids: Sequence[str]) -> None:
    """List the output of these jobs alone in the Logs."""
    logs = panels["logs"]
    if isinstance(logs, LogsPanel):
        logs.show_jobs(job_ids)


def show_alarm_line(panels: Mapping[str, Panel], job: Job) -> None:
    """Go to the line of the alarm that holds a job, in the Logs."""
    logs = panels["logs"]
    if isinstance(logs, LogsPanel):
        logs.show_alarm_line(job)


def on_job_trusted(panels: Mapping[str, Panel], send: Callable[[TrustJob], object]) -> None:
    """Pass on what a person allows on the trust card of the details."""
    details = panels["details"]
    if isinstance(details, DetailsPanel):
        details.job_trusted.connect(send)


def on_comparison(panels: Mapping[str, Panel], show: Callable[[Job, int], object]) -> None:
    """Pass on which attempt of which job the details are to compare."""
    details = panels["details"]
    if isinstance(details, DetailsPanel):
        details.comparison_requested.connect(show)


def follow_presence(panels: Mapping[str, Panel], presence: Presence) -> None:
    """Let the Dashboard say what happened while the user was away."""
    dashboard = panels["dashboard"]
    if isinstance(dashboard, DashboardPanel):
        dashboard.follow(presence)


def show_review(panels: Mapping[str, Panel], key: tuple[str, str]) -> None:
    """Show the work of a workstream in the review."""
    review = panels["review"]
    if isinstance(review, ReviewPanel):
        review.review(key)


def on_reviewed(panels: Mapping[str, Panel], commands: CommandSender) -> None:
    """Pass on what a person decides in the review."""
    review = panels["review"]
    if isinstance(review, ReviewPanel):
        review.decisions.use(EngineReviews(commands.send, commands.send_text))


def turn_to(panels: Mapping[str, Panel], part: str) -> None:
    """Show the ``changes`` in the details; any other part shows why a failed job has failed."""
    details = panels["details"]
    if isinstance(details, DetailsPanel):
        (details.show_changes if part == "changes" else details.show_failure)()
