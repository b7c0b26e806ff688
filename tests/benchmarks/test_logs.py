"""What it costs to look into ten million lines of output: the first page of a filter, the full count, following."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from engine.cli.job_output import JobOutput
from engine.runners import layout
from engine.runners.capture import RECORD
from engine.streams.attempt_output import AttemptOutput, reader_in
from engine.streams.line_search import LineSearch, errors_search, text_search
from engine.streams.ripgrep_count import ripgrep
from gui.panels.logs.line_pages import AttemptSource, LineCount, PageRequest
from gui.panels.logs.output_server import search_of
from tests.benchmarks.figures import Figure, Figures
from tests.benchmarks.scenes import FOLLOWED_S, RATE
from tests.benchmarks.test_window import play

LINES, PLAIN_READ = 10_000_000, 200_000
_FAR = 2**62
_ROOM = 2 * 1024**3
_PIECE = 1_200
MILLIONS = f"{LINES // 1_000_000} million lines"
RARE, COMMON = r"ok ERR(OR)?$", r"worker \d+ did"


def regex(text: str) -> LineSearch:
    """The search for a regular expression, as the Logs request it."""
    search = search_of({"text": text, "regex": True, "case": False})
    assert search is not None
    return search


SEARCHES: dict[str, LineSearch | None] = {
    "no filter": None,
    "a text in one line of a thousand": text_search("error", is_case=False),
    "a text in every line": text_search("step", is_case=False),
    "errors": errors_search(has_rules=False),
    "a regular expression in one line of a thousand": regex(RARE),
    "a regular expression in every line": regex(COMMON),
    "a regular expression without any text that it needs": regex(r"[0-9]{9}.*[a-z]{4} [0-9]{1,7} [a-z]{2} "),
}


class BigLog(NamedTuple):
    """An attempt that has printed much."""

    source: AttemptSource
    file: Path


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BigLog]:
    """Written as the shim does: pieces of about 64 KB, one record each."""
    folder = tmp_path_factory.mktemp("big") / "1-token"
    if shutil.disk_usage(folder.parent).free < _ROOM:
        pytest.skip(f"needs {_ROOM >> 30} GB")
    folder.mkdir()
    began, offset = time.time_ns() - LINES * 1_000, 0
    with (folder / "stdout").open("wb") as out, (folder / layout.INDEX).open("wb") as index:
        for first in range(0, LINES, _PIECE):
            piece = b"".join(map(_line, range(first, min(first + _PIECE, LINES))))
            out.write(piece)
            index.write(RECORD.pack(began + first * 1_000, offset, len(piece), layout.STDOUT))
            offset += len(piece)
    yield BigLog(AttemptSource(1, folder, "shell", has_ended=True), folder / "stdout")
    shutil.rmtree(folder)


def _line(number: int) -> bytes:
    end = b" ERROR" if number % 1_000 == 7 else b""
    return b"%09d INFO worker %d did step %d of the job ok%s\n" % (
        number,
        number % 17,
        number * 7919 % 1000003,
        end,
    )


def cpu_ms(work: Callable[[], object]) -> float:
    """Processor time of this process and of those it waited for."""
    before = _used()
    work()
    return (_used() - before) * 1000


def _used() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def rival_count(file: Path, text: str, *, is_regex: bool = False) -> tuple[str, Callable[[], object]]:
    """The quickest program there is that counts lines with a text."""
    kind = [] if is_regex else ["-F"]
    if ripgrep() is not None:
        argv = ["rg", "--no-config", "-a", "--count", "-i", *kind, "-e", text, str(file)]
        return "`rg --count -i`", lambda: subprocess.run(argv, check=False, stdout=subprocess.DEVNULL)
    argv = ["grep", "-a", "-c", "-i", *(kind or ["-P"]), "-e", text, str(file)]
    environment = {**os.environ, "LC_ALL": "C"}
    return "`grep -c -i`", lambda: subprocess.run(
        argv, check=False, stdout=subprocess.DEVNULL, env=environment
    )


def read_from_start(log: BigLog) -> float:
    """What reading costs that begins at the first byte, of all lines in proportion to some."""
    output = AttemptOutput(log.source.folder, reader_in(log.source.folder, "shell"))
    bytes_read = log.file.stat().st_size * PLAIN_READ // LINES
    return cpu_ms(lambda: sum(1 for _ in output.read(bytes_read))) * LINES / PLAIN_READ


def test_the_first_page_of_a_filter(figures: Figures, log: BigLog) -> None:
    theirs = read_from_start(log)
    for name, search in SEARCHES.items():
        request = PageRequest([log.source], 0, _FAR, limit=500, search=search)
        assert request.page().lines
        figures.add(
            Figure(
                what=f"processor time of the first page of {MILLIONS}, {name}",
                ours=min(cpu_ms(request.page) for _ in range(3)),
                rival=f"reading all of them from the start, in proportion to {PLAIN_READ:,}",
                theirs=theirs,
                unit="ms",
            )
        )


def test_the_last_lines_for_the_command_line(figures: Figures, log: BigLog) -> None:
    output = JobOutput("job", log.source.folder, "shell", ended=True)
    figures.add(
        Figure(
            what=f"processor time of the last 20 of {MILLIONS}",
            ours=cpu_ms(lambda: output.newest(20)),
            rival="`tail -n 20`",
            theirs=cpu_ms(
                lambda: subprocess.run(["tail", "-n", "20", log.file], check=True, stdout=subprocess.DEVNULL)
            ),
            unit="ms",
        )
    )


def test_the_full_count_of_a_filter(figures: Figures, log: BigLog) -> None:
    """The first count of all lines sees which files are plain; so it does in the window."""

    def count(search: LineSearch, *, with_all: bool = False) -> None:
        counting = LineCount(1, [log.source], before=_FAR, search=search, with_all=with_all)
        while counting.go_on(0.1):
            pass
        assert counting.found in {LINES, LINES // 1_000}

    theirs = read_from_start(log)
    figures.add(
        Figure(
            what=f"processor time to count {MILLIONS} and the errors among them",
            ours=cpu_ms(lambda: count(errors_search(has_rules=False), with_all=True)),
            rival=f"reading all of them from the start, in proportion to {PLAIN_READ:,}",
            theirs=theirs,
            unit="ms",
        )
    )
    for text, what, search in (
        ("error", "have a text, one of a thousand", text_search("error", is_case=False)),
        ("step", "have a text, all of them", text_search("step", is_case=False)),
        (RARE, "match a regular expression, one of a thousand", regex(RARE)),
        (COMMON, "match a regular expression, all of them", regex(COMMON)),
    ):
        rival, run = rival_count(log.file, text, is_regex=search.regex is not None)
        figures.add(
            Figure(
                what=f"processor time to count the lines of {MILLIONS} that {what}",
                ours=min(cpu_ms(partial(count, search)) for _ in range(3)),
                rival=rival,
                theirs=min(cpu_ms(run) for _ in range(3)),
                unit="ms",
            )
        )


READS_ALL = """
import sys
from pathlib import Path
from engine.streams.line_search import errors_search
from gui.panels.logs.line_pages import AttemptSource, LineCount, PageRequest
from gui.panels.logs.output_server import search_of
source = AttemptSource(1, Path(sys.argv[1]), "shell", True)
PageRequest([source], 0, 2**62, limit=20_000).page()
count = LineCount(1, [source], before=2**62, search=errors_search(has_rules=False))
while count.go_on(0.1): pass
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(status["VmHWM"].split()[0]) / 1024)
"""


def test_the_memory_of_a_process_that_reads_and_counts_all_of_them(figures: Figures, log: BigLog) -> None:
    def most(folder: Path) -> float:
        argv = [sys.executable, "-c", READS_ALL, str(folder)]
        done = subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True)
        return float(done.stdout)

    figures.add(
        Figure(
            what=f"most memory of a process that loads a page of {MILLIONS} and counts them",
            ours=most(log.source.folder),
            rival="the same process without any output",
            theirs=most(log.source.folder / "none"),
            unit="MB",
        )
    )


def test_following_a_job_that_prints_a_hundred_thousand_lines_a_second(
    figures: Figures, tmp_path: Path
) -> None:
    turn, gap, late = play("following", tmp_path / "ours")
    what = f"with a job that prints {RATE:,} lines a second for {FOLLOWED_S} s"
    for name, ours, theirs, rival, unit in (
        ("longest turn of the window's thread", turn, 16.0, "a frame", "ms"),
        ("longest gap between its beats", gap, 16.0, "a frame", "ms"),
        ("from the last line printed to that line in the list", late, FOLLOWED_S, "the time it prints", "s"),
    ):
        figures.add(Figure(what=f"{name}, {what}", ours=ours, rival=rival, theirs=theirs, unit=unit))
