"""A private file is written whole or not at all, and its owner alone can read it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.system.private_files import write_private

WRITE = (
    "import sys; from pathlib import Path; from engine.system.private_files import write_private\n"
    "while True: write_private(Path(sys.argv[1]), sys.argv[2] * 100_000)"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def _a_careless_umask() -> Iterator[None]:
    old = os.umask(0)
    yield
    os.umask(old)


def test_the_owner_alone_can_read_it_whatever_the_umask_and_the_earlier_mode(place: Path) -> None:
    file = place / "state.json"
    file.write_text("old")
    file.chmod(0o644)
    write_private(file, "new ä")
    assert file.read_text(encoding="utf-8") == "new ä"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in place.iterdir()] == ["state.json"]


def test_a_write_that_fails_leaves_the_old_content_and_no_draft(place: Path) -> None:
    file = place / "state.json"
    (file / "folder").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write_private(file, b"new")
    assert [each.name for each in place.iterdir()] == ["state.json"]


def test_of_several_first_writers_one_wins(place: Path) -> None:
    write_private(place / "id", "first", replace=False)
    with pytest.raises(FileExistsError):
        write_private(place / "id", "second", replace=False)
    assert (place / "id").read_text() == "first"
    assert [each.name for each in place.iterdir()] == ["id"]


def test_a_link_is_replaced_and_what_it_leads_to_is_left_alone(place: Path) -> None:
    other = place / "other"
    other.write_text("theirs")
    (place / "state").symlink_to(other)
    write_private(place / "state", "mine")
    assert (other.read_text(), (place / "state").read_text()) == ("theirs", "mine")
    assert not (place / "state").is_symlink()


def test_a_writer_that_is_killed_leaves_one_content_or_the_other(place: Path) -> None:
    file = place / "state"
    write_private(file, "a" * 100_000)
    writer = subprocess.Popen([sys.executable, "-c", WRITE, str(file), "b"])
    while file.read_text()[0] == "a":
        assert writer.poll() is None
    for _ in range(20):
        assert file.read_text() == "b" * 100_000
    writer.kill()
    writer.wait()
    assert file.read_text() == "b" * 100_000
