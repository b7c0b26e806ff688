"""Children that misbehave, each a function named on the command line: ``python -I -S child_zoo.py <animal>``.

Most say ``ready`` once they are what they are. Needs the standard library only, so that starting one is cheap.
"""
# ruff: noqa: PTH101, PTH102, PTH123, PTH208

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence

FOR_EVER = 600
CHUNK = b"0123456789abcdef" * 4096


def command(animal: Callable[..., None], *arguments: object) -> list[str]:
    """The command line that brings this animal to life."""
    return [sys.executable, "-I", "-S", __file__, animal.__name__, *map(str, arguments)]


def ready() -> None:
    os.write(1, b"ready\n")


def sleep() -> None:
    time.sleep(FOR_EVER)


def child(act: Callable[[], None]) -> int:
    """Fork a child that does this and sleeps."""
    if pid := os.fork():
        return pid
    act()
    sleep()
    os._exit(0)


def ignores_term() -> None:
    """Takes no notice of TERM, INT and HUP."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    ready()
    sleep()


def exits_on(name: str, code: str) -> None:
    """Ends in an orderly way on one signal and ignores TERM otherwise."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.Signals[f"SIG{name}"], lambda *_: os._exit(int(code)))
    ready()
    sleep()


def stops_itself() -> None:
    """Stands still until somebody sends CONT."""
    ready()
    os.kill(os.getpid(), signal.SIGSTOP)
    sleep()


def leads_sessions() -> None:
    """Has a child in a session of its own, as coding tools start their shells."""
    child(os.setsid)
    ready()
    sleep()


def _become_daemon() -> None:
    os.setsid()
    if os.fork():
        os._exit(0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def leaves_daemon() -> None:
    """Ends at once and leaves a daemon that ignores TERM and holds no pipe."""
    os.waitpid(child(_become_daemon), 0)
    ready()


def keeps_daemon() -> None:
    """The same, but runs on itself."""
    leaves_daemon()
    sleep()


def _forget_environment() -> None:
    os.setsid()
    os.execve("/bin/sleep", ["/bin/sleep", str(FOR_EVER)], {})  # noqa: S606


def clears_environment() -> None:
    """Has a child that carries nothing of our environment."""
    child(_forget_environment)
    ready()
    sleep()


def makes_zombies() -> None:
    """Never waits for its fifty dead children."""
    for _ in range(50):
        if not os.fork():
            os._exit(0)
    ready()
    sleep()


def crowd() -> None:
    """Two hundred children, every other one in a session of its own."""
    for number in range(200):
        child(os.setsid if number % 2 else lambda: None)
    ready()
    sleep()


def runs_away() -> None:
    """Is never the same process for long: each forks the next and ends."""
    ready()
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if os.fork():
            os._exit(0)
        os.setsid()
        time.sleep(0.002)


def leaves_pipe_open() -> None:
    """Ends while a grandchild still holds its stdout."""
    child(lambda: None)
    ready()


def prints(count: str) -> None:
    """Prints that many bytes as fast as it can."""
    rest = int(count)
    while rest:
        rest -= os.write(1, CHUNK[: min(rest, len(CHUNK))])


def prints_both(count: str) -> None:
    """Numbered lines, in turn on stdout and stderr."""
    for number in range(int(count)):
        os.write(1 + number % 2, b"%d\n" % number)


def prints_garbage() -> None:
    """What no terminal should be given: binary, broken UTF-8, escapes, NUL, a character in two writes."""
    os.write(1, bytes(range(256)) + b"\xff\xfe\xc3\x28 \x1b]0;title\x07\x1b[2J\x1b]52;c;aGk=\x07\0")
    os.write(1, b"\r10%\r20%\r\n\xe2\x82")
    time.sleep(0.05)
    os.write(1, b"\xac\n")


def says_in_pieces(pause: str, *pieces: str) -> None:
    """Prints its arguments with pauses between them, so that each comes by itself; a ``|`` is a line break."""
    for piece in pieces:
        os.write(1, piece.encode().replace(b"|", b"\n"))
        time.sleep(float(pause))


def closes_output(code: str) -> None:
    """Closes stdout and stderr, works on, and exits."""
    os.closerange(1, 3)
    time.sleep(0.1)
    os._exit(int(code))


def dies_of(name: str) -> None:
    """Ends by a signal."""
    os.kill(os.getpid(), signal.Signals[f"SIG{name}"])
    sleep()


def kills_parent() -> None:
    """Kills the process that started it, and would live on."""
    ready()
    os.kill(os.getppid(), signal.SIGKILL)
    sleep()


def litters() -> None:
    """Fills its TMPDIR, with a folder that nobody may enter."""
    tmp = os.environ["TMPDIR"]
    os.mkdir(f"{tmp}/deep")
    with open(f"{tmp}/deep/file", "w") as file:
        file.write("left behind")
    os.chmod(f"{tmp}/deep", 0)
    os.write(1, tmp.encode())


def lists_descriptors() -> None:
    """Says which descriptors it was given."""
    os.write(1, " ".join(sorted(os.listdir("/proc/self/fd"), key=int)).encode())


def shows_environment() -> None:
    """Prints its environment, NUL-separated as the kernel has it."""
    with open("/proc/self/environ", "rb") as file:
        os.write(1, file.read())


def main(arguments: Sequence[str]) -> None:
    animal, *rest = arguments
    globals()[animal](*rest)


if __name__ == "__main__":
    main(sys.argv[1:])
