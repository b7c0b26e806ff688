"""Read the jobs of dropped files and folders outside the GUI thread. Decides nothing and adds nothing to the queue.

Qt-free zone: this module is also the whole of the helper process that reads many files.
"""

import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import IO

from engine.errors import JobFileError
from engine.interfaces import Accepted
from engine.jobfile.file_names import is_job_file_name
from engine.jobfile.isolation_choice import IsolationChoice, isolation_choice
from engine.jobfile.job_file_reader import ReadFile, read_file
from engine.jobfile.placing import is_in_tree
from engine.jobfile.project_file import project_problem, valid_project_of
from engine.jobfile.spec import JobSpec
from engine.system.tool_paths import search_path
from engine.tool_defaults import ToolDefaults
from engine.trust.launch import launch_plans
from engine.trust.launch_plan import concerns_of
from engine.trust.policy import LaunchPreview, preview_launch
from engine.trust.repository_state import RepositoryStates
from engine.trust.trust_store import TrustStore
from state.records import NOTHING
from state.worktree_records import Worktree

MAX_FILES = 10_000
MANY = 50
"""More files than this are read in a separate process: a busy thread would make the window stutter."""

_BULKY = 128 * 1024  # and so are more bytes than this
_MAX_ENTRIES = 200_000
_MOST_SEARCHED = 3
_BATCH = 25  # what the GUI thread processes at once
_NAMED, _FOUND = b"+", b"-"


@dataclass(frozen=True, kw_only=True)
class FileProblem:
    """Why a file is not valid; `line` is None if the whole file is meant."""

    reason: str
    line: int | None = None
    field: str = ""

    def __str__(self) -> str:
        return f"{self.field} {self.reason}" if self.field else self.reason


@dataclass(frozen=True, kw_only=True)
class DroppedFile:
    """One dropped file: the jobs it holds, or its problems.

    `trees` are the working trees they write, where a worktree that is still to be made has the name of its workstream.
    `scope_roots` are where the scope of each job starts: None if it only reads, or has such a worktree for itself.
    `previews` are the launch previews of those that need a grant of their own. `project_problem` says why no job starts
    in the repository of one of them.
    """

    path: Path
    jobs: tuple[Accepted, ...] = ()
    title: str = ""
    is_pipeline: bool = False
    problems: tuple[FileProblem, ...] = ()
    trees: frozenset[str] = frozenset()
    scope_roots: tuple[str | None, ...] = ()
    previews: tuple[LaunchPreview, ...] = ()
    project_problem: str = ""


class SearchNote(Enum):
    """Why not everything that was dropped is listed."""

    TOO_MANY = auto()
    NO_JOB_FILE = auto()
    NOTHING_DROPPED = auto()


@dataclass(frozen=True, kw_only=True)
class FoundFiles:
    """The job files found, in order; `note` is why there are not more, `searched` the first names that were dropped.

    `named` are those the user dropped themselves: they may be links, while files inside a folder may not.
    """

    files: tuple[Path, ...]
    named: frozenset[Path] = frozenset()
    note: SearchNote | None = None
    searched: tuple[str, ...] = ()


class TrustChecker:
    """Previews jobs against the user's settings and grants; reads the grants and each repository once."""

    def __init__(
        self,
        tool_paths: Mapping[str, str] = NOTHING,
        *,
        defaults: Mapping[str, ToolDefaults] = NOTHING,
        isolation: str = "worktree",
        home: Path | None = None,
    ) -> None:
        """`home` is the folder that is no part of a repository, even if it is inside one."""
        self.tool_paths, self.defaults, self.home = tool_paths, defaults, home
        self.isolation = isolation
        self._grants = TrustStore()
        self._states = RepositoryStates([] if home is None else [home])

    def previews(self, specs: Sequence[JobSpec], source: str) -> tuple[LaunchPreview, ...]:
        """The launch previews of those jobs that need a grant of their own and have none."""
        planned = [
            (spec, launch_plans(spec, self.tool_paths, self.defaults, isolation=self.isolation))
            for spec in specs
        ]
        previews = (
            preview_launch(spec, self._grants, source=source, states=self._states, plans=plans)
            for spec, plans in planned
            if concerns_of(plans)
        )
        return tuple(preview for preview in previews if not preview.granted)


