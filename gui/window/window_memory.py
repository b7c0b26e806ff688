"""What the window remembers of its look: puts it back at the start, and collects it to be saved. Writes no file."""

from gui.control.preferences import Layout, decoded, encoded
from gui.theme.theme import Theme
from gui.window.lazy_panels import LazyPanels
from gui.window.main_window import MainWindow


class WindowMemory:
    """Carries the look of a window to and from the layout of the preferences."""

    def __init__(self, window: MainWindow, panels: LazyPanels, *, theme: Theme, layout: Layout) -> None:
        self._window, self._panels = window, panels
        self._theme, self._layout = theme, layout

    def restore(self) -> None:
        """Make the window look as it did when it was closed."""
        layout, window = self._layout, self._window
        window.status_bar.command_strip.switch(on=layout.command_strip)
        window.dock_area.inspector.restore(layout.inspector)
        window.restore(decoded(layout.geometry), decoded(layout.docks))
        self._panels.restore(layout.panels)

    def collect(self) -> None:
        """Put what the window looks like now into the layout."""
        layout, window = self._layout, self._window
        layout.theme = self._theme.preference
        layout.reduce_motion = self._theme.reduce_motion
        layout.text_size = self._theme.text_size
        layout.command_strip = window.status_bar.command_strip.is_on
        layout.geometry = encoded(bytes(window.saveGeometry().data()))
        layout.docks = encoded(window.dock_area.saved())
        layout.inspector = window.dock_area.inspector.state()
        layout.panels = self._panels.states()
