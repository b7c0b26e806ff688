"""Whether a program still has a file open for writing: it is asked of the system, and asking disturbs nobody."""

import errno
import fcntl
import mmap
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.intake import open_files
from engine.intake.open_files import Writers, writers_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says who has a file open")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"tool: shell\n")
    return path


def test_a_closed_file_has_no_writer_and_an_open_one_has(file: Path) -> None:
    assert writers_of(file) is Writers.NONE
    with file.open("rb"):
        assert writers_of(file) is Writers.NONE
    for mode in ("ab", "r+b", "wb"):
        with file.open(mode):
            assert writers_of(file) is Writers.SOME
    assert writers_of(file) is Writers.NONE


def test_a_writer_in_another_process_is_seen_until_it_closes(file: Path) -> None:
    code = "import sys; f = open(sys.argv[1], 'a'); print('open', flush=True); input(); f.close(); print(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdout.readline()
        assert writers_of(file) is Writers.SOME
        writer.stdin.write("\n")
        writer.stdin.flush()
        writer.stdout.readline()
        assert writers_of(file) is Writers.NONE
        writer.communicate("\n")


def test_a_file_that_is_still_mapped_for_writing_has_a_writer(file: Path) -> None:
    with file.open("r+b") as opened:
        mapped = mmap.mmap(opened.fileno(), 0)
    assert writers_of(file) is Writers.SOME
    mapped.close()
    assert writers_of(file) is Writers.NONE


def test_what_is_no_regular_file_has_no_writer_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("fifo")
    (tmp_path / "folder").mkdir()
    for name in ("fifo", "link", "folder", "missing"):
        assert writers_of(tmp_path / name) is Writers.NONE


def test_asking_neither_stops_us_nor_the_writer(file: Path) -> None:
    """A writer that comes while the lease is held sends its holder a signal, which by default would end it."""
    code = "import sys\nfor _ in range(4000): open(sys.argv[1], 'a').close()"
    with subprocess.Popen([sys.executable, "-c", code, str(file)]) as writer:
        asked = 0
        while writer.poll() is None:
            writers_of(file)
            asked += 1
    assert writer.returncode == 0
    assert asked > 100


@pytest.mark.parametrize("number", [errno.EINVAL, errno.EACCES, errno.ENOLCK, errno.EOPNOTSUPP])
def test_where_the_system_does_not_say_it_is_unknown(
    file: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, "")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    assert writers_of(file) is Writers.UNKNOWN


def test_on_a_network_file_system_a_refused_lease_says_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with file.open("ab"):
        monkeypatch.setattr(open_files, "_file_system_of", lambda _device: "nfs4")
        assert writers_of(file) is Writers.UNKNOWN