def find_files(paths: Sequence[Path]) -> FoundFiles:
    """The named files, and the job files in the named folders; symbolic links inside folders are not followed."""
    files: dict[Path, None] = {}
    named = frozenset(path for path in paths if not path.is_dir())
    note = None
    for path in _walk(paths):
        if len(files) == MAX_FILES and path not in files:
            note = SearchNote.TOO_MANY
            break
        files.setdefault(path)
    if not files:
        note = SearchNote.NO_JOB_FILE if paths else SearchNote.NOTHING_DROPPED
    searched = tuple(path.name for path in paths[:_MOST_SEARCHED])
    return FoundFiles(files=tuple(files), named=named, note=note, searched=searched)


def read_dropped_file(path: Path, *, guarded: bool = True, trust: TrustChecker | None = None) -> DroppedFile:
    """Read a dropped file; its content never raises. For `guarded` see `read_file`."""
    try:
        return _dropped_file(path, read_file(path, guarded=guarded), trust or TrustChecker())
    except JobFileError as error:
        found = tuple(FileProblem(reason=one.reason, line=one.line, field=one.field) for one in error.every)
        return DroppedFile(path=path, problems=found)


def read_all(
    found: FoundFiles,
    take: Callable[[Sequence[DroppedFile]], None],
    stop: threading.Event,
    *,
    trust: TrustChecker | None = None,
) -> None:
    """Read the files and pass them to `take` in batches until done or `stop` is set; call it on a pool thread.

    Raises:
        ChildProcessError: the process that reads many files ended early.
    """
    batch: list[DroppedFile] = []
    checker = trust or TrustChecker()
    reader = _read_elsewhere(found, checker) if _is_much(found.files) else _read_here(found, checker)
    with closing(reader) as reading:
        for file in reading:
            if stop.is_set():
                return
            batch.append(file)
            if len(batch) == _BATCH:
                take(tuple(batch))
                batch = []
    if batch:
        take(tuple(batch))


def _dropped_file(path: Path, read: ReadFile, trust: TrustChecker) -> DroppedFile:
    source, title = str(path), read.title if read.kind == "pipeline" else ""
    # The jobs of a pipeline get new ids with each reading, so only the file as a whole can be recognised.
    places = _written_trees(read.jobs, trust.isolation)
    digests = [read.digest if read.kind == "pipeline" else spec.digest() for spec in read.jobs]
    return DroppedFile(
        path=path,
        title=read.title,
        is_pipeline=read.kind == "pipeline",
        jobs=tuple(
            Accepted(spec=spec, digest=digest, source_path=source, file_digest=read.digest, run_title=title)
            for spec, digest in zip(read.jobs, digests, strict=True)
        ),
        trees=frozenset(filter(None, places)),
        scope_roots=tuple(
            spec.scope_root if place == spec.tree else None
            for spec, place in zip(read.jobs, places, strict=True)
        ),
        previews=trust.previews(read.jobs, source),
        project_problem=next(filter(None, map(project_problem, _repositories(read))), ""),
    )


def _repositories(read: ReadFile) -> Iterator[Path]:
    yield from dict.fromkeys(spec.repo_root for spec in read.jobs)


def _written_trees(specs: Sequence[JobSpec], isolation: str) -> list[str | None]:
    """The working tree that each job writes; isolated workstreams share none."""
    members: dict[tuple[str | None, str], list[JobSpec]] = {}
    for spec in specs:
        members.setdefault((spec.run_id, spec.workstream_id), []).append(spec)
    choices = {key: isolation_choice(of, isolation, valid_project_of) for key, of in members.items()}
    return [_written_tree(spec, choices[spec.run_id, spec.workstream_id]) for spec in specs]


