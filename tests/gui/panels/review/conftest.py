"""A review panel over a real repository, with the facts around it in memory."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.panels.review.review_panel import ReviewPanel
from gui.panels.review.review_view import ReviewView
from tests.gui.window_parts import WindowParts, make_window_parts
from tests.helpers.patience import PATIENCE_MS
from tests.helpers.review_scene import ReviewScene, commits_in

TOTALS = "shop/cart/totals.py"


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    """The parts of a window, dark."""
    made = make_window_parts(tmp_path, qtbot, theme="dark")
    yield made
    made.close()


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str, str]:
    """A repository, and the commits before and after the work and in between; nobody writes into it."""
    folder = tmp_path_factory.mktemp("review") / "shop"
    return (folder, *commits_in(folder))


@pytest.fixture
def scene(repository: tuple[Path, str, str, str]) -> ReviewScene:
    """Four reviews that wait; the first one has a repository."""
    folder, base, seen, head = repository
    return ReviewScene(folder, time.time(), base, seen, head)


@pytest.fixture
def empty(parts: WindowParts, qtbot: QtBot) -> Iterator[ReviewPanel]:
    """The panel of a home without any review."""
    made = ReviewPanel(replace(parts.panel_context(), clock=time.time))
    qtbot.addWidget(made)
    made.resize(1590, 900)
    yield made
    made.stop_reading()


@pytest.fixture
def settle(qtbot: QtBot) -> Callable[[ReviewPanel], None]:
    """Wait until a panel shows everything it has requested."""

    def wait(panel: ReviewPanel) -> None:
        qtbot.waitUntil(lambda: panel.is_settled, timeout=PATIENCE_MS)

    return wait


@pytest.fixture
def panel(
    empty: ReviewPanel, scene: ReviewScene, qtbot: QtBot, settle: Callable[[ReviewPanel], None]
) -> ReviewPanel:
    """The panel with the whole change of the first review, at its file of totals."""
    empty.use(scene, scene)
    empty.show()
    qtbot.waitExposed(empty)
    empty.activateWindow()
    settle(empty)
    empty.reviewing.compare(whole=True)
    settle(empty)
    empty.reviewing.show_file(TOTALS)
    settle(empty)
    qtbot.waitUntil(lambda: empty.view.diff.patch is not None and empty.view.diff.patch.file.path == TOTALS)
    return empty


@pytest.fixture
def view(panel: ReviewPanel) -> ReviewView:
    """The view of that panel."""
    return panel.view
