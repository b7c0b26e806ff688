"""Looks at what a held job would start; that reads the repository, so it is called beside the GUI thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.jobfile.spec import JobSpec
from engine.trust.policy import LaunchPreview, preview_launch, with_current_tool
from engine.trust.trust_store import TrustStore
from state.records import Job


@dataclass(frozen=True, kw_only=True)
class LookAsked:
    """The job to look at: its row, what its file said, and the tool paths of the settings."""

    job: Job
    spec: Mapping[str, Any]
    tool_paths: Mapping[str, str]


def look_of(asked: LookAsked) -> LaunchPreview | None:
    """What there is to see; None for a job no adapter could be given either: its card says what is wrong."""
    try:
        spec = with_current_tool(JobSpec.model_validate(dict(asked.spec)), asked.job.tool)
    except ValueError:
        return None
    return preview_launch(spec, TrustStore(), tool_paths=asked.tool_paths, source=asked.job.source_path or "")
