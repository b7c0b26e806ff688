"""The command `diff`: what a workstream, a job or an attempt changed, as text or JSON. Changes nothing."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer

from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.number_types import whole
from engine.cli.options import JsonOption
from engine.cli.printing import print_error, print_json
from engine.cli.word_completion import job_ids
from engine.errors import SignalboxError
from engine.maintenance.home_worktrees import CLOSED
from engine.review.changed_files import changed_files
from engine.review.compared_commits import (
    ComparedCommits,
    head_of,
    of_attempt,
    of_job,
    since_review,
    whole_change,
)
from engine.review.declared_scope import declared_scope
from engine.review.diff_records import FileChange, FilePatch
from engine.review.diff_text import file_json, patch_json, patch_lines, stat_line
from engine.review.file_diffs import in_calls, paths_of
from engine.review.file_patches import file_patches
from engine.review.tree_diff import tree_diff
from engine.review.work_in_progress import WorkInProgress, work_in_progress
from engine.scheduling.path_scopes import covers
from engine.system.formatting import plural
from state import attempt_queries, queries, worktree_queries
from state.records import Job, Workstream
from state.worktree_records import TreeState, Worktree

_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class _Subject:
    """What the command names: a workstream with its worktree, and the job if it names one."""

    stream: Workstream
    tree: Worktree
    jobs: Sequence[Job]
    job: Job | None

    @property
    def name(self) -> str:
        return f"{self.stream.run_id}/{self.stream.ws_id}"


def diff(
    name: Annotated[
        str,
        typer.Argument(
            metavar="JOB|WORKSTREAM",
            autocompletion=job_ids,
            help="The id of a job or workstream; a workstream as WS or RUN/WS.",
        ),
    ],
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...",
            help="Only these files; as in `files_scope`, a folder or a pattern names all it covers.",
            show_default=False,
        ),
    ] = None,
    *,
    attempt: Annotated[
        int | None,
        typer.Option(
            "--attempt",
            metavar="N",
            parser=whole(least=1),
            help="Only what this attempt of the job changed.",
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        bool, typer.Option("--since-review", help="Only what changed since it was last sent back.")
    ] = False,
    stat: Annotated[bool, typer.Option("--stat", help="Only the files with their counts.")] = False,
    ignore_whitespace: Annotated[
        bool, typer.Option("--ignore-whitespace", "-w", help="Ignore changes of white space.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox diff`."""
    if since and attempt is not None:
        raise typer.BadParameter("select one attempt, or what changed since the last review, not both.")
    with ExitStack() as stack:
        with opened(home) as session:
            subject = _subject(session, name)
            work = _work(subject, stack)
            head = head_of(subject.tree) if work is None else work.tree
            sides = _sides(session, subject, head, attempt=attempt, since=since)
        view = _View(
            sides=sides if work is None else replace(sides, repo=work.repo),
            paths=tuple(paths or ()),
            ignore_whitespace=ignore_whitespace,
        )
        files = view.files(declared_scope(subject.jobs, (subject.tree.path, subject.tree.repo)))
        if as_json:
            shown = map(file_json, files) if stat else map(patch_json, view.patches(files))
            print_json(_document(subject, sides, list(shown)))
        elif stat or sys.stdout.isatty() or not files:
            lines = _lines(files, None if stat else view.patches(files), named=bool(paths))
            sys.stdout.writelines(f"{line}\n" for line in lines)
        else:
            view.write_patch(files)


@dataclass(frozen=True, kw_only=True)
class _View:
    """What is shown of the difference between two commits."""

    sides: ComparedCommits
    paths: Sequence[str]
    ignore_whitespace: bool

    def files(self, scope: Sequence[str]) -> list[FileChange]:
        sides = self.sides
        found = changed_files(
            sides.repo, sides.before, sides.after, ignore_whitespace=self.ignore_whitespace, scope=scope
        )
        files = [file for file in found if not self.paths or covers(self.paths, file.path)]
        if found and not files:
            raise SignalboxError(f"None of the {plural(len(found), 'changed file')} is among these paths.")
        return files

    def patches(self, files: Sequence[FileChange]) -> Iterator[FilePatch]:
        sides = self.sides
        return file_patches(
            sides.repo, sides.before, sides.after, files=files, ignore_whitespace=self.ignore_whitespace
        )

    def write_patch(self, files: Sequence[FileChange]) -> None:
        """Write a patch as git makes it."""
        commits = (self.sides.before, self.sides.after)
        named = [paths_of(some) for some in in_calls(files)] if self.paths else [[]]
        sys.stdout.flush()
        for paths in named:
            sys.stdout.buffer.write(
                tree_diff(
                    self.sides.repo,
                    commits,
                    *("-p", "--binary"),
                    paths=paths,
                    ignore_whitespace=self.ignore_whitespace,
                )
            )
        sys.stdout.flush()


