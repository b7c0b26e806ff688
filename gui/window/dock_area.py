"""The docks and how they share the window: four beside each other, and four more. Remembers nothing."""

from collections import deque

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from gui.data.short_turns import short_turns
from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.empty_state import EmptyState
from gui.window.details_inspector import DetailsInspector
from gui.window.dock import Dock
from gui.window.dock_table import DETAILS, DOCKS, EMPTY_PANELS, FILLING, HIDDEN, REVIEW

_LEFT = 0.40
_TOP = 0.52
_GAP = 4
_VERSION, _FIRST_VERSION = 2, 1
_SETTLED_MS = 300
"""How long after the window is shown a window manager needs to arrange its windows."""

_NARROWED_MS, _NARROWED_TRIES = 60, 20
"""How often after a reset to look whether each panel has the form for its width: one that had the whole window is
wider at first, on a busy machine for longer."""


class DockArea(Guarded, QMainWindow):
    """A main window inside the main window, so that docks have a gap around them and the header reaches the edge."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setObjectName("dockArea")
        self.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        self.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks,
        )
        self.docks: dict[str, Dock] = {}
        for name, (title, icon) in DOCKS.items():
            dock = Dock(name, tr(title), icon, theme)
            line, detail = EMPTY_PANELS[name]
            dock.hold(EmptyState(theme, icon, tr(line), tr(detail)))
            dock.opening.connect(self._on_dock_opening)
            dock.closed.connect(self._on_dock_closed)
            dock.topLevelChanged.connect(self._on_dock_floated)
            dock.fill_requested.connect(self._on_fill_requested)
            if name != DETAILS:
                dock.float_requested.connect(self._on_float_requested)
            dock.closes_with_escape = name == DETAILS
            self.docks[name] = dock
        self._split_due, self._is_restoring = True, False
        self._filling, self._before, self._last = "", "", ""
        self._others = QByteArray()
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]
        self._late: list[Dock] = []
        self.beside: tuple[QWidget, ...] = ()
        """Other parts of the window whose first paint has a turn of its own, before those of the docks."""
        self._unpainted: deque[QWidget] = deque()
        self._narrowings = 0
        """How often the first widths are still set again after a reset; none once the layout is another."""
        self.inspector = DetailsInspector(self, self.docks[DETAILS], theme)
        self.all_closed = EmptyState(
            theme,
            DOCKS["dashboard"][1],
            tr("Every panel is closed."),
            tr("The View menu opens each of them, and Reset layout brings the first ones back."),
            action=tr("Reset layout"),
            parent=self,
        )
        self.all_closed.hide()
        self.all_closed.action_requested.connect(self.reset)
        for dock in self.docks.values():
            dock.visibilityChanged.connect(self._on_dock_visibility_changed)
        self._place()

    def put(self, name: str, panel: QWidget) -> None:
        """Show a panel in its dock."""
        self.docks[name].hold(panel)

    @Slot()
    def reset(self) -> None:
        """Restore the initial layout: the four docks, without those that a person opens."""
        self._filling = ""
        self.inspector.reset()  # before it is the only dock that is left, and all of the area its width
        for dock in self.docks.values():
            dock.setFloating(False)
            self.removeDockWidget(dock)
        self._place()
        self._split()
        self._narrowings = _NARROWED_TRIES
        QTimer.singleShot(_NARROWED_MS, self, self._narrow)

    def saved(self) -> bytes:
        """The layout of the docks, as saved by Qt."""
        state = self._others if self._filling else self.saveState(_VERSION)
        return bytes(state.data())

    def restore(self, state: bytes) -> bool:
        """Restore the layout, in which no dock fills the area; False if the state is not valid."""
        if self._filling:
            self._show_others()  # or it would come back in the middle, as its dock is closed or floats: Qt crashes
        restored = self.inspector.restore_layout(lambda: self._restored(state))
        self._split_due = self._split_due and not restored
        if not self.isVisible():
            self._hide_floating()
        return restored

    def _restored(self, state: bytes) -> bool:
        self._narrowings = 0
        return bool(state) and (
            self._restore_state(QByteArray(state)) or self._restore_first(QByteArray(state))
        )

    def _restore_first(self, state: QByteArray) -> bool:
        """Restore a layout of the first version, in which the review could only be a narrow column: it is closed."""
        restored = self._restore_state(state, version=_FIRST_VERSION)
        if restored and not self.docks[REVIEW].isFloating():
            self.docks[REVIEW].hide()
        return restored

    def _restore_state(self, state: QByteArray, *, version: int = _VERSION) -> bool:
        """Restore a layout; meanwhile a size may arrive, but docks that are shown may be in no layout yet."""
        self._is_restoring = True
        try:
            return self.restoreState(state, version)
        finally:
            self._is_restoring = False

    def _hide_floating(self) -> None:
        """Hide the floating docks until the window is shown: what comes before it does not stay above it."""
        self._late = [dock for dock in self.docks.values() if dock.isFloating() and not dock.isHidden()]
        for dock in self._late:
            dock.hide()

    def open_details(self, *, focus: bool = True) -> None:
        """Show the details: over the right half of a narrow window, as a column of a wide one, or as was chosen."""
        self.inspector.open(focus=focus)

    def open(self, name: str) -> None:
        """Show and focus a panel; one that needs the width takes the whole area."""
        dock = self.docks[name]
        if name in FILLING and not dock.isVisible():
            dock.setFloating(False)
            self._fill(name)
        dock.focus()

    def fill_with_active(self) -> None:
        """Give the dock that has or last had the focus the whole area, or go back to where one was."""
        name = self._last
        if name == DETAILS and self.inspector.fill(on=True):
            return
        if not self.leave_filled() and name and self.docks[name].isVisible():
            if not self.docks[name].isFloating():
                self._fill(name)
            self.docks[name].focus()

    def fill_or_restore(self, name: str) -> None:
        """Give one dock the whole area, also one that floats; again, and the others are back as they were."""
        if self._filling == name:
            self.leave_filled()
            return
        dock, inspector = self.docks[name], self.inspector
        if name == DETAILS and dock.isFloating():
            inspector.go_back()
        if name == DETAILS and inspector.is_over:
            _ = inspector.fill(on=True) or inspector.fill(on=False)
            return
        if self._filling:
            self._show_others()
        self._others, self._before = self.saveState(_VERSION), self._last
        dock.setFloating(False)
        self._give_room(name)
        dock.focus()

    def leave_filled(self) -> bool:
        """Show the others again and focus what had the focus; False if no dock fills the area."""
        filled, before = self._filling, self._before
        if self.inspector.fill(on=False):
            return True
        if not filled:
            return False
        self._show_others()
        self._focus_first(filled, before)
        return True

    def _focus_first(self, *names: str) -> None:
        """Focus the first of these that is shown, or any."""
        shown = [name for name in (*names, *self.docks) if name and self.docks[name].isVisible()]
        if shown:
            self.docks[shown[0]].focus()

    def _fill(self, name: str) -> None:
        if not self._filling:
            self._others, self._before = self.saveState(_VERSION), self._last
        self._give_room(name)

    def _give_room(self, name: str) -> None:
        self._narrowings = 0
        self._filling = name
        self.inspector.make_room(floating=name == REVIEW)
        for other, dock in self.docks.items():
            dock.setVisible(other == name or (dock.isVisible() and dock.isFloating()))

    def _show_others(self) -> None:
        self._filling = ""
        self.inspector.come_back(lambda: self._restore_state(self._others))

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            self._last = next((name for name, dock in self.docks.items() if dock.has_focus()), self._last)
        if self.inspector.is_over:
            self.docks[DETAILS].raise_()

    @Slot(bool)
    def _on_dock_floated(self, floats: bool) -> None:  # noqa: FBT001  # Qt's signal
        """Show the others where the dock that filled the area is taken out of it."""
        sender = self.sender()
        if floats and self._filling and sender is self.docks[self._filling]:
            dock, geometry = self.docks[self._filling], self.docks[self._filling].geometry()
            self._show_others()
            dock.setFloating(True)
            dock.setGeometry(geometry)
            dock.focus()

    @Slot()
    def _on_dock_opening(self) -> None:
        """Make room for another dock beside the one that fills the area."""
        sender = self.sender()
        if isinstance(sender, Dock):
            self.inspector.uncover(sender)
        if self._filling and sender not in {self.docks[self._filling], self.docks[DETAILS]}:
            self._show_others()

    @Slot()
    def _on_float_requested(self) -> None:
        sender = self.sender()
        if isinstance(sender, Dock):
            sender.setFloating(not sender.isFloating())

    @Slot()
    def _on_fill_requested(self) -> None:
        self.fill_or_restore(next(name for name, dock in self.docks.items() if dock is self.sender()))

    @Slot()
    def _on_dock_closed(self) -> None:
        if self._filling and self.sender() is self.docks[self._filling]:
            filled, before = self._filling, self._before
            self._show_others()
            self.docks[filled].hide()
            self._focus_first(before)

    def active(self) -> Dock | None:
        """The dock that has the focus."""
        return next((dock for dock in self.docks.values() if dock.has_focus()), None)

    def focus_next(self, step: int) -> None:
        """Focus the next visible dock, or the previous one with -1."""
        shown = [dock for dock in self.docks.values() if dock.isVisible()]
        if not shown:
            return
        now = self.active()
        index = shown.index(now) + step if now in shown else (0 if step > 0 else -1)
        shown[index % len(shown)].focus()

    @Slot()
    def _on_dock_visibility_changed(self) -> None:
        """Say what to do where nothing is left to look at; details that are left alone have all of the room."""
        gone = {name for name, dock in self.docks.items() if dock.isHidden() or dock.isFloating()}
        self.all_closed.setVisible(gone == self.docks.keys())
        self.inspector.be_alone(alone=gone >= self.docks.keys() - {DETAILS})

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Keep the proportions of the docks as the window grows or shrinks."""
        old, new = event.oldSize(), event.size()
        super().resizeEvent(event)
        self.all_closed.setGeometry(self.rect())
        if self._is_restoring:
            return  # Qt fits what it restores into the new size
        if self._split_due:
            self._split()
        elif old.isValid() and old.width() > 0 and old.height() > 0:
            self._rescale(old, new)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Split the docks once; from then on the user moves the separators."""
        super().showEvent(event)
        if self._split_due:
            self._split()
            self._split_due = False
        if not event.spontaneous():
            self._paint_later()
        QTimer.singleShot(_SETTLED_MS, self, self.show_late)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Have the docks painted after this, each in a turn of its own: all at once would take more than a frame."""
        super().paintEvent(event)
        if self._unpainted:
            short_turns().soon(self._paint_next)

    def _paint_later(self) -> None:
        docks = (dock for dock in self.docks.values() if dock.isVisible() and not dock.isFloating())
        self._unpainted.extend((*self.beside, *docks))
        for dock in self._unpainted:
            dock.setUpdatesEnabled(False)

    def _paint_next(self) -> None:
        if self._unpainted:
            self._unpainted.popleft().setUpdatesEnabled(True)
        if self._unpainted:
            short_turns().soon(self._paint_next)

    @Slot()
    def show_late(self) -> None:
        """Show the floating docks of a restored layout."""
        late, self._late = self._late, []
        for dock in late:
            dock.show()
            dock.raise_()

    def _place(self) -> None:
        areas, docks, across = Qt.DockWidgetArea, self.docks, Qt.Orientation
        self.addDockWidget(areas.LeftDockWidgetArea, docks["dashboard"])
        self.splitDockWidget(docks["dashboard"], docks["radar"], across.Horizontal)
        self.splitDockWidget(docks["dashboard"], docks["logs"], across.Vertical)
        self.splitDockWidget(docks["radar"], docks["workstreams"], across.Vertical)
        self.inspector.take_out()
        for name in sorted(HIDDEN - {DETAILS}):
            self.addDockWidget(areas.RightDockWidgetArea, docks[name])
        for name, dock in docks.items():
            dock.setVisible(name not in HIDDEN)

    def _split(self) -> None:
        width, height, docks = self.width() - 3 * _GAP, self.height() - 3 * _GAP, self.docks
        left, top = round(width * _LEFT), round(height * _TOP)
        self.resizeDocks(
            [docks["dashboard"], docks["radar"]],
            [left, width - left],
            Qt.Orientation.Horizontal,
        )
        for upper, lower in (("dashboard", "logs"), ("radar", "workstreams")):
            self.resizeDocks([docks[upper], docks[lower]], [top, height - top], Qt.Orientation.Vertical)

    @Slot()
    def _narrow(self) -> None:
        if QApplication.mouseButtons():
            self._narrowings = 0  # a person may be dragging
        if not self._narrowings:
            return
        self._narrowings -= 1
        self._split()
        if self.docks["logs"].width() > round(self.width() * _LEFT):
            QTimer.singleShot(_NARROWED_MS, self, self._narrow)

    def _rescale(self, old: QSize, new: QSize) -> None:
        inspector, details = self.inspector, self.docks[DETAILS]
        placed = [dock for dock in self.docks.values() if dock.isVisible() and not dock.isFloating()]
        placed = [dock for dock in placed if dock is not details or inspector.is_column]
        if not placed:
            return
        held = inspector.column_width if details in placed else 0
        across = max(1, new.width() - held) / max(1, old.width() - held)
        down = new.height() / old.height()
        widths = [held if dock is details else max(1, round(dock.width() * across)) for dock in placed]
        heights = [max(1, round(dock.height() * down)) for dock in placed]
        self.resizeDocks(placed, widths, Qt.Orientation.Horizontal)
        self.resizeDocks(placed, heights, Qt.Orientation.Vertical)
