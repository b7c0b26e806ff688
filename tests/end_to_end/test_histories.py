"""Promise 1: nothing accepted is lost and nothing runs twice, whatever is killed and whenever.

Kill histories run against real engines, shims and windows; the same on engines that are broken on purpose must find
the breach, or these tests prove nothing. Every history that ever failed lies in `histories/` and is replayed here.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.records import Limit, LimitKind, Origin
from tests.helpers.command_line import python, until
from tests.helpers.counts import counted
from tests.helpers.fault_points import ISOLATION_POINTS, MERGE_POINTS, MERGE_QUEUE_POINTS, TREE_POINTS
from tests.helpers.histories.campaign import Campaign
from tests.helpers.histories.density import Outcome, measure, row
from tests.helpers.histories.generator import OF_FILES, POINTS, SHIM_POINTS, generate, through
from tests.helpers.histories.mutants import MUTANTS
from tests.helpers.histories.shrinking import shortest
from tests.helpers.histories.steps import Command, History, Kill, Start, Submit
from tests.helpers.patience import PATIENCE_S
from tests.helpers.sweeper import working_in

ROOT = Path(__file__).parents[2]
RECORDED = sorted((Path(__file__).parent / "histories").glob("*.json"))
OF_MUTANTS = [file for file in RECORDED if History.read(file).mutant]
_ISOLATED = (*TREE_POINTS, *ISOLATION_POINTS, *MERGE_POINTS, *MERGE_QUEUE_POINTS)
_RECURRING = (
    "recurring_placed",
    "recurring_noted",
    "recurring_by_hand",
    "recurring_made_up",
    "recurring_renaming",
    "recurring_renamed",
    "recurring_rename_begun",
    "recurring_rename_ended",
    "recurring_putting_back",
)
_ALARMS = ("alarm_held", "alarm_recorded")
OF_OTHER_TESTS = (
    "set_aside",
    "restored",
    "grant_used",
    "queued",
    "before_setup",
    *_RECURRING,
    *_ALARMS,
    *_ISOLATED,
)
"""No history comes to these: tests/engine/maintenance kills a restore there, tests/engine/trust a use of a grant,
tests/engine/merging a merge, tests/engine/worktrees what is done with a worktree, tests/engine/runners a setup,
tests/engine/recurring what recurs, tests/engine/host an alarm and what is run by hand."""
SECONDS = 60
LONG_KILLS, LONG_S = 2_000, 3 * 3600


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[Campaign]:
    with Campaign(tmp_path / "histories") as campaign:
        yield campaign


def test_x02_sixty_seconds_of_kill_histories_lose_nothing_and_run_nothing_twice(campaign: Campaign) -> None:
    campaign.go_on(seconds=SECONDS)
    counted(f"X2: {campaign}")
    assert campaign.failed is None, campaign.report()


@pytest.mark.soak
@pytest.mark.timeout(LONG_S + 600)
def test_x02_two_thousand_kills_of_one_to_three_engines_lose_nothing_and_run_nothing_twice(
    campaign: Campaign,
) -> None:
    campaign.go_on(seconds=LONG_S, kills=LONG_KILLS, seed=1_000)
    counted(f"X2: {campaign}")
    assert campaign.failed is None, campaign.report()
    assert campaign.kills.total() >= LONG_KILLS
    assert [point for point in (*POINTS, *SHIM_POINTS) if not campaign.kills[f"at {point}"]] == []


def test_x01_kills_at_every_named_point_lose_nothing_and_run_nothing_twice(campaign: Campaign) -> None:
    lacking = [*POINTS, *SHIM_POINTS]
    for _ in range(4):  # a point that was passed before the engine could die at it is tried again
        campaign.run(through(lacking))
        assert campaign.failed is None, campaign.report()
        lacking = [point for point in lacking if not campaign.kills[f"at {point}"]]
        if not lacking:
            break
    counted(f"X1: {campaign}")
    assert lacking == []


def test_x01_every_named_point_is_one_line_of_the_engine() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "engine").rglob("*.py"))
    named = Counter(re.findall(r'fault\(\s*"(\w+)"\)', code) + re.findall(r'"(mid_\w+)"', code))
    assert named == dict.fromkeys([*POINTS, *SHIM_POINTS, *OF_OTHER_TESTS], 1)


@pytest.mark.parametrize("file", OF_MUTANTS, ids=lambda file: file.stem)
def test_x03_a_recorded_history_catches_its_mutant(campaign: Campaign, file: Path) -> None:
    history = History.read(file)
    kind = history.breach.partition(":")[0]
    for _ in range(5):
        campaign.run(history)
        if campaign.failed is not None and kind in campaign.verdict.kinds:
            counted(f"X3, caught: {history.mutant}: {campaign.verdict.breaches[0]}")
            return
    pytest.fail(f"{history.mutant} went unnoticed")


def test_x03_each_mutant_has_a_recorded_history() -> None:
    assert {History.read(file).mutant for file in OF_MUTANTS} == set(MUTANTS)


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_a_recorded_history_breaks_no_promise_of_the_program_as_it_is(campaign: Campaign, file: Path) -> None:
    campaign.run(replace(History.read(file), mutant=""))
    assert campaign.failed is None, campaign.report()


@pytest.mark.parametrize("mutant", ["", "split_claim"])
def test_x03_eight_claimers_claim_a_job_once_and_without_one_transaction_twice(
    tmp_path: Path, mutant: str
) -> None:
    home = Home.at(tmp_path / "home")
    with closing(JobStateStore(home=home)) as store:
        specs = [job_from_mapping(python("1", f"job-{one}"), base=tmp_path) for one in range(40)]
        store.accept([Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API)
        store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=1000))
    words = [sys.executable, "-m", "tests.helpers.claimers", str(home.root), mutant]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, timeout=3 * PATIENCE_S)
    claims = Counter(done.stdout.split())
    twice = claims.total() - len(claims)
    counted(f"X3: {len(claims)} jobs, eight claimers, {mutant or 'as it is'}: {twice} claimed twice")
    assert len(claims) == 40
    assert (twice > 0) == bool(mutant)


def test_a_history_is_the_same_for_the_same_seed_and_survives_its_file(tmp_path: Path) -> None:
    history = replace(generate(7), mutant="no_result", breach="twice: job-1")
    file = tmp_path / "history.json"
    file.write_text(history.to_json(), encoding="utf-8")
    assert History.read(file) == replace(generate(7), mutant="no_result", breach="twice: job-1")


@pytest.mark.parametrize("seed", range(20))
def test_every_history_comes_to_what_can_be_lost(seed: int) -> None:
    steps = generate(seed, with_disk=False).steps
    kinds = {step.job: step.kind for step in steps if isinstance(step, Submit)}
    kills = [step for step in steps if isinstance(step, Kill)]
    points = {step.dies_at for step in steps if isinstance(step, Start)}
    late = [
        kill
        for before, kill in pairwise(steps)
        if isinstance(before, Command) and before.name == "cancel" and isinstance(kill, Kill)
    ]
    assert [kill for kill in kills if kill.what != "engine" and kinds.get(kill.job) == "family"], "orphans"
    assert [kill for kill in late if kill.what != "engine"], "lost after its cancel"
    assert [kill for kill in kills if kill.what == "engine" and kinds.get(kill.job) == "long"], "adopted"
    assert points & OF_FILES - set(POINTS[:3]), "accepted and not yet out of the inbox"
    assert points & set(POINTS[:3]), "not yet accepted"


def test_the_density_of_mutants_is_continued_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "density.jsonl"
    known = [Outcome("no_sweep", 0, ["overlap"], "overlap: …"), Outcome("no_sweep", 1, [], "")]
    for one in known:
        one.keep(file)
    assert measure(["no_sweep"], range(2), folder=tmp_path, file=file, workers=1) == known
    assert row("no_sweep", known) == "| no_sweep | 50% of 2 | overlap 1 |"


def test_a_failing_history_is_shrunk_to_the_steps_it_needs() -> None:
    steps = list(generate(3, engines=3).steps)
    needed = [step for step in steps if isinstance(step, Kill)][:2]
    assert shortest(steps, lambda rest: all(step in rest for step in needed)) == needed


def test_what_a_history_starts_dies_with_the_process_that_runs_it(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.helpers.histories", "run", "--seconds", "60", "--no-disk"]
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.DEVNULL) as running:
        until(lambda: list(tmp_path.glob("*/*/home/started/*-*")) or None)
        running.kill()
    until(lambda: True if not list(working_in(tmp_path)) else None)
