"""What a step reports as amiss becomes a banner, and goes with it."""

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from gui.control.engine_host import EngineHost
from gui.control.problem_banners import ProblemBanners
from gui.data.event_feed import EventFeed
from gui.theme.theme import Theme
from gui.widgets.banner import BannerStack
from state.database_reader import DatabaseReader
from state.records import JobStatus, Origin
from tests.engine.test_database_faults import lock_held
from tests.helpers.command_line import python
from tests.helpers.patience import PATIENCE_MS, PATIENCE_S


@pytest.fixture
def banners(theme: Theme, qtbot: QtBot) -> BannerStack:
    made = BannerStack(theme)
    qtbot.addWidget(made)
    return made


def test_x12_a_program_that_locks_the_database_is_a_banner_until_it_is_done(
    banners: BannerStack, theme: Theme, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("state.database.WRITER_BUSY_MS", 200)
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
