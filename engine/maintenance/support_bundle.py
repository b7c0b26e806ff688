"""Collects what helps others to find a fault, with no secret in it, and writes it as one archive.

What is collected is listed first, so that a person can look at it and leave things out. Nothing is sent anywhere.
"""

import io
import json
import os
import platform
import re
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

from engine.adapters.invocations import secrets_in
from engine.errors import SignalboxError
from engine.jobfile.fields import is_secret_name
from engine.maintenance import doctor
from engine.maintenance.home_invariants import reading
from engine.runners.masking import MASK, Mask
from engine.settings import Settings, read_settings
from engine.system.formatting import iso
from engine.system.home import Home
from engine.system.private_files import write_private
from engine.system.secret_refs import ENV_REFERENCE, is_reference
from state import event_queries, queries, statistics
from state.database_reader import DatabaseReader
from state.records import Event
from state.schema_query import schema

_MOST_EVENTS = 500
_LARGEST_WINDOW_FILE = 256 * 1024
_PACKAGES = (
    "signalbox",
    "PySide6-Essentials",
    "SQLAlchemy",
    "alembic",
    "pydantic",
    "ruamel.yaml",
    "watchdog",
    "psutil",
)
_TOKENS = re.compile(
    rb"\b(?:sk|pk|rk)[-_][\w-]{16,}|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}|\bxox[abprs]-[\w-]{10,}"
    rb"|\bA(?:KIA|SIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*"
    rb"|(?<=://)[^/\s:@\"']+:[^/\s@\"']+(?=@)"
    rb"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
"""What looks like a key of a known provider, a password in an address, or a private key, whoever wrote it."""


@dataclass(frozen=True)
class BundleFile:
    """One file of the bundle: its name, what it holds in a phrase, and its content without secrets."""

    name: str
    holds: str
    content: bytes


def collect(home: Home) -> Sequence[BundleFile]:
    """Everything that a bundle of this home would hold; writes nothing.

    A part that cannot be read holds the reason instead.
    """
    found: list[tuple[str, str, Callable[[], Any]]] = [
        ("versions.json", "the versions of Signalbox, Python, its packages and the system", _versions),
        ("doctor.json", "what signalbox doctor finds, with the paths of programs", lambda: _doctor(home)),
        ("window.json", "the look of the window, without what was typed into it", lambda: _window(home)),
    ]
    events: Sequence[Event] = ()
    settings = Settings()
    secrets = set(secrets_in(os.environ, ()))
    try:
        with reading(home) as reader:
            events, settings = (
                _newest_events(reader),
                read_settings(reader.read(queries.all_settings)).settings,
            )
            secrets |= _secrets_of(reader, events, settings)
            counts, tables = _counts(reader), "\n".join(_schema(reader))
    except SignalboxError as error:
        counts = tables = f"It cannot be read: {error}"
    found += [
        (
            "settings.json",
            "the settings; of a command only how many words it has",
            lambda: _settings(settings),
        ),
        (
            "events.jsonl",
            f"the last {len(events)} events of the engine",
            lambda: [*map(_event, events)],
        ),
        ("counts.json", "the number of jobs by state, the size of the database", lambda: counts),
        ("schema.sql", "the tables of the database, without any row", lambda: tables),
    ]
    return tuple(BundleFile(name, holds, _encoded(name, make(), secrets)) for name, holds, make in found)


def write_bundle(target: Path, files: Sequence[BundleFile]) -> None:
    """Write these files into an archive that only its owner can read.

    Raises:
        OSError: it cannot be written; a file that was there is unchanged.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(f"signalbox-support/{file.name}", file.content)
    write_private(target, packed.getvalue())


def _encoded(name: str, value: Any, secrets: Iterable[str]) -> bytes:
    """The content of a file. Texts are cleaned before JSON escapes them, and then all of it again."""
    clean = partial(_cleaned, secrets=tuple(secrets))
    kept = _in_all_texts(value, clean)
    if isinstance(kept, str):
        text = kept
    elif name.endswith(".jsonl"):
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in kept)
    else:
        text = json.dumps(kept, indent=1, ensure_ascii=False, default=str) + "\n"
    return clean(text).encode("utf-8", "replace")


def _in_all_texts(value: Any, clean: Callable[[str], str]) -> Any:
    match value:
        case str():
            return clean(value)
        case Mapping():
            return {clean(str(name)): _in_all_texts(one, clean) for name, one in value.items()}
        case list() | tuple():
            return [_in_all_texts(one, clean) for one in value]
        case _:
            return value


def _cleaned(text: str, secrets: Iterable[str]) -> str:
    """The text without the known secrets in any form, and without what looks like one; ``~`` for the user's folder."""
    mask = Mask(secrets)
    masked = mask.feed(text.encode("utf-8", "replace")) + mask.flush()
    plain = _TOKENS.sub(MASK, masked)
    own = os.fsencode(Path.home())
    return (plain.replace(own, b"~") if len(own) > 1 else plain).decode("utf-8", "replace")


def _secrets_of(reader: DatabaseReader, events: Sequence[Event], settings: Settings) -> set[str]:
    """What the jobs of these events and the accounts of the tools name as secrets."""
    specs = reader.read(queries.job_specs, sorted({event.job_id for event in events if event.job_id}))
    envs = [spec.get("env") for spec in specs.values()]
    envs += [account.env for tool in settings.tools.values() for account in tool.accounts.values()]
    found: set[str] = set()
    for env in envs:
        if isinstance(env, Mapping):
            found |= {
                value
                for name, value in env.items()
                if is_secret_name(str(name)) and not is_reference(str(value))
            }
            named = [
                str(value).removeprefix(ENV_REFERENCE) for value in env.values() if is_reference(str(value))
            ]
            found |= {os.environ[name] for name in named if name in os.environ}
    return {str(value) for value in found}


def _versions() -> Any:
    packages = {}
    for name in _PACKAGES:
        try:
            packages[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            packages[name] = "not installed"
    return {"python": sys.version, "system": platform.platform(), "packages": packages}


def _doctor(home: Home) -> Any:
    return [asdict(finding) for finding in doctor.examine(home)]


def _window(home: Home) -> Any:
    """Switches and sizes alone: panels remember what was looked for, and programs may have words that are secret."""
    try:
        content = (home.root / "window.json").read_bytes()
        values = json.loads(content) if len(content) <= _LARGEST_WINDOW_FILE else {}
    except (OSError, ValueError):
        values = {}
    return {name: value for name, value in dict(values).items() if isinstance(value, bool | int | float)}


def _settings(settings: Settings) -> Any:
    values = settings.model_dump(mode="json")
    if values.get("callback"):
        values["callback"] = f"{len(values['callback'])} words"
    for tool in dict(values.get("tools") or {}).values():
        for account in dict(tool.get("accounts") or {}).values():
            account["env"] = sorted(account.get("env") or {})
    return values


def _newest_events(reader: DatabaseReader) -> Sequence[Event]:
    latest = reader.read(event_queries.latest_event_id)
    return reader.read(event_queries.events_before, latest + 1, _MOST_EVENTS)


def _event(event: Event) -> Mapping[str, Any]:
    """What happened to what; not the record after it, which holds the whole job."""
    return {
        "id": event.id,
        "at": iso(event.at),
        "event": event.event_type,
        "level": event.level,
        "job": event.job_id,
        "attempt": event.attempt_id,
        "tool": event.tool,
        "message": event.message,
    }


def _counts(reader: DatabaseReader) -> Any:
    size = reader.read(statistics.size)
    return {
        "jobs": {status.value: number for status, number in reader.read(statistics.counts).items()},
        "database": asdict(size),
    }


def _schema(reader: DatabaseReader) -> Iterable[str]:
    found = reader.read(schema)
    return [f"-- revision {found.revision}", *(f"{statement};" for statement in found.statements)]
