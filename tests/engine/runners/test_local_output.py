"""X15-X17, L5, X7: output of any size and kind is kept within its cap, and never holds up or kills the tool."""

import itertools
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from engine.runners import capture, layout, output
from engine.types import EndReason
from tests.engine.runners.stage import LocalStage, wait_until
from tests.helpers import child_zoo

pytestmark = pytest.mark.usefixtures("each_shim")

MB = 1_000_000
CAP = 8 * 1024 * 1024


def memory(pid: int, field: str = "VmRSS") -> int:
    """Resident kilobytes of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))


def kept_on_disk(folder: Path) -> int:
    return sum(entry.stat().st_size for entry in folder.glob("stdout*"))


def test_x16_two_hundred_megabytes_are_read_in_little_memory_and_kept_within_the_cap(
    stage: LocalStage,
) -> None:
    engine = stage.engine()
    code = (
        "import os, sys\n"
        "sys.path.append(sys.argv[1])\n"
        "import child_zoo\n"
        "child_zoo.ready()\n"
        "child_zoo.prints('1000000'); os.write(2, b'first')\n"
        "child_zoo.prints('199000000'); os.write(2, b'second')\n"
        "child_zoo.sleep()\n"
    )
    ref = engine.start(stage.python(code, str(Path(child_zoo.__file__).parent), output_cap=CAP, grace_s=20.0))
    errors = stage.folder(ref) / "stderr"
    wait_until(lambda: errors.exists() and errors.read_bytes() == b"firstsecond", "200 MB to be printed")
    total = 200 * MB + len(b"ready\n")
    wait_until(lambda: output.size(stage.folder(ref), "stdout") == total, "200 MB to be read")
    assert memory(stage.shim_of(ref), "VmHWM") < 25_000
    engine.runner.stop(ref)
    engine.end_of(ref)
    assert CAP - 1024 * 1024 <= kept_on_disk(stage.folder(ref)) <= CAP
    assert output.tail(stage.folder(ref), 16, name="stdout") == child_zoo.CHUNK[-16:]


def test_the_head_and_the_last_megabyte_are_kept_and_the_gap_is_told(stage: LocalStage) -> None:
    engine = stage.engine()
    code = "import sys\nfor n in range(1000000): sys.stdout.write('%015d\\n' % n)"
    ref = engine.start(stage.python(code, output_cap=CAP))
    engine.end_of(ref)
    lines = output.stream(stage.folder(ref), "stdout").split(b"\n")
    assert lines[0] == b"%015d" % 0
    assert lines[-2] == b"%015d" % 999_999
    (notice,) = [at for at, line in enumerate(lines) if line.startswith(b"[")]
    left_out = int(lines[notice][1:].split()[0])
    assert left_out + kept_on_disk(stage.folder(ref)) == 16 * MB
    assert kept_on_disk(stage.folder(ref)) <= CAP
    assert lines[-60_000] == b"%015d" % (999_999 - 60_000 + 2)


def test_both_streams_are_kept_apart_and_told_in_the_order_they_came(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.animal(child_zoo.says_in_pieces, 0.0, "x"))
    engine.end_of(ref)
    code = "import os, time\nfor n in range(10): os.write(1 + n % 2, b'%d\\n' % n); time.sleep(0.08)"
    ref = engine.start(stage.python(code))
    engine.end_of(ref)
    folder = stage.folder(ref)
    assert output.stream(folder, "stdout") == b"0\n2\n4\n6\n8\n"
    assert output.stream(folder, "stderr") == b"1\n3\n5\n7\n9\n"
    assert output.tail(folder) == b"0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n"
    pieces = list(output.pieces(folder))
    assert [piece.text for piece in pieces] == [b"%d\n" % number for number in range(10)]
    assert all(earlier.ns < later.ns for earlier, later in itertools.pairwise(pieces))


def test_a_follower_sees_each_byte_once_while_it_is_written(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.animal(child_zoo.prints_both, 20_000))
    folder = stage.folder(ref)
    seen: dict[str, bytes] = {"stdout": b"", "stderr": b""}
    place = 0

    def follow() -> bool:
        nonlocal place
        for piece in output.pieces(folder, place):
            assert piece.offset == len(seen[piece.stream])
            seen[piece.stream] += piece.text
            place = piece.after
        return b"19998\n" in seen["stdout"] and b"19999\n" in seen["stderr"]

    wait_until(follow, "the last lines")
    engine.end_of(ref)
    assert seen == {name: output.stream(folder, name) for name in ("stdout", "stderr")}
    assert sorted(map(int, (seen["stdout"] + seen["stderr"]).split())) == list(range(20_000))


def test_x16_bytes_of_any_kind_are_kept_as_they_came(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.animal(child_zoo.prints_garbage))
    engine.end_of(ref)
    kept = output.stream(stage.folder(ref), "stdout")
    assert kept.startswith(bytes(range(256)))
    assert kept.endswith(b"\r10%\r20%\r\n\xe2\x82\xac\n")
    assert output.tail_text(stage.folder(ref), name="stdout").endswith("€\n")


def test_x16_one_line_of_a_hundred_megabytes_is_no_problem(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.animal(child_zoo.prints, 100 * MB, output_cap=CAP))
    assert engine.end_of(ref).exit_code == 0
    assert output.size(stage.folder(ref), "stdout") == 100 * MB


def test_x16_a_million_empty_lines_are_kept(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.shell("/usr/bin/yes '' | /usr/bin/head -n 1000000"))
    engine.end_of(ref)
    assert output.stream(stage.folder(ref), "stdout") == b"\n" * MB


def test_the_index_is_capped_too(stage: LocalStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "INDEX_HEAD", capture.RECORD.size * 10)
    monkeypatch.setattr(capture, "INDEX_TAIL", capture.RECORD.size * 4)
    folder = stage.home.root / "kept"
    folder.mkdir()
    kept = capture.Capture(
        tuple(str(folder / name) for name in layout.STREAMS), str(folder / layout.INDEX), cap=MB
    )
    for number in range(1000):
        kept.keep(number % 2, b"%d\n" % number, number)
    kept.close()
    pieces = list(output.pieces(folder))
    numbers = [int(line) for piece in pieces for line in piece.text.split()]
    assert numbers[:10] == list(range(10))
    assert numbers[-4:] == list(range(996, 1000))
    assert sorted(numbers) == list(range(1000)), "what the index does not name is there all the same"
    assert 10 + 4 <= len(pieces) <= 10 + 8 + 2
    assert len(list(folder.glob("index*"))) == 3
    assert output.tail(folder, 8) == b"998\n999\n"


@pytest.mark.parametrize("what", ["removed", "truncated", "renamed", "a FIFO", "a link", "the whole folder"])
def test_x17_a_run_goes_on_whatever_happens_to_its_log(stage: LocalStage, what: str) -> None:
    engine = stage.engine()
    go = stage.home.root / "go"
    elsewhere = stage.home.root / "elsewhere"
    code = f"echo ready; while [ ! -e {go} ]; do sleep 0.01; done; echo more; touch {stage.home.root}/done"
    ref = stage.printed(engine.start(stage.shell(code)), b"ready\n")
    log = stage.folder(ref) / "stdout"
    match what:
        case "removed":
            log.unlink()
        case "truncated":
            os.truncate(log, 0)
        case "renamed":
            log.rename(log.with_name("moved"))
        case "a FIFO":
            log.unlink()
            os.mkfifo(log)
        case "a link":
            log.unlink()
            log.symlink_to(elsewhere)
        case "the whole folder":
            stage.folder(ref).rename(elsewhere)
    assert b"ready" not in output.stream(stage.folder(ref), "stdout")
    go.touch()
    end = engine.end_of(ref)
    assert (stage.home.root / "done").exists()
    output.stream(stage.folder(ref), "stdout")
    output.tail(stage.folder(ref))
    if what == "the whole folder":
        assert end.reason is EndReason.INTERRUPTED
        assert str(stage.folder(ref)) in end.detail
    else:
        assert (end.reason, end.exit_code) == (EndReason.EXITED, 0)
        assert not elsewhere.exists()


@pytest.fixture
def small_stage(tmp_path: Path) -> Iterator[LocalStage]:
    """A home on a file system of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root can make a small file system here")
    stage = LocalStage(disk / "home")
    yield stage
    stage.close()
    subprocess.run(["/bin/umount", str(disk)], check=True)


