"""Predicted conflicts on the real command line."""

from pathlib import Path

import pytest

from tests.helpers.branches import Branches, line_of
from tests.helpers.command_line import CommandLine
from tests.helpers.isolated_work import enter_branches


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def _predicted(signalbox: CommandLine, tmp_path: Path) -> None:
    """Two branches that conflict, as an engine that ran until it was idle has recorded."""
    branches = Branches(tmp_path / "shop")
    branches.branch("cart", line_of("totals.py", 3, "cents"))
    branches.branch("prices", line_of("totals.py", 3, "euros"))
    with signalbox.store() as store:
        enter_branches(store.database, branches.made)
    assert signalbox("engine", "--until-idle").code == 0


@pytest.mark.usefixtures("_predicted")
def test_the_conflicts_are_listed_with_their_files(signalbox: CommandLine) -> None:
    head, line = signalbox("conflicts").out.splitlines()
    assert head.split("  ")[0] == "WORKSTREAM"
    assert line.split() == ["r1/cart", "r1/prices", "1", "place", "totals.py"]
    (found,) = signalbox("conflicts", "r1", "--json").json
    assert (found["ws_id"], found["other_ws_id"], found["files"]) == ("cart", "prices", ["totals.py"])
    assert found["checked_at"].endswith("Z") or "+00:00" in found["checked_at"]


def test_branches_that_no_engine_has_compared_are_compared_by_the_command(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    branches = Branches(tmp_path / "shop")
    branches.branch("cart", line_of("totals.py", 3, "cents"))
    branches.branch("prices", line_of("totals.py", 3, "euros"))
    with signalbox.store() as store:
        enter_branches(store.database, branches.made)
    (found,) = signalbox("conflicts", "--json").json
    assert (found["ws_id"], found["other_ws_id"], found["files"]) == ("cart", "prices", ["totals.py"])
    assert "predicted with prices: totals.py" in signalbox("review", "list").out


@pytest.mark.usefixtures("_predicted")
def test_the_review_of_both_says_with_what_they_would_conflict(signalbox: CommandLine) -> None:
    by_name = {work["ws_id"]: work["evidence"] for work in signalbox("review", "list", "--json").json}
    assert (by_name["cart"]["conflict"], by_name["prices"]["conflict"]) == (
        "with prices: totals.py",
        "with cart: totals.py",
    )
    assert by_name["cart"]["conflict_is_predicted"] is True
    assert "predicted with prices: totals.py" in signalbox("review", "list").out


def test_without_a_conflict_it_says_so_and_a_run_that_is_not_there_is_refused(signalbox: CommandLine) -> None:
    assert signalbox("conflicts").out == "No conflict is predicted.\n"
    assert signalbox("conflicts", "--json").json == []
    assert "There is no run 'nowhere' here" in signalbox("conflicts", "nowhere", code=2).err


def test_the_merge_queue_proposes_an_order_with_fewer_conflicts(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    branches = Branches(tmp_path / "shop")

    def everything(repo: Path) -> None:
        for name in ("totals.py", "rules.py"):
            line_of(name, 3, "everything")(repo)

    branches.branch("a-wide", everything, target="main")
    branches.branch("b", line_of("totals.py", 3, "b"), target="main")
    branches.branch("c", line_of("rules.py", 3, "c"), target="main")
    with signalbox.store() as store:
        enter_branches(store.database, branches.finished())
    assert signalbox("engine", "--until-idle").code == 0
    assert "fewer" not in signalbox("merge").out
    assert signalbox("review", "approve", "a-wide", "b", "c", "--anyway").code == 0
    assert signalbox("merge").out.splitlines()[-1] == "main: 1 conflict fewer if a-wide comes last."
