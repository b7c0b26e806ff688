"""Commands on trust: list, show, grant, revoke."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from engine.cli.help_format import WholeSentences
from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import JsonOption
from engine.cli.printing import (
    Styled,
    console,
    note_done,
    print_error,
    print_json,
    print_line,
    print_table,
    timed,
)
from engine.cli.submit import read_files
from engine.cli.unattended import command_line_of, trust_policy_of
from engine.cli.word_completion import recurring_names
from engine.errors import SignalboxError
from engine.recurring.recurring_rows import valid_run
from engine.recurring.recurring_trust import due_previews
from engine.system.formatting import date_second
from engine.trust.binding import Binding
from engine.trust.grants import Grant
from engine.trust.launch_card import binding_words, if_trusted, shortened, trust_card_text
from engine.trust.policy import LaunchPreview, TrustPolicy, preview_launch, with_current_tool
from engine.trust.repository_state import RepositoryStates
from engine.trust.trust_store import TrustStore
from engine.trust.waiting import waits_for_trust
from engine.worktrees.placed_launch import placed_launch
from state.records import Job

app = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
    no_args_is_help=True,
)

Name = Annotated[
    str,
    typer.Argument(
        metavar="JOB|FILE|NAME",
        autocompletion=recurring_names,
        help="The id of a job, a job file, or with --recurring the name of a recurring run.",
        show_default=False,
    ),
]
RecurringOption = Annotated[
    bool, typer.Option("--recurring", help="What a recurring run of this name starts when it is due.")
]


@app.command("list")
def list_grants(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List the grants; they hold in every home."""
    del home
    grants = TrustStore()
    found = grants.grants()
    if as_json:
        print_json(
            {
                "file": str(grants.file),
                "problem": grants.problem,
                "grants": [_grant_json(one) for one in found],
            }
        )
        return
    if grants.problem:
        print_error(grants.problem)
    if not found:
        print_line("Nothing is trusted; jobs from the inbox wait for your review.")
        return
    rows = [
        (
            one.grant_id,
            date_second(one.at),
            Styled(binding_words(one), "bold red" if one.binding is Binding.ANYTHING else ""),
            one.start.tool,
            shortened(one.start.repo),
            command_line_of(one.start),
        )
        for one in found
    ]
    print_table(("GRANT", "WHEN", "HOLDS", "TOOL", "WHERE", "COMMAND"), rows)


@app.command()
def show(
    name: Name, *, recurring: RecurringOption = False, as_json: JsonOption = False, home: HomeOption = None
) -> None:
    """Show exactly what a job, a file or a recurring run would start."""
    with opened(home, creates=True) as session:
        previews = _previews(session, name, recurring=recurring)
    if as_json:
        print_json([_preview_json(preview) for preview in previews])
        return
    for preview in previews:
        _print_card(preview, name)


@app.command()
def grant(
    name: Name,
    *,
    recurring: RecurringOption = False,
    once: Annotated[bool, typer.Option("--once", help="Only for the next start.")] = False,
    anything: Annotated[
        bool,
        typer.Option(
            "--whatever-the-repository-holds",
            help="The command alone: it stays trusted whatever the files of the repository become.",
        ),
    ] = False,
    home: HomeOption = None,
) -> None:
    """Trust what a job, a file or a recurring run would start, as it is now; a job that is held for trust is released.

    It is bound to the contents of the files that are named, and to the state of the whole repository if any of its
    files may be loaded.
    """
    if once and anything:
        raise typer.BadParameter("Give --once or --whatever-the-repository-holds, not both.")
    binding = Binding.ONCE if once else Binding.ANYTHING if anything else None
    with opened(home, creates=True) as session:
        previews = _previews(session, name, recurring=recurring)
        for preview in previews:
            _print_card(preview, name)
            if binding is None and preview.lasting is None:
                raise SignalboxError(
                    f"{preview.job_id} cannot be trusted as it is now, {if_trusted(preview)}. Nothing was granted; "
                    "give --once or --whatever-the-repository-holds."
                )
        job = None if recurring else session.store.get_job(name)
        trust_policy = trust_policy_of(session)
        granted: list[Grant] = []
        if job is None or not once:
            for preview in previews:
                granted += trust_policy.grants.grant(preview.plans, binding=binding, source=preview.source)
            note_done()
        if job is not None and waits_for_trust(job):
            session.store.job_control.release(job.job_id, reviewed=previews[0].plans)
            print_line(f"{job.job_id} was released.")
    print_line("Trusted for one start." if once else _granted_sentence(granted))


