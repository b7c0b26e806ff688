"""Says in the header what the panels are limited to, and takes the limits away. Decides nothing else."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QWidget

from engine.scheduling.buckets import Bucket
from engine.system.plain_text import escape_invisible
from gui.data.filter_captions import covered_states, part_caption, pressed_buckets
from gui.data.panel_filter import FilterPart
from gui.data.projection import Projection
from gui.data.selection import Selection
from gui.data.state_counts import StateCounts
from gui.guarded import Guarded
from gui.theme.paint import rounded
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.buttons import push_button
from gui.widgets.label import plain_tip

_HEIGHT = 24
_ICON = 14
_CLOSE = 12
_PAD = 8
_GAP = 5
_LONGEST, _LONGEST_NARROW = 180, 90
_LEAST = 76
_SPACING = 6


class FilterChip(Guarded, QAbstractButton):
    """One limit: funnel, what is kept, how much it hides, and a cross. A click anywhere on it removes the limit."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._kept, self._hides = "", ""
        self._is_narrow = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)

    def show_limit(self, kept: str, hides: str) -> None:
        """Name what is kept, and say what is hidden; `hides` may be empty."""
        self._kept, self._hides = kept, hides
        name = tr("Shown: only {kept}", kept=kept)
        self.setAccessibleName(f"{name}, {hides}" if hides else name)
        tip = tr(
            "{name}. Press to remove this filter; Esc shows everything again.", name=self.accessibleName()
        )
        self.setToolTip(plain_tip(tip))
        self.updateGeometry()
        self.update()

    def set_narrow(self, *, narrow: bool) -> bool:
        """Leave out what is hidden, and shorten the name; return whether that changes anything."""
        if narrow is self._is_narrow:
            return False
        self._is_narrow = narrow
        self.updateGeometry()
        self.update()
        return True

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """As wide as its parts."""
        return QSize(self.width_as(narrow=self._is_narrow), self._theme.grown(_HEIGHT))

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Wide enough for the first letters of what is kept."""
        spare = max(0, self._room() - _LEAST)
        return QSize(self.width_as(narrow=self._is_narrow) - spare, self._theme.grown(_HEIGHT))

    def width_as(self, *, narrow: bool) -> int:
        """The width in the narrow or the wide form."""
        kept = min(self._kept_width(), _LONGEST_NARROW if narrow else _LONGEST)
        hides = 0 if narrow or not self._hides else _GAP + self._hides_width()
        return _PAD + _ICON + _GAP + kept + hides + _GAP + _CLOSE + _PAD

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw border, funnel, words and cross."""
        theme, painter, ratio = self._theme, QPainter(self), self.devicePixelRatioF()
        ground = theme.color("hover" if self.underMouse() else "bg2")
        rounded(painter, self.rect(), radius=4, ground=ground, edge=theme.color("accent"))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawPixmap(_PAD, (self.height() - _ICON) // 2, theme.icon("filter", "accent", _ICON, ratio))
        left = _PAD + _ICON + _GAP
        kept = self._kept_shown()
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("t1"))
        wide = painter.fontMetrics().horizontalAdvance(kept)
        painter.drawText(QRect(left, 0, wide + 2, self.height()), middle, kept)
        if self._hides and not self._is_narrow:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("t2"))
            painter.drawText(
                QRect(left + wide + _GAP, 0, self._hides_width() + 2, self.height()), middle, self._hides
            )
        cross = theme.icon("close", "t1" if self.underMouse() else "t2", _CLOSE, ratio)
        painter.drawPixmap(self.width() - _PAD - _CLOSE, (self.height() - _CLOSE) // 2, cross)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()

    def _kept_shown(self) -> str:
        metrics = QFontMetrics(self._theme.font("small"))
        room = _LONGEST_NARROW if self._is_narrow else _LONGEST
        room = max(0, min(room, self.width() - (self.width_as(narrow=self._is_narrow) - self._room())))
        return metrics.elidedText(self._kept, Qt.TextElideMode.ElideRight, room)

    def _room(self) -> int:
        """The width of the name where nothing is short of room."""
        return min(self._kept_width(), _LONGEST_NARROW if self._is_narrow else _LONGEST)

    def _kept_width(self) -> int:
        return QFontMetrics(self._theme.font("small")).horizontalAdvance(self._kept) + 1

    def _hides_width(self) -> int:
        return QFontMetrics(self._theme.font("caption")).horizontalAdvance(self._hides)


class FilterChips(Guarded, QWidget):
    """The first limit as a chip, the number of further ones, and Clear; takes no room without a filter."""

    def __init__(
        self, projection: Projection, selection: Selection, *, counters: StateCounts, theme: Theme
    ) -> None:
        super().__init__()
        self._projection, self._selection, self._counters = projection, selection, counters
        self.chip = FilterChip(theme)
        self.more = push_button("", kind="quiet", small=True)
        self.clear = push_button(tr("Clear"), kind="link", small=True)
        self.clear.setAccessibleName(tr("Clear the filter"))
        self.clear.setToolTip(plain_tip(tr("Show all runs and all states  (Esc)")))
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        for widget in (self.chip, self.more, self.clear):
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.chip.clicked.connect(self._on_chip_clicked)
        self.more.clicked.connect(self._on_more_clicked)
        self.clear.clicked.connect(selection.clear_filter)
        for signal in (projection.reset, projection.folded, selection.changed, counters.changed):
            signal.connect(self._on_changed)
        self._on_changed()

    @property
    def shown(self) -> bool:
        """Whether a filter is on."""
        return bool(self._selection.filter)

    def set_narrow(self, *, narrow: bool) -> None:
        """Show only what is kept."""
        if self.chip.set_narrow(narrow=narrow):
            self._row.invalidate()
            self.updateGeometry()

    def set_tight(self, *, tight: bool) -> None:
        """Leave Clear out: the cross and Esc do the same."""
        if tight is not self.clear.isHidden():
            self.clear.setVisible(not tight)
            self._row.invalidate()
            self.updateGeometry()

    @property
    def clear_width(self) -> int:
        """How much narrower it is without Clear."""
        return self.clear.sizeHint().width() + _SPACING if self.shown else 0

    def width_as(self, *, narrow: bool) -> int:
        """The width in the narrow or the wide form; 0 without a filter."""
        if not self.shown:
            return 0
        buttons = [self.clear, *([self.more] if self._others() else [])]
        return self.chip.width_as(narrow=narrow) + sum(
            button.sizeHint().width() + _SPACING for button in buttons
        )

    @Slot()
    def _on_changed(self) -> None:
        chosen, others = self._selection.filter, self._others()
        self.setVisible(bool(chosen))
        if not chosen:
            return
        first = chosen.parts[0]
        self.chip.show_limit(self._caption(first), self._hides(first))
        self.more.setVisible(bool(others))
        self.more.setText(f"+{len(others)}")
        named = ", ".join(self._caption(part) for part in others)
        words = tr("Shown too: only {kept}", kept=named)
        self.more.setAccessibleName(words)
        self.more.setToolTip(plain_tip(words))

    @Slot()
    def _on_chip_clicked(self) -> None:
        parts = self._selection.filter.parts
        if parts:
            self._selection.lift(parts[0])

    @Slot()
    def _on_more_clicked(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for part in self._others():
            limit = f"{self._caption(part)} {self._hides(part)}".strip()
            words = tr("Remove {limit}", limit=limit)
            entry = menu.addAction(words.replace("&", "&&"))
            entry.triggered.connect(partial(self._selection.lift, part))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

    def _others(self) -> Sequence[FilterPart]:
        return self._selection.filter.parts[1:]

    def _caption(self, part: FilterPart) -> str:
        return escape_invisible(part_caption(self._selection.filter, part, self._projection.runs))

    def _hides(self, part: FilterPart) -> str:
        """How much this limit hides: other runs, or what the counters that are not pressed count."""
        if part is FilterPart.RUN:
            others = len(self._projection.runs.keys() - {self._selection.run_id})
            return tr_count("hides {n} run", "hides {n} runs", others) if others else ""
        states = self._selection.filter_states
        if covered_states(states) != states:
            return ""
        whole = sum(self._counters.number(bucket) for bucket in Bucket if bucket is not Bucket.FAILED)
        hidden = whole - sum(self._counters.number(bucket) for bucket in pressed_buckets(states))
        return tr("hides {hidden:,}", hidden=hidden) if hidden else ""
