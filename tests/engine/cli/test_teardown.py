"""The teardown of the project file runs in a worktree before it goes, and keeps none from going."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.jobfile.project_file import PROJECT_FILE
from tests.engine.cli.test_worktree_commands import Isolated
from tests.helpers.attempts import git_caller


@pytest.fixture
def isolated(tmp_path: Path) -> Isolated:
    return Isolated(tmp_path)


@pytest.fixture
def says(isolated: Isolated) -> Callable[[str], None]:
    def write(teardown: str) -> None:
        (isolated.repo / PROJECT_FILE).write_text(f"teardown: {teardown}\n")

    return write


def warnings(isolated: Isolated) -> list[str]:
    return [message for message in isolated.events() if "all the same" in message]


def archive(isolated: Isolated) -> None:
    isolated.set_review("cart", "discarded")
    isolated.signalbox("worktrees", "archive", "cart")


def test_it_runs_at_the_top_of_the_worktree_which_knows_its_ids_and_then_goes(
    isolated: Isolated, says: Callable[[str], None], tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    says(f"{{exe: sh, args: [-c, 'pwd > {seen}; echo $SIGNALBOX_RUN $SIGNALBOX_WORKSTREAM >> {seen}']}}")
    archive(isolated)
    assert seen.read_text().splitlines() == [str(isolated.folder()), "r cart"]
    assert not isolated.folder().exists()
    assert warnings(isolated) == []


def test_one_that_fails_is_reported_with_its_log_and_the_worktree_goes_all_the_same(
    isolated: Isolated, says: Callable[[str], None]
) -> None:
    says("{exe: sh, args: [-c, 'echo no docker; exit 3']}")
    archive(isolated)
    (message,) = warnings(isolated)
    log = isolated.signalbox.home.logs / "teardowns" / "r-cart.log"
    assert message.endswith(f"failed with exit code 3. Its log is {log}.")
    assert log.read_text() == "no docker\n"
    assert not isolated.folder().exists()


def test_one_that_takes_too_long_is_ended(isolated: Isolated, says: Callable[[str], None]) -> None:
    says("{exe: sleep, args: ['600'], timeout_seconds: 0.5}")
    archive(isolated)
    assert "took longer than" in warnings(isolated)[0]
    assert not isolated.folder().exists()


def test_a_program_that_is_missing_is_named(isolated: Isolated, says: Callable[[str], None]) -> None:
    says("{exe: no-such-program}")
    archive(isolated)
    assert "The teardown did not run: no-such-program was not found on PATH" in warnings(isolated)[0]
    assert not isolated.folder().exists()


def test_what_it_leaves_in_the_worktree_is_archived_too(
    isolated: Isolated, says: Callable[[str], None]
) -> None:
    says("{exe: sh, args: [-c, 'echo left > left.txt']}")
    archive(isolated)
    git = git_caller(isolated.repo)
    assert git("show", f"{isolated.tree().archive_ref}:left.txt") == "left"
