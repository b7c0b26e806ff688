"""No exception of ours reaches Qt: each virtual function is guarded, whatever fails in it."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QAbstractProxyModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
)
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

import gui
from gui import guarded
from gui.guarded import GUARDED, Guarded
from gui.theme.paint import saved

Index = QModelIndex | QPersistentModelIndex

CALLED_BY_US_ALONE = {"setModel"}
"""Overrides whose exceptions belong to the Python code that called them."""


def _modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(gui.__path__, "gui."):
        if not module.name.endswith("__main__"):
            yield module.name


def _classes() -> list[type[QObject]]:
    found = {
        item
        for name in _modules()
        for item in vars(importlib.import_module(name)).values()
        if inspect.isclass(item) and item.__module__.startswith("gui.") and issubclass(item, QObject)
    }
    return sorted(found, key=lambda item: (item.__module__, item.__qualname__))


CLASSES = _classes()
PAINTED = [item for item in CLASSES if "paintEvent" in vars(item)]
MODELS = [
    item
    for item in CLASSES
    if issubclass(item, QAbstractItemModel) and not issubclass(item, QAbstractProxyModel)
]
DELEGATES = [item for item in CLASSES if issubclass(item, QAbstractItemDelegate)]


@pytest.fixture(autouse=True)
def _nothing_was_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "_REPORTED", set())


def _bare(made: type[QObject]) -> Any:
    """The class without anything that its own `__init__` provides, so that whatever it overrides fails."""
    qt_base: Any = next(base for base in made.__mro__ if base.__module__.startswith("PySide6"))

    def start(self: QObject) -> None:
        qt_base.__init__(self)

    return type(f"Bare{made.__name__}", (made,), {"__init__": start})


def _is_virtual_of_qt(made: type[QObject], name: str) -> bool:
    bases = (base for base in made.__mro__ if base.__module__.startswith("PySide6"))
    return inspect.isfunction(vars(made)[name]) and any(name in vars(base) for base in bases)


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.__qualname__)
def test_every_function_that_qt_calls_is_guarded(made: type[QObject]) -> None:
    overridden = {
        name for name in vars(made) if not name.startswith("__") and _is_virtual_of_qt(made, name)
    } - CALLED_BY_US_ALONE
    assert overridden <= GUARDED
    assert all(hasattr(vars(made)[name], "__wrapped__") for name in overridden), (
        f"derive {made.__name__} from Guarded"
    )


def test_the_walk_finds_what_is_painted() -> None:
    assert len(PAINTED) > 35
    assert len(MODELS) > 8
    assert len(DELEGATES) > 8


@pytest.mark.parametrize("made", PAINTED, ids=lambda made: made.__qualname__)
def test_a_widget_that_fails_in_everything_it_overrides_is_painted_and_ends_nothing(
    qtbot: QtBot, made: type[QWidget]
) -> None:
    with capture_exceptions() as reported:
        widget = _bare(made)()
        qtbot.addWidget(widget)
        widget.resize(300, 200)
        widget.show()
        for _ in range(3):
            widget.grab()
        widget.close()
    assert reported


@pytest.mark.parametrize("made", PAINTED, ids=lambda made: made.__qualname__)
def test_a_paint_event_that_fails_with_its_painter_open_shows_a_placeholder_and_is_reported_once(
    qtbot: QtBot, made: type[QWidget]
) -> None:
    def fail(self: QWidget, _event: QPaintEvent) -> None:
        ground = self.viewport() if hasattr(self, "viewport") else self
        painter = QPainter(ground)
        painter.fillRect(ground.rect(), QColor("red"))
        raise ZeroDivisionError("failed in painting")

    with capture_exceptions() as reported:
        failing = type("Failing", (_bare(made),), {"paintEvent": fail})
        widget = failing()
        qtbot.addWidget(widget)
        widget.resize(300, 200)
        for _ in range(3):
            picture = widget.grab().toImage()
    assert len([error for _, error, _ in reported if isinstance(error, ZeroDivisionError)]) == 1
    assert picture.pixelColor(150, 30) != QColor("red")


@pytest.mark.parametrize("made", MODELS, ids=lambda made: made.__qualname__)
def test_a_model_that_fails_in_everything_is_empty(qtbot: QtBot, made: type[QAbstractItemModel]) -> None:
    with capture_exceptions():
        model = _bare(made)()
        view = QListView() if issubclass(made, QAbstractListModel) else QTableView()
        qtbot.addWidget(view)
        view.setModel(model)
        view.grab()
        assert model.rowCount(QModelIndex()) == 0
        assert model.data(QModelIndex()) is None


@pytest.mark.parametrize("made", DELEGATES, ids=lambda made: made.__qualname__)
def test_a_delegate_that_fails_leaves_the_plain_text(qtbot: QtBot, made: type[QAbstractItemDelegate]) -> None:
    with capture_exceptions():
        view = QListView()
        qtbot.addWidget(view)
        model = QStandardItemModel(view)
        model.appendRow(QStandardItem("plain text"))
        delegate = _bare(made)()
        delegate.setParent(view)
        blank = view.grab().toImage()
        view.setModel(model)
        view.setItemDelegate(delegate)
        for _ in range(3):
            picture = view.grab().toImage()
    assert picture != blank


def test_a_delegate_that_fails_half_way_leaves_the_painter_as_it_was(qtbot: QtBot) -> None:
    class Sad(Guarded, QStyledItemDelegate):
        def paint(self, painter: QPainter, _option: QStyleOptionViewItem, _index: Index) -> None:
            with saved(painter):
                painter.translate(1000, 1000)
                raise ValueError

    with capture_exceptions():
        view = QListView()
        qtbot.addWidget(view)
        model = QStandardItemModel(view)
        for _ in range(3):
            model.appendRow(QStandardItem("plain text"))
        view.setModel(model)
        plain = view.grab().toImage()
        view.setItemDelegate(Sad(view))
        assert view.grab().toImage() == plain


def test_an_event_handler_that_fails_leaves_the_others_working(qtbot: QtBot) -> None:
    class Sad(Guarded, QWidget):
        def event(self, event: QEvent) -> bool:
            raise ValueError(event.type())

        def sizeHint(self) -> QSize:  # noqa: N802
            raise ValueError

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
            raise ValueError(event.type())

    with capture_exceptions() as reported:
        widget = Sad()
        qtbot.addWidget(widget)
        widget.installEventFilter(widget)
        widget.show()
        widget.grab()
        assert widget.sizeHint() == QWidget().sizeHint()
    assert len(reported) == 3  # each place once, however often it failed
