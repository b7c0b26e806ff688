"""A17: nothing that makes git pass over a file counts as a change of it, or hides one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.system.test_snapshots import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def ignored_by_the_repository(scene: Scene) -> None:
    (scene.root / ".git" / "info").mkdir(exist_ok=True)
    (scene.root / ".git" / "info" / "exclude").write_text("new.txt\n")


def ignored_by_the_user(scene: Scene) -> None:
    (scene.root.parent / "ignored").write_text("new.txt\n")
    scene.git("config", "core.excludesFile", str(scene.root.parent / "ignored"))


@pytest.mark.parametrize(
    "change",
    [
        ignored_by_the_repository,
        ignored_by_the_user,
        lambda scene: scene.git("update-index", "--assume-unchanged", "a.txt"),
        lambda scene: scene.git("update-index", "--skip-worktree", "a.txt"),
        lambda scene: scene.git("rm", "-q", "--cached", "kept.txt"),
        lambda scene: scene.git("add", "-N", "new.txt"),
    ],
)
def test_a17_what_git_is_made_to_pass_over_has_not_changed_by_that(
    scene: Scene, change: Callable[[Scene], object]
) -> None:
    scene.write("kept.txt", "kept\n")
    scene.git("add", "kept.txt")
    scene.git("commit", "-qm", "kept")
    scene.write(".gitignore", "kept.txt\n")
    scene.write("a.txt", "edited\n")
    scene.write("new.txt", "new\n")
    scene.before()
    change(scene)
    assert scene.changed() == []
    scene.write("new.txt", "newer\n")
    assert scene.changed() == ["new.txt"]


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree", "core.ignoreStat"])
def test_a17_a_file_that_git_passes_over_is_seen_to_change(scene: Scene, flag: str) -> None:
    if flag.startswith("--"):
        scene.git("update-index", flag, "a.txt")
    else:
        scene.git("config", flag, "true")
        scene.write("a.txt", "added\n")
        scene.git("add", "a.txt")
    scene.before()
    assert scene.changed() == []
    scene.write("a.txt", "changed\n")
    assert scene.changed() == ["a.txt"]


def test_a17_a_folder_that_becomes_a_link_and_is_committed_is_a_change(scene: Scene) -> None:
    scene.write("folder/b.txt", "b\n")
    scene.git("add", "folder")
    scene.git("commit", "-qm", "folder")
    scene.before()
    (scene.root / "folder").rename(scene.root.parent / "elsewhere")
    (scene.root / "folder").symlink_to(scene.root.parent / "elsewhere")
    scene.git("add", "-A")
    scene.git("commit", "-qm", "a link")
    assert scene.changed() == ["folder", "folder/b.txt"]
