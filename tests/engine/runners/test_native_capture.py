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
    except native_shim.NoCompilerError as error:
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


def test_the_compiled_capture_keeps_head_and_end_of_an_index_that_is_too_long(
    feed: Callable[[Path, int, list[Piece]], int], tmp_path: Path
) -> None:
    count = (capture.INDEX_HEAD + 2 * capture.INDEX_TAIL) // capture.RECORD.size + 2
    assert feed(tmp_path, MB, [(0, number, b"x") for number in range(count)]) == 0
    whole = b"".join(capture.RECORD.pack(number, number, 1, 0) for number in range(count))
    middle, last = capture.INDEX_HEAD + capture.INDEX_TAIL, capture.INDEX_HEAD + 2 * capture.INDEX_TAIL
    kept = {file.name: file.read_bytes() for file in tmp_path.glob(f"{layout.INDEX}*")}
    assert kept == {
        "index": whole[: capture.INDEX_HEAD],
        f"index.{middle:015d}": whole[middle:last],
        f"index.{last:015d}": whole[last:],
    }
