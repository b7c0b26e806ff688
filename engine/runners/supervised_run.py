"""One attempt as the shim lives it: start the tool, read what it prints, stop it when it must, end its whole tree.

It decides how the attempt ended and leaves writing that down to `shim`. Exactly one reason is given: the first that is
seen, and the tool's own exit is checked first. Imports only the standard library.
"""

import os
import select
import time

TYPE_CHECKING = False
if TYPE_CHECKING or __package__:
    from engine.runners import layout, process_tree, spawn
    from engine.runners.capture import Capture
else:  # in the shim
    import layout
    import process_tree
    import spawn
    from capture import Capture

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.runners.masking import Mask

READ_SIZE = 256 * 1024
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ, which the fcntl module names only in some builds
_SIGKILL, _SIGTERM = 9, 15

CHECK_EVERY_S = 1.0
"""How often to look for `STOP` unprompted; the signal is only the faster way."""
BUSY_CHECK_S = 0.02
SUSPENDED_S = 5.0
"""A longer turn means that this process or the machine slept; no timeout counts that time."""
LEFTOVERS_SIGNALLED_S = 0.5
LEFTOVERS_KILLED_S = 1.0
"""What the tool left running may finish for this long after the tool's own end."""
KILL_PATIENCE_S = 5.0


class LaunchOrder:
    """What `invocation.json` and the environment ask for."""

    def __init__(self, folder: str, fields: dict[str, object], environ: dict[bytes, bytes]) -> None:
        self.folder = folder
        self.token = str(fields["token"])
        self.name = str(fields["name"])
        self.group = ""
        self.marker = f"{layout.MARKER}={fields['name']}"
        cwd = str(fields["cwd"])
        self.stdin_file = None if fields["stdin_file"] is None else str(fields["stdin_file"])
        self.timeout_s = _seconds(fields["timeout_s"])
        self.silence_timeout_s = _seconds(fields["silence_timeout_s"])
        self.grace_s = _seconds(fields["grace_s"]) or 0.0
        self.output_cap = int(str(fields["output_cap"]))
        name, _, value = self.marker.partition("=")
        ours = {os.fsencode(name): os.fsencode(value)}
        ours[b"TMPDIR"] = os.fsencode(os.path.join(folder, layout.TMP))
        self.tool = Program(fields, environ, ours, cwd=cwd)
        setup = fields.get("setup")
        prefix = os.fsencode(layout.OF_SETUP)
        self.setup = (
            Program(setup, environ, ours, cwd=cwd, prefix=prefix) if isinstance(setup, dict) else None
        )
        self.setup_timeout_s = _seconds(setup["timeout_s"]) if isinstance(setup, dict) else None
        self.setup_digest = str(setup["digest"]) if isinstance(setup, dict) else ""
        tests = fields.get("tests")
        theirs = os.fsencode(layout.OF_TESTS)
        self.tests = (
            Program(tests, environ, ours, cwd=cwd, prefix=theirs) if isinstance(tests, dict) else None
        )
        self.tests_after = _items(tests.get("after", [0])) if isinstance(tests, dict) else []


class Program:
    """What is started: the tool, the setup before it, or the tests after it."""

    def __init__(
        self,
        fields: dict[str, object],
        environ: dict[bytes, bytes],
        ours: dict[bytes, bytes],
        *,
        cwd: str,
        prefix: bytes = b"",
    ) -> None:
        """A variable under `prefix` and its name has the value for this program where others have another."""
        self.argv = [str(argument) for argument in _items(fields["argv"])]
        self.cwd = str(fields.get("cwd", cwd))
        self.stop_signal = int(str(fields["stop_signal"]))
        names = [os.fsencode(str(name)) for name in _items(fields["env_names"])]
        # Python itself may have added variables of its own, so the environment is not simply passed on.
        found = {name: environ.get(prefix + name, environ.get(name)) for name in names}
        self.env = {name: value for name, value in found.items() if value is not None} | ours


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _seconds(value: object) -> float | None:
    return None if value is None else float(str(value))


