"""The list of everything that needs a person; a row selects its workstream, its button runs a command."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QListView, QSizePolicy, QWidget

from gui.guarded import Guarded
from gui.panels.dashboard.attention_delegate import MORE_ROW, ROW, AttentionDelegate
from gui.panels.dashboard.attention_model import NEED_ROLE, AttentionItem, AttentionModel
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class AttentionView(Guarded, QListView):
    """Shows a `AttentionModel`.

    Signals:
        command_requested: (Need) its button was pressed, or Enter on its row.
        selected: (Need) its row was clicked.
        more_requested: the row that counts the rest was pressed.
    """

    command_requested = Signal(object)
    selected = Signal(object)
    more_requested = Signal()

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
        self._clock = clock
        self._delegate = AttentionDelegate(theme, type_, self)
        self._pressed = -1
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self.setAccessibleName("Needs you")
        model.modelReset.connect(self._on_model_reset)
        self.clicked.connect(self._on_clicked)

    def need_at(self, at: QPoint) -> tuple[int, AttentionItem | None]:
        """The row at a point, and its need if the point is on the button."""
        index = self.indexAt(at)
        if not index.isValid():
            return -1, None
        need: AttentionItem = index.data(NEED_ROLE)
        button = self._delegate.button(need, self.visualRect(index))
        return index.row(), need if button is not None and button.rect.contains(at) else None

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The height of all rows."""
        rows = self.model().rowCount()
        needs = [self.model().index(row, 0).data(NEED_ROLE) for row in range(rows)]
        return QSize(300, sum(ROW if need.button else MORE_ROW for need in needs))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """At least one row, if there is one."""
        return QSize(0, min(self.sizeHint().height(), ROW))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint with ages as of now."""
        self._delegate.now = self._clock()
        super().paintEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember the pressed button."""
        row, need = self.need_at(event.position().toPoint())
        self._pressed = row if need is not None else -1
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Request the command if the pressed button was released."""
        pressed, self._pressed = self._pressed, -1
        super().mouseReleaseEvent(event)
        row, need = self.need_at(event.position().toPoint())
        if need is not None and row == pressed:
            self.command_requested.emit(need)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Highlight the button under the pointer."""
        super().mouseMoveEvent(event)
        row, need = self.need_at(event.position().toPoint())
        self._highlight_button(row if need is not None else -1)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Remove the highlight."""
        super().leaveEvent(event)
        self._highlight_button(-1)

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
        """Press the button of the row on Enter."""
        index = self.currentIndex()
        if event.key() in _ENTER and index.isValid():
            need: AttentionItem = index.data(NEED_ROLE)
            if need.button is None:
                self.more_requested.emit()
            else:
                self.command_requested.emit(need)
            return
        super().keyPressEvent(event)

    def _highlight_button(self, row: int) -> None:
        if row != self._delegate.hot:
            self._delegate.hot = row
            self.viewport().update()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        need: AttentionItem = index.data(NEED_ROLE)
        if need.button is None:
            self.more_requested.emit()
        else:
            self.selected.emit(need)

    @Slot()
    def _on_model_reset(self) -> None:
        self.setVisible(self.model().rowCount() > 0)
        self.updateGeometry()
