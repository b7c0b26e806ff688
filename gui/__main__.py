"""The `signalbox-gui` program: one control room a home; a second start hands its files to the first."""

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from engine.maintenance import backups
from engine.system.display import window_problem
from engine.system.home import Home, default_home
from gui.app import ControlRoom
from gui.application.process_signals import ProcessSignals
from gui.application.recovery_dialog import RecoveryDialog
from gui.application.single_instance import SingleInstance, hand_over
from gui.theme.theme import Theme
from gui.window.main_window import SMALLEST
from gui.window.screenshot import Screenshot, save_picture
from state.database_errors import DatabaseError, SignalboxError

_SWITCH_INTERVAL_S = 0.0005
"""How long another thread may keep the interpreter from the window; Python's own 5 ms make it stutter."""
_LAST_PATIENCE_MS = 3000
_SIZE, _LARGEST = QSize(1600, 1000), 8192
BAD_USE, BUSY = 2, 1


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and return the exit code when it is gone."""
    wanted = _parsed(sys.argv[1:] if argv is None else argv)
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    if problem := window_problem():  # Qt itself would abort the process
        if wanted.screenshot is None:
            sys.stderr.write(f"{problem}\n")
            return BAD_USE
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication(sys.argv[:1])
    app.setApplicationName("signalbox")
    app.setDesktopFileName("signalbox")
    try:
        home = Home.at(wanted.home or (default_home().with_name("signalbox-demo") if wanted.demo else None))
        if wanted.screenshot is not None:
            return _draw(home, wanted)
        files = [file.absolute() for file in wanted.files]
        one = SingleInstance(home.root)
        if not one.claim():
            return _handed_over(home, files)
        try:
            return _run(app, home, files=files, demo=wanted.demo, one=one)
        finally:
            one.release()
    except SignalboxError as error:
        _tell(str(error))
        return BAD_USE


def _run(app: QApplication, home: Home, *, files: list[Path], demo: bool, one: SingleInstance) -> int:
    """Open the window, and again after a person has chosen a backup to restore."""
    code, backup = _open(app, home, files=files, demo=demo, one=one)
    while backup is not None:
        refusal = _put_in_place(home, backup)
        code, backup = _open(app, home, files=[], demo=False, one=one, refusal=refusal)
    return code


def _put_in_place(home: Home, backup: Path) -> str:
    """Put the backup in the place of the database; the sentence why not where that is refused."""
    try:
        backups.restore(home, backup)
    except (SignalboxError, OSError) as error:
        return f"The backup was not restored. {error}"
    return ""


def _open(
    app: QApplication, home: Home, *, files: list[Path], demo: bool, one: SingleInstance, refusal: str = ""
) -> tuple[int, Path | None]:
    """One window until its end: the exit code, and the backup to restore before the next one."""
    room = _room(home, demo=demo)
    if refusal:
        room.problem_banners.show_refusal(refusal)
    hear = partial(_on_exception, room)
    sys.excepthook = hear
    signals = ProcessSignals()
    signals.stop_requested.connect(partial(_on_stop_requested, room))
    app.commitDataRequest.connect(room.close_at_logout)
    one.called.connect(room.add_files)
    room.ended.connect(app.quit)
    app.setQuitOnLastWindowClosed(False)  # Qt's own signature; `ended` is the end
    if files:
        room.add_files(files)
    try:
        return int(app.exec()), room.restore_from
    finally:
        room.close("stop")
        one.called.disconnect(room.add_files)
        signals.close()
        sys.excepthook = sys.__excepthook__


def _room(home: Home, *, demo: bool) -> ControlRoom:
    """The window; where its database is damaged, once that was put right.

    Raises:
        DatabaseError: it was not.
    """
    while True:
        try:
            return ControlRoom(home.root, demo=demo)
        except DatabaseError as error:
            theme = Theme()
            if QGuiApplication.platformName() == "offscreen" or not RecoveryDialog(home, error, theme).exec():
                raise


def _draw(home: Home, wanted: argparse.Namespace) -> int:
    """Leave a picture of the window, which only watches and remembers nothing, and return the exit code."""
    room = ControlRoom(home.root, demo=wanted.demo, engine=False, remember=False)
    try:
        if wanted.theme is not None:
            room.theme.set_preference(wanted.theme)
        room.window.banners.hide_banner(
            "view"
        )  # that nothing can be changed here goes without saying in a picture
        room.window.resize(wanted.size)
        shown = QEventLoop()
        Screenshot(room.panels, room).wait(shown.quit)
        shown.exec()
        save_picture(room.window, wanted.screenshot.absolute())
    except OSError as error:
        _tell(f"{error.filename}: {error.strerror}")
        return BAD_USE
    finally:
        room.close("leave")
    return 0


def _size(told: str) -> QSize:
    try:
        width, height = map(int, told.lower().split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{told!r} is no size; write it as 1600x1000") from None
    if not SMALLEST.width() <= width <= _LARGEST or not SMALLEST.height() <= height <= _LARGEST:
        smallest = f"{SMALLEST.width()}x{SMALLEST.height()}"
        raise argparse.ArgumentTypeError(f"{told} lies outside of {smallest} to {_LARGEST}x{_LARGEST}")
    return QSize(width, height)


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="signalbox-gui", description="The Signalbox control room.")
    parser.add_argument("files", nargs="*", type=Path, help="job and pipeline files to look at")
    parser.add_argument("--home", type=Path, help="the folder where all state lies")
    parser.add_argument("--demo", action="store_true", help="open a home of its own and run the demo in it")
    drawing = parser.add_argument_group("a picture instead of a window that stays")
    drawing.add_argument(
        "--screenshot", type=Path, metavar="PNG", help="leave a picture of the window, and end"
    )
    drawing.add_argument("--size", type=_size, default=_SIZE, metavar="WxH", help="how large (1600x1000)")
    drawing.add_argument("--theme", choices=("dark", "light"), help="in which colours")
    return parser.parse_args(argv)


def _handed_over(home: Home, files: list[Path]) -> int:
    if hand_over(home.root, files):
        return 0
    _tell(f"A Signalbox window is open on {home.root}, but it does not answer. Close it, or end its process.")
    return BUSY


def _on_stop_requested(room: ControlRoom, count: int) -> None:
    """The first signal stops the jobs and ends; whoever insists gets the end three seconds later."""
    if count > 1:
        QTimer.singleShot(_LAST_PATIENCE_MS, partial(os._exit, 0))
    room.shutdown.close("stop")


def _on_exception(
    room: ControlRoom,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
) -> None:
    """A slot's exception reaches nobody else: keep it in the log and tell it in the window."""
    told = f"{kind.__name__}: {error}\n{''.join(traceback.format_exception(kind, error, trace))}"
    sys.stderr.write(told)
    try:
        with (room.home.logs / "window.log").open("a", encoding="utf-8") as log:
            log.write(told)
    except OSError as full:
        sys.stderr.write(f"This could not be written to the log: {full}\n")
    room.problem_banners.show_bug(told)


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    if QGuiApplication.platformName() != "offscreen":
        box = QMessageBox()
        box.setTextFormat(box.textFormat().PlainText)
        box.setText(sentence)
        box.exec()


if __name__ == "__main__":
    sys.exit(main())
