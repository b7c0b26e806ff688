"""Finding and ending every process of an attempt, on each system in its own way; knows no more of attempts.

On Linux the shim is the child subreaper: whatever its descendants do, they stay its descendants. Where the shim itself
was killed, the marker in the environment of each process finds them. Elsewhere psutil looks for the same two things.
Imports only the standard library (elsewhere psutil, too): the shim loads this at each start.
"""

import errno
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING or __package__:
    from engine.runners import layout
else:  # in the shim
    import layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Process = tuple[int, int]
"""Process id and start time, which together are never used again."""

LINUX = sys.platform == "linux"
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_SIGKILL = 9
_SIGNALS = 65
"""One more than the highest signal of Linux."""
CLEAN_PASSES = 3
"""A process that is just becoming another program shows no environment, so one look is not enough."""
BETWEEN_PASSES_S = 0.01
_OF_READER = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""Errors that say nothing of the process that was to be read: whoever ignores them takes the living for dead."""

if LINUX:
    # ctypes itself takes 5 ms to import, and all it would do here is call one function with small numbers.
    from _ctypes import call_function, dlopen, dlsym

    # The signal module takes 6 ms; what it is built on is there since Python started.
    from _signal import (  # type: ignore[import-not-found]
        SIG_BLOCK,
        SIG_DFL,
        SIG_IGN,
        SIG_SETMASK,
        SIG_UNBLOCK,
        getsignal,
        pthread_sigmask,
        set_wakeup_fd,
        signal,
    )

    SIGCONT, SIGURG = 18, 23
    _PRCTL = dlsym(dlopen(None, os.RTLD_NOW), "prctl")  # type: ignore[arg-type]  # None is this program itself

    def become_subreaper() -> bool:
        """Make this process the new parent of every orphan among its descendants."""
        return bool(call_function(_PRCTL, (_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)) == 0)

    def die_with(parent: int) -> None:
        """Ask the kernel to kill this child when the thread that forked it is gone; for use right after a fork."""
        call_function(_PRCTL, (_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0))
        if os.getppid() != parent:
            os._exit(1)

    def restore_signal(number: int) -> None:
        """Undo Python's ignoring or handling of a signal, which a started program would inherit."""
        signal(number, SIG_DFL)

    def hold_signals(numbers: tuple[int, ...]) -> None:
        """Let these signals wait until `release_signals`, also in a child that is forked meanwhile."""
        pthread_sigmask(SIG_BLOCK, numbers)

    def release_signals(numbers: tuple[int, ...]) -> None:
        """Let them come again."""
        pthread_sigmask(SIG_UNBLOCK, numbers)

    def reset_signals(keep: tuple[int, ...]) -> None:
        """Undo the ignoring and blocking of signals that this process has inherited, except of those to keep."""
        pthread_sigmask(SIG_SETMASK, ())
        for number in range(1, _SIGNALS):
            if getsignal(number) == SIG_IGN and number not in keep:
                signal(number, SIG_DFL)

    def handle_signal(number: int, handler: "Callable[[int, object], None]") -> None:
        """Call `handler` with the number when that signal arrives."""
        signal(number, handler)

    def _wake_by(descriptor: int) -> None:
        set_wakeup_fd(descriptor, warn_on_full_buffer=False)

    def start_time(pid: int) -> int | None:
        """When the process started, in ticks since boot; None where there is no such process."""
        found = _stat(pid)
        return None if found is None else found[1]

    def descendants(root: int) -> dict[Process, int]:
        """Every living descendant of a process, with its process group."""
        children: dict[int, list[tuple[int, int, int]]] = {}
        for pid in _pids():
            if (found := _stat(pid)) is not None and not found[3]:
                children.setdefault(found[0], []).append((pid, found[1], found[2]))
        tree: dict[Process, int] = {}
        parents = [root]
        while parents:
            for pid, started, group in children.get(parents.pop(), ()):
                tree[pid, started] = group
                parents.append(pid)
        return tree

    def marked(marker: str) -> set[Process]:
        """Every other living process of this user whose environment holds ``name=value``."""
        entry = b"\0" + os.fsencode(marker) + b"\0"
        here = os.getpid()
        found = set()
        for pid in _pids():
            if pid == here:
                continue
            if (
                entry in b"\0" + _read(pid, "environ") + b"\0"
                and (stat := _stat(pid)) is not None
                and not stat[3]
            ):
                found.add((pid, stat[1]))
        return found

    def shims_on(path: "os.PathLike[str]") -> set[Process]:
        """Every other living shim of the attempt whose folder has this path."""
        return {process for process, arguments in _shims().items() if _is_shim_on(arguments, path)}

    def shims_below(folder: "os.PathLike[str]", variable: str) -> dict[str, tuple[int, str]]:
        """The id of every other living shim of an attempt whose folder lies in this one.

        By the name of the attempt's folder, each with its value of an environment variable.
        """
        start = b"\0" + os.fsencode(variable) + b"="
        found = {}
        for (pid, _), arguments in _shims().items():
            if name := _name_in(arguments, folder):
                value = (b"\0" + _read(pid, "environ")).partition(start)[2].partition(b"\0")[0]
                found[name] = (pid, os.fsdecode(value))
        return found

    def _shims() -> dict[Process, list[str]]:
        """Every other living shim with its command line; what one has forked to become the tool is none."""
        lines = {}
        for pid in _pids():
            arguments = list(map(os.fsdecode, _read(pid, "cmdline").split(b"\0")))
            if is_shim(arguments) and pid != os.getpid():
                lines[pid] = arguments
        stats = {pid: stat for pid in lines if (stat := _stat(pid)) is not None and not stat[3]}
        return {(pid, stat[1]): lines[pid] for pid, stat in stats.items() if stat[0] not in lines}

    def orphans(since: int) -> set[Process]:
        """Processes of this user that started then or later and lost their parent, but for those of any attempt."""
        found = set()
        for pid in _pids():
            stat = _stat(pid)
            if stat is None or stat[3] or stat[1] < since or pid == os.getpid():
                continue
            is_orphan = stat[0] == 1 or _read(stat[0], "comm") == b"systemd\n"
            if is_orphan and _is_ours(pid) and not _is_of_attempt(pid):
                found.add((pid, stat[1]))
        return found

    def _is_ours(pid: int) -> bool:
        try:
            return os.stat(f"/proc/{pid}").st_uid == os.getuid()
        except OSError:
            return False

    def _is_of_attempt(pid: int) -> bool:
        """Whether it is a shim, or will be swept by its marker."""
        is_marked = f"\0{layout.MARKER}=".encode() in b"\0" + _read(pid, "environ")
        return is_marked or is_shim(map(os.fsdecode, _read(pid, "cmdline").split(b"\0")))

    def _read(pid: int, name: str) -> bytes:
        """A file of a process; empty where it is gone, a kernel thread or somebody else's."""
        try:
            with open(f"/proc/{pid}/{name}", "rb", buffering=0) as file:
                return file.read()
        except OSError as error:
            if error.errno in _OF_READER:
                raise
            return b""

    def _pids() -> list[int]:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]

    def _stat(pid: int) -> tuple[int, int, int, bool] | None:
        """Parent, start time, process group, and whether it is a zombie."""
        fields = _read(pid, "stat").rpartition(b") ")[2].split()
        if not fields:
            return None
        return int(fields[1]), int(fields[19]), int(fields[2]), fields[0] in b"ZX"

