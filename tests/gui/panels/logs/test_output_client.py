"""The helper process that reads output, as used by the window."""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.streams.entries import Level
from gui.panels.logs import tails
from gui.panels.logs.line_pages import AttemptSource, PageRequest
from gui.panels.logs.output_client import Counted, Loaded, OutputClient, OutputLine
from gui.panels.logs.output_server import search_of
from gui.panels.logs.tails import Tail, Tails
from tests.gui.conftest import Clock
from tests.gui.panels.logs.output_printer import Printer
from tests.helpers.logs import LogWatch
from tests.helpers.patience import PATIENCE_MS

FAR = 2**62


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[Printer]:
    made = Printer(tmp_path / "attempts" / "1-abc")
    yield made
    made.close()


class Recorder:
    """Records everything a `OutputClient` emits."""

    def __init__(self, search: OutputClient) -> None:
        self.came: list[OutputLine] = []
        self.loaded: list[OutputLine] = []
        self.ended: list[tuple[int, Loaded]] = []
        self.gone: list[int] = []
        self.batches: list[int] = []
        search.lines_arrived.connect(self._on_came)
        search.lines_loaded.connect(self._on_loaded)
        search.load_ended.connect(lambda number, end: self.ended.append((number, end)))
        search.folder_gone.connect(self.gone.append)

    def _on_came(self, lines: list[OutputLine]) -> None:
        self.came += lines
        self.batches.append(len(lines))

    def _on_loaded(self, _number: int, lines: list[OutputLine]) -> None:
        self.loaded += lines

    def texts(self) -> list[str]:
        return [line.text for line in self.came]


@pytest.fixture
def search(qtbot: QtBot) -> Iterator[OutputClient]:
    assert qtbot is not None
    made = OutputClient()
    yield made
    made.close()


def test_lines_arrive_while_they_are_printed_and_the_rest_at_the_end(
    search: OutputClient, printer: Printer, qtbot: QtBot
) -> None:
    recorder = Recorder(search)
    search.follow(1, printer.folder, "shell", since=0)
    printer.print("one\ntwo\nthr")
    qtbot.waitUntil(lambda: recorder.texts() == ["one", "two"])
    printer.print("ee\nFAILED four\nlast", stream=0)
    printer.print("to stderr\n", stream=1)
    search.finish(1)
    qtbot.waitUntil(lambda: len(recorder.came) == 6)
    assert recorder.texts()[2:] == ["three", "FAILED four", "to stderr", "last"]
    assert recorder.came[3].level == Level.ERROR
    assert recorder.came[4].level == Level.OUTPUT  # stderr alone is no error


def test_a_window_that_is_slow_to_take_lines_up_gets_fewer_at_once(
    printer: Printer, qtbot: QtBot, clock: Clock
) -> None:
    slow = OutputClient(effort=clock)
    recorder = Recorder(slow)
    slow.lines_arrived.connect(lambda lines: clock.go_on(len(lines) * 0.00003))
    printer.print("".join(f"{number}\n" for number in range(2_000)))
    slow.follow(1, printer.folder, "shell", since=0)
    qtbot.waitUntil(lambda: len(recorder.came) == 2_000, timeout=PATIENCE_MS)
    slow.close()
    assert recorder.texts() == [str(number) for number in range(2_000)]
    assert max(recorder.batches[3:]) == 100


def test_a_question_without_a_newline_is_shown_after_a_moment(
    search: OutputClient, printer: Printer, qtbot: QtBot
) -> None:
    recorder = Recorder(search)
    search.follow(1, printer.folder, "shell", since=0)
    printer.print("Overwrite? [y/N] ")
    qtbot.waitUntil(lambda: recorder.texts() == ["Overwrite? [y/N]"], timeout=PATIENCE_MS)


def test_load_and_follow_from_the_same_moment_send_nothing_twice(
    search: OutputClient, printer: Printer, qtbot: QtBot
) -> None:
    recorder = Recorder(search)
    for number in range(10):
        printer.print(f"{number}\n", at=100.0 + number)
    search.load(7, [(1, printer.folder, "shell", False)], since=0, until=105_000_000_000, limit=100)
    search.follow(1, printer.folder, "shell", since=105.0)
    qtbot.waitUntil(lambda: bool(recorder.ended) and len(recorder.came) == 5)
    assert [line.text for line in recorder.loaded] == ["0", "1", "2", "3", "4"]
    assert recorder.texts() == ["5", "6", "7", "8", "9"]


def test_while_paused_nothing_is_read_and_afterwards_everything(
    search: OutputClient, printer: Printer, qtbot: QtBot
) -> None:
    recorder = Recorder(search)
    search.follow(1, printer.folder, "shell", since=0)
    printer.print("seen\n")
    qtbot.waitUntil(lambda: recorder.texts() == ["seen"])
    search.pause()
    printer.print("unseen\n")
    search.load(1, [], since=0, until=1, limit=1)
    qtbot.waitUntil(lambda: bool(recorder.ended))  # the process is alive, but does not read this attempt
    qtbot.wait(400)
    assert recorder.texts() == ["seen"]
    search.resume()
    qtbot.waitUntil(lambda: recorder.texts() == ["seen", "unseen"])


