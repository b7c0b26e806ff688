"""The sheet of the support bundle: lists what it would hold, shows each file, and writes what is checked."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSplitter,
    QWidget,
)

from engine.maintenance.support_bundle import BundleFile, collect, write_bundle
from engine.system.home import Home
from engine.system.plain_text import escape_invisible
from gui.control.background_tasks import BackgroundTasks
from gui.figures import size
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.buttons import push_button
from gui.widgets.sheet import Sheet

_HEIGHT = 420
_ITEM_GAP = 3
_LIST_WIDTH = 330
_MOST_SHOWN = 64 * 1024
_SENTENCE = translatable(
    "What helps others to find a fault. Nothing is sent: look at each file, leave out what you like, save the rest. "
    "Secrets are left out or masked."
)


class SupportSheet(Sheet):
    """Lists the files with what they hold and how large they are, before anything is written.

    Signals:
        performed: (words) the bundle was written; the words after ``signalbox`` write the same.
    """

    performed = Signal(object)

    def __init__(self, home: Home, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, width=900)
        self.setObjectName("supportSheet")
        self._home = home
        self._files: Sequence[BundleFile] = ()
        self.tasks = BackgroundTasks(self)
        self.heading.setText(tr("Support bundle"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Files of the bundle"))
        self.list.setMinimumHeight(_HEIGHT)
        self.list.setWordWrap(True)
        self.list.setSpacing(_ITEM_GAP)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(tr("Content of the selected file"))
        self.text.setTabChangesFocus(True)
        beside = QSplitter()
        beside.addWidget(self.list)
        beside.addWidget(self.text)
        beside.setStretchFactor(1, 1)
        beside.setSizes([_LIST_WIDTH, 2 * _LIST_WIDTH])
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.addWidget(beside, 1)
        self.save_button = push_button(tr("Save…"), kind="primary")
        close = push_button(tr("Close"))
        self.footer.addStretch(1)
        self.footer.addWidget(close)
        self.footer.addWidget(self.save_button)
        close.clicked.connect(self.request_close)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.list.itemChanged.connect(self._on_checked)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def open(self) -> None:
        """Open, and collect in the background what the bundle would hold."""
        self.list.clear()
        self.text.clear()
        self.save_button.setEnabled(False)
        self.sentence.setText(tr("Collecting…"))
        super().open()
        self.tasks.run_latest(partial(collect, self._home), self._show)

    def first_focus(self) -> QWidget:
        """The list."""
        return self.list

    def stop_reading(self) -> None:
        """Return once nothing is collected or written; for the end of the program."""
        self.tasks.stop()

    def checked(self) -> Sequence[BundleFile]:
        """The files that would be written."""
        state = Qt.CheckState.Checked
        return [file for row, file in enumerate(self._files) if self.list.item(row).checkState() is state]

    def save(self, target: Path) -> None:
        """Write the checked files in the background."""
        files = self.checked()
        self.save_button.setEnabled(False)
        self.tasks.run_in_background(
            partial(write_bundle, target, files),
            partial(self._on_written, target, files),
            failed=partial(self._on_not_written, target),
        )

    def _show(self, files: Sequence[BundleFile]) -> None:
        self._files = files
        for file in files:
            item = QListWidgetItem(f"{file.name}, {size(len(file.content))}\n{file.holds}")
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            item.setToolTip(file.holds)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.sentence.setText(tr(_SENTENCE))
        self._on_checked()

    def _on_written(self, target: Path, files: Sequence[BundleFile], _nothing: None) -> None:
        left_out = (word for file in self._files if file not in files for word in ("--without", file.name))
        self.performed.emit(("support-bundle", "--output", str(target), *left_out))
        self.sentence.setText(
            tr(
                "{number} files were written to {target}. Nothing was sent.",
                number=len(files),
                target=escape_invisible(str(target)),
            )
        )
        self._on_checked()

    def _on_not_written(self, target: Path, error: Exception) -> None:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        self.sentence.setText(
            tr(
                "{target} could not be written: {reason}. Choose another place and save again.",
                target=escape_invisible(str(target)),
                reason=reason,
            )
        )
        self._on_checked()

    @Slot(int)
    def _on_row_changed(self, row: int) -> None:
        if 0 <= row < len(self._files):
            text = self._files[row].content[:_MOST_SHOWN].decode("utf-8", "replace")
            self.text.setPlainText(text)

    @Slot()
    def _on_checked(self) -> None:
        self.save_button.setEnabled(bool(self._files) and self.list.count() > 0 and bool(self.checked()))

    @Slot()
    def _on_save_clicked(self) -> None:
        dialog = QFileDialog(
            self.window(), tr("Save the support bundle"), str(Path.home()), tr("ZIP archives (*.zip)")
        )
        dialog.setObjectName("supportDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.selectFile("signalbox-support.zip")
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_file_selected(self, name: str) -> None:
        self.save(Path(name))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.text.setFont(self.theme.font("mono"))
