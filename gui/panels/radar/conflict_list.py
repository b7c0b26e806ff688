"""The list of conflicts beside the large disc: one line each, naming path and workstreams; a click selects the file."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.guarded import Guarded
from gui.panels.radar.file_facts import conflict_counts, conflict_sentence
from gui.panels.radar.pipeline_records import Conflict, Survey
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr

_HEAD = 34
_ROW = 26
_MAX_LISTED = 4


class ConflictList(Guarded, QWidget):
    """At most four conflicts, and how many more there are.

    Signals:
        file_selected: (FileKey) a conflict was selected; the key is its first side.
    """

    file_selected = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conflictList")
        self.setAccessibleName(tr("Conflicts"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._type = Typesetter(theme, self)
        self._survey = Survey()
        self._hot = self._current = -1
        theme.changed.connect(self.update)

    def show_survey(self, survey: Survey) -> None:
        """Show the conflicts of this survey, the surest first."""
        self._survey = survey
        self._hot = -1
        self._current = min(self._current, len(self.conflicts()) - 1)
        sentences = [self._sentence(conflict) for conflict in self.conflicts()]
        self.setAccessibleDescription("; ".join(sentences))
        self.updateGeometry()
        self.update()

    def conflicts(self) -> list[Conflict]:
        """The listed conflicts."""
        return sorted(self._survey.conflicts, key=lambda one: one.kind)[:_MAX_LISTED]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The heading and its lines."""
        lines = len(self.conflicts()) + (len(self._survey.conflicts) > _MAX_LISTED)
        return QSize(200, _HEAD + _ROW * lines + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Heading, lines, and how many more there are."""
        painter = QPainter(self)
        color = self._theme.color
        painter.fillRect(0, 0, self.width(), 1, color("line"))
        ink = "failed" if any(one.is_real for one in self._survey.conflicts) else "t3"
        painter.drawPixmap(16, 11, self._theme.icon("conflict", ink, 16, self.devicePixelRatioF()))
        head = QRect(40, 4, self.width() - 56, 30)
        wide = self._type.draw(painter, head, text=tr("Conflicts"), role="small+", color=color("t2"))
        head.setLeft(head.left() + wide + 10)
        counts = conflict_counts(self._survey.conflicts)
        self._type.draw(painter, head, text=counts, role="small", color=color("t3"))
        for number, conflict in enumerate(self.conflicts()):
            self._paint_line(painter, number, conflict)
        more = len(self._survey.conflicts) - _MAX_LISTED
        if more > 0:
            row = self._row(_MAX_LISTED).adjusted(16, 0, -16, 0)
            self._type.draw(
                painter, row, text=tr("{more:,} more", more=more), role="small", color=color("t3")
            )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Highlight the line under the pointer."""
        self._set_hot(self._at(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """No line is under the pointer."""
        self._set_hot(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Select the file of the line."""
        self._select(self._at(event.position().toPoint().y()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Up and down walk the lines."""
        match event.key():
            case Qt.Key.Key_Up if self._current > 0:
                self._select(self._current - 1)
            case Qt.Key.Key_Down if self._current + 1 < len(self.conflicts()):
                self._select(self._current + 1)
            case _:
                super().keyPressEvent(event)

    def _paint_line(self, painter: QPainter, number: int, conflict: Conflict) -> None:
        row = self._row(number)
        if number == self._hot:
            painter.fillRect(row, self._theme.color("hover"))
        if number == self._current and self.hasFocus():
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRect(row.adjusted(1, 1, -2, -2))
        half = max(120, row.width() * 3 // 10)
        path, text = QRect(row), QRect(row)
        path.setLeft(16)
        path.setWidth(half)
        text.setLeft(path.right() + 12)
        text.setRight(row.right() - 12)
        color = self._theme.color
        self._type.draw(painter, path, text=conflict.path, role="mono", color=color("t1"))
        ink = color("failed" if conflict.is_real else "t3")
        self._type.draw(painter, text, text=self._sentence(conflict), role="small", color=ink)

    def _sentence(self, conflict: Conflict) -> str:
        return conflict_sentence(self._survey, conflict)

    def _row(self, number: int) -> QRect:
        return QRect(0, _HEAD + number * _ROW, self.width(), _ROW)

    def _at(self, y: int) -> int:
        number = (y - _HEAD) // _ROW
        return number if 0 <= number < len(self.conflicts()) else -1

    def _set_hot(self, number: int) -> None:
        if number != self._hot:
            self._hot = number
            self.setCursor(Qt.CursorShape.PointingHandCursor if number >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def _select(self, number: int) -> None:
        if number >= 0:
            self._current = number
            self.update()
            self.file_selected.emit(self.conflicts()[number].first)
