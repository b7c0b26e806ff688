"""What a snapshot sees, what it keeps apart, and that it stays small."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import GitError
from engine.system import snapshots
from engine.system.snapshots import LARGEST
from tests.helpers.attempts import git_caller
from tests.helpers.racy_change import change_without_a_trace

MEGABYTE = 1024 * 1024


class Scene:
    """A repository, and what is seen of the changes between two moments."""

    def __init__(self, folder: Path) -> None:
        self.root, self.objects = folder / "repo", folder / "objects"
        self.root.mkdir()
        self.git = git_caller(self.root)
        self.git("init", "-q", "-b", "main")
        for key, value in {"user.name": "Ada", "user.email": "ada@example.invalid"}.items():
            self.git("config", key, value)
        self.write("a.txt", "one\n")
        self.git("add", "-A")
        self.git("commit", "-qm", "first")

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, encoding="utf-8")

    def large(self, name: str, size: int = 400 * MEGABYTE) -> Path:
        file = self.root / name
        with file.open("wb") as opened:
            opened.truncate(size)
        return file

    def before(self) -> None:
        self.first = snapshots.take(self.root, self.objects)

    def changed(self) -> list[str]:
        after = snapshots.take(self.root, self.objects, earlier=self.first)
        return [file.path for file in snapshots.changes(self.root, self.objects, self.first, after)]

    def stored(self) -> int:
        return sum(file.stat().st_size for file in self.objects.rglob("*") if file.is_file())


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    yield Scene(tmp_path)
    shutil.rmtree(tmp_path, ignore_errors=True)  # large files are not kept for three runs


def test_a18_four_hundred_megabytes_are_not_copied_and_their_change_is_seen(scene: Scene) -> None:
    file = scene.large("data.bin")
    scene.before()
    assert "data.bin" in scene.first.apart
    assert scene.changed() == []
    with file.open("r+b") as opened:
        opened.write(b"x")
    assert scene.changed() == ["data.bin"]
    assert scene.stored() < MEGABYTE


def test_a18_many_small_files_are_stored_up_to_a_bound_and_the_change_of_each_is_seen(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "MOST_BYTES", 20 * MEGABYTE)
    for number in range(40):
        (scene.root / f"{number:02}.bin").write_bytes(os.urandom(MEGABYTE))
    scene.before()
    assert len(scene.first.apart) == 20
    assert scene.stored() < 25 * MEGABYTE
    (scene.root / "0.new").write_text("comes first and takes no room from the others\n")
    assert scene.changed() == ["0.new"]
    for number in (0, 39):
        (scene.root / f"{number:02}.bin").write_bytes(b"changed")
    assert sorted(scene.changed()) == ["0.new", "00.bin", "39.bin"]


def test_a18_very_many_files_are_stored_up_to_a_bound(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST_FILES", 5)
    for number in range(20):
        scene.write(f"{number:02}.txt", "x\n")
    scene.before()
    assert len(scene.first.apart) == 15
    (scene.root / "19.txt").unlink()
    scene.write("20.txt", "new\n")
    assert sorted(scene.changed()) == ["19.txt", "20.txt"]


def test_a18_a_file_that_grows_large_shrinks_appears_or_goes_is_a_change(scene: Scene) -> None:
    scene.large("shrinks.bin", LARGEST + 1)
    scene.large("goes.bin", LARGEST + 1)
    scene.write("grows.txt", "small\n")
    scene.before()
    scene.write("shrinks.bin", "small\n")
    (scene.root / "goes.bin").unlink()
    scene.large("grows.txt", LARGEST + 1)
    scene.large("appears.bin", LARGEST + 1)
    assert sorted(scene.changed()) == ["appears.bin", "goes.bin", "grows.txt", "shrinks.bin"]


def test_a18_neither_a_touch_nor_a_commit_of_what_was_there_is_a_change(scene: Scene) -> None:
    (scene.root / "tracked.bin").write_bytes(os.urandom(LARGEST + 1))
    scene.git("add", "-A")
    scene.git("commit", "-qm", "large")
    scene.write("a.txt", "mine\n")
    scene.large("new.bin", LARGEST + 1)
    scene.before()
    os.utime(scene.root / "tracked.bin")
    scene.git("add", "-A")
    scene.git("commit", "-qm", "all")
    assert scene.changed() == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a18_a_file_git_may_not_read_is_seen_by_its_size_and_time(scene: Scene) -> None:
    scene.write("closed.txt", "one\n")
    (scene.root / "closed.txt").chmod(0)
    scene.before()
    assert scene.changed() == []
    (scene.root / "closed.txt").chmod(0o600)
    assert scene.changed() == ["closed.txt"]


def test_a18_a_change_of_the_same_size_in_the_second_of_the_commit_is_seen(scene: Scene) -> None:
    scene.before()
    change_without_a_trace(scene.root / "a.txt", "two\n")
    assert scene.changed() == ["a.txt"]


def test_a18_names_of_any_bytes_are_seen(scene: Scene) -> None:
    names = [b"\xff.txt", b":(top)x", b"-n", b"a\nb", b"*", '"ä"'.encode()]
    scene.before()
    for name in names:
        (Path(os.fsdecode(os.fsencode(scene.root) + b"/" + name))).write_text("x\n")
    assert len(scene.changed()) == len(names)


def test_a18_a_file_that_becomes_a_folder_or_a_pipe_is_a_change(scene: Scene) -> None:
    scene.write("b.txt", "one\n")
    scene.git("add", "-A")
    scene.before()
    for name in ("a.txt", "b.txt"):
        (scene.root / name).unlink()
    scene.write("a.txt/inside", "x\n")
    os.mkfifo(scene.root / "b.txt")
    assert {"a.txt/inside", "b.txt"} <= set(scene.changed())


# Repositories inside


def test_a18_a_working_tree_inside_is_no_change_and_neither_is_a_commit_in_it(scene: Scene) -> None:
    scene.before()
    scene.git("worktree", "add", "-q", "inside", "-b", "side")
    assert scene.changed() == []
    scene.before()
    inside = git_caller(scene.root / "inside")
    scene.write("inside/a.txt", "two\n")
    inside("commit", "-qam", "second")
    assert scene.changed() == []


@pytest.mark.parametrize("has_commit", [True, False], ids=["with a commit", "without a commit"])
def test_a18_a_file_changed_in_another_repository_inside_is_a_change(
    scene: Scene, *, has_commit: bool
) -> None:
    scene.write("other/x.txt", "one\n")
    other = git_caller(scene.root / "other")
    other("init", "-q")
    if has_commit:
        other("add", "-A")
        other("-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qm", "x")
    scene.before()
    assert scene.changed() == []
    other("-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "nothing")
    assert scene.changed() == []
    scene.write("other/x.txt", "two, longer\n")
    assert scene.changed() == ["other"]


def test_a18_a_new_repository_inside_is_a_change(scene: Scene) -> None:
    scene.before()
    scene.write("other/x.txt", "one\n")
    git_caller(scene.root / "other")("init", "-q")
    assert scene.changed() == ["other"]


@pytest.fixture
def submodule(scene: Scene, tmp_path: Path) -> None:
    lib = tmp_path / "lib"
    subprocess.run(["git", "init", "-q", str(lib)], check=True)
    identity = ("-c", "user.name=A", "-c", "user.email=a@b")
    (lib / "lib.txt").write_text("one\n")
    git_caller(lib)("add", "-A")
    git_caller(lib)(*identity, "commit", "-qm", "x")
    scene.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(lib), "lib")
    scene.git("commit", "-qm", "submodule")


@pytest.mark.usefixtures("submodule")
def test_a18_an_edit_in_a_submodule_is_a_change(scene: Scene) -> None:
    scene.before()
    assert scene.changed() == []
    scene.write("lib/lib.txt", "two, longer\n")
    assert scene.changed() == ["lib"]


@pytest.mark.usefixtures("submodule")
def test_a18_a_submodule_that_is_not_there_hides_nothing(scene: Scene) -> None:
    scene.git("submodule", "--quiet", "deinit", "--force", "lib")
    scene.before()
    scene.write("a.txt", "two\n")
    assert scene.changed() == ["a.txt"]


# Filters


def with_filter(scene: Scene, clean: str) -> None:
    scene.write(".gitattributes", "*.bin filter=shout\n")
    scene.git("config", "filter.shout.clean", clean)
    scene.git("config", "filter.shout.required", "true")


def test_a18_a_filter_of_the_repository_is_not_run_and_a_change_of_its_file_is_seen(
    scene: Scene, tmp_path: Path
) -> None:
    with_filter(scene, "tr a-z A-Z")
    scene.write("x.bin", "one\n")
    scene.git("add", "-A")
    scene.git("commit", "-qm", "filtered")
    scene.git("config", "filter.shout.clean", f"sh -c 'touch {tmp_path}/canary; cat'")
    scene.before()
    os.utime(scene.root / "x.bin", (1, 1))
    assert scene.changed() == []
    scene.write("x.bin", "two\n")
    scene.write("new.bin", "x\n")
    assert sorted(scene.changed()) == ["new.bin", "x.bin"]
    assert not (tmp_path / "canary").exists()


def test_a18_a_filter_of_the_user_that_is_missing_is_named(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / ".gitconfig").write_text(
        '[filter "x"]\n\tclean = no-such-filter --clean\n\trequired = true\n'
    )
    scene.write(".gitattributes", "*.bin filter=x\n")
    scene.before()
    scene.write("x.bin", "one\n")
    with pytest.raises(GitError, match=r"the filter program no-such-filter .* failed. Install it"):
        scene.changed()


def test_a18_a_filter_the_user_has_too_stays_on(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / ".gitconfig").write_text('[filter "shout"]\n\tclean = tr a-z A-Z\n\trequired = true\n')
    with_filter(scene, "tr a-z A-Z")
    scene.before()
    scene.write("x.bin", "one\n")
    assert scene.changed() == ["x.bin"]
    assert scene.first.apart == {}
