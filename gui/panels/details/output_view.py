"""The end of an attempt's output, live while it runs, cleaned and capped; the Logs panel shows all of it.

Of an agent it shows sentences, or its raw lines when one of its streams is chosen.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from engine.runners import layout, output
from engine.streams.attempt_output import READERS
from engine.system.formatting import plural
from engine.system.plain_text import plain_lines
from gui.data.readers import Readers
from gui.guarded import Guarded
from gui.panels.details.attempt_sentences import AttemptSentences
from gui.theme.theme import Theme
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel
from state.records import Attempt, AttemptStatus

_REFRESH_MS = 500
_TAIL = 64 * 1024
_MOST_LINES = 1000
_LONGEST_LINE = 4000
_SENTENCES = "sentences"
"""The choice of what an agent does, instead of what it prints."""
_STREAMS: tuple[tuple[str, str | None], ...] = (
    ("All streams", None),
    ("stdout", "stdout"),
    ("stderr", "stderr"),
    ("Tests", "tests"),
    ("Setup", "setup"),
)


class OutputView(Guarded, QWidget):
    """Shows one attempt; refreshes twice a second while it runs and is in view."""

    def __init__(self, theme: Theme, *, sources: Readers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._sources = theme, sources
        self._attempt: Attempt | None = None
        self._sizes: tuple[int, ...] | None = None
        self._sentences: AttemptSentences | None = None
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Output")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.text.setUndoRedoEnabled(False)
        self.text.setProperty("flat", True)  # noqa: FBT003 - Qt's own signature
        self._note = PlainLabel(theme=theme, role="small", color="t2", elide=True)
        self.stream_box = ChoiceBox("Stream", theme)
        self.stream_box.setProperty("small", True)  # noqa: FBT003 - Qt's own signature
        for label, name in _STREAMS:
            self.stream_box.addItem(label, name)
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 8, 4)
        head.addWidget(self._note, 1)
        head.addWidget(self.stream_box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        self._timer = QTimer(self, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._on_time)
        self.stream_box.currentIndexChanged.connect(self._on_stream_changed)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @property
    def note(self) -> str:
        """The note above the output."""
        return self._note.text()

    def show_attempt(self, attempt: Attempt | None) -> None:
        """Show the output of an attempt, reading it again if it is the same."""
        self._attempt = attempt
        self._sizes = self._sentences = None
        self._offer_sentences(on=attempt is not None and attempt.tool in READERS)
        if attempt is None:
            self.text.setPlainText("")
            self._note.setText("No output yet.")
        self._follow()

    def _offer_sentences(self, *, on: bool) -> None:
        """Sentences are the first choice where the tool has a reader; other tools print text."""
        if on == (self.stream_box.itemData(0) == _SENTENCES):
            return
        with QSignalBlocker(self.stream_box):
            if on:
                self.stream_box.insertItem(0, "Sentences", _SENTENCES)
                self.stream_box.setCurrentIndex(0)
            else:
                self.stream_box.removeItem(0)
                self.stream_box.setCurrentIndex(0)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Refresh the output."""
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop the timer: a hidden view costs nothing."""
        super().hideEvent(event)
        self._timer.stop()

    def _follow(self) -> None:
        if self._attempt is None or not self.isVisible():
            self._timer.stop()
            return
        self._refresh(self._attempt)
        is_behind = self._sentences is not None and self._sentences.behind
        if self._attempt.status is AttemptStatus.RUNNING or is_behind:
            self._timer.start()
        else:
            self._timer.stop()

    def _refresh(self, attempt: Attempt) -> None:
        if self.stream_box.currentData() == _SENTENCES:
            self._refresh_sentences(attempt)
            return
        folder = self._folder(attempt)
        sizes = tuple(output.size(folder, name) for name in layout.STREAMS)
        if sizes == self._sizes:
            return
        self._sizes = sizes
        name: str | None = self.stream_box.currentData()
        whole = sum(sizes) if name is None else sizes[layout.STREAMS.index(name)]
        if whole:
            self._show_text(output.tail_text(folder, _TAIL, name=name), cut=whole > _TAIL)
        else:
            self._show_text(self._recorded(attempt, name), cut=False)

    def _refresh_sentences(self, attempt: Attempt) -> None:
        begins = self._sentences is None
        if self._sentences is None:
            self._sentences = AttemptSentences(attempt, self._folder(attempt), most=_MOST_LINES)
        if self._sentences.read() or begins:
            self._show_lines(self._sentences.lines, cut=self._sentences.cut)

    def _show_text(self, text: str, *, cut: bool) -> None:
        lines = plain_lines(text)
        cut = cut or len(lines) > _MOST_LINES
        self._show_lines(
            lines[-_MOST_LINES:] if len(lines) > _MOST_LINES else lines[1:] if cut else lines, cut=cut
        )

    def _show_lines(self, shown: Sequence[str], *, cut: bool) -> None:
        bar = self.text.verticalScrollBar()
        at_end = bar.value() >= bar.maximum()
        self.text.setPlainText("\n".join(map(_shortened, shown)))
        if at_end:
            bar.setValue(bar.maximum())
        count = plural(len(shown), "line")
        self._note.setText(
            f"The last {count}; all of it is in Logs." if cut else count if shown else "No output."
        )

    def _recorded(self, attempt: Attempt, name: str | None) -> str:
        """The output in the result, for attempts whose folder is deleted or never existed here."""
        texts = [str(attempt.result.get(one, "")) for one in ([name] if name else ["stdout", "stderr"])]
        return "\n".join(text for text in texts if text)

    def _folder(self, attempt: Attempt) -> Path:
        return self._sources.home.attempts / attempt.folder_name

    @Slot()
    def _on_time(self) -> None:
        if self._attempt is not None:
            self._follow()

    @Slot(int)
    def _on_stream_changed(self, _index: int) -> None:
        self._sizes = self._sentences = None
        self._follow()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.text.setFont(self._theme.font("mono"))
        self.text.setLineWidth(0)


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
