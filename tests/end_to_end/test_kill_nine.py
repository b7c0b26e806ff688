"""Promise 1: nothing accepted is lost and nothing runs twice, whatever is killed and whenever.

Each figure is the count of breaches after many kills; the same runs on an engine that is broken on purpose must find
some, or these tests prove nothing.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.records import Limit, LimitKind, Origin
from tests.helpers.command_line import python
from tests.helpers.counts import counted
from tests.helpers.patience import PATIENCE_S
from tests.helpers.points import POINTS, torture_points
from tests.helpers.torture import Account, torture

ROOT = Path(__file__).parents[2]


def report(account: Account) -> str:
    return (
        f"{account.kills} kills, {account.jobs} jobs: {len(account.lost)} lost, {len(account.started_twice)} started "
        f"twice, {len(account.completed_twice)} completed twice, {len(account.left_running)} processes left; "
        f"{account.lost[:3]} {account.points}"
    )


@pytest.mark.parametrize("engines", [1, 2])
def test_a_hundred_kills_at_random_moments_lose_nothing_and_run_nothing_twice(
    tmp_path: Path, engines: int
) -> None:
    account = torture(tmp_path, kills=100, engines=engines, seed=engines)
    counted(f"X2: {report(account)}")
    assert account.kills >= 100, report(account)
    assert account.is_clean, report(account)


def test_x01_kills_at_every_named_point_lose_nothing_and_run_nothing_twice(tmp_path: Path) -> None:
    account = torture_points(tmp_path, each=1, patience_s=2 * PATIENCE_S)
    counted(f"X1: {account}")
    assert account.is_clean, account
    assert [point for point in POINTS if not account.points[point]] == [], account


def test_x01_every_named_point_is_one_line_of_the_engine() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "engine").rglob("*.py"))
    named = Counter(re.findall(r'fault\(\s*"(\w+)"\)', code) + re.findall(r'"(mid_\w+)"', code))
    assert {point: named[point] for point in POINTS} == dict.fromkeys(POINTS, 1)


@pytest.mark.parametrize(
    ("mutant", "faults", "job_s"),
    [
        # Its jobs outlive the engine by far, so the next one meets them running.
        ("no_lock_wait", "after_spawn:0.3", (1.5, 2.5)),
        # Its shims dawdle, so the next engine meets attempts that are still to start.
        ("no_tombstone", "after_spawn:0.3,delay:before_lock:0.7", (0.01, 0.09)),
        # Attempts that ended while no engine was watching count as interrupted and run again.
        ("no_result", "after_spawn:0.3", (0.01, 0.09)),
    ],
)
def test_x03_an_engine_without_this_check_is_caught(
    tmp_path: Path, mutant: str, faults: str, job_s: tuple[float, float]
) -> None:
    for seed in range(4):
        folder = tmp_path / str(seed)
        folder.mkdir()
        env = {"SIGNALBOX_MUTANT": mutant, "SIGNALBOX_FAULT": faults}
        account = torture(folder, kills=10, batch=12, seed=seed, env=env, longest_s=5, job_s=job_s)
        if account.started_twice:
            counted(f"X3, caught: {mutant}: {report(account)}")
            return
    pytest.fail(f"{mutant} went unnoticed")


def test_x03_two_engines_that_choose_and_claim_in_two_transactions_are_caught(tmp_path: Path) -> None:
    for seed in range(6):
        folder = tmp_path / str(seed)
        folder.mkdir()
        env = {"SIGNALBOX_MUTANT": "split_claim"}
        account = torture(
            folder, kills=6, engines=2, seed=seed, env=env, longest_s=5, patience_s=20, finish_s=2
        )
        if account.started_twice:
            counted(f"X3, caught: split_claim: {report(account)}")
            return
    pytest.fail("split_claim went unnoticed")


@pytest.mark.parametrize("mutant", ["", "split_claim"])
def test_x03_eight_claimers_claim_a_job_once_and_without_one_transaction_twice(
    tmp_path: Path, mutant: str
) -> None:
    home = Home.at(tmp_path / "home")
    with closing(JobStateStore(home=home)) as store:
        specs = [job_from_mapping(python("1", f"job-{one}"), base=tmp_path) for one in range(40)]
        store.accept([Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API)
        store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=1000))
    words = [sys.executable, "-m", "tests.helpers.claimers", str(home.root)]
    env = {**os.environ, "SIGNALBOX_MUTANT": mutant}
    done = subprocess.run(
        words, cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=3 * PATIENCE_S
    )
    claims = Counter(done.stdout.split())
    twice = claims.total() - len(claims)
    counted(f"X3: {len(claims)} jobs, eight claimers, {mutant or 'as it is'}: {twice} claimed twice")
    assert len(claims) == 40
    assert (twice > 0) == bool(mutant)
