"""Makes the job or pipeline file of a recurring run for one due time. The same due time gives the same bytes."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.errors import CommandRefusedError, JobFileError
from engine.jobfile.job_file_reader import read_document
from engine.jobfile.parsing import parse
from engine.jobfile.safe_read import read_bytes
from engine.jobfile.template import file_text, make_file, missing_sentence, placed, values_of
from engine.jobfile.template_folders import find_templates
from engine.recurring.recurrence import zone_of
from engine.recurring.recurring_run import RecurringRun
from engine.system.home import at_home

_TOKEN = 5
"""More would make an id longer than ids may be, where the name is as long as it may be."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not those of the locale, which a window sets and `signalbox engine` does not: both write the same bytes."""
_TITLE_LENGTH = 450
"""A title that is as long as it may be leaves room for the time."""


@dataclass(frozen=True, kw_only=True)
class DueFile:
    """A file for the inbox, whose run has the id `run_id`."""

    run_id: str
    text: str

    @property
    def name(self) -> str:
        """Its name in the inbox."""
        return inbox_name(self.run_id)


def inbox_name(run_id: str) -> str:
    """The name in the inbox of the file for a run."""
    return f"{run_id}.json"


def due_id(name: str, due: float) -> str:
    """The id of the run of a due time, by which it is queued at most once; UTC, so that no hour comes twice."""
    return f"{name}-{_minute(due)}Z"


def by_hand_id(name: str, now: float) -> str:
    """The id of a run that a person has queued; no two are the same, however fast one follows the other."""
    return f"{name}-{_minute(now)}-now-{secrets.token_hex(3)[:_TOKEN]}"


def _minute(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y%m%d-%H%M}"


def due_title(run: RecurringRun, title: str, at: float) -> str:
    """What people call the run of a time, on the clock of the zone of the recurring run: ``nightly, 30 Nov 22:00``."""
    when = datetime.fromtimestamp(at, zone_of(run.timezone))
    return f"{title[:_TITLE_LENGTH]}, {when.day} {_MONTHS[when.month - 1]} {when:%H:%M}"


def due_file(home: Path, run: RecurringRun, *, name: str, at: float, run_id: str = "") -> DueFile:
    """The file of a recurring run for the time it is due, or is queued by hand; then `run_id` is the id of its run.

    The run says which recurring run it is of, and whether a person has queued it.

    A single job has the id of its run. The title is that of the template or the file, else the name, with the time.

    Raises:
        JobFileError: the template or the file is not valid, or does not fit the values.
        CommandRefusedError: there is no such template or folder, or a value is missing.
    """
    mark = {"name": name, "by_hand": bool(run_id)}
    run_id = run_id or due_id(name, at)
    data = _from_template(home, run, run_id) if run.template is not None else _from_file(run, run_id)
    if "workstreams" in data:
        own: dict[str, object] = {
            "run_id": run_id,
            "recurring": mark,
            "title": due_title(run, str(data["title"]), at),
        }
    else:
        metadata = data.get("metadata")
        given = dict(metadata) if isinstance(metadata, Mapping) else {}
        given["title"] = due_title(run, given.get("title") or name, at)
        own = {"run_id": run_id, "recurring": mark, "job_id": run_id, "metadata": given}
    return DueFile(run_id=run_id, text=file_text({**data, **own}))


def _from_template(home: Path, run: RecurringRun, run_id: str) -> dict[str, object]:
    base = run.base
    if base is None or not base.is_dir():
        raise CommandRefusedError(f"{run.repo} is no folder; name the repository in repo.")
    template = find_templates(home, base).named(run.template or "")
    values, problems = values_of(template, run.given)
    if problems:
        raise CommandRefusedError(missing_sentence(template, problems))
    try:
        return dict(make_file(template, values, base=base, suffix=run_id[-8:]).data)
    except JobFileError as error:
        raise JobFileError(
            error.reason, file=template.path, line=error.line, field=error.field, others=error.others
        ) from error


def _from_file(run: RecurringRun, run_id: str) -> dict[str, object]:
    path = at_home(run.file or "")
    base = path.parent if run.base is None else run.base
    document = parse(read_bytes(path), path.name)
    read_document(document, base=base)
    return placed(document.data, base=base, new_id=run_id)
