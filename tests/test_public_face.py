"""The public face is what other people's scripts are written against: a change here breaks them."""

import dataclasses
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from engine.cli.wait_command import WaitResult
from engine.interfaces import Adapter, QueueStore, Runner, StateInterface
from engine.orchestrator.orchestrator import Orchestrator
from engine.state_store.job_state_store import JobStateStore
from engine.types import JobResult

NEEDED = inspect.Parameter.empty
STORE: dict[str, dict[str, Any]] = {
    "create_run": {"ws_id": None, "metadata": None, "run_id": None},
    "get_run": {"run_id": NEEDED},
    "update_run_status": {"run_id": NEEDED, "status": NEEDED},
    "list_recent_runs": {"limit": 10},
    "list_workstreams": {"run_id": NEEDED},
    "get_workstream": {"ws_id": NEEDED, "run_id": None},
    "mark_job_running": {"job_id": NEEDED},
    "update_job_result": {"job": NEEDED, "result": NEEDED},
    "get_job": {"job_id": NEEDED},
    "list_jobs": {"run_id": NEEDED},
    "list_attempts": {"job_id": NEEDED},
    "record_event": {"event_type": NEEDED, "payload": NEEDED},
    "list_events": {"after_id": 0, "limit": 500, "run_id": None},
    "subscribe_to_events": {"after_id": None},
    "transaction": {},
}
ORCHESTRATOR: dict[str, dict[str, Any]] = {
    "run_job": {"job": NEEDED},
    "queue_job": {"job": NEEDED, "priority": None},
    "cancel": {"job_id": NEEDED},
    "get_job_status": {"job_id": NEEDED},
}


def taken(function: Callable[..., Any]) -> dict[str, Any]:
    """The parameters of a function and their defaults, without self."""
    parameters = inspect.signature(function).parameters
    return {name: one.default for name, one in parameters.items() if name != "self"}


@pytest.mark.parametrize("verb", STORE)
@pytest.mark.parametrize("kind", [StateInterface, JobStateStore])
def test_a_store_takes_what_its_verbs_always_took(kind: type[Any], verb: str) -> None:
    assert STORE[verb].items() <= taken(vars_of(kind)[verb]).items()


def vars_of(kind: type[Any]) -> dict[str, Any]:
    return dict(inspect.getmembers(kind, callable))


def test_the_verbs_of_recording_are_these_and_no_others() -> None:
    assert {name for name in vars_of(StateInterface) if not name.startswith("_")} == set(STORE)


@pytest.mark.parametrize("verb", ORCHESTRATOR)
def test_the_orchestrator_takes_what_its_verbs_always_took(verb: str) -> None:
    assert ORCHESTRATOR[verb].items() <= taken(vars_of(Orchestrator)[verb]).items()


def test_a_store_is_made_with_no_argument_or_with_a_path() -> None:
    assert taken(JobStateStore.__init__)["db_path"] is None


def test_an_orchestrator_is_made_with_no_argument_or_with_a_store() -> None:
    assert taken(Orchestrator.__init__)["state_store"] is None


def test_the_result_of_a_job_has_these_fields_in_this_order() -> None:
    names = [field.name for field in dataclasses.fields(JobResult)]
    expected = ["exit_code", "error_report_path", "duration_s", "stdout", "stderr", "success", "metadata"]
    assert names == expected


def test_the_store_is_enough_for_the_queue_and_for_recording() -> None:
    wanted = {name for name in vars_of(QueueStore) if not name.startswith("_")}
    assert wanted <= {name for name, _ in inspect.getmembers(JobStateStore)}
    assert StateInterface in QueueStore.__mro__


def test_the_ports_of_tools_and_runners_keep_their_verbs() -> None:
    assert {"prepare", "result", "probe"} <= set(vars_of(Adapter))
    assert {"start", "stop", "recover", "ended", "close"} <= set(vars_of(Runner))


def test_the_exit_codes_of_wait_are_these() -> None:
    assert {result.value[0]: result.code for result in WaitResult} == {
        "completed": 0, "failed": 1, "cancelled": 4, "needs_person": 5, "blocked": 6, "no_match": 7, "timeout": 124,
    }  # fmt: skip
