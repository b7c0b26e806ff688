"""The process beside one attempt: starts the tool, keeps its output, ends its whole tree, writes down how it ended.

Started through `shim`, it outlives the engine and imports nothing of ours but its siblings, which like itself need only
the standard library. It has one thread: the kernel kills the tool when the thread that forked it is gone. Everything it
must know lies in the folder; everything it finds out, it leaves there.
"""

import errno
import fcntl
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING or __package__:
    from engine.runners import detached, layout, process_tree, spawn
    from engine.runners.capture import Capture
    from engine.runners.masking import Mask
    from engine.runners.supervised_run import LaunchOrder, SupervisedRun, stop_requested
else:  # in the shim
    import detached
    import layout
    import process_tree
    import spawn
    from capture import Capture
    from supervised_run import LaunchOrder, SupervisedRun, stop_requested

ENVIRON = dict(os.environb)
DRAFT_SIZE = 16384
DETAIL_AT_MOST = 600


class CannotStartError(Exception):
    """The attempt ends here; the message is the sentence for people, `number` the error it comes from."""

    def __init__(self, sentence: str, number: "int | None", *, of_our_folder: bool = False) -> None:
        super().__init__(sentence)
        self.number = number or 0
        self.of_our_folder = of_our_folder


def main(folder: str) -> int:
    """Live through one attempt; returns the exit code of this process."""
    _close_inherited()
    process_tree.reset_signals(spawn.OF_PYTHON)
    try:
        os.chdir(folder)
        fault("before_lock")
        if not _take_lock():
            return layout.LOCK_TAKEN
        fault("after_lock")
        if os.path.lexists(layout.ABANDONED) and not mutant("no_tombstone"):
            return layout.GIVEN_UP
        if os.path.lexists(layout.RESULT):
            return layout.ALREADY_ENDED
        draft = _set_aside()
        order = _read_order(folder)
    except OSError as error:
        try:  # noqa: SIM105  # contextlib is too dear to import here
            sys.stderr.write(f"{error}\n")
        except OSError:
            pass  # the disk is full: the exit code says so too
        return layout.PREPARING_FAILED + (error.errno or errno.EIO)
    _live(order, draft)
    return 0


def _close_inherited() -> None:
    """Close what a library of the engine has left open: those there are, as there may be room for a billion."""
    try:
        numbers = [int(name) for name in os.listdir("/dev/fd")]
    except (OSError, ValueError):
        numbers = list(range(256))
    for number in numbers:
        if number > 2:  # noqa: PLR2004  # the standard streams
            try:  # noqa: SIM105  # contextlib is too dear to import here
                os.close(number)
            except OSError:
                pass  # the one of the list itself


