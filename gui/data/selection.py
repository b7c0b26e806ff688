"""The user's current selection, shared by all panels. Holds ids, never records."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from gui.data.panel_filter import FilterPart, PanelFilter


class Selection(QObject):
    """The selected run, workstream, job and file, and the states the panels are filtered by.

    Selecting something coarser drops the finer selection below it; `None` as run means all runs.

    Signals:
        changed: the selection or the filter changed.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run_id: str | None = None
        self._workstream: tuple[str, str] | None = None
        self._job_id: str | None = None
        self._path: str | None = None
        self._others: tuple[tuple[str, str], ...] = ()
        self._states: frozenset[str] = frozenset()

    @property
    def run_id(self) -> str | None:
        """The selected run; None shows all."""
        return self._run_id

    @property
    def workstream(self) -> tuple[str, str] | None:
        """The selected workstream as (run_id, ws_id)."""
        return self._workstream

    @property
    def workstreams(self) -> tuple[tuple[str, str], ...]:
        """Every selected workstream, `workstream` first: the board allows several."""
        return () if self._workstream is None else (self._workstream, *self._others)

    @property
    def job_id(self) -> str | None:
        """The selected job."""
        return self._job_id

    @property
    def path(self) -> str | None:
        """The selected file, relative to its repository."""
        return self._path

    @property
    def filter(self) -> PanelFilter:
        """What every panel is limited to: the selected run and the states."""
        return PanelFilter(self._run_id, self._states)

    @property
    def filter_states(self) -> frozenset[str]:
        """Shown states (``"failed"``, ``"needsyou"``…) every panel is limited to; empty shows all."""
        return self._states

    def select_run(self, run_id: str | None) -> None:
        """Select one run, or all; a selected workstream of another run is deselected."""
        keep = self._workstream if self._workstream and run_id in {None, self._workstream[0]} else None
        if keep is None:
            self._set(run_id, None, None, None)
        else:
            self._set(run_id, keep, self._job_id, self._path)

    def select_workstream(self, key: tuple[str, str] | None) -> None:
        """Select one workstream, without a job or file."""
        if key == self._workstream and key is not None and not self._others:
            return
        self._set(self._run_id, key, None, None)

    def select_workstreams(self, keys: Sequence[tuple[str, str]]) -> None:
        """Select several workstreams: panels show the first, commands apply to all."""
        first, others = (keys[0], tuple(keys[1:])) if keys else (None, ())
        if (first, others) != (self._workstream, self._others):
            self._set(self._run_id, first, None, None, others)

    def select_job(self, job_id: str | None, workstream: tuple[str, str] | None = None) -> None:
        """Select one job, and its workstream if the caller knows it."""
        key = workstream or self._workstream
        self._set(self._run_id, key, job_id, self._path if key == self._workstream else None)

    def select_file(self, run_id: str, ws_id: str, path: str) -> None:
        """Select one file of a workstream."""
        key = (run_id, ws_id)
        self._set(self._run_id, key, self._job_id if key == self._workstream else None, path)

    def clear(self) -> None:
        """Deselect workstream, job and file; the run and the filter stay."""
        self._set(self._run_id, None, None, None)

    def filter_by_state(self, states: Iterable[str]) -> None:
        """Limit every panel to these shown states; without any, show all again."""
        limited = frozenset(states)
        if limited != self._states:
            self._states = limited
            self.changed.emit()

    @Slot()
    def clear_filter(self) -> None:
        """Show all runs and all states again."""
        self.keep_only(PanelFilter())

    def lift(self, part: FilterPart) -> None:
        """Remove one limit of the filter."""
        self.keep_only(self.filter.without(part))

    def keep_only(self, chosen: PanelFilter) -> None:
        """Limit every panel to this; `changed` is emitted once."""
        if chosen == self.filter:
            return
        self._states = chosen.states
        if chosen.run_id == self._run_id:
            self.changed.emit()
        else:
            self.select_run(chosen.run_id)

    @Slot()
    def escape(self) -> None:
        """Remove the filter; without one, deselect workstream, job and file."""
        if self.filter:
            self.clear_filter()
        else:
            self.clear()

    def _set(
        self,
        run_id: str | None,
        workstream: tuple[str, str] | None,
        job_id: str | None,
        path: str | None,
        others: tuple[tuple[str, str], ...] = (),
    ) -> None:
        now = (run_id, workstream, job_id, path, others)
        if now != (self._run_id, self._workstream, self._job_id, self._path, self._others):
            self._run_id, self._workstream, self._job_id, self._path, self._others = now
            self.changed.emit()
