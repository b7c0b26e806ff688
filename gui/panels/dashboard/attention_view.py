"""The list of everything that needs a person; a row selects its workstream, its button runs a command."""

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QListView, QSizePolicy, QToolTip, QWidget

from gui.panels.dashboard.attention_delegate import AttentionDelegate, row_height
from gui.panels.dashboard.attention_items import AttentionItem, AttentionRow
from gui.panels.dashboard.attention_model import NEED_ROLE, AttentionModel
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.accessible_rows import WithPaintedButtons, install_rows
from gui.widgets.label import plain_tip
from gui.widgets.painted_button import PaintedButton

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_COUNTING = frozenset({AttentionRow.MORE, AttentionRow.FEWER})


class AttentionView(WithPaintedButtons):
    """Shows an `AttentionModel`; the right arrow lists the workstreams of a row, the left one hides them.

    Signals:
        command_requested: (AttentionItem) its button was pressed, or Enter on its row.
        selected: (AttentionItem) its row was clicked.
        menu_requested: (AttentionItem, QPoint) the context menu of its row, at this point of the screen.
        pointer_left: the pointer left the rows, which may move again.
    """

    command_requested = Signal(object)
    selected = Signal(object)
    menu_requested = Signal(object, QPoint)
    pointer_left = Signal()

    def __init__(
        self,
        model: AttentionModel,
        theme: Theme,
        type_: Typesetter,
        *,
        parent: QWidget | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        install_rows()
        self._clock, self._needs, self._theme = clock, model, theme
        self._delegate = AttentionDelegate(theme, type_, self)
        self._pressed: AttentionItem | None = None
        self._is_on_button = False
        self._current: tuple[object, ...] | None = None
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Needs you"))
        model.modelAboutToBeReset.connect(self._on_model_about_to_be_reset)
        model.modelReset.connect(self._on_model_reset)
        self.clicked.connect(self._on_clicked)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def need_at(self, at: QPoint) -> tuple[int, AttentionItem | None]:
        """The row at a point, and its need with the button that the point is on, if it is on one."""
        index = self.indexAt(at)
        if not index.isValid():
            return -1, None
        need: AttentionItem = index.data(NEED_ROLE)
        rect = self.visualRect(index)
        for button in (self._delegate.button(need, rect), self._delegate.second(need, rect)):
            if button is not None and button.rect.contains(at):
                return index.row(), replace(need, button=button.button)
        return index.row(), None

    def painted_buttons(self, index: QModelIndex) -> list[PaintedButton]:
        """The button that removes the row or shows why, then the one that does something about it."""
        need, rect = index.data(NEED_ROLE), self.visualRect(index)
        found = (self._delegate.second(need, rect), self._delegate.button(need, rect))
        return [button for button in found if button is not None]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The height of all rows."""
        return QSize(300, sum(row_height(need, self._theme) for need in self._needs.rows))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Nothing: the panel sets the height."""
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint with ages as of now."""
        self._delegate.now = self._clock()
        super().paintEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember the pressed button; a press on the chevron lists the workstreams, or hides them."""
        at = event.position().toPoint()
        _row, self._pressed = self.need_at(at)
        super().mousePressEvent(event)
        index = self.indexAt(at)
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            need: AttentionItem = index.data(NEED_ROLE)
            if self._delegate.is_on_chevron(need, self.visualRect(index), at):
                self._needs.open_members(need, opened=not need.is_open)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Request the command if the pressed button was released."""
        pressed, self._pressed = self._pressed, None
        self._is_on_button = pressed is not None
        super().mouseReleaseEvent(event)
        _row, need = self.need_at(event.position().toPoint())
        if (
            need is not None
            and pressed is not None
            and (need.key, need.button) == (pressed.key, pressed.button)
            and not self.reason_at(event.position().toPoint())
        ):
            self.command_requested.emit(need)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let no row move under the pointer, and highlight the button under it."""
        super().mouseMoveEvent(event)
        self._needs.keep_still(still=True)
        row, need = self.need_at(event.position().toPoint())
        self._highlight_button(row if need is not None else -1)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Remove the highlight, and let the rows move again."""
        super().leaveEvent(event)
        self._highlight_button(-1)
        self._needs.keep_still(still=False)
        self.pointer_left.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Request the menu of the row under the pointer, or of the current one."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if index.isValid():
            at = (
                event.globalPos()
                if by_mouse
                else self.viewport().mapToGlobal(self.visualRect(index).center())
            )
            self.menu_requested.emit(index.data(NEED_ROLE), at)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Show the whole title and reason of a row in its tool tip."""
        is_tip = event.type() is QEvent.Type.ToolTip
        if is_tip and isinstance(event, QHelpEvent) and not self.reason_at(event.pos()):
            index = self.indexAt(event.pos())
            text = index.data(Qt.ItemDataRole.AccessibleTextRole) if index.isValid() else ""
            QToolTip.showText(event.globalPos(), plain_tip(text), self.viewport(), self.visualRect(index))
            return True
        return super().viewportEvent(event)

    def event(self, event: QEvent) -> bool:
        """Claim Enter before the key that shows the details can."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _ENTER
            and self.currentIndex().isValid()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Press the button of the row on Enter; list its workstreams on the right arrow, hide them on the left one."""
        index = self.currentIndex()
        need: AttentionItem | None = index.data(NEED_ROLE) if index.isValid() else None
        match event.key():
            case key if need is not None and key in _ENTER:
                self._press(need)
                if need.kind in _COUNTING:  # go on with the first row that was hidden, or the one that counts
                    self.setCurrentIndex(self._needs.index(min(index.row(), len(self._needs.rows) - 1)))
            case Qt.Key.Key_Right if need is not None and need.can_open:
                self._needs.open_members(need, opened=True)
            case Qt.Key.Key_Delete if need is not None and need.dismissal is not None:
                self.command_requested.emit(replace(need, button=need.dismissal))
            case Qt.Key.Key_Left if need is not None:
                self._close(index.row(), need)
            case _:
                super().keyPressEvent(event)

    def _press(self, need: AttentionItem) -> None:
        if need.kind in _COUNTING:
            self._needs.expand(expanded=need.kind is AttentionRow.MORE)
        elif need.button is not None:
            self.command_requested.emit(need)

    def _close(self, row: int, need: AttentionItem) -> None:
        """Hide the workstreams of a row; from one of them, go to the row they belong to first."""
        if need.kind is AttentionRow.MEMBER:
            above = (one for one in range(row, -1, -1) if self._needs.rows[one].kind is AttentionRow.NEED)
            self.setCurrentIndex(self._needs.index(next(above, 0)))
        else:
            self._needs.open_members(need, opened=False)

    def _highlight_button(self, row: int) -> None:
        if row != self._delegate.hot:
            self._delegate.hot = row
            self.viewport().update()

    @Slot(QModelIndex)
    def _on_current_changed(self, current: QModelIndex) -> None:
        """Mark what a person has gone to as looked at."""
        if current.isValid() and self.hasFocus():
            self._needs.look(current.data(NEED_ROLE))

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        need: AttentionItem = index.data(NEED_ROLE)
        if need.workstream is None:
            self._needs.look(need)
            if not self._is_on_button:  # that has its own command
                self._press(need)
        else:
            self._needs.look(need)
            self.selected.emit(need)

    @Slot()
    def _on_model_about_to_be_reset(self) -> None:
        index = self.currentIndex()
        self._current = index.data(NEED_ROLE).key if index.isValid() else None

    @Slot()
    def _on_model_reset(self) -> None:
        """Go on where the user was, though there are other rows around it."""
        rows = (row for row, need in enumerate(self._needs.rows) if need.key == self._current)
        found = None if self._current is None else next(rows, None)
        if found is not None:
            self.setCurrentIndex(self._needs.index(found))
        self.updateGeometry()
