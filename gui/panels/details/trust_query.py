"""Preview what a held job would run. Reads the repository, so it is called outside the GUI thread."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.jobfile.spec import JobSpec
from engine.settings import Settings
from engine.trust.policy import LaunchPreview, preview_launch, with_current_tool
from engine.trust.repository_state import RepositoryStates
from engine.trust.trust_store import TrustStore
from state.records import Job


def preview_of_job(
    job: Job, spec: Mapping[str, Any], *, settings: Settings, home: Path
) -> LaunchPreview | None:
    """The launch preview of `job` with the file `spec`; None if no adapter could start it."""
    try:
        valid = with_current_tool(JobSpec.model_validate(dict(spec)), job.tool)
    except ValueError:
        return None
    return preview_launch(
        valid,
        TrustStore(),
        tool_paths=settings.tool_paths,
        defaults=settings.tools,
        isolation=settings.isolation,
        source=job.source_path or "",
        states=RepositoryStates([home]),
    )
