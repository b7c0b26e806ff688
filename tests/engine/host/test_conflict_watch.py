"""Predicted conflicts follow the branches while an engine runs; while none moves, no git is started."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from engine.host.conflict_watch import LOOK_EVERY_S
from engine.host.engine_service import EngineService
from engine.system.home import Home
from state.records import ReviewState
from tests.helpers.branches import Branches, line_of
from tests.helpers.counted_git import count_git
from tests.helpers.isolated_work import enter_branches, set_review
from tests.helpers.patience import PATIENCE_S


@pytest.fixture
def branches(tmp_path: Path) -> Branches:
    """Two branches that conflict, and one that does not."""
    made = Branches(tmp_path / "shop")
    made.branch("cart", line_of("totals.py", 3, "cents"), target="main")
    made.branch("prices", line_of("totals.py", 3, "euros"), target="main")
    made.branch("docs", line_of("Readme", 3, "how"), target="main")
    return made


@pytest.fixture
def engine(tmp_path: Path, branches: Branches) -> Iterator[EngineService]:
    with closing(EngineService(Home.at(tmp_path / "home"), kind="test")) as made:
        enter_branches(made.store.database, branches.made)
        yield made


def predicted(engine: EngineService) -> list[tuple[str, str, Sequence[str]]]:
    return [
        (one.ws_id, one.rival_of(one.first), tuple(one.files)) for one in engine.store.conflicts.predicted()
    ]


def step_until(engine: EngineService, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, predicted(engine)
        engine.step()
        engine.wait(0.02)


COLLISION = ("cart", "prices", ("totals.py",))


def test_an_engine_predicts_the_conflict_of_two_branches(engine: EngineService) -> None:
    step_until(engine, lambda: predicted(engine) == [COLLISION])


def test_a_commit_by_hand_is_seen_though_nothing_in_the_database_changes(
    engine: EngineService, branches: Branches
) -> None:
    step_until(engine, lambda: predicted(engine) == [COLLISION])
    branches.more("signalbox/r1/docs", line_of("totals.py", 3, "dollars"))
    both = [COLLISION, ("cart", "docs", ("totals.py",)), ("docs", "prices", ("totals.py",))]
    step_until(engine, lambda: sorted(predicted(engine)) == sorted(both))
    branches.git("branch", "-f", "signalbox/r1/docs", branches.base)
    step_until(engine, lambda: predicted(engine) == [COLLISION])


def test_a_target_that_moves_is_compared_with_each_branch(engine: EngineService, branches: Branches) -> None:
    step_until(engine, lambda: predicted(engine) == [COLLISION])
    branches.more("main", line_of("Readme", 3, "why"))
    step_until(engine, lambda: ("docs", "main", ("Readme",)) in predicted(engine))


def test_what_was_merged_conflicts_with_nothing(engine: EngineService) -> None:
    step_until(engine, lambda: predicted(engine) == [COLLISION])
    set_review(engine.store, "cart", ReviewState.MERGED)
    assert predicted(engine) == []
    step_until(engine, lambda: not engine._side_tasks.is_rehearsing)
    assert predicted(engine) == []


def test_no_git_runs_while_no_branch_moves(
    engine: EngineService, branches: Branches, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = count_git(tmp_path / "counted", monkeypatch)
    step_until(engine, lambda: predicted(engine) == [COLLISION] and not engine._side_tasks.is_rehearsing)
    assert git.calls()
    seen, until = len(git.calls()), time.monotonic() + 2.5 * LOOK_EVERY_S
    while time.monotonic() < until:
        engine.step()
        engine.wait(0.05)
    engine.store.record_event("note.made", {"text": "something else in the database changes"})
    step_until(engine, lambda: not engine._side_tasks.is_rehearsing)
    assert len(git.calls()) == seen
    branches.more("signalbox/r1/docs", line_of("Readme", 4, "and why"))
    step_until(engine, lambda: len(git.calls()) > seen)


def test_an_engine_that_runs_until_idle_rehearses_before_it_ends(engine: EngineService) -> None:
    report = engine.step()
    while not report.idle:
        engine.wait(0.02)
        report = engine.step()
    assert predicted(engine) == [COLLISION]


def test_of_two_engines_one_rehearses_and_the_other_goes_on_after_it(
    engine: EngineService, branches: Branches
) -> None:
    step_until(engine, lambda: predicted(engine) == [COLLISION])
    other = EngineService(engine.home, kind="test")
    with closing(other):
        for _ in range(5):
            other.step()
            assert not other._side_tasks.is_rehearsing
        engine._side_tasks.close()
        branches.git("branch", "-f", "signalbox/r1/cart", branches.base)
        step_until(other, lambda: predicted(other) == [])


def test_a_repository_that_is_gone_stops_no_engine_and_keeps_what_is_known(
    engine: EngineService, branches: Branches, tmp_path: Path
) -> None:
    step_until(engine, lambda: predicted(engine) == [COLLISION])
    branches.repo.rename(tmp_path / "elsewhere")
    step_until(engine, lambda: engine._side_tasks.is_rehearsing)
    step_until(engine, lambda: not engine._side_tasks.is_rehearsing)
    assert predicted(engine) == [COLLISION]
