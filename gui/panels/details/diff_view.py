"""Show a unified diff, one file at a time. Reads nothing; `n`/`p` move between files, `j`/`k` between hunks."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from engine.review.diff_records import RowKind
from gui.data.captions import added, removed
from gui.guarded import Guarded
from gui.panels.details.attempt_changes import AttemptChanges, DiffLine, FileDiff, LineKind
from gui.theme.paint import saved
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import keep_icon, push_button
from gui.widgets.label import PlainLabel

ROW = 20
_HEAD = 36
_OLD, _NEW, _SIGN, _TEXT = 40, 36, 22, 98
_SIGNS: Mapping[LineKind, str] = {RowKind.ADDED: "+", RowKind.REMOVED: "\N{MINUS SIGN}"}


class DiffRows(Guarded, QAbstractScrollArea):
    """The lines of one file; paints only those in view."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: Sequence[DiffLine] = ()
        self._wide = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Changed lines"))
        self.setMinimumHeight(4 * ROW)
        theme.changed.connect(self._on_theme_changed)

    def show_lines(self, lines: Sequence[DiffLine]) -> None:
        """Show these from the top."""
        self._lines = lines
        longest = max(lines, key=lambda line: len(line.text), default=None)
        metrics = QFontMetrics(self._theme.font("mono"))
        self._wide = _TEXT + 12 + (metrics.horizontalAdvance(longest.text) if longest is not None else 0)
        self._set_bars()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        self.viewport().update()

    def go_to_hunk(self, step: int) -> None:
        """Bring the next hunk (1) or the one before (-1) to the top."""
        top = self.verticalScrollBar().value() // ROW
        hunks = [number for number, line in enumerate(self._lines) if line.kind == "hunk"]
        after = [number for number in hunks if number > top]
        before = [number for number in hunks if number < top]
        aim = (after[:1] if step > 0 else before[-1:]) or [top]
        self.verticalScrollBar().setValue(aim[0] * ROW)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Twelve rows."""
        return QSize(480, 12 * ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Update the scroll ranges."""
        super().resizeEvent(event)
        self._set_bars()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint background, numbers, sign and text of each row in view."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.color("bg1"))
        painter.setFont(self._theme.font("mono"))
        first = self.verticalScrollBar().value() // ROW
        shown = self.viewport().height() // ROW + 2
        for number in range(first, min(first + shown, len(self._lines))):
            top = number * ROW - self.verticalScrollBar().value()
            self._draw_row(painter, self._lines[number], QRect(0, top, self.viewport().width(), ROW))

    def _draw_row(self, painter: QPainter, line: DiffLine, rect: QRect) -> None:
        ground, ink = _COLOURS[line.kind]
        if ground:
            painter.fillRect(rect, self._theme.color(ground))
        offset = -self.horizontalScrollBar().value()
        painter.setPen(self._theme.color(ink))
        if line.kind in {"hunk", "note"}:
            painter.drawText(rect.adjusted(12 + offset, 0, 0, 0), int(_LEFT), line.text)
            return
        self._draw_text(painter, line, rect, offset)
        painter.setPen(self._theme.color("t2"))
        for value, left, width in ((line.old, 0, _OLD), (line.new, _OLD, _NEW)):
            if value is not None:
                painter.drawText(QRect(left, rect.top(), width - 4, ROW), int(_RIGHT), str(value))
        sign = _SIGNS.get(line.kind)
        if sign is not None:
            painter.setPen(self._theme.color(ink))
            painter.drawText(QRect(_OLD + _NEW, rect.top(), _SIGN, ROW), int(_CENTRE), sign)

    def _draw_text(self, painter: QPainter, line: DiffLine, rect: QRect, offset: int) -> None:
        """Draw the text, which scrolls sideways under the fixed numbers."""
        with saved(painter):
            painter.setClipRect(rect.adjusted(_TEXT, 0, 0, 0))
            painter.setPen(self._theme.color("t1"))
            painter.drawText(QPoint(_TEXT + offset, rect.top() + self._base()), line.text)

    def _base(self) -> int:
        metrics = QFontMetrics(self._theme.font("mono"))
        return (ROW - metrics.height()) // 2 + metrics.ascent()

    def _set_bars(self) -> None:
        view = self.viewport().size()
        self.verticalScrollBar().setRange(0, max(0, len(self._lines) * ROW - view.height()))
        self.verticalScrollBar().setPageStep(view.height())
        self.verticalScrollBar().setSingleStep(ROW)
        self.horizontalScrollBar().setRange(0, max(0, self._wide - view.width()))
        self.horizontalScrollBar().setPageStep(view.width())
        self.horizontalScrollBar().setSingleStep(3 * ROW)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.viewport().update()


