"""The queue column: the reviews as a list. Up and Down select one; its order stays while the pointer is over it."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from gui.panels.review.queue_delegate import RESTORE, QueueDelegate
from gui.panels.review.queue_model import QueueModel
from gui.panels.review.review_records import ReviewItem, ReviewQueue, WorkstreamKey
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.accessible_rows import WithPaintedButtons, install_rows
from gui.widgets.painted_button import PaintedButton


class ReviewQueueView(WithPaintedButtons):
    """Shows a `QueueModel`.

    Signals:
        selected: (key) another review is selected.
        restore_requested: (key) bring discarded work back.
        mark_pressed: (key, name of the fact) a mark that opens something was pressed.
    """

    selected = Signal(object)
    restore_requested = Signal(object)
    mark_pressed = Signal(object, str)

    def __init__(
        self,
        model: QueueModel,
        theme: Theme,
        *,
        clock: Callable[[], float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        install_rows()
        self._queue, self._clock = model, clock
        self._key: WorkstreamKey | None = None
        self._pressed: tuple[WorkstreamKey, str] | None = None
        self._delegate = QueueDelegate(theme, Typesetter(theme, self), self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Reviews"))
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)

    def painted_buttons(self, index: QModelIndex) -> list[PaintedButton]:
        """The button that brings discarded work back."""
        row = self._queue.rows[index.row()]
        button = self._delegate.button(row, self.visualRect(index)) if isinstance(row, ReviewItem) else None
        return [] if button is None else [button]

    @property
    def key(self) -> WorkstreamKey | None:
        """The selected review."""
        return self._key

    def show_queue(self, queue: ReviewQueue) -> None:
        """Show these reviews; the selected one stays."""
        self._queue.show(queue.items, in_place=self.underMouse())
        self.keep_selected()
        self.viewport().update()  # the painted ages go on where no row has changed

    def keep_selected(self) -> None:
        """Select the row of the selected review again, wherever it is now."""
        row = self._queue.row_of(self._key)
        if row is not None and self.currentIndex().row() != row:
            at = self._queue.index(row, 0)
            self.selectionModel().setCurrentIndex(at, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def select(self, key: WorkstreamKey | None) -> None:
        """Select a review."""
        if key != self._key:
            self._key = key
            self.selected.emit(key)
        self.keep_selected()

    def step(self, by: int) -> None:
        """Select the next review, or the one before with -1."""
        items = self._queue.items()
        keys = [item.key for item in items]
        if not keys:
            return
        at = keys.index(self._key) + by if self._key in keys else 0
        self.select(keys[max(0, min(at, len(keys) - 1))])

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Leave the number of attempts out."""
        if narrow != self._delegate.narrow:
            self._delegate.narrow = narrow
            self.scheduleDelayedItemsLayout()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Highlight the button under the pointer."""
        super().mouseMoveEvent(event)
        item, rect = self._item_at(event.position().toPoint())
        button = None if item is None else self._delegate.button(item, rect)
        is_over = button is not None and button.rect.contains(event.position().toPoint())
        hot = item.key if item is not None and is_over else None
        if hot != self._delegate.hot:
            self._delegate.hot = hot
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Note the button, or the mark, that is pressed."""
        super().mousePressEvent(event)
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self._target_at(event.position().toPoint()) if is_left else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Carry out what was pressed and released."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is None or pressed != self._target_at(event.position().toPoint()):
            return
        key, name = pressed
        if self.reason_at(event.position().toPoint()):
            return
        if name == RESTORE.command:
            self.restore_requested.emit(key)
        else:
            self.mark_pressed.emit(key, name)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Press the button of the current row on Enter."""
        found = self.painted_buttons(self.currentIndex()) if self.currentIndex().isValid() else []
        row = self._queue.rows[self.currentIndex().row()] if found else None
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and isinstance(row, ReviewItem):
            self.restore_requested.emit(row.key)
        else:
            super().keyPressEvent(event)

    def _target_at(self, at: QPoint) -> tuple[WorkstreamKey, str] | None:
        """The review, and the command of its button or the name of its mark that opens something."""
        item, rect = self._item_at(at)
        if item is None:
            return None
        button, mark = self._delegate.button(item, rect), self._delegate.mark_at(item, rect, at)
        if button is not None and button.rect.contains(at):
            return item.key, button.button.command
        return (item.key, mark.opens) if mark is not None and mark.opens == "check" else None

    def _item_at(self, at: QPoint) -> tuple[ReviewItem | None, QRect]:
        index = self.indexAt(at)
        row = self._queue.rows[index.row()] if index.isValid() else None
        return (row if isinstance(row, ReviewItem) else None), self.visualRect(index)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint with ages as of now."""
        self._delegate.now = self._clock()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The marks may need other lines now."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    @Slot(QItemSelection, QItemSelection)
    def _on_selection_changed(self, _now: QItemSelection, _before: QItemSelection) -> None:
        row = self.currentIndex().row()
        found = self._queue.rows[row] if 0 <= row < len(self._queue.rows) else None
        if isinstance(found, ReviewItem) and self.selectionModel().isSelected(self.currentIndex()):
            self.select(found.key)
