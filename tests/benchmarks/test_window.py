"""How soon the window shows what another process wrote, how long it ever stands still, how it starts and rests."""

import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from threading import Event
from typing import Any

import psutil
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.figures import Figure, Figures, quantile
from tests.benchmarks.large_home import EVENTS as PAST_EVENTS
from tests.benchmarks.large_home import JOBS
from tests.benchmarks.large_scenes import ROWS as LARGE_ROWS
from tests.benchmarks.scenes import BUSY_JOBS, EVENTS, FILES, POLL_MS, PRINTED, WIDE

ROOT = Path(__file__).resolve().parents[2]
PAST = 100_000
WARM_S, IDLE_S = 20.0, 30.0  # until the older lines of the Logs are loaded, too
HUEY = "import sys; from huey import SqliteHuey; SqliteHuey('idle', filename=sys.argv[1]).create_consumer().run()"


def play(scene: str, home: Path) -> Any:
    argv = [sys.executable, "-m", "tests.benchmarks.scenes", scene, str(home)]
    said = subprocess.run(argv, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(said.stdout)


def test_from_a_commit_elsewhere_to_the_row_of_the_model(figures: Figures, tmp_path: Path) -> None:
    found = play("latency", tmp_path / "home")
    for share in (0.5, 0.99):
        figures.add(
            Figure(
                what=f"commit in another process to row of the model, p{share * 100:.0f}",
                ours=quantile(found["ours"], share),
                rival=f"a query each {POLL_MS} ms",
                theirs=quantile(found["theirs"], share),
                unit="ms",
            )
        )


def test_the_longest_stall_while_events_arrive_and_the_engine_is_busy(
    figures: Figures, tmp_path: Path
) -> None:
    ours, theirs = play("events", tmp_path / "ours"), play("table", tmp_path / "theirs")
    for number, what in enumerate(
        ("longest stall of the window", "most work of its thread between two beats")
    ):
        figures.add(
            Figure(
                what=f"{what}, {EVENTS:,} events arriving, engine running {BUSY_JOBS} jobs",
                ours=ours[number],
                rival="a `QTableWidget` that takes an item for each field of them, without an engine",
                theirs=theirs[number],
                unit="ms",
            )
        )


def test_the_longest_stall_while_a_job_prints_what_no_terminal_would_survive(
    figures: Figures, tmp_path: Path
) -> None:
    figures.add(
        Figure(
            what="longest stall of the window, a job prints a line of 100 MB, a million empty ones, escapes",
            ours=play("noise", tmp_path / "ours"),
            rival="a `QPlainTextEdit` given a hundredth of it",
            theirs=play("noise_in_an_edit", tmp_path / "theirs"),
            unit="ms",
        )
    )


def test_the_longest_stall_while_very_many_files_are_dropped(figures: Figures, tmp_path: Path) -> None:
    figures.add(
        Figure(
            what=f"longest stall of the window, {FILES:,} files dropped on it",
            ours=play("drop", tmp_path / "ours"),
            rival="the same window with Python's own garbage collector",
            theirs=play("drop_with_pythons_own", tmp_path / "theirs"),
            unit="ms",
        )
    )


def test_the_longest_turn_and_gap_from_the_first_paint_to_the_close(figures: Figures, tmp_path: Path) -> None:
    theirs = play("printing_in_an_edit", tmp_path / "theirs")
    scene = f"one file dropped and added, its job prints {PRINTED:,} lines of {WIDE} characters"
    for played, panels in (("printing", ""), ("printing_with_all_panels", ", all panels shown")):
        ours = play(played, tmp_path / played)
        for number, what in enumerate(
            ("longest turn of the window's thread", "longest gap between its beats")
        ):
            figures.add(
                Figure(
                    what=f"{what} from first paint to close, {scene}{panels}",
                    ours=ours[number],
                    rival="a bare `QPlainTextEdit` that is given the output of the same process",
                    theirs=theirs[number],
                    unit="ms",
                )
            )


def writer(what: str, home: Path, number: int) -> None:
    argv = [sys.executable, "-m", "tests.benchmarks.writers", what, str(home), str(number)]
    subprocess.run(argv, cwd=ROOT, check=True, timeout=900)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a hundred thousand events."""
    home = tmp_path_factory.mktemp("past") / "home"
    writer("past", home, PAST)
    return home


def start(*words: str | Path) -> float:
    """Seconds from the start of a process to its window being interactive."""
    begun = time.monotonic()
    argv = [sys.executable, "-m", "tests.benchmarks.starts", *map(str, words)]
    subprocess.run(argv, cwd=ROOT, check=True, timeout=120)
    return time.monotonic() - begun


def test_from_the_start_to_an_interactive_window(
    benchmark: BenchmarkFixture, figures: Figures, past: Path, tmp_path: Path
) -> None:
    start("bare")  # what is read from the disk or compiled the first time is nobody's fault
    start("signalbox", tmp_path / "first")
    benchmark.pedantic(start, args=("signalbox", past), rounds=3)  # type: ignore[no-untyped-call]  # it has no types
    ours = benchmark.stats.stats.median
    for rival, words in (
        ("the same with an empty database", [("signalbox", tmp_path / f"new-{n}") for n in range(3)]),
        ("a bare PySide6 window", [("bare",)] * 3),
    ):
        theirs = quantile([start(*each) for each in words], 0.5)
        what = f"start to interactive window, {PAST:,} events in the database"
        figures.add(Figure(what=what, ours=ours, rival=rival, theirs=theirs, unit="s"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a hundred thousand jobs and nine hundred thousand events."""
    home = tmp_path_factory.mktemp("large") / "home"
    argv = [sys.executable, "-m", "tests.benchmarks.large_home", str(home)]
    subprocess.run(argv, cwd=ROOT, check=True, timeout=900)
    return home


LONG_PAST = f"{JOBS:,} jobs and {PAST_EVENTS:,} events in the database"


def processor_time(argv: list[str]) -> float:
    """The processor time in seconds of a process and of what it has started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv, cwd=ROOT, check=True, timeout=120, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def median_of_three(*argv: str | Path) -> float:
    words = [sys.executable, *map(str, argv)]
    return quantile([processor_time(words) for _ in range(3)], 0.5)


def test_the_start_over_a_long_past(figures: Figures, large: Path, tmp_path: Path) -> None:
    start("signalbox", large)  # what is made at the first start is nobody's fault
    start("signalbox", tmp_path / "new")
    starts = ("-m", "tests.benchmarks.starts", "signalbox")
    figures.add(
        Figure(
            what=f"processor time of a start to an interactive window, {LONG_PAST}",
            ours=median_of_three(*starts, large),
            rival="the same with an empty database",
            theirs=median_of_three(*starts, tmp_path / "new"),
            unit="s",
        )
    )


def test_the_import_of_the_window(figures: Figures) -> None:
    figures.add(
        Figure(
            what="processor time of `import gui.app`",
            ours=median_of_three("-c", "import gui.app"),
            rival="`import PySide6.QtWidgets` alone",
            theirs=median_of_three("-c", "import PySide6.QtWidgets"),
            unit="s",
        )
    )


def play_large(scene: str, home: Path) -> Any:
    argv = [sys.executable, "-m", "tests.benchmarks.large_scenes", scene, str(home)]
    printed = subprocess.run(argv, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=600)
    return json.loads(printed.stdout.splitlines()[-1])


def test_the_memory_of_a_window_over_a_long_past(figures: Figures, large: Path, tmp_path: Path) -> None:
    figures.add(
        Figure(
            what=f"resident memory of the window, engine in it, {LONG_PAST}",
            ours=play_large("memory", large),
            rival="the same with an empty database",
            theirs=play_large("memory", tmp_path / "new"),
            unit="MB",
        )
    )


def test_what_a_person_waits_for_over_a_long_past(figures: Figures, large: Path) -> None:
    ours, theirs = play_large("waits", large), play_large("table", large)
    rival = f"a `QTableView` over {LARGE_ROWS:,} rows of a `QStandardItemModel`"
    for what, name, beside in (
        ("the slowest first paint of a panel", "paint", "paint"),
        (f"a run of {JOBS // 10:,} jobs is selected", "select", "paint"),
        (f"the first letter of a filter of {ours['rows']:,} jobs", "filter", "filter"),
    ):
        title = f"processor time of the window's thread, {what}, {LONG_PAST}"
        figures.add(Figure(what=title, ours=ours[name], rival=rival, theirs=theirs[beside], unit="ms"))


def test_a_prune_as_the_window_sees_it(figures: Figures, large: Path, tmp_path: Path) -> None:
    shutil.copytree(large, tmp_path / "large", ignore=shutil.ignore_patterns("engines"))
    theirs = play("table", tmp_path / "theirs")
    figures.add(
        Figure(
            what=f"longest turn of the window's thread while another process prunes, {LONG_PAST}",
            ours=play_large("prune", tmp_path / "large"),
            rival=f"a `QTableWidget` that takes {EVENTS:,} events",
            theirs=theirs[1],
            unit="ms",
        )
    )


def test_the_window_at_rest(figures: Figures, past: Path, tmp_path: Path) -> None:
    window = subprocess.Popen(
        [sys.executable, "-m", "gui", "--home", str(past)], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    huey = subprocess.Popen(
        [sys.executable, "-c", HUEY, str(tmp_path / "huey.db")], stderr=subprocess.DEVNULL
    )
    try:
        Event().wait(WARM_S)
        before = [cpu_seconds(one.pid) for one in (window, huey)]
        Event().wait(IDLE_S)
        used = [cpu_seconds(one.pid) for one in (window, huey)]
    finally:
        for one in (window, huey):
            one.terminate()
            one.wait(timeout=30)
    ours, theirs = [(after - at) / IDLE_S * 100 for at, after in zip(before, used, strict=True)]
    figures.add(
        Figure(
            what=f"processor time of the window at rest over {IDLE_S:.0f} s, engine in it, of one core",
            ours=ours,
            rival="an idle huey consumer",
            theirs=theirs,
            unit="%",
        )
    )


def cpu_seconds(pid: int) -> float:
    """What a process and its children have used."""
    process = psutil.Process(pid)
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return sum(one.user + one.system for one in times)
