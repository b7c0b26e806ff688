"""What may start when, played forward by the rules of the queue."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.interfaces import QueueView
from engine.scheduling.forecast import forecast
from engine.scheduling.forecast_types import (
    AccountEstimate,
    AccountUse,
    Basis,
    Forecast,
    ForecastFacts,
    JobEstimate,
    NoEstimate,
    RunEstimate,
)
from engine.scheduling.forecast_words import about, account_words, error_words, job_words, run_words
from engine.scheduling.quota_pace import account_uses
from engine.scheduling.schedule import choose, handed_among
from state.forecast_records import ForecastError, PastDurations, UsageReport
from state.handed_priority import effective
from state.lifecycle import SATISFIED
from state.records import Hold, HoldCause, HoldKind, Job, JobStatus, Limit, LimitKind

NOW = 1_000_000.0
REPO = "/home/me/shop"
ONE = (Limit(kind=LimitKind.GLOBAL, key="", value=1),)


def job(job_id: str, **values: Any) -> Job:
    number = int("".join(filter(str.isdigit, job_id)) or 0)
    return Job(job_id=job_id, **{"run_id": "r", "ws_id": "w", "seq": number, "step_name": "edit", **values})


def took(*seconds: float, **values: Any) -> PastDurations:
    return PastDurations(**{"repo": REPO, "step_name": "edit", "tool": "shell", "seconds": seconds, **values})


def facts(*jobs: Job, **values: Any) -> ForecastFacts:
    repos = {(one.run_id, one.ws_id): REPO for one in jobs}
    given = {"repos": repos, "durations": (took(600.0),), **values}
    return ForecastFacts(jobs={one.job_id: one for one in jobs}, **given)


def starts(found: Forecast) -> dict[str, float | None]:
    """When each job may start, in seconds from now."""
    return {one.job_id: None if one.starts_at is None else one.starts_at - NOW for one in found.jobs.values()}


def test_jobs_follow_each_other_where_there_is_one_slot() -> None:
    found = forecast(facts(job("j1"), job("j2"), job("j3", priority=10), limits=ONE), NOW)
    assert starts(found) == {"j3": 0.0, "j1": 600.0, "j2": 1200.0}
    assert found.runs["r"].ends_at == NOW + 1800.0


def test_the_length_is_the_median_of_the_same_step_and_tool_in_the_repository() -> None:
    history = (
        took(100.0, 900.0, 200.0),
        took(5.0, repo="/other"),
        took(7.0, step_name="test"),
        took(9.0, tool="git"),
    )
    estimate = forecast(facts(job("j1"), durations=history), NOW).jobs["j1"]
    assert (estimate.length_s, estimate.basis, estimate.is_rough) == (200.0, Basis.MEASURED, False)


def test_a_length_of_something_similar_is_marked_as_less_sure() -> None:
    estimate = forecast(facts(job("j1"), durations=(took(50.0, repo="/other"),)), NOW).jobs["j1"]
    assert (estimate.length_s, estimate.basis, estimate.is_rough) == (50.0, Basis.SIMILAR, True)


def test_without_history_a_job_has_no_end_and_what_waits_for_its_slot_has_none_at_all() -> None:
    found = forecast(facts(job("j1"), job("j2"), limits=ONE, durations=()), NOW)
    assert found.jobs["j1"].starts_at == NOW
    assert (found.jobs["j1"].ends_at, found.jobs["j1"].none) == (None, NoEstimate.NO_HISTORY)
    assert (found.jobs["j2"].starts_at, found.jobs["j2"].none) == (None, NoEstimate.BEHIND)
    assert (found.runs["r"].ends_at, found.runs["r"].missing) == (None, 2)


def test_a_running_job_ends_as_those_did_that_took_longer_than_it_has_run() -> None:
    running = job("j1", status=JobStatus.RUNNING)
    given = facts(running, durations=(took(60.0, 400.0, 500.0, 900.0),), running_since={"j1": NOW - 300.0})
    estimate = forecast(given, NOW).jobs["j1"]
    assert (estimate.ends_at, estimate.is_rough, estimate.starts_at) == (NOW + 200.0, False, None)


def test_a_job_that_runs_longer_than_any_before_it_is_overdue() -> None:
    running = job("j1", status=JobStatus.RUNNING)
    estimate = forecast(facts(running, running_since={"j1": NOW - 1000.0}), NOW).jobs["j1"]
    assert (estimate.ends_at, estimate.basis, estimate.is_rough) == (NOW + 500.0, Basis.OVERDUE, True)


def test_what_starts_after_a_rough_end_is_rough_too() -> None:
    running = job("j1", status=JobStatus.RUNNING)
    found = forecast(facts(running, job("j2"), limits=ONE, running_since={"j1": NOW - 1000.0}), NOW)
    assert (found.jobs["j2"].basis, found.jobs["j2"].is_rough) == (Basis.MEASURED, True)


def test_a_held_job_and_those_behind_it_have_no_estimate() -> None:
    held = job("j1", status=JobStatus.HELD, hold_cause=HoldCause.PERSON)
    found = forecast(facts(held, job("j2", depends_on=("j1",)), job("j3")), NOW)
    assert found.jobs["j1"].none is NoEstimate.HELD
    assert (found.jobs["j2"].none, found.jobs["j2"].behind) == (NoEstimate.BEHIND, "j1")
    assert starts(found)["j3"] == 0.0
    assert (found.runs["r"].ends_at, found.runs["r"].rest_ends_at) == (None, NOW + 600.0)


def test_what_comes_after_a_failed_job_is_blocked_by_it() -> None:
    found = forecast(facts(job("j1", status=JobStatus.FAILED), job("j2", depends_on=("j1",))), NOW)
    assert (found.jobs["j2"].none, found.jobs["j2"].behind) == (NoEstimate.BLOCKED, "j1")
    assert "j1" not in found.jobs


def test_a_pause_without_an_end_leaves_nothing_to_estimate() -> None:
    pause = Hold(kind=HoldKind.ENGINE, key="", reason="", since=NOW)
    assert forecast(facts(job("j1"), holds=(pause,)), NOW).jobs["j1"].none is NoEstimate.HELD


def test_without_an_engine_nothing_starts() -> None:
    found = forecast(facts(job("j1"), engine_running=False), NOW)
    assert found.jobs["j1"].none is NoEstimate.NO_ENGINE


def test_a_job_starts_at_its_time_and_when_a_hold_ends() -> None:
    hold = Hold(kind=HoldKind.TOOL, key="claude", reason="", since=NOW, until=NOW + 900.0)
    found = forecast(facts(job("j1", not_before=NOW + 50.0), job("j2", tool="claude"), holds=(hold,)), NOW)
    assert starts(found) == {"j1": 50.0, "j2": 900.0}


QUOTA = Hold(kind=HoldKind.TOOL, key="codex", reason="", since=NOW, until=NOW + 3600.0, cause=HoldCause.QUOTA)


def test_a_used_up_quota_says_which_jobs_wait_for_its_return() -> None:
    jobs = (job("j1", tool="codex"), job("j2"), job("j3", tool="codex"))
    (account,) = forecast(facts(*jobs, holds=(QUOTA,)), NOW).accounts
    assert (account.account, account.resets_at, account.used_up_at) == ("codex", NOW + 3600.0, None)
    assert account.waiting == ("j1", "j3")


def test_a_quota_is_expected_to_be_used_up_at_the_pace_of_its_account() -> None:
    jobs = [job(f"j{number}", tool="codex") for number in range(4)]
    use = AccountUse(
        account="codex",
        tool="codex",
        window="5 hours",
        resets_at=NOW + 5000.0,
        used=0.5,
        per_second=0.5 / 900,
    )
    history = (took(600.0, tool="codex"),)
    found = forecast(facts(*jobs, limits=ONE, uses=(use,), durations=history), NOW)
    (account,) = found.accounts
    assert account.used_up_at == pytest.approx(NOW + 900.0)
    assert account.waiting == ("j2", "j3")
    assert starts(found) == {"j0": 0.0, "j1": 600.0, "j2": 5000.0, "j3": 5600.0}


def test_jobs_go_on_with_the_next_account_of_their_tool() -> None:
    hold = replace(QUOTA, kind=HoldKind.ACCOUNT, key="work")
    given = facts(job("j1", tool="codex"), holds=(hold,), accounts={"codex": ("work", "home")})
    found = forecast(given, NOW)
    assert (found.jobs["j1"].account, found.jobs["j1"].starts_at) == ("home", NOW)
    assert found.accounts[0].waiting == ()


def test_a_forecast_that_takes_too_much_work_says_how_far_it_reaches() -> None:
    jobs = [job(f"j{number}") for number in range(50)]
    found = forecast(facts(*jobs, limits=ONE), NOW, most_work=20)
    assert found.reaches_to is not None
    assert found.jobs["j49"].none is NoEstimate.TOO_FAR
    assert found.jobs["j1"].starts_at == NOW + 600.0


# --- properties ------------------------------------------------------------------------------------------------

TOOLS = ("shell", "codex", "claude")
SCOPES = ((), ("src/**",), ("src/a.py",), ("docs/*.md",), ("src/a.py", "docs/**"))


@st.composite
def queues(draw: st.DrawFn) -> ForecastFacts:
    """A queue of up to twelve jobs with everything that the rules look at."""
    number = draw(st.integers(1, 12))
    jobs = [draw(jobs_at(at)) for at in range(number)]
    holds = draw(st.lists(st.sampled_from(_HOLDS), max_size=2, unique_by=lambda hold: (hold.kind, hold.key)))
    limits = [
        Limit(kind=kind, key=key, value=draw(st.integers(1, 3)))
        for kind, key in draw(st.sets(st.sampled_from(_LIMITED)))
    ]
    seconds = st.sampled_from((0.0, 10.0, 60.0, 61.5, 600.0))
    history = [
        took(*draw(st.lists(seconds, min_size=1, max_size=3)), tool=tool)
        for tool in draw(st.sets(st.sampled_from(TOOLS), min_size=1))
    ]
    return facts(
        *jobs, holds=tuple(holds), limits=tuple(limits), durations=tuple(history),
        accounts=draw(st.sampled_from(({}, {"codex": ("a", "b")}))),
        running_since={one.job_id: NOW - draw(seconds) for one in jobs if one.status is JobStatus.RUNNING},
    )  # fmt: skip


_LIMITED = (
    (LimitKind.GLOBAL, ""), (LimitKind.TOOL, "codex"), (LimitKind.GROUP, "night"), (LimitKind.ACCOUNT, "a")
)  # fmt: skip
_HOLDS = (
    QUOTA, replace(QUOTA, key="claude", until=None), replace(QUOTA, kind=HoldKind.ACCOUNT, key="a"),
    replace(QUOTA, kind=HoldKind.GROUP, key="night", until=NOW + 70.0),
)  # fmt: skip


@st.composite
def jobs_at(draw: st.DrawFn, at: int) -> Job:
    status = draw(
        st.sampled_from((*[JobStatus.QUEUED] * 6, JobStatus.RUNNING, JobStatus.HELD, JobStatus.COMPLETED))
    )
    parents = draw(st.sets(st.sampled_from([f"j{one}" for one in range(at)]), max_size=2)) if at else ()
    scope = draw(st.sampled_from(SCOPES))
    return job(
        f"j{at}", status=status, tool=draw(st.sampled_from(TOOLS)), priority=draw(st.sampled_from((0, 0, 10))),
        depends_on=tuple(sorted(parents)), group_name=draw(st.sampled_from(("default", "night"))),
        tree=draw(st.sampled_from((None, None, "/t1", "/t2"))), files_scope=scope, scope_root="/t1" if scope else None,
        not_before=draw(st.sampled_from((None, None, NOW + 30.0))), run_id=draw(st.sampled_from(("r", "s"))),
    )  # fmt: skip


def moments(found: Forecast) -> list[float]:
    """Every moment at which something starts."""
    return sorted({one.starts_at for one in found.jobs.values() if one.starts_at is not None})


def running_at(given: ForecastFacts, found: Forecast, at: float) -> list[Job]:
    """The jobs that are expected to run just before what starts at `at` starts."""
    return [
        replace(given.jobs[one.job_id], account=one.account)
        for one in found.jobs.values()
        if (one.is_running or (one.starts_at is not None and one.starts_at < at))
        and (one.ends_at is None or one.ends_at > at)
    ]


def satisfied_at(given: ForecastFacts, found: Forecast, job_id: str, at: float) -> bool:
    estimate = found.jobs.get(job_id)
    if estimate is None:
        return job_id in given.jobs and given.jobs[job_id].status in SATISFIED
    return estimate.ends_at is not None and estimate.ends_at <= at


@settings(max_examples=150)
@given(queues())
def test_every_choice_is_that_of_the_queue_itself(given_facts: ForecastFacts) -> None:
    """No more than the limits run, no conflicting files overlap, no job starts before its parents have ended."""
    found = forecast(given_facts, NOW)
    handed = handed_among(given_facts.jobs.values())
    for at in moments(found):
        started = [one.job_id for one in found.jobs.values() if one.starts_at == at]
        if any(found.jobs[job_id].ends_at == at for job_id in started):
            continue  # what takes no time at all frees its slot at the same moment
        waiting = [
            replace(one, priority=effective(one.priority, handed.get(one.job_id)))
            for one in given_facts.jobs.values()
            if one.status is JobStatus.QUEUED
            and ((begins := found.jobs[one.job_id].starts_at) is None or begins >= at)
            and all(satisfied_at(given_facts, found, parent, at) for parent in one.depends_on)
        ]
        view = QueueView(
            running=running_at(given_facts, found, at), candidates=waiting, holds=given_facts.holds,
            limits=given_facts.limits, accounts=given_facts.accounts,
        )  # fmt: skip
        assert sorted(choose(view, at)) == sorted(started)


@settings(max_examples=100)
@given(queues())
def test_no_estimate_is_before_now_nor_before_the_end_of_a_parent(given_facts: ForecastFacts) -> None:
    found = forecast(given_facts, NOW)
    for one in found.jobs.values():
        assert one.starts_at is None or one.starts_at >= max(
            NOW, given_facts.jobs[one.job_id].not_before or 0.0
        )
        assert one.ends_at is None or one.ends_at >= (one.starts_at or NOW)
        assert (one.ends_at is None) == (one.none is not None)
        if one.starts_at is not None:
            for parent in given_facts.jobs[one.job_id].depends_on:
                assert satisfied_at(given_facts, found, parent, one.starts_at)


@settings(max_examples=100)
@given(queues())
def test_held_jobs_and_all_behind_them_have_no_estimate(given_facts: ForecastFacts) -> None:
    found = forecast(given_facts, NOW)
    without: set[str] = set()
    for one in given_facts.jobs.values():  # parents stand before their children
        is_behind = one.status is JobStatus.QUEUED and without & set(one.depends_on)
        if one.status is JobStatus.HELD or is_behind:
            without.add(one.job_id)
            assert (found.jobs[one.job_id].starts_at, found.jobs[one.job_id].ends_at) == (None, None)


@settings(max_examples=60)
@given(queues(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(given_facts: ForecastFacts, random: Any) -> None:
    jobs, holds = list(given_facts.jobs.values()), list(given_facts.holds)
    random.shuffle(jobs)
    random.shuffle(holds)
    shuffled = replace(
        given_facts,
        jobs={one.job_id: one for one in jobs},
        holds=tuple(holds),
        limits=given_facts.limits[::-1],
        durations=given_facts.durations[::-1],
    )
    assert forecast(shuffled, NOW) == forecast(given_facts, NOW)


@settings(max_examples=60)
@given(queues(), st.integers(1, 30))
def test_a_forecast_that_reaches_less_far_says_the_same_up_to_there(
    given_facts: ForecastFacts, work: int
) -> None:
    whole, part = forecast(given_facts, NOW), forecast(given_facts, NOW, most_work=work)
    for job_id, one in part.jobs.items():
        if one.starts_at is not None:
            assert one == whole.jobs[job_id]


@settings(max_examples=60)
@given(queues())
def test_the_last_of_the_queue_delays_nobody(given_facts: ForecastFacts) -> None:
    """Leaving out a job that nothing waits for, and that comes last, changes nothing of the others."""
    last = replace(job("j99"), priority=-10)
    more = replace(
        given_facts, jobs={**given_facts.jobs, "j99": last}, repos={**given_facts.repos, ("r", "w"): REPO}
    )
    whole, part = forecast(more, NOW), forecast(given_facts, NOW)
    first = [one for one in part.jobs.values() if one.starts_at == NOW]
    assert all(whole.jobs[one.job_id] == one for one in first)


# --- quotas ----------------------------------------------------------------------------------------------------


def report(start: float, end: float, used: float | None, *, resets_at: float = NOW + 3600.0) -> UsageReport:
    windows = [] if used is None else [{"name": "5 hours", "used": used, "resets_at": resets_at}]
    return UsageReport("codex", None, NOW + start, NOW + end, {"windows": windows})


def test_the_pace_of_an_account_is_what_its_jobs_used_while_they_ran() -> None:
    attempts = [report(-4000.0, -3000.0, 0.2), report(-2500.0, -1500.0, None), report(-1000.0, 0.0, 0.6)]
    (use,) = account_uses(attempts, NOW)
    assert (use.account, use.used, use.resets_at) == ("codex", 0.6, NOW + 3600.0)
    assert use.per_second == pytest.approx(0.4 / 2000.0)


def test_reports_of_an_earlier_window_say_nothing_of_the_pace() -> None:
    attempts = [report(-4000.0, -3000.0, 0.9, resets_at=NOW - 100.0), report(-1000.0, 0.0, 0.1)]
    (use,) = account_uses(attempts, NOW)
    assert (use.used, use.per_second) == (0.1, None)


def test_a_window_that_has_ended_is_left_out() -> None:
    assert account_uses([report(-10.0, 0.0, 0.9, resets_at=NOW - 1.0)], NOW) == []


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "minute"), [(0.2, 1), (12.0, 12), (29.4, 30), (31.0, 30), (44.0, 45), (61.0, 60)]
)
def test_an_estimate_beyond_half_an_hour_is_rounded_to_five_minutes(minutes: float, minute: int) -> None:
    midday = datetime(2026, 11, 30, 12, 0).astimezone().timestamp()
    assert about(midday + minutes * 60, midday) == f"about {12 + minute // 60}:{minute % 60:02}"


def test_words_say_that_they_are_estimates_and_what_is_missing() -> None:
    midday = datetime(2026, 11, 30, 12, 0).astimezone().timestamp()
    run = RunEstimate(run_id="r", ends_at=midday + 7200.0)
    assert run_words(run, midday) == "done by about 14:00"
    rest = RunEstimate(run_id="r", rest_ends_at=midday + 7200.0, missing=2)
    assert run_words(rest, midday) == "no estimate for 2 jobs, the rest done by about 14:00"
    assert job_words(JobEstimate(job_id="a", run_id="r", none=NoEstimate.NO_HISTORY), midday) == (
        "its start cannot be estimated: nothing like it has run here yet"
    )
    used_up = AccountEstimate(account="codex", window="", resets_at=midday + 5400.0, waiting=("a", "b"))
    assert account_words(used_up, midday) == "codex is used up and back at 13:30: 2 jobs wait for it, first a"
    assert error_words(ForecastError(9, 720.0, 600.0)) == "usually off by 12 m, mostly late"
    assert error_words(ForecastError(9, 720.0, 60.0)) == "usually off by 12 m"
    assert error_words(ForecastError()) == ""


@pytest.mark.timeout(60)  # it would go on for ever
def test_a_quota_that_is_used_up_within_a_moment_ends_the_forecast() -> None:
    """Two attempts that ended almost together make a pace at which rounded times no longer grow."""
    now = 1_790_000_000.37
    for used, pace in ((0.3, 2.1), (0.1, 1e4), (0.42, 7.3), (0.42, 1e300), (0.5, -1.0)):
        use = AccountUse(
            account="codex",
            tool="codex",
            window="5 hours",
            resets_at=now + 5000.0,
            used=used,
            per_second=pace,
        )
        jobs = [job(f"j{number}", tool="codex") for number in range(2)]
        history = (took(600.0, tool="codex"),)
        found = forecast(facts(*jobs, limits=ONE, uses=(use,), durations=history), now)
        waiting = [account.waiting for account in found.accounts]
        assert waiting == ([("j1",)] if pace > 0 else []), (used, pace)
