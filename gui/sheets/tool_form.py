"""The fields of one coding tool in the settings: its path, and how it runs where jobs do not say. Changes nothing."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from engine.jobfile.error_messages import sentence_of
from engine.jobfile.job_sections import Retry
from engine.tool_defaults import Account, ToolDefaults, has_account_folder
from engine.types import LogIn, ToolProbe
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.number_box import NumberBox

_PERMISSIONS = (
    (None, translatable("Default: edit files")),
    ("read", translatable("Only read")),
    ("edit", translatable("Edit files")),
    ("full", translatable("Full: edit files and run any command")),
)
_SESSIONS = (
    (None, translatable("Default: go on in the session")),
    ("resume", translatable("Go on in the session")),
    ("fresh", translatable("Begin a new session")),
)
_ON_QUOTA = (
    (None, translatable("Default: wait for it")),
    ("wait", translatable("Wait for it")),
    ("escalate", translatable("Let the next tool of the ladder take over")),
    ("fail", translatable("Fail")),
)
_AS_THE_JOB_SAYS = -1
_MOST_RETRIES = 100
_ACCOUNT_ROWS = 3
_RETRIES_WIDTH = 132
_TEXT_MARGIN = 8
_KEYS = {"claude": "ANTHROPIC_API_KEY", "gemini": "GEMINI_API_KEY"}


class ToolForm(QWidget):
    """Edits the path and the `ToolDefaults` of one tool; a field left alone keeps exactly what was set.

    Signals:
        edited: a field was changed.
    """

    edited = Signal()

    def __init__(self, tool: str, theme: Theme) -> None:
        super().__init__()
        self._theme, self._tool = theme, tool
        self._given = ToolDefaults()
        self.path = _field(tr("found on PATH"))
        self.found = PlainLabel("", theme=theme, role="caption", color="t3")
        self.found.setWordWrap(True)
        self.model = _field(tr("the tool's own choice"))
        self.permission = _choice(tr("Permission"), theme, _PERMISSIONS)
        self.permission.setToolTip(tr("A job with the permission full waits until you trust it."))
        self.session = _choice(tr("A further attempt"), theme, _SESSIONS)
        self.on_quota = _choice(tr("When an account is out of quota"), theme, _ON_QUOTA)
        self.usage = PlainLabel("", theme=theme, color="t2")
        self.usage.setWordWrap(True)
        self.retries = NumberBox(_AS_THE_JOB_SAYS, _MOST_RETRIES, width=_RETRIES_WIDTH)
        self.retries.setSpecialValueText(tr("as the job says"))
        self.retries.setToolTip(tr("How often a failed job is started again, where its file does not say."))
        self.env = _field("AWS_PROFILE HTTPS_PROXY")
        self.env.setToolTip(
            tr("Names of variables of your environment that this tool gets besides the usual ones.")
        )
        self.accounts = _accounts_field(tool)
        self.problem_label = PlainLabel("", theme=theme, role="small", color="failed")
        self.problem_label.setWordWrap(True)
        self._lay_out()
        self._connect()

    def show_defaults(self, defaults: ToolDefaults, path: str) -> None:
        """Fill the fields."""
        self._given = defaults
        self.usage.setText(tr("reading it…"))
        self.path.setText(path)
        self.found.setText(tr("looking for it…"))
        self.model.setText(defaults.model or "")
        _choose(self.permission, defaults.permission)
        _choose(self.session, defaults.session)
        _choose(self.on_quota, defaults.on_quota)
        self.retries.setValue(_AS_THE_JOB_SAYS if defaults.retry is None else defaults.retry.limit)
        self.env.setText(" ".join(defaults.env))
        self.accounts.setPlainText(accounts_text(defaults.accounts))

    def defaults(self) -> ToolDefaults:
        """The edited defaults.

        Raises:
            ValueError: a field is not valid; the sentence names it.
        """
        data = {name: value for name, value in self._data().items() if value not in (None, {}, [])}
        try:
            return ToolDefaults.model_validate(data)
        except ValidationError as error:
            raise ValueError(f"{self._tool}: {sentence_of(error, data, ToolDefaults)}.") from error

    def problem(self) -> str:
        """Why the fields cannot be saved, as a sentence; empty if they can."""
        try:
            self.defaults()
        except ValueError as error:
            return str(error)
        return ""

    def show_probe(self, probe: ToolProbe) -> None:
        """Show what was found of the tool."""
        text = probe.problem or found_text(probe)
        self.found.setText(text)
        self.found.setToolTip(plain_tip(text))
        named = bool(self.path.text().strip())
        self.found.set_color("failed" if probe.problem and named else "t3")

    def _data(self) -> dict[str, Any]:
        return {**self._given.model_dump(mode="json"), **self._edited()}

    def _edited(self) -> dict[str, Any]:
        limit = self.retries.value()
        known = self._given.retry or Retry()
        return {
            "model": self.model.text().strip() or None,
            "permission": self.permission.currentData(),
            "session": self.session.currentData(),
            "on_quota": self.on_quota.currentData(),
            "retry": None if limit < 0 else {**known.model_dump(mode="json"), "limit": limit},
            "env": self.env.text().replace(",", " ").split(),
            "accounts": accounts_of(self.accounts.toPlainText()),
        }

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        form = QFormLayout()
        column.addLayout(form)
        column.addStretch(1)
        form.setContentsMargins(16, 14, 16, 14)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        where = QWidget()
        stacked = QVBoxLayout(where)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(2)
        stacked.addWidget(self.path)
        stacked.addWidget(self.found)
        self.path.setAccessibleName(tr("Path of {tool}", tool=self._tool))
        rows: tuple[tuple[str, QWidget], ...] = (
            (tr("Path of {tool}", tool=self._tool), where),
            (tr("Model"), self.model),
            (tr("Permission"), self.permission),
            (tr("A further attempt"), self.session),
            (tr("Out of quota"), self.on_quota),
            (tr("Retries"), self.retries),
            (tr("Variables passed on"), self.env),
            (tr("Accounts"), self.accounts),
            (tr("Usage"), self.usage),
        )
        for label, field in rows:
            if field is not where and not field.accessibleName():
                field.setAccessibleName(tr("{label} of {tool}", label=label, tool=self._tool))
            form.addRow(PlainLabel(label, theme=self._theme, color="t2"), field)
        form.addRow(self.problem_label)

    def _connect(self) -> None:
        for field in (self.path, self.model, self.env):
            field.textChanged.connect(self._on_edited)
        for choice in (self.permission, self.session, self.on_quota):
            choice.currentIndexChanged.connect(self._on_edited)
        self.retries.valueChanged.connect(self._on_edited)
        self.accounts.textChanged.connect(self._on_edited)

    def _on_edited(self) -> None:
        self.problem_label.setText(self.problem())
        self.edited.emit()


def found_text(probe: ToolProbe) -> str:
    """Version, log-in and place of a tool that was found, and what is to be known of it."""
    login = tr("logged in") if probe.login is LogIn.LOGGED_IN else ""
    return " · ".join(part for part in (probe.version, login, probe.note, probe.path) if part)


def accounts_text(accounts: Mapping[str, Account]) -> str:
    """Accounts as they are written in the form: a line each, ``NAME: FOLDER VARIABLE=VALUE…``."""
    return "\n".join(f"{name}: {shlex.join(_parts(account))}".rstrip() for name, account in accounts.items())


def accounts_of(text: str) -> dict[str, dict[str, Any]]:
    """Accounts out of the lines of the form, as JSON values.

    Raises:
        ValueError: a line is no account, or names one again.
    """
    found: dict[str, dict[str, Any]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, colon, rest = (part.strip() for part in line.partition(":"))
        if not colon:
            raise ValueError(
                tr(
                    "Accounts: {line!r} has no colon; write NAME: FOLDER, or NAME: VARIABLE=env:NAME.",
                    line=line,
                )
            )
        if name in found:
            raise ValueError(
                tr("Accounts: {name} is there twice; give each account a name of its own.", name=name)
            )
        found[name] = _account(name, rest)
    return found


def _account(name: str, rest: str) -> dict[str, Any]:
    words = _words(name, rest)
    folders = [word for word in words if "=" not in word]
    if not words or len(folders) > 1:
        raise ValueError(
            tr("Accounts: {name} needs one folder, variables such as KEY=env:KEY, or both.", name=name)
        )
    variables = dict(word.split("=", 1) for word in words if "=" in word)
    return {"config_folder": folders[0] if folders else None, "env": variables}


def _words(name: str, rest: str) -> Sequence[str]:
    try:
        return shlex.split(rest)
    except ValueError:
        raise ValueError(
            tr("Accounts: a quotation mark of {name} is not closed; close it.", name=name)
        ) from None


def _parts(account: Account) -> Sequence[str]:
    folder = [account.config_folder] if account.config_folder else []
    return [*folder, *(f"{name}={value}" for name, value in account.env.items())]


def _field(placeholder: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(placeholder)
    field.setAcceptDrops(False)
    return field


def _accounts_field(tool: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    by_folder = tr("work: ~/.{tool}-work\n", tool=tool) if has_account_folder(tool) else ""
    field.setPlaceholderText(
        tr(
            "{by_folder}key: {variable}=env:WORK_KEY",
            by_folder=by_folder,
            variable=_KEYS.get(tool, "OPENAI_API_KEY"),
        )
    )
    field.setToolTip(
        tr("One account a line, in the order in which they are used: a name, then its folder or variables.")
    )
    field.setTabChangesFocus(True)
    field.document().setDocumentMargin(_TEXT_MARGIN)
    field.setFixedHeight(field.fontMetrics().lineSpacing() * _ACCOUNT_ROWS + 2 * _TEXT_MARGIN + 4)
    return field


def _choice(name: str, theme: Theme, entries: Sequence[tuple[str | None, str]]) -> ChoiceBox:
    box = ChoiceBox(name, theme)
    for value, words in entries:
        box.addItem(tr(words), value)
    return box


def _choose(box: ChoiceBox, value: str | None) -> None:
    box.setCurrentIndex(max(box.findData(None if value is None else str(value)), 0))
