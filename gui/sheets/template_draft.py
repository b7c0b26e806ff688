"""What the form of a template makes: the file, and its problems by field. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import JobFileError
from engine.jobfile.template import JobTemplate, MadeFile, make_file, parameter_at, unfinished_text, values_of
from engine.system.home import at_home
from gui.translation import tr

WHERE, FORM = "where", "form"
"""The fields that every template has; a parameter has the field `:NAME`."""


@dataclass(frozen=True, kw_only=True)
class TemplateDraft:
    """The form as filled in: the values of the parameters as a person writes them."""

    template: JobTemplate
    suffix: str
    where: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TemplateCheck:
    """The file of a draft, None as long as there are problems; these are sentences by field."""

    made: MadeFile | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    preview: str = ""
    """The text of the file, so far as it can be made."""


def parameter_field(name: str) -> str:
    """The field of a parameter."""
    return f":{name}"


def check_draft(draft: TemplateDraft) -> TemplateCheck:
    """Make the file of a draft, or say what is wrong with which field."""
    values, wrong = values_of(draft.template, draft.given)
    problems = {parameter_field(name): sentence_of(reason) for name, reason in wrong.items()}
    if reason := _wrong_folder(draft.where):
        problems[WHERE] = reason
    base = at_home(draft.where.strip())
    preview = unfinished_text(draft.template, values, base=base, suffix=draft.suffix)
    if problems:
        return TemplateCheck(problems=problems, preview=preview)
    try:
        made = make_file(draft.template, values, base=base, suffix=draft.suffix)
    except JobFileError as error:
        return TemplateCheck(problems=_by_field(draft.template, error), preview=preview)
    return TemplateCheck(made=made, preview=made.text)


def _by_field(template: JobTemplate, error: JobFileError) -> dict[str, str]:
    problems: dict[str, str] = {}
    for one in error.every:
        name = parameter_at(template, one.field)
        if name:
            problems.setdefault(parameter_field(name), sentence_of(one.reason))
        else:
            problems.setdefault(FORM, f"{template.path.name}: {one.in_file}.")
    return problems


def _wrong_folder(text: str) -> str:
    if not text.strip():
        return tr("Choose the folder the job works in.")
    return (
        "" if Path(at_home(text.strip())).is_absolute() else tr("Enter the whole path, starting with / or ~.")
    )


def sentence_of(reason: str) -> str:
    """The end of a sentence as one of its own."""
    return f"{reason[:1].upper()}{reason[1:]}."
