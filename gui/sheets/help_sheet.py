"""The sheet with a page of the documentation, which is installed with the program and needs no network."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import (
    QDesktopServices,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QTextBrowser, QWidget

from gui.control.background_tasks import BackgroundTasks
from gui.data.help_page import heading, page_text, pieces, slug
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.label import plain_tip
from gui.widgets.sheet import Sheet

JOB_FILE = "job-file.md"
_HEIGHT = 480
_CONTENTS_WIDTH, _CONTENTS_ROW = 170, 26
_SECTION = 2
_ABOVE_HEADING = 12
_MARGIN = 12
_COLUMNS = {2: (30, 70), 3: (26, 12, 62)}
"""The shares of the columns of a table: its pieces stand below each other and look like one."""


class HelpSheet(Sheet):
    """Shows a page, and beside it its sections; links lead to other pages, or to a browser."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, width=980, height=880)
        self.setObjectName("helpSheet")
        self.heading.setText(tr("Help"))
        self.sentence.setText(tr("This page is part of the program and needs no network."))
        self.contents = QListWidget()
        self.contents.setAccessibleName(tr("Sections of the page"))
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName(tr("The page"))
        self.text.setObjectName("ownPage")
        self.text.setMinimumHeight(_HEIGHT)
        self._lay_out_page()
        self.tasks = BackgroundTasks(self)
        self._left: list[str] = []
        self._target = ""
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._append_next)
        self.contents.currentItemChanged.connect(self._on_section_selected)
        self.text.anchorClicked.connect(self._on_link_clicked)

    def show_page(self, name: str, target: str = "") -> None:
        """Open with a page, at the section with this name."""
        self._target = target
        self.open()
        self.tasks.run_latest(partial(_read, name), self._begin)

    @property
    def is_complete(self) -> bool:
        """Whether all of the page is shown."""
        return not self._left and not self.tasks.is_busy

    def first_focus(self) -> QWidget:
        """The page, which the keys scroll."""
        return self.text

    def stop_reading(self) -> None:
        """Return once nothing is read; for the end of the program."""
        self._timer.stop()
        self.tasks.stop()

    def _lay_out_page(self) -> None:
        beside = QSplitter()
        beside.addWidget(self.contents)
        beside.addWidget(self.text)
        beside.setStretchFactor(1, 1)
        beside.setSizes([_CONTENTS_WIDTH, 5 * _CONTENTS_WIDTH])
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.addWidget(beside, 1)
        close = push_button(tr("Close"))
        close.clicked.connect(self.request_close)
        self.footer.addStretch(1)
        self.footer.addWidget(close)

    def _begin(self, found: Sequence[str]) -> None:
        self._left = list(found)
        self.contents.clear()
        self.text.clear()
        self.text.document().setDocumentMargin(_MARGIN)
        self._timer.start()

    @Slot()
    def _append_next(self) -> None:
        """Append one piece in a turn: a whole page would hold up the window."""
        if not self._left:
            self._timer.stop()
            self._go_to(self._target)
            return
        piece = self._left.pop(0)
        level, words = heading(piece)
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if level:
            self._append_heading(cursor, level, words)
            return
        cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        cursor.insertMarkdown(piece)
        self._share_columns(cursor)

    def _append_heading(self, cursor: QTextCursor, level: int, words: str) -> None:
        form, look = QTextBlockFormat(), QTextCharFormat()
        form.setHeadingLevel(level)
        form.setTopMargin(_ABOVE_HEADING)
        look.setFont(self.theme.font("title" if level <= _SECTION else "strong"))
        if self.text.document().isEmpty():  # so that the page does not begin with an empty line
            form.setTopMargin(0)
            cursor.setBlockFormat(form)
        else:
            cursor.insertBlock(form)
        cursor.insertText(words, look)
        if level == 1:
            self.heading.setText(words)
        elif level == _SECTION:
            item = QListWidgetItem(words)
            item.setSizeHint(QSize(0, self.theme.grown(_CONTENTS_ROW)))
            item.setToolTip(plain_tip(words))
            self.contents.addItem(item)

    def _share_columns(self, cursor: QTextCursor) -> None:
        cursor.movePosition(QTextCursor.MoveOperation.PreviousBlock)
        table = cursor.currentTable()
        if not isinstance(table, QTextTable):
            return
        shares = _COLUMNS.get(table.columns())
        form = QTextTableFormat(table.format().toTableFormat())
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        if shares is not None:
            form.setColumnWidthConstraints(
                [QTextLength(QTextLength.Type.PercentageLength, share) for share in shares]
            )
        form.setCellPadding(3)
        form.setBorderBrush(self.theme.color("line2"))
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)  # others are too light on white
        form.setProperty(QTextFormat.Property.FrameTopMargin, 0)
        table.setFormat(form)

    def _go_to(self, name: str) -> None:
        block = self._heading(name)
        if block is None:
            self.text.verticalScrollBar().setValue(0)
            return
        self.text.setTextCursor(QTextCursor(block))
        top = self.text.document().documentLayout().blockBoundingRect(block).top()
        self.text.verticalScrollBar().setValue(round(top))

    def _heading(self, name: str) -> QTextBlock | None:
        block = self.text.document().begin()
        while name and block.isValid():
            if block.blockFormat().headingLevel() and slug(block.text()) == slug(name):
                return block
            block = block.next()
        return None

    @Slot(QListWidgetItem, QListWidgetItem)
    def _on_section_selected(self, now: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if now is not None:
            self._go_to(now.text())

    @Slot(QUrl)
    def _on_link_clicked(self, url: QUrl) -> None:
        """Go to the section or the page; what is no page of these opens in a browser."""
        if not url.path():
            self._go_to(url.fragment())
        elif url.isRelative() and url.path().endswith(".md"):
            self.show_page(url.path(), url.fragment())
        elif not url.isRelative():
            QDesktopServices.openUrl(url)


def _read(name: str) -> Sequence[str]:
    return pieces(page_text(name))
