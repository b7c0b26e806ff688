"""Header, tray, board, Dashboard and `status` show the same numbers whatever has happened: one vocabulary of counts."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from engine.cli.home_session import HomeSession
from engine.cli.status_commands import counted
from engine.scheduling.buckets import Bucket, BucketCounts, count
from gui.application.sound_player import SystemSoundPlayer
from gui.control.preferences import Layout
from gui.control.sounds import Sounds
from gui.data.card_building import card_of
from gui.data.state_counts import StateCounts
from gui.panels.board.board_panel import BoardPanel
from gui.panels.dashboard.dashboard_panel import DashboardPanel
from gui.window.header import Header
from gui.window.notifications import Notifications
from gui.window.status_bar import StatusBar
from gui.window.tray import Tray
from state import snapshot_query
from state.database_errors import SignalboxError
from state.ledger import AttemptOutcome, Following, NewJob
from state.records import (
    Attempt,
    AttemptStatus,
    HoldCause,
    Job,
    JobHold,
    JobStatus,
    ReviewState,
    Run,
    Workstream,
)
from state.worktree_records import MergeState, SeenWorkstream, TreeState, Worktree
from tests.gui.window_parts import WindowParts, make_window_parts

COMMANDS, BATCH, SEED = 500, 25, 10
RUNS, STREAMS, STEPS = 3, 6, 3
A, J, M = AttemptStatus, JobStatus, MergeState
ENDINGS = (
    (A.COMPLETED, Following(status=J.COMPLETED)),
    (A.COMPLETED, Following(status=J.COMPLETED)),
    (A.FAILED, Following(status=J.FAILED)),
    (A.TIMEOUT, Following(status=J.TIMEOUT)),
    (A.FAILED, Following(status=J.FAILED, quarantined=True)),
    (A.FAILED, Following(status=J.QUEUED)),
    (A.FAILED, Following(status=J.HELD, held=JobHold(HoldCause.INTERRUPTED, "It was interrupted."))),
    (A.COMPLETED, Following(status=J.HELD, held=JobHold(HoldCause.UNVERIFIED, "git cannot say."))),
)
CAUSES = (HoldCause.PERSON, HoldCause.PERSON, HoldCause.TRUST, HoldCause.UNREADABLE, HoldCause.BUDGET)


@dataclass
class Night:
    """Some runs, and random commands on them; what does not fit is refused by the ledger and changes nothing."""

    parts: WindowParts
    chance: random.Random
    running: dict[str, Attempt] = field(default_factory=dict)

    def fill(self) -> None:
        """Add runs of several workstreams, of which every second one is reviewed."""
        ledger = self.parts.ledger
        for run in range(RUNS):
            streams = [
                Workstream(
                    run_id=f"r{run}", ws_id=f"w{number}", position=number,
                    review=ReviewState.WORKING if number % 2 else ReviewState.NONE,
                )
                for number in range(STREAMS)
            ]  # fmt: skip
            ledger.jobs.create_run(Run(run_id=f"r{run}", title=f"Night {run}"), streams)
            for stream in streams:
                ledger.worktrees.enter(_tree_of(stream))
                ledger.jobs.accept([NewJob(job=job, spec={}) for job in _jobs_of(stream)])
        self.parts.follow()

    def act(self) -> None:
        """Carry out one command."""
        job = self.chance.choice(list(self.parts.projection.jobs.values()))
        stream = self.chance.choice(list(self.parts.projection.workstreams.values()))
        commands: tuple[Callable[[], object], ...] = (
            lambda: self._start(job), lambda: self._start(job), lambda: self._start(job),
            self._end, self._end, self._end,
            lambda: self._on_job(job), lambda: self._on_review(stream), lambda: self._on_review(stream),
            self._merge,
        )  # fmt: skip
        with suppress(SignalboxError):
            self.chance.choice(commands)()
        self.parts.clock.now += 1.0
        self.parts.follow()

    def _start(self, job: Job) -> None:
        _, attempt = self.parts.ledger.attempts.claim_one(
            job.job_id, self.parts.engine, runner="local", now=self.parts.clock.now
        )
        self.running[job.job_id] = attempt

    def _end(self) -> None:
        if not self.running:
            return
        attempt = self.running.pop(self.chance.choice(list(self.running)))
        status, following = self.chance.choice(ENDINGS)
        outcome = AttemptOutcome(status=status, result={"exit_code": 0}, duration_s=1.0)
        self.parts.ledger.attempts.end(attempt, outcome, following, now=self.parts.clock.now)

    def _on_job(self, job: Job) -> None:
        commands = self.parts.ledger.commands
        cause = self.chance.choice(CAUSES)
        self.chance.choice(
            (
                lambda: commands.hold(job.job_id, JobHold(cause, "It is held.")),
                lambda: commands.release(job.job_id),
                lambda: commands.retry(job.job_id),
                lambda: commands.skip(job.job_id, "It is not needed."),
                lambda: commands.request_cancel(job.job_id, ""),
            )
        )()

    def _on_review(self, stream: Workstream) -> None:
        reviews, seen = self.parts.ledger.reviews, SeenWorkstream(*stream.key)
        decide = (reviews.approve, reviews.approve, reviews.withdraw, reviews.discard, reviews.restore)
        self.chance.choice(decide)(seen)

    def _merge(self) -> None:
        steps, engine_id = self.parts.ledger.merge_steps, self.parts.engine.engine_id
        checked = [one for one in self.parts.projection.merges.values() if one.state is M.CHECKING]
        if checked and self.chance.random() < 0.5:
            end = self.chance.choice((M.MERGED, M.CONFLICT, M.RED, M.WAITING))
            steps.end(self.chance.choice(checked), engine_id, end, reason="It ended.")
            return
        steps.claim(engine_id, lambda _connection, merges: merges[:1])


def _tree_of(stream: Workstream) -> Worktree:
    return Worktree(
        run_id=stream.run_id, ws_id=stream.ws_id, repo="/srv/shop", path=f"/srv/{stream.run_id}/{stream.ws_id}",
        branch=f"b/{stream.run_id}/{stream.ws_id}", target="main", head="a" * 40, state=TreeState.READY,
    )  # fmt: skip


def _jobs_of(stream: Workstream) -> Iterator[Job]:
    for step in range(STEPS):
        yield Job(
            job_id=f"{stream.run_id}-{stream.ws_id}-{step}", run_id=stream.run_id, ws_id=stream.ws_id,
            position=step, step_name=f"step {step}", max_attempts=3,
        )  # fmt: skip


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


@dataclass
class Surfaces:
    """Everything in a window that shows a number of workstreams."""

    counts: StateCounts
    header: Header
    status_bar: StatusBar
    tray: Tray
    narrow: BoardPanel
    wide: BoardPanel
    dashboard: DashboardPanel

    def shown(self, board: BoardPanel) -> dict[str, int]:
        """The numbers in the heads of the columns."""
        board.model.set_live(True)
        board.model._refresh()
        board._on_settled()
        board.board.executeDelayedItemsLayout()
        board.board.show_headers()
        return {header.name: header.count for header in board.board.headers()}


@pytest.fixture
def surfaces(parts: WindowParts, qtbot: QtBot) -> Iterator[Surfaces]:
    projection, selection, theme, actions = parts.projection, parts.selection, parts.theme, parts.actions
    counts = StateCounts(projection, selection)
    tray = Tray(theme, actions)
    layout = Layout()
    sounds = Sounds(SystemSoundPlayer(()), layout)
    notifications = Notifications(
        tray, counts, sounds=sounds, layout=layout, window=parts.window, clock=parts.clock
    )
    context = parts.panel_context()
    narrow = BoardPanel(context)
    wide = BoardPanel(context)
    dashboard = DashboardPanel(context)
    for panel, width in ((narrow, 900), (wide, 1400), (dashboard, 620)):
        qtbot.addWidget(panel)
        panel.resize(width, 500)
        panel.show()
    header = Header(projection, selection, theme=theme, actions=actions, counters=counts, parent=parts.window)
    bar = StatusBar(projection, counts, theme, parent=parts.window)
    yield Surfaces(counts, header, bar, tray, narrow, wide, dashboard)
    notifications.close()
    for panel in (narrow, wide, dashboard):
        panel.stop_reading()


def _numbers(counts: BucketCounts) -> dict[Bucket, int]:
    return {bucket: counts.number(bucket) for bucket in Bucket}


def test_every_counter_shows_the_same_numbers_after_five_hundred_random_commands(
    parts: WindowParts, surfaces: Surfaces
) -> None:
    night = Night(parts, random.Random(SEED))  # noqa: S311 - no secret
    night.fill()
    session = HomeSession(parts.home)
    seen: set[tuple[Bucket, bool]] = set()
    for number in range(1, COMMANDS + 1):
        night.act()
        folded = _numbers(surfaces.counts.counts)
        assert folded == _numbers(_from_records(parts)), f"after command {number}"
        assert folded == _from_cards(parts), f"after command {number}"
        seen |= {(bucket, bool(value)) for bucket, value in folded.items()}
        if number % BATCH == 0:
            _compare(surfaces, counted(session), parts)
    whole = _numbers(surfaces.counts.counts)
    parts.projection.load(parts.sources.reader.read(snapshot_query.snapshot, most_ended=0))
    assert parts.projection.older, "what has ended is only counted"
    assert _numbers(surfaces.counts.counts) == whole
    _compare(surfaces, counted(session), parts)
    session.close()
    assert seen >= {(bucket, True) for bucket in Bucket}


def _from_records(parts: WindowParts) -> BucketCounts:
    projection = parts.projection
    jobs = {key: projection.jobs_of(key) for key in projection.workstreams}
    return count(projection.workstreams.values(), jobs, projection.merges, now=parts.clock.now)


def _from_cards(parts: WindowParts) -> dict[Bucket, int]:
    projection, found = parts.projection, dict.fromkeys(Bucket, 0)
    wait_of = projection.explainer(parts.clock.now).wait
    for stream in projection.workstreams.values():
        card = card_of(
            stream, projection.jobs_of(stream.key), run=None, files=(), wait_of=wait_of,
            merge=projection.merges.get(stream.key),
        )  # fmt: skip
        bucket = Bucket.NEEDS_YOU if card.needs_you else Bucket(card.column.value)
        found[bucket] += 1
        found[Bucket.FAILED] += card.needs_you and card.state in {"failed", "timeout"}
    return found


def _compare(surfaces: Surfaces, read: BucketCounts, parts: WindowParts) -> None:
    QCoreApplication.processEvents()
    expected = _numbers(read)
    assert surfaces.counts.counts.jobs.get(Bucket.RUNNING, 0) == read.jobs.get(Bucket.RUNNING, 0)
    assert {one.bucket: one.number for one in surfaces.header.counters} == expected
    assert surfaces.tray.icon.toolTip() == f"Signalbox: {read.summary() or 'idle'}"
    narrow, wide = surfaces.shown(surfaces.narrow), surfaces.shown(surfaces.wide)
    needs = expected[Bucket.NEEDS_YOU]
    assert narrow == {
        "Waiting": expected[Bucket.WAITING], "Running": expected[Bucket.RUNNING],
        "Needs you": needs, "Done": expected[Bucket.DONE],
    }  # fmt: skip
    assert wide.pop("To decide") + wide.pop("To review") == narrow.pop("Needs you")
    assert wide == narrow
    dashboard = surfaces.dashboard
    dashboard._cards._refresh()
    dashboard._rest.stop()
    dashboard._due = True
    dashboard._refresh()
    listed = dashboard.needs.count.text()
    assert listed.removeprefix(f"{dashboard.needs.model.workstreams} of ") == (str(needs) if needs else "")
    slots = f"{len(running_jobs(parts))} of 3 slots"
    assert surfaces.header.engine_status.text.endswith(slots)
    assert surfaces.status_bar.slots_dial.text == f"Slots {len(running_jobs(parts))}/3"
    facts = {header.name: header.fact for header in surfaces.narrow.board.headers()}
    assert facts["Running"] == slots


def running_jobs(parts: WindowParts) -> list[Job]:
    return [job for job in parts.projection.jobs.values() if job.status is JobStatus.RUNNING]
