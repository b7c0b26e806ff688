"""The sheet with what differs between two attempts of a job; two drop-downs choose which."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QWidget

from engine.streams.attempt_comparison import LineRole, Topic, default_pair
from engine.system.phrase import phrase_of
from gui.control.line_process import LineProcess
from gui.data.readers import Readers
from gui.theme.theme import Theme
from gui.translation import tr, tr_phrase, translatable
from gui.widgets.buttons import push_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel
from gui.widgets.sheet import Sheet
from state import attempt_queries
from state.database_errors import DatabaseError
from state.records import Attempt, Job

_HEIGHT, _LEAST = 420, 210
_AROUND = 360
"""The height of the rest of the sheet, and of what is around it."""
_SIGNS: Mapping[LineRole, str] = {LineRole.FIRST: "\N{MINUS SIGN} ", LineRole.SECOND: "+ "}
_COLORS: Mapping[LineRole, tuple[str, str]] = {
    LineRole.HEADING: ("t1", "bg3"),
    LineRole.NOTE: ("t2", ""),
    LineRole.BOTH: ("t1", ""),
    LineRole.FIRST: ("delt", "dele"),
    LineRole.SECOND: ("addt", "add"),
}
_HEADINGS: Mapping[Topic, str] = {
    Topic.FACTS: translatable("What differs"),
    Topic.PROMPT: translatable("Prompt"),
    Topic.RESULT: translatable("Difference between the results"),
    Topic.OUTPUT: translatable("Output"),
}


class AttemptComparisonSheet(Sheet):
    """Shows two attempts of one job beside each other; F7 goes to the next part."""

    def __init__(self, theme: Theme, *, sources: Readers, parent: QWidget) -> None:
        super().__init__(theme, parent, width=880)
        self.setObjectName("attempt_comparison")
        self._sources = sources
        self._job: Job | None = None
        self._attempts: Sequence[Attempt] = ()
        self._question = 0
        self.is_comparing = False
        """Whether a comparison was requested and has not arrived whole."""
        self._parts: list[tuple[Topic, list[tuple[LineRole, str]]]] = []
        """What has arrived of the comparison that is shown."""
        self._headings: list[int] = []
        self.helper = LineProcess("gui.control.comparison_server", self)
        self.helper.answered.connect(self._on_answered)
        self.helper.ended.connect(self._on_helper_ended)
        self.boxes = (
            ChoiceBox(tr("The first attempt"), theme),
            ChoiceBox(tr("The second attempt"), theme),
        )
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.text.setAccessibleName(tr("What differs between the attempts"))
        self.text.setTabChangesFocus(True)
        self._lay_out_body()
        for box in self.boxes:
            box.activated.connect(self._on_activated)
        self.closed.connect(self._on_closed)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_job(self, job: Job, shown: int | None = None) -> None:
        """Open with the attempt of this id and the one before it, or else with the last two attempts of a job."""
        self._job = job
        problem = ""
        try:
            self._attempts = self._sources.reader.read(attempt_queries.attempts_of, job.job_id)
        except DatabaseError as error:
            self._attempts = []
            problem = tr("The attempts cannot be read right now: {error}", error=error)
        self.heading.setText(tr("Compare two attempts"))
        pair = default_pair(self._attempts, shown)
        for box, chosen in zip(self.boxes, pair or (None, None), strict=True):
            box.clear()
            for attempt in self._attempts:
                box.addItem(
                    tr("Attempt {number}, {tool}", number=attempt.number, tool=attempt.tool), attempt.id
                )
            box.setEnabled(pair is not None)
            box.setCurrentIndex(-1 if chosen is None else self._attempts.index(chosen))
        self._read()
        if problem:
            self._say(problem)
        self.open()

    def first_focus(self) -> QWidget:
        """The text, which the keys scroll."""
        return self.text

    def place(self) -> None:
        """Show as much of the comparison as the window has room for."""
        self.text.setMinimumHeight(max(_LEAST, min(_HEIGHT, self.window().height() - _AROUND)))
        super().place()

    def stop_reading(self) -> None:
        """End the helper process; for the end of the program."""
        self.helper.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the next part with F7, to the one before with Shift+F7."""
        if event.key() == Qt.Key.Key_F7:
            self._go(back=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def _go(self, *, back: bool) -> None:
        at = self.text.textCursor().blockNumber()
        ways = [line for line in self._headings if (line < at if back else line > at)]
        if ways:
            self._go_to(ways[-1] if back else ways[0])

    def _go_to(self, line: int) -> None:
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.maximum())  # so that the line comes to the top
        self.text.setTextCursor(QTextCursor(self.text.document().findBlockByNumber(line)))
        bar.setValue(self.text.textCursor().block().firstLineNumber())

    def _read(self) -> None:
        pair = [self._attempts[box.currentIndex()] for box in self.boxes if box.currentIndex() >= 0]
        if self._job is None or len(pair) != len(self.boxes):
            self._say(tr("This job has not had two attempts yet, so there is nothing to compare."))
            return
        first, second = pair
        if first.id == second.id:
            self._say(tr("Choose two different attempts."))
            return
        self._say(tr("Comparing…"))
        self.is_comparing = True
        home = self._sources.home
        self.helper.send(
            {
                "id": self._question,
                "database": str(home.database),
                "attempts": str(home.attempts),
                "job_id": self._job.job_id,
                "numbers": [first.number, second.number],
            }
        )

    def _say(self, sentence: str) -> None:
        """Show a sentence alone; what was requested before is not shown any more."""
        self._question += 1
        self.is_comparing = False
        self.sentence.setText(sentence)
        self._parts = []
        self._headings = []
        self.text.setPlainText("")

    @Slot(object)
    def _on_answered(self, answer: dict[str, Any]) -> None:
        if answer["id"] != self._question:
            return
        if "failed" in answer:
            self._say(tr("The attempts could not be compared: {error}", error=answer["failed"]))
        elif "done" in answer:
            self.is_comparing = False
            numbers = [self._attempts[box.currentIndex()].number for box in self.boxes]
            self.sentence.setText(
                tr(
                    "Red is attempt {first}, green attempt {second}. F7 goes to the next part.",
                    first=numbers[0],
                    second=numbers[1],
                )
            )
        else:
            lines = [
                (LineRole(role), text if isinstance(text, str) else tr_phrase(phrase_of(text)))
                for role, text in answer["lines"]
            ]
            topic = Topic(answer["topic"])
            self._append(topic, lines, is_new=not self._parts or self._parts[-1][0] is not topic)
            self._parts.append((topic, lines))

    @Slot()
    def _on_helper_ended(self) -> None:
        """Nobody ended it: what was requested will not come."""
        if self.is_comparing:
            self._say(
                tr("The process that compares has ended unexpectedly. Choose the attempts again to retry.")
            )

    def _append(self, topic: Topic, lines: Sequence[tuple[LineRole, str]], *, is_new: bool) -> None:
        """Add lines at the end, without moving what is read."""
        is_first = not self._headings
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        if is_new:
            if self._headings:
                cursor.insertBlock()
            self._headings.append(cursor.blockNumber())
            cursor.insertText(tr(_HEADINGS[topic]), self._format(LineRole.HEADING))
        for role, text in lines:
            cursor.insertBlock()
            cursor.insertText(f"{_SIGNS.get(role, '  ')}{text}", self._format(role))
        cursor.endEditBlock()
        if is_first:  # the text's own cursor was at the end of nothing, and has moved along
            self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _show_again(self) -> None:
        """Show what has arrived in the colours of now."""
        self.text.setPlainText("")
        self._headings = []
        before: Topic | None = None
        for topic, lines in self._parts:
            self._append(topic, lines, is_new=topic is not before)
            before = topic

    def _format(self, role: LineRole) -> QTextCharFormat:
        shape, (ink, ground) = QTextCharFormat(), _COLORS[role]
        shape.setForeground(QColor(self.theme.color(ink)))
        if ground:
            shape.setBackground(QColor(self.theme.color(ground)))
        if role is LineRole.HEADING:
            shape.setFontWeight(700)
        return shape

    def _lay_out_body(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.boxes[0])
        row.addWidget(PlainLabel(tr("with"), theme=self.theme, role="small", color="t2"))
        row.addWidget(self.boxes[1])
        row.addStretch(1)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        self.body.addLayout(row)
        self.body.addWidget(self.text, 1)
        close = push_button(tr("Close"))
        close.clicked.connect(self.request_close)
        self.footer.addStretch(1)
        self.footer.addWidget(close)

    @Slot()
    def _on_closed(self) -> None:
        """What nobody looks at needs no process, and no answer."""
        self.is_comparing = False
        self.helper.leave()

    @Slot(int)
    def _on_activated(self, _row: int) -> None:
        self._read()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.text.setFont(self.theme.font("mono"))
        if self._parts:
            self._show_again()
