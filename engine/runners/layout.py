"""The names of the files in an attempt's folder, and what engine and shim must spell alike.

Imports only the standard library, as little of it as can be: the shim loads this at each start.
"""

LOCK = "lock"
"""What shims of version 0.1 lock; later ones lock the folder itself (see `AttemptLock`)."""
INVOCATION = "invocation.json"
"""What is to be run, without values of the environment."""
NOTE = "attempt.json"
"""Which attempt of which job this is; for a database that does not know it (see `attempt_notes`)."""
STARTS = "started"
"""The folder beside ``attempts`` that has a note, by the name of the attempt, once its tool may have been started.

It lies out of reach of a tool that empties its attempt's folder, and says what leads to detached processes later.
"""
ABANDONED = "abandoned"
"""There once a recoverer has given the attempt up; a shim that finds it starts nothing."""
RESULT = "result.json"
"""How the attempt ended; there only when whole."""
DRAFT = "result.tmp"
"""Space set aside for the result, so that a full disk cannot swallow it."""
BOOT = "boot"
"""The file beside those notes that says which attempts are older than the last start of the system (see `boot`)."""
STOP = "stop"
"""There once a stop of the attempt was requested; SIGURG has the shim look for it at once."""
STOP_OF_ENGINE = "stop.engine"
"""There before `STOP` where the engine stops the attempt because it stops itself, not because a person cancelled."""
INDEX = "index"
"""Which bytes of which stream came when."""
STREAMS = ("stdout", "stderr", "tests", "setup")
"""The kept output; what lies in the middle may be left out (see `capture`)."""
STDOUT, STDERR, TESTS, SETUP = range(4)
"""The numbers of the streams; what the setup before the tool and the tests after it print on either stream is one."""
TMP = "tmp"
"""The tool's TMPDIR, removed at the end."""
CALLBACK = "callback"
"""There once the command at the end of the job was claimed for this attempt; no older database has it run again."""
LOG = "shim.log"
"""Where the shim records errors of its own."""

PROGRAMS = ("shim.py", "signalbox-shim")
"""The file names of what runs beside an attempt, in Python and compiled; by them living shims are found."""

MARKER = "SIGNALBOX_ATTEMPT"
"""The variable by which every process of an attempt can be found; its value is ``<id>-<token>``."""
NOTED = "SIGNALBOX_NOTE"
"""Carries what `NOTE` says in the environment of the shim alone, where it outlives the folder."""
OF_TESTS = "SIGNALBOX_TESTS_"
"""Begins the name under which the shim gets a variable of the tests that differs from that of the tool."""
OF_SETUP = "SIGNALBOX_SETUP_"
"""The same for the setup before the tool."""
SECRETS = "SIGNALBOX_SECRETS"
"""Carries the values to mask from engine to shim, which takes it out: they are written to no file."""

LOCK_TAKEN = 200
"""Exit code of a shim that did not get its lock."""
GIVEN_UP = 201
"""Exit code of a shim that found `ABANDONED`."""
ALREADY_ENDED = 202
"""Exit code of a shim that found a `RESULT`: the same attempt was started a second time."""
PREPARING_FAILED = 64
"""Exit code, plus errno, of a shim that could not prepare the attempt nor write down why."""


def read_json(text: str) -> dict[str, object]:
    """Parse a file that the engine wrote with the json module.

    The json module would cost 10 ms of the 25 that a whole attempt takes, most of it for regular expressions that
    reading does not need; the scanner it is built on is at hand without them.
    """
    try:
        from _json import make_scanner
    except ImportError:
        from json import loads

        value = loads(text)
    else:
        value, _ = make_scanner(_Plain)(text, 0)  # type: ignore[arg-type]  # it only reads the attributes
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004
    return value


class _Plain:
    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float


def as_json(fields: dict[str, object]) -> str:
    """Write a flat object of strings, numbers and None, without the json module for the same reason."""
    return "{" + ", ".join(f"{_quoted(name)}: {_value(value)}" for name, value in fields.items()) + "}\n"


def _value(value: object) -> str:
    if value is None:
        return "null"
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    code = ord(character)
    if character in '"\\' or not 32 <= code < 127:  # noqa: PLR2004
        units = character.encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
    return character
