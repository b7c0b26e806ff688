"""Bring a person to what a click, a notification or a command leads to: select it, and show the panel that has it."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from gui.data.projection import Projection
from gui.data.selection import Selection
from gui.window import panel_registry
from gui.window.lazy_panels import LazyPanels
from gui.window.main_window import MainWindow
from state.records import Job


class Navigation(QObject):
    """Selects jobs and workstreams and opens the panels that show them; changes nothing else.

    Signals:
        window_requested: the window is to come to the front.
    """

    window_requested = Signal()

    def __init__(
        self,
        window: MainWindow,
        panels: LazyPanels,
        *,
        projection: Projection,
        selection: Selection,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._panels = window, panels
        self._projection, self._selection = projection, selection

    @Slot(object)
    def show_clicked(self, job_ids: Sequence[str]) -> None:
        """Show the details of a job that was clicked; the keyboard stays where it is."""
        self._select_first(job_ids)
        self._window.dock_area.open_details(focus=False)

    @Slot(object, str)
    def show_details(self, job_ids: Sequence[str], part: str) -> None:
        """Show the details of the first of these jobs, turned to a part of them."""
        self._select_first(job_ids)
        self._window.dock_area.open_details()
        panel_registry.turn_to(self._panels, part)

    @Slot(object)
    def show_log(self, job_ids: Sequence[str]) -> None:
        """Show the output of these jobs."""
        panel_registry.show_log(self._panels, job_ids)
        self._window.docks["logs"].focus()

    @Slot(object)
    def show_alarm_line(self, job: Job) -> None:
        """Show the line of a job that set off an alarm."""
        panel_registry.show_alarm_line(self._panels, job)
        self._window.docks["logs"].focus()

    @Slot(object)
    def show_review(self, key: tuple[str, str] | None) -> None:
        """Open the Review, at this workstream if there is one."""
        self._window.dock_area.open("review")
        if key is not None:
            self._selection.select_workstream(key)
            panel_registry.show_review(self._panels, key)

    @Slot(str)
    def show_notified_job(self, job_id: str) -> None:
        """Show the job of a notification, in front of other programs."""
        self.window_requested.emit()
        self.show_details((job_id,), "")

    @Slot(object)
    def show_notified_review(self, key: tuple[str, str]) -> None:
        """Show the review of a notification, in front of other programs."""
        self.window_requested.emit()
        self.show_review(key)

    def find(self) -> None:
        """Put the keyboard into the search of the panel that is in use."""
        active = self._window.dock_area.active()
        panel_registry.find_in(self._panels["logs"] if active is None else active.panel)

    def select_all(self) -> None:
        """Select everything in Jobs if they have the keyboard, else on the board."""
        jobs = self._window.docks["jobs"]
        dock = jobs if jobs.has_focus() else self._window.docks["workstreams"]
        dock.focus()
        panel_registry.select_all(dock.panel)

    def _select_first(self, job_ids: Sequence[str]) -> None:
        job = self._projection.jobs.get(job_ids[0]) if job_ids else None
        if job is not None and job.job_id != self._selection.job_id:
            self._selection.select_job(job.job_id, (job.run_id, job.ws_id))
