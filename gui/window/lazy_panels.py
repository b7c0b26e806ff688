"""The panels of a window by name: what is seen at first is made at once, each other one when it is first needed."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gui.panels.board.board_panel import BoardPanel
from gui.panels.dashboard.dashboard_panel import DashboardPanel
from gui.panels.logs.logs_panel import LogsPanel
from gui.panels.panel_base import Panel, PanelContext
from gui.panels.radar.radar_panel import RadarPanel
from gui.window.dock_table import DETAILS, DOCKS, JOBS, NIGHT, REVIEW


def _details(context: PanelContext) -> Panel:
    from gui.panels.details.details_panel import DetailsPanel  # noqa: PLC0415 - so are those below: few see them all

    return DetailsPanel(context)


def _review(context: PanelContext) -> Panel:
    from gui.panels.review.review_panel import ReviewPanel  # noqa: PLC0415

    return ReviewPanel(context)


def _night(context: PanelContext) -> Panel:
    from gui.control.forecasts import Forecasts  # noqa: PLC0415
    from gui.panels.timeline.night_panel import NightPanel  # noqa: PLC0415

    night = NightPanel(context)
    night.follow_forecasts(Forecasts(context.projection, context.sources, parent=night))
    return night


def _jobs(context: PanelContext) -> Panel:
    from gui.panels.jobs.jobs_panel import JobsPanel  # noqa: PLC0415

    return JobsPanel(context)


_KINDS: Mapping[str, Callable[[PanelContext], Panel]] = {
    **{kind.name: kind for kind in (DashboardPanel, RadarPanel, LogsPanel, BoardPanel)},
    DETAILS: _details,
    REVIEW: _review,
    NIGHT: _night,
    JOBS: _jobs,
}


class LazyPanels(Mapping[str, Panel]):
    """Every panel of the window; looking one up makes it. `made` has only those that there are."""

    def __init__(self, context: PanelContext, put: Callable[[str, Panel], None]) -> None:
        """Whatever is made is given to `put`, which shows it in its place."""
        self._context, self._put = context, put
        self.made: dict[str, Panel] = {}
        self._wiring: defaultdict[str, list[Callable[[Any], object]]] = defaultdict(list)
        self._remembered: dict[str, Any] = {}
        """The state of those that are not made."""

    def __getitem__(self, name: str) -> Panel:
        """The panel of this name, which is made now if it is not there yet."""
        return self.made.get(name) or self._make(name)

    def __iter__(self) -> Iterator[str]:
        """The names of all of them."""
        return iter(DOCKS)

    def __len__(self) -> int:
        """How many there are, made or not."""
        return len(DOCKS)

    def when_made(self, name: str, wire: Callable[[Any], object]) -> None:
        """Call `wire` with this panel: now, or as soon as it is made."""
        if name in self.made:
            wire(self.made[name])
        else:
            self._wiring[name].append(wire)

    def states(self) -> dict[str, Any]:
        """The state that each panel remembers, by name."""
        return {**self._remembered, **{name: panel.state() for name, panel in self.made.items()}}

    def restore(self, remembered: Mapping[str, Any]) -> None:
        """Restore the remembered state of each panel, of those that are made later then."""
        self._remembered = {name: state for name, state in remembered.items() if isinstance(state, Mapping)}
        for name, panel in self.made.items():
            self._restore(name, panel)

    def _make(self, name: str) -> Panel:
        panel = _KINDS[name](self._context)
        self.made[name] = panel
        self._put(name, panel)
        for wire in self._wiring.pop(name, ()):
            wire(panel)
        self._restore(name, panel)
        panel.catch_up()
        return panel

    def _restore(self, name: str, panel: Panel) -> None:
        if (state := self._remembered.pop(name, None)) is not None:
            panel.restore(state)
