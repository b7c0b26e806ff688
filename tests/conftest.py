"""What every test runs under: a home of its own, and no warning, log record, thread or timer goes unnoticed.

Python warnings, Qt messages and uncaught exceptions fail a test through the settings in pyproject.toml.
"""

import gc
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

os.environ["LANGUAGE"] = "en"  # whichever language the desktop of the user has
os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything imports Qt

if sys.platform != "win32":
    import resource

import hypothesis
import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from engine.jobfile import known_projects
from engine.runners import native_shim
from tests.helpers import sweeper
from tests.helpers.counts import COUNTED
from tests.helpers.leftovers import nothing_left_over
from tests.helpers.logs import LogWatch
from tests.helpers.memory_disk import TEMPROOT, use_memory
from tests.helpers.patience import PATIENCE_MS
from tests.helpers.small_repository import keep_template_in
from tests.helpers.spreading import FAULTS, FileByFile, group_of

use_memory()
if "PYTEST_XDIST_WORKER" in os.environ:  # when the process that spreads the tests is killed
    sweeper.die_with_parent()

_OF_THE_USER = (
    "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME",
    "FORCE_COLOR", "NO_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "VISUAL", "EDITOR",
    "COLORTERM", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE",
)  # fmt: skip
"""What the desktop and the terminal set; tests see none of it."""
_OURS = ("SIGNALBOX_", "GIT_", "TRAMLINE_", "PYTEST_ADDOPTS")
"""How the variables begin that the program, git and the demo read; a test sets those it wants."""
_KEPT = ("SIGNALBOX_SOAK", "SIGNALBOX_SOAK_S", "SIGNALBOX_TOOLS", "SIGNALBOX_SHIM")
"""Those of them that `make soak` and `make test-tools` give to the tests, and the shim to try."""

for _name in tuple(os.environ):  # before anything of ours is imported: some of them are read only then
    if _name in _OF_THE_USER or (_name.startswith(_OURS) and _name not in _KEPT):
        del os.environ[_name]
os.environ["TERM"] = "xterm-256color"  # a dumb one, or none, shows no table that is drawn again

ROOMS = ("state", "engine", "gui", "end_to_end")
"""The order of the suite: what is cheap and lies deep fails first."""
WITH_WINDOWS = ("gui", "end_to_end")

_GIVEN_UP = pytest.StashKey[bool]()

hypothesis.settings.register_profile("signalbox", deadline=None, database=None, print_blob=True)
hypothesis.settings.load_profile("signalbox")

for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed):
    # Of itself it gives up after five seconds, which may be too few on a busy machine.
    _wait.__kwdefaults__ = {**(_wait.__kwdefaults__ or {}), "timeout": PATIENCE_MS}


def _go_on(_number: int, _frame: object) -> None:
    """Let pytest outlive its terminal, as nohup promises; its children do not inherit a handler."""


# In the background or under nohup these are ignored, and what tests start would inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
    signal.signal(signal.SIGHUP, _go_on)

# Thousands of tests would each wait at their end until a thread has had nothing to do for a while.
known_projects.IDLE_S = 0.0

