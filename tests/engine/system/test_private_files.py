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


@pytest.fixture(autouse=True)
def _a_careless_umask() -> Iterator[None]:
    old = os.umask(0)
    yield
    os.umask(old)


def test_the_owner_alone_can_read_it_whatever_the_umask_and_the_earlier_mode(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("old")
    file.chmod(0o644)
    write_private(file, "new ä")
    assert file.read_text(encoding="utf-8") == "new ä"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


def test_a_write_that_fails_leaves_the_old_content_and_no_draft(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    (file / "folder").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write_private(file, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


def test_of_several_first_writers_one_wins(tmp_path: Path) -> None:
    write_private(tmp_path / "id", "first", replace=False)
    with pytest.raises(FileExistsError):
        write_private(tmp_path / "id", "second", replace=False)
    assert (tmp_path / "id").read_text() == "first"
    assert [each.name for each in tmp_path.iterdir()] == ["id"]


def test_a_link_is_replaced_and_what_it_leads_to_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("theirs")
    (tmp_path / "state").symlink_to(other)
    write_private(tmp_path / "state", "mine")
    assert (other.read_text(), (tmp_path / "state").read_text()) == ("theirs", "mine")
    assert not (tmp_path / "state").is_symlink()


def test_a_writer_that_is_killed_leaves_one_content_or_the_other(tmp_path: Path) -> None:
    file = tmp_path / "state"
    write_private(file, "a" * 100_000)
    writer = subprocess.Popen([sys.executable, "-c", WRITE, str(file), "b"])
    while file.read_text()[0] == "a":
        assert writer.poll() is None
    for _ in range(20):
        assert file.read_text() == "b" * 100_000
    writer.kill()
    writer.wait(timeout=10)
    assert file.read_text() == "b" * 100_000
