"""The details of a job over the real parts of a window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.panels.details.details_panel import DetailsPanel
from tests.gui.window_parts import WindowParts, make_window_parts


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


@pytest.fixture
def details(parts: WindowParts, qtbot: QtBot) -> Iterator[DetailsPanel]:
    made = DetailsPanel(parts.panel_context())
    qtbot.addWidget(made)
    made.resize(640, 800)
    made.show()
    yield made
    made.stop_reading()
