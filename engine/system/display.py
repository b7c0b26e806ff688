"""Find out whether the window can be opened here, and what is missing. Loads no Qt into this process."""

import ctypes
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

ANY_WINDOW: Mapping[str, str] = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
"""The libraries PySide6 expects from the system, with the Debian package that provides each."""
ON_X11: Mapping[str, str] = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
"""Those that a window on an X11 display needs besides."""
_TIMEOUT_S = 20.0
_PROBE = """
import json, sys
try:
    from PySide6 import QtCore, QtWidgets
    print(json.dumps({"version": QtCore.qVersion(), "pyside": __import__("PySide6").__version__}))
except ImportError as error:
    print(json.dumps({"problem": str(error)}))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class QtProbe:
    """What a fresh process reports about Qt; `problem` is a sentence when no window can be opened."""

    text: str = ""
    problem: str = ""


def has_display() -> bool:
    """Whether there is a screen to open a window on."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def missing_packages() -> list[str]:
    """The Debian packages of the libraries that cannot be loaded here; empty on other systems."""
    if sys.platform != "linux":
        return []
    libraries = dict(ANY_WINDOW)
    if os.environ.get("DISPLAY") and not os.environ.get("QT_QPA_PLATFORM"):
        libraries |= ON_X11
    return [package for library, package in libraries.items() if not _loads(library)]


def window_problem() -> str:
    """Why no window can be opened here, and what to do about it; empty when one can."""
    if importlib.util.find_spec("PySide6") is None:
        return "The window needs PySide6, which is not installed. Install Signalbox with its dependencies."
    if missing := missing_packages():
        return (
            f"The window needs system libraries that are missing: apt-get install {' '.join(missing)} "
            "(on other systems, the packages of the same libraries)."
        )
    if not has_display() and not os.environ.get("QT_QPA_PLATFORM"):
        return (
            "There is no display to open the window on (neither DISPLAY nor WAYLAND_DISPLAY is set). "
            "Without one, use `signalbox run`, `signalbox engine` and `signalbox status`."
        )
    return ""


def probe_qt() -> QtProbe:
    """Load Qt in a fresh process, which needs no display."""
    if missing := missing_packages():
        return QtProbe(
            problem=f"Qt needs system libraries that are missing: apt-get install {' '.join(missing)}"
        )
    try:
        probe = subprocess.run(
            [sys.executable, "-c", _PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
        found = json.loads(probe.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        return QtProbe(problem=f"Could not check Qt: {error}")
    if "problem" in found:
        return QtProbe(problem=f"Qt cannot be loaded: {found['problem']}")
    display = "display available" if has_display() else "no display"
    return QtProbe(text=f"Qt {found['version']} (PySide6 {found['pyside']}), {display}")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":  # `make test` says what is missing before it runs anything
    sys.exit(probe_qt().problem or None)
