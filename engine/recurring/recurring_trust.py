"""What a recurring run would start when it is due, and which of it still has to be trusted. Grants nothing."""

from pathlib import Path

from engine.jobfile.job_file_reader import read_source
from engine.recurring.due_file import due_file
from engine.recurring.recurring_run import RecurringRun
from engine.settings import Settings
from engine.trust.policy import LaunchPreview, preview_launch
from engine.trust.repository_state import RepositoryStates
from engine.trust.trust_store import TrustStore


def due_previews(
    home: Path, run: RecurringRun, *, name: str, settings: Settings, now: float
) -> tuple[LaunchPreview, ...]:
    """The launch previews of its jobs, as they would come in at this time; those not `granted` wait for a person.

    Reads the repository, which may take long.

    Raises:
        JobFileError, CommandRefusedError: as `due_file`.
    """
    file = due_file(home, run, name=name, at=now)
    read = read_source(file.text.encode(), file.name, base=home)
    grants, states = TrustStore(), RepositoryStates([home])
    return tuple(
        preview_launch(
            spec,
            grants,
            tool_paths=settings.tool_paths,
            defaults=settings.tools,
            isolation=settings.isolation,
            source=run.file or "",
            states=states,
        )
        for spec in read.jobs
    )
