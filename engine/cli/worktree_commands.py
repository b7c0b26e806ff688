"""Commands on worktrees and their snapshots: list, archive, restore, prune. Nothing goes that is not kept elsewhere."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from engine.cli.ages import OlderThanOption, seconds_of
from engine.cli.help_format import WholeSentences
from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import JsonOption
from engine.cli.printing import note_done, print_json, print_line, print_table, record_json
from engine.cli.refs_lines import refs_json, refs_lines
from engine.errors import SignalboxError
from engine.maintenance.home_worktrees import HomeWorktree, HomeWorktrees
from engine.maintenance.worktree_refs import WorktreeRefs
from engine.system.formatting import date_second, plural, size
from engine.worktrees.tree_snapshots import KeptTree
from state import queries, worktree_queries
from state.worktree_records import TreeState, Worktree

worktrees = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
)
snapshot = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
)

WorkstreamArgument = Annotated[
    str,
    typer.Argument(
        metavar="JOB|WORKSTREAM", help="The id of a job or workstream; a workstream as WS or RUN/WS."
    ),
]


@worktrees.command("list")
def list_(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List every worktree: where it is, its state, what it takes on the disk, and why it was kept."""
    with opened(home) as session:
        trees = _of(session)
        found = trees.known()
        sizes = {each.tree.key: _size(trees, each.tree) for each in found}
    if as_json:
        print_json([_json(each, size_bytes=sizes[each.tree.key]) for each in found])
        return
    if not found:
        print_line("There are no worktrees. A workstream with a coding tool in a git repository gets one.")
        return
    rows = [
        (
            _name(each.tree),
            each.tree.state,
            each.stream.review,
            _shown(sizes[each.tree.key]),
            _where(each.tree),
        )
        for each in found
    ]
    print_table(("WORKSTREAM", "STATE", "REVIEW", "SIZE", "FOLDER"), rows)
    print_line(f"In all {size(sum(each or 0 for each in sizes.values()))}.")


