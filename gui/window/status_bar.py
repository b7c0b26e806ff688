"""The status bar: the heartbeat of the engine, slots, holds and cost, the size of the database, the time.

One coarse timer ticks once a second while the bar is visible; the trace moves only when the engine steps.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QAccessible,
    QFontMetrics,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.system.formatting import clock_minute, clock_second, short_duration
from gui.data.cost_captions import cost_text
from gui.data.projection import Projection
from gui.data.state_counts import StateCounts
from gui.figures import size
from gui.guarded import Guarded
from gui.theme.glyph import Glyph
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.accessible_role import WithAccessibleRole, install_roles, report_value
from gui.widgets.label import PlainLabel, TickingLabel, plain_tip
from gui.window.command_strip import CommandStrip
from state.records import Hold, HoldKind, run_of_budget
from state.worktree_records import TreeState

HEIGHT = 26
DOUBT_AFTER_S = 5.0
"""After this long without a step, the bar reports that instead of the age of the last one."""
BEAT_EVERY_S = 2.0
"""The least interval between steps without changes that move the trace: an idle screen stays still."""
_SHOWN_HOLDS = 3
_SHOWN_TREES = 20
_FEW_BEATS, _LOWEST_BEAT = 3, 0.4
_DETAILS_FROM = 1100
_ALL_FROM = 1400
"""The widths from which the cost, and beside a command line the worktrees too, have room."""


@dataclass(frozen=True)
class DatabaseFacts:
    """The size of the database on disk, and its number of events."""

    bytes: int
    events: int


class HeartbeatTrace(Guarded, QWidget):
    """A trace that moves with each step of the engine: a tall beat if the step changed something."""

    _NOTCHES = 12
    _REST, _SMALL, _TALL = 0.0, 0.16, 1.0

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._beats: deque[float] = deque([self._REST] * self._NOTCHES, maxlen=self._NOTCHES)
        self._alive = False
        self.setFixedSize(self._NOTCHES * 4 + 2, 16)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # or each beat paints the window behind it
        self.setAccessibleName(tr("Heartbeat of the engine"))
        theme.changed.connect(self.update)

    @property
    def calm(self) -> float:
        """The factor on the height of beats: lower if many are tall, since they would mean nothing any more."""
        tall = sum(height == self._TALL for height in self._beats)
        return 1.0 if tall <= _FEW_BEATS else max(_LOWEST_BEAT, _FEW_BEATS / tall)

    def beat(self, changed: bool) -> None:  # noqa: FBT001  # what the step report says
        """Add one beat."""
        self._beats.append(self._TALL if changed else self._SMALL)
        self._alive = True
        self.update()

    def stop(self) -> None:
        """Fade, since nothing steps."""
        if self._alive:
            self._alive = False
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("bg1"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("completed" if self._alive else "t3"), 1.3))
        middle, points = self.height() / 2, [QPointF(0, self.height() / 2)]
        up, down = 6 * self.calm, 5 * self.calm
        for notch, height in enumerate(self._beats):
            left = 1 + notch * 4.0
            points += [
                QPointF(left, middle),
                QPointF(left + 1, middle - up * height),
                QPointF(left + 2.4, middle + down * height),
                QPointF(left + 3.4, middle),
            ]
        painter.drawPolyline(QPolygonF([*points, QPointF(self.width(), middle)]))


class Dial(WithAccessibleRole, Guarded, QWidget):
    """A ring of 16 px, filled clockwise by the share used, and a text beside it."""

    ACCESSIBLE_ROLE = QAccessible.Role.ProgressBar

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        install_roles()
        self._theme = theme
        self._share = 0.0
        self._state = "running"
        self._text = PlainLabel("", theme=theme, role="small", color="t2")
        row = QHBoxLayout(self)
        row.setContentsMargins(22, 0, 0, 0)
        row.addWidget(self._text)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """The text beside the ring."""
        return self._text.text()

    def accessible_value(self) -> str:
        """How much is used."""
        return f"{self._share * 100:.0f} %"

    def show_share(self, share: float, text: str, *, state: str = "running") -> None:
        """Fill the ring by `share` of 0 to 1 in the colour of `state`."""
        self._share, self._state = min(max(share, 0.0), 1.0), state
        self._text.setText(text)
        if text != self.accessibleName():
            self.setAccessibleName(text)
            report_value(self)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(2, (self.height() - 11) / 2, 11, 11)
        painter.setPen(QPen(self._theme.color("line2"), 2.4))
        painter.drawEllipse(ring)
        if self._share > 0:
            pen = QPen(self._theme.color(f"{self._state}.fill"), 2.4)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawArc(ring, 90 * 16, -round(self._share * 360 * 16))


class StatusBar(Guarded, QWidget):
    """The whole bar. `database` returns the size without delay; it is called at most once a second."""

    def __init__(
        self,
        projection: Projection,
        counters: StateCounts,
        theme: Theme,
        *,
        database: Callable[[], DatabaseFacts | None] = lambda: None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._projection, self._counters, self._theme = projection, counters, theme
        self._database, self._clock, self._monotonic = database, clock, monotonic
        self._stepped_at: float | None = None
        self._beat_at = float("-inf")
        self._size_due = True
        self.trace = HeartbeatTrace(theme)
        self._glyph = Glyph(theme, "timeout", 12)
        self._glyph.hide()
        self.heartbeat = TickingLabel(_widest_beat(), theme=theme, role="small", color="t2", ground="bg1")
        self.slots_dial = Dial(theme)
        self.hold_dials = [Dial(theme) for _ in range(_SHOWN_HOLDS)]
        self.command_strip = CommandStrip(theme)
        self.command_strip.shown_changed.connect(self._show_worktrees)
        self.cost = PlainLabel("", theme=theme, role="small", color="t2")
        self.database_label = PlainLabel("", theme=theme, role="small", color="t2")
        self.worktrees_label = PlainLabel("", theme=theme, role="small", color="t2")
        self.older_label = PlainLabel("", theme=theme, role="small", color="t2")
        self.clock_label = TickingLabel("00:00:00", theme=theme, role="small", color="t2", ground="bg1")
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._on_tick)
        self._lay_out()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        projection.reset.connect(self._on_changed)
        projection.folded.connect(self._on_changed)
        counters.changed.connect(self._on_changed)
        self._on_changed()

    def show_step(self, changed: bool) -> None:  # noqa: FBT001  # what the step report says
        """Show that the engine has just stepped."""
        now = self._stepped_at = self._monotonic()
        if changed or now - self._beat_at >= BEAT_EVERY_S:
            self._beat_at = now
            self.trace.beat(changed)
            self._show_heartbeat()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Start the clock while visible."""
        super().showEvent(event)
        self._size_due = True
        self._on_tick()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  # Qt's name
        """Stop the clock: a hidden bar costs nothing."""
        super().hideEvent(event)
        self._timer.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Hide the cost if there is little room."""
        super().resizeEvent(event)
        self._show_cost()
        self._show_worktrees()

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """No minimum width, so that the window can be made narrow."""
        return QSize(200, self._theme.grown(HEIGHT))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(6)
        row.addWidget(self.trace)
        row.addWidget(self._glyph)
        row.addWidget(self.heartbeat)
        for dial in (self.slots_dial, *self.hold_dials):
            row.addSpacing(10)
            row.addWidget(dial)
        row.addWidget(self.command_strip, 1)
        for label in (
            self.older_label,
            self.cost,
            self.worktrees_label,
            self.database_label,
            self.clock_label,
        ):
            row.addWidget(label)
            row.addSpacing(10)
        row.takeAt(row.count() - 1)

    @Slot()
    def _on_theme_changed(self) -> None:
        """Take the height of the text; two labels have the width of their widest text.

        Else each event and each second would trigger a layout of the whole window.
        """
        self.setFixedHeight(self._theme.grown(HEIGHT))
        small = QFontMetrics(self._theme.font("small"))
        for label, widest in ((self.heartbeat, _widest_beat()), (self.clock_label, "00:00:00")):
            label.setFixedSize(small.horizontalAdvance(widest) + 2, small.height())
        self._show_cost()
        self._show_worktrees()

    @Slot()
    def _on_tick(self) -> None:
        self._show_heartbeat()
        self.clock_label.setText(clock_second(self._clock()))
        self._show_holds()
        if self._size_due:
            self._size_due = False
            self._show_database()
            self._show_worktrees()

    @Slot()
    def _on_changed(self) -> None:
        self._size_due = True
        limit, taken = self._projection.slots(), len(self._projection.running_jobs)
        if limit:
            self.slots_dial.show_share(taken / limit, tr("Slots {taken}/{limit}", taken=taken, limit=limit))
        else:
            self.slots_dial.show_share(0.0, tr("{running:,} running", running=taken))
        self._show_heartbeat()
        self._show_holds()
        self._show_older()
        self._show_cost()

    def _show_older(self) -> None:
        """How many jobs are counted, but in no list yet."""
        older = self._projection.older_jobs()
        self.older_label.setVisible(bool(older))
        if older:
            self.older_label.setText(tr_count("{n} older job not loaded", "{n} older jobs not loaded", older))
            tip = tr("They are counted, and are loaded when you scroll to them, filter, or select their run.")
            self.older_label.setToolTip(plain_tip(tip))

    def _show_heartbeat(self) -> None:
        alive = self._projection.engine.running and self._stepped_at is not None
        age = self._monotonic() - (self._stepped_at or 0.0)
        doubtful = alive and age > DOUBT_AFTER_S
        if not alive:
            self.trace.stop()
            self.heartbeat.setText(tr("Engine stopped"))
        elif doubtful:
            self.heartbeat.setText(tr("No step for {age}", age=short_duration(age)))
        else:
            self.heartbeat.setText(tr("Engine stepped {age:.1f} s ago", age=age))
        self._glyph.setVisible(doubtful)

    def _show_holds(self) -> None:
        now = self._clock()
        held = [
            hold
            for hold in self._projection.holds.values()
            if hold.kind is not HoldKind.ENGINE and hold.is_in_force(now)
        ]
        for number, dial in enumerate(self.hold_dials):
            if dial.isHidden() is (number < len(held)):
                dial.setVisible(number < len(held))
            if number < len(held):
                hold = held[number]
                words = _held(hold)
                if hold.until:
                    words = tr("{held}, back at {at}", held=words, at=clock_minute(hold.until))
                dial.show_share(1.0, words, state="waiting")

    def _show_cost(self) -> None:
        cost = cost_text(self._counters.cost)
        self.cost.setText(tr("Cost {cost}", cost=cost) if cost else "")
        self.cost.setVisible(bool(cost) and self.width() >= self._theme.widened(_DETAILS_FROM))

    @Slot()
    def _show_worktrees(self) -> None:
        """What all worktrees take on the disk; the tip has each workstream."""
        names = self._projection.names
        found = [
            (tree.size_bytes, names.distinct(tree.key))
            for tree in self._projection.worktrees.values()
            if tree.state is TreeState.READY and tree.size_bytes is not None
        ]
        whole = size(sum(number for number, _ in found))
        self.worktrees_label.setText(tr("Worktrees {size}", size=whole) if found else "")
        lines = [f"{size(number)}  {name}" for number, name in sorted(found, reverse=True)[:_SHOWN_TREES]]
        if (more := len(found) - _SHOWN_TREES) > 0:
            lines.append(tr_count("and {n} more worktree", "and {n} more worktrees", more))
        self.worktrees_label.setToolTip(plain_tip("\n".join(lines)))
        needed = _ALL_FROM if self.command_strip.is_shown else _DETAILS_FROM
        self.worktrees_label.setVisible(bool(found) and self.width() >= self._theme.widened(needed))

    def _show_database(self) -> None:
        facts = self._database()
        if facts is None:
            self.database_label.setText(tr("Database unknown"))
        else:
            self.database_label.setText(
                tr_count(
                    "Database {size}, {n} event",
                    "Database {size}, {n} events",
                    facts.events,
                    size=size(facts.bytes),
                )
            )


def _widest_beat() -> str:
    return tr("Engine stepped {age:.1f} s ago", age=88.8)


def _held(hold: Hold) -> str:
    """What is held and why, in as few words as fit beside a dial."""
    match hold.kind:
        case HoldKind.BUDGET:
            run_id = run_of_budget(hold.key)
            if run_id is None:
                return tr("day's budget used up")
            return tr("budget of run {run} used up", run=run_id)
        case HoldKind.ACCOUNT:
            return tr("{account} quota used", account=hold.key)
        case _:
            return tr("{name} on hold", name=hold.key)
