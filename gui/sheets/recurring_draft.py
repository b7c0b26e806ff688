"""What the form of a recurring run makes: the fields of its file, and its problems by field. Without widgets."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from engine.errors import JobFileError
from engine.jobfile.template import JobTemplate, parameter_at, values_of
from engine.recurring.due_file import due_file
from engine.recurring.recurrence import recurrence_of, zone_of
from engine.recurring.recurring_folder import checked_run, rename_recurring_run, save_recurring_run
from engine.recurring.recurring_run import RecurringRun
from engine.recurring.recurring_words import words_to_add
from engine.system.formatting import date_minute
from engine.system.plain_text import escape_invisible
from gui.sheets.template_draft import parameter_field, sentence_of
from gui.translation import tr, translatable
from state.database_errors import SignalboxError

_SHOWN_TIMES = 3
IF_MISSED: Mapping[str, str] = {
    "once": translatable("run once as soon as an engine runs"),
    "skip": translatable("leave it out"),
}
IF_RUNNING: Mapping[str, str] = {
    "skip": translatable("leave it out"),
    "queue": translatable("wait until that one is over"),
}


@dataclass(frozen=True, kw_only=True)
class RecurringDraft:
    """The form as filled in. `template_name` stands for a template that there is no more."""

    name: str = ""
    template: JobTemplate | None = None
    template_name: str = ""
    file: str = ""
    where: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    every: str = ""
    timezone: str = ""
    if_missed: str = "once"
    if_running: str = "skip"
    enabled: bool = True

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields of the file; a value that is the default of its parameter follows the template."""
        found: dict[str, Any] = {
            "every": self.every,
            "repo": self.where or None,
            "timezone": self.timezone or None,
            "if_missed": self.if_missed,
            "if_running": self.if_running,
            "enabled": self.enabled,
        }
        if self.template is None and not self.template_name:
            return {**found, "file": self.file or None}
        return {**found, "template": self.template_name, "values": self._own_values()}

    def _own_values(self) -> Mapping[str, str]:
        if self.template is None:
            return self.given
        parameters = self.template.parameters
        return {
            name: text
            for name, text in self.given.items()
            if text.strip() and text != parameters[name].default_text
        }


def problems_of(home: Path, draft: RecurringDraft, *, taken: Collection[str]) -> Mapping[str, str]:
    """What is wrong with a draft, by field; `taken` are the names that it may not have. None if it could run now."""
    problems: dict[str, str] = {}
    run = _checked(draft, problems)
    if draft.name in taken:
        problems["name"] = tr("There is a recurring run of this name already.")
    if draft.template is not None:
        _, wrong = values_of(draft.template, draft.given)
        problems |= {parameter_field(name): sentence_of(reason) for name, reason in wrong.items()}
    if run is not None and run.base is not None and not run.base.is_dir():
        problems["repo"] = tr("There is no such folder.")
    if run is not None and not problems:
        _try_out(home, draft, run, problems=problems)
    return problems


def save_draft(home: Path, draft: RecurringDraft, *, edited: str | None, before: RecurringRun | None) -> None:
    """Add what the form says, or change `edited`, which was as `before`: renamed last, if it gets another name.

    Raises:
        RecurringRunChangedError: somebody has changed it since, and nothing was written.
        SignalboxError: it cannot be written; the message says why.
    """
    now = time.time()
    if edited is None or not _is_as(draft, before):
        save_recurring_run(
            home, edited or draft.name, fields=draft.fields, now=now, replace=edited is not None, seen=before
        )
    if edited is not None and edited != draft.name:
        rename_recurring_run(home, edited, draft.name, now=now)


def words_of(draft: RecurringDraft, *, edited: str | None, before: RecurringRun | None) -> Sequence[str]:
    """The words after ``signalbox`` that do the same; none where no command changes what the form did."""
    if edited is None:
        return words_to_add(draft.name, draft.fields)
    return ("schedules", "rename", edited, draft.name) if _is_as(draft, before) else ()


def _is_as(draft: RecurringDraft, before: RecurringRun | None) -> bool:
    """Whether nothing but the name was changed."""
    try:
        return before is not None and checked_run(draft.name, draft.fields).to_json() == before.to_json()
    except JobFileError:
        return False


@dataclass(frozen=True)
class TimesSentence:
    """The next due times, or why there are none."""

    text: str = ""
    is_problem: bool = False


def times_sentence(every: str, timezone: str) -> TimesSentence:
    """The next due times on the clock of the zone, or why there are none."""
    now = time.time()
    try:
        zone = zone_of(timezone or None)
        due = list(islice(recurrence_of(every, timezone or None, at=now).due_after(now), _SHOWN_TIMES))
    except ValueError as error:
        return TimesSentence(escape_invisible(sentence_of(str(error))), is_problem=True)
    if zone is None:
        return TimesSentence(tr("Due at {times} and so on.", times=", ".join(map(date_minute, due))))
    times = ", ".join(f"{datetime.fromtimestamp(at, zone):%m-%d %H:%M}" for at in due)
    sentence = tr(
        "Due at {times} in {zone} and so on; the first is {here} here.",
        times=times,
        zone=timezone,
        here=date_minute(due[0]),
    )
    return TimesSentence(sentence)


def _checked(draft: RecurringDraft, problems: dict[str, str]) -> RecurringRun | None:
    try:
        return checked_run(draft.name, draft.fields)
    except JobFileError as error:
        for one in error.every:
            problems.setdefault(_field_of(draft, one.field), sentence_of(one.reason))
        return None


def _try_out(home: Path, draft: RecurringDraft, run: RecurringRun, *, problems: dict[str, str]) -> None:
    """Make the file of a due time, as an engine would."""
    what = "file" if run.template is None else "template"
    try:
        due_file(home, run, name=draft.name, at=time.time())
    except JobFileError as error:
        for one in error.every:
            name = "" if draft.template is None else parameter_at(draft.template, one.field)
            if name:
                problems.setdefault(parameter_field(name), sentence_of(one.reason))
            else:
                problems.setdefault(what, sentence_of(one.in_file))
    except (SignalboxError, OSError) as error:
        problems[what] = str(error)


def _field_of(draft: RecurringDraft, name: str | None) -> str:
    """The field of the form that shows an error of a field of the file."""
    first, _, parameter = (name or "name").partition(".")
    if first == "values":
        return parameter_field(parameter)
    is_missing = first == "template" and not draft.template_name
    return "file" if is_missing else first
