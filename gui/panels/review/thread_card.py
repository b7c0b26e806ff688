"""A comment thread below its line: a head, the messages, and the field for another one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.system.formatting import clock_minute
from gui.guarded import Guarded
from gui.panels.review.comment_editor import CommentEditor
from gui.panels.review.comment_text import CommentText
from gui.panels.review.drafts import too_long
from gui.panels.review.key_button import KeyButton
from gui.panels.review.marks import draw_tick
from gui.panels.review.shown_rows import Place
from gui.theme.paint import rounded
from gui.theme.theme import Theme
from gui.translation import tr, translatable, uncapitalized
from gui.widgets.buttons import push_button, set_usable
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.painted_button import ExplainsButtons

_HEAD, _NAME = 26, 54
_RADIUS = 6.0
_HINT = translatable("For the next prompt")


@dataclass(frozen=True)
class Message:
    """Something said in a thread: by whom, and when."""

    name: str
    text: str
    at: float | None = None


@dataclass(frozen=True, kw_only=True)
class Thread:
    """The comments on one line. `lines` names it, `note` says how it stands; `draft` is what is being written.

    `comment_ids` were not sent, `sent_ids` were and are open, `settled_ids` are settled.
    A `settled` thread is folded to its head where the file is viewed.
    """

    place: Place
    lines: str
    messages: Sequence[Message] = ()
    note: str = ""
    settled: bool = False
    folded: bool = False
    draft: str | None = None
    comment_ids: Sequence[int] = ()
    sent_ids: Sequence[int] = ()
    settled_ids: Sequence[int] = ()


class ThreadCard(ExplainsButtons, Guarded, QWidget):
    """Shows one thread.

    Signals:
        added: (Place, text) a comment was written.
        draft_changed: (Place, text) the text in the field changed.
        left: (Place) the field was left with Esc; its text stays.
        cancelled: (Place) what was written is dropped.
        reply_requested: (Place) open the field.
        delete_requested: (comment id) drop the newest comment that was not sent.
        settle_requested: (comment ids, bool) settle what was sent, or open it again.
        resized: it needs another height.
    """

    added = Signal(object, str)
    draft_changed = Signal(object, str)
    left = Signal(object)
    cancelled = Signal(object)
    reply_requested = Signal(object)
    delete_requested = Signal(object)
    settle_requested = Signal(object, bool)
    resized = Signal()

    def __init__(self, thread: Thread, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thread_shown, self._theme = thread, theme
        self._folded = thread.folded
        self._is_possible, self._changing = False, list[QAbstractButton]()
        self.place = thread.place
        self.editor: CommentEditor | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 0, 1, 1)
        self._column.setSpacing(0)
        self._column.addWidget(self._head())
        self._body = QWidget()
        self._fill_body()
        self._column.addWidget(self._body)
        self._body.setVisible(not self._folded)
        self.setAccessibleName(
            tr("Comments on {lines}, {note}", lines=uncapitalized(thread.lines), note=thread.note)
        )
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # nothing behind it is pressed
        theme.changed.connect(self.update)

    @property
    def widget(self) -> QWidget:
        """Itself, for the area."""
        return self

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height at this width."""
        if self._folded:
            return _HEAD + 2
        return _HEAD + 2 + self._body_height(width - 2)

    def focus_editor(self) -> None:
        """Focus the field, if there is one."""
        if self.editor is not None:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def settle(self) -> None:
        """Settle what was sent and is open, or open what is settled again."""
        thread = self.thread_shown
        if thread.sent_ids or thread.settled_ids:
            self.settle_requested.emit(thread.sent_ids or thread.settled_ids, bool(thread.sent_ids))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the card."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("bg1"))
        color = self._theme.color
        rounded(painter, self.rect(), radius=_RADIUS, ground=color("bg2"), edge=color("line2"))
        if not self._folded:
            painter.fillRect(1, _HEAD, self.width() - 2, 1, color("line2"))

    @Slot()
    def _on_head_pressed(self) -> None:
        """Fold a thread to its head, or unfold it."""
        self._folded = not self._folded
        self.head.show_folded(self._folded)
        self._body.setVisible(not self._folded)
        self.resized.emit()
        self.update()

    def _head(self) -> QWidget:
        thread = self.thread_shown
        self.head = head = ThreadHead(thread.lines, self._theme)
        head.setFixedHeight(_HEAD)
        head.setEnabled(thread.draft is None)  # what is being written stays in view
        head.show_folded(self._folded)
        head.clicked.connect(self._on_head_pressed)
        row = QHBoxLayout(head)
        row.setContentsMargins(9, 0, 9, 0)
        row.setSpacing(8)
        row.addWidget(head.chevron)
        row.addWidget(PlainLabel(thread.lines, theme=self._theme, role="smallstrong"))
        row.addStretch(1)
        row.addWidget(PlainLabel(thread.note, theme=self._theme, role="small", color="t2"))
        if thread.settled:
            row.addWidget(_Tick(self._theme))
        return head

    def _fill_body(self) -> None:
        column = QVBoxLayout(self._body)
        column.setContentsMargins(9, 7, 9, 9)
        column.setSpacing(6)
        self._texts: list[CommentText] = []
        for message in self.thread_shown.messages:
            column.addLayout(self._message(message))
        if self.thread_shown.draft is not None:
            self._add_editor(column, self.thread_shown.draft)
        else:
            column.addLayout(self._answer())

    def _message(self, message: Message) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        name = PlainLabel(message.name, theme=self._theme, role="smallstrong", elide=True)
        name.setFixedWidth(_NAME)
        text = CommentText(message.text, self._theme)
        self._texts.append(text)
        at = PlainLabel(clock_minute(message.at), theme=self._theme, role="small", color="t2")
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(name, 0, top)
        row.addWidget(text, 1, top)
        row.addWidget(at, 0, top)
        return row

    def _add_editor(self, column: QVBoxLayout, draft: str) -> None:
        self.editor = editor = CommentEditor(
            self._theme, tr("Comment on {lines}", lines=uncapitalized(self.thread_shown.lines))
        )
        editor.setPlainText(draft)
        editor.moveCursor(QTextCursor.MoveOperation.End)
        column.addWidget(editor)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(_Icon("open", self._theme))
        self.hint = PlainLabel(tr(_HINT), theme=self._theme, role="small", color="t2", elide=True)
        row.addWidget(self.hint, 1)
        cancel = push_button(tr("Cancel"), kind="quiet", small=True)
        self.add_button = KeyButton(tr("Add comment"), tr("Ctrl Enter"), self._theme, small=True)
        row.addWidget(cancel)
        row.addWidget(self.add_button)
        column.addLayout(row)
        editor.textChanged.connect(self._on_text_changed)
        editor.submitted.connect(self._on_submitted)
        editor.left.connect(self._on_left)
        editor.grown.connect(self.resized)
        cancel.clicked.connect(self._on_cancelled)
        self.add_button.clicked.connect(self._on_submitted)
        self._on_text_changed()

    def _answer(self) -> QHBoxLayout:
        row, thread = QHBoxLayout(), self.thread_shown
        buttons: list[tuple[str, Callable[[], None]]] = []
        if not thread.settled:
            buttons.append((tr("Add another comment"), self._on_answer_requested))
        if thread.comment_ids:
            buttons.append((tr("Delete"), self._on_delete_requested))
        if thread.sent_ids:
            buttons.append((tr("Settle"), self.settle))
        elif thread.settled_ids:
            buttons.append((tr("Open again"), self.settle))
        for title, slot in buttons:
            button = push_button(title, kind="quiet", small=True)
            button.setAccessibleName(
                tr("{title}: comments on {lines}", title=title, lines=uncapitalized(thread.lines))
            )
            button.clicked.connect(slot)
            self._changing.append(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def show_reasons(self) -> None:
        """Let a comment be written, but change none, while nothing can be."""
        reason = self.why_not("comment_on_line")
        for button in self._changing:
            set_usable(button, reason)
        if self.editor is not None:
            set_usable(self.add_button, reason, possible=self._is_possible)

    def _body_height(self, width: int) -> int:
        """The sum of what stands in the body; Qt's layouts ask only visible ones."""
        room = width - 18 - _NAME - 16 - self.fontMetrics().horizontalAdvance("00:00")
        heights = [max(18, text.heightForWidth(room)) for text in self._texts]
        if self.editor is not None:
            heights += [self.editor.height_needed(), 26]
        else:
            heights.append(26)
        return sum(heights) + 6 * max(0, len(heights) - 1) + 16

    @Slot()
    def _on_text_changed(self) -> None:
        if self.editor is not None:
            text = self.editor.toPlainText()
            problem = too_long(text)
            self.hint.setText(problem or tr(_HINT))
            self._is_possible = bool(text.strip()) and not problem
            self.show_reasons()
            self.draft_changed.emit(self.place, text)

    @Slot()
    def _on_submitted(self) -> None:
        if self.editor is not None and self.add_button.isEnabled():
            self.added.emit(self.place, self.editor.toPlainText().strip())

    @Slot()
    def _on_left(self) -> None:
        self.left.emit(self.place)

    @Slot()
    def _on_cancelled(self) -> None:
        self.cancelled.emit(self.place)

    @Slot()
    def _on_delete_requested(self) -> None:
        self.delete_requested.emit(self.thread_shown.comment_ids[-1])

    @Slot()
    def _on_answer_requested(self) -> None:
        self.reply_requested.emit(self.place)


class ThreadHead(Guarded, QAbstractButton):
    """The head of a thread, a button that folds and unfolds it."""

    def __init__(self, lines: str, theme: Theme) -> None:
        super().__init__()
        self._lines, self._theme = lines, theme
        self.chevron = _Icon("chev", theme)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_folded(self, folded: bool) -> None:  # noqa: FBT001  # a switch, like setVisible
        """Show which of the two a press does."""
        self.chevron.show_icon("chevr" if folded else "chev")
        words = tr("Unfold the comments on {lines}") if folded else tr("Fold the comments on {lines}")
        words = words.format(lines=uncapitalized(self._lines))
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(f"{words}  ({tr('Space')})"))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Press it with Enter, too."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the focus ring: the card paints the ground."""
        edge = self._theme.color("focus")
        if self.hasFocus():
            rounded(QPainter(self), self.rect(), radius=_RADIUS, edge=edge, width=2)


class _Tick(Guarded, QWidget):
    """A plain tick."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(14, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint it."""
        draw_tick(QPainter(self), self.rect(), self._theme)


class _Icon(QLabel):
    """An icon of the theme, 14 px."""

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self._name, self._theme = name, theme
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setPixmap(self._theme.icon(self._name, "t2", 14, self.devicePixelRatioF()))
