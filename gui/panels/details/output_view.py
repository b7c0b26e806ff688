"""The output of an attempt, live while it runs: its end, or where its errors begin. The Logs panel shows all of it.

Of an agent it shows sentences, or its raw lines when one of its streams is chosen. Read in the background.
"""

from functools import partial

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.streams.attempt_output import READERS
from gui.control.background_tasks import BackgroundTasks
from gui.data.readers import Readers
from gui.guarded import Guarded
from gui.panels.details.output_reader import SENTENCES, AttemptExcerpt, OutputReader
from gui.panels.details.output_text import OutputText
from gui.theme.theme import Theme
from gui.translation import tr, tr_count, translatable
from gui.widgets.buttons import icon_button, push_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel, plain_tip
from state.records import Attempt, AttemptStatus

_REFRESH_MS = 500
_STREAMS: tuple[tuple[str, str | None], ...] = (
    (translatable("All streams"), None),
    ("stdout", "stdout"),
    ("stderr", "stderr"),
    (translatable("Tests"), "tests"),
    (translatable("Setup"), "setup"),
)


class OutputView(Guarded, QWidget):
    """Shows one attempt; refreshes twice a second while it runs and is in view.

    Signals:
        error_opened: the output was opened at an error, or went to one on request.
    """

    error_opened = Signal()

    def __init__(self, theme: Theme, *, sources: Readers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources = sources
        self._attempt: Attempt | None = None
        self._reader: OutputReader | None = None
        self._shown: AttemptExcerpt | None = None
        self._tasks = BackgroundTasks(self)
        self.text = OutputText(theme)
        self._note = PlainLabel(theme=theme, role="small", color="t2", elide=True)
        self.error_button = icon_button(theme, "nexterr", tr("Next error  (F8)"))
        self.wrap_button = push_button(tr("Wrap"), kind="toggle", small=True)
        self.wrap_button.setToolTip(plain_tip(tr("Wrap long lines")))
        self.stream_box = ChoiceBox(tr("Stream"), theme)
        self.stream_box.setProperty("small", True)  # noqa: FBT003 - Qt's own signature
        for label, name in _STREAMS:
            self.stream_box.addItem(tr(label), name)
        self._lay_out()
        self._timer = QTimer(self, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._on_time)
        self.stream_box.currentIndexChanged.connect(self._on_stream_changed)
        self.error_button.clicked.connect(self._on_error_clicked)
        self.wrap_button.toggled.connect(self._on_wrap_toggled)
        self.wrap_button.setChecked(True)

    @property
    def note(self) -> str:
        """The note above the output."""
        return self._note.text()

    @property
    def is_settled(self) -> bool:
        """Whether everything requested is shown."""
        return not self._tasks.is_busy

    @property
    def wraps(self) -> bool:
        """Whether long lines are wrapped."""
        return self.wrap_button.isChecked()

    def set_wrap(self, *, on: bool) -> None:
        """Wrap long lines, or scroll them."""
        self.wrap_button.setChecked(on)

    def show_attempt(self, attempt: Attempt | None) -> None:
        """Show the output of an attempt; of a failed one it opens where its errors begin."""
        before, self._attempt = self._attempt, attempt
        if attempt is None or before is None or before.id != attempt.id:
            self._shown = None
        self._offer_sentences(on=attempt is not None and attempt.tool in READERS)
        if attempt is None:
            self._tasks.forget()
            self._reader = None
            self.text.show_lines(())
            self._note.setText(tr("No output yet."))
            self._show_errors()
        elif self._reader is None or attempt != before:
            self._read_anew()
        self._follow()

    def go_to_first_error(self) -> None:
        """Show why the attempt failed; what is still being read opens there by itself."""
        if self._shown is not None and self._shown.first_error is not None:
            self._open_at(self._shown.first_error)

    def go_to_error(self, step: int = 1) -> None:
        """Go to the next error, or the previous one with -1; behind the last one comes the first."""
        errors = () if self._shown is None else self._shown.errors
        if not errors:
            return
        marked = self.text.marked_line
        place = self.text.textCursor().blockNumber() if marked is None else marked
        if step > 0:
            line = next((error for error in errors if error > place), errors[0])
        else:
            line = next((error for error in reversed(errors) if error < place), errors[-1])
        self._open_at(line)

    def _open_at(self, line: int) -> None:
        self.text.go_to(line)
        self.error_opened.emit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Refresh the output."""
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop the timer: a hidden view costs nothing."""
        super().hideEvent(event)
        self._timer.stop()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 8, 4)
        head.setSpacing(6)
        head.addWidget(self._note, 1)
        for tool in (self.error_button, self.wrap_button, self.stream_box):
            head.addWidget(tool)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.text, 1)

    def _offer_sentences(self, *, on: bool) -> None:
        """Sentences are the first choice where the tool has a reader; other tools print text."""
        if on == (self.stream_box.itemData(0) == SENTENCES):
            return
        with QSignalBlocker(self.stream_box):
            if on:
                self.stream_box.insertItem(0, tr("Sentences"), SENTENCES)
                self.stream_box.setCurrentIndex(0)
            else:
                self.stream_box.removeItem(0)
                self.stream_box.setCurrentIndex(0)

    def _read_anew(self) -> None:
        self._tasks.forget()
        if self._attempt is not None:
            folder = self._sources.home.attempts / self._attempt.folder_name
            self._reader = OutputReader(self._attempt, folder, self.stream_box.currentData())

    def _follow(self) -> None:
        if self._attempt is None or self._reader is None or not self.isVisible():
            self._timer.stop()
            return
        if not self._tasks.is_busy:
            self._tasks.run_in_background(self._reader.read, partial(self._on_read, self._reader))
        if self._attempt.status is AttemptStatus.RUNNING:
            self._timer.start()

    def _on_read(self, reader: OutputReader, excerpt: AttemptExcerpt | None) -> None:
        if reader is not self._reader:
            return
        if excerpt is not None and excerpt != self._shown:
            begins, self._shown = self._shown is None, excerpt
            self.text.show_lines(excerpt.lines)
            self._note.setText(_note(excerpt))
            self._show_errors()
            if excerpt.first_error is not None and begins:
                self._open_at(excerpt.first_error)
            elif excerpt.first_error is not None:
                self.text.go_to(excerpt.first_error)
            elif begins:
                self.text.go_to_end()
        if reader.is_behind:
            self._timer.start()
        else:
            self._timer.stop()

    def _show_errors(self) -> None:
        count = 0 if self._shown is None else len(self._shown.errors)
        self.error_button.setEnabled(bool(count))

    @Slot()
    def _on_time(self) -> None:
        self._follow()

    @Slot(int)
    def _on_stream_changed(self, _index: int) -> None:
        self._shown = None
        self._read_anew()
        self._follow()

    @Slot()
    def _on_error_clicked(self) -> None:
        self.go_to_error()

    @Slot(bool)
    def _on_wrap_toggled(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.text.wrap(on=on)


def _note(shown: AttemptExcerpt) -> str:
    """How much of the output is shown, and where the rest is."""
    number = len(shown.lines)
    if not shown.lines:
        return tr("No output.")
    if shown.more_after:
        return tr_count(
            "{n} line around the first error; all of it is in Logs.",
            "{n} lines around the first error; all of it is in Logs.",
            number,
        )
    if shown.more_before:
        return tr_count(
            "The last {n} line; all of it is in Logs.", "The last {n} lines; all of it is in Logs.", number
        )
    return tr_count("{n} line", "{n} lines", number)
