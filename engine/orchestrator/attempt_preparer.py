"""Prepare and assess attempts with their adapters on pool threads; the answers go to the mailbox.

What only puts a command together is done at once: a thread costs more than that. A bug in an adapter fails its job with
a reason; it never stops the engine.
"""

import logging
import os
import stat
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.errors import SignalboxError
from engine.interfaces import Adapter, Claim, Placement
from engine.jobfile.spec import JobSpec
from engine.orchestrator.mailbox import Mailbox, Prepared, Recovered
from engine.orchestrator.parts import EngineParts
from engine.scheduling.same_work import of_same_work
from engine.system.disk_errors import is_of_disk
from engine.system.looks import looked_once
from engine.tool_defaults import run_of
from engine.types import (
    Assessment,
    AttemptContext,
    AttemptEnd,
    AttemptRef,
    EndReason,
    FailureClass,
    ToolRun,
)
from state.database_errors import DatabaseError
from state.records import Attempt, JobHold, Origin

log = logging.getLogger(__name__)


def ref_of(attempt: Attempt) -> AttemptRef:
    """The runner's reference to an attempt."""
    return AttemptRef(attempt.id, attempt.token)


class AttemptPreparer:
    """Prepares and assesses attempts. `tool_paths` are the user's settings."""

    def __init__(self, parts: EngineParts, mailbox: Mailbox) -> None:
        self.runner = parts.runner
        self.mailbox = mailbox
        self.tool_paths = parts.tool_paths
        self._parts, self._pool = parts, parts.pool

    def is_foreign(self, attempt: Attempt) -> bool:
        """Whether an attempt was started in another home, which the database was copied from."""
        return attempt.home_id != self._parts.identity.engine.home_id

    def prepare(self, claim: Claim) -> None:
        """Prepare the command on a pool thread; `Prepared` follows."""
        self._pool.submit(lambda: self.mailbox.post(self._prepared(claim)))

    def assess(self, attempt: Attempt, spec: JobSpec, end: AttemptEnd) -> None:
        """Assess an ended attempt on a pool thread; its `Assessment` follows."""
        self._pool.submit(lambda: self.mailbox.post(self._assessed(attempt, spec, end)))

    def prepare_at_once(self, claim: Claim) -> Prepared | None:
        """Prepare the command here if that only puts it together; None where it belongs on a pool thread."""
        return self._prepared(claim, is_plain=True) if self._is_plain(claim) else None

    def assess_at_once(self, attempt: Attempt, spec: JobSpec, end: AttemptEnd) -> Assessment | None:
        """Assess an attempt here that was prepared at once; None where it belongs on a pool thread, since it failed."""
        went_well = end.reason is EndReason.EXITED and end.exit_code == 0
        return self._assessed(attempt, spec, end) if went_well else None

    def recover(self, attempt: Attempt) -> None:
        """Let the runner inspect an attempt of a dead engine on a pool thread; `Recovered` follows."""
        self._pool.submit(self._recover, attempt)

    def _is_plain(self, claim: Claim) -> bool:
        """Whether nothing that may take its time is to be done before the attempt starts."""
        if claim.job.origin is Origin.INBOX or claim.run.full_by_project:
            return False  # its repository is read once more
        return self._is_only_command(claim)

    def _is_only_command(self, claim: Claim) -> bool:
        """Whether nothing but a command is put together and, where it ends well, its exit code read."""
        trees = self._parts.trees
        try:
            in_place = trees is None or trees.is_in_place(claim.job, claim.spec)
            return in_place and claim.spec.tool == claim.job.tool and self._parts.is_plain(claim.spec)
        except (OSError, DatabaseError):
            return False  # the pool meets the same, and says what it means for the job

    def _prepared(self, claim: Claim, *, is_plain: bool = False) -> Prepared:
        ref = ref_of(claim.attempt)
        try:
            place = self._place(claim)
            if isinstance(place, JobHold):
                return Prepared(ref, None, held=place)
            folder = self.runner.make_folder(ref)
            if self._parts.notes is not None:
                self._parts.notes.write(claim.attempt)
            context = self._context(
                claim.attempt,
                claim.run,
                folder,
                previous_failure=claim.previous_failure,
                earlier=tuple(self.runner.folder(ref_of(one)) for one in of_same_work(claim.earlier)),
                session_folder=self._session_folder(claim),
                task_root=place.task_root,
                worktree=place.worktree,
            )
            with looked_once():
                is_plain = is_plain or self._is_only_command(claim)
                invocation = self._adapter(claim.job.tool).prepare(place.spec, context)
        except Exception as error:  # noqa: BLE001 - a thread top: the job fails with the reason, the engine continues
            return _unprepared(claim, error)
        return Prepared(ref, invocation, is_plain=is_plain)

    def _place(self, claim: Claim) -> Placement | JobHold:
        """Where the attempt runs, or why it must not: nothing is made for a job that nobody trusts."""
        trees = self._parts.trees
        is_made = trees is not None and trees.is_made(claim)
        held = None if is_made else self._objection(claim)
        if held is not None:
            return held
        place = Placement(spec=claim.spec) if trees is None else trees.prepare(claim)
        if isinstance(place, JobHold) or place.worktree is None:
            return place
        return self._objection(claim, place) or place

    def _objection(self, claim: Claim, place: Placement | None = None) -> JobHold | None:
        policy = self._parts.launch_policy
        if policy is None:
            return None
        with looked_once():
            return policy.objection(
                claim.job,
                claim.spec,
                full_by_project=claim.run.full_by_project,
                placed=None if place is None else place.spec,
                worktree=None if place is None else place.worktree,
            )

    def _session_folder(self, claim: Claim) -> Path | None:
        """The folder of the attempt whose session is resumed."""
        before = (one for one in claim.earlier if one.number == claim.attempt.resumes)
        return next((self.runner.folder(ref_of(one)) for one in before), None)

    def _assessed(self, attempt: Attempt, spec: JobSpec, end: AttemptEnd) -> Assessment:
        ref = ref_of(attempt)
        try:
            spec = spec if self._parts.trees is None else self._parts.trees.placed(attempt, spec)
            context = self._context(attempt, run_of(attempt), self.runner.folder(ref))
            assessment = Assessment.of(end, self._adapter(attempt.tool).result(spec, context, end))
            _close_to_others(context.folder)
            return self._with_copies(spec, assessment, context.folder)
        except Exception as error:  # as above
            log.exception("Assessing attempt %s failed", ref.folder_name)
            problem = f"The adapter for {attempt.tool} could not read the result: {error!r}."
            return Assessment.unread(end, problem, FailureClass.CRASH)

    def _with_copies(self, spec: JobSpec, assessment: Assessment, folder: Path) -> Assessment:
        if self._parts.write_copies is None:
            return assessment
        copied = self._parts.write_copies(spec, assessment.result, folder)
        return assessment if copied is assessment.result else replace(assessment, result=copied)

    def _recover(self, attempt: Attempt) -> None:
        try:
            found, end = self.runner.recover(ref_of(attempt), is_foreign=self.is_foreign(attempt))
        except Exception:
            # A defect. Unknown is not an outcome: it stays running, and the next engine inspects it again.
            log.exception("Could not inspect attempt %s", ref_of(attempt).folder_name)
            return
        self.mailbox.post(Recovered(attempt, found, end))

    def _adapter(self, tool: str) -> Adapter:
        adapters = self._parts.adapters
        adapter = adapters.get(tool)
        if adapter is None:
            raise SignalboxError(f"This release cannot run {tool}; it runs {', '.join(sorted(adapters))}.")
        return adapter

    def _context(self, attempt: Attempt, run: ToolRun, folder: Path, **more: Any) -> AttemptContext:
        return AttemptContext(
            ref=ref_of(attempt),
            number=attempt.number,
            folder=folder,
            tool_paths=self.tool_paths,
            run=run,
            **more,
        )


