"""The strip with the merge queue above the action bar: what is checked on top of the target, and what waits."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QStyle,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine.system.formatting import age
from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.review.merge_model import GLYPHS, MERGE_ROLE, MergeModel, verbs_of
from gui.panels.review.review_records import MergeLine, ReviewQueue
from gui.panels.review.wordless_work import WORDLESS
from gui.theme.paint import dpr_of, glyph, hairline, rounded
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.accessible_rows import WithPaintedButtons, install_rows
from gui.widgets.buttons import icon_button
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.painted_button import (
    PaintedButton,
    PaintsButtons,
    button_from_right,
    draw_button,
    with_reasons,
)
from state.worktree_records import MergeState

Index = QModelIndex | QPersistentModelIndex
ROW, _HEAD, _MOST_ROWS = 32, 30, 4
_LOOKS = frozenset({"log", "compare"})
"""The verbs that change nothing."""
_PLACE, _GLYPH, _NAME, _TEXT = 16, 28, 52, 214
_LAST_LINE = 80
"""The room that the last line of a check needs at least."""
_NAME_WIDTH, _AGE_WIDTH, _BAR_WIDTH, _BAR_HEIGHT = 150, 48, 120, 8


class _MergeDelegate(PaintsButtons):
    """Paints the rows of a `MergeModel`. `hot` is the button under the pointer: the row and the command."""

    def __init__(self, theme: Theme, type_: Typesetter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_
        self.now = 0.0
        self.hot: tuple[int, str] | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 - Qt's name
        """All rows are equally high."""
        return QSize(200, ROW)

    def buttons(self, line: MergeLine, rect: QRect) -> list[PaintedButton]:
        """The buttons of a row painted in this rectangle."""
        right, found = rect.right() - 10, []
        for verb in reversed(verbs_of(line)):
            button = button_from_right(verb, right, rect.center().y() + 1, type_=self._type)
            found.append(button)
            right = button.rect.left() - 4
        return with_reasons(found, partial(self._why_not, line))

    def _why_not(self, line: MergeLine, command: str) -> str:
        if command in _LOOKS:
            return ""
        wordless = command == "send_back" and not line.takes_words
        return self.why_not(command) or (tr(WORDLESS) if wordless else "")

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        line: MergeLine = index.data(MERGE_ROLE)
        theme, rect = self._theme, option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, theme.color("sel" if selected else "bg1"))
        hairline(painter, rect.bottom(), left=rect.left(), right=rect.right(), color=theme.color("line"))
        self._paint_left(painter, rect, line)
        buttons = self.buttons(line, rect)
        for number, button in enumerate(buttons):
            hot = self.hot == (index.row(), button.button.command)
            kind = "secondary" if number == 0 else "quiet"
            draw_button(painter, button, kind=kind, hot=hot, theme=theme, type_=self._type)
        self._paint_right(painter, rect, line, right=min(rect.right() - 190, buttons[-1].rect.left() - 12))
        if option.state & QStyle.StateFlag.State_HasFocus:
            rounded(painter, rect, radius=3, edge=theme.color("focus"), width=2)

    def _paint_left(self, painter: QPainter, rect: QRect, line: MergeLine) -> None:
        theme, type_ = self._theme, self._type
        place = QRect(rect.left() + _PLACE, rect.top(), 12, rect.height())
        type_.draw(painter, place, text=str(line.place), role="small", color=theme.color("t2"))
        mark = theme.glyph("held" if line.held else GLYPHS[line.state], 13, dpr_of(painter))
        glyph(painter, QRect(rect.left() + _GLYPH, rect.top(), 14, rect.height()), mark)
        name = QRect(rect.left() + _NAME, rect.top(), _NAME_WIDTH, rect.height())
        type_.draw(painter, name, text=line.name, role="small", color=theme.color("t1"))

    def _paint_right(self, painter: QPainter, rect: QRect, line: MergeLine, *, right: int) -> None:
        theme, type_ = self._theme, self._type
        when = QRect(right - _AGE_WIDTH, rect.top(), _AGE_WIDTH, rect.height())
        type_.draw(
            painter, when, text=age(line.since, self.now), role="small", color=theme.color("t2"), align=RIGHT
        )
        end = when.left() - 12
        if line.total:
            end -= _BAR_WIDTH
            self._paint_bar(painter, QRect(end, rect.center().y() - 3, _BAR_WIDTH, _BAR_HEIGHT), line)
            end -= 12
        words = QRect(rect.left() + _TEXT, rect.top(), end - rect.left() - _TEXT, rect.height())
        failed = line.state in {MergeState.CONFLICT, MergeState.RED}
        ink = theme.color("failed" if failed else "t1")
        words.setLeft(words.left() + type_.draw(painter, words, text=line.word, role="small", color=ink) + 4)
        sentence = f"{line.sentence}: {line.command}" if line.command else line.sentence
        at = words.adjusted(0, 0, -words.width() // 2 if line.last_line else 0, 0)
        wide = type_.draw(painter, at, text=sentence, role="small", color=theme.color("t2"))
        words.setLeft(words.left() + wide + 12)
        if line.last_line and words.width() > _LAST_LINE:
            type_.draw(painter, words, text=line.last_line, role="mono", color=theme.color("t3"))

    def _paint_bar(self, painter: QPainter, rect: QRect, line: MergeLine) -> None:
        running = self._theme.state("running")
        rounded(painter, rect, radius=2, ground=running.tint, edge=running.fill)
        done = round(rect.width() * min(1.0, (line.done or 0) / max(1, line.total or 1)))
        painter.fillRect(QRect(rect.left(), rect.top(), done, rect.height()), running.fill)


class _MergeView(WithPaintedButtons):
    """The rows; a press on a painted button carries it out, Enter offers the verbs of the row.

    Signals:
        verb_requested: (command, MergeLine) a verb of a row was pressed.
    """

    verb_requested = Signal(str, object)

    def __init__(self, model: MergeModel, theme: Theme, clock: Callable[[], float]) -> None:
        super().__init__()
        install_rows()
        self._clock = clock
        self._pressed: tuple[int, str] | None = None
        self._delegate = _MergeDelegate(theme, Typesetter(theme, self), self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Merge queue"))

    def painted_buttons(self, index: QModelIndex) -> list[PaintedButton]:
        """The verbs of a row, the first one at its left."""
        return self._delegate.buttons(index.data(MERGE_ROLE), self.visualRect(index))[::-1]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint with ages as of now."""
        self._delegate.now = self._clock()
        super().paintEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Highlight the button under the pointer."""
        super().mouseMoveEvent(event)
        found = self._button_at(event.position().toPoint())
        hot = None if found is None else (found[0], found[2])
        if hot != self._delegate.hot:
            self._delegate.hot = hot
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Note the button that is pressed."""
        super().mousePressEvent(event)
        found = self._button_at(event.position().toPoint())
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = (found[1].merge_id, found[2]) if found is not None and is_left else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Carry out the verb of a button pressed and released."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        found = self._button_at(event.position().toPoint())
        is_usable = not self.reason_at(event.position().toPoint())
        if found is not None and pressed == (found[1].merge_id, found[2]) and is_usable:
            self.verb_requested.emit(found[2], found[1])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Offer the verbs of the current row on Enter."""
        index = self.currentIndex()
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or not index.isValid():
            super().keyPressEvent(event)
            return
        line: MergeLine = index.data(MERGE_ROLE)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in self.painted_buttons(index):
            verb = button.button
            entry = menu.addAction(verb.label)
            entry.setEnabled(not button.reason)
            if button.reason:
                entry.setToolTip(plain_tip(button.reason))
                menu.setToolTipsVisible(True)
            entry.triggered.connect(partial(self.verb_requested.emit, verb.command, line))
        menu.popup(self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()))

    def _button_at(self, at: QPoint) -> tuple[int, MergeLine, str] | None:
        index = self.indexAt(at)
        if not index.isValid():
            return None
        line: MergeLine = index.data(MERGE_ROLE)
        for button in self._delegate.buttons(line, self.visualRect(index)):
            if button.rect.contains(at):
                return index.row(), line, button.button.command
        return None


class MergeStrip(Guarded, QWidget):
    """Shows the merge queue with its head; at most four rows, then it scrolls.

    Signals:
        verb_requested: (command, MergeLine) a verb of a row was pressed.
        closed: its chevron was pressed.
    """

    verb_requested = Signal(str, object)
    closed = Signal()

    def __init__(self, theme: Theme, clock: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.model = MergeModel(self)
        self.view = _MergeView(self.model, theme, clock)
        self.chevron = icon_button(theme, "chev", tr("Close the merge queue"), size=20)
        self._icon = QLabel()
        self.title = PlainLabel(tr("Merge queue"), theme=theme, role="smallstrong")
        self.fact = PlainLabel(theme=theme, role="small", color="t2", elide=True)
        self.rule = PlainLabel(theme=theme, role="small", color="t2", elide=True)
        self.rule.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._empty = PlainLabel(tr("The merge queue is empty."), theme=theme, role="small", color="t2")
        self._empty.setContentsMargins(16, 8, 16, 8)
        head = QWidget()
        head.setFixedHeight(_HEAD)
        row = QHBoxLayout(head)
        row.setContentsMargins(8, 0, 12, 0)
        row.setSpacing(8)
        upper: tuple[QWidget, ...] = (self.chevron, self._icon, self.title)
        for widget in upper:
            row.addWidget(widget)
        row.addWidget(self.fact, 1)
        row.addWidget(self.rule, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 0)
        column.setSpacing(0)
        lower: tuple[QWidget, ...] = (head, self.view, self._empty)
        for widget in lower:
            column.addWidget(widget)
        self.view.verb_requested.connect(self.verb_requested)
        self.chevron.clicked.connect(self.closed)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_queue(self, queue: ReviewQueue, sentence: str = "", *, proposal: str = "") -> None:
        """Show these merges, and a better order of theirs; a narrow view has the `sentence` of the bar here."""
        self.model.show(queue.merges)
        self.view.viewport().update()  # the painted ages go on where no row has changed
        count = len(queue.merges)
        self.fact.setText(
            tr("{count:,}, into {targets}", count=count, targets=queue.targets)
            if count and queue.targets
            else figure(count)
        )
        self.rule.setText(proposal or sentence or tr("one at a time; each is tested on top of the target"))
        self.view.setVisible(count > 0)
        self.view.setFixedHeight(ROW * min(count, _MOST_ROWS))
        self._empty.setVisible(count == 0)
        self.setAccessibleName(tr_count("Merge queue, {n} merge", "Merge queue, {n} merges", count))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground of the head."""
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), _HEAD + 1, self._theme.color("bg3"))
        painter.fillRect(0, 0, self.width(), 1, self._theme.color("line2"))

    @Slot()
    def focus_rows(self) -> None:
        """Focus the rows, or what closes the strip where there are none."""
        target = self.chevron if self.view.isHidden() else self.view
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._icon.setPixmap(self._theme.icon("merge", "t2", 16, self.devicePixelRatioF()))
        self.update()
