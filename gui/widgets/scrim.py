"""The scrim of a sheet: covers and dims a window, without having the window painted again."""

from collections import deque

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QRegion, QShowEvent
from PySide6.QtWidgets import QWidget

from gui.data.short_turns import short_turns
from gui.guarded import Guarded

_DIM = QColor(20, 26, 36, 117)  # 46 %


def dimmed(color: QColor) -> QColor:
    """A colour as it looks through a scrim."""
    share = _DIM.alphaF()
    channels = (QColor.redF, QColor.greenF, QColor.blueF)
    return QColor.fromRgbF(*(of(color) * (1 - share) + of(_DIM) * share for of in channels))


class Scrim(Guarded, QWidget):
    """Covers and dims the window behind a sheet, and takes every click outside the sheet.

    A translucent widget has everything below it painted when it appears, which takes half a frame and more. So its
    first picture is the one that is on the screen already, dimmed; what changes below later is painted through it.

    Signals:
        resized: the window has another size, and this with it.
        escaped: Esc was pressed while this had the focus.
    """

    resized = Signal()
    escaped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self._first: QImage | None = None
        self._dims = self._lifts = False
        self._still: deque[QRegion] = deque()
        self._lifted, self._unpainted = QRegion(), QRegion()
        """What is no longer dimmed, and how much of that is still to be painted."""
        self.hide()

    @property
    def is_up(self) -> bool:
        """Whether the window is covered."""
        return not (self.isHidden() or self._lifts)

    @property
    def dims(self) -> bool:
        """Whether the window is dimmed, not only covered."""
        return self._dims and not self._lifts

    def cover(self) -> None:
        """Take every click from now on; the window is dimmed when this appears, in a later turn."""
        self._end_lifting()
        self.setUpdatesEnabled(False)  # or everything below would be painted
        self._lie_over_all()

    def appear(self) -> None:
        """Dim the whole window; `settle` has to follow before anything else can be painted."""
        self._end_lifting()
        self._first = self._picture()
        self._dims = True
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, self._first is not None)
        self._lie_over_all()
        self.setUpdatesEnabled(True)

    def settle(self) -> None:
        """Paint the first picture now, with what lies on it: it is true at this moment only."""
        if self._first is not None:
            # Whatever was shown has such an event under way, after which it would be painted once more, with all below.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateLater.value)
            self.repaint()
            self._first = None
            self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)  # noqa: FBT003 - Qt's own signature

    def _end_lifting(self) -> None:
        """Hide every scrim that still covers a part of the window, or that part would be dimmed twice."""
        for scrim in self._covered.findChildren(Scrim, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if not scrim.is_up:
                scrim.hide()

    def _lie_over_all(self) -> None:
        self.setGeometry(self._covered.rect())
        self.show()
        self.raise_()

    def lift(self, shown: QRect) -> None:
        """Uncover the window part by part, each in a turn of its own, beginning with what was `shown` over it.

        Nothing is held back meanwhile: clicks and keys go to the window at once.
        """
        if not self._dims:
            self.hide()
            return
        self._lifts = True
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        whole, half = QRegion(self.rect()), QRect(0, 0, self.width() // 2, self.height())
        self._still = deque([whole & shown, (whole - shown) & half, whole - shown - half])
        self._lift_next()

    def _lift_next(self) -> None:
        """Uncover the next part; not with a mask, after which Qt does not paint the opaque ones among what is below."""
        if not self._lifts:
            return
        if self._still:
            part = self._still.popleft()
            self._lifted += part
            self._unpainted += part
            self.update(part)
            short_turns().soon(self._lift_next)
        else:
            self.setUpdatesEnabled(
                not self._unpainted.isEmpty()
            )  # or all that was painted would be once more
            self.hide()

    def covers(self, widget: QWidget) -> bool:
        """Whether a widget is behind the scrim."""
        return self._covered is widget or self._covered.isAncestorOf(widget)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the size of the window; only now, as every event of the window passes through a filter."""
        super().showEvent(event)
        self._covered.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Follow it no longer, unless it is hidden with the window: then it covers that again when both are shown."""
        super().hideEvent(event)
        if not self.isHidden():
            return
        self._dims = self._lifts = False
        self._still.clear()
        self._lifted, self._unpainted = QRegion(), QRegion()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)  # noqa: FBT003 - Qt's own signature
        self.setUpdatesEnabled(True)
        self._covered.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Cover the whole window when its size changes; all of it is painted then in any case."""
        if event.type() == QEvent.Type.Resize and watched is self._covered:
            if self._lifts:
                self.hide()
            self.setGeometry(self._covered.rect())
            self.resized.emit()
        return False

    def event(self, event: QEvent) -> bool:
        """Claim every key that is pressed while this has the focus, before a shortcut of the window behind can."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let no key reach the window behind."""
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        event.accept()

    def focusNextPrevChild(self, _forward: bool) -> bool:  # noqa: FBT001, N802 - Qt's own signature
        """Let Tab lead nowhere: what it would lead to is covered."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Dim the window behind."""
        self._unpainted -= event.region()
        if not self._dims:
            return
        painter = QPainter(self)
        if self._first is not None:
            painter.drawImage(0, 0, self._first)
        else:
            painter.setClipRegion(QRegion(self.rect()) - self._lifted)
            painter.fillRect(self.rect(), _DIM)

    def _picture(self) -> QImage | None:
        """What the window shows, dimmed; None where that is not known."""
        window = self._covered
        if not window.isWindow() or not window.isVisible():
            return None
        window.repaint(QRect(0, 0, 1, 1))  # with this, whatever waits to be painted is
        shown = window.backingStore().paintDevice()
        if not isinstance(shown, QImage) or shown.deviceIndependentSize() != window.size().toSizeF():
            return None
        picture = shown.copy()
        painter = QPainter(picture)
        painter.fillRect(window.rect(), _DIM)
        painter.end()
        return picture