def _written_tree(spec: JobSpec, choice: IsolationChoice | None) -> str | None:
    tree = spec.tree
    if tree is None or choice is None or choice.root is None or choice.refs is None:
        return tree
    made = Worktree(
        run_id=spec.run_id or "", ws_id=spec.workstream_id, repo=str(choice.root), path="", branch="", base=""
    )
    return f"worktree {'/'.join(made.key)} of {made.repo}" if is_in_tree(spec, made) else tree


def _read_here(found: FoundFiles, trust: TrustChecker) -> Generator[DroppedFile, None, None]:
    for path in found.files:
        yield read_dropped_file(path, guarded=path not in found.named, trust=trust)


def _is_much(files: Sequence[Path]) -> bool:
    return len(files) > MANY or sum(_size(path) for path in files) > _BULKY


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _walk(paths: Sequence[Path]) -> Iterator[Path]:
    seen = 0
    for path in paths:
        if not path.is_dir() or path.is_symlink():
            yield path
            continue
        folders = [path]
        while folders and seen < _MAX_ENTRIES:
            try:
                with os.scandir(folders.pop()) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError:  # a folder that vanished or cannot be read holds no jobs
                continue
            seen += len(found)
            shown = [entry for entry in found if not entry.name.startswith(".")]
            folders += [Path(one.path) for one in reversed(shown) if one.is_dir(follow_symlinks=False)]
            yield from (Path(one.path) for one in shown if _is_job_file(one))


def _is_job_file(entry: "os.DirEntry[str]") -> bool:
    return is_job_file_name(entry.name) and entry.is_file(follow_symlinks=False)


def _read_elsewhere(found: FoundFiles, trust: TrustChecker) -> Generator[DroppedFile, None, None]:
    with subprocess.Popen(
        [sys.executable, "-P", "-c", "from gui.sheets.intake.dropped_files import main; main()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # The login shell's PATH is known here and need not be read again.
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": search_path(), "SHELL": ""},
    ) as process:
        assert process.stdin is not None  # noqa: S101 - for mypy: both are pipes
        assert process.stdout is not None  # noqa: S101
        feeder = threading.Thread(target=_feed, args=(process.stdin, found, trust), name="dropped-files")
        feeder.start()
        try:
            for _ in found.files:
                yield pickle.load(process.stdout)  # noqa: S301 - our own child wrote it
        except EOFError:
            raise ChildProcessError from None
        finally:
            process.kill()
            feeder.join()


def _feed(stdin: IO[bytes], found: FoundFiles, trust: TrustChecker) -> None:
    marked = ((_NAMED if path in found.named else _FOUND) + os.fsencode(path) for path in found.files)
    home = None if trust.home is None else str(trust.home)
    defaults = {tool: one.model_dump(mode="json") for tool, one in trust.defaults.items()}
    settings = json.dumps([dict(trust.tool_paths), defaults, home, trust.isolation]).encode("ascii")
    try:
        with stdin:
            stdin.write(b"\0".join((settings, *marked)))
    except BrokenPipeError:  # the reader was stopped
        pass


def main() -> None:
    """Read the files whose marked names follow the settings on standard input; write each result as a pickle."""
    settings, *names = sys.stdin.buffer.read().split(b"\0")
    tool_paths, named, home, isolation = json.loads(settings)
    defaults = {tool: ToolDefaults.model_validate(one) for tool, one in named.items()}
    trust = TrustChecker(
        tool_paths, defaults=defaults, isolation=isolation, home=None if home is None else Path(home)
    )
    for name in names:
        file = read_dropped_file(Path(os.fsdecode(name[1:])), guarded=name[:1] == _FOUND, trust=trust)
        pickle.dump(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()
