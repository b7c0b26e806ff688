"""Which session the tool of the next attempt goes on in, as its claim decides it and as a person reads it before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.jobfile.known_projects import read_projects
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_names import BUILT_IN
from engine.jobfile.tool_registry import tools as registered
from engine.scheduling.session_choice import SessionChoice, choose_session, words_for
from engine.tool_defaults import ToolDefaults, default_session, known_tools_in, tool_run
from engine.types import ToolRun
from state.new_session import reason_of
from state.records import Attempt, Job

_ANY_WORDS = "."
_PATIENCE_S = 0.1
"""How long a window waits for a disk at most; it shows what was read last."""


def with_session(
    job: Job, spec: JobSpec, run: ToolRun, earlier: Sequence[Attempt], tools: Mapping[str, ToolDefaults]
) -> tuple[ToolRun, SessionChoice]:
    """How the tool of the next attempt runs, with its session and what a person has added; and why this session."""
    if not spec.is_agent:
        return run, SessionChoice()
    choice = choose_session(
        job,
        earlier,
        spec,
        account=run.account,
        default=default_session(spec, tools),
        can_resume=not earlier or spec.tool in BUILT_IN or registered().resumes(spec.tool),
    )
    session_id = None if choice.resumed is None else choice.resumed.session_id
    return replace(run, session_id=session_id, follow_up=words_for(job, earlier, choice)), choice


def session_after_follow_up(
    job: Job, stored: JobSpec, earlier: Sequence[Attempt], tools: Mapping[str, ToolDefaults], *, fresh: bool
) -> str:
    """Which session the words of a person would be heard in, as a sentence."""
    spec = stored.at_rung(job.rung, job.tool)
    sent_back = replace(job, follow_up=_ANY_WORDS, fresh_session=fresh)
    read_projects([spec.repo_root], patience_s=_PATIENCE_S)
    there = known_tools_in(spec.repo_root, tools)
    run = tool_run(spec, there, account=job.account)
    _, choice = with_session(sent_back, spec, run, earlier, there)
    if choice.resumed is not None:
        return f"{job.tool} goes on in the session of attempt {choice.resumed.number}."
    if choice.new is None:
        return f"{job.tool} begins a session, and hears your words with the task."
    reason = reason_of(choice.new, job.tool)
    return f"{job.tool} begins a new session, since {reason}. It hears the task and all your words."