else:
    import signal

    import psutil

    SIGCONT, SIGURG = int(signal.SIGCONT), int(signal.SIGURG)

    def become_subreaper() -> bool:
        """No such thing here."""
        return False

    def die_with(parent: int) -> None:
        """No such thing here; the sweep by marker does its work."""
        del parent

    def restore_signal(number: int) -> None:
        """Undo Python's ignoring or handling of a signal, which a started program would inherit."""
        signal.signal(number, signal.SIG_DFL)

    def hold_signals(numbers: tuple[int, ...]) -> None:
        """Let these signals wait until `release_signals`, also in a child that is forked meanwhile."""
        signal.pthread_sigmask(signal.SIG_BLOCK, numbers)

    def release_signals(numbers: tuple[int, ...]) -> None:
        """Let them come again."""
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)

    def reset_signals(keep: tuple[int, ...]) -> None:
        """Undo the ignoring and blocking of signals that this process has inherited, except of those to keep."""
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        for number in signal.valid_signals():
            if signal.getsignal(number) == signal.SIG_IGN and number not in keep:
                signal.signal(number, signal.SIG_DFL)

    def handle_signal(number: int, handler: "Callable[[int, object], None]") -> None:
        """Call `handler` with the number when that signal arrives."""
        signal.signal(number, handler)

    def _wake_by(descriptor: int) -> None:
        signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)

    def orphans(since: int) -> set[Process]:
        """None here: they cannot be distinguished from others."""
        del since
        return set()

    def start_time(pid: int) -> int | None:
        """When the process started, in milliseconds since the epoch; None where there is none that still runs."""
        try:
            process = psutil.Process(pid)
            return None if process.status() == psutil.STATUS_ZOMBIE else int(process.create_time() * 1000)
        except psutil.Error:
            return None

    def descendants(root: int) -> dict[Process, int]:
        """Every living descendant of a process that has not lost its parent, with its process group."""
        tree = {}
        try:
            for each in psutil.Process(root).children(recursive=True):
                if (started := start_time(each.pid)) is not None:
                    tree[each.pid, started] = os.getpgid(each.pid)
        except (psutil.Error, OSError):
            pass  # some of it is gone already; whoever asks, asks again
        return tree

    def marked(marker: str) -> set[Process]:
        """Every other living process of this user whose environment holds ``name=value``."""
        name, _, value = marker.partition("=")
        found = set()
        for each in psutil.process_iter():
            try:
                if each.pid != os.getpid() and each.environ().get(name) == value:
                    found.add((each.pid, int(each.create_time() * 1000)))
            except (psutil.Error, OSError):
                continue
        return found

    def shims_on(path: "os.PathLike[str]") -> set[Process]:
        """Every other living shim of the attempt whose folder has this path."""
        found = set()
        for each in psutil.process_iter():
            try:
                is_one = each.pid != os.getpid() and _is_shim_on(each.cmdline(), path)
                if is_one and (started := start_time(each.pid)) is not None:
                    found.add((each.pid, started))
            except (psutil.Error, OSError):
                continue
        return found

    def shims_below(folder: "os.PathLike[str]", variable: str) -> dict[str, tuple[int, str]]:
        """The id of every other living shim of an attempt whose folder lies in this one.

        By the name of the attempt's folder, each with its value of an environment variable.
        """
        found = {}
        for each in psutil.process_iter():
            try:
                name = _name_in(each.cmdline(), folder) if each.pid != os.getpid() else ""
                if name:
                    found[name] = (each.pid, each.environ().get(variable, ""))
            except (psutil.Error, OSError):
                continue
        return found


