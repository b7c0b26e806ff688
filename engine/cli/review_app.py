"""The commands on finished work: list, show, approve, withdraw, send back, discard, restore, comment, viewed."""

import re
import shlex
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from engine.cli.help_format import WholeSentences
from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import (
    JsonOption,
    RunOption,
)
from engine.cli.printing import print_error, print_json, print_line, print_table, record_json
from engine.cli.words_argument import words_of
from engine.cli.work_under_review import (
    WORK_COLUMNS,
    WorkUnderReview,
    as_a_whole,
    comment_line,
    named_workstream,
    named_workstreams,
    print_work,
    row_of,
    works_under_review,
)
from engine.errors import CommandRefusedError, SignalboxError
from engine.host.review_commands import (
    ApproveWorkstreams,
    DiscardWorkstreams,
    RestoreWorkstreams,
    WithdrawApprovals,
)
from engine.host.review_runner import each_workstream
from engine.review.approval_reasons import ApprovalBlock
from engine.review.quoted_lines import quoted_lines
from engine.review.viewed_marks import mark_of
from engine.scheduling.path_scopes import covers
from engine.state_store.review_control import ReviewControl, SeenWorkstream
from engine.system.plain_text import escape_invisible
from state import worktree_queries
from state.queries import UNDER_REVIEW, reviews_in
from state.records import ReviewState
from state.status_words import status_in_words
from state.worktree_records import DiffSide, ReviewComment, ViewedFile

app = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
)
comment_app = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
    help="Comment on finished work; `review send-back` sends the comments.",
)
app.add_typer(comment_app, name="comment")

Decide = Callable[[SeenWorkstream], SeenWorkstream]
_ALL = tuple(state for state in ReviewState if state is not ReviewState.NONE)
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
_LINES = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")

WorkstreamName = Annotated[
    str, typer.Argument(metavar="WORKSTREAM", help="The workstream, as WS or RUN/WS.", show_default=False)
]
WorkstreamNames = Annotated[
    list[str] | None,
    typer.Argument(metavar="WORKSTREAM...", help="Workstreams, as WS or RUN/WS.", show_default=False),
]
HeadOption = Annotated[
    str | None,
    typer.Option(
        "--head",
        metavar="COMMIT",
        help="Only if this is still the last commit of the work, as `review show` prints it.",
        show_default=False,
    ),
]
CommentId = Annotated[
    int, typer.Argument(metavar="ID", help="The number of the comment, as `review show` lists it.")
]