def _subject(session: HomeSession, name: str) -> _Subject:
    """The workstream with this name, or that of the job.

    Raises:
        SignalboxError: there is none, or it has no worktree.
    """
    job = session.plain.read(queries.find_job, name)
    run_id, _, ws_id = (f"{job.run_id}/{job.ws_id}" if job else name).rpartition("/")
    stream = session.plain.read(queries.find_workstream, ws_id, run_id or None)
    if stream is None:
        raise SignalboxError(f"There is no job or workstream {name!r} here; see `signalbox jobs`.")
    tree = session.plain.read(worktree_queries.find_worktree, *stream.key)
    if tree is None:
        raise SignalboxError(
            f"{stream.run_id}/{stream.ws_id} does not run in a worktree of its own, so its changes are not kept apart "
            "from those of others. `signalbox show JOB` lists the files a job changed."
        )
    jobs = session.plain.read(queries.jobs_of_workstream, *stream.key)
    return _Subject(stream=stream, tree=tree, jobs=jobs, job=job)


def _work(subject: _Subject, stack: ExitStack) -> WorkInProgress | None:
    """What lies in the worktree now, if the workstream is not finished; None where its commit says all."""
    tree = subject.tree
    if tree.head is not None or tree.state is not TreeState.READY:
        return None
    work = stack.enter_context(work_in_progress(tree))
    print_error(f"{subject.name} is not finished: this is what lies in its worktree now.")
    if work.left_out:
        named = ", ".join(work.left_out[:_NAMED])
        print_error(
            f"Not compared, since large or not readable: {plural(len(work.left_out), 'file')}: {named}"
        )
    return work


def _sides(
    session: HomeSession, subject: _Subject, head: str, *, attempt: int | None, since: bool
) -> ComparedCommits:
    """The two commits that are to be compared.

    Raises:
        SignalboxError: one of them is not known.
    """
    tree = subject.tree
    if since:
        found = since_review(tree, subject.stream, head=head)
        if found is None:
            raise SignalboxError(f"{subject.name} has not been sent back yet; leave --since-review out.")
        return found
    if attempt is None and subject.job is None:
        merged = session.plain.read(worktree_queries.last_merged, *subject.stream.key)
        return replace(whole_change(tree, merged), after=head)
    snapshots = session.plain.read(worktree_queries.snapshots_of, *subject.stream.key)
    if not snapshots and subject.stream.review in CLOSED:
        raise SignalboxError(
            f"The snapshots of {subject.name} were pruned, so only the whole change is known: "
            f"signalbox diff {subject.name}"
        )
    job = subject.job or _only_job(subject, {each.job_id for each in snapshots})
    if attempt is None:
        found = of_job(tree, snapshots, job.job_id, head=head)
        reason = f"{job.job_id} has not changed anything: it has not started yet, or only reads."
    else:
        numbers = {
            each.number: each.id for each in session.plain.read(attempt_queries.attempts_of, job.job_id)
        }
        found = of_attempt(tree, snapshots, numbers.get(attempt, 0), head=head)
        had = plural(len(numbers), "attempt")
        reason = f"There is no snapshot before attempt {attempt} of {job.job_id}, which has had {had}."
    if found is None:
        raise SignalboxError(reason)
    return found


def _only_job(subject: _Subject, writers: set[str | None]) -> Job:
    """The only job of a workstream that has changed anything, whose attempts are meant then.

    Raises:
        SignalboxError: there is none, or more than one.
    """
    found = [job for job in subject.jobs if job.job_id in writers]
    if len(found) != 1:
        named = ", ".join(job.job_id for job in found) or "none has started"
        raise SignalboxError(f"Name the job whose attempt you mean: {named}.")
    return found[0]


def _document(subject: _Subject, sides: ComparedCommits, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "run_id": subject.stream.run_id,
        "ws_id": subject.stream.ws_id,
        "job_id": subject.job.job_id if subject.job else None,
        "repo": str(sides.repo),
        "branch": subject.tree.branch,
        "finished": subject.tree.head is not None,
        "before": sides.before,
        "after": sides.after,
        "files": files,
    }


def _lines(files: Sequence[FileChange], patches: Iterator[FilePatch] | None, *, named: bool) -> Iterator[str]:
    if not files:
        yield "No file changed."
        return
    if patches is None:
        yield from map(stat_line, files)
    else:
        for patch in patches:
            yield from patch_lines(patch, folded=patch.file.is_folded and not named)
            yield ""
    added, removed = sum(file.added for file in files), sum(file.removed for file in files)
    yield f"{plural(len(files), 'file')} changed, +{added} -{removed}"
