"""Commands on the merge queue: list, hold, release, move, withdraw, and what would happen."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.help_format import WholeSentences
from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import JsonOption
from engine.cli.printing import print_error, print_json, print_line, print_table, record_json, short_name
from engine.errors import CommandRefusedError, SignalboxError
from engine.host.merge_run import MergeResult, MergeRules, check_log, rehearsed
from engine.state_store.merge_control import QueuedMerge
from state import queries
from state.worktree_records import Merge, MergeState, SeenWorkstream

app = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
)

Names = Annotated[
    list[str],
    typer.Argument(metavar="WORKSTREAM…", help="Workstreams, as RUN/WS or WS.", show_default=False),
]
_WOULD = {
    MergeState.CHECKING: "would be checked and merged",
    MergeState.MERGED: "is there already",
    MergeState.CONFLICT: "would conflict",
    MergeState.BLOCKED: "would wait",
    MergeState.WITHDRAWN: "would go back to review",
}


@app.callback(invoke_without_command=True)
def merge(
    ctx: typer.Context,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say of each what would happen now; changes nothing.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show the merge queue, or with --dry-run what would happen to each of it now."""
    if ctx.invoked_subcommand is None:
        with opened(home) as session:
            if dry_run:
                _print_dry_run(session, as_json=as_json)
            else:
                _print_queue(session, session.store.merges.queues(), as_json=as_json)