def test_a_load_sends_the_newest_lines_in_order_and_reports_that_there_are_more(
    search: OutputClient, tmp_path: Path, qtbot: QtBot
) -> None:
    attempts = []
    for number in (1, 2):
        printer = Printer(tmp_path / str(number))
        for line in range(1000):
            printer.print(f"{number}:{line}\n", at=100 + line + number / 10)
        printer.close()
        attempts.append((number, printer.folder, "shell", True))
    recorder = Recorder(search)
    search.load(3, attempts, since=0, until=10_000_000_000_000, limit=1500)
    qtbot.waitUntil(lambda: bool(recorder.ended))
    assert recorder.ended == [(3, Loaded(cut=True, first=350_100_000_000))]
    assert len(recorder.loaded) == 1500
    assert [line.at for line in recorder.loaded] == sorted(line.at for line in recorder.loaded)
    assert (recorder.loaded[0].text, recorder.loaded[-1].text) == ("1:250", "2:999")


def test_two_loads_that_meet_have_each_line_once_also_of_many_printed_at_one_moment(printer: Printer) -> None:
    for moment in range(20):
        printer.print("".join(f"{moment}.{line}\n" for line in range(10)), at=1_790_000_000 + moment * 1e-6)
    sources = [AttemptSource(1, printer.folder, "shell", has_ended=True)]
    newer = PageRequest(sources, 0, FAR, limit=45).page()
    older = PageRequest(sources, 0, newer.first or 0, limit=1000).page()
    assert (newer.cut, older.cut) == (True, False)
    whole = [line.text for line in (*older.lines, *newer.lines)]
    assert whole == [f"{moment}.{line}" for moment in range(20) for line in range(10)]


def test_lines_before_a_moment_are_counted_with_their_errors(
    search: OutputClient, printer: Printer, qtbot: QtBot
) -> None:
    printer.print("x\n" * 300_000, at=5)
    printer.print("ERROR: broken\n", at=6)
    printer.print("later\n", at=10)
    counted: list[Counted] = []
    search.counted.connect(counted.append)
    search.count([(1, printer.folder, "shell", True)], before=10_000_000_000)
    qtbot.waitUntil(lambda: bool(counted) and counted[-1].is_whole, timeout=PATIENCE_MS)
    assert counted[-1] == Counted(300_001, 1, is_whole=True)


TOTAL = {"text": "total (A+)+$", "regex": False, "case": False}


def test_a_search_of_all_output_takes_regex_and_case_and_one_that_takes_forever_finds_nothing(
    printer: Printer,
) -> None:
    printer.print(f"Total 12\ntotal 7\n{'a' * 40}\n", at=5)
    sources = [AttemptSource(1, printer.folder, "shell", has_ended=True)]

    def texts(text: str, *, case: bool = False) -> list[str]:
        search = search_of({"text": text, "regex": True, "case": case})
        return [line.text for line in PageRequest(sources, 0, FAR, limit=10, search=search).page().lines]

    assert texts(r"total \d+$") == ["Total 12", "total 7"]
    assert texts(r"total \d+$", case=True) == ["total 7"]
    assert texts(r"^(a+)+b") == []


def test_a_search_ignores_case_and_never_treats_the_text_as_a_pattern(printer: Printer) -> None:
    printer.print("Nothing\nThe TOTAL (a+)+$ of it\nmore\n", at=5)
    sources = [AttemptSource(1, printer.folder, "shell", has_ended=True)]
    found = PageRequest(sources, 0, FAR, limit=10, search=search_of(TOTAL)).page()
    assert [line.text for line in found.lines] == ["The TOTAL (a+)+$ of it"]
    assert not found.cut


def test_many_short_lines_arrive_in_batches_the_window_acknowledges(
    search: OutputClient, printer: Printer, qtbot: QtBot
) -> None:
    recorder = Recorder(search)
    printer.print(b"x\n" * 30_000)
    search.follow(1, printer.folder, "shell", since=0)
    qtbot.waitUntil(lambda: len(recorder.came) == 30_000, timeout=PATIENCE_MS)
    assert max(recorder.batches) <= 500


def test_output_that_disappears_is_reported_and_its_replacement_is_not_read(
    search: OutputClient, printer: Printer, qtbot: QtBot
) -> None:
    recorder = Recorder(search)
    search.follow(1, printer.folder, "shell", since=0)
    printer.print("before\n")
    qtbot.waitUntil(lambda: recorder.texts() == ["before"])
    moved = printer.folder.rename(printer.folder.with_name("moved"))
    qtbot.waitUntil(lambda: recorder.gone == [1])
    printer.folder.mkdir()
    for name in ("stdout", "stderr", "index"):
        os.mkfifo(printer.folder / name)
    search.follow(2, printer.folder, "shell", since=0)
    search.load(
        1,
        [(2, printer.folder, "shell", True), (3, moved, "shell", True)],
        since=0,
        until=time.time_ns() + 9_000_000_000,
        limit=9,
    )
    qtbot.waitUntil(lambda: bool(recorder.ended))
    assert [line.text for line in recorder.loaded] == ["before"]


