"""What every form that makes a job or pipeline file has in common: the preview, its buttons, and nothing typed is lost.

The forms queue nothing themselves. They write an ordinary file, which is then treated like any dropped one.
"""

import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from engine.system.home import Home
from gui.data.projection import Projection
from gui.data.tool_presence import ToolPresence
from gui.sheets.path_dialogs import choose_folder, open_dialog
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.banner import BannerButton
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel
from gui.widgets.sheet_with_banner import SheetWithBanner

_PREVIEW_WIDTH, _PREVIEW_HEIGHT = 400, 300
_NARROW_PREVIEW_WIDTH = 230


class DraftAction(StrEnum):
    """What a button on the banner that asks about an unfinished draft does."""

    DISCARD = "discard"
    KEEP = "keep"


_DISCARD_OR_KEEP = (
    BannerButton(DraftAction.DISCARD, translatable("Discard")),
    BannerButton(DraftAction.KEEP, translatable("Keep")),
)


class JobFileSheet(SheetWithBanner):
    """A form whose result is a file; a subclass has the fields.

    Signals:
        written: (Path) a valid file was written; add it as if it had been dropped.
    """

    written = Signal(object)

    def __init__(
        self, theme: Theme, *, projection: Projection, home: Home, parent: QWidget, width: int = 920
    ) -> None:
        super().__init__(theme, parent, width=width)
        self._projection, self._home = projection, home
        self.where = QLineEdit()
        self.where.setPlaceholderText(tr("the repository or folder the job works in"))
        self.where.setAccessibleName(tr("Where"))
        self.browse_button = push_button(tr("Choose…"), small=True)
        self.browse_button.setToolTip(tr("Choose the folder"))
        self.browse_button.clicked.connect(self._on_browse_clicked)
        self.preview = QPlainTextEdit()
        self._build_footer()
        self.action_requested.connect(self._on_action_requested)
        theme.changed.connect(self._on_fonts_changed)
        self._on_fonts_changed()

    def show_tools(self, presence: ToolPresence) -> None:
        """Mark the tools that are not installed, and begin with one that is."""
        raise NotImplementedError

    def is_untouched(self) -> bool:
        """Whether closing the form loses nothing."""
        raise NotImplementedError

    def is_valid(self) -> bool:
        """Whether the file can be written; shows every problem and focuses the first field that has one."""
        raise NotImplementedError

    def begin(self) -> None:
        """Empty the form."""
        raise NotImplementedError

    def file_name(self) -> str:
        """The name the file gets."""
        raise NotImplementedError

    def file_text(self) -> str:
        """The file as it would be written."""
        raise NotImplementedError

    def newest_folder(self) -> str:
        """The repository that was worked on last; empty if there is none."""
        newest = max(self._projection.runs.values(), key=lambda run: run.created_at, default=None)
        return newest.repo or "" if newest is not None else ""

    def request_close(self) -> None:
        """Close; ask first if something was typed."""
        if self.is_untouched():
            self.dismiss()
        else:
            self.show_banner(tr("Discard what you typed?"), "queued", _DISCARD_OR_KEEP)

    def save_to(self, path: Path) -> bool:
        """Write the file to `path`; on failure, show the reason and return False."""
        text = self.file_text()
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(
                os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8"
            ) as file:
                file.write(text)
        except OSError as error:
            self.show_banner(
                tr(
                    "{path} cannot be written: {strerror}. Save it somewhere else.",
                    path=path,
                    strerror=error.strerror,
                )
            )
            return False
        return True

    def problem_label(self) -> PlainLabel:
        """A hidden label for what is wrong with a field."""
        label = PlainLabel("", theme=self.theme, role="caption", color="failed")
        label.setWordWrap(True)
        label.hide()
        return label

    def show_note(self, label: PlainLabel, text: str, *, color: str = "failed", width: int = 200) -> None:
        """Show a sentence below a field, or nothing."""
        label.set_color(color)
        label.setText(text)
        label.setMinimumHeight(label.heightForWidth(max(width, 200)) if text else 0)
        label.setVisible(bool(text))

    def put_beside_preview(self, form: QLayout) -> None:
        """Fill the body: the form, and beside it the preview under its heading."""
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addLayout(form, 1)
        both.addLayout(self._preview_column(), 1)
        self.body.addLayout(both)

    def _preview_column(self) -> QVBoxLayout:
        self.preview.setReadOnly(True)
        self.preview.setAccessibleName(tr("The job file"))
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview.setFrameShape(QFrame.Shape.NoFrame)
        self.preview.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.preview.setMinimumSize(_NARROW_PREVIEW_WIDTH, _PREVIEW_HEIGHT)
        column = QVBoxLayout()
        column.setContentsMargins(0, 16, 16, 16)
        column.setSpacing(6)
        column.addWidget(PlainLabel(tr("The file"), theme=self.theme, role="small", color="t2"))
        column.addWidget(self.preview, 1)
        return column

    def choose_folder(self, selected: Callable[[str], None], start: str) -> None:
        """Let the user choose a folder."""
        choose_folder(self, tr("Where the job works"), start=start, selected=selected)

    def _build_footer(self) -> None:
        self.save_button = push_button(tr("Save as…"))
        self.cancel_button = push_button(tr("Cancel"))
        self.add_button = push_button(tr("Add to queue"), kind="primary")
        self.save_button.clicked.connect(self._on_save_clicked)
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.footer.addWidget(self.save_button)
        self.footer.addStretch(1)
        self.footer.addWidget(self.cancel_button)
        self.footer.addWidget(self.add_button)

    @Slot()
    def _on_browse_clicked(self) -> None:
        self.choose_folder(self.where.setText, self.where.text())

    @Slot()
    def _on_save_clicked(self) -> None:
        if not self.is_valid():
            return
        dialog = QFileDialog(self, tr("Save the job file"), str(Path(self.where.text(), self.file_name())))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        open_dialog(dialog, self._on_save_path_selected)

    @Slot(str)
    def _on_save_path_selected(self, path: str) -> None:
        if self.save_to(Path(path)):
            self.show_banner(tr("Saved as {path}.", path=path), "completed")

    @Slot()
    def _on_add_clicked(self) -> None:
        if not self.is_valid():
            return
        path = self._home.root / "drafts" / self.file_name()
        if self.save_to(path):
            self.begin()
            self.dismiss()
            self.written.emit(path)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.request_close()

    @Slot(object)
    def _on_action_requested(self, action: DraftAction) -> None:
        self.hide_banner()
        match action:
            case DraftAction.DISCARD:
                self.begin()
                self.dismiss()
            case DraftAction.KEEP:
                self.place()
                self.first_focus().setFocus()
            case _:
                assert_never(action)

    @Slot()
    def _on_fonts_changed(self) -> None:
        self.preview.setFont(self.theme.font("mono"))
        self.preview.setMaximumWidth(self.theme.widened(_PREVIEW_WIDTH))


def form_grid(name_width: int) -> QGridLayout:
    """Rows of a name and its field; the names have at least this width in pixels."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(0, name_width)
    return grid


def form_column(grid: QGridLayout, scrolled: QWidget, *below: QWidget) -> QVBoxLayout:
    """A form of some rows, a part that scrolls under them and gets the room there is, and what stands below."""
    column = QVBoxLayout()
    column.setContentsMargins(16, 16, 16, 16)
    column.setSpacing(8)
    column.addLayout(grid)
    column.addWidget(scrolled, 1)
    for widget in below:
        column.addWidget(widget)
    return column