@app.command("list")
def list_merges(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those that have ended, too.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List the merge queue, in the order in which it is merged."""
    with opened(home) as session:
        queued = session.store.merges.queues()
        ended = session.store.merges.ended() if everything else []
        _print_queue(session, [*ended, *queued], as_json=as_json)


@app.command()
def hold(names: Names, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Keep approved work from being merged until it is released."""
    with opened(home) as session:
        merges = session.store.merges
        _change(session, names, lambda name: merges.hold(name, held=True), "was held", as_json=as_json)


@app.command()
def release(names: Names, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Let held work be merged in its turn."""
    with opened(home) as session:
        merges = session.store.merges
        _change(session, names, lambda name: merges.hold(name, held=False), "was released", as_json=as_json)


@app.command()
def move(
    name: Annotated[str, typer.Argument(metavar="WORKSTREAM", help="A workstream, as RUN/WS or WS.")],
    *,
    top: Annotated[bool, typer.Option("--top", help="To the front of its queue.")] = False,
    before: Annotated[
        str | None,
        typer.Option("--before", metavar="WORKSTREAM", help="Before this one.", show_default=False),
    ] = None,
    priority: Annotated[
        int | None,
        typer.Option(
            "--priority", min=-100, max=100, help="To this priority, from -100 to 100.", show_default=False
        ),
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Move approved work within its merge queue."""
    if [top, before is not None, priority is not None].count(True) != 1:
        raise typer.BadParameter("name the position with one of --top, --before, --priority.")
    with opened(home) as session:
        moved = session.store.merges.move(name, before=before, priority=priority)
        _print_changed(session, [moved], "was moved", as_json=as_json)


@app.command()
def withdraw(names: Names, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Take approved work out of the merge queue; it waits for review again."""
    with opened(home) as session:
        what = "was taken out of the merge queue"
        _change(session, names, lambda name: _withdrawn(session, name), what, as_json=as_json)


def _withdrawn(session: HomeSession, name: str) -> Merge:
    merge = session.store.merges.named(name)
    session.store.reviews.withdraw(SeenWorkstream(*merge.key))
    return next(one.merge for one in session.store.merges.ended() if one.merge.id == merge.id)


def _change(
    session: HomeSession, names: Sequence[str], change: Callable[[str], Merge], what: str, *, as_json: bool
) -> None:
    """Change each merge; a refusal does not stop the others, and what was changed is printed.

    Where one of the names is unknown, nothing is changed.
    """
    changed, refused = [], []
    for name in _known(session, names):
        try:
            changed.append(change(name))
        except SignalboxError as error:
            refused.append(str(error))
    _print_changed(session, changed, what, as_json=as_json)
    for sentence in refused:
        print_error(sentence)
    if refused:
        raise typer.Exit(2)


def _known(session: HomeSession, names: Sequence[str]) -> list[str]:
    """The whole names of these merges."""
    found, unknown = [], []
    for name in names:
        try:
            merge = session.store.merges.named(name)
        except CommandRefusedError as error:
            unknown.append(str(error))
        else:
            found.append(f"{merge.run_id}/{merge.ws_id}")
    if unknown:
        more = ["Nothing was changed."] if len(names) > 1 else []
        raise CommandRefusedError(" ".join([*dict.fromkeys(unknown), *more]))
    return list(dict.fromkeys(found))


def _print_queue(session: HomeSession, queued: Sequence[QueuedMerge], *, as_json: bool) -> None:
    if as_json:
        print_json([_queued_json(session, one) for one in queued])
        return
    if not queued:
        print_line("Nothing waits to be merged.")
        return
    called = session.plain.read(queries.names_of, [one.merge.key for one in queued])
    rows = [
        (
            short_name(called.workstream(one.merge.key)),
            f"{one.merge.run_id}/{one.merge.ws_id}",
            one.merge.target,
            one.merge.state.value,
            str(one.merge.priority),
            one.waits_for or one.merge.reason,
        )
        for one in queued
    ]
    print_table(("NAME", "WORKSTREAM", "INTO", "STATE", "PRIORITY", "DETAIL"), rows)
    for (_, target), proposal in session.store.merges.proposals().items():
        names = session.plain.read(queries.names_of, proposal.order)
        print_line(f"{target}: {proposal.sentence(names)}")


def _print_dry_run(session: HomeSession, *, as_json: bool) -> None:
    found = [(one, _rehearsed(session, one.merge)) for one in session.store.merges.queues()]
    if as_json:
        print_json([_dry_json(session, one, result) for one, result in found])
        return
    if not found:
        print_line("Nothing waits to be merged.")
    for one, result in found:
        print_line(_dry_line(one, result))


def _rehearsed(session: HomeSession, merge: Merge) -> MergeResult | None:
    work = session.store.merges.work(merge)
    rules = MergeRules(
        home=session.home,
        settings=session.store.settings(),
        busy=session.store.merges.busy,
        with_ports=lambda tree: tree,
        job_title=session.store.job_title,
        job_spec=session.store.job_spec,
    )
    return None if work is None else rehearsed(work, rules)


def _would(result: MergeResult) -> str:
    is_merged_unchecked = result.step.state is MergeState.CHECKING and not result.is_checked
    return (
        "would be merged, as the project has no check" if is_merged_unchecked else _WOULD[result.step.state]
    )


def _dry_line(one: QueuedMerge, result: MergeResult | None) -> str:
    name = f"{one.merge.run_id}/{one.merge.ws_id}"
    if result is None:
        return f"{name}: its worktree is not known any more."
    step = result.step
    reason = " ".join(filter(None, (step.reason, one.waits_for)))
    where = f"{_would(result)} ({result.method} into {one.merge.target})"
    return f"{name} {where}: {reason}" if reason else f"{name} {where}."


def _dry_json(session: HomeSession, one: QueuedMerge, result: MergeResult | None) -> dict[str, Any]:
    would = None
    if result is not None:
        step = result.step
        would = {
            "state": step.state.value,
            "sentence": _would(result),
            "method": result.method.value,
            "reason": step.reason,
            "files": list(step.files),
        }
    return _queued_json(session, one) | {"would": would}


def _queued_json(session: HomeSession, one: QueuedMerge) -> dict[str, Any]:
    return _merge_json(session, one.merge) | {"title": one.stream.title, "waits_for": one.waits_for}


def _merge_json(session: HomeSession, merge: Merge) -> dict[str, Any]:
    log: Path = check_log(session.home, merge.id)
    return record_json(merge, check_log=str(log) if log.exists() else None)


def _print_changed(session: HomeSession, merges: Sequence[Merge], what: str, *, as_json: bool) -> None:
    if as_json:
        print_json([_merge_json(session, merge) for merge in merges])
        return
    for merge in merges:
        print_line(f"The merge of {merge.run_id}/{merge.ws_id} into {merge.target} {what}.")