def _unprepared(claim: Claim, error: Exception) -> Prepared:
    """Why there is no command: the state of a disk, what an adapter reports, or a bug in one."""
    ref = ref_of(claim.attempt)
    is_of_state = is_of_disk(error) or isinstance(error, DatabaseError)
    reason = EndReason.DISK if is_of_state else EndReason.SPAWN_FAILED
    if isinstance(error, SignalboxError):
        problem = str(error)
    elif isinstance(error, OSError) and reason is EndReason.DISK:
        problem = f"{error.filename or 'A file'} cannot be used: {error.strerror or error}."
    else:
        log.error("Preparing attempt %s failed", ref.folder_name, exc_info=error)
        problem = f"The adapter for {claim.job.tool} failed: {error!r}."
    return Prepared(ref, None, problem, reason)


def _close_to_others(folder: Path) -> None:
    """Make what a tool left in the attempt's folder private: it was created under the user's umask."""
    folders = [str(folder)]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                with suppress(OSError):  # what it left running may remove it meanwhile
                    _close(entry)


def _close(entry: "os.DirEntry[str]") -> None:
    mode = entry.stat(follow_symlinks=False).st_mode
    if mode & 0o077 and not stat.S_ISLNK(mode):
        os.chmod(entry.path, 0o700 if stat.S_ISDIR(mode) else 0o600)  # noqa: PTH101 - making a path takes longer
