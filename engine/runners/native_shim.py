"""Builds the compiled shim out of the C files in `native`; what it shares with the one in Python stands here alone.

Used when the package is built and by tests, never while jobs run. Imports only the standard library, as a build hook
has nothing else. The shim is for Linux; elsewhere the one in Python runs.
"""

import errno
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from engine.runners import capture, detached, layout, process_tree, shim_process, spawn, supervised_run

NAME = "signalbox-shim"
"""The file name of the compiled shim, by which its processes are recognised."""
SOURCES = Path(__file__).with_name("native")
_HEADER = "shared_constants.h"
_WARNINGS = ("-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra")
_PRODUCT = ("-O2", "-fno-plt", "-s")
_SANITIZED = (
    "-Werror",  # not for users: a newer compiler may find more to warn of
    "-O1",
    "-g",
    "-fno-omit-frame-pointer",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
)
_PATIENCE_S = 300.0
_ANSWER_PATIENCE_S = 10.0
_NUMBERS: dict[str, int | float] = {
    "DRAFT_SIZE": shim_process.DRAFT_SIZE,
    "DETAIL_AT_MOST": shim_process.DETAIL_AT_MOST,
    "READ_SIZE": supervised_run.READ_SIZE,
    "CHECK_EVERY_S": supervised_run.CHECK_EVERY_S,
    "BUSY_CHECK_S": supervised_run.BUSY_CHECK_S,
    "SUSPENDED_S": supervised_run.SUSPENDED_S,
    "LEFTOVERS_SIGNALLED_S": supervised_run.LEFTOVERS_SIGNALLED_S,
    "LEFTOVERS_KILLED_S": supervised_run.LEFTOVERS_KILLED_S,
    "KILL_PATIENCE_S": supervised_run.KILL_PATIENCE_S,
    "CLEAN_PASSES": process_tree.CLEAN_PASSES,
    "BETWEEN_PASSES_S": process_tree.BETWEEN_PASSES_S,
    "RECORD_SIZE": capture.RECORD.size,
    "OUTPUT_TAIL": capture.TAIL,
    "INDEX_HEAD": capture.INDEX_HEAD,
    "INDEX_TAIL": capture.INDEX_TAIL,
}


HOW_TO_BUILD = "run `python -m engine.runners.native_shim` where a C compiler is installed."


class ShimBuildError(Exception):
    """The compiled shim cannot be built here; the message says why."""


class NoCompilerError(ShimBuildError):
    """There is nothing here to build it with; what is to be built may be all right."""


def build(into: Path, *, sanitized: bool = False) -> Path:
    """Compile the shim into this folder, in place of one that is there; `sanitized` is for tests only.

    Raises:
        ShimBuildError: this is not Linux, there is no compiler, or it fails.
    """
    return compile_program(sorted(SOURCES.glob("*.c")), into / NAME, sanitized=sanitized)


def compile_program(sources: Sequence[Path], binary: Path, *, sanitized: bool = False) -> Path:
    """Compile these C files into one program, statically where the system has what that takes.

    Raises:
        ShimBuildError: this is not Linux, there is no compiler, or it fails.
    """
    if not process_tree.LINUX:
        raise NoCompilerError(f"The compiled shim is for Linux, not for {sys.platform}.")
    binary.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".native-", dir=binary.parent) as folder:
        Path(folder, _HEADER).write_text(header(), encoding="ascii")
        made = Path(folder, binary.name)
        files = ["-I", folder, "-I", str(SOURCES), "-o", str(made), *map(str, sources)]
        complaint = ""
        for command in _commands(sanitized=sanitized):
            complaint = _complaint_of([*command, *files])
            if not complaint:
                made.replace(binary)
                return binary
    raise ShimBuildError(f"The compiled shim cannot be built: {complaint}")


def built() -> Path | None:
    """The shim that was built beside its sources.

    None where there is none, where the sources have changed since, and where it cannot be started: another kind of
    machine has built it into this folder, or the file system lets no program start.
    """
    program = SOURCES / NAME
    return program if _sources_of(program) == _digest_of_sources() else None


