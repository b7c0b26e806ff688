"""File dialogs for the fields of forms; they never block the window."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def open_dialog(dialog: QFileDialog, selected: Callable[[str], None]) -> None:
    """Open a dialog, and call `selected` with the path if there is one."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(selected)
    dialog.open()


def choose_folder(parent: QWidget, title: str, *, start: str, selected: Callable[[str], None]) -> None:
    """Let the user choose a folder."""
    dialog = QFileDialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    open_dialog(dialog, selected)


def choose_file(
    parent: QWidget, title: str, *, start: str, filters: str = "", selected: Callable[[str], None]
) -> None:
    """Let the user choose a file that exists."""
    dialog = QFileDialog(parent, title, start, filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    open_dialog(dialog, selected)