def _take_lock() -> bool:
    """Lock the current folder without waiting; the lock is held until this process is gone and inherited by nobody.

    The lock of `state.locks` in four lines: that module needs pathlib, which would double the shim's start.
    """
    descriptor = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _set_aside() -> int:
    """Make the file over which the result will be written, so that it needs no room of its own then."""
    draft = os.open(layout.DRAFT, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    if os.write(draft, b" " * DRAFT_SIZE) < DRAFT_SIZE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return draft


def _read_order(folder: str) -> LaunchOrder:
    with open(layout.INVOCATION, encoding="ascii") as file:
        return LaunchOrder(folder, layout.read_json(file.read()), ENVIRON)


def _live(order: LaunchOrder, draft: int) -> None:
    secrets = _secrets()
    masks = _masks(secrets)
    capture = Capture(layout.STREAMS, layout.INDEX, cap=order.output_cap)
    attempt = SupervisedRun(order, capture, masks)
    of_our_folder = False
    try:
        _make_tmp()
        attempt.listen()
        if os.path.lexists(layout.STOP):
            attempt.reason, attempt.detail = stop_requested()
        else:
            stdin = _open_stdin(order.stdin_file)
            order.group = "" if mutant("no_group") else detached.make_group(order.name)
            _note_start(order.folder, detached.note(order.group))
            attempt.begin()
            if order.setup is not None:
                fault("before_setup")
                attempt.run_setup(order.setup)
            if not attempt.reason:
                fault("before_tool")
                attempt.run(stdin)
            if attempt.has_tests:
                fault("before_tests")
                attempt.run_tests()
    except CannotStartError as error:
        attempt.reason, attempt.detail = "spawn_failed", str(error)
        attempt.errno, of_our_folder = error.number, error.of_our_folder
    except Exception:  # noqa: BLE001  # the top of this process: whatever it is, the tool must not be left alone
        sys.excepthook(*sys.exc_info())
        attempt.end_all()
        attempt.reason = "interrupted"
        attempt.detail = f"An error of Signalbox itself ended it, see {layout.LOG} in its folder."
    capture.close()
    fault("before_result")
    _write_result(
        draft,
        {
            "token": order.token,
            "reason": attempt.reason,
            "exit_code": attempt.exit_code,
            "errno": attempt.errno,
            "of_our_folder": int(of_our_folder),
            "duration_s": round(attempt.duration_s, 6),
            "leftovers": attempt.leftovers,
            "detail": _masked(attempt.detail, secrets)[:DETAIL_AT_MOST],
            "started_at": attempt.started_at,
            "ended_at": time.time(),
            "lost_bytes": capture.lost,
            "setup_ran": attempt.setup_ran,
            "setup_exit_code": attempt.setup_exit_code,
            "setup_detail": _masked(attempt.setup_detail, secrets)[:DETAIL_AT_MOST],
            "setup_digest": order.setup_digest,
            "tests_ran": attempt.tests_ran,
            "tests_exit_code": attempt.tests_exit_code,
            "tests_detail": _masked(attempt.tests_detail, secrets)[:DETAIL_AT_MOST],
        },
    )
    fault("after_result")
    if order.group:
        detached.remove_group(order.group)
    _tidy()


def _make_tmp() -> None:
    try:
        os.mkdir(layout.TMP, 0o700)
    except OSError as error:
        raise _unusable_folder(error) from error


def _note_start(folder: str, found_by: bytes) -> None:
    """Note that the tool may run, where the note stays if the tool removes or empties its folder.

    After a start of the system nobody relies on it (see `boot`), so it needs no sync where that can be noticed.
    """
    attempts, name = os.path.split(folder)
    try:
        noted = os.path.join(os.path.dirname(attempts), layout.STARTS, name)
        descriptor = os.open(noted, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        os.write(descriptor, found_by)
        if not detached.boot_id():
            os.fsync(descriptor)
        os.close(descriptor)
    except OSError as error:
        raise _unusable_folder(error) from error


def _unusable_folder(error: OSError) -> CannotStartError:
    sentence = f"The attempt's folder {os.getcwd()} cannot be written: {error.strerror}."
    return CannotStartError(sentence, error.errno, of_our_folder=True)


def _open_stdin(file: "str | None") -> int:
    if file is None:
        return os.open(os.devnull, os.O_RDONLY)
    try:
        return os.open(file, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO would make us wait
    except (
        OSError,
        ValueError,
    ) as error:  # ValueError: a NUL or a lone surrogate, which no file has in its name
        number = error.errno if isinstance(error, OSError) else errno.EINVAL
        sentence = f"The input {file} cannot be read: {os.strerror(number or errno.EIO)}."
        raise CannotStartError(sentence, number) from error


def _write_result(draft: int, fields: "dict[str, object]") -> None:
    os.pwrite(draft, layout.as_json(fields).encode(), 0)
    os.fsync(draft)
    os.rename(layout.DRAFT, layout.RESULT)
    folder = os.open(".", os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _secrets() -> "list[str]":
    carried = ENVIRON.get(layout.SECRETS.encode())
    values = layout.read_json(carried.decode())["values"] if carried else []
    return [str(value) for value in values] if isinstance(values, list) else []


def _masks(secrets: "list[str]") -> "list[Mask]":
    if not secrets:
        return []
    if not TYPE_CHECKING:
        from masking import Mask

    return [Mask(secrets) for _ in layout.STREAMS]


def _masked(text: str, secrets: "list[str]") -> str:
    if not secrets or not text:
        return text
    mask = _masks(secrets)[0]
    data = text.encode("utf-8", "surrogateescape")
    return (mask.feed(data) + mask.flush()).decode("utf-8", "surrogateescape")


def _tidy() -> None:
    """Take away what only a running attempt needs."""
    try:
        os.rmdir(layout.TMP)
    except OSError:
        if TYPE_CHECKING:
            from engine.runners.removal import remove_tree
        else:
            from removal import remove_tree  # most tools leave nothing behind

        remove_tree(layout.TMP)


def fault(name: str) -> None:
    """Die or dawdle here if a test requests it, as `engine.system.fault_injection.fault` does."""
    for part in ENVIRON.get(b"SIGNALBOX_FAULT", b"").decode().split(","):
        point, _, chance = part.partition(":")
        if point == "delay" and chance.startswith(f"{name}:"):
            time.sleep(float(chance.rpartition(":")[2]))
        if point in {name, "*"} and int.from_bytes(os.urandom(4), "big") < float(chance or 1) * 2**32:
            if log := ENVIRON.get(b"SIGNALBOX_FAULT_LOG"):
                os.write(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), f"{name}\n".encode())
            os.kill(os.getpid(), 9)


def mutant(name: str) -> bool:
    """Whether a test has broken this on purpose, as `engine.system.fault_injection.mutant` does."""
    return name in ENVIRON.get(b"SIGNALBOX_MUTANT", b"").decode().split(",")
