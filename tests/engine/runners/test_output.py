"""What the shim captured is read back byte for byte, wherever a segment ends, whatever else lies in the folder."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.runners import layout, output
from engine.runners.capture import Capture
from engine.runners.indexed_output import IndexedOutput

READS: list[Callable[[Path], object]] = [
    lambda folder: list(output.pieces(folder)),
    lambda folder: output.stream(folder, "stdout"),
    lambda folder: output.size(folder, "stdout"),
    output.tail,
    lambda folder: output.tail_text(folder, name="stdout"),
    lambda folder: output.tail_lines(folder, 100, name="stdout"),
    lambda folder: IndexedOutput(folder).close(),
]


def captured(pieces: list[tuple[int, bytes]], *, cap: int) -> None:
    """Capture these pieces in the current folder, as the shim does."""
    capture = Capture(layout.STREAMS, layout.INDEX, cap=cap)
    for at, (stream, data) in enumerate(pieces, 1):
        capture.keep(stream, data, at)
    capture.close()


def test_a_piece_that_goes_on_in_the_next_segment_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    captured([(0, b"0123456789"), (0, b"the second line\n")], cap=40)
    assert [piece.text for piece in output.pieces(tmp_path)] == [b"0123456789", b"the second line\n"]
    assert output.tail(tmp_path) == b"0123456789the second line\n"


@pytest.mark.parametrize("seed", range(20))
def test_the_pieces_are_all_that_the_segments_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.chdir(tmp_path)
    chance = random.Random(seed)  # noqa: S311 - the same pieces each time
    cap = chance.choice([40, 100, 1000, 4096])
    sizes = [(chance.randint(0, 1), chance.randint(1, cap // 3)) for _ in range(chance.randint(1, 60))]
    captured([(stream, chance.randbytes(size)) for stream, size in sizes], cap=cap)
    for name in layout.STREAMS:
        read: dict[int, int] = {}
        for piece in output.pieces(tmp_path):
            if piece.stream == name:
                read.update(enumerate(piece.text, piece.offset))
        kept: dict[int, int] = {}
        for file in tmp_path.glob(f"{name}*"):
            kept.update(enumerate(file.read_bytes(), int(file.suffix[1:] or 0)))
        assert read == kept


@pytest.mark.parametrize("suffix", ["99999999999999999999", "٣", "x", "-1", "9" * 200, ""])
def test_a_file_that_the_shim_cannot_have_written_stops_no_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.chdir(tmp_path)
    captured([(0, b"printed\n")], cap=4096)
    (tmp_path / f"stdout.{suffix}").touch()
    (tmp_path / f"{layout.INDEX}.{suffix}").write_bytes(b"\xff" * 200)
    for read in READS:
        read(tmp_path)
    assert output.stream(tmp_path, "stdout") == b"printed\n"
