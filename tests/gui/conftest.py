"""Parts of the window for tests: a theme laid on the application, an empty projection, the shared selection."""

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.control.actions import Actions
from gui.data.projection import Projection
from gui.data.selection import Selection
from gui.theme.theme import Theme
from gui.translation import use_language
from state.records import Job, JobStatus, Limit, LimitKind, Run, Snapshot, Workstream
from tests.helpers.leftovers import deliver_deletions
from tests.helpers.patience import PATIENCE_MS


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The dark theme, applied, without motion."""
    made = Theme("dark")
    made.reduce_motion = True
    made.apply(qapp)
    yield made
    deliver_deletions()  # before they are styled once more
    qapp.setStyleSheet("")
    made.deleteLater()


@pytest.fixture
def in_german(qapp: QApplication) -> Iterator[None]:
    """German, from here on."""
    assert qapp is not None
    use_language("de")
    yield
    use_language("en")


@pytest.fixture
def selection() -> Selection:
    """Nothing chosen, no filter."""
    return Selection()


@pytest.fixture
def actions(selection: Selection, theme: Theme) -> Actions:
    """All commands."""
    return Actions(selection, theme)


@pytest.fixture
def projection() -> Projection:
    """Two runs with a slot limit of three, nothing else."""
    made = Projection()
    made.load(
        Snapshot(
            cursor=10,
            runs=(
                Run(run_id="0346", title="Parser: error recovery", created_at=1.0),
                Run(run_id="0347", title="Night: checkout v2", created_at=2.0),
            ),
            workstreams=(Workstream(run_id="0347", ws_id="cart"), Workstream(run_id="0346", ws_id="split")),
            jobs=(
                Job(
                    job_id="edit", run_id="0347", ws_id="cart", seq=1, status=JobStatus.RUNNING, tool="aider"
                ),
                Job(job_id="test", run_id="0347", ws_id="cart", seq=2, depends_on=("edit",), tool="tests"),
                Job(job_id="lexer", run_id="0346", ws_id="split", seq=3, status=JobStatus.FAILED),
            ),
            limits=(Limit(kind=LimitKind.GLOBAL, key="", value=3),),
        ),
    )
    return made


@pytest.fixture
def soon(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    """Wait until something holds, for five seconds at most."""

    def wait(holds: Callable[[], bool]) -> None:
        qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    return wait


class Clock:
    """A clock that stands still until the test advances it."""

    def __init__(self, now: float | None = None) -> None:
        self.now = time.time() if now is None else now

    def __call__(self) -> float:
        return self.now

    def go_on(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    """A clock of the test's own."""
    return Clock()
