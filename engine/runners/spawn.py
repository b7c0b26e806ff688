"""Starting the tool out of the shim, and saying in a sentence why it could not be started.

Not subprocess: its import alone costs as much as everything else in an attempt. Safe only in a process with a single
thread, as Python code runs between fork and exec. Imports only the standard library.
"""

import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING or __package__:
    from engine.runners import detached, process_tree
else:  # in the shim
    import detached
    import process_tree

OF_PYTHON = (13, 25)
"""SIGPIPE and SIGXFSZ, which Python ignores by itself; a started program gets them back."""
ENDING = (1, 2, 15)
"""SIGHUP, SIGINT and SIGTERM, for which the shim has handlers; a started program has none."""
_IN_FOLDER, _IN_EXEC = "cwd", "exec"


def spawn(
    argv: list[str], *, cwd: str, env: dict[bytes, bytes], stdio: tuple[int, int, int], group: str = ""
) -> tuple[int, int]:
    """Start a program in a session of its own, and in this control group, that dies with this process.

    Returns:
        Its process id, and a descriptor on which `failure` reads why it could not be started, or end-of-file once it
        was. Nothing here waits for that: a folder on a dead network drive may take for ever.
    """
    read, write = os.pipe()
    os.set_blocking(read, False)
    parent = os.getpid()
    process_tree.hold_signals(
        ENDING
    )  # or one that comes before the exec would end in the handler of this process
    try:
        pid = os.fork()
    except OSError:
        process_tree.release_signals(ENDING)
        raise
    if pid == 0:
        stage = _IN_FOLDER
        try:
            os.setsid()
            process_tree.die_with(parent)
            if group:
                detached.enter_group(group)
            for number in (*OF_PYTHON, *ENDING):
                process_tree.restore_signal(number)
            process_tree.release_signals(ENDING)
            for target, source in enumerate(stdio):
                os.dup2(source, target)
            os.chdir(cwd)
            stage = _IN_EXEC
            os.execve(argv[0], argv, env)  # noqa: S606  # never a shell
        except OSError as error:
            os.write(write, f"{stage} {error.errno}".encode())
        except ValueError as error:  # a NUL or a lone surrogate, which no program can be given
            os.write(write, f"{stage} {errno.EINVAL} {error}".encode(errors="replace"))
        finally:
            os._exit(127)
    process_tree.release_signals(ENDING)
    os.close(write)
    return pid, read


def failure(report: bytes, argv: list[str], cwd: str) -> tuple[int, str]:
    """The error number and the sentence for what came out of the descriptor."""
    stage, number, *rest = report.decode(errors="replace").split(" ", 2)
    code = int(number)
    if stage == _IN_FOLDER:
        return code, _about_folder(code, cwd)
    return code, f"{argv[0]}: {rest[0]}." if rest else _about_program(code, argv)


def _about_folder(code: int, cwd: str) -> str:
    if code in (errno.ENOENT, errno.ENOTDIR):
        return f"The working folder {cwd} does not exist or is not a folder; correct working_dir in the job file."
    return f"The working folder {cwd} cannot be entered: {os.strerror(code)}."


def _about_program(code: int, argv: list[str]) -> str:
    exe = argv[0]
    if code == errno.ENOENT and os.path.lexists(exe):
        return f"{exe} cannot be started: the interpreter in its first line, or what it links to, is missing."
    if code == errno.EACCES and os.path.isdir(exe):
        return f"{exe} is a folder, not a program."
    missing = f"There is no program {exe}; install it, or correct its path in Settings or in the job file."
    size = sum(len(os.fsencode(argument)) + 1 for argument in argv)
    known = {
        errno.ENOENT: missing,
        errno.ENOTDIR: missing,
        errno.EACCES: f"{exe} is not executable; make it so with: chmod +x {exe}",
        errno.ENOEXEC: f"{exe} is no program for this machine (wrong format, or a script without a first line).",
        errno.E2BIG: f"{exe}: its arguments ({size} bytes) and environment are longer than the system allows.",
    }
    return known.get(code, f"{exe} cannot be started: {os.strerror(code)}.")