class _FileHeader(Guarded, QWidget):
    """Name, counts and comparison of the file; a click goes on to the next file."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(_HEAD)
        self.path = PlainLabel(theme=theme, role="mono", elide=True)
        self.added = PlainLabel(theme=theme, role="mono", color="addt")
        self.removed = PlainLabel(theme=theme, role="mono", color="delt")
        self.compared = PlainLabel(theme=theme, role="small", color="t2", elide=True)
        self.next = push_button(tr("Next file"), kind="quiet", small=True)
        self.next.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        keep_icon(self.next, theme, "chevr")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.path)
        row.addWidget(self.added)
        row.addWidget(self.removed)
        row.addStretch(1)
        row.addWidget(self.compared)
        row.addWidget(self.next)
        self.compared.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint a hairline below."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Make the whole header clickable."""
        if event.button() == Qt.MouseButton.LeftButton and self.next.isVisible():
            self.next.click()

    @Slot()
    def _on_theme_changed(self) -> None:
        font = self._theme.font("mono")
        font.setBold(True)
        self.path.setFont(font)


class DiffView(Guarded, QWidget):
    """The files an attempt changed.

    Signals:
        turned: (index) another file is shown.
    """

    turned = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes = AttemptChanges()
        self._current = 0
        self._head = _FileHeader(theme, self)
        self.rows = DiffRows(theme, self)
        self.rows.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._message = PlainLabel(theme=theme, role="small", color="t2")
        self._message.setWordWrap(True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._message.setContentsMargins(12, 12, 12, 12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.rows, 1)
        column.addWidget(self._message, 1)
        self._head.next.clicked.connect(self._on_next_clicked)
        self.show_message("")

    @property
    def message(self) -> str:
        """The sentence shown instead of a diff."""
        return self._message.text()

    @property
    def shown(self) -> FileDiff | None:
        """The file that is shown."""
        return self._changes.files[self._current] if self._changes.files else None

    def show_message(self, sentence: str) -> None:
        """Show a sentence instead of a diff."""
        self._changes = AttemptChanges()
        self._message.setText(sentence)
        self._show(files=False)

    def show_changes(self, changes: AttemptChanges) -> None:
        """Show these changes; the file in view stays if it is among them."""
        if not changes.files:
            self.show_message(changes.problem or tr("No files changed."))
            return
        path = self.shown.path if self.shown is not None else ""
        self._changes = changes
        self._show(files=True)
        matching = [number for number, file in enumerate(changes.files) if file.path == path]
        self.turn_to(matching[0] if matching else 0)

    def show_path(self, path: str) -> None:
        """Show the file with this path, if it is among the changed ones."""
        for number, file in enumerate(self._changes.files):
            if file.path == path:
                self.turn_to(number)
                return

    def turn_to(self, number: int) -> None:
        """Show another file."""
        self._current = number % len(self._changes.files)
        file = self._changes.files[self._current]
        self._head.path.setText(file.path)
        self._head.added.setText(added(file.added))
        self._head.removed.setText(removed(file.removed))
        self._head.compared.setText(self._changes.problem or self._changes.compared)
        self._head.next.setVisible(len(self._changes.files) > 1)
        self.rows.show_lines(file.lines)
        self.setAccessibleDescription(f"{file.path}, {added(file.added)} {removed(file.removed)}")
        self.turned.emit(self._current)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move between files with n and p, between hunks with j and k."""
        match event.key():
            case Qt.Key.Key_N | Qt.Key.Key_P if self._changes.files:
                self.turn_to(self._current + (1 if event.key() == Qt.Key.Key_N else -1))
            case Qt.Key.Key_J:
                self.rows.go_to_hunk(1)
            case Qt.Key.Key_K:
                self.rows.go_to_hunk(-1)
            case _:
                super().keyPressEvent(event)

    def _show(self, *, files: bool) -> None:
        self._head.setVisible(files)
        self.rows.setVisible(files)
        self._message.setVisible(not files)

    @Slot()
    def _on_next_clicked(self) -> None:
        self.turn_to(self._current + 1)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter
_COLOURS: Mapping[LineKind, tuple[str, str]] = {
    "hunk": ("bg3", "t2"),
    RowKind.CONTEXT: ("", "t1"),
    RowKind.ADDED: ("add", "addt"),
    RowKind.REMOVED: ("dele", "delt"),
    "note": ("", "t2"),
}
