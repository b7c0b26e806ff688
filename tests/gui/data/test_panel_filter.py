"""The filter of all panels: what passes, and how it is named."""

import pytest

from engine.scheduling.buckets import SHOWN_STATES, Bucket
from engine.scheduling.explainer import Wait
from gui.data.filter_captions import filter_caption, filter_fact, hidden_sentence
from gui.data.panel_filter import ALL_PARTS, FilterPart, PanelFilter
from state.records import HoldCause, Job, JobStatus, Run

RUNS = {"0347": Run(run_id="0347", title="Night: checkout v2"), "0346": Run(run_id="0346")}


def waits_for_nothing(_job: Job) -> Wait | None:
    return None


def of(status: JobStatus, **more: object) -> Job:
    return Job(job_id="a", run_id="0347", ws_id="w", status=status, **more)  # type: ignore[arg-type]


def test_without_a_limit_everything_passes() -> None:
    assert not PanelFilter()
    assert PanelFilter().keeps_job(of(JobStatus.FAILED), waits_for_nothing)


def test_a_job_passes_by_its_run_and_the_state_it_is_shown_in() -> None:
    failed = PanelFilter(states=SHOWN_STATES[Bucket.FAILED])
    assert failed.keeps_job(of(JobStatus.TIMEOUT), waits_for_nothing)
    assert not failed.keeps_job(of(JobStatus.RUNNING), waits_for_nothing)
    assert not PanelFilter("0346", failed.states).keeps_job(of(JobStatus.TIMEOUT), waits_for_nothing)
    needs = PanelFilter(states=SHOWN_STATES[Bucket.NEEDS_YOU])
    assert needs.keeps_job(of(JobStatus.HELD, hold_cause=HoldCause.BUDGET), waits_for_nothing)


@pytest.mark.parametrize(
    ("limits", "caption"),
    [
        (PanelFilter(), ""),
        (PanelFilter("0347"), "Night: checkout v2"),
        (PanelFilter("0346"), "0346"),
        (PanelFilter(states=SHOWN_STATES[Bucket.NEEDS_YOU]), "needs you"),
        (PanelFilter("0347", SHOWN_STATES[Bucket.RUNNING]), "running, Night: checkout v2"),
        (PanelFilter(states=frozenset({"running", "blocked", "timeout"})), "running, blocked, timed out"),
        (
            PanelFilter(states=frozenset({"held", "blocked", "timeout", "queued"})),
            "blocked, held, queued and 1 more",
        ),
    ],
)
def test_its_caption_names_states_and_run(limits: PanelFilter, caption: str) -> None:
    assert filter_caption(limits, RUNS) == caption


def test_a_panel_says_what_limits_it_and_what_it_does_not_follow() -> None:
    both = PanelFilter("0347", SHOWN_STATES[Bucket.RUNNING])
    assert filter_fact(both, ALL_PARTS, RUNS) == "filtered: running, Night: checkout v2"
    assert filter_fact(both, {FilterPart.RUN}, RUNS) == "filtered: Night: checkout v2, not filtered by state"
    assert filter_fact(both, frozenset(), RUNS) == "not filtered by state or run"
    assert filter_fact(PanelFilter(), ALL_PARTS, RUNS) == ""


def test_an_empty_panel_says_how_much_is_hidden_by_what() -> None:
    limits = PanelFilter(states=SHOWN_STATES[Bucket.RUNNING])
    assert hidden_sentence("86 files", limits, RUNS) == "86 files hidden by running"
