"""What every adapter does alike: the environment of a tool, the files of an attempt, the shape of a result.

Knows no tool. The attempt's folder holds `stdout` and `stderr` as the runner kept them, and what is written here.
"""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.errors import GitError, SpawnError
from engine.jobfile.spec import JobSpec, is_secret_name
from engine.runners import output
from engine.scheduling.path_scopes import covers
from engine.system import git, plain_text
from engine.system.formatting import plural
from engine.system.secret_refs import is_reference, looked_up
from engine.system.tool_paths import joined_paths, resolve, search_path
from engine.types import AttemptContext, AttemptEnd, EndReason, FailureClass, Invocation, JobResult
from state.records import NOTHING, nothing

_ALLOWED = frozenset(
    {"PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TERM", "TMPDIR", "USER", "LOGNAME", "SHELL"}
    | {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR"}
    | {"SYSTEMROOT", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE"}
)
_QUIET = {"PYTHONUNBUFFERED": "1", "TERM": "dumb", "NO_COLOR": "1"}
_LONGEST_LINE = 200
_MASKABLE = 4
"""Shorter values are not masked: they would blank out half the log."""


def path_of(context: AttemptContext) -> str:
    """The PATH an attempt's programs are looked for in."""
    return joined_paths(context.base_env["PATH"]) if "PATH" in context.base_env else search_path()


def program(exe: str, spec: JobSpec, context: AttemptContext) -> str:
    """The absolute path of a program of this job.

    Raises:
        SpawnError: it cannot be found or started.
    """
    found = resolve(exe, path=path_of(context), tool_paths=context.tool_paths, working_dir=spec.working_dir)
    return str(found)


def invocation(
    spec: JobSpec,
    context: AttemptContext,
    argv: Sequence[str],
    *,
    env: Mapping[str, str] = NOTHING,
    pass_on: Iterable[str] = (),
    stdin_file: Path | None = None,
    stop_signal: str = "TERM",
    grace_s: float = 5.0,
) -> Invocation:
    """The command with everything around it: folder, environment, timeouts, caps and what is to be masked.

    `env` is what the adapter sets, `pass_on` what it takes over from Signalbox's own environment; the job's own
    `env` has the last word.

    Raises:
        SpawnError: the working folder is no folder, or the job names a variable that is not set.
    """
    check_folder(spec)
    theirs = context.base_env or os.environ
    names = _ALLOWED | set(pass_on)
    inherited = {name: value for name, value in theirs.items() if name in names or name.startswith("LC_")}
    own, referred = _own_env(spec, theirs)
    whole = {**inherited, "PATH": path_of(context), **_QUIET, **env, **own}
    secret = {*referred, *(value for name, value in whole.items() if is_secret_name(name))}
    return Invocation(
        argv=tuple(argv),
        cwd=spec.working_dir,
        env=whole,
        stdin_file=stdin_file,
        timeout_s=spec.metadata.timeout_seconds,
        silence_timeout_s=spec.metadata.silence_timeout_seconds,
        grace_s=grace_s,
        output_cap=spec.metadata.limits.output_mb * 1024 * 1024,
        secrets=tuple(sorted(value for value in secret if len(value) >= _MASKABLE)),
        stop_signal=stop_signal,
    )


def last_line_of(context: AttemptContext, stream: str) -> str:
    """The last line of a stream that shows anything, without escapes, cut to 200 characters."""
    return plain_text.last_line(output.tail_text(context.folder, name=stream))[:_LONGEST_LINE]


def last_printed_at(context: AttemptContext) -> float:
    """When the attempt last printed anything, in epoch seconds; it may be assessed much later."""
    at = output.last_printed_at(context.folder)
    return time.time() if at is None else at


def signal_name(code: int) -> str:
    """``SIGSEGV`` for -11."""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


# What changed


def note_before(spec: JobSpec, context: AttemptContext) -> None:
    """Remember the working tree as it is before the tool starts; where there is no git, nothing."""
    root = git.work_tree_root(spec.working_dir)
    if root is None or not spec.writes:
        return
    try:
        note = {
            "root": str(root),
            "head": git.head(root),
            "tree": git.snapshot(root, context.folder / "objects"),
        }
    except (GitError, OSError) as error:
        note = {"problem": str(error)}
    (context.folder / "before.json").write_text(json.dumps(note), encoding="utf-8")


@dataclass(frozen=True)
class WorkTreeChanges:
    """What an attempt changed: `files` is None where that is not known, and `problem` then may say why."""

    files: tuple[git.ChangedFile, ...] | None = None
    problem: str = ""
    commit: str | None = None


def changes_since(context: AttemptContext) -> WorkTreeChanges:
    """Compare the working tree with what `note_before` noted."""
    try:
        note = json.loads((context.folder / "before.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return WorkTreeChanges()
    if "problem" in note:
        return WorkTreeChanges(problem=note["problem"])
    root, objects = Path(note["root"]), context.folder / "objects"
    try:
        files = git.changes(root, objects, note["tree"], git.snapshot(root, objects))
    except (GitError, OSError) as error:
        return WorkTreeChanges(problem=str(error))
    finally:
        shutil.rmtree(objects, ignore_errors=True)
    now = git.head(root)
    return WorkTreeChanges(tuple(files), commit=now if now != note["head"] else None)


# The result


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What an adapter read out of an ended attempt: `failure` None means it succeeded."""

    summary: str
    failure: FailureClass | None = None
    metadata: Mapping[str, Any] = field(default_factory=nothing)

    def with_metadata(self, **more: Any) -> "Assessment":
        """The same verdict with more to say."""
        return replace(self, metadata={**self.metadata, **more})


def early_end(end: AttemptEnd) -> Assessment | None:
    """The verdict on an attempt that did not end by itself, None where it did."""
    seconds = f"{end.duration_s:.0f} s"
    match end.reason:
        case EndReason.EXITED:
            return None
        case EndReason.TIMEOUT:
            return Assessment(
                summary=f"Stopped: the time limit was reached after {seconds}.", failure=FailureClass.TIMEOUT
            )
        case EndReason.SILENCE:
            return Assessment(
                summary=f"Stopped: it said nothing for too long ({seconds} in all).",
                failure=FailureClass.STALLED,
            )
        case EndReason.CANCELLED:
            return Assessment(summary="Cancelled.", failure=FailureClass.CANCELLED)
        case EndReason.SPAWN_FAILED:
            return Assessment(
                summary=end.detail or "It could not be started.", failure=FailureClass.SPAWN_FAILED
            )
        case EndReason.INTERRUPTED:
            return Assessment(
                summary=end.detail or "Interrupted; how far it came is not known.",
                failure=FailureClass.INTERRUPTED,
            )


def by_exit_code(end: AttemptEnd, context: AttemptContext, name: str) -> Assessment:
    """The verdict on a plain command: 0 is success, and nothing it prints can change that."""
    code = end.exit_code
    if code == 0:
        return Assessment(summary=f"{name} ended well.")
    if code is None:
        return Assessment(summary=f"{name} ended, its exit code is not known.", failure=FailureClass.CRASH)
    if code < 0:
        return Assessment(summary=f"{name} was ended by {signal_name(code)}.", failure=FailureClass.CRASH)
    said = last_line_of(context, "stderr") or last_line_of(context, "stdout")
    told = f"{name} ended with exit code {code}" + (f": {said}" if said else ".")
    not_started = code in {126, 127}  # what shells and env say of a program they cannot run
    return Assessment(summary=told, failure=FailureClass.SPAWN_FAILED if not_started else FailureClass.FAILED)


def finished(
    spec: JobSpec,
    context: AttemptContext,
    end: AttemptEnd,
    verdict: Assessment,
    *,
    changes: WorkTreeChanges | None = None,
) -> JobResult:
    """The result of an attempt: the verdict, what changed, the ends of both streams, a report where it failed."""
    verdict = _within_scope(spec, verdict, changes)
    metadata: dict[str, Any] = {"summary": verdict.summary, **verdict.metadata}
    if verdict.failure is not None:
        metadata["failure_class"] = verdict.failure.value
    if changes is not None and changes.files is not None:
        metadata["changed_files"] = [file.to_json() for file in changes.files]
    if changes is not None and changes.commit:
        metadata.setdefault("commit", changes.commit)
    if changes is not None and changes.problem:
        metadata["changes_unknown"] = changes.problem
    if end.leftovers:
        metadata["leftovers"] = end.leftovers
    result = JobResult(
        exit_code=end.exit_code,
        duration_s=end.duration_s,
        stdout=output.tail_text(context.folder, name="stdout"),
        stderr=output.tail_text(context.folder, name="stderr"),
        success=verdict.failure is None,
        metadata=metadata,
        error_report_path=None if verdict.failure is None else str(context.folder / "error_report.json"),
    )
    if result.error_report_path is None:
        return result
    try:
        _write_report(Path(result.error_report_path), spec, context, result)
    except OSError as error:  # a full disk: what the attempt came to is worth more than a report of it
        told = {**metadata, "report_missing": f"The report could not be written: {error.strerror}."}
        return replace(result, error_report_path=None, metadata=told)
    return result


def _within_scope(spec: JobSpec, verdict: Assessment, changes: WorkTreeChanges | None) -> Assessment:
    scope = spec.metadata.files_scope
    if changes is None or not changes.files or not scope:
        return verdict
    strays = [file.path for file in changes.files if not covers(scope, file.path)]
    if not strays:
        return verdict
    verdict = verdict.with_metadata(outside_scope=strays)
    if verdict.failure is not None or spec.metadata.evidence.scope == "reported":
        return verdict
    told = f"Changed {plural(len(strays), 'file')} outside its scope: {', '.join(strays[:5])}"
    return replace(verdict, summary=told, failure=FailureClass.BAD_EDIT)


def _write_report(file: Path, spec: JobSpec, context: AttemptContext, result: JobResult) -> None:
    report = {
        "job_id": spec.job_id,
        "tool": spec.tool,
        "attempt": context.number,
        **result.to_json(),
        "error_report_path": None,
    }
    file.write_text(json.dumps(report, indent=2, ensure_ascii=False), encoding="utf-8", errors="replace")
    file.chmod(0o600)


def check_folder(spec: JobSpec) -> None:
    """Raise `SpawnError` unless the working folder is a folder inside the repository."""
    folder = spec.working_dir
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise SpawnError(f"The working folder {folder} {what}. Correct paths.working_dir or make the folder.")
    if not folder.resolve().is_relative_to(spec.repo_root.resolve()):
        raise SpawnError(
            f"The working folder {folder} leads out of {spec.repo_root} by a link. Name the real folder."
        )


def _own_env(spec: JobSpec, theirs: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    own, referred = {}, set()
    for name, value in spec.env.items():
        own[name] = looked_up(name, value, theirs) if is_reference(value) else value
        if is_reference(value):
            referred.add(own[name])
    return own, referred
