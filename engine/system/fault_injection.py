"""Named points at which a test kills or breaks this process, and switches that break it on purpose; otherwise inert.

``SIGNALBOX_FAULT`` names points, separated by commas: ``point`` kills this process with SIGKILL there, ``point:0.1``
one time in ten, ``*:0.02`` at every point, ``raise:point`` raises instead, ``delay:point:0.3`` makes the shim wait
there for that many seconds. ``SIGNALBOX_FAULT_LOG`` names a file that gets one line per kill. ``SIGNALBOX_MUTANT``
names switches (``no_lock_wait``, ``no_tombstone``, ``no_result``, ``no_tree_undo``, ``no_kept_tree``, and
``split_claim``, which tests install): a fault test counts only if it fails on such a mutant; ``no_group`` only makes a
system without control groups of this one. All three are read once, at import; a value that is not valid counts as none
here, as `environment` has reported it when the program started.
"""

import os
from collections.abc import Mapping


class InjectedFaultError(Exception):
    """Raised at a point named by ``SIGNALBOX_FAULT=raise:<point>``."""


VALID = "points such as after_claim, after_claim:0.1, raise:after_claim or delay:after_lock:0.3, separated by commas"
_KNOWN_MUTANTS = frozenset(
    {"no_lock_wait", "no_tombstone", "no_result", "no_group", "split_claim", "no_tree_undo", "no_kept_tree"}
)
VALID_MUTANTS = f"{', '.join(sorted(_KNOWN_MUTANTS))}, separated by commas"


def plan_of(text: str) -> tuple[dict[str, float], frozenset[str]]:
    """At which points to kill, each with its probability, and at which to raise.

    Raises:
        ValueError: the text is not valid.
    """
    kills: dict[str, float] = {}
    raises = set()
    for part in filter(None, text.split(",")):
        point, _, value = part.partition(":")
        if point == "raise":
            raises.add(value)
        elif point == "delay":
            float(value.rpartition(":")[2])
        elif not 0 <= float(value or 1) <= 1:
            raise ValueError(part)
        else:
            kills[point] = float(value or 1)
    return kills, frozenset(raises)


def mutants_of(text: str) -> frozenset[str]:
    """The switches that a text names.

    Raises:
        ValueError: there is no such switch.
    """
    named = frozenset(filter(None, text.split(",")))
    if not named <= _KNOWN_MUTANTS:
        raise ValueError(text)
    return named


def _read() -> tuple[dict[str, float], frozenset[str]]:
    try:
        return plan_of(os.environ.get("SIGNALBOX_FAULT", ""))
    except ValueError:
        return {}, frozenset()


_KILLS, _RAISES = _read()
_MUTANTS = frozenset(filter(None, os.environ.get("SIGNALBOX_MUTANT", "").split(",")))
VARIABLES = ("SIGNALBOX_FAULT", "SIGNALBOX_FAULT_LOG", "SIGNALBOX_MUTANT")
"""The variables a child process needs to take part in the same test."""


def fault(name: str) -> None:
    """Die or raise here if the environment requests it.

    Raises:
        InjectedFaultError: ``SIGNALBOX_FAULT`` names this point after ``raise:``.
    """
    if name in _RAISES:
        raise InjectedFaultError(name)
    if _KILLS and int.from_bytes(os.urandom(4)) < _KILLS.get(name, _KILLS.get("*", 0.0)) * 2**32:
        _die(name)


def mutant(name: str) -> bool:
    """Whether this switch of ``SIGNALBOX_MUTANT`` is on."""
    return name in _MUTANTS


def passed_on(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables of this module that are set, for a child process."""
    return {name: environ[name] for name in VARIABLES if name in environ}


def _die(name: str) -> None:
    if log := os.environ.get("SIGNALBOX_FAULT_LOG"):
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, f"{name}\n".encode())
    os.kill(os.getpid(), 9)  # SIGKILL, which Windows does not name
