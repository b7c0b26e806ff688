"""A note that somebody else has written or planted takes nothing away and changes no other file."""

import json
import shutil
from pathlib import Path

import pytest

from tests.engine.git_step.steps_to_interrupt import CASES, fresh, killed_with_a_note, run, state_of


@pytest.mark.parametrize("name", ["worktree", "worktree removed"])
@pytest.mark.parametrize("named", ["folder", "ours", "no_path"])
def test_a18_a_note_that_names_another_folder_than_one_of_ours_takes_nothing_away(
    tmp_path: Path, name: str, named: str
) -> None:
    case = CASES[name]
    root, note = killed_with_a_note(tmp_path, case, holding="staging")
    work = root / "somebody" / ".signalbox-01234567" / "work.txt"
    work.parent.mkdir(parents=True)
    work.write_text("mine\n")
    staging = {"folder": str(work.parent.parent / "tree"), "ours": str(work.parent / "tree"), "no_path": 7}
    note.write_text(json.dumps({**json.loads(note.read_text()), "staging": staging[named]}))
    run(root, case)
    assert work.read_text() == "mine\n"


@pytest.mark.parametrize(
    "facts", [{"target": "--orphan"}, {"before": "--all"}, {"other": 1}, {"before": None}, [1]]
)
def test_a18_a_note_that_is_not_ours_counts_as_none(tmp_path: Path, facts: object) -> None:
    for name in ("branch", "commit", "merge"):
        case, root = CASES[name], tmp_path / name
        _, note = killed_with_a_note(root, case)
        before = state_of(fresh(root / "again", case))
        shutil.copytree(note.parent, root / "again" / "repo" / ".git" / "signalbox")
        (root / "again" / "repo" / ".git" / "signalbox" / note.name).write_text(json.dumps(facts))
        assert run(root / "again", case).success
        assert state_of(root / "again" / "repo") != before


def test_a18_a_planted_link_in_the_place_of_a_note_changes_no_other_file(tmp_path: Path) -> None:
    case = CASES["branch"]
    _, note = killed_with_a_note(tmp_path, case)
    repo = fresh(tmp_path / "planted", case)
    victims = {}
    (repo / ".git" / "signalbox").mkdir()
    for suffix in (".part", ".json", ".index", ".lock"):
        victims[suffix] = tmp_path / f"victim{suffix}"
        victims[suffix].write_text("mine\n")
        (repo / ".git" / "signalbox" / note.name).with_suffix(suffix).symlink_to(victims[suffix])
    assert run(tmp_path / "planted", case).success
    assert {file.read_text() for file in victims.values()} == {"mine\n"}
    assert not (repo / ".git" / "signalbox").exists()


def test_a18_a_planted_link_in_the_place_of_the_folder_of_notes_is_refused(tmp_path: Path) -> None:
    case = CASES["branch"]
    repo = fresh(tmp_path, case)
    (tmp_path / "somebody").mkdir()
    (repo / ".git" / "signalbox").symlink_to(tmp_path / "somebody")
    assert "is a link" in run(tmp_path, case).metadata["summary"]
    assert list((tmp_path / "somebody").iterdir()) == []
