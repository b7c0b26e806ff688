"""Queues the files of `run` and `submit`; refuses what needs a grant and has none when nobody is at the terminal."""

import os
import shlex
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from engine.cli.home_session import HomeSession
from engine.cli.submit import SubmitOptions, submit_files
from engine.errors import NotTrustedError
from engine.jobfile.job_file_reader import ReadFile
from engine.jobfile.spec import JobSpec
from engine.system.fault_injection import fault
from engine.trust.launch_card import argv_of
from engine.trust.launch_plan import LaunchPlan
from engine.trust.policy import LaunchPreview, TrustPolicy
from engine.trust.trust_store import TrustStoreError
from state.records import Job


def queue_files(
    session: HomeSession, files: Sequence[ReadFile], options: SubmitOptions, *, trust: bool
) -> list[Job]:
    """Queue the jobs of these files, all or none; a person at the terminal, `trust` or a hold needs no grant.

    Raises:
        NotTrustedError: names every refused job, the reason, and how to let it start.
        JobFileError, JobExistsError: as `submit_files` raises them.
    """
    if trust or options.held or sys.stdin.isatty():
        return submit_files(session.store, files, options)
    trust_policy = trust_policy_of(session)
    with suppress(TrustStoreError):  # then nothing can be granted, as the refusal says
        session.store.acceptance.settle_grants(trust_policy.grants)
    redeem = _checked(session, files, trust_policy)
    try:
        jobs = submit_files(session.store, files, options, redeem)
        fault("queued")
    finally:
        with suppress(TrustStoreError):  # settled by the next command or engine
            session.store.acceptance.settle_grants(trust_policy.grants)
    return jobs


def refuse_untrusted_edit(session: HomeSession, before: JobSpec, after: JobSpec) -> None:
    """Refuse an edit that gives a job what needs a grant of its own, and that it did not have, where nobody sees it.

    Raises:
        NotTrustedError: says what that is, and how to let it be.
    """
    if sys.stdin.isatty():
        return
    trust_policy = trust_policy_of(session)
    found = trust_policy.preview(after)
    known = trust_policy.preview(before).concerns
    if not found.granted and (new := [each for each in found.concerns if each not in known]):
        raise NotTrustedError(
            f"{after.job_id} is not trusted as it would be: it {' and '.join(new)}.\n"
            "Nobody is at this terminal to review it, so it stays as it was. "
            "Edit it at a terminal, or with --trust for this call alone."
        )


def trust_policy_of(session: HomeSession) -> TrustPolicy:
    """The trust policy of a home."""
    home, settings = session.home, session.store.settings()
    return TrustPolicy(
        home.home_id(),
        settings.tool_paths,
        home=home.root,
        defaults=lambda: settings.tools,
        isolation=lambda: settings.isolation,
    )


def command_line_of(plan: LaunchPlan) -> str:
    """The program and its arguments on one line."""
    return " ".join(argv_of(plan))


def _checked(
    session: HomeSession, files: Sequence[ReadFile], trust_policy: TrustPolicy
) -> Callable[[Mapping[str, str]], None]:
    """Refuse what is not granted; what is returned uses up the grants, given the ids the jobs are queued under."""
    states = trust_policy.states()
    found = [
        (file, trust_policy.preview(spec, source=str(file.path or ""), states=states))
        for file in files
        for spec in file.jobs
    ]
    concerning = [(file, preview) for file, preview in found if preview.concerns]
    refused = [
        f"{file.path}: {reason}" for file in files if file.path and (reason := _location_problem(file.path))
    ]
    refused += [_refusal(file, preview) for file, preview in concerning if not preview.granted]

    def refuse(refused: Sequence[str]) -> None:
        if refused:
            raise _not_trusted(refused, files, trust_policy)

    def redeem(ids: Mapping[str, str]) -> None:
        redeemed = trust_policy.grants.redeem(
            trust_policy.home_id,
            [(ids[preview.job_id], preview.plans) for _, preview in concerning],
            queued=lambda named: {one for one in named if session.store.get_job(one) is not None},
            states=states,
        )
        refuse([_refusal(*each) for each, granted in zip(concerning, redeemed, strict=True) if not granted])

    refuse(refused)
    return redeem


def _not_trusted(
    refused: Sequence[str], files: Sequence[ReadFile], trust_policy: TrustPolicy
) -> NotTrustedError:
    named = shlex.quote(str(files[0].path))
    return NotTrustedError(
        "\n".join(refused)
        + "\nNobody is at this terminal to review it, so nothing was queued. Review it with "
        f"`signalbox trust show {named}`, then let it start with `signalbox trust grant {named}`, "
        "or with --trust for this call alone."
        + (f"\n{trust_policy.grants.problem}" if trust_policy.grants.problem else "")
    )


def _refusal(file: ReadFile, preview: LaunchPreview) -> str:
    reason = preview.changed or " and ".join(f"it {concern}" for concern in preview.concerns)
    return f"{file.path}: {preview.job_id} is not trusted: {reason}: {command_line_of(preview.plans[0])}"


def _location_problem(path: Path) -> str:
    """Why the location of a file does not prove who wrote it; empty when only the user could have."""
    if not hasattr(os, "geteuid"):
        return ""
    file, folder = path.stat(), path.parent.stat()
    if file.st_uid not in {0, os.geteuid()}:
        return "belongs to another user; copy it to make it yours."
    if file.st_mode & stat.S_IWOTH:
        return "can be written by everybody; protect it with chmod o-w."
    if folder.st_mode & stat.S_IWOTH and not folder.st_mode & stat.S_ISVTX:
        return "is in a folder that everybody can write to; move it."
    return ""
