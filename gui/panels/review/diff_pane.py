"""The diff of one file with its head: path, counts, hunk, search; or a sentence in its place."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from engine.review.diff_records import FileColours, FilePatch
from engine.system.plain_text import escape_invisible
from gui.data.captions import added, removed
from gui.guarded import Guarded
from gui.panels.review.diff_area import DiffArea, ThreadWidget
from gui.panels.review.file_head import FileHead
from gui.panels.review.file_words import sentences_of
from gui.panels.review.overview import WIDTH, DiffOverview
from gui.panels.review.row_painter import CODE
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.empty_state import EmptyState
from gui.widgets.label import PlainLabel

_CAPTION = 22


_EMPTY_ICON = "diff"


class DiffPane(Guarded, QWidget):
    """Shows the diff of the selected file.

    Signals:
        shown_anyway: the folded file is to be shown.
        output_requested: show the output of the attempt that changed nothing.
        turned: the file is shown instead of a sentence, or the other way round.
    """

    shown_anyway = Signal()
    output_requested = Signal()
    turned = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.head = FileHead(theme)
        self.area = DiffArea(theme, self)
        self.captions = _Captions(theme, self.area)
        self.overview = DiffOverview(self.area, theme)
        self.note = PlainLabel(theme=theme, role="small", color="t2")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(12, 6, 12, 6)
        self.empty = EmptyState(theme, _EMPTY_ICON, "", parent=self)
        self._stack = QStackedLayout()
        self._stack.currentChanged.connect(self.turned)
        self._lay_out()
        self._shown_anyway: set[str] = set()
        self.area.hunk_changed.connect(self._on_hunk_changed)
        self.area.moved.connect(self.captions.update)
        self.area.spoken.connect(self._on_spoken)
        self.empty.action_requested.connect(self._on_empty_pressed)
        self.head.search_changed.connect(self._on_search_changed)
        self.head.found_requested.connect(self._on_found_requested)
        self.head.folded_changed.connect(self._body.setHidden)
        self.show_message("")

    @property
    def patch(self) -> FilePatch | None:
        """The file in view."""
        return self.area.lines.patch

    def show_message(self, line: str, detail: str = "", *, action: str = "") -> None:
        """Show a sentence instead of a file."""
        self.area.show_threads(())
        self.area.show_file(None, FileColours())
        self.overview.restart()
        self.head.setVisible(False)
        self.empty.show_message(line, detail, action=action)
        self._stack.setCurrentIndex(0)

    def show_file(self, patch: FilePatch, colours: FileColours) -> None:
        """Show a file from its top."""
        same = self.patch is not None and self.patch.file.path == patch.file.path
        self.area.show_threads(())
        self.area.show_file(patch, colours)
        self.head.setVisible(True)
        self.head.show_file(
            escape_invisible(patch.file.path), added(patch.file.added), removed(patch.file.removed)
        )
        if not same:
            self.head.unfold()
        self._on_hunk_changed()
        self._show_body(patch)

    def show_more(self, patch: FilePatch) -> None:
        """Show the same file with more of its unchanged lines."""
        self.area.lines.show_more(patch)
        self.area.arrange_again()
        self.overview.restart()
        self._on_hunk_changed()

    def show_threads(self, threads: Sequence[ThreadWidget]) -> None:
        """Show these comment threads."""
        self.area.show_threads(threads)
        self.overview.restart()

    def show_unified(self, unified: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Show the sides beside or below each other."""
        self.area.show_unified(unified)
        self.captions.setVisible(not unified)
        self.overview.restart()

    def show_captions(self, left: str, right: str) -> None:
        """Say what stands on the left and on the right."""
        self.captions.show_captions(left, right)

    def folds(self, patch: FilePatch) -> bool:
        """Whether the file is still closed, since it is large or generated."""
        return patch.file.is_folded and patch.file.path not in self._shown_anyway

    def _show_body(self, patch: FilePatch) -> None:
        words = sentences_of(patch)
        self.note.setText(words.note)
        self.note.setVisible(bool(words.note))
        self.overview.restart()
        if self.folds(patch) and patch.hunks:
            self.empty.show_message(words.folded, words.counts, action=tr("Show anyway"))
        elif not patch.hunks:
            self.empty.show_message(words.instead, words.detail)
        self._stack.setCurrentIndex(1 if patch.hunks and not self.folds(patch) else 0)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.area, 1)
        row.addWidget(self.overview)
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.note)
        column.addWidget(self.captions)
        column.addLayout(row, 1)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(rows)
        self._body = QWidget()
        self._body.setLayout(self._stack)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        whole.addWidget(self._body, 1)
        whole.addStretch(0)

    @Slot()
    def _on_hunk_changed(self) -> None:
        count = len(self.patch.hunks) if self.patch is not None else 0
        self.head.show_hunk(
            tr("hunk {number} of {count}", number=self.area.hunk + 1, count=count) if count else ""
        )
        self.area.viewport().update()

    @Slot(str)
    def _on_spoken(self, words: str) -> None:
        self.area.setAccessibleDescription(words)

    @Slot()
    def _on_empty_pressed(self) -> None:
        if self.patch is None:
            self.output_requested.emit()
            return
        self._shown_anyway.add(self.patch.file.path)
        self._show_body(self.patch)
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)
        self.shown_anyway.emit()

    @Slot(str)
    def _on_search_changed(self, text: str) -> None:
        self.head.show_found(self.area.search(text) if text else None)

    @Slot(int)
    def _on_found_requested(self, step: int) -> None:
        at = self.area.go_to_found(step)
        self.head.show_found(self.area.search(self.head.search.text()), at)


class _Captions(Guarded, QWidget):
    """The row above the sides: which attempt is left and which is right."""

    def __init__(self, theme: Theme, area: DiffArea) -> None:
        super().__init__()
        self._theme, self._area = theme, area
        self._left = self._right = ""
        self.setFixedHeight(_CAPTION)
        theme.changed.connect(self.update)

    def show_captions(self, left: str, right: str) -> None:
        """Show these."""
        self._left, self._right = left, right
        self.setAccessibleName(tr("Left: {left}. Right: {right}.", left=left, right=right))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint both captions where their code begins."""
        painter = QPainter(self)
        color = self._theme.color
        painter.fillRect(self.rect(), color("bg1"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line"))
        painter.setFont(self._theme.font("caption"))
        painter.setPen(color("t2"))
        middle = self._area.viewport().width() // 2
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        for text, left in ((self._left, 0), (self._right, middle)):
            room = middle - CODE - 8
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(left + CODE, 0, room, self.height(), flags, shown)
        painter.fillRect(middle - 1, 0, 1, self.height(), color("line"))
        painter.fillRect(self.width() - WIDTH, 0, 1, self.height(), color("line"))
