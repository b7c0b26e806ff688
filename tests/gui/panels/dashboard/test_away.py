"""What happened while the user was away: read, counted, and shown on the card."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.state_store.job_state_store import JobStateStore
from engine.types import JobResult
from gui.panels.dashboard.away_card import AwayCard
from gui.panels.dashboard.away_summary import AwaySummary, away_summary
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from state.costs import Cost, CostSource
from state.database_reader import DatabaseReader
from state.records import GroupStatus, Job, JobStatus, ReviewState, Workstream
from state.span_queries import SpanRecords, span_records
from tests.gui.board_records import NOW
from tests.gui.conftest import Clock
from tests.helpers.patience import PATIENCE_MS

EVENING, MORNING = NOW, NOW + 8 * 3600.0
NIGHT = NOW + 3600.0


def stream(name: str, at: float = NIGHT, **more: object) -> Workstream:
    fields: dict[str, object] = {
        "run_id": "r",
        "ws_id": name,
        "status": GroupStatus.COMPLETED,
        "completed_at": at,
    }
    return Workstream(**(fields | more))  # type: ignore[arg-type]  # a test names fields freely


def waiting(name: str, at: float) -> Workstream:
    review = {"status": GroupStatus.REVIEW, "review": ReviewState.WAITING, "waits_since": at}
    return stream(name, **review, completed_at=EVENING - 99)  # type: ignore[arg-type]  # as above


def failed(name: str, summary: str = "No module named x.") -> Job:
    return Job(
        job_id=f"{name}-edit",
        run_id="r",
        ws_id=name,
        status=JobStatus.FAILED,
        completed_at=NIGHT,
        summary=summary,
    )


def summary(**records: object) -> AwaySummary:
    return away_summary(SpanRecords(**records), EVENING, MORNING)  # type: ignore[arg-type]  # as above


def words(found: AwaySummary) -> list[str]:
    return [f"{figure.number} {figure.words}" for figure in found.figures]


def test_it_counts_what_was_merged_done_failed_and_waits_for_review() -> None:
    merged = [
        stream(f"m{number}", status=GroupStatus.MERGED, review=ReviewState.MERGED) for number in range(5)
    ]
    found = summary(
        workstreams=[*merged, stream("plain"), waiting("w", NIGHT)],
        failed=[failed("a"), failed("b")],
        cost=Cost(6.42, CostSource.REPORTED),
        worked_s=3 * 3600 + 12 * 60,
    )
    assert words(found) == ["5 merged", "1 done", "2 failed the same way", "1 waits for review"]
    assert (found.spent, found.worked) == ("$6.42", "3 h 12 m of work")
    assert found.sentence.endswith(
        "5 merged, 1 done, 2 failed the same way, 1 waits for review, $6.42, 3 h 12 m of work."
    )


def test_what_is_zero_is_left_out_and_without_anything_it_is_empty() -> None:
    assert words(summary(workstreams=[stream("plain")])) == ["1 done"]
    assert summary().is_empty
    discarded = stream("d", status=GroupStatus.DISCARDED, review=ReviewState.DISCARDED)
    assert summary(
        workstreams=[discarded], worked_s=60.0
    ).is_empty  # a person discarded it: they were not away


def test_failures_of_several_causes_are_only_counted() -> None:
    assert words(summary(failed=[failed("a"), failed("b", "Out of memory.")])) == ["2 failed"]
    assert words(summary(failed=[failed("a")])) == ["1 failed"]


def test_what_happened_before_and_after_the_span_does_not_count() -> None:
    before, after = stream("before", EVENING - 1), stream("after", MORNING)
    assert summary(workstreams=[before, after, waiting("w", EVENING - 1)]).is_empty


def test_a_cost_that_is_known_in_part_is_at_least_that() -> None:
    assert summary(cost=Cost(1.5, CostSource.UNKNOWN)).spent == "at least $1.50"


def test_a_span_of_more_than_a_day_has_its_dates() -> None:
    assert summary().span.count(":") == 2
    long = away_summary(SpanRecords(), EVENING, EVENING + 3 * 86400)
    assert long.span.count("-") == 4


@pytest.fixture
def clock() -> Clock:
    return Clock(EVENING - 600)


@pytest.fixture
def store(clock: Clock) -> Iterator[JobStateStore]:
    made = JobStateStore(clock=clock)
    yield made
    made.close()


@pytest.fixture
def reader(store: JobStateStore) -> Iterator[DatabaseReader]:
    made = DatabaseReader(store.database)
    yield made
    made.close()


def run_job(store: JobStateStore, clock: Clock, job_id: str, *, until: float, succeeds: bool) -> None:
    """A job that runs from now until then."""
    store.mark_job_running(job_id)
    clock.go_on(until - clock())
    usage: dict[str, object] = {"usage": {"cost_usd": 0.5, "cost_source": "told"}}
    store.update_job_result(
        {"job_id": job_id},
        JobResult(success=succeeds, exit_code=0 if succeeds else 1, metadata=usage, duration_s=1.0),
    )


def test_work_is_never_less_than_none_where_the_clock_was_set_back(
    store: JobStateStore, clock: Clock, reader: DatabaseReader
) -> None:
    run_job(store, clock, "back", until=EVENING - 7_000, succeeds=True)
    run_job(store, clock, "then", until=EVENING - 6_900, succeeds=True)
    assert reader.read(span_records, EVENING - 9_000, EVENING + 60).worked_s == pytest.approx(100.0)


def test_cost_and_work_of_the_span_are_read_from_the_attempts(
    store: JobStateStore, clock: Clock, reader: DatabaseReader
) -> None:
    run_job(store, clock, "before", until=EVENING - 60, succeeds=True)
    run_job(store, clock, "across", until=EVENING + 60, succeeds=True)  # begins a minute before the span
    run_job(store, clock, "inside", until=EVENING + 160, succeeds=False)
    store.mark_job_running("later")
    found = reader.read(span_records, EVENING, EVENING + 200)
    assert [job.job_id for job in found.failed] == ["inside"]
    assert found.cost.usd == pytest.approx(1.0)
    assert found.worked_s == pytest.approx(60 + 100 + 40)  # what still runs counts to the end of the span


def end_workstream(store: JobStateStore, clock: Clock, name: str) -> None:
    """A workstream whose only job ends well now; a second later."""
    job = {"job_id": name, "run_id": "r", "workstream_id": name, "tool": "claude"}
    store.update_job_result(job, JobResult(success=True, exit_code=0))
    clock.go_on(1)


@pytest.fixture
def card(
    qtbot: QtBot, reader: DatabaseReader, theme: Theme, clock: Clock
) -> Iterator[Callable[[], AwayCard]]:
    made: list[AwayCard] = []

    def make() -> AwayCard:
        shown = AwayCard(reader, theme, Typesetter(theme), has_night=True, clock=clock)
        qtbot.addWidget(shown)
        shown.resize(500, shown.height())
        made.append(shown)
        return shown

    yield make
    for shown in made:
        shown.dismiss()
        shown._query._background.stop()


def test_the_card_appears_if_something_ended_and_follows_until_the_user_is_back(
    card: Callable[[], AwayCard], store: JobStateStore, clock: Clock, qtbot: QtBot
) -> None:
    shown = card()
    clock.go_on(600 + 1800)
    shown.begin(EVENING)
    qtbot.waitUntil(lambda: not shown.busy, timeout=PATIENCE_MS)
    assert shown.isHidden(), "nothing ended yet"
    end_workstream(store, clock, "a")
    shown.note_change()
    shown._refresh.setInterval(0)
    qtbot.waitUntil(lambda: not shown.isHidden(), timeout=PATIENCE_MS)
    assert shown.summary is not None
    assert words(shown.summary) == ["1 done"]
    shown.end(clock() + 1)
    clock.go_on(2)
    end_workstream(store, clock, "b")
    shown.note_change()
    assert not shown._refresh.isActive()
    qtbot.waitUntil(lambda: not shown.busy, timeout=PATIENCE_MS)
    assert words(shown.summary) == ["1 done"], "what happens after the return is no news"


def test_a_closed_card_stays_closed(
    card: Callable[[], AwayCard], store: JobStateStore, clock: Clock, qtbot: QtBot
) -> None:
    clock.go_on(900)
    end_workstream(store, clock, "a")
    shown = card()
    shown.begin(EVENING)
    qtbot.waitUntil(lambda: not shown.isHidden(), timeout=PATIENCE_MS)
    with qtbot.waitSignal(shown.shown_or_hidden):
        qtbot.mouseClick(shown.close_button, Qt.MouseButton.LeftButton)
    assert shown.isHidden()
    shown.end(clock())
    shown.note_change()
    assert not shown.busy
    assert not shown._refresh.isActive()


@pytest.mark.parametrize("width", [260, 400, 500, 900])
def test_the_card_is_painted_at_every_width_in_both_themes(
    card: Callable[[], AwayCard], theme: Theme, width: int, tmp_path: Path
) -> None:
    shown = card()
    shown._on_read(
        summary(workstreams=[stream("a"), waiting("w", NIGHT)], failed=[failed("a")], worked_s=99.0)
    )
    shown.resize(width, shown.height())
    for name in ("dark", "light", "dark"):
        theme.set_preference(name)
        assert shown.grab().save(str(tmp_path / f"{name}.png"))
    assert shown.accessibleName() == shown.toolTip() != ""


def test_recurring_runs_that_were_missed_and_not_made_up_for_are_counted(
    store: JobStateStore, clock: Clock, reader: DatabaseReader
) -> None:
    clock.go_on(EVENING - clock())
    for name, more in (("a", {}), ("a", {}), ("late", {"queued": "late-1"})):
        store.record_event("recurring.missed", {"text": "missed", "name": name, **more})
    store.record_event("recurring.failed", {"text": "failed", "name": "b"})
    found = away_summary(reader.read(span_records, EVENING, EVENING + 60), EVENING, EVENING + 60)
    assert found.missed_runs == 2
    assert not found.is_empty
    assert "2 recurring runs missed" in found.sentence
    assert reader.read(span_records, EVENING + 1, EVENING + 60).missed_runs == 0
