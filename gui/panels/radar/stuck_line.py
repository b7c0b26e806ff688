"""The line at the top of the Radar that says what is stuck; a press selects it, the next press the next one."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from gui.guarded import Guarded
from gui.panels.radar.painter import draw_tail
from gui.panels.radar.pipeline_records import FileKey
from gui.panels.radar.pipeline_words import tail_length
from gui.panels.radar.stuck_files import StuckFiles, stuck_summary, stuck_words
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.label import plain_tip

_HEIGHT = 28
_INSET = 12
_GLYPH = 12
_GAP, _DOT_STEP = 10, 5
_MOST_IN_TIP = 10


class StuckLine(Guarded, QAbstractButton):
    """One line in the colour of what has been stuck for longest, with its tail.

    Signals:
        file_selected: (FileKey) it was pressed; the key is that of the next stuck file.
    """

    file_selected = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stuckLine")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._type = Typesetter(theme, self)
        self._found: Sequence[StuckFiles] = ()
        self._now = 0.0
        self._selected: FileKey | None = None
        self.show_stuck((), now=0.0)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_stuck(self, found: Sequence[StuckFiles], *, now: float) -> None:
        """Show these, the longest first; without any the line says so and cannot be pressed."""
        self._found, self._now = tuple(found), now
        self.setText(stuck_summary(found, now=now))
        self.setAccessibleName(self.text())
        lines = [f"{one.title}: {stuck_words(one, now=now)}" for one in found[:_MOST_IN_TIP]]
        if len(found) > _MOST_IN_TIP:
            lines.append(tr("and {number:,} more", number=len(found) - _MOST_IN_TIP))
        self.setToolTip(
            plain_tip("\n".join([*lines, tr("Press to select the next one")] if lines else lines))
        )
        self.setEnabled(bool(found))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if found else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor)
        self.update()

    def note_selection(self, file: FileKey | None) -> None:
        """Go on from this file at the next press."""
        self._selected = file

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One line; the width is what there is."""
        return QSize(200, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Glyph, tail and sentence above a hairline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._theme.color
        if self._found and (self.isDown() or self.underMouse()):
            painter.fillRect(self.rect(), color("hover"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line"))
        left = _INSET
        if self._found:
            left = self._paint_head(painter, self._found[0])
        room = QRect(left, 0, self.width() - left - _INSET, self.height() - 1)
        ink = color("t1" if self._found else "t3")
        self._type.draw(painter, room, text=self.text(), role="small", color=ink)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color("focus"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -2))

    def _paint_head(self, painter: QPainter, one: StuckFiles) -> int:
        """Draw the glyph and the tail of one; return where the words begin."""
        middle = self.height() / 2
        glyph = self._theme.glyph(one.state, _GLYPH, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(_INSET, middle - _GLYPH / 2), glyph)
        start = QPointF(_INSET + _GLYPH + 6, middle)
        length = tail_length(one.since, self._now)
        draw_tail(painter, start, QPointF(_DOT_STEP, 0), length=length, color=self._theme.state(one.state).fg)
        return _INSET + _GLYPH + _GAP + _DOT_STEP * length

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFixedHeight(self._theme.grown(_HEIGHT))
        self.update()

    @Slot()
    def _on_clicked(self) -> None:
        keys = [one.key for one in self._found]
        if keys:
            at = next(
                (
                    n
                    for n, one in enumerate(self._found)
                    if any(file.key == self._selected for file in one.files)
                ),
                -1,
            )
            self.file_selected.emit(keys[(at + 1) % len(keys)])
