"""Finding what a tool has detached so thoroughly that neither its parent nor its environment shows whose it is.

Where this user may make control groups, the tool gets one of its own, which no process leaves by forking, by `setsid`
or by emptying its environment: what is still in it once the shim was killed is the tool's. Elsewhere such processes can
only be guessed, so they are named and left alone. Imports only the standard library: the shim loads this at each start.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING or __package__:
    from engine.runners import layout, process_tree
else:  # in the shim
    import layout
    import process_tree

GROUP_PREFIX = "signalbox-"
_NAMED_AT_MOST = 5


def make_group(name: str) -> str:
    """Make the control group of an attempt below our own; empty where the system does not let us."""
    try:
        group = os.path.join(_own_group(), GROUP_PREFIX + name)
        os.mkdir(group, 0o700)
    except (OSError, LookupError):
        return ""
    return group


def enter_group(group: str) -> None:
    """Move this process there, and so all that it will start; for use right after a fork."""
    try:
        descriptor = os.open(os.path.join(group, "cgroup.procs"), os.O_WRONLY | os.O_CLOEXEC)
        os.write(descriptor, b"0")
        os.close(descriptor)
    except OSError:
        pass  # its processes are found by parent and environment, as where there are no groups


def remove_group(group: str) -> None:
    """Remove a group with the groups in it, if no process is left there."""
    for folder, _, _ in os.walk(group, topdown=False):
        try:
            os.rmdir(folder)
        except OSError:
            return


def note(group: str) -> bytes:
    """What is needed to find these processes later; it is kept where the tool's folder is not."""
    fields = {"group": group, "boot": boot_id(), "within": _read("/proc/self/cgroup")}
    return layout.as_json({**fields, "since": process_tree.start_time(os.getpid())}).encode()


class Detached:
    """The processes of one attempt that its note leads to, after its shim was killed."""

    def __init__(self, name: str, noted: str) -> None:
        try:
            fields = layout.read_json(noted)
        except (ValueError, StopIteration, RecursionError):
            fields = {}
        group = str(fields.get("group", ""))
        # The tool could have written this file, too: nothing but a group of this very attempt is believed.
        is_own = os.path.basename(group) == GROUP_PREFIX + name and ".." not in group.split("/")
        self.group = group if is_own and os.path.exists(os.path.join(group, "cgroup.procs")) else ""
        self._within, since = str(fields.get("within", "")), fields.get("since")
        is_known = isinstance(since, int) and fields.get("boot") == boot_id() and not group
        self._since = since if is_known and isinstance(since, int) else None

    def processes(self) -> set[process_tree.Process]:
        """The living processes of the group; none where it has none."""
        found = set()
        for folder, _, _ in os.walk(self.group) if self.group else ():
            for pid in map(int, _read(os.path.join(folder, "cgroup.procs")).split()):
                if (started := process_tree.start_time(pid)) is not None:
                    found.add((pid, started))
        return found

    def suspects(self) -> str:
        """What may be left where there was no group, each with its number; empty where nothing is."""
        if self._since is None:
            return ""
        orphans = sorted(process_tree.orphans(self._since))
        found = [pid for pid, _ in orphans if _read(f"/proc/{pid}/cgroup") == self._within]
        named = [f"{_read(f'/proc/{pid}/comm').strip()} (process {pid})" for pid in found[:_NAMED_AT_MOST]]
        more = [f"{len(found) - _NAMED_AT_MOST} more"] if len(found) > _NAMED_AT_MOST else []
        return ", ".join(named + more)


def _own_group() -> str:
    """The folder of the control group that this process is in.

    Raises:
        LookupError: there is none.
    """
    mounts = [line.split(" ") for line in _read("/proc/self/mountinfo").splitlines()]
    roots = [one[4] for one in mounts if one[3] == "/" and one[one.index("-") + 1] == "cgroup2"]
    paths = [line[3:] for line in _read("/proc/self/cgroup").splitlines() if line.startswith("0::")]
    if not roots or not paths:
        raise LookupError
    return roots[0] + paths[0]


def boot_id() -> str:
    """What is another one after each start of the system; empty where the system does not say."""
    return _read("/proc/sys/kernel/random/boot_id").strip()


def _read(path: str) -> str:
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read().decode(errors="replace")
    except OSError:
        return ""
