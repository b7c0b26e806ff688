"""Promise 1: nothing accepted is lost and nothing runs twice, whatever is killed and whenever.

Each figure is the count of breaches after many kills; the same runs on an engine that is broken on purpose must find
some, or these tests prove nothing.
"""

from pathlib import Path

import pytest

from tests.helpers.torture import Account, torture


def report(account: Account) -> str:
    return (
        f"{account.kills} kills, {account.jobs} jobs: {len(account.lost)} lost, {len(account.started_twice)} started "
        f"twice, {len(account.completed_twice)} completed twice, {len(account.left_running)} processes left; "
        f"{account.lost[:3]} {account.points}"
    )


@pytest.mark.timeout(180)
@pytest.mark.parametrize("engines", [1, 2])
def test_a_hundred_kills_at_random_moments_lose_nothing_and_run_nothing_twice(
    tmp_path: Path, engines: int
) -> None:
    account = torture(tmp_path, kills=100, engines=engines, seed=engines)
    print(report(account))
    assert account.kills >= 100, report(account)
    assert account.is_clean, report(account)


@pytest.mark.timeout(400)
def test_kills_at_every_named_point_of_an_engine_lose_nothing_and_run_nothing_twice(tmp_path: Path) -> None:
    points = {
        "after_claim", "before_spawn", "after_spawn", "result_seen", "before_finish", "after_finish", "in_recovery",
        "recovery_locked",
    }  # fmt: skip
    faults = ",".join(f"{point}:0.03" for point in sorted(points))
    hit: set[str] = set()
    for seed in range(7, 12):  # which points a round hits is chance; all of them must have been
        folder = tmp_path / str(seed)
        folder.mkdir()
        account = torture(folder, kills=60, seed=seed, env={"SIGNALBOX_FAULT": faults}, longest_s=3)
        print(report(account))
        assert account.is_clean, report(account)
        hit |= set(account.points)
        if points <= hit:
            return
    pytest.fail(f"never killed at {sorted(points - hit)}")


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("mutant", "faults", "job_s"),
    [
        # Its jobs outlive the engine by far, so the next one meets them running.
        ("no_lock_wait", "after_spawn:0.3", (1.5, 2.5)),
        # Its shims dawdle, so the next engine meets attempts that are still to start.
        ("no_tombstone", "after_spawn:0.3,delay:before_lock:0.7", (0.01, 0.09)),
    ],
)
def test_an_engine_without_this_check_is_caught(
    tmp_path: Path, mutant: str, faults: str, job_s: tuple[float, float]
) -> None:
    for seed in range(4):
        folder = tmp_path / str(seed)
        folder.mkdir()
        env = {"SIGNALBOX_MUTANT": mutant, "SIGNALBOX_FAULT": faults}
        account = torture(folder, kills=10, batch=12, seed=seed, env=env, longest_s=5, job_s=job_s)
        print(mutant, report(account))
        if account.started_twice:
            return
    pytest.fail(f"{mutant} went unnoticed")