def fill(disk: Path) -> None:
    with (disk / "filler").open("ab", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(b"x" * 4096)


def test_x7_a_full_disk_neither_kills_the_tool_nor_swallows_its_end(small_stage: LocalStage) -> None:
    engine = small_stage.engine()
    ref = engine.start(small_stage.animal(child_zoo.prints, 5 * MB))
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code) == (EndReason.EXITED, 0)
    kept = output.size(small_stage.folder(ref), "stdout")
    assert 0 < kept < 1024 * 1024
    assert end.detail == f"{5 * MB - kept} bytes of its output could not be kept."


def test_x7_what_fills_up_while_a_tool_runs_does_not_swallow_its_end(small_stage: LocalStage) -> None:
    engine = small_stage.engine()
    code = f"echo ready; while [ ! -e {small_stage.home.root}/go ]; do sleep 0.01; done; echo more; exit 3"
    ref = small_stage.printed(engine.start(small_stage.shell(code)), b"ready\n")
    fill(small_stage.home.root)
    (small_stage.home.root / "go").touch()
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code) == (EndReason.EXITED, 3)


def test_x7_on_a_full_disk_nothing_starts_and_the_cause_is_told(small_stage: LocalStage) -> None:
    engine = small_stage.engine()
    fill(small_stage.home.root)
    end = engine.run(small_stage.command(["/bin/true"]))
    assert end.reason is EndReason.DISK
    assert "No space left" in end.detail


