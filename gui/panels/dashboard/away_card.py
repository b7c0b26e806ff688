"""The card on top of the Dashboard that says what happened while the user was away."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.dashboard.away_query import AwayQuery
from gui.panels.dashboard.away_summary import AwayFigure, AwaySummary
from gui.theme.paint import dpr_of, glyph, rounded
from gui.theme.text_layout import LEFT, RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import icon_button, keep_icon, push_button

if TYPE_CHECKING:
    from state.database_reader import DatabaseReader

CARD_HEIGHT = 76
"""With the gaps above and below."""
_INSET, _TOP, _BOTTOM = 12, 10, 4
_PADDING = 12
_FIRST, _SECOND = 20, 26
_ABOVE = 8
_GAP = 14
_GLYPH, _SPACE = 14, 5
_REFRESH_MS = 10_000


class AwayCard(Guarded, QWidget):
    """Hidden until there is something to say. While the user is still away it follows what happens.

    Signals:
        shown_or_hidden: it takes room now, or takes none any more.
        night_requested: the link to the night was pressed.
    """

    shown_or_hidden = Signal()
    night_requested = Signal()

    def __init__(
        self,
        reader: "DatabaseReader",
        theme: Theme,
        type_: Typesetter,
        *,
        has_night: bool,
        clock: Callable[[], float] = time.time,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._type, self._clock = theme, type_, clock
        self.summary: AwaySummary | None = None
        self._since: float | None = None
        self._until: float | None = None
        self._query = AwayQuery(reader, self)
        self._refresh = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self.close_button = icon_button(theme, "close", tr("Close the summary"), size=20)
        self.close_button.setParent(self)
        self.night_button = push_button(tr("Night"), self, kind="link", small=True)
        self.night_button.setToolTip(tr("Show the night as bars of time"))
        self.night_button.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft
        )  # the icon stands behind the word
        keep_icon(self.night_button, theme, "chevr", "accent")
        self.night_button.setVisible(has_night)
        self.setFixedHeight(CARD_HEIGHT)
        self.hide()
        self._query.read.connect(self._on_read)
        self._refresh.timeout.connect(self._request)
        self.close_button.clicked.connect(self.dismiss)
        self.night_button.clicked.connect(self.night_requested)
        theme.changed.connect(self.update)

    @property
    def is_following(self) -> bool:
        """Whether the user is away: what happens now belongs on the card."""
        return self._since is not None and self._until is None

    @property
    def busy(self) -> bool:
        """Whether something is still being read."""
        return self._query.busy

    @Slot(float)
    def begin(self, since: float) -> None:
        """The user is away since this moment."""
        self._since, self._until = since, None
        self._request()

    @Slot(float)
    def end(self, until: float) -> None:
        """The user is back: the card says what happened until then, and follows nothing any more."""
        if self.is_following:
            self._until = until
            self._refresh.stop()
            self._request()

    def note_change(self) -> None:
        """Something happened; read it soon if it belongs on the card."""
        if self.is_following and not self._refresh.isActive():
            self._refresh.start()

    def pause(self) -> None:
        """Read nothing while the panel is hidden."""
        self._refresh.stop()

    @Slot()
    def dismiss(self) -> None:
        """Close the card for good."""
        self._since = self._until = self.summary = None
        self._refresh.stop()
        self._query.forget()
        if not self.isHidden():
            self.hide()
            self.shown_or_hidden.emit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The fixed height."""
        return QSize(320, CARD_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the buttons at the right end of their lines."""
        super().resizeEvent(event)
        box = self._box()
        self.close_button.move(box.right() - 6 - self.close_button.width(), box.top() + _ABOVE)
        link = self.night_button
        link.resize(link.sizeHint())
        middle = box.top() + _ABOVE + _FIRST + _SECOND // 2
        link.move(box.right() - 6 - link.width(), middle - link.height() // 2)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the card and its two lines."""
        if self.summary is None:
            return
        painter, theme, box = QPainter(self), self._theme, self._box()
        rounded(painter, box, radius=6, ground=theme.color("bg2"), edge=theme.color("line2"))
        inside = box.adjusted(_PADDING, _ABOVE, -_PADDING, 0)
        self._paint_head(painter, QRect(inside.left(), inside.top(), inside.width(), _FIRST), self.summary)
        below = QRect(inside.left(), inside.top() + _FIRST, inside.width(), _SECOND)
        self._paint_figures(painter, below, self.summary)

    def _paint_head(self, painter: QPainter, line: QRect, summary: AwaySummary) -> None:
        theme, type_ = self._theme, self._type
        moon = theme.icon("moon", "t2", 14, dpr_of(painter))
        glyph(painter, QRect(line.left(), line.top(), 14, line.height()), moon)
        room = line.adjusted(14 + 7, 0, -(self.close_button.width() + 4), 0)
        used = type_.draw(
            painter, room, text=tr("While you were away"), role="strong", color=theme.color("t1")
        )
        room.setLeft(room.left() + used + 10)
        parts = [(summary.spent, "smallstrong", "t1"), (summary.worked, "small", "t2")]
        shown = [part for part in parts if part[0]]
        while shown and room.width() < type_.width(summary.span, "small") + _GAP + self._end_width(shown):
            shown.pop()  # how long it worked gives way before what it cost
        for number, (text, role, color) in reversed(list(enumerate(shown))):
            text = f", {text}" if number else text  # noqa: PLW2901 - the same words behind others
            type_.draw(painter, room, text=text, role=role, color=theme.color(color), align=RIGHT)
            room.setRight(room.right() - type_.width(text, role))
        type_.draw(painter, room, text=summary.span, role="small", color=theme.color("t2"), align=LEFT)

    def _paint_figures(self, painter: QPainter, line: QRect, summary: AwaySummary) -> None:
        """The numbers with their words, with shorter words, or without any, as the room allows."""
        theme, type_ = self._theme, self._type
        room = line.width() - (self.night_button.width() if self.night_button.isVisibleTo(self) else 0)
        figures = summary.figures
        long, short = [one.words for one in figures], [one.short for one in figures]
        mixed = [one.words if one.state == "failed" else one.short for one in figures]
        worded = ((long, "base"), (long, "small"), (mixed, "small"), (short, "small"))
        choices = [*worded, ([""] * len(figures), "small")]
        words, word_role = next((one for one in choices if self._width(figures, *one) <= room), choices[-1])
        left = line.left()
        for one, word in zip(figures, words, strict=True):
            mark = theme.glyph(one.state, _GLYPH, dpr_of(painter))
            glyph(painter, QRect(left, line.top(), _GLYPH, line.height()), mark)
            left += _GLYPH + _SPACE
            for text, role, color in ((figure(one.number), "title", "t1"), (word, word_role, "t2")):
                rest = QRect(left, line.top(), line.right() - left, line.height())
                left += type_.draw(painter, rest, text=text, role=role, color=theme.color(color)) + _SPACE
            left += _GAP - _SPACE

    def _end_width(self, parts: Sequence[tuple[str, str, str]]) -> int:
        return sum(self._type.width(f", {text}", role) for text, role, _color in parts)

    def _width(self, figures: Sequence[AwayFigure], words: Sequence[str], role: str) -> int:
        texts = sum(
            self._type.width(figure(one.number), "title") + self._type.width(word, role)
            for one, word in zip(figures, words, strict=True)
        )
        return texts + len(figures) * (_GLYPH + 2 * _SPACE + _GAP) - _GAP

    def _box(self) -> QRect:
        return self.rect().adjusted(_INSET, _TOP, -_INSET, -_BOTTOM)

    @Slot()
    def _request(self) -> None:
        if self._since is not None:
            self._query.request(self._since, self._clock() if self._until is None else self._until)

    @Slot(object)
    def _on_read(self, summary: AwaySummary) -> None:
        was_hidden = self.isHidden()
        self.summary = None if summary.is_empty else summary
        self.setAccessibleName(summary.sentence)
        self.setToolTip(summary.sentence)
        self.setVisible(self.summary is not None)
        self.update()
        if was_hidden != self.isHidden():
            self.shown_or_hidden.emit()
