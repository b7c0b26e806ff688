"""Buttons side by side, in as many lines as they need: a narrow panel cuts none of them off."""

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.guarded import Guarded

_GAP = 8


class ButtonFlow(Guarded, QWidget):
    """Shows buttons in the order in which they were added; in one line, the trailing ones stand at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[tuple[QWidget, bool]] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, button: QWidget, *, trailing: bool = False) -> None:
        """Add a button behind the others."""
        button.setParent(self)
        self._buttons.append((button, trailing))
        self._on_layout_requested()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """More lines are needed the narrower it is."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of all lines at this width."""
        line = self.sizeHint().height() + _GAP
        lines = {place.top() // line for _, place in self._places(width)}
        return max(0, len(lines) * line - _GAP)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Everything in one line."""
        sizes = [button.sizeHint() for button, _ in self._shown()]
        width = sum(size.width() + _GAP for size in sizes) - _GAP
        return QSize(max(0, width), max((size.height() for size in sizes), default=0))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The widest button, in the lines of the present width."""
        widest = max((button.sizeHint().width() for button, _ in self._shown()), default=0)
        return QSize(widest, self.heightForWidth(max(self.width(), widest)))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Place the buttons anew, and ask for the height of their lines: some layouts count with another width."""
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Follow what is shown, hidden or renamed."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._on_layout_requested()
        return super().event(event)

    def _on_layout_requested(self) -> None:
        self.updateGeometry()
        self._place()

    def _shown(self) -> list[tuple[QWidget, bool]]:
        return [(button, trailing) for button, trailing in self._buttons if not button.isHidden()]

    def _place(self) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()))
        for button, place in self._places(self.width()):
            button.setGeometry(place)

    def _places(self, width: int) -> list[tuple[QWidget, QRect]]:
        """Where each button stands at this width."""
        hint = self.sizeHint()
        spare = width - hint.width()
        left = top = 0
        places = []
        for button, trailing in self._shown():
            size = button.sizeHint()
            if left and left + size.width() > width:
                left, top = 0, top + hint.height() + _GAP
            shift = spare if spare > 0 and trailing else 0
            middle = top + (hint.height() - size.height()) // 2
            places.append((button, QRect(left + shift, middle, size.width(), size.height())))
            left += size.width() + _GAP
        return places
