"""Windows that are watched while something happens: ``python -m tests.benchmarks.scenes SCENE HOME`` prints JSON.

Each scene runs in a process of its own, as the program does: one window, the switches between threads and the
collector set as there.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMimeData, QObject, QPoint, QPointF, QProcess, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTableWidget, QTableWidgetItem, QWidget

from engine.host.commands import AddJobs
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system.home import Home
from gui.__main__ import _SWITCH_INTERVAL_S
from gui.app import ControlRoom
from gui.application.gc_scheduler import disable_for_good
from gui.data.event_feed import EventFeed
from gui.panels.board.board_panel import BoardPanel
from gui.panels.logs.logs_panel import LogsPanel
from state import event_queries, queries
from state.database import Database
from state.database_reader import DatabaseReader
from state.records import Event, JobStatus
from tests.benchmarks.turns import FirstPaint
from tests.benchmarks.writers import job

ROOT = Path(__file__).resolve().parents[2]
COMMITS, EVENTS, BUSY_JOBS = 200, 10_000, 60
FILES, LINES = 10_000, 100
NOISE = """
import sys
part, say = int(sys.argv[1]), sys.stdout.buffer.write
say(b"z" * (100_000_000 // part))
say(b"\\n" * (1_000_000 // part))
say(b"\\x1b[31m\\x1b[2J\\x07soup\\x1b]0;title\\x07\\xff\\xfe\\r\\x1b[999;999H" * (500_000 // part))
"""
"""One line of a hundred megabytes, a million empty ones, and twenty megabytes of escapes that end in no line."""
PRINTED, WIDE = 200_000, 85
PRINTING = f"import sys\nfor number in range({PRINTED}): sys.stdout.write(f'{{number:<{WIDE - 1}}}\\n')"
"""As many lines of so many characters, each a different one."""
RATE, FOLLOWED_S = 100_000, 10
FOLLOWING = f"""
import sys, time
begun = time.monotonic()
for tenth in range({FOLLOWED_S * 10}):
    for number in range(tenth * {RATE // 10}, (tenth + 1) * {RATE // 10}):
        sys.stdout.write(f'{{number:<{WIDE - 1}}}\\n')
    sys.stdout.flush()
    time.sleep(max(0.0, begun + tenth / 10 + 0.1 - time.monotonic()))
"""
"""So many lines a second, for so long."""
POLL_MS, PROBE_MS = 250, 10
_WARM_S, _PATIENCE_S = 4.0, 300.0
"""After this long the first readings are shown."""
_DRAG_S = 0.05


def until(holds: Callable[[], bool]) -> None:
    """Let the event loop run until something holds."""
    loop, begun = QEventLoop(), time.monotonic()

    failed: list[Exception] = []

    def look() -> None:
        try:
            over = holds()
        except Exception as error:  # noqa: BLE001 - in a slot it would be printed again and again, and nothing ends
            failed.append(error)
            over = True
        if over or time.monotonic() - begun > _PATIENCE_S:
            loop.quit()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    timer.stop()
    if failed:
        raise failed[0]
    assert holds(), f"it did not come about within {_PATIENCE_S:g} s"


def rest(seconds: float) -> None:
    """Let the event loop run for so long."""
    over = time.monotonic() + seconds
    until(lambda: time.monotonic() >= over)


@contextmanager
def window(home: Path) -> Iterator[ControlRoom]:
    """The window with its engine, warm."""
    room = ControlRoom(home)
    until(lambda: room.host.is_running)
    rest(_WARM_S)
    try:
        yield room
    finally:
        room.close("stop")


@contextmanager
def writer(what: str, home: Path, number: int) -> Iterator["subprocess.Popen[str]"]:
    """A process that writes, waited for at the end."""
    argv = [sys.executable, "-m", "tests.benchmarks.writers", what, str(home), str(number)]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process


class Stalls(QObject):
    """The longest time between two beats of a timer, beyond its interval, in milliseconds.

    `worked` is the most processor time this thread used between two beats: that part of a stall is ours on a busy
    machine as well.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest = self.worked = 0.0
        self._last, self._used = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self, interval=PROBE_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start()

    def _on_beat(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, (now - self._last) * 1000 - PROBE_MS)
        self.worked = max(self.worked, (used - self._used) * 1000)
        self._last, self._used = now, used


class FirstSeen:
    """When each name was seen first, in nanoseconds of the monotonic clock."""

    def __init__(self, look: Callable[[], list[str]]) -> None:
        self.at: dict[str, int] = {}
        self._look = look

    def look(self) -> None:
        """Look now."""
        now = time.monotonic_ns()
        for name in self._look():
            self.at.setdefault(name, now)

    def latencies(self, moments: list[int]) -> list[float]:
        """In milliseconds."""
        return [(self.at[f"job-{number}"] - moment) / 1e6 for number, moment in enumerate(moments)]


def latency(home: Path) -> object:
    """How long after each commit of another process the model has a row for it; beside it a query that polls."""
    with window(home) as room:
        panel = room.panels["workstreams"]
        assert isinstance(panel, BoardPanel)
        model = panel.model
        shown = FirstSeen(lambda: [card.ws_id for card in model.cards()])
        model.settled.connect(shown.look)
        reader = DatabaseReader(Database(Home.at(home).database))
        polled = FirstSeen(lambda: [one.job_id for one in reader.read(queries.jobs_of_run, "bench")])
        poll = QTimer(interval=POLL_MS)
        poll.timeout.connect(polled.look)
        poll.start()
        with writer("jobs", home, COMMITS) as process:
            until(lambda: len(shown.at) >= COMMITS and len(polled.at) >= COMMITS)
            moments = json.loads(process.communicate(timeout=60)[0])
        poll.stop()
        reader.close()
    return {"ours": shown.latencies(moments), "theirs": polled.latencies(moments)}


def events(home: Path) -> object:
    """The longest stall while another process records events and the engine runs jobs."""
    with window(home) as room:
        room.commands.send(AddJobs(jobs=[job(n, home, "busy") for n in range(BUSY_JOBS)]))
        until(lambda: len(room.projection.jobs) == BUSY_JOBS)
        stalls = Stalls()
        with writer("events", home, EVENTS) as process:
            until(lambda: process.poll() is not None)
        latest = room.reader.read(event_queries.latest_event_id)
        until(lambda: room.feed.cursor >= latest)
        return stalls.longest, stalls.worked


def table(home: Path) -> object:
    """The same in a table that is given an item for each field of each event, without an engine."""
    place = Home.at(home)
    database = Database(place.database)
    reader = DatabaseReader(database)
    rows = QTableWidget(0, 5)
    rows.resize(1200, 800)
    rows.show()

    def take(found: list[Event]) -> None:
        for event in found:
            row = rows.rowCount()
            rows.insertRow(row)
            told = (event.at, event.level, event.event_type, event.job_id or "", event.message)
            for column, text in enumerate(told):
                rows.setItem(row, column, QTableWidgetItem(str(text)))
        rows.scrollToBottom()

    feed = EventFeed(reader, place.database)
    feed.arrived.connect(take)
    feed.start()
    rest(_WARM_S)
    stalls = Stalls()
    with writer("events", home, EVENTS):
        until(lambda: rows.rowCount() >= EVENTS)
    feed.stop()
    return stalls.longest, stalls.worked


def noise(home: Path) -> object:
    """The longest stall while a job prints what no terminal would survive, with the Logs in view."""
    said: dict[str, object] = {"tool": "shell", "job_id": "noise", "workstream_id": "noise"}
    said |= {"command": {"exe": sys.executable, "args": ["-c", NOISE, "1"]}}
    spec = job_from_mapping(said, base=home)
    with window(home) as room:
        assert room.panels["logs"].isVisible()
        stalls = Stalls()
        room.commands.send(AddJobs(jobs=[Accepted(spec=spec, digest=spec.digest())]))
        until(lambda: "noise" in room.projection.jobs)
        until(lambda: room.projection.jobs["noise"].status is JobStatus.COMPLETED)
        rest(3.0)
        return stalls.longest


def noise_in_an_edit(_home: Path) -> object:
    """A hundredth of it in a text widget that is given what comes."""
    edit = QPlainTextEdit(lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap, maximumBlockCount=200_000)
    edit.resize(1200, 800)
    edit.show()
    rest(0.5)
    stalls = Stalls()
    printing = QProcess()
    ended: list[int] = []

    def take() -> None:
        edit.insertPlainText(bytes(printing.readAllStandardOutput().data()).decode("utf-8", "replace"))

    printing.readyReadStandardOutput.connect(take)
    printing.finished.connect(lambda code, _status: ended.append(code))
    printing.start(sys.executable, ["-c", NOISE, "100"])
    until(lambda: bool(ended))
    rest(1.0)
    return stalls.longest


def printing(
    home: Path, code: str = PRINTING, *, printed: int = PRINTED, all_panels: bool = False
) -> list[object]:
    """The longest turn and gap from the first paint to the close: one file dropped and added, its job prints much.

    In a window of the first start, or in one that was closed with all panels shown. Beside them how many seconds after
    the last line was printed it was listed.
    """
    if all_panels:
        show_all_panels(home)
    file = home.with_name(f"{home.name}-printing.json")
    told: dict[str, object] = {"tool": "shell", "job_id": "printing", "workstream_id": "printing"}
    told |= {"command": {"exe": sys.executable, "args": ["-c", code]}}
    file.write_text(json.dumps(told), encoding="utf-8")
    room = ControlRoom(home)
    first = FirstPaint(room.window)
    hidden = [name for name, dock in room.window.docks.items() if not dock.isVisible()]
    assert not all_panels or hidden == ["details"]  # which open with a job
    until(lambda: first.turns is not None and room.host.is_running)
    until(lambda: room.sheets.is_made("drop"))  # sooner than a hand has dragged anything here
    drop_on(room.window, file)
    until(lambda: room.sheets.drop.is_open and room.sheets.drop.commit_button.isEnabled())
    room.sheets.drop.commit_button.click()
    logs = room.panels["logs"]
    assert isinstance(logs, LogsPanel)
    until(lambda: "printing" in room.projection.jobs)
    until(lambda: any(str(printed - 1) in text for text in logs.store.columns(*last_lines(logs))[2]))
    late = time.time() - max(
        logs.store.at(serial)
        for serial in range(*last_lines(logs))
        if str(printed - 1) in logs.store.text(serial)
    )
    until(lambda: room.projection.jobs["printing"].status is JobStatus.COMPLETED)
    rest(2.0)
    ended: list[list[object]] = []
    room.ended.connect(lambda: ended.append([*measured(first), late]))
    room.window.close()
    until(lambda: bool(ended))
    return ended[0]


def show_all_panels(home: Path) -> None:
    """Have the next window of a home begin with all panels."""
    ended: list[bool] = []
    room = ControlRoom(home)
    until(lambda: room.host.is_running)
    for dock in room.window.docks.values():
        dock.show()
    rest(1.0)
    room.ended.connect(lambda: ended.append(True))
    room.close("stop")
    until(lambda: bool(ended))


def last_lines(logs: LogsPanel) -> tuple[int, int]:
    """The serial numbers of the newest stored lines."""
    store = logs.store
    return max(store.base, store.end - 50), store.end


def drop_on(widget: QWidget, file: Path) -> None:
    """Drag a file in and drop it, as a file manager does: it waits for the answer to the drag before it drops."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(file)])
    copy, left, no_key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(300, 300), copy, mime, left, no_key))
    rest(_DRAG_S)
    QApplication.sendEvent(widget, QDropEvent(QPointF(300, 300), copy, mime, left, no_key))


def measured(first: FirstPaint) -> tuple[float, float]:
    """The longest turn and the longest gap."""
    assert first.turns is not None
    return first.turns.longest, first.turns.gap


def printing_in_an_edit(_home: Path) -> object:
    """The same in a bare window with a text widget that is given the output of a process as it comes."""
    edit = QPlainTextEdit(lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap, maximumBlockCount=PRINTED)
    edit.resize(1200, 800)
    edit.show()
    first = FirstPaint(edit.viewport())
    until(lambda: first.turns is not None)
    process = QProcess()
    process.readyReadStandardOutput.connect(
        lambda: edit.appendPlainText(bytes(process.readAllStandardOutput().data()).decode())
    )
    process.start(sys.executable, ["-c", PRINTING])
    until(lambda: process.state() is QProcess.ProcessState.NotRunning)
    rest(2.0)
    edit.close()
    return measured(first)


def drop(home: Path, *, pythons_own: bool = False) -> object:
    """The longest stall while very many files are dropped and read."""
    files = home.with_name(f"{home.name}-files")
    files.mkdir()
    for number in range(FILES):
        said: dict[str, object] = {
            "tool": "shell",
            "job_id": f"drop-{number}",
            "workstream_id": f"line-{number % LINES}",
        }
        said |= {"command": {"exe": "/bin/true"}}
        (files / f"{number}.json").write_text(json.dumps(said), encoding="utf-8")
    with window(home) as room:
        if pythons_own:
            room._collector.stop()
        until(lambda: room.sheets.is_made("drop"))
        stalls = Stalls()
        room.add_files([files])
        until(lambda: room.sheets.drop.is_open and not room.sheets.drop._reader.is_busy)
        rest(3.0)
        return stalls.longest


def main() -> None:
    """Play one of them."""
    scene, home = sys.argv[1], Path(sys.argv[2])
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    disable_for_good()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("signalbox")
    match scene:
        case "latency":
            found = latency(home)
        case "events":
            found = events(home)
        case "table":
            found = table(home)
        case "noise":
            found = noise(home)
        case "noise_in_an_edit":
            found = noise_in_an_edit(home)
        case "printing" | "printing_with_all_panels":
            found = printing(home, all_panels=scene != "printing")
        case "following":
            found = printing(home, FOLLOWING, printed=RATE * FOLLOWED_S)
        case "printing_in_an_edit":
            found = printing_in_an_edit(home)
        case "drop":
            found = drop(home)
        case _:
            found = drop(home, pythons_own=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
