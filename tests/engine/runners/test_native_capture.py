"""The compiled shim keeps output as the one in Python does, byte for byte, whatever of it is left out."""

import random
import resource
import struct
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.runners import capture, layout, native_shim
from tests.engine.runners.order_reading import build_part
from tests.helpers.patience import PATIENCE_S

Piece = tuple[int, int, bytes]
"""The number of the stream, nanoseconds since the epoch, and what came."""
MB = 1024 * 1024


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path, int, list[Piece]], int]]:
    """Lets the compiled capture, watched by sanitizers, keep pieces in a folder; returns how many bytes it lost."""
    try:
        program = build_part(tmp_path_factory.mktemp("capture"), "capture_feed")
    except native_shim.ShimBuildError as error:
        pytest.skip(str(error))

    def keep(folder: Path, cap: int, pieces: list[Piece]) -> int:
        data = b"".join(struct.pack("<BqI", number, ns, len(text)) + text for number, ns, text in pieces)
        done = subprocess.run(
            [program, str(cap)], cwd=folder, input=data, capture_output=True, check=False, timeout=PATIENCE_S
        )
        assert (done.returncode, done.stderr) == (0, b"")
        return int(done.stdout)

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))  # sanitizers take terabytes of addresses
    yield keep
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def keep_in_python(folder: Path, cap: int, pieces: list[Piece]) -> int:
    kept = capture.Capture(
        tuple(str(folder / name) for name in layout.STREAMS), str(folder / layout.INDEX), cap=cap
    )
    for number, ns, text in pieces:
        kept.keep(number, text, ns)
    kept.close()
    return kept.lost


def files_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("cap", [0, 1, 2, 3, 4, 7, 8, 100, 1_001, 60_000])
def test_both_captures_leave_the_same_files(
    feed: Callable[[Path, int, list[Piece]], int], tmp_path: Path, cap: int
) -> None:
    chance = random.Random(cap)  # noqa: S311
    lengths = [0, 1, 5, 40, 700] if cap > 10 else [0, 1, 2, 5]  # the smallest caps make a file of each byte
    pieces = [
        (chance.randrange(4), chance.randrange(2**62), chance.randbytes(chance.choice(lengths)))
        for _ in range(200)
    ]
    folders = [tmp_path / "python", tmp_path / "native"]
    for folder in folders:
        folder.mkdir()
    (folders[0] / "stderr").mkdir()
    (folders[1] / "stderr").mkdir()  # in the way of what is to be kept
    assert keep_in_python(folders[0], cap, pieces) == feed(folders[1], cap, pieces)
    for folder in folders:
        (folder / "stderr").rmdir()
    assert files_of(folders[0]) == files_of(folders[1])


@pytest.mark.parametrize(("cap", "segments"), [(32 * MB, 2), (64 * MB, 1)])
def test_the_index_of_a_long_output_is_longer_and_left_whole(
    feed: Callable[[Path, int, list[Piece]], int], tmp_path: Path, cap: int, segments: int
) -> None:
    count = capture.INDEX_HEAD // capture.RECORD.size + 2
    feed(tmp_path, cap, [(0, 1, b"x")] * count)
    index = sorted(tmp_path.glob("index*"))
    assert len(index) == segments
    assert sum(file.stat().st_size for file in index) == count * capture.RECORD.size


def test_the_index_of_a_long_output_is_longer_in_python_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "INDEX_HEAD", capture.RECORD.size * 2)
    monkeypatch.setattr(capture, "INDEXED", 100)
    keep_in_python(tmp_path, 400, [(0, 1, b"x")] * 8)
    assert [file.name for file in tmp_path.glob("index*")] == ["index"]
