"""Examines a home and this machine for `signalbox doctor`: database, inbox, disk space, tools and the window.

Changes and repairs nothing; a finding says what to do. What must hold at any time is in `home_invariants`.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from engine.adapters import ADAPTERS, prices
from engine.errors import ShimError, SignalboxError
from engine.filters.filter_folder import FilterFolder, refused_filters
from engine.jobfile.tool_registry import tools
from engine.maintenance.backups import last_good
from engine.maintenance.health import FREE_FLOOR, FREE_SHARE, inbox_problem
from engine.maintenance.home_invariants import open_to_others, reading, worktree_folders
from engine.maintenance.ownerless import living_shims
from engine.maintenance.project_check import project_findings
from engine.maintenance.pytest_check import pytest_findings
from engine.runners import native_shim, process_tree
from engine.runners.shim_program import ShimKind, chosen_shim
from engine.settings import ReadSettings, Settings, read_settings
from engine.streams.level_rules import current_rules
from engine.system.display import probe_qt
from engine.system.formatting import date_minute, plural, size
from engine.system.home import Home
from engine.system.tool_paths import search_path
from engine.types import LogIn
from state import invariants, queries, statistics
from state.database_reader import DatabaseReader


@dataclass(frozen=True, kw_only=True, slots=True)
class DoctorFinding:
    """One thing examined; `level` is ``ok``, ``note`` (missing, but not everybody needs it) or ``problem``."""

    topic: str
    level: str
    text: str


def examine(home: Home) -> list[DoctorFinding]:
    """All findings about this home and this machine, in a fixed order."""
    reader, problem = None, ""
    with ExitStack() as stack:
        if home.database.exists():
            try:
                reader = stack.enter_context(reading(home))
            except SignalboxError as error:
                problem = str(error)
        read = read_settings({} if reader is None else reader.read(queries.all_settings))
        return [
            *(_of_home(home, reader, read, problem) if home.is_there else _no_home(home)),
            DoctorFinding(topic="PATH", level="ok", text=search_path()),
            _shim(),
            *_tools(read.settings),
            *_pytest(reader, read.settings),
            *_projects(reader, read.settings),
            _prices(),
            *_levels(),
            *_window(),
        ]


def _of_home(
    home: Home, reader: DatabaseReader | None, read: ReadSettings, problem: str
) -> Iterator[DoctorFinding]:
    yield from _home(home, reader)
    yield from _database(home, reader, problem)
    yield from _settings(read)
    yield from _attempts(home, reader)
    yield from _filters(home)
    yield from _inbox(home, read.settings)
    yield from _space(home)


def _no_home(home: Home) -> Iterator[DoctorFinding]:
    yield DoctorFinding(topic="home", level="ok", text=f"{home.shown}, created with the first job")


def _home(home: Home, reader: DatabaseReader | None) -> Iterator[DoctorFinding]:
    trees = () if reader is None else worktree_folders(home, reader)
    found = [breach.sentence for breach in open_to_others(home, trees)]
    if found:
        more = f" {len(found) - 1} others are open too." if len(found) > 1 else ""
        text = f"{found[0]}{more} Close the home with chmod -R go= {home.shown}"
        yield DoctorFinding(topic="home", level="problem", text=text)
    else:
        yield DoctorFinding(topic="home", level="ok", text=f"{home.shown}, closed to other users")


def _database(home: Home, reader: DatabaseReader | None, problem: str) -> Iterator[DoctorFinding]:
    if problem:
        yield DoctorFinding(topic="database", level="problem", text=f"{problem}{restore_hint(home)}")
        return
    if reader is None:
        yield DoctorFinding(topic="database", level="ok", text=f"{home.database}, created with the first job")
        return
    with reader.connection() as connection:
        version, bad = invariants.schema_version(connection), invariants.damage_and_values(connection)
    stored = reader.read(statistics.size)
    text = f"{home.database}, schema {version}, {size(stored.bytes)}, {plural(stored.events, 'event')}"
    yield DoctorFinding(topic="database", level="ok", text=text)
    hint = restore_hint(home) if bad else ""  # reads whole backups
    for breach in bad:
        yield DoctorFinding(topic="database", level="problem", text=f"{breach.sentence}{hint}")


def _attempts(home: Home, reader: DatabaseReader | None) -> Iterator[DoctorFinding]:
    """Folders that no row names; what runs without a row is in `ownerless`."""
    if reader is None:
        return
    shims = living_shims(home)
    with reader.connection() as connection:
        known = invariants.known_folders(connection)
    names = sorted(path.name for path in home.attempts.glob("*") if path.is_dir() and not path.is_symlink())
    if unknown := [name for name in names if name not in known and name not in shims]:
        text = (
            f"{plural(len(unknown), 'folder')} in {home.attempts}, such as {unknown[0]}, belong to no attempt in the "
            "database, so no command shows their output. `signalbox prune` deletes them once they are old."
        )
        yield DoctorFinding(topic="attempts", level="note", text=text)


def restore_hint(home: Home) -> str:
    """The last good backup and how to restore it, as a sentence with a space before it."""
    found = last_good(home)
    if found is None:
        return " There is no sound backup of it."
    when = date_minute(found.at)
    return f" Restore the last good backup, of {when}, with `signalbox backup --restore {found.path}`."


def _settings(read: ReadSettings) -> Iterator[DoctorFinding]:
    for problem in read.problems:
        yield DoctorFinding(topic="settings", level="problem", text=problem)


def _filters(home: Home) -> Iterator[DoctorFinding]:
    for error in FilterFolder(home.root).find().refused:
        yield DoctorFinding(topic="filter sets", level="problem", text=refused_filters((error,)))


def _inbox(home: Home, settings: Settings) -> Iterator[DoctorFinding]:
    folder = settings.inbox_folder(home)
    if problem := inbox_problem(folder):
        yield DoctorFinding(topic="inbox", level="problem", text=problem)
        return
    waiting = sum(1 for entry in folder.iterdir() if entry.is_file())
    yield DoctorFinding(topic="inbox", level="ok", text=f"{folder}, {plural(waiting, 'file')} waiting")


def _space(home: Home) -> Iterator[DoctorFinding]:
    usage = shutil.disk_usage(home.root)
    free = usage.free
    level = "ok" if free >= min(FREE_FLOOR, FREE_SHARE * usage.total) else "problem"
    yield DoctorFinding(topic="space", level=level, text=f"{size(free)} free on the disk of the home")


def _tools(settings: Settings) -> Iterator[DoctorFinding]:
    for problem in tools().problems():
        yield DoctorFinding(topic="tools", level="problem", text=problem)
    for tool, adapter in ADAPTERS.items():
        if tools().problem(tool):
            continue
        probe = adapter.probe(settings.tool_paths)
        if probe.problem is not None:
            yield DoctorFinding(topic=tool, level="note", text=probe.problem)
            continue
        found = " ".join(filter(None, (probe.version, probe.path)))
        login = "somebody is logged in" if probe.login is LogIn.LOGGED_IN else ""
        text = "; ".join(filter(None, (found, login, probe.note)))
        yield DoctorFinding(topic=tool, level="note" if probe.note else "ok", text=text)


def _pytest(reader: DatabaseReader | None, settings: Settings) -> Iterator[DoctorFinding]:
    for is_found, text in pytest_findings(reader, settings.tool_paths):
        yield DoctorFinding(topic="pytest", level="ok" if is_found else "note", text=text)


def _projects(reader: DatabaseReader | None, settings: Settings) -> Iterator[DoctorFinding]:
    for level, text in project_findings(reader, settings.tool_paths):
        yield DoctorFinding(topic="project file", level=level, text=text)


def _shim() -> DoctorFinding:
    """Which program runs beside each attempt; the slower one is no problem, but worth knowing."""
    try:
        shim = chosen_shim()
    except ShimError as error:
        return DoctorFinding(topic="shim", level="problem", text=str(error))
    if shim.kind is ShimKind.COMPILED:
        text = f"compiled, {shim.command[0]}; the one in Python masks secrets"
        return DoctorFinding(topic="shim", level="ok", text=text)
    text = f"in Python, which takes some 25 ms more of each attempt. For the compiled one {native_shim.HOW_TO_BUILD}"
    return DoctorFinding(topic="shim", level="note" if process_tree.LINUX else "ok", text=text)


def _prices() -> DoctorFinding:
    if problem := prices.problem():
        return DoctorFinding(topic="prices", level="problem", text=problem)
    text = f"of {prices.shipped().date}; your own may stand in {prices.own_file()}"
    return DoctorFinding(topic="prices", level="ok", text=text)


def _levels() -> Iterator[DoctorFinding]:
    if problem := current_rules().problem:
        yield DoctorFinding(topic="level rules", level="problem", text=problem)


def _window() -> Iterator[DoctorFinding]:
    qt = probe_qt()
    yield DoctorFinding(topic="window", level="problem" if qt.problem else "ok", text=qt.problem or qt.text)
