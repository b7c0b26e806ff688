"""Selects the run that the panels show. Holds no rows of its own."""

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QSizePolicy,
)

from gui.data.projection import Projection
from gui.data.run_words import run_tip
from gui.data.selection import Selection
from gui.data.shown_review import shown_status
from gui.figures import figure
from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.buttons import keep_icon
from gui.widgets.label import plain_tip

_SHOWN_RUNS = 20
_LONGEST_RUN = 220
RUN_LEAST = 130
"""The minimum width."""
_RUN_FRAME = 64
"""Icon, chevron and their gaps."""
_SPARE = 4  # eliding measures in fractions of a pixel, the size hint in whole ones


class RunSelector(Guarded, QPushButton):
    """The runs that the panels show: all, or one of the newest."""

    def __init__(self, projection: Projection, selection: Selection, theme: Theme) -> None:
        super().__init__()
        self._projection, self._selection, self._theme = projection, selection, theme
        self.setProperty("kind", "quiet")
        self.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
        self.setAutoDefault(False)
        self.setMaximumWidth(_LONGEST_RUN + _RUN_FRAME)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        keep_icon(self, theme, "folder")
        self._title = ""
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._on_menu_opening)
        self.clicked.connect(self._on_clicked)
        for signal in (projection.reset, projection.folded, selection.changed):
            signal.connect(self._on_changed)
        self._on_changed()

    @property
    def title(self) -> str:
        """The full text, which the button may show elided."""
        return self._title

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """As narrow as its icon and a word."""
        return QSize(RUN_LEAST, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """As wide as the text, up to a limit."""
        text = QFontMetrics(self._theme.font("name")).horizontalAdvance(self._title)
        return QSize(min(text, _LONGEST_RUN) + _RUN_FRAME, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Elide the text to the available width."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint the button, and a chevron at its end."""
        super().paintEvent(event)
        chevron = self._theme.icon("chev", "t2", 16, self.devicePixelRatioF())
        QPainter(self).drawPixmap(self.width() - 22, (self.height() - 16) // 2, chevron)

    @Slot()
    def _on_changed(self) -> None:
        run = self._projection.runs.get(self._selection.run_id or "")
        title = self._projection.names.distinct_run(run.run_id) if run else _all_runs(self._projection)
        if title != self._title:
            self._title = title
            earlier = "" if run else _earlier_runs(self._projection)
            self.setToolTip(plain_tip("\n".join(filter(None, (run_tip(run, title), earlier)))))
            self.setAccessibleName(tr("Shown runs: {title}", title=title))
            self.updateGeometry()
            self._fit()

    @Slot()
    def _on_clicked(self) -> None:
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    @Slot()
    def _on_menu_opening(self) -> None:
        self._menu.clear()
        projection = self._projection
        everything = self._menu.addAction(_plain(_all_runs(self._projection)))
        everything.setToolTip(plain_tip(_earlier_runs(projection) or everything.text()))
        everything.triggered.connect(partial(self._selection.select_run, None))
        self._menu.addSeparator()
        names, at_rest, needs = projection.names, projection.runs_at_rest(), projection.runs_in_need()
        newest = sorted(self._projection.runs.values(), key=lambda run: run.created_at, reverse=True)
        for run in newest[:_SHOWN_RUNS]:
            state = needs.get(run.run_id) or shown_status(run.status, at_rest=run.run_id in at_rest)
            glyph = self._theme.glyph(state, 16, self.devicePixelRatioF())
            entry = self._menu.addAction(glyph, _plain(names.distinct_run(run.run_id)))
            entry.setToolTip(plain_tip(run_tip(run, names.distinct_run(run.run_id))))
            entry.triggered.connect(partial(self._selection.select_run, run.run_id))

    def _fit(self) -> None:
        room = max(0, self.width() - _RUN_FRAME + _SPARE)
        metrics = QFontMetrics(self._theme.font("name"))
        shown = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        self.setText(_plain(f"{shown}      "))


def _plain(text: str) -> str:
    """The text escaped for a button or menu, where a single & would mark a mnemonic."""
    return text.replace("&", "&&")


def _all_runs(projection: Projection) -> str:
    runs, streams = len(projection.runs), len(projection.workstreams) + len(projection.older)
    if not runs:
        return tr("No runs yet")
    counted = tr_count("{n} workstream", "{n} workstreams", streams)
    if projection.earlier_runs:
        return tr(
            "{n} of {all} runs, {workstreams}", n=figure(runs), all=figure(runs + projection.earlier_runs),
            workstreams=counted,
        )  # fmt: skip
    return tr_count("{n} run, {workstreams}", "All {n} runs, {workstreams}", runs, workstreams=counted)


def _earlier_runs(projection: Projection) -> str:
    """What is said of the runs that are not shown; empty if all are."""
    if not (earlier := projection.earlier_runs):
        return ""
    return tr_count(
        "{n} earlier run, in which nothing is open, is neither shown nor counted here.",
        "{n} earlier runs, in which nothing is open, are neither shown nor counted here.",
        earlier,
    )
