"""The menus of the Radar: which states are shown, and which files stand behind one glyph."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gui.data.selection import Selection
from gui.guarded import Guarded
from gui.panels.radar.geometry import Blip
from gui.theme.theme import Theme
from gui.translation import tr, tr_count

_STATES = (
    "needsyou", "quarantined", "failed", "timeout", "running", "waiting", "blocked", "queued", "held", "completed",
)  # fmt: skip
_MOST_FILES = 40


class StateMenu(Guarded, QMenu):
    """Checks the states that the filter of all panels lets through; a choice changes the filter."""

    def __init__(self, selection: Selection, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._selection = selection
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        every = self.addAction(tr("All states"))
        every.setCheckable(True)
        every.setChecked(not selection.filter_states)
        self.addSeparator()
        for state in _STATES:
            action = self.addAction(theme.state(state).word)
            action.setCheckable(True)
            action.setChecked(state in selection.filter_states)
            action.setData(state)
        self.triggered.connect(self._on_triggered)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        state = action.data()
        states = self._selection.filter_states
        self._selection.filter_by_state(states ^ {state} if state else ())


class CrowdMenu(Guarded, QMenu):
    """Lists the files of a blip that shows several.

    Signals:
        file_selected: (FileKey) a file was chosen.
    """

    file_selected = Signal(object)

    def __init__(self, blip: Blip, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._blip = blip
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.addSection(f"{tr_count('{n} file', '{n} files', len(blip.files))}, {blip.ring.word}")
        dpr = self.devicePixelRatioF()
        for number, file in enumerate(blip.files[:_MOST_FILES]):
            text = file.file.path.replace("&", "&&")
            self.addAction(theme.glyph(file.place.state, 12, dpr), text).setData(number)
        if len(blip.files) > _MOST_FILES:
            self.addAction(tr("and {number:,} more", number=len(blip.files) - _MOST_FILES)).setEnabled(False)
        self.triggered.connect(self._on_triggered)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        if (number := action.data()) is not None:
            self.file_selected.emit(self._blip.files[number].key)