def build_beside_sources() -> Path:
    """Build the shim where `built` finds it, unless it is there already.

    Raises:
        ShimBuildError: as `build`, or its folder cannot be written.
    """
    if (program := built()) is not None:
        return program
    try:
        return build(SOURCES)
    except OSError as error:
        raise ShimBuildError(f"The compiled shim cannot be built in {SOURCES}: {error.strerror}.") from error


def _sources_of(program: Path) -> str:
    """The digest of the sources that a shim was built of, by its own word; empty where it cannot be started."""
    if not program.is_file():
        return ""
    try:
        done = subprocess.run(
            [program], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_ANSWER_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("ascii", errors="replace").strip()


def _digest_of_sources() -> str:
    # Not of the whole header: another Python than the one that built it knows other error numbers.
    digest = hashlib.sha256("\n".join(_constants()).encode("ascii"))
    for file in sorted((*SOURCES.glob("*.c"), *SOURCES.glob("*.h"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def header() -> str:
    """The C header with the names, exit codes, sizes and times of the Python modules."""
    errors = (f"{{{number}, {_quoted(os.strerror(number))}}}" for number in sorted(errno.errorcode))
    lines = [
        f"/* Made by {Path(__file__).name} out of the Python modules of the runner; not to be edited. */",
        "#ifndef SHARED_CONSTANTS_H",
        "#define SHARED_CONSTANTS_H",
        *_constants(),
        f"#define SOURCES_DIGEST {_quoted(_digest_of_sources())}",
        "/* What Python says of each error number, whatever the C library at hand would say. */",
        f"#define ERROR_SENTENCES {_list(errors)}",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def _constants() -> Iterator[str]:
    yield from _of_layout()
    yield f"#define GROUP_PREFIX {_quoted(detached.GROUP_PREFIX)}"
    yield from (f"#define {name} {value}" for name, value in _NUMBERS.items())
    yield f"#define IGNORED_SIGNALS {_list(spawn.OF_PYTHON)}"


def _of_layout() -> Iterator[str]:
    for name, value in vars(layout).items():
        if not name.isupper():
            continue
        if isinstance(value, str):
            yield f"#define LAYOUT_{name} {_quoted(value)}"
        elif isinstance(value, int):
            yield f"#define LAYOUT_{name} {value}"
        elif isinstance(value, tuple):
            yield f"#define LAYOUT_{name} {_list(map(_quoted, value))}"


def _list(items: "Iterable[str | int]") -> str:
    return "{" + ", ".join(map(str, items)) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _commands(*, sanitized: bool) -> Iterator[list[str]]:
    """The beginnings of the command lines to try, the best one first."""
    compiler = _compiler(sanitized=sanitized)
    if sanitized:
        yield [*compiler, *_WARNINGS, *_SANITIZED]
        return
    yield [*compiler, *_WARNINGS, *_PRODUCT, "-static"]
    yield [*compiler, *_WARNINGS, *_PRODUCT]  # where the system has no static C library


def _compiler(*, sanitized: bool) -> list[str]:
    if chosen := os.environ.get("CC"):
        return shlex.split(chosen)
    # A program linked against musl starts sooner: glibc asks the processor for its features each time.
    names = ("cc", "gcc", "clang") if sanitized else ("musl-gcc", "cc", "gcc", "clang")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        raise NoCompilerError("There is no C compiler; install gcc or clang, or name one in the variable CC.")
    return [found]


def _complaint_of(command: list[str]) -> str:
    """What the compiler complains of; empty where it succeeded."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, timeout=_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if done.returncode == 0 else done.stderr.strip() or f"{command[0]} failed ({done.returncode})"


if __name__ == "__main__":
    try:
        print(build_beside_sources())  # noqa: T201 - a script for builders
    except ShimBuildError as failure:
        sys.exit(str(failure))