def wakeup_pipe() -> int:
    """A descriptor that each handled signal makes readable."""
    read, write = os.pipe()
    for end in (read, write):
        os.set_blocking(end, False)
    _wake_by(write)
    return read


def is_shim(arguments: "Iterable[str]") -> bool:
    """Whether a process with this command line runs beside an attempt."""
    return any(os.path.basename(argument) in layout.PROGRAMS for argument in arguments if "/" in argument)


def _is_shim_on(arguments: list[str], path: "os.PathLike[str]") -> bool:
    """Whether this command line runs a shim on the path, by whatever links its folder was reached."""
    folder, name = os.path.split(path)
    return bool(name) and _name_in(arguments, folder, name) == name


def _name_in(arguments: list[str], folder: "str | os.PathLike[str]", only: str = "") -> str:
    """The name in the folder on which this command line runs a shim, by whatever links it was reached."""
    if not is_shim(arguments):
        return ""
    for argument in arguments:
        parent, name = os.path.split(argument)
        if (
            parent
            and name
            and name == (only or name)
            and os.path.realpath(parent) == os.path.realpath(folder)
        ):
            return name
    return ""


def send(process: Process, number: int) -> bool:
    """Send a signal unless the process is gone; its number may meanwhile name another process, which is left alone."""
    if start_time(process[0]) != process[1]:
        return False
    try:
        os.kill(process[0], number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def kill(process: Process) -> bool:
    """End a process at once, unless it is gone."""
    return send(process, _SIGKILL)


def sweep(
    marker: str, *, patience: float = 10.0, more: "Callable[[], set[Process]]" = set
) -> tuple[int, int]:
    """Kill what carries the marker, and what `more` finds, until nothing is left.

    Returns:
        How many processes were found, and how many of them were still there after `patience` seconds.
    """
    seen: set[Process] = set()
    deadline = time.monotonic() + patience
    clean = 0
    while clean < CLEAN_PASSES:
        found = marked(marker) | more()
        clean = 0 if found else clean + 1
        if found and time.monotonic() > deadline:
            return len(seen | found), len(found)
        for process in found:
            send(process, _SIGKILL)
        seen |= found
        time.sleep(BETWEEN_PASSES_S)
    return len(seen), 0