def test_a_killed_helper_is_restarted_and_continues(
    search: OutputClient, printer: Printer, qtbot: QtBot, expect_log: LogWatch
) -> None:
    expect_log.expect(re.escape("started again"))
    recorder = Recorder(search)
    search.follow(1, printer.folder, "shell", since=0)
    printer.print("before\n")
    qtbot.waitUntil(lambda: recorder.texts() == ["before"])
    os.kill(search.process_id, signal.SIGKILL)
    printer.print("after\n")
    qtbot.waitUntil(lambda: recorder.texts() == ["before", "after"])


def test_the_helper_ends_with_its_owner(qtbot: QtBot, printer: Printer) -> None:
    owner = OutputClient()
    recorder = Recorder(owner)
    owner.follow(1, printer.folder, "shell", since=0)
    printer.print("hello\n")
    qtbot.waitUntil(lambda: recorder.texts() == ["hello"])
    pid = owner.process_id
    assert pid
    owner.deleteLater()
    qtbot.waitUntil(lambda: not Path(f"/proc/{pid}").exists())


def test_reading_continues_where_it_stopped(printer: Printer) -> None:
    tail = Tail(1, printer.folder)
    printer.print("a\nb")
    assert [line[3] for line in tail.read()] == ["a"]
    printer.print("c\n")
    assert [line[3] for line in tail.read()] == ["bc"]
    assert list(tail.read()) == []
    for _ in range(3):
        printer.print("x" * 600 + "\n")
    assert len(list(tail.read(limit=1000))) == 2
    assert tail.behind
    assert len(list(tail.read(limit=1000))) == 1
    assert not tail.behind


def test_of_lines_that_come_faster_than_a_window_lists_them_the_last_are_read_and_the_others_counted(
    printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tails, "_MOST_UNREAD", 60_000)
    monkeypatch.setattr(tails, "_KEPT_UNREAD", 30_000)
    tail = Tail(1, printer.folder)
    for number in range(1_000):
        printer.print(f"{number:>98}!\n" if number % 10 else f"ERROR: {number:>91}!\n", at=100 + number)
    read = [line.text for line in tail.read(limit=2_000)]
    passed = tail.go_past()
    assert passed is not None
    assert (passed["lines"], passed["errors"]) == (680, 68)
    read += [line.text for line in tail.read()]
    assert len(read) == 320
    assert read[0].endswith(" 0!")
    assert read[20].endswith(" 700!")
    assert tail.go_past() is None


def test_of_short_lines_the_last_are_read_however_few_bytes_wait(
    printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tails, "_LINES_A_TICK", 100)
    monkeypatch.setattr(tails, "_MOST_UNREAD_LINES", 500)
    monkeypatch.setattr(tails, "_KEPT_UNREAD_LINES", 200)
    tail = Tail(1, printer.folder)
    for number in range(1_000):
        printer.print(f"{number:>4}\n", at=100 + number)
    read = len(list(tail.read()))
    passed = tail.go_past()
    assert passed is not None
    assert passed["lines"] == 800 - read


def test_lines_of_several_attempts_come_in_order_of_time_however_far_one_of_them_is_behind(
    tmp_path: Path, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tails, "_LINES_A_TICK", 100)
    monkeypatch.setattr(tails, "_MOST_UNREAD_LINES", 3_000)
    monkeypatch.setattr(tails, "_KEPT_UNREAD_LINES", 2_000)
    other = Printer(tmp_path / "attempts" / "2-def")
    both = Tails()
    for number in range(2_500):
        printer.print(f"{number:>14}\n", at=100 + number / 1_000)
    for number in range(5_000):
        other.print(f"{number:>14}\n", at=101 + number / 1_000)
    for number, made in enumerate((printer, other), 1):
        both.follow(Tail(number, made.folder, "shell"))
        both.finish(number)
    answers: list[tails.Answer] = []
    while both:
        answers += both.read()
    other.close()
    times: list[int] = []
    for answer in answers:
        if "finished" not in answer:
            times += [line.ns for line in answer["lines"]] if "id" in answer else [answer["at"]]
    assert times == sorted(times)
    left_out = sum(int(answer["lines"]) for answer in answers if "passed" in answer)
    assert left_out > 1_000
    assert sum(len(answer["lines"]) for answer in answers if "id" in answer) == 7_500 - left_out
    assert {answer["finished"] for answer in answers if "finished" in answer} == {1, 2}


def test_an_attempt_that_has_ended_is_read_until_its_last_line_has_arrived(
    search: OutputClient, printer: Printer, qtbot: QtBot
) -> None:
    recorder = Recorder(search)
    search.follow(1, printer.folder, "shell", since=0)
    printer.print(b"x\n" * 3_000)
    assert search.is_reading
    search.finish(1)
    assert search.is_reading
    qtbot.waitUntil(lambda: not search.is_reading, timeout=PATIENCE_MS)
    assert len(recorder.came) == 3_000