@app.command()
def revoke(
    grants: Annotated[
        list[str],
        typer.Argument(metavar="GRANT...", help="Grant ids, as `trust list` shows them.", show_default=False),
    ],
    *,
    home: HomeOption = None,
) -> None:
    """Revoke grants, in every home: what they covered needs a new grant. Running jobs continue."""
    del home
    gone = TrustStore().revoke(grants)
    if gone:
        note_done()
    for one in gone:
        print_line(f"{one.grant_id} was revoked: {command_line_of(one.start)}")
    missing = [name for name in grants if not any(one.key.startswith(name) for one in gone)]
    if missing:
        raise SignalboxError(
            f"There is no grant {', '.join(missing)}; `signalbox trust list` lists the grants."
        )


def _preview_of_job(
    session: HomeSession, job: Job, trust_policy: TrustPolicy, states: RepositoryStates
) -> LaunchPreview:
    """What a job would start, as it lies in its worktree where it has one."""
    spec = with_current_tool(session.store.job_spec(job.job_id), job.tool)
    tree, settings = session.store.trees.find(job.run_id, job.ws_id), session.store.settings()
    there = placed_launch(job, spec, tree, settings.tools)
    source = job.source_path or ""
    if there is None:
        return trust_policy.preview(spec, source=source, states=states)
    plans = there.plans(settings.tool_paths, states)
    return preview_launch(spec, trust_policy.grants, source=source, states=states, plans=plans)


def _previews_of_recurring(session: HomeSession, name: str) -> list[LaunchPreview]:
    home, settings = session.home.root, session.store.settings()
    return list(due_previews(home, valid_run(home, name), name=name, settings=settings, now=time.time()))


def _previews(session: HomeSession, name: str, *, recurring: bool) -> list[LaunchPreview]:
    if recurring:
        return _previews_of_recurring(session, name)
    trust_policy = trust_policy_of(session)
    states = trust_policy.states()
    job = session.store.get_job(name)
    if job is not None:
        return [_preview_of_job(session, job, trust_policy, states)]
    if not Path(name).exists():
        raise SignalboxError(f"{name} is neither a job nor a file; `signalbox jobs` lists the jobs.")
    return [
        trust_policy.preview(spec, source=str(file.path), states=states)
        for file in read_files([Path(name)])
        for spec in file.jobs
    ]


def _print_card(preview: LaunchPreview, name: str) -> None:
    card = trust_card_text(
        preview, preview.job_id if preview.job_id == name else f"{Path(name).name}, job {preview.job_id},"
    )
    out = console()
    out.print(Text(card.title, style="bold"), soft_wrap=True)
    for badge in card.badges:
        out.print(Text(f"  ! it {badge}", style="bold red"), soft_wrap=True)
    for number, word in enumerate(card.argv):
        out.print(Text(f"  {'$' if number == 0 else ' '} {word}"), soft_wrap=True)
    for label, text in (*card.facts, ("Trusted", "yes" if preview.granted else "no")):
        line = Text(f"  {label:<12}", style="dim")
        line.append(text, style="not dim")
        out.print(line, soft_wrap=True)
    print_line()


def _granted_sentence(granted: Sequence[Grant]) -> str:
    bindings = {grant.binding for grant in granted}
    if Binding.ANYTHING in bindings:
        return "Trusted whatever the repository holds, until you revoke it."
    if Binding.REPOSITORY in bindings:
        return "Trusted as it is now: any change of the repository needs a new grant."
    return "Trusted as it is now: any change of the command or of the files it names needs a new grant."


def _grant_json(one: Grant) -> dict[str, Any]:
    return {
        "grant": one.grant_id,
        **timed(one.to_json()),
        "once": one.once,
        "needs_new_grant": one.bound_too_little,
    }


def _preview_json(preview: LaunchPreview) -> dict[str, Any]:
    return {
        "job_id": preview.job_id,
        "source": preview.source,
        "granted": preview.granted,
        "changed": preview.changed,
        "concerns": list(preview.concerns),
        "binding": preview.lasting,
        "if_trusted": if_trusted(preview),
        "starts": [start.to_json() for start in preview.plans],
    }