@app.callback(invoke_without_command=True)
def review(ctx: typer.Context, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List what waits for review, where no command is named."""
    if ctx.invoked_subcommand is None:
        list_(as_json=as_json, home=home)


@app.command("list", help="List the work that waits for review or is in the merge queue, the oldest first.")
def list_(
    *,
    run: RunOption = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also what is still under way, merged or discarded.")
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox review list`."""
    with opened(home) as session:
        states = _ALL if every else tuple(UNDER_REVIEW)
        works = works_under_review(session, states, run_id=run)
    if as_json:
        print_json([work.to_json() for work in works])
    elif works:
        print_table(WORK_COLUMNS, [row_of(work) for work in works])
    else:
        print_line("No isolated workstream." if every else "Nothing waits for review.")


@app.command("show", help="Show one workstream's work: its evidence, its files and the comments on it.")
def show(name: WorkstreamName, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Carry out `signalbox review show`."""
    with opened(home) as session:
        work = as_a_whole(session, named_workstream(session, name))
    if as_json:
        print_json(work.whole_json())
    else:
        print_work(work)


@app.command("approve")
def approve(
    names: WorkstreamNames = None,
    *,
    run: RunOption = None,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="BRANCH", help="Merge it into this branch.", show_default=False),
    ] = None,
    anyway: Annotated[
        bool,
        typer.Option(
            "--anyway",
            help="Also where tests have not run, or nobody has viewed the files outside the scope.",
        ),
    ] = False,
    head: HeadOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Approve finished work: it is merged in its turn."""
    with opened(home) as session:

        def decide(seen: SeenWorkstream) -> SeenWorkstream:
            found = session.store.get_workstream(seen.ws_id, run_id=seen.run_id)
            work = None if found is None or anyway else as_a_whole(session, found)
            if work is None:
                return session.store.reviews.approve(seen, target=target)
            if seen.head in {None, work.seen.head}:
                _refuse_blocked(work)
                seen = work.seen
            return session.store.reviews.approve_viewed(seen, target=target)

        chosen = _at_head(session, _chosen(session, names, run, {ReviewState.WAITING}), head)
        _decide(chosen, decide, ApproveWorkstreams.kind.participle, as_json=as_json)


@app.command("withdraw")
def withdraw(
    names: WorkstreamNames = None,
    *,
    run: RunOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Take approved work out of the merge queue; it waits for review again."""
    with opened(home) as session:
        chosen = _chosen(session, names, run, {ReviewState.APPROVED})
        participle = WithdrawApprovals.kind.participle
        _decide(chosen, session.store.reviews.withdraw, participle, as_json=as_json)


@app.command("discard")
def discard(
    names: WorkstreamNames = None,
    *,
    head: HeadOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Discard finished work: it is archived, and `review restore` brings it back."""
    with opened(home) as session:
        chosen = _at_head(session, _chosen(session, names, None, set()), head)
        _decide(chosen, session.store.reviews.discard, DiscardWorkstreams.kind.participle, as_json=as_json)


@app.command("restore")
def restore(
    names: WorkstreamNames = None,
    *,
    run: RunOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Bring discarded work back: it waits for review again."""
    with opened(home) as session:
        chosen = _chosen(session, names, run, {ReviewState.DISCARDED})
        _decide(chosen, session.store.reviews.restore, RestoreWorkstreams.kind.participle, as_json=as_json)


@app.command("send-back")
def send_back(
    name: WorkstreamName,
    words: Annotated[
        str,
        typer.Argument(
            metavar="[TEXT]", help="What to do next, besides the comments; `-` reads it from standard input."
        ),
    ] = "",
    *,
    head: HeadOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Send work back to its coding tool: the comments become its next prompt, in the same session."""
    with opened(home) as session:
        stream = named_workstream(session, name)
        [seen] = _at_head(session, [SeenWorkstream(*stream.key)], head)
        changed = session.store.reviews.send_back(seen, words_of(words))
    if as_json:
        print_json({"changed": [record_json(job) for job in changed], "refused": {}})
    else:
        print_line(
            f"{stream.run_id}/{stream.ws_id} was sent back; {changed[0].job_id} {status_in_words(changed[0].status)}."
        )


@app.command("viewed", help="Mark files as viewed; `review approve` asks it of those outside the scope.")
def viewed(
    name: WorkstreamName,
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Files; a folder or a pattern names all it covers."),
    ],
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the marks.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox review viewed`."""
    with opened(home) as session:
        work = as_a_whole(session, named_workstream(session, name))
        marked = [file for file in work.files if covers(paths, file.path)]
        if not marked:
            raise CommandRefusedError(
                work.problem or f"None of the changed files of {work.name} is among these paths."
            )
        with session.store.transaction():
            for file in marked:
                run_id, ws_id = work.stream.key
                path, blob = mark_of(file)
                mark = ViewedFile(run_id=run_id, ws_id=ws_id, path=path, blob=blob)
                session.store.reviews.set_viewed(mark, viewed=not remove)
    if as_json:
        print_json([file.path for file in marked])
    else:
        for file in marked:
            print_line(f"{escape_invisible(file.path)} is {'no longer ' if remove else ''}marked as viewed.")


@comment_app.command("add", help="Comment on lines, on a file, or on all of the work.")
def comment_add(
    name: WorkstreamName,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="The comment; `-` reads it from standard input.")
    ],
    *,
    file: Annotated[
        str | None, typer.Option("--file", metavar="PATH", help="A changed file.", show_default=False)
    ] = None,
    line: Annotated[
        str | None,
        typer.Option("--line", metavar="N[-M]", help="A line of it, or several.", show_default=False),
    ] = None,
    side: Annotated[
        DiffSide, typer.Option("--side", help="Lines of the file as it is (new), or as it was (old).")
    ] = DiffSide.NEW,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox review comment add`."""
    if line is not None and file is None:
        raise typer.BadParameter("name the file of the line with --file.")
    with opened(home) as session:
        work = as_a_whole(session, named_workstream(session, name))
        comment = _comment(work, words_of(text), file=file, lines=line, side=side)
        _print_comment(session.store.reviews.add_comment(comment), as_json=as_json)


@comment_app.command("edit", help="Replace the text of a comment that was not sent.")
def comment_edit(
    comment_id: CommentId,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="The comment; `-` reads it from standard input.")
    ],
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox review comment edit`."""
    _on_comment(lambda reviews: reviews.edit_comment(comment_id, words_of(text)), home, as_json=as_json)


@comment_app.command("delete", help="Delete a comment that was not sent.")
def comment_delete(comment_id: CommentId, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Carry out `signalbox review comment delete`."""
    _on_comment(lambda reviews: reviews.delete_comment(comment_id), home, as_json=as_json)


@comment_app.command("settle", help="Mark a comment that was sent as settled.")
def comment_settle(
    comment_id: CommentId,
    *,
    reopen: Annotated[bool, typer.Option("--reopen", help="Open it again.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox review comment settle`."""
    _on_comment(lambda reviews: reviews.settle_comment(comment_id, settled=not reopen), home, as_json=as_json)


def _on_comment(change: Callable[[ReviewControl], ReviewComment], home: HomeOption, *, as_json: bool) -> None:
    with opened(home) as session:
        _print_comment(change(session.store.reviews), as_json=as_json)


def _print_comment(comment: ReviewComment, *, as_json: bool) -> None:
    if as_json:
        print_json(record_json(comment))
    else:
        print_line(comment_line(comment))


def _comment(
    work: WorkUnderReview, text: str, *, file: str | None, lines: str | None, side: DiffSide
) -> ReviewComment:
    """The comment with the lines it quotes."""
    run_id, ws_id = work.stream.key
    if file is None:
        return ReviewComment(id=0, run_id=run_id, ws_id=ws_id, text=text)
    changed = next((one for one in work.files if file in {one.path, one.old_path}), None)
    if changed is None or work.found.tree is None:
        reason = work.problem or f"{file} is none of its changed files; `signalbox review show` lists them."
        raise CommandRefusedError(f"{work.name}: {reason}")
    first, last = _line_numbers(lines)
    quoted = quoted_lines(work.found.tree.repo, changed, side, first, last)
    return ReviewComment(
        id=0,
        run_id=run_id,
        ws_id=ws_id,
        text=text,
        path=changed.path,
        side=side,
        line=first,
        last_line=last,
        commit=work.seen.head,
        quoted=quoted,
    )


def _line_numbers(lines: str | None) -> tuple[int | None, int | None]:
    if lines is None:
        return None, None
    found = _LINES.fullmatch(lines)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 0 < first <= last:
        raise typer.BadParameter(f"{lines!r} is no line; use N, or N-M.")
    return first, last


def _chosen(
    session: HomeSession, names: Sequence[str] | None, run: str | None, states: set[ReviewState]
) -> list[SeenWorkstream]:
    """The workstreams that are named, or those of a run that the command fits."""
    if bool(names) is (run is not None):
        raise typer.BadParameter("name workstreams, or select those of a run with --run.")
    if run is None:
        streams = named_workstreams(session, names or ())
    else:
        streams = session.plain.read(reviews_in, states, run_id=run)
    if not streams:
        raise CommandRefusedError(f"No workstream of run {run} is one that this applies to.")
    return list(dict.fromkeys(SeenWorkstream(*stream.key) for stream in streams))


def _at_head(session: HomeSession, chosen: list[SeenWorkstream], head: str | None) -> list[SeenWorkstream]:
    """The one workstream with the commit that a person has looked at, which may be named by its beginning."""
    if head is None:
        return chosen
    if len(chosen) != 1:
        raise typer.BadParameter("--head goes with one workstream; name it alone.")
    if not _COMMIT.fullmatch(head):
        raise typer.BadParameter(f"{head!r} is not a commit; use the one that `review show` prints.")
    [seen] = chosen
    tree = session.plain.read(worktree_queries.find_worktree, seen.run_id, seen.ws_id)
    at = None if tree is None else tree.head
    is_it = at is not None and at.startswith(head.lower())
    return [seen._replace(head=at if is_it else head)]


def _decide(workstreams: Sequence[SeenWorkstream], decide: Decide, participle: str, *, as_json: bool) -> None:
    outcome = each_workstream(workstreams, decide)
    if as_json:
        print_json({"changed": [seen._asdict() for seen in outcome.workstreams], "refused": outcome.refused})
    else:
        for seen in outcome.workstreams:
            print_line(f"{seen} was {participle}.")
    for sentence in outcome.refused.values():
        print_error(sentence)
    if outcome.refused:
        raise typer.Exit(2)


def _refuse_blocked(work: WorkUnderReview) -> None:
    """Refuse what a person has not looked at yet; what the state of the review refuses, the store says better."""
    if work.problem:
        raise SignalboxError(f"The work of {work.name} cannot be read: {work.problem}")
    for reason in work.reasons:
        if reason.block is ApprovalBlock.UNSEEN:
            path = shlex.quote(reason.paths[0])
            raise CommandRefusedError(
                f"{reason.sentence}, outside the scope: `signalbox diff {work.name} {path}`, then "
                f"`signalbox review viewed {work.name} {path}`. Or approve it with --anyway."
            )
        if reason.block is ApprovalBlock.TESTS:
            raise CommandRefusedError(
                f"{reason.sentence} of {work.name}. Run them, or approve it with --anyway."
            )
