"""What a step reports as amiss becomes a banner, and goes with it; a button does its action, whatever its label."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.orchestrator.turn import StepReport
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from gui.control.engine_host import EngineHost
from gui.control.failure import Failure
from gui.control.problem_banners import ProblemBanners
from gui.data.event_feed import EventFeed
from gui.theme.theme import Theme
from gui.translation import use_language
from gui.widgets.banner import BannerStack
from state.database_reader import DatabaseReader
from state.records import JobStatus, Origin
from tests.engine.test_database_faults import lock_held
from tests.helpers.command_line import python
from tests.helpers.patience import PATIENCE_MS, PATIENCE_S


def refuse() -> EngineService:
    """Build no engine."""
    message = "The plan is bad.\nThe second line says why."
    raise ValueError(message)


@dataclass(frozen=True)
class Failing:
    """The banners of an engine that could not be built."""

    problems: ProblemBanners
    banners: BannerStack
    host: EngineHost

    def buttons(self, key: str) -> list[QPushButton]:
        """The buttons of a banner."""
        banner = self.banners.banner(key)
        assert banner is not None
        return banner.buttons

    def details(self) -> str:
        """The details on the sheet that was opened last."""
        assert self.problems.question is not None
        return self.problems.question.findChild(QPlainTextEdit).toPlainText()


@pytest.fixture
def banners(theme: Theme, qtbot: QtBot) -> BannerStack:
    made = BannerStack(theme)
    qtbot.addWidget(made)
    return made


def test_x12_a_program_that_locks_the_database_is_a_banner_until_it_is_done(
    banners: BannerStack, theme: Theme, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("state.writing_connection.WRITER_BUSY_MS", 200)
    home = Home.at(tmp_path / "home")
    window = QWidget()
    qtbot.addWidget(window)
    with closing(JobStateStore(home=home)) as store, closing(DatabaseReader(store.database)) as reader:
        feed = EventFeed(reader, home.database)
        host = EngineHost(lambda: EngineService(home, kind="test"))
        problems = ProblemBanners(banners, theme=theme, window=window)
        problems.listen(host, feed)
        with qtbot.waitSignal(host.stepped, timeout=PATIENCE_MS):
            host.start()
        spec = job_from_mapping(python("print(1)", "a"), base=tmp_path)
        store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)
        with lock_held(home.database):
            host.wake()
            qtbot.waitUntil(lambda: banners.banner("problem.busy") is not None, timeout=PATIENCE_MS)
            shown = banners.banner("problem.busy")
            assert shown is not None
            assert shown.sentence.startswith("Another program has been writing the database for a while")
        qtbot.waitUntil(lambda: banners.banner("problem.busy") is None, timeout=PATIENCE_MS)

        def done() -> bool:
            job = store.get_job("a")
            return job is not None and job.status is JobStatus.COMPLETED

        qtbot.waitUntil(done, timeout=PATIENCE_MS)
        host.close("stop")
        assert host.wait(PATIENCE_S)


@pytest.fixture
def failing_host(banners: BannerStack, theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[Failing]:
    home = Home.at(tmp_path / "home")
    window = QWidget()
    window.resize(900, 600)
    qtbot.addWidget(window)
    with closing(JobStateStore(home=home)) as store, closing(DatabaseReader(store.database)) as reader:
        host = EngineHost(refuse)
        problems = ProblemBanners(banners, theme=theme, window=window)
        problems.listen(host, EventFeed(reader, home.database))
        with qtbot.waitSignal(host.failed, timeout=PATIENCE_MS):
            host.start()
        yield Failing(problems, banners, host)
        host.close("stop")
        assert host.wait(PATIENCE_S)


def test_a_button_does_its_action_under_any_label(failing_host: Failing, qtbot: QtBot) -> None:
    start, details = failing_host.buttons("engine")
    start.setText("Details")
    details.setText("Start again")
    with qtbot.waitSignal(failing_host.problems.start_requested):
        qtbot.mouseClick(start, Qt.MouseButton.LeftButton)
    assert failing_host.problems.question is None


def test_each_failure_shows_its_own_details(failing_host: Failing, qtbot: QtBot) -> None:
    failing_host.problems.show_bug(Failure(sentence="A panel broke.", details="the panel's traceback"))
    qtbot.mouseClick(failing_host.buttons("engine")[1], Qt.MouseButton.LeftButton)
    assert failing_host.details().startswith("Traceback")
    qtbot.mouseClick(failing_host.buttons("bug")[0], Qt.MouseButton.LeftButton)
    assert failing_host.details() == "the panel's traceback"


def test_a_message_of_several_lines_is_one_line_on_the_banner_and_whole_in_its_details(
    failing_host: Failing, qtbot: QtBot
) -> None:
    shown = failing_host.banners.banner("engine")
    assert shown is not None
    assert shown.sentence.endswith("ValueError: The plan is bad.")
    qtbot.mouseClick(failing_host.buttons("engine")[1], Qt.MouseButton.LeftButton)
    assert "The second line says why." in failing_host.details()


@pytest.mark.parametrize(
    ("running", "words"), [(0, "nichts läuft"), (1, "1 Job läuft"), (2, "2 Jobs laufen")]
)
def test_what_an_engine_in_the_background_does_is_said_in_the_language_of_the_window(
    failing_host: Failing, running: int, words: str
) -> None:
    use_language("de")
    try:
        failing_host.problems.show_takeover("02:14:00", running)
    finally:
        use_language("en")
    banner = failing_host.banners.banner("takeover")
    assert banner is not None
    assert words in banner.accessibleName()
    assert "An engine" not in banner.accessibleName()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "An engine worked in the background since 22:10; this window has taken over."),
        ("de", "Seit 22:10 arbeitete eine Engine im Hintergrund; dieses Fenster hat übernommen."),
    ],
)
def test_once_the_engine_of_the_window_has_stepped_the_takeover_is_over_and_can_be_closed(
    failing_host: Failing, language: str, sentence: str
) -> None:
    report = StepReport(next_wake=None, changed=False, running=0, idle=True)
    use_language(language)
    try:
        failing_host.problems.show_takeover("22:10", 2)
        failing_host.host.stepped.emit(report)
        shown = failing_host.banners.banner("takeover")
        assert shown is not None
        assert shown.sentence == sentence
        for running in (1, 0):  # closed once it is over, then before
            shown.close_button.click()
            failing_host.host.stepped.emit(report)
            assert failing_host.banners.banner("takeover") is None
            failing_host.problems.show_takeover("22:10", running)
            shown = failing_host.banners.banner("takeover")
            assert shown is not None
    finally:
        use_language("en")
