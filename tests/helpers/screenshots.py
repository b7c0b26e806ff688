"""Draws the window and its panels into a folder: `python -m tests.helpers.screenshots resources/screenshots`.

Everything in the pictures has really run, in a home that is gone afterwards.
"""

import math
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything imports Qt

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QApplication, QWidget

from engine.host.commands import AddJobs, SetLimit
from engine.host.host_commands import ChangeSetting
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import read_file
from gui.app import ControlRoom
from gui.window.screenshot import Screenshot
from state.records import Job, Limit, LimitKind
from tests.helpers.screenshot_scene import Scene

WINDOW, SMALL = QSize(1600, 1000), QSize(1280, 800)
THEMES = ("dark", "light")
PANELS = ("dashboard", "radar", "logs", "workstreams")
ALONE = (*PANELS, "night", "jobs")
"""The panels that have a picture of their own."""
LARGEST = 140_000
"""Bytes a picture may have: they are in the repository for ever."""
PATIENCE_S = 240.0
_RINGS_LAST_S = 2.5
"""Without motion, what has just changed is ringed for two seconds."""
_COLOURS, _FREQUENT = 112, 48


class Studio:
    """A control room over the scene, and the camera."""

    def __init__(self, folder: Path, out: Path) -> None:
        self._out = out
        self._folder = folder
        self.scene = Scene(folder)
        self.room = ControlRoom(folder / "home", remember=False)
        self.room.theme.reduce_motion = True
        self.room.theme.set_preference("dark")

    def play(self) -> None:
        """Run everything up to the moment of the pictures."""
        room = self.room
        self._until("the engine runs", lambda: room.host.is_running)
        room.host.run_command(ChangeSetting(key="tool_paths", value=self.scene.tools))
        room.host.run_command(SetLimit(limit=Limit(kind=LimitKind.GLOBAL, key="", value=6)))
        for file in self.scene.early():
            self._commit(file)
        self._until("the early runs rest", self._rests)
        room.host.run_command(SetLimit(limit=Limit(kind=LimitKind.GLOBAL, key="", value=4)))
        self._commit(self.scene.late())
        self._until("the late run is there", lambda: self._job("locale-de", "edit") is not None)
        self._hold("locale-de", "edit")
        under_way = {("price-rules", "test"), ("cart-totals", "edit again"), ("load-test", "test")}
        self._until("three run", lambda: self._running() == under_way)
        room.host.run_command(SetLimit(limit=Limit(kind=LimitKind.GLOBAL, key="", value=3)))
        self.scene.inbox_job(room.home.inbox)
        self._until("the inbox was read", lambda: "nightly-audit" in room.projection.jobs)
        self._until("stripe rests", lambda: self._status("stripe-webhooks", "test") == "failed")

    def take_all(self) -> None:
        """Every picture."""
        room = self.room
        room.window.resize(WINDOW)  # the first size is bounded by the screen, which is small offscreen
        room.actions.run("reset_layout")
        room.selection.select_workstream((self._run_of("cart-totals"), "cart-totals"))
        self._rest(_RINGS_LAST_S)
        for theme in THEMES:
            room.theme.set_preference(theme)
            self._take(f"window-{theme}", room.window, WINDOW)
            self._take(f"window-small-{theme}", room.window, SMALL)
        for name in ALONE:
            for other in room.window.docks.values():
                other.setVisible(other is room.window.docks[name])
            for theme in THEMES:
                room.theme.set_preference(theme)
                self._take(f"{name}-{theme}", room.window.docks[name], SMALL)
        self._take_agent()
        for name, dock in room.window.docks.items():
            dock.setVisible(name in PANELS)
        room.actions.run("reset_layout")
        room.add_files(self.scene.arrivals())
        self._until("the files are read", lambda: not room.sheets.drop._reader.is_busy)
        self._take("drop-sheet-light", room.window, SMALL)
        room.sheets.drop.close()
        job = self._job("stripe-webhooks", "test")
        assert job is not None
        room.actions.run("show_details", [job.job_id])
        details = room.window.docks["details"]
        self._take("details-light", details, WINDOW)

    def _take_agent(self) -> None:
        """The log of an agent at work, and its output in the details."""
        room, job = self.room, self._job("cart-totals", "edit again")
        assert job is not None
        for name, dock in room.window.docks.items():
            dock.setVisible(name == "logs")
        room.actions.run("show_log", [job.job_id])
        for theme in THEMES:
            room.theme.set_preference(theme)
            self._take(f"agent-log-{theme}", room.window.docks["logs"], SMALL)

    def close(self) -> None:
        """Let the running jobs end, and the window go."""
        self.scene.go.touch()
        self.room.close("stop")
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _take(self, name: str, what: QWidget, size: QSize) -> None:
        self.room.window.resize(size)
        loop = QEventLoop()
        Screenshot(self.room.panels, self.room).wait(loop.quit)
        loop.exec()
        picture = few_colours(what.grab().toImage())
        file = self._out / f"{name}.png"
        writer = QImageWriter(str(file), b"png")
        writer.setQuality(0)
        assert writer.write(picture), writer.errorString()
        size_in_bytes = file.stat().st_size
        print(f"{file.name}: {picture.width()}x{picture.height()}, {size_in_bytes / 1000:.0f} kB")
        assert size_in_bytes <= LARGEST, file

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        self._until("a rest", lambda: time.monotonic() > until)

    def _commit(self, file: Path) -> None:
        read = read_file(file)
        jobs = [Accepted(spec=spec, digest=spec.digest(), source_path=str(file)) for spec in read.jobs]
        self.room.commands.send(AddJobs(jobs=jobs, title=read.title))

    def _hold(self, ws_id: str, step: str) -> None:
        job = self._job(ws_id, step)
        assert job is not None
        self.room.actions.run("hold", [job.job_id])

    def _job(self, ws_id: str, step: str) -> Job | None:
        jobs = self.room.projection.jobs.values()
        return next((job for job in jobs if (job.ws_id, job.step_name) == (ws_id, step)), None)

    def _run_of(self, ws_id: str) -> str:
        return next(key[0] for key in self.room.projection.workstreams if key[1] == ws_id)

    def _status(self, ws_id: str, step: str) -> str:
        job = self._job(ws_id, step)
        return "" if job is None else job.status.value

    def _running(self) -> set[tuple[str, str]]:
        return {
            (job.ws_id, job.step_name)
            for job in self.room.projection.jobs.values()
            if job.status.value == "running"
        }

    def _rests(self) -> bool:
        """Whether the early runs are here and nothing of them can start without a person or within a minute."""
        projection, now = self.room.projection, time.time()
        if len(projection.runs) < len(self.scene.early()):
            return False
        explainer = projection.explainer(now)
        return not any(
            job.status.value == "running" or (job.status.value == "queued" and explainer.wait(job) is None)
            for job in projection.jobs.values()
        )

    def _until(self, what: str, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
            if time.monotonic() > deadline:
                jobs = self.room.projection.jobs.values()
                states = "\n".join(f"{job.ws_id}/{job.step_name} {job.status}: {job.summary}" for job in jobs)
                raise TimeoutError(f"{what}: not within {PATIENCE_S:g} s\n{states}")
            time.sleep(0.005)


def few_colours(picture: QImage) -> QImage:
    """The picture in a palette: most of its frequent colours, and those rare ones that are far from all others."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    counts = Counter(memoryview(plain.constBits()).cast("I"))
    found = [colour & 0xFFFFFF for colour, _count in counts.most_common()]
    weights = [math.log1p(count) for _colour, count in counts.most_common()]
    selected = found[:_FREQUENT]
    apart = [min(_distance(colour, one) for one in selected) for colour in found]
    while len(selected) < min(_COLOURS, len(found)):
        farthest = max(range(len(found)), key=lambda place: apart[place] * weights[place])
        selected.append(found[farthest])
        apart = [min(far, _distance(colour, selected[-1])) for far, colour in zip(apart, found, strict=True)]
    table = [colour | 0xFF000000 for colour in selected]
    flags = Qt.ImageConversionFlag.AvoidDither | Qt.ImageConversionFlag.ThresholdDither
    return plain.convertToFormat(QImage.Format.Format_Indexed8, table, flags)


def _distance(one: int, other: int) -> float:
    return math.dist((one >> 16, one >> 8 & 255, one & 255), (other >> 16, other >> 8 & 255, other & 255))


def main() -> int:
    out = Path(sys.argv[1]).absolute()
    out.mkdir(exist_ok=True)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("signalbox")
    with tempfile.TemporaryDirectory(prefix="signalbox-") as folder:
        studio = Studio(Path(folder), out)
        try:
            studio.play()
            studio.take_all()
        finally:
            studio.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
