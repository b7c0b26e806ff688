"""Keeps an exception in Python from reaching Qt, which would crash on it or paint half a widget.

Qt calls the virtual functions of our classes from C++, where nobody can catch an exception: one in a ``paintEvent``
leaves a painter open and ends the process. Every class of the window that overrides one derives from `Guarded`, itself
or through its base; nothing more is needed, and a test finds the class that forgets it.
"""

import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from gui.translation import tr

HANDLERS = frozenset(
    f"{name}Event"
    for name in (
        "change", "close", "contextMenu", "dragEnter", "dragLeave", "dragMove", "drop", "enter", "focusIn", "focusOut",
        "hide", "keyPress", "keyRelease", "leave", "mouseDoubleClick", "mouseMove", "mousePress", "mouseRelease",
        "move", "resize", "show", "timer", "wheel",
    )
)  # fmt: skip
"""What handles an event and returns nothing; where one fails, the event is over."""
INHERITED = frozenset({
    "canFetchMore", "drawControl", "drawPrimitive", "editorEvent", "event", "eventFilter", "fetchMore",
    "filterAcceptsRow", "focusNextPrevChild", "hasHeightForWidth", "heightForWidth",
    "headerData", "helpEvent", "highlightBlock", "flags", "initStyleOption",
    "horizontalOffset", "indexAt", "isIndexHidden", "lessThan", "mimeData", "mimeTypes",
    "minimumSizeHint", "moveCursor", "paint", "paintSection", "pixelMetric", "scrollContentsBy", "scrollTo",
    "setData", "setSelection", "sizeHint", "updateGeometries", "verticalOffset", "viewportEvent", "visualRect",
    "visualRegionForSelection", "doItemsLayout", "setVisible",
})  # fmt: skip
"""What Qt has an answer of its own for, which is used where ours fails: a delegate then paints the plain text."""
PURE: dict[str, Callable[[], Any]] = {
    "columnCount": int, "data": lambda: None, "index": QModelIndex, "parent": QModelIndex, "rowCount": int,
}  # fmt: skip
"""What Qt has no answer for, and what is returned where ours fails."""
GUARDED = HANDLERS | INHERITED | PURE.keys() | {"paintEvent"}

Place = tuple[str, str, int]
_REPORTED: set[Place] = set()


class Guarded:
    """The base of every class that overrides a virtual function of Qt; see the module."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Guard what this class overrides."""
        super().__init_subclass__(**options)
        for name in GUARDED & vars(cls).keys():
            setattr(cls, name, _guarded(cls, name, vars(cls)[name]))


def place_of(error: BaseException) -> Place:
    """What makes two errors the same one to a person: their class, and the line that raised them."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    return (type(error).__name__, *(frames[-1] if frames else ("", 0)))


def report_once(error: Exception) -> None:
    """Report an error to `sys.excepthook`, only once for its place: a widget is painted again and again.

    The frames that raised it are cleared first, so that no painter in them stays open while the error is kept.
    """
    traceback.clear_frames(error.__traceback__)
    place = place_of(error)
    if place not in _REPORTED:
        _REPORTED.add(place)
        sys.excepthook(type(error), error, error.__traceback__)


def _guarded(owner: type, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(self: Any, *args: Any, **options: Any) -> Any:
        try:
            return method(self, *args, **options)
        except Exception as error:  # noqa: BLE001 - whatever it is, C++ cannot catch it
            report_once(error)
        return _instead(owner, name, self, args)

    return call


def _instead(owner: type, name: str, instance: Any, args: tuple[Any, ...]) -> Any:
    """What is returned, or painted, where a virtual function has failed."""
    try:
        if name == "paintEvent":
            _paint_placeholder(instance)
        elif name in PURE:
            return PURE[name]()
        elif name in INHERITED:
            return getattr(super(owner, instance), name)(*args)
    except Exception as error:  # noqa: BLE001 - as above
        report_once(error)
    return None


def _paint_placeholder(widget: QWidget) -> None:
    ground = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    with QPainter(ground) as painter:
        painter.fillRect(ground.rect(), widget.palette().window())
        painter.setPen(widget.palette().windowText().color())
        painter.drawText(
            ground.rect(),
            int(Qt.AlignmentFlag.AlignCenter),
            tr("This part of the window could not be drawn."),
        )