def test_a_file_size_limit_is_as_good_as_a_full_disk(stage: LocalStage) -> None:
    engine = stage.engine()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MB, hard))
    try:
        ref = engine.start(stage.animal(child_zoo.prints, 5 * MB))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code) == (EndReason.EXITED, 0)
    assert output.size(stage.folder(ref), "stdout") == MB
    assert f"{4 * MB} bytes" in end.detail


def test_nothing_is_there_to_read_before_anything_was_printed(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        assert output.stream(folder, "stdout") == b""
        assert output.tail(folder) == b""
        assert output.tail_text(folder, name="stderr") == ""
        assert list(output.pieces(folder)) == []
        assert output.size(folder, "stdout") == 0


def test_a_tail_never_begins_within_a_character(tmp_path: Path) -> None:
    (tmp_path / "stdout").write_bytes("ab€d".encode())
    assert [output.tail_text(tmp_path, limit, name="stdout") for limit in (6, 5, 4, 3, 2, 1)] == [
        "ab€d", "b€d", "€d", "d", "d", "d",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "record", [(1, 0, 2**32 - 1, 0), (1, 0, 3, 7), (1, -(2**62), 3, 0), (-1, 2**62, 3, 1)], ids=str
)
def test_a_damaged_index_is_read_as_far_as_it_makes_sense(tmp_path: Path, record: tuple[int, ...]) -> None:
    (tmp_path / "stdout").write_bytes(b"abcdef")
    good = capture.RECORD.pack(5, 3, 3, 0)
    (tmp_path / "index").write_bytes(capture.RECORD.pack(*record) + good + b"half")
    texts = [piece.text for piece in output.pieces(tmp_path)]
    assert texts[-1] == b"def"
    assert output.tail(tmp_path, 3) == b"def"
