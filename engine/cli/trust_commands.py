"""Commands about what may start unasked: list, show, grant, revoke; and the refusal where nobody is there to look."""

import os
import shlex
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from engine.cli.help_format import WholeSentences
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import HomeOption, JsonOption
from engine.cli.printing import complain, console, print_json, print_table, record_json, say
from engine.cli.submit import read_files
from engine.errors import NotTrustedError, SignalboxError
from engine.jobfile.job_file_reader import ReadFile
from engine.system.formatting import date_second
from engine.trust.launch import LaunchPlan, waits_for_trust
from engine.trust.launch_card import argv_of, shortened, trust_card_text
from engine.trust.policy import LaunchPreview, TrustPolicy, with_current_tool
from engine.trust.trust_store import Grant, TrustStore

app = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="What may start without a look: list, show, grant, revoke.",
)

Name = Annotated[
    str, typer.Argument(metavar="JOB|FILE", help="The id of a job, or a job file.", show_default=False)
]


@app.command("list")
def list_grants(*, as_json: JsonOption = False) -> None:
    """List what was granted."""
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
        complain(grants.problem)
    if not found:
        say("Nothing is trusted; what comes in by the inbox waits for you.")
        return
    rows = [
        (
            one.grant_id,
            date_second(one.at),
            "once" if one.once else "",
            one.start.tool,
            shortened(one.start.repo),
            _line(one.start),
        )
        for one in found
    ]
    print_table(("GRANT", "WHEN", "", "TOOL", "WHERE", "COMMAND"), rows)


@app.command()
def show(name: Name, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Show what a job or a file would start, word by word."""
    with opened(home) as view:
        previews = _previews(view, name)
    if as_json:
        print_json([_preview_json(preview) for preview in previews])
        return
    for preview in previews:
        _print_card(preview, name)


@app.command()
def grant(
    name: Name,
    *,
    once: Annotated[bool, typer.Option("--once", help="For the next start alone, not for good.")] = False,
    home: HomeOption = None,
) -> None:
    """Trust what a job or a file would start as it is now; a job that waits for it is released."""
    with opened(home) as view:
        previews = _previews(view, name)
        for preview in previews:
            _print_card(preview, name)
        job = view.store.get_job(name)
        trust_policy = trust_policy_of(view)
        if job is None or not once:
            for preview in previews:
                trust_policy.grants.grant(preview.plans, source=preview.source, once=once)
        if job is not None and waits_for_trust(job):
            view.store.release(job.job_id)
            say(f"{job.job_id} is released.")
    say("Trusted for one start." if once else "Trusted as it is now; any change asks again.")


@app.command()
def revoke(
    grants: Annotated[
        list[str],
        typer.Argument(metavar="GRANT...", help="Ids, as `trust list` shows them.", show_default=False),
    ],
) -> None:
    """Take grants back: what they covered asks again. What runs goes on."""
    gone = TrustStore().revoke(grants)
    for one in gone:
        say(f"{one.grant_id} is revoked: {_line(one.start)}")
    missing = [name for name in grants if not any(one.start.digest.startswith(name) for one in gone)]
    if missing:
        raise SignalboxError(
            f"There is no grant {', '.join(missing)}; `signalbox trust list` shows those there are."
        )


def trust_policy_of(view: HomeSession) -> TrustPolicy:
    """The trust of the home that is looked at."""
    return TrustPolicy(view.home.home_id(), view.store.settings().tool_paths)


def require_trust(view: HomeSession, files: Sequence[ReadFile], *, trust: bool) -> None:
    """Where nobody is at the terminal to look, refuse what needs a grant of its own and has none.

    Raises:
        NotTrustedError: names every job that was refused, why, and how to let it start.
    """
    if trust or sys.stdin.isatty():
        return
    trust_policy = trust_policy_of(view)
    refused = [f"{file.path}: {problem}" for file in files if file.path and (problem := _place(file.path))]
    found = [(file, trust_policy.preview(spec)) for file in files for spec in file.jobs]
    wanting = [(file, preview) for file, preview in found if preview.concerns]
    refused += [_refusal(file, preview) for file, preview in wanting if not preview.granted]
    if not refused:
        refused = [
            _refusal(file, preview)
            for file, preview in wanting
            if not trust_policy.grants.redeem(trust_policy.home_id, preview.job_id, preview.plans)
        ]
    if refused:
        named = shlex.quote(str(files[0].path))
        raise NotTrustedError(
            "\n".join(refused)
            + "\nNobody is at this terminal to look at it, so nothing was queued. See all of it with "
            f"`signalbox trust show {named}`, then `signalbox trust grant {named}` lets it start; "
            "--trust does so for this call alone."
            + (f"\n{trust_policy.grants.problem}" if trust_policy.grants.problem else "")
        )


def _refusal(file: ReadFile, preview: LaunchPreview) -> str:
    why = preview.changed or " and ".join(f"it {concern}" for concern in preview.concerns)
    return f"{file.path}: {preview.job_id} is not trusted: {why}: {_line(preview.plans[0])}"


def _place(path: Path) -> str:
    """Why nobody can say who wrote a file, by where it lies; empty where that is the user alone."""
    if not hasattr(os, "geteuid"):
        return ""
    file, folder = path.stat(), path.parent.stat()
    if file.st_uid not in {0, os.geteuid()}:
        return "belongs to another user; copy it to make it yours."
    if file.st_mode & stat.S_IWOTH:
        return "can be written by everybody; use chmod o-w."
    if folder.st_mode & stat.S_IWOTH and not folder.st_mode & stat.S_ISVTX:
        return "lies in a folder that everybody can write to; move it."
    return ""


def _previews(view: HomeSession, name: str) -> list[LaunchPreview]:
    trust_policy = trust_policy_of(view)
    job = view.store.get_job(name)
    if job is not None:
        spec = with_current_tool(view.store.job_spec(name), job.tool)
        return [trust_policy.preview(spec, source=job.source_path or "")]
    if not Path(name).exists():
        raise SignalboxError(f"{name} is neither a job here nor a file; `signalbox jobs` lists the jobs.")
    return [
        trust_policy.preview(spec, source=str(file.path))
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
    say()


def _line(start: LaunchPlan) -> str:
    return " ".join(argv_of(start))


def _grant_json(one: Grant) -> dict[str, Any]:
    return {"grant": one.grant_id, **record_json(one)}


def _preview_json(preview: LaunchPreview) -> dict[str, Any]:
    return {
        "job_id": preview.job_id,
        "source": preview.source,
        "granted": preview.granted,
        "changed": preview.changed,
        "concerns": list(preview.concerns),
        "starts": [start.to_json() for start in preview.plans],
    }
