"""The numbers of the header and those over the columns change in the same turn, wherever the pointer is."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.scheduling.buckets import Bucket
from engine.state_store.job_state_store import JobStateStore
from gui.control.actions import Actions
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.data.state_counts import StateCounts
from gui.panels.board.board_panel import BoardPanel
from gui.panels.panel_base import PanelContext
from gui.theme.theme import Theme
from gui.window.header import Header
from state.database_reader import DatabaseReader
from state.records import Job, JobStatus, Workstream
from tests.gui.board_records import NOW, event_of, projected
from tests.gui.conftest import Clock

CHANGES, TURNS, SEED = 120, 6, 4
SHORT_OF_THE_NEXT_STEP_S = 0.3
"""Three changes later a step that has not followed is no longer about to."""
FOLLOWING = {
    JobStatus.QUEUED: (JobStatus.RUNNING, JobStatus.RUNNING, JobStatus.HELD),
    JobStatus.RUNNING: (JobStatus.COMPLETED, JobStatus.COMPLETED, JobStatus.FAILED),
    JobStatus.HELD: (JobStatus.QUEUED,),
    JobStatus.FAILED: (JobStatus.QUEUED,),
}
OF_COLUMN = {
    "Waiting": Bucket.WAITING,
    "Running": Bucket.RUNNING,
    "Needs you": Bucket.NEEDS_YOU,
    "Done": Bucket.DONE,
}


@pytest.fixture
def now() -> Clock:
    return Clock(NOW)


@pytest.fixture
def projection(now: Clock) -> Projection:
    return projected(clock=now)


@pytest.fixture
def sources() -> Iterator[Readers]:
    store = JobStateStore()
    reader = DatabaseReader(store.database)
    yield Readers(reader, store.home)
    reader.close()
    store.close()


def _next(job: Job, chance: random.Random, at: float) -> Job:
    """The job after something happened to it."""
    status = chance.choice(FOLLOWING[job.status])
    begins, ends = status is JobStatus.RUNNING, status in {JobStatus.COMPLETED, JobStatus.FAILED}
    return replace(
        job,
        status=status,
        started_at=at if begins else job.started_at,
        completed_at=at if ends else None,
        hold_cause=None,
        quarantined=False,
    )


def _is_free(job: Job, projection: Projection) -> bool:
    parents = (projection.jobs[job_id] for job_id in job.depends_on if job_id in projection.jobs)
    return job.status in FOLLOWING and all(parent.status is JobStatus.COMPLETED for parent in parents)


def _compare(header: Header, panel: BoardPanel) -> None:
    numbers = {one.bucket: one.number for one in header.counters}
    heads = {head.name: head.count for head in panel.board.headers()}
    assert heads == {name: numbers[bucket] for name, bucket in OF_COLUMN.items()}


def _drawn(panel: BoardPanel) -> dict[str, int]:
    """The cards in each column at the next paint, also those that a button would show."""
    board = panel.board
    board.executeDelayedItemsLayout()
    names = [head.name for head in board.headers()]
    return {names[key[1]]: len(cell.ranked) for key, cell in board._layout.cells.items()}


def test_header_and_columns_show_the_same_numbers_in_every_turn_while_the_pointer_is_over_the_cards(  # noqa: PLR0917 - fixtures
    qtbot: QtBot,
    projection: Projection,
    selection: Selection,
    theme: Theme,
    actions: Actions,
    sources: Readers,
    now: Clock,
) -> None:
    window, chance = QWidget(), random.Random(SEED)  # noqa: S311 - no secret
    qtbot.addWidget(window)
    counts = StateCounts(projection, selection)
    header = Header(projection, selection, theme=theme, actions=actions, counters=counts, parent=window)
    panel = BoardPanel(
        PanelContext(
            projection=projection,
            selection=selection,
            theme=theme,
            actions=actions,
            sources=sources,
            clock=now,
        ),
        window,
    )
    header.setGeometry(0, 0, 900, 48)
    panel.setGeometry(0, 48, 900, 800)
    window.resize(900, 848)
    window.show()
    panel.model.settled.connect(lambda: panel.model._pause.start(200))  # as after a refresh that took long
    seen: set[tuple[bool, bool]] = set()
    for number in range(CHANGES):
        cell = panel.board._layout.cells["", chance.randrange(4)]
        qtbot.mouseMove(panel.board.viewport(), cell.rect.topLeft() + cell.rect.center() / 4)
        now.go_on(SHORT_OF_THE_NEXT_STEP_S)
        free = [job for job in projection.jobs.values() if _is_free(job, projection)]
        after: Job | Workstream = _next(chance.choice(free), chance, now())
        if not number % 20:
            after = Workstream(run_id="0347", ws_id=f"new-{number}", position=100 + number, repo="/src/shop")
        projection.fold([event_of(after, id=projection.cursor + 1)])
        _compare(header, panel)
        seen.add((bool(projection.between_steps), any(one.late for one in panel.board.headers())))
        for _turn in range(TURNS):
            QCoreApplication.processEvents()
            _compare(header, panel)
        heads = {head.name: head.count for head in panel.board.headers()}
        assert _drawn(panel) == heads
    assert {between for between, _late in seen} == {True, False}
    assert {late for _between, late in seen} == {True, False}
    panel.close()


def test_a_card_between_two_steps_counts_as_running(projection: Projection, selection: Selection) -> None:
    counts = StateCounts(projection, selection)
    edit = projection.jobs["cart-totals-edit"]
    before = counts.number(Bucket.RUNNING)
    projection.fold([event_of(replace(edit, status=JobStatus.COMPLETED, completed_at=NOW), id=11)])
    assert counts.number(Bucket.RUNNING) == before
    assert projection.between_steps == {("0347", "cart-totals")}