if sys.platform == "linux":  # what eats the whole memory shall fail here and not take the machine down
    resource.setrlimit(resource.RLIMIT_AS, (8 * 1024**3, resource.getrlimit(resource.RLIMIT_AS)[1]))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Spread the tests our way, whatever `--dist` says."""
    return FileByFile(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Build the shim that users have, if its sources have changed: else the tests would try the one in Python alone."""
    if not hasattr(config, "workerinput"):
        with suppress(native_shim.ShimBuildError):
            native_shim.build_beside_sources()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run room by room, and the long forms only where they were asked for.

    Where several processes run the tests, each takes the next file: the fault tests come first, then those from end
    to end, since a long file that begins last would run alone.
    """
    items.sort(key=_room)
    if not os.environ.get("SIGNALBOX_SOAK"):
        for item in items:
            if item.get_closest_marker("soak"):
                item.add_marker(pytest.mark.skip(reason="a long form; `make soak` runs it"))


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Look for no garbage while half a million objects are made that live to the end, nor among them later."""
    assert session.config is not None
    gc.disable()
    result = yield
    gc.freeze()
    gc.enable()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """From the first test of the window on, collect garbage after each test and in this thread alone.

    Another thread (an engine's, or the one that takes orders from xdist) would destroy timers, animations and models
    that the event loop still knows, and the next turn of the loop would crash the process.
    """
    if _folder(item) in WITH_WINDOWS:
        gc.disable()
    result = yield
    if not gc.isenabled():
        gc.collect(1)
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the fault tests have counted."""
    if COUNTED:
        terminalreporter.section("counted")
        for line in COUNTED:
            terminalreporter.write_line(line)


def _room(item: pytest.Item) -> int:
    room = _folder(item)
    if _is_spread(item.config):
        if group_of(item.nodeid.partition("::")[0]) == FAULTS:
            return -3
        if room == "end_to_end":
            return -2
    return ROOMS.index(room) if room in ROOMS else -1


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


def _is_spread(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the figures of this process to the one that prints them."""
    if _is_spread(session.config):
        vars(session.config)["workeroutput"]["counted"] = COUNTED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take the figures of a process that has run its share."""
    COUNTED.extend(vars(node).get("workeroutput", {}).get("counted", []))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether a test was given up; what it started may run on."""
    report = yield
    item.stash[_GIVEN_UP] = report.failed or item.stash.get(_GIVEN_UP, False)
    return report


@pytest.fixture(scope="session", autouse=True)
def _nothing_outlives_us(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A process that ends what tests started when this one is killed."""
    if sys.platform != "linux":
        yield
        return
    folder = tmp_path_factory.getbasetemp()
    command = [sys.executable, "-I", "-S", str(Path(sweeper.__file__)), str(os.getpid()), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True) as watching:
        yield
        watching.kill()
    sweeper.sweep(folder)


@pytest.fixture(scope="session", autouse=True)
def _made_once(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What takes long and is the same for every test: compiled modules, a small repository."""
    cache = pytestconfig.cache if hasattr(pytestconfig, "cache") else None
    folder = tmp_path_factory.mktemp("compiled") if cache is None else cache.mkdir("compiled")
    keep_template_in(tmp_path_factory.mktemp("template"))
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        environment.setenv("PYTHONPYCACHEPREFIX", str(folder))
        yield


@pytest.fixture(autouse=True)
def user_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Path]:
    """A home of the test's own: nothing may read or write the user's; returns the folder it lies in."""
    root = tmp_path / "user"
    root.mkdir(mode=0o700)
    (root / "gitconfig").touch()
    # The paths of Unix sockets may have 107 characters at most, and pytest's folders are long.
    runtime = Path(tempfile.mkdtemp(prefix="sb-", dir=os.environ.get(TEMPROOT)))
    for name, folder in {
        "HOME": root,
        "XDG_DATA_HOME": root / "data",
        "XDG_CONFIG_HOME": root / "config",
        "XDG_CACHE_HOME": root / "cache",
        "XDG_STATE_HOME": root / "state",
        "XDG_RUNTIME_DIR": runtime,
        "SIGNALBOX_HOME": root / "signalbox",
        "SHELL": "",
        # A file of its own: what writes to the global configuration replaces it, also where it is a device.
        "GIT_CONFIG_GLOBAL": root / "gitconfig",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": f"{tmp_path.parent}{os.pathsep}{runtime.parent}",
    }.items():
        monkeypatch.setenv(name, str(folder))
    for form in (
        QSettings.Format.NativeFormat,
        QSettings.Format.IniFormat,
    ):  # Qt reads the variables only once
        QSettings.setPath(form, QSettings.Scope.UserScope, str(root / "config"))
    yield root
    if request.node.stash.get(_GIVEN_UP, False):
        sweeper.sweep(tmp_path)
    shutil.rmtree(runtime)


@pytest.fixture(autouse=True)
def expect_log(user_folders: Path) -> Iterator[LogWatch]:
    """Fails the test on an unexpected warning in the log; `expect_log.expect(pattern)` names one to come."""
    assert user_folders.is_dir()
    watch = LogWatch()
    logging.getLogger().addHandler(watch)
    yield watch
    logging.getLogger().removeHandler(watch)
    if complaints := watch.complaints():
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture(autouse=True)
def _nothing_left_over(expect_log: LogWatch) -> Iterator[None]:
    assert isinstance(expect_log, logging.Handler)
    with nothing_left_over():
        yield