@worktrees.command()
def archive(name: WorkstreamArgument, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Archive a worktree: all that is in it is kept under a ref of its repository, then it is removed."""
    with opened(home) as session:
        tree = _tree(session, name)
        changed = _of(session).archive(tree)
    note_done()
    if as_json:
        print_json(record_json(changed))
    elif changed.kept_reason:
        print_line(f"The worktree of {_name(tree)} was kept: {changed.kept_reason}")
    elif changed.state is TreeState.ARCHIVED:
        again = f"`signalbox worktrees restore {_name(tree)}` brings it back."
        print_line(f"Archived {tree.path} as {changed.archive_ref}. {again}")
    else:
        print_line(f"There was nothing in {tree.path}.")
    if changed.kept_reason:
        raise typer.Exit(1)


@worktrees.command()
def restore(name: WorkstreamArgument, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Bring an archived worktree back: its branch, its files, and what was uncommitted in it."""
    with opened(home) as session:
        changed, notes = _of(session).restore(_tree(session, name))
    note_done()
    if as_json:
        print_json(record_json(changed, notes=list(notes)))
        return
    print_line(f"Restored {changed.path} on branch {changed.branch}.")
    for note in notes:
        print_line(note)


@worktrees.command()
def prune(
    *,
    older_than: OlderThanOption = None,
    archives: Annotated[
        bool,
        typer.Option(
            "--archives",
            help="Delete archives that are as old, too, also of work that was discarded. They do not come back.",
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only list what would go.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Archive the worktrees of workstreams that were merged or discarded long enough ago. Others are kept, and why.

    Once a worktree is gone, the refs of its snapshots are deleted, and that of an archive of which all was merged.
    """
    age = None if older_than is None else seconds_of(older_than)
    with opened(home) as session:
        trees = _of(session)
        found = list(trees.prune(older_than_s=age)) if yes else trees.prunable(older_than_s=age)
        refs = WorktreeRefs(trees)
        gone = {each.tree.key for each in found if not each.kept_reason}
        of_refs = (
            list(refs.prune(older_than_s=age, archives=archives))
            if yes
            else refs.prunable(older_than_s=age, archives=archives, going=gone)
        )
    note_done()
    if as_json:
        listed = [_json(each, kept_reason=each.kept_reason) for each in found]
        print_json({"dry_run": not yes, "worktrees": listed, "refs": list(map(refs_json, of_refs))})
        return
    going = [each for each in found if not each.kept_reason]
    for each in found:
        outcome = (
            f"kept: {each.kept_reason}" if each.kept_reason else "archived" if yes else "would be archived"
        )
        print_line(f"{_name(each.tree)}  {each.tree.path}  {outcome}")
    done = "were" if len(going) != 1 else "was"
    verb = f"{done} archived" if yes else "would be archived"
    for line in refs_lines(of_refs, is_done=yes):
        print_line(line)
    again = "" if yes or not (going or any(each.is_due for each in of_refs)) else " Do it with --yes."
    print_line(f"{plural(len(going), 'worktree')} of {len(found)} {verb}.{again}")


@snapshot.command("list")
def list_snapshots(name: WorkstreamArgument, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List the snapshots of a worktree: one before each attempt, and one of what each restoring replaced."""
    with opened(home) as session:
        tree = _tree(session, name)
        found = _of(session).on_disk.snapshots(tree)
        numbers = _attempts(session, tree)
    if as_json:
        print_json([_snapshot_json(each) for each in found])
        return
    if not found:
        print_line(f"There are no snapshots of {_name(tree)} yet; one is made before each attempt.")
        return
    rows = [
        (
            str(each.number),
            date_second(each.created_at),
            _made_for(each, numbers),
            each.commit[:12],
            _left(each),
        )
        for each in found
    ]
    print_table(("NUMBER", "TAKEN", "FOR", "COMMIT", "LEFT OUT"), rows)


@snapshot.command("restore")
def restore_snapshot(
    name: WorkstreamArgument,
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="The number of the snapshot.")],
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Bring a worktree back to a snapshot; what is there now is kept as another snapshot first."""
    with opened(home) as session:
        tree = _tree(session, name)
        before = _of(session).restore_snapshot(tree, number)
    note_done()
    if as_json:
        print_json({"restored": number, "before": None if before is None else _snapshot_json(before)})
    elif before is None:
        print_line(f"{tree.path} is as in snapshot {number} already.")
    else:
        print_line(f"{tree.path} is as in snapshot {number}; what was there is snapshot {before.number}.")


def _of(session: HomeSession) -> HomeWorktrees:
    return HomeWorktrees(session.home, session.store.database, session.store.settings())


def _tree(session: HomeSession, name: str) -> Worktree:
    """The worktree of the workstream with this name, or of that of the job.

    Raises:
        SignalboxError: there is none.
    """
    job = session.plain.read(queries.find_job, name)
    run_id, _, ws_id = (f"{job.run_id}/{job.ws_id}" if job else name).rpartition("/")
    stream = session.plain.read(queries.find_workstream, ws_id, run_id or None)
    if stream is None:
        raise SignalboxError(f"There is no job or workstream {name!r} here; see `signalbox worktrees list`.")
    tree = session.plain.read(worktree_queries.find_worktree, *stream.key)
    if tree is None:
        raise SignalboxError(f"{stream.run_id}/{stream.ws_id} has no worktree of its own; it works in place.")
    return tree


def _attempts(session: HomeSession, tree: Worktree) -> dict[int, int]:
    """The number of each attempt of a workstream within its job, by the attempt's id."""
    known = session.plain.read(worktree_queries.snapshots_of, *tree.key)
    jobs = {each.job_id for each in known if each.job_id is not None}
    return {attempt.id: attempt.number for job in jobs for attempt in session.store.list_attempts(job)}


def _made_for(kept: KeptTree, numbers: dict[int, int]) -> str:
    if kept.job_id is None:
        return kept.purpose
    number = numbers.get(kept.attempt_id or 0)
    return f"{kept.job_id}, attempt {number}" if number else kept.job_id


def _left(kept: KeptTree) -> str:
    return ", ".join(f"{file.path} ({file.reason})" for file in kept.left_out)


def _name(tree: Worktree) -> str:
    return f"{tree.run_id}/{tree.ws_id}"


def _size(trees: HomeWorktrees, tree: Worktree) -> int | None:
    return trees.on_disk.disk_use(tree) if tree.state is TreeState.READY else None


def _shown(number: int | None) -> str:
    return "" if number is None else size(number)


def _where(tree: Worktree) -> str:
    where = tree.archive_ref if tree.state is TreeState.ARCHIVED and tree.archive_ref else tree.path
    return f"{where} (kept: {tree.kept_reason})" if tree.kept_reason else where


def _json(each: HomeWorktree, **more: Any) -> dict[str, Any]:
    return record_json(each.tree, **{"review": each.stream.review, **more})


def _snapshot_json(kept: KeptTree) -> dict[str, Any]:
    return record_json(replace(kept, left_out=()), left_out=[file.to_json() for file in kept.left_out])


__all__: Sequence[str] = ("snapshot", "worktrees")