class SupervisedRun:
    """The tool and everything it started; `run` returns when nothing of it is left.

    `reason` is a word of `engine.types.EndReason`, `detail` a sentence for people, `started_at` in seconds since the
    epoch, and `duration_s` what passed until the tool itself had ended. `errno` is why it could not be started, else 0.
    `tests_ran` is 1 once the tests after it ended by themselves, with `tests_exit_code`, or could not be started;
    `setup_ran` is the same of the setup before it, also where that took too long. `timeout_s` and `silence_timeout_s`
    are the limits of what runs now.
    """

    def __init__(self, order: LaunchOrder, capture: Capture, masks: "list[Mask]") -> None:
        self.reason = ""
        self.detail = ""
        self.exit_code: int | None = None
        self.errno = 0
        self.leftovers = 0
        self.setup_ran = 0
        self.setup_exit_code: int | None = None
        self.setup_detail = ""
        self.tests_ran = 0
        self.tests_exit_code: int | None = None
        self.tests_detail = ""
        self.started_at = time.time()
        self.duration_s = 0.0
        self._order, self._capture, self._masks = order, capture, masks
        self._program: Program = order.tool
        self._timeout_s, self._silence_timeout_s = order.timeout_s, order.silence_timeout_s
        self._poll = select.poll()
        self._handlers: dict[int, Callable[[], object]] = {}
        self._streams: dict[int, int] = {}
        self._killed: set[process_tree.Process] = set()
        self._subreaper = process_tree.become_subreaper()
        self._pid = 0
        self._report, self._report_pipe = b"", -1
        self._stop_requested = self._ended_by_signal = self._alone = False
        self._exit_watched = False
        self._slept = 0.0
        self._started = self._turned = time.monotonic()
        self._begun = self._heard = 0.0
        self._exited_at = self._signalled_at = self._checked_at = 0.0
        self._signalled = False

    def listen(self) -> None:
        """Hear from now on when a stop is requested; until now the signal that says so was ignored."""
        read = process_tree.wakeup_pipe()
        self._watch(read, lambda: self._on_wakeup(read))
        process_tree.handle_signal(process_tree.SIGURG, self._on_signal)

    def begin(self) -> None:
        """Let the duration count from now, and signals end the tool before this process."""
        for number in spawn.ENDING:
            process_tree.handle_signal(number, self._on_signal)
        self.started_at, self._started = time.time(), time.monotonic()

    def run(self, stdin: int) -> None:
        """Start the tool and see it to its end."""
        self._begun = self._heard = self._now()
        self._see_through(stdin, (layout.STDOUT, layout.STDERR))

    def run_setup(self, setup: Program) -> None:
        """Start the setup and see it to its end; `reason` is empty where the tool may follow."""
        self._program, self._timeout_s, self._silence_timeout_s = setup, self._order.setup_timeout_s, None
        self._begun = self._heard = self._now()
        self._see_through(os.open(os.devnull, os.O_RDONLY), (layout.SETUP, layout.SETUP))
        code, reason, detail = self.exit_code, self.reason, self.detail
        self._begin_next(self._order.tool)
        self._timeout_s, self._silence_timeout_s = self._order.timeout_s, self._order.silence_timeout_s
        if reason not in {"exited", "spawn_failed", "timeout"}:
            self.reason, self.detail = reason, f"{detail} Its setup was running."
            return
        self.setup_ran, self.errno = 1, 0
        self.setup_exit_code = code if reason == "exited" else None
        self.setup_detail, self.detail = detail, ""
        if self.setup_exit_code != 0:
            self.reason = "exited"
        elif os.path.lexists(layout.STOP):
            self.reason, self.detail = stop_requested()

    @property
    def has_tests(self) -> bool:
        """Whether tests are to be started now, in place of the tool that ended well."""
        code, after = self.exit_code, self._order.tests_after
        ended_well = self.reason == "exited" and code is not None and (code in after if after else code >= 0)
        return self._order.tests is not None and ended_well

    def run_tests(self) -> None:
        """Start the tests, within the time limits of the whole attempt, and see them to their end."""
        assert self._order.tests is not None  # noqa: S101 - `has_tests` says so
        if os.path.lexists(layout.STOP):
            self.reason, self.detail = stop_requested()
            return
        code = self.exit_code
        self._begin_next(self._order.tests)
        self._heard = self._now()
        self._see_through(os.open(os.devnull, os.O_RDONLY), (layout.TESTS, layout.TESTS))
        self.tests_exit_code, self.exit_code = self.exit_code, code
        if self.reason in {"exited", "spawn_failed"}:
            self.tests_ran, self.reason, self.errno = 1, "exited", 0
            self.tests_detail, self.detail = self.detail, ""
        else:
            self.detail = f"{self.detail} Its tests were running."

    def _begin_next(self, program: Program) -> None:
        """Forget what is of the program that has ended, before another takes its place."""
        for descriptor in list(self._streams):  # held open by what could not be ended
            del self._streams[descriptor]
            self._unwatch(descriptor)
        self.exit_code, self.reason, self._program = None, "", program
        self._alone = self._signalled = self._exit_watched = False
        self._report = b""

    def _see_through(self, stdin: int, streams: tuple[int, int]) -> None:
        self._start(stdin, streams)
        while not self._alone:
            self._turn(self._patience())
            self._settle(self._now())
            self._decide(self._now())
        self._drain()

    def end_all(self) -> None:
        """Kill whatever there is of the attempt; for the case that `run` failed."""
        self._kill()

    def _start(self, stdin: int, streams: tuple[int, int]) -> None:
        try:
            self._spawn(stdin, streams)
        except OSError as error:  # no more descriptors or processes
            self.reason, self.errno = "spawn_failed", error.errno or 0
            self.detail = f"{self._program.argv[0]} cannot be started: {error.strerror}."
            self._alone = True

    def _spawn(self, stdin: int, streams: tuple[int, int]) -> None:
        pipes = {number: os.pipe() for number in streams}
        for number, (read, _) in pipes.items():
            _widen(read)
            os.set_blocking(read, False)
            self._streams[read] = number
            self._watch(read, self._reader(read))
        order, program = self._order, self._program
        stdio = (stdin, pipes[streams[0]][1], pipes[streams[1]][1])
        self._pid, self._report_pipe = spawn.spawn(
            program.argv, cwd=program.cwd, env=program.env, stdio=stdio, group=order.group
        )
        for descriptor in set(stdio):
            os.close(descriptor)
        self._watch(self._report_pipe, self._on_report)
        self._watch_exit()

    def _watch_exit(self) -> None:
        try:
            descriptor = os.pidfd_open(self._pid)
        except (AttributeError, OSError):
            return  # not on this system: the exit is checked in short turns
        self._exit_watched = True
        self._watch(descriptor, lambda: self._unwatch(descriptor))

    def _watch(self, descriptor: int, handler: "Callable[[], object]") -> None:
        self._handlers[descriptor] = handler
        self._poll.register(descriptor, select.POLLIN)

    def _unwatch(self, descriptor: int) -> None:
        self._poll.unregister(descriptor)
        del self._handlers[descriptor]
        os.close(descriptor)

    def _now(self) -> float:
        """Monotonic seconds, less those in which this process did not run."""
        now = time.monotonic()
        gap, self._turned = now - self._turned, now
        if gap > SUSPENDED_S:
            self._slept += gap
        return now - self._slept

    def _patience(self) -> float:
        """How long the next turn may wait."""
        if self.reason or not self._exit_watched:
            return BUSY_CHECK_S
        waits = [CHECK_EVERY_S]
        now = self._now()
        if self._timeout_s is not None:
            waits.append(self._begun + self._timeout_s - now)
        if self._silence_timeout_s is not None:
            waits.append(self._heard + self._silence_timeout_s - now)
        return max(min(waits), 0.0)

    def _turn(self, patience: float) -> None:
        for descriptor, _ in self._poll.poll(patience * 1000 + 1):
            if (handler := self._handlers.get(descriptor)) is not None:
                handler()
        self._reap()

    def _settle(self, now: float) -> None:
        """Show what was held back as the possible beginning of a secret, if nothing followed."""
        if self._masks and now - self._heard >= CHECK_EVERY_S:
            for stream in self._streams.values():
                self._capture.keep(stream, self._masks[stream].settle(), time.time_ns())

    def _decide(self, now: float) -> None:
        if not self.reason:
            self._find_reason(now)
        if self._alone:
            return
        if self.reason in {"exited", "spawn_failed"}:
            after = now - self._exited_at
            if after >= LEFTOVERS_KILLED_S:
                self._kill()
            elif after >= LEFTOVERS_SIGNALLED_S and not self._signalled:
                self._killed.update(self._signal_tree(_SIGTERM))
        elif self.reason and now - self._signalled_at >= self._order.grace_s:
            self._kill()

    def _find_reason(self, now: float) -> None:
        if self.exit_code is not None:
            self._exited_at = now
            self.reason = "exited"
            if self._report:
                self.reason, self.exit_code = "spawn_failed", None
                self.errno, self.detail = spawn.failure(self._report, self._program.argv, self._program.cwd)
        elif self._stop_requested or self._stop_file_found(now) or self._stopped_by_signal():
            self._stop(*stop_requested(), now)
        elif self._ended_by_signal:
            self._stop("interrupted", "The system requested its end.", now)
        elif self._timeout_s is not None and now >= self._begun + self._timeout_s:
            self._stop("timeout", f"It ran longer than {self._timeout_s:g} s.", now)
        elif self._silence_timeout_s is not None and now >= self._heard + self._silence_timeout_s:
            self._stop("silence", f"It printed nothing for {self._silence_timeout_s:g} s.", now)

    def _stop_file_found(self, now: float) -> bool:
        if now - self._checked_at < CHECK_EVERY_S:
            return False
        self._checked_at = now
        return os.path.lexists(layout.STOP)

    def _stopped_by_signal(self) -> bool:
        """Whether the signal only repeats a request that was left in the folder."""
        return self._ended_by_signal and os.path.lexists(layout.STOP)

    def _on_signal(self, number: int, frame: object) -> None:
        del frame
        self._ended_by_signal |= number != process_tree.SIGURG

    def _on_wakeup(self, read: int) -> None:
        _emptied(read)
        self._stop_requested = self._stop_requested or os.path.lexists(layout.STOP)

    def _on_report(self) -> None:
        if self._report_pipe >= 0:
            self._report = _emptied(self._report_pipe)
            self._unwatch(self._report_pipe)
            self._report_pipe = -1

    def _reader(self, descriptor: int) -> "Callable[[], object]":
        return lambda: self._read(descriptor)

    def _read(self, descriptor: int) -> bool:
        """Keep one piece of output; False where there is none at this moment."""
        try:
            data = os.read(descriptor, READ_SIZE)
        except BlockingIOError:
            return False
        stream = self._streams[descriptor]
        if data:
            self._heard = self._now()
            data = self._masks[stream].feed(data) if self._masks else data
        else:
            data = self._masks[stream].flush() if self._masks else data
            del self._streams[descriptor]
            self._unwatch(descriptor)
        self._capture.keep(stream, data, time.time_ns())
        return descriptor in self._streams

    def _reap(self) -> None:
        """Collect ended children: the tool, and orphans that have become ours."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                self._alone = self._subreaper or not self._remaining()
                return
            if pid == 0:
                return
            if pid == self._pid:
                self.exit_code = os.waitstatus_to_exitcode(status)
                self.duration_s = time.monotonic() - self._started
                self._on_report()

    def _stop(self, reason: str, detail: str, now: float) -> None:
        self.reason, self.detail, self._signalled_at = reason, detail, now
        self._signal_tree(self._program.stop_signal)

    def _signal_tree(self, number: int) -> "set[process_tree.Process]":
        """Send a signal to every process of the tree once, and wake those that are stopped."""
        self._signalled = True
        tree = process_tree.descendants(os.getpid())
        self._signal(tree, number)
        self._signal(tree, process_tree.SIGCONT)
        return set(tree)

    def _signal(self, tree: "dict[process_tree.Process, int]", number: int) -> None:
        # The tool's group is signalled as one: a process it forks meanwhile is not missed.
        grouped = self.exit_code is None and _signal_group(self._pid, number)
        for process, group in tree.items():
            if not (grouped and group == self._pid):
                process_tree.send(process, number)

    def _remaining(self) -> "set[process_tree.Process]":
        return set(process_tree.descendants(os.getpid())) | process_tree.marked(self._order.marker)

    def _kill(self) -> None:
        """Kill the whole tree, again and again until nothing is left."""
        deadline = time.monotonic() + KILL_PATIENCE_S
        together: set[process_tree.Process] = set()
        while not self._alone and time.monotonic() < deadline:
            found = self._remaining()
            if self.exit_code is None:
                together |= found
            else:
                self._killed |= found - together
            # The group first, as one: a tool whose child were killed before it could still end by itself, and well.
            # The group is also all there is where the system shows no processes.
            if self.exit_code is None and self._pid > 0:
                _signal_group(self._pid, _SIGKILL)
            for process in found:
                process_tree.send(process, _SIGKILL)
            self._turn(BUSY_CHECK_S / 4)
        swept, left = process_tree.sweep(self._order.marker, patience=KILL_PATIENCE_S)
        self.leftovers = len(self._killed) + swept
        if not self._alone or left:
            count = len(self._remaining()) or "Some"  # where the system does not show them
            self.detail += f" {count} of its processes could not be ended."
        self._alone = True

    def _drain(self) -> None:
        """Read what is still in the pipes; who else holds them open is not waited for."""
        self.leftovers = max(self.leftovers, len(self._killed))
        deadline = time.monotonic() + LEFTOVERS_KILLED_S
        for descriptor in list(self._streams):
            while self._read(descriptor) and time.monotonic() < deadline:
                pass
        for number in self._streams.values():
            if self._masks:
                self._capture.keep(number, self._masks[number].flush(), time.time_ns())


def stop_requested() -> "tuple[str, str]":
    """The reason and the detail of an attempt whose stop was requested: by a person, or by an engine that stops."""
    if os.path.lexists(layout.STOP_OF_ENGINE):
        return "stopped", "It was stopped because its engine stopped."
    return "cancelled", "It was cancelled."


def _signal_group(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _emptied(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except BlockingIOError:
        return b""


def _widen(descriptor: int) -> None:
    try:
        import fcntl

        fcntl.fcntl(descriptor, _SET_PIPE_SIZE, READ_SIZE)
    except (ImportError, OSError):
        pass  # the usual size does as well, only more slowly
