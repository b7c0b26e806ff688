"""A coding tool was updated: an event says so once, with both versions, whoever noticed and whatever was killed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.adapters.known_versions import FILE, known_versions, note_version
from engine.adapters.probing import probed
from engine.host.tool_watch import LOOK_EVERY_S, ToolWatch
from engine.interfaces import InlinePool
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.types import ToolProbe

NOW = 1_780_000_000.0


class Bench:
    """A home, a tool whose version a test sets, and engines that watch it."""

    def __init__(self, folder: Path) -> None:
        self.home = Home.at(folder / "home")
        self.exe, self.now, self.number_of_probes = folder / "mine", NOW, 0
        self.store = JobStateStore(home=self.home, clock=lambda: self.now)

    def install(self, version: str) -> None:
        self.exe.write_text(f"#!/bin/sh\necho mine {version}\n")
        self.exe.chmod(0o755)
        os.utime(self.exe, (self.now, self.now))

    def probe(self, tool: str) -> ToolProbe:
        self.number_of_probes += 1
        return probed(tool, str(self.exe), {})

    def note(self) -> None:
        """What the settings, the welcome and `signalbox tools` do."""
        note_version(self.home.root, self.probe("mine"), self.now)

    def watch(self) -> ToolWatch:
        return ToolWatch(self.store, InlinePool(), self.probe)

    def look(self, *watches: ToolWatch, tools: tuple[str, ...] = ("mine",)) -> None:
        for _ in range(2):
            self.now += LOOK_EVERY_S
            for watch in watches:
                watch.look(tools, self.now)

    def changes(self) -> list[tuple[str, str]]:
        found = [one for one in self.store.list_events() if one.event_type == "tool.version_changed"]
        return [(str(one.payload["old"]), str(one.payload["new"])) for one in found]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.store.close()


def test_a_tool_that_was_updated_between_two_attempts_is_recorded_once_by_all_engines(bench: Bench) -> None:
    bench.install("1.0.0")
    bench.note()
    first, second = bench.watch(), bench.watch()
    bench.look(first, second)
    assert (bench.changes(), bench.number_of_probes) == ([], 1), "a program that is the same is not started"
    bench.install("1.1.0")
    bench.look(first, second, tools=())
    assert bench.number_of_probes == 1, "nor is one that no job uses"
    bench.look(first, second)
    bench.look(bench.watch(), bench.watch())
    assert bench.changes() == [("1.0.0", "1.1.0")]
    assert (
        bench.store.list_events()[-1].message
        == "mine has another version than before: 1.1.0 instead of 1.0.0."
    )
    bench.install("1.0.0")
    bench.look(first, second)
    assert bench.changes()[1:] == [("1.1.0", "1.0.0")], "each change is one of its own"


def test_a_change_that_a_probe_of_the_window_finds_is_recorded_by_the_next_engine_whatever_is_killed(
    bench: Bench,
) -> None:
    bench.install("1.0.0")
    bench.note()
    bench.install("2.0.0")
    bench.note()
    noted = (bench.home.root / FILE).read_bytes()
    bench.look(bench.watch(), tools=())
    (bench.home.root / FILE).write_bytes(
        noted
    )  # as an engine leaves it that is killed between the two writes
    bench.look(bench.watch(), tools=())
    assert bench.changes() == [("1.0.0", "2.0.0")]
    assert known_versions(bench.home.root)["mine"].changes == ()


def test_a_tool_that_went_back_and_forth_before_an_engine_looked_ends_with_the_version_it_has(
    bench: Bench,
) -> None:
    for version in ("1.0.0", "2.0.0", "1.0.0", "2.0.0"):
        bench.now += 60
        bench.install(version)
        bench.note()
    bench.look(bench.watch(), bench.watch(), tools=())
    assert bench.changes() == [("1.0.0", "2.0.0"), ("2.0.0", "1.0.0"), ("1.0.0", "2.0.0")]


def test_a_tool_that_was_never_probed_or_prints_no_version_is_no_event_and_is_asked_once(
    bench: Bench,
) -> None:
    watch = bench.watch()
    bench.install("1.0.0")
    bench.look(watch)
    assert bench.number_of_probes == 0
    bench.note()
    bench.exe.write_text("#!/bin/sh\n")
    bench.look(watch)
    bench.look(watch)
    assert bench.number_of_probes == 2
    (bench.home.root / FILE).write_text("{")
    bench.look(watch)
    assert bench.changes() == []
