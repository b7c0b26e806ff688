"""The `signalbox-gui` program: one control room per home; a second start hands its files to the first."""

import gui.unread_sources  # noqa: F401  # isort: skip
import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from engine.system.display import window_problem
from engine.system.environment import check_variables
from engine.system.home import Home
from engine.system.inherited_signals import keep_from_children
from engine.system.standard_streams import make_safe
from gui.app import ControlRoom
from gui.application.gc_scheduler import disable_for_good
from gui.application.process_signals import ProcessSignals
from gui.application.recovery_dialog import RecoveryDialog
from gui.application.single_instance import SingleInstance, hand_over
from gui.control.failure import Failure
from gui.guarded import Place, place_of
from gui.theme.theme import Theme
from gui.translation import tr
from gui.window.screen_fit import SMALLEST
from gui.window.screenshot import Screenshot, save_picture
from state.database_errors import DatabaseError, SignalboxError

_SWITCH_INTERVAL_S = 0.0005
"""How long another thread may hold the interpreter; Python's default of 5 ms makes the window stutter."""
_LAST_PATIENCE_MS = 3000
_SIZE, _LARGEST = QSize(1600, 1000), 8192
BAD_USE, BUSY = 2, 1
_LOGGED: set[tuple[Place, str]] = set()


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and return the exit code when it is closed."""
    keep_from_children()
    make_safe()
    options = _parsed(sys.argv[1:] if argv is None else argv)
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    disable_for_good()  # also between two windows, no thread but this one may collect what Qt still knows
    if problem := window_problem():  # Qt itself would abort the process
        if options.screenshot is None:
            sys.stderr.write(f"{problem}\n")
            return BAD_USE
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication(sys.argv[:1])
    app.setApplicationName("signalbox")
    app.setDesktopFileName("signalbox")
    try:
        check_variables()
        home = Home.at(options.home or (_demo_home() if options.demo else None))
        if options.screenshot is not None:
            return _draw(home, options)
        files = [file.absolute() for file in options.files]
        one = SingleInstance(home.root)
        if not one.claim():
            return _handed_over(home, files)
        try:
            return _run(app, home, files=files, demo=options.demo, one=one)
        finally:
            one.release()
    except SignalboxError as error:
        _report(str(error))
        return BAD_USE


def _demo_home() -> Path:
    from engine.host.demo import demo_home  # noqa: PLC0415 - few windows show the demo

    return demo_home()


def _run(app: QApplication, home: Home, *, files: list[Path], demo: bool, one: SingleInstance) -> int:
    """Open the window, and open it again after each restored backup."""
    # Until the process ends: a signal must neither end an engine that starts nor one that stops.
    signals = ProcessSignals(app)
    code, backup = _open(app, home, files=files, demo=demo, one=one, signals=signals)
    while backup is not None:
        refusal = _restore(home, backup)
        code, backup = _open(app, home, files=[], demo=False, one=one, signals=signals, refusal=refusal)
    return code


def _restore(home: Home, backup: Path) -> str:
    """Restore the backup; return what went wrong, else an empty text."""
    from engine.host import restoring  # noqa: PLC0415 - few windows restore a backup

    try:
        restoring.restore(home, backup)
    except restoring.UnsettledError as error:
        return str(error)
    except (SignalboxError, OSError) as error:
        return tr("The backup was not restored. {error}", error=error)
    return ""


def _open(
    app: QApplication,
    home: Home,
    *,
    files: list[Path],
    demo: bool,
    one: SingleInstance,
    signals: ProcessSignals,
    refusal: str = "",
) -> tuple[int, Path | None]:
    """Run one window until its end; return the exit code, and the backup to restore before the next one."""
    room = _room(home, signals, demo=demo)
    if not (demo or files or refusal):
        room.sheets.welcome_newcomer()
    if refusal:
        room.problem_banners.show_refusal(refusal)
    sys.excepthook = partial(report_unexpected, room)
    on_stop_requested = partial(_on_stop_requested, room)
    signals.stop_requested.connect(on_stop_requested)
    app.commitDataRequest.connect(room.close_at_logout)
    one.called.connect(room.add_files)
    room.ended.connect(app.quit)
    app.setQuitOnLastWindowClosed(False)  # Qt's own signature; `ended` is the end
    if files:
        room.add_files(files)
    try:
        return int(app.exec()), room.restore_from
    finally:
        # Qt leaves the loop by itself only where the display is gone; no person has stopped the jobs.
        room.close("leave")
        one.called.disconnect(room.add_files)
        signals.stop_requested.disconnect(on_stop_requested)
        sys.excepthook = sys.__excepthook__


def _room(home: Home, signals: ProcessSignals, *, demo: bool) -> ControlRoom:
    """Build the window; if its database is damaged, after the user has recovered it.

    A signal while the user decides is the same as Quit.

    Raises:
        DatabaseError: the database was not recovered.
    """
    while True:
        try:
            return ControlRoom(home.root, demo=demo)
        except DatabaseError as error:
            if QGuiApplication.platformName() == "offscreen":
                raise
            dialog = RecoveryDialog(home, error, Theme())
            signals.stop_requested.connect(dialog.reject)
            if not dialog.exec():
                raise


def _draw(home: Home, options: argparse.Namespace) -> int:
    """Save a picture of the view-only window, and return the exit code."""
    room = ControlRoom(home.root, demo=options.demo, engine=False, remember=False)
    try:
        if options.theme is not None:
            room.theme.set_preference(options.theme)
        room.window.banners.hide_banner("view")  # a picture need not say that nothing can be changed
        room.window.resize(options.size)
        shown = QEventLoop()
        Screenshot(room.panels, room).wait(shown.quit)
        shown.exec()
        save_picture(room.window, options.screenshot.absolute())
    except OSError as error:
        _report(f"{error.filename}: {error.strerror}")
        return BAD_USE
    finally:
        room.close("leave")
    return 0


def _size(text: str) -> QSize:
    try:
        width, height = map(int, text.lower().split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a valid size; write it as 1600x1000") from None
    if not SMALLEST.width() <= width <= _LARGEST or not SMALLEST.height() <= height <= _LARGEST:
        smallest = f"{SMALLEST.width()}x{SMALLEST.height()}"
        raise argparse.ArgumentTypeError(f"{text} is outside {smallest} to {_LARGEST}x{_LARGEST}")
    return QSize(width, height)


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="signalbox-gui", description="The Signalbox control room.")
    parser.add_argument("files", nargs="*", type=Path, help="job and pipeline files to add")
    parser.add_argument("--home", type=Path, help="the folder with all state")
    parser.add_argument("--demo", action="store_true", help="run the demo in a separate home")
    drawing = parser.add_argument_group("picture instead of a window")
    drawing.add_argument(
        "--screenshot", type=Path, metavar="PNG", help="save a picture of the window and exit"
    )
    drawing.add_argument(
        "--size", type=_size, default=_SIZE, metavar="WxH", help="its size (default: 1600x1000)"
    )
    drawing.add_argument("--theme", choices=("dark", "light"), help="its theme")
    return parser.parse_args(argv)


def _handed_over(home: Home, files: list[Path]) -> int:
    if hand_over(home.root, files):
        return 0
    _report(
        tr(
            "A Signalbox window is open on {folder} but does not answer. Close it, or end its process.",
            folder=home.root,
        )
    )
    return BUSY


def _on_stop_requested(room: ControlRoom, count: int) -> None:
    """Stop the jobs and exit on the first signal; on a second one, exit three seconds later in any case."""
    if count > 1:
        QTimer.singleShot(_LAST_PATIENCE_MS, partial(os._exit, 0))
    room.shutdown.close("stop")


def report_unexpected(
    room: ControlRoom,
    _kind: type[BaseException],
    error: BaseException,
    _trace: TracebackType | None,
) -> None:
    """Log the exception of a slot, which nobody else sees, but no second time, and report it in the window."""
    failure = Failure.of(error)
    known = place_of(error), failure.sentence
    if known not in _LOGGED:  # the slot of a timer fails every second, for as long as the window is open
        _LOGGED.add(known)
        _log(room, f"{failure.sentence}\n{failure.details}")
    # Later, and in the window's thread: this may be any thread, in the midst of painting.
    QTimer.singleShot(0, room.problem_banners, partial(room.problem_banners.show_bug, failure))


def _log(room: ControlRoom, report: str) -> None:
    sys.stderr.write(report)
    try:
        with (room.home.logs / "window.log").open("a", encoding="utf-8") as log:
            log.write(report)
    except OSError as log_error:
        sys.stderr.write(f"Could not write this to the log: {log_error}\n")


def _report(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    if QGuiApplication.platformName() != "offscreen":
        box = QMessageBox()
        box.setTextFormat(box.textFormat().PlainText)
        box.setText(sentence)
        box.exec()


if __name__ == "__main__":
    sys.exit(main())
