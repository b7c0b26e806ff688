"""The compiled shim does what the one in Python does, and no broken order makes it do anything else."""

import json
import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.runners import layout, native_shim
from engine.runners.shim_program import ShimKind, chosen_shim, python_shim
from tests.engine.runners.order_reading import OrderReader, an_order, build_part, words_of_python
from tests.helpers.patience import PATIENCE_S

PYTHON = list(python_shim().command)
ENVIRON = {
    "PATH": "/usr/bin:/bin",
    "A": "of all",
    "EMPTY": "",
    "ODD": os.fsdecode(b"\xff=") + "é",
    f"{layout.OF_SETUP}A": "of the setup",
    f"{layout.OF_TESTS}A": "of the tests",
    f"{layout.OF_TESTS}B": "of the tests alone",
}
NO_ORDER = (ValueError, KeyError, TypeError, RecursionError, AttributeError, OverflowError, IndexError)


@pytest.fixture(scope="module")
def any_address() -> Iterator[None]:
    """Sanitizers take terabytes of addresses, which the tests of this project have not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@pytest.fixture(scope="module")
def native() -> Path:
    """The compiled shim as it is shipped."""
    return built(native_shim.build_beside_sources)


@pytest.fixture(scope="module")
def sanitized(tmp_path_factory: pytest.TempPathFactory, any_address: None) -> list[str]:
    """The command line of the compiled shim that reports each wrong step in memory."""
    del any_address
    return [str(built(lambda: native_shim.build(tmp_path_factory.mktemp("sanitized"), sanitized=True)))]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, any_address: None) -> Iterator[OrderReader]:
    """The reader of the compiled shim, which is watched by sanitizers."""
    del any_address
    program = built(lambda: build_part(tmp_path_factory.mktemp("reader"), "order_dump"))
    with OrderReader(program, ENVIRON) as reader:
        yield reader


def built(build: Callable[[], Path]) -> Path:
    try:
        return build()
    except native_shim.NoCompilerError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["python", "native"])
def shim(request: pytest.FixtureRequest) -> list[str]:
    """The beginning of the command line of each shim."""
    return PYTHON if request.param == "python" else [str(request.getfixturevalue("native"))]


@pytest.fixture
def folder_of(tmp_path: Path) -> Callable[..., Path]:
    """Makes the folder of an attempt with an order in it."""

    def make(text: str, home: str = "home") -> Path:
        folder = tmp_path / home / "attempts" / "1-abc"
        folder.mkdir(parents=True)
        (tmp_path / home / layout.STARTS).mkdir()
        (folder / layout.INVOCATION).write_bytes(text.encode())
        return folder

    return make


def live(shim: list[str], folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*shim, str(folder)], env={**ENVIRON, **environ}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, errors="replace", check=False, timeout=PATIENCE_S,
    )  # fmt: skip


def result_of(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / layout.RESULT).read_text()))


def test_a_shim_runs_the_tool_and_writes_down_how_it_ended(
    shim: list[str], folder_of: Callable[..., Path]
) -> None:
    folder = folder_of(json.dumps(an_order()))
    assert live(shim, folder).returncode == 0
    assert (folder / "stdout").read_text() == "printed\n"
    assert result_of(folder)["reason"] == "exited"


def test_a_shim_that_finds_a_result_starts_nothing(shim: list[str], folder_of: Callable[..., Path]) -> None:
    folder = folder_of(json.dumps(an_order()))
    (folder / layout.RESULT).write_text("{}")
    assert live(shim, folder).returncode == layout.ALREADY_ENDED
    assert not (folder / "stdout").exists()


@pytest.mark.parametrize("is_boot_known", [True, False])
def test_the_note_of_a_start_is_synced_only_where_the_system_does_not_say_which_start_of_its_own_it_is(
    shim: list[str], folder_of: Callable[..., Path], *, is_boot_known: bool
) -> None:
    """A FIFO takes what is written and refuses to be synced."""
    folder = folder_of(json.dumps(an_order()))
    note = folder.parents[1] / layout.STARTS / folder.name
    os.mkfifo(note)
    hide = "mount --bind /dev/null /proc/sys/kernel/random/boot_id || exit 77"
    script = 'exec "$@"' if is_boot_known else f'{hide}; exec "$@"'
    reader = os.open(note, os.O_RDONLY | os.O_NONBLOCK)
    try:
        done = live(["unshare", "-rm", "sh", "-c", script, "sh", *shim], folder)
    finally:
        os.close(reader)
    if not (folder / layout.RESULT).exists():
        pytest.skip(f"The boot id cannot be hidden here: {done.stderr}")
    assert result_of(folder)["reason"] == ("exited" if is_boot_known else "spawn_failed")


def test_where_the_system_shows_no_processes_the_tool_is_ended_all_the_same(
    shim: list[str], folder_of: Callable[..., Path]
) -> None:
    order = an_order(argv=[*SHELL, "trap '' TERM; sleep 600 & wait"], timeout_s=0.3, grace_s=0.1)
    folder = folder_of(json.dumps(order))
    live(["unshare", "-rm", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh", *shim], folder)
    if not (folder / layout.RESULT).exists():
        pytest.skip("The processes cannot be hidden here.")
    end = result_of(folder)
    assert (end["reason"], end["exit_code"], end["detail"]) == ("timeout", -9, "It ran longer than 0.3 s.")


def test_the_compiled_shim_leaves_an_attempt_with_values_to_mask_to_the_other(
    native: Path, folder_of: Callable[..., Path]
) -> None:
    folder = folder_of(json.dumps(an_order()))
    done = live([str(native)], folder, **{layout.SECRETS: '{"values": ["canary"]}'})
    assert done.returncode == 1
    assert "values to mask" in done.stderr
    assert [each.name for each in folder.iterdir()] == [layout.INVOCATION]
    assert live([str(native)], folder).returncode == 0


def test_where_there_is_no_compiler_the_build_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    with pytest.raises(native_shim.NoCompilerError, match="no C compiler"):
        native_shim.build(tmp_path)
    monkeypatch.setenv("CC", "/bin/false")
    with pytest.raises(native_shim.ShimBuildError, match="cannot be built: /bin/false") as broken:
        native_shim.build(tmp_path)
    assert not isinstance(broken.value, native_shim.NoCompilerError)  # which these tests are skipped for


def test_a_shim_of_other_sources_or_another_kind_of_machine_is_not_used(
    native: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = shutil.copytree(native.parent, tmp_path / "native")
    program = sources / native.name
    monkeypatch.setattr(native_shim, "SOURCES", sources)
    assert native_shim.built() == program
    (sources / "shim.c").write_text("int main(void) { return 0; }")
    assert native_shim.built() is None
    shutil.copy(native.parent / "shim.c", sources)
    program.write_bytes(b"\x7fELF of another machine")
    assert native_shim.built() is None
    assert chosen_shim().kind is ShimKind.PYTHON


SHELL = ["/bin/sh", "-c"]
SETUP = {
    "argv": [*SHELL, "echo set up; exit 0"],
    "env_names": ["A"],
    "stop_signal": 15,
    "timeout_s": 60,
    "digest": "d",
}
TESTS = {"argv": [*SHELL, "echo $A $B; exit 4"], "env_names": ["A", "B"], "stop_signal": 15, "after": [0, 3]}
WHOLE: dict[str, dict[str, Any]] = {
    "it prints on both streams": {"argv": [*SHELL, "echo one; echo two >&2; exit 7"]},
    "a signal ends it": {"argv": [*SHELL, "kill -9 $$"]},
    "its program is missing": {"argv": ["/no/such/prögram"]},
    "its program is in a file": {"argv": ["/bin/true/x"]},
    "its program is a folder": {"argv": ["/bin"]},
    "its program is a link in a circle": {"argv": ["/proc/self/fd/77"]},
    "its program may not be run": {"argv": ["/etc/passwd"]},
    "its arguments are too long": {"argv": ["/bin/echo", "x" * 200_000]},
    "an argument has a NUL": {"argv": ["/bin/echo", "a\0b"]},
    "an argument is half a character": {"argv": ["/bin/echo", "ab\ud800\udc80c", "\ud900"]},
    "its program has no name": {"argv": ["", "x"]},
    "its program is raw bytes": {"argv": ["/no/\udcff\udcc3/x"]},
    "its folder is missing": {"cwd": "/no/such/folder"},
    "its folder is a file": {"cwd": "/etc/passwd"},
    "its folder has a NUL": {"cwd": "/a\0b"},
    "its folder is half a character": {"cwd": "/\ud800"},
    "its input is missing": {"stdin_file": "/no/such/input"},
    "its input is half a character": {"stdin_file": "/n\udc81\ud800"},
    "its input has a NUL": {"stdin_file": "/a\0b"},
    "it reads its input": {"argv": ["/bin/cat"], "stdin_file": "/etc/hostname"},
    "it runs too long": {"argv": ["/bin/sleep", "600"], "timeout_s": 0.25},
    "it is silent": {"argv": [*SHELL, "echo x; exec sleep 600"], "silence_timeout_s": 0.5, "stop_signal": 2},
    "it ignores its end": {"argv": [*SHELL, "trap '' TERM; sleep 600 & wait"], "timeout_s": 0.5, "grace_s": 0.2},
    "it leaves children": {"argv": [*SHELL, "setsid sleep 600 & exit 5"]},
    "its stop is no signal": {"argv": ["/bin/sleep", "600"], "timeout_s": 0.2, "stop_signal": 999},
    "its setup goes before": {"setup": SETUP, "tests": TESTS},
    "its setup fails": {"setup": {**SETUP, "argv": [*SHELL, "echo $A; exit 9"]}, "tests": TESTS},
    "its setup cannot be started": {"setup": {**SETUP, "argv": ["/no/such/setup"]}},
    "its setup takes too long": {"setup": {**SETUP, "argv": ["/bin/sleep", "600"], "timeout_s": 0.2}},
    "its tests follow another end": {"argv": [*SHELL, "exit 3"], "tests": TESTS},
    "its tests do not follow": {"argv": [*SHELL, "exit 1"], "tests": TESTS},
    "its tests cannot be started": {"tests": {**TESTS, "argv": ["/no/such/tests"]}},
    "it is stopped as it starts": {"argv": ["/bin/sleep", "600"], "timeout_s": 0.0, "grace_s": 60.0},
    "its tests run too long": {"tests": {**TESTS, "argv": ["/bin/sleep", "600"]}, "timeout_s": 0.5},
}  # fmt: skip
TIMES = ("duration_s", "started_at", "ended_at")


@pytest.mark.parametrize("what", WHOLE)
def test_both_shims_end_an_attempt_alike_to_the_letter(
    sanitized: list[str], folder_of: Callable[..., Path], what: str
) -> None:
    text = json.dumps(an_order(**WHOLE[what]))
    ends = []
    for home, shim in (("python", PYTHON), ("native", sanitized)):
        folder = folder_of(text, home)
        done = live(shim, folder)
        assert done.returncode == 0, done.stderr
        assert "Sanitizer" not in done.stderr
        assert "runtime error" not in done.stderr
        kept = {file.name: file.read_bytes() for file in folder.iterdir() if file.name in layout.STREAMS}
        fields = {name: value for name, value in result_of(folder).items() if name not in TIMES}
        names = {file.name for file in folder.iterdir()} - {
            layout.LOG
        }  # which the runner makes for the other
        ends.append({**fields, "kept": kept, "names": names})
    assert ends[0] == ends[1]


def test_the_tree_a_tool_leaves_in_its_folder_is_removed_without_following_a_link(
    sanitized: list[str], folder_of: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "kept" / "in").mkdir(parents=True)
    code = (
        "import os, sys\nos.chdir(os.environ['TMPDIR'])\nos.symlink(sys.argv[1], 'link')\n"
        "for _ in range(1200): os.mkdir('d' * 100); os.chdir('d' * 100)\n"
        "os.symlink(sys.argv[1], 'link'); os.mkdir('closed', 0); os.chdir('/')\n"
        "os.mkdir(os.environ['TMPDIR'] + '/shut'); os.mkdir(os.environ['TMPDIR'] + '/shut/in')\n"
        "os.chmod(os.environ['TMPDIR'] + '/shut', 0)"
    )
    folder = folder_of(json.dumps(an_order(argv=[sys.executable, "-c", code, str(tmp_path / "kept")])))
    done = live(sanitized, folder)
    assert (done.returncode, done.stderr, result_of(folder)["exit_code"]) == (0, "", 0)
    assert not (folder / layout.TMP).exists()
    assert (tmp_path / "kept" / "in").is_dir()


TEXTS = st.text(st.characters(exclude_categories=()), max_size=12)
NAMES = st.sampled_from(["PATH", "A", "B", "EMPTY", "ODD", "TMPDIR", "", "A=of all", "Z", "é", "A\0", "PATH"])
SECONDS = st.one_of(st.none(), st.floats(), st.integers(-(10**12), 10**12))
NUMBERS = st.integers(-(2**63), 2**63 - 1)


def programs(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "argv": st.lists(TEXTS, min_size=1, max_size=4),
            "env_names": st.lists(NAMES, max_size=5),
            "stop_signal": NUMBERS,
            **more,
        },
        optional={} if "cwd" in more else {"cwd": TEXTS},
    )


ORDERS = programs(
    name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    token=TEXTS,
    cwd=TEXTS,
    stdin_file=st.one_of(st.none(), TEXTS),
    timeout_s=SECONDS,
    silence_timeout_s=SECONDS,
    grace_s=SECONDS,
    output_cap=NUMBERS,
    setup=st.one_of(st.none(), programs(timeout_s=SECONDS, digest=TEXTS)),
    tests=st.one_of(st.none(), programs(), programs(after=st.lists(NUMBERS, max_size=3))),
)
"""Every order that an engine could write, and many more."""


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(order=ORDERS, indent=st.sampled_from([None, 1]))
def test_the_compiled_shim_reads_an_order_as_python_does(
    reader: OrderReader, order: dict[str, Any], indent: int | None
) -> None:
    text = json.dumps(order, indent=indent).encode()
    assert reader.read(text) == words_of_python(text, ENVIRON)


BROKEN = {
    "empty": b"",
    "spaces": b" \n\t",
    "cut short": json.dumps(an_order()).encode()[:-1],
    "more than one": json.dumps(an_order()).encode() + b"{}",
    "no object": b'["argv"]',
    "nested without an end": b"[" * 100_000,
    "nested objects": b'{"a":' * 100_000,
    "a list that is deep within": json.dumps(an_order()).replace("null", "[" * 60_000 + "]" * 60_000).encode(),
    "a number without an end": json.dumps(an_order()).replace("1000000", "9" * 100_000).encode(),
    "a number too large": json.dumps(an_order(output_cap=10**30)).encode(),
    "a byte above ASCII": json.dumps(an_order(token="é"), ensure_ascii=False).encode(),
    "a NUL byte": json.dumps(an_order()).encode().replace(b"abc", b"a\0c"),
    "a line break in a string": json.dumps(an_order()).encode().replace(b"abc", b"a\nc"),
    "an unknown escape": json.dumps(an_order()).encode().replace(b"abc", rb"a\xc"),
    "an escape without an end": json.dumps(an_order()).encode().replace(b"abc", rb"a\u12"),
    "a comma too many": json.dumps(an_order()).encode().replace(b"}", b",}"),
    "no program": json.dumps(an_order(argv=[])).encode(),
    "a program that is no list": json.dumps(an_order(argv="/bin/echo")).encode(),
    "an argument that is no string": json.dumps(an_order(argv=["/bin/echo", 3])).encode(),
    "a limit that is none": json.dumps(an_order(timeout_s="soon")).encode(),
    "a cap that is not whole": json.dumps(an_order(output_cap=1.5)).encode(),
    "a name that no folder has": json.dumps(an_order(name="\ud800")).encode(),
    "a setup without a program": json.dumps(an_order(setup={})).encode(),
    "tests without a program": json.dumps(an_order(tests={"after": [0]})).encode(),
    **{f"no {name}": json.dumps({k: v for k, v in an_order().items() if k != name}).encode()
       for name in an_order() if name not in {"setup", "tests"}},
}  # fmt: skip


def test_a_broken_order_is_refused(reader: OrderReader) -> None:
    assert [what for what, text in BROKEN.items() if reader.read(text)[0] != "refused"] == []


def mutated(chance: random.Random, text: bytes) -> bytes:
    """The text with a few bytes, or pieces, changed, doubled, removed or cut off."""
    changed = bytearray(text)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        at = chance.randrange(len(changed) + 1)
        end = min(at + chance.choice([0, 1, 1, 4, 40]), len(changed))
        piece = chance.choice(
            [b"", bytes([chance.randrange(256)]), chance.choice(PIECES), bytes(changed[at:end]) * 2]
        )
        changed[at:end] = piece
    return bytes(changed[: chance.randrange(len(changed) + 1)] if chance.random() < 0.1 else changed)


PIECES = [
    *(rb"\u0000 \ud83d \udcff \ude00 \u \" \\ 1e999 -0 00 NaN Infinity - 1e 1. null true [ ] { } : , 0x1 [[[[[[[[ {}"
      rb" 9223372036854775808 -9223372036854775809").split(),
    b'"', b"\0", b"\xff", b" ", b'"argv": []', b'"after": [1e5]', b"9" * 70,
]  # fmt: skip


def test_a_mutated_order_is_refused_or_read_as_python_reads_it(reader: OrderReader) -> None:
    """The compiled reader accepts nothing that the other refuses, and crashes on nothing: sanitizers watch it."""
    chance = random.Random(7)  # noqa: S311
    setup = {**SETUP, "argv": ["/bin/\udcff", "\ud83d\ude00"], "cwd": "/x"}
    whole = json.dumps(an_order(setup=setup, tests=TESTS, timeout_s=1.5), indent=1).encode()
    accepted = 0
    for _ in range(6_000):
        text = mutated(chance, whole)
        if (words := reader.read(text))[0] == "refused":
            continue
        accepted += 1
        assert words == words_of_python(text, ENVIRON), text
    assert accepted > 100


@pytest.mark.parametrize(
    "what", ["empty", "cut short", "a NUL byte", "nested objects", "no stop_signal", "no program"]
)
def test_of_a_broken_order_nothing_is_run(
    sanitized: list[str], folder_of: Callable[..., Path], what: str
) -> None:
    folder = folder_of("")
    (folder / layout.INVOCATION).write_bytes(BROKEN[what])
    done = live(sanitized, folder)
    assert done.returncode == 1
    assert done.stderr == ""
    (line,) = (folder / layout.LOG).read_text().splitlines()
    assert line.startswith(f"{layout.INVOCATION} is no order: ")
    assert {each.name for each in folder.iterdir()} == {layout.INVOCATION, layout.DRAFT, layout.LOG}
