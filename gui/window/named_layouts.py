"""Saves, restores and deletes the named layouts of the panels, which are kept with the preferences."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.control.preferences import Layout, decoded, encoded
from gui.theme.theme import Theme
from gui.window.main_window import MainWindow

if TYPE_CHECKING:
    from gui.sheets.layouts_sheet import LayoutsSheet


class NamedLayouts(QObject):
    """Opens the sheet of the layouts and carries out what is requested in it.

    Signals:
        changed: the layouts are to be saved.
    """

    changed = Signal()

    def __init__(
        self, window: MainWindow, layout: Layout, theme: Theme, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window, self._area, self._layout, self._theme = window, window.dock_area, layout, theme

    @cached_property
    def sheet(self) -> "LayoutsSheet":
        """The list of them, made when it is first opened."""
        from gui.sheets.layouts_sheet import LayoutsSheet  # noqa: PLC0415 - most windows never open it

        sheet = LayoutsSheet(self._theme, self._window)
        sheet.save_requested.connect(self._on_save_requested)
        sheet.restore_requested.connect(self._on_restore_requested)
        sheet.delete_requested.connect(self._on_delete_requested)
        return sheet

    def open(self) -> None:
        """List the layouts."""
        self.sheet.show_layouts(self._layout.layouts)

    @Slot(str)
    def _on_save_requested(self, name: str) -> None:
        self._layout.layouts[name] = encoded(self._area.saved())
        self.changed.emit()
        self.open()

    @Slot(str)
    def _on_restore_requested(self, name: str) -> None:
        state = self._layout.layouts.get(name)
        if isinstance(state, str):
            self._area.restore(decoded(state))

    @Slot(str)
    def _on_delete_requested(self, name: str) -> None:
        self._layout.layouts.pop(name, None)
        self.changed.emit()
        self.open()
