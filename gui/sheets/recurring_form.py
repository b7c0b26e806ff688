"""The form of one recurring run: what it runs with which values, and when. Writes nothing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import available_timezones

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.jobfile.template import JobTemplate
from engine.jobfile.template_folders import FoundTemplates, find_templates
from engine.recurring.recurring_rows import RecurringRow
from engine.system.home import at_home
from engine.system.plain_text import escape_invisible
from gui.control.background_tasks import BackgroundTasks
from gui.data.tool_presence import ToolPresence
from gui.sheets.path_dialogs import choose_file, choose_folder
from gui.sheets.recurring_draft import IF_MISSED, IF_RUNNING, RecurringDraft, TimesSentence, times_sentence
from gui.sheets.template_choice import TemplateChoice
from gui.sheets.template_draft import parameter_field
from gui.sheets.template_fields import TemplateFields
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel

_NAME_WIDTH = 92
_REST_MS = 600
"""What is half typed is not wrong yet."""
_FILE, _GONE = "file", "gone"


class RecurringForm(QWidget):
    """A field for each part of a recurring run, with its problem below, and the next due times.

    Signals:
        edited: a person has changed something.
        resized: it needs another height.
    """

    edited = Signal()
    resized = Signal()

    def __init__(self, theme: Theme, home: Path) -> None:
        super().__init__()
        self._theme, self._home = theme, home
        self._background, self._times = BackgroundTasks(self), BackgroundTasks(self)
        self._is_filling = False
        self._preset: RecurringRow | None = None
        self._default_where = ""
        self.is_touched = False
        self.problems: dict[str, PlainLabel] = {}
        self.template_fields: TemplateFields | None = None
        self._presence = ToolPresence()
        self._make_fields()
        self._grid = QGridLayout(self)
        self._names: list[PlainLabel] = []
        self._lay_out()
        self._connect()

    def stop_reading(self) -> None:
        """Return once no thread reads."""
        self._background.stop()
        self._times.stop()

    def begin(self, row: RecurringRow | None, *, where: str = "") -> None:
        """Show this recurring run, or an empty form for another one that works in a folder."""
        self._preset, self._default_where = row, where
        run = None if row is None else row.run
        self._is_filling = True
        self.name.setText("" if row is None else row.name)
        self.name.setToolTip(tr("What was due under its name before stays done or missed.") if row else "")
        self.where.setText(where if run is None else run.repo or "")
        self.file.setText("" if run is None else run.file or "")
        self.every.setText("" if run is None else run.every)
        self.timezone.setText("" if run is None else run.timezone or "")
        self.if_missed.setCurrentIndex(0 if run is None else self.if_missed.findData(run.if_missed))
        self.if_running.setCurrentIndex(0 if run is None else self.if_running.findData(run.if_running))
        self._drop_template_fields()
        self.template.clear()
        self._is_filling = self.is_touched = False
        self.show_problems({})
        self._find()
        self._show_times()

    def show_tools(self, presence: ToolPresence) -> None:
        """Mark the tools that are not installed; a new recurring run begins with one that is."""
        self._presence = presence
        if self.template_fields is not None:
            self.template_fields.show_tools(presence, is_new=self._preset is None)
            self.resized.emit()

    @property
    def is_ready(self) -> bool:
        """Whether the templates are read."""
        return self.template.count() > 0

    def draft(self) -> RecurringDraft:
        """The form as filled in."""
        template, run = self.template.chosen(), None if self._preset is None else self._preset.run
        name = str(self.template.currentText()) if self.template.currentData() == _GONE else ""
        given: Mapping[str, str] = {}
        if self.template_fields is not None:
            given = self.template_fields.values()
        elif name and run is not None:
            given = run.given
        return RecurringDraft(
            name=self.name.text().strip(),
            template=template,
            template_name=name if template is None else template.name,
            file=self.file.text().strip(),
            where=self.where.text().strip(),
            given=given,
            every=self.every.text().strip(),
            timezone=self.timezone.text().strip(),
            if_missed=str(self.if_missed.currentData()),
            if_running=str(self.if_running.currentData()),
            enabled=True if run is None else run.enabled,
        )

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show what is wrong with which field, and focus the first of them."""
        for field, label in self.problems.items():
            text = escape_invisible(problems.get(field, ""))
            label.setText(text)
            label.setVisible(bool(text))
        if problems.get("every") or problems.get("timezone"):
            self.times.hide()
        if self.template_fields is not None:
            for name in self.template_fields.fields:
                self.template_fields.show_problem(name, problems.get(parameter_field(name), ""))
        wrong = next((widget for field, widget in self._by_field().items() if problems.get(field)), None)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
        self.resized.emit()

    def measure(self) -> None:
        """Take up what was shown or hidden in this turn; layouts would do so in the next one."""
        for layout in (
            *([] if self.template_fields is None else [self.template_fields.layout()]),
            self._grid,
        ):
            if layout is not None:
                layout.invalidate()
                layout.activate()

    def first_focus(self) -> QWidget:
        """What a person most likely begins with: the name of a new one, else what it runs."""
        return self.name if self._preset is None else self.template

    def _by_field(self) -> Mapping[str, QWidget]:
        """The widgets of the fields, from top to bottom."""
        found: dict[str, QWidget] = {"name": self.name, "template": self.template, "file": self.file}
        found["repo"] = self.where
        for name, widget in (self.template_fields.fields if self.template_fields else {}).items():
            found[parameter_field(name)] = widget
        found |= {"every": self.every, "timezone": self.timezone}
        return found | {"if_missed": self.if_missed, "if_running": self.if_running}

    def _make_fields(self) -> None:
        self.name = self._line(tr("Name"), tr("such as nightly"))
        self.template = TemplateChoice(self._theme)
        self.description = PlainLabel("", theme=self._theme, role="caption", color="t3")
        self.description.setWordWrap(True)
        self.file = self._line(tr("File"), tr("the whole path of a job or pipeline file"))
        self.file_button = self._choose(self.file)
        self.where = self._line(tr("Where"), "")
        self.where_button = self._choose(self.where)
        self.every = self._line(tr("When"), tr('"every night 22:00", "every monday 08:00" or "0 22 * * 1-5"'))
        self.times = PlainLabel("", theme=self._theme, role="caption", color="t3")
        self.times.setWordWrap(True)
        self._shown_times, self._typing = TimesSentence(), QTimer(self)
        self._typing.setSingleShot(True)
        self.timezone = self._line(tr("Time zone"), tr("that of this computer, or one such as Europe/Berlin"))
        self._zones = QStringListModel(self)
        completer = QCompleter(self._zones, self.timezone)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.timezone.setCompleter(completer)
        self.if_missed = self._choice(tr("If missed"), IF_MISSED)
        self.if_missed.setToolTip(tr("What becomes of times that pass while no engine runs"))
        self.if_running = self._choice(tr("If running"), IF_RUNNING)
        self.if_running.setToolTip(tr("What becomes of a time at which the run before is not over"))

    def _line(self, name: str, hint: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setPlaceholderText(hint)
        return line

    def _choice(self, name: str, words: Mapping[str, str]) -> ChoiceBox:
        choice = ChoiceBox(name, self._theme)
        for value, word in words.items():
            choice.addItem(tr(word), value)
        return choice

    def _choose(self, line: QLineEdit) -> QPushButton:
        button = push_button(tr("Choose…"), small=True)
        button.setAccessibleName(tr("Choose {accessibleName}", accessibleName=line.accessibleName()))
        return button

    def _lay_out(self) -> None:
        grid = self._grid
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, _NAME_WIDTH)
        self._add(self.name, field="name")
        self._add(self.template, field="template", title=tr("What runs"), note=self.description)
        self._file_label = self._add(self.file, field="file", button=self.file_button)
        self._add(self.where, field="repo", button=self.where_button)
        self._parameters = QVBoxLayout()
        grid.addLayout(self._parameters, grid.rowCount(), 0, 1, 2)
        self._add(self.every, field="every", note=self.times)
        self._add(self.timezone, field="timezone")
        self._add(self.if_missed, field="if_missed")
        self._add(self.if_running, field="if_running")
        grid.setRowStretch(grid.rowCount(), 1)

    def _add(
        self,
        widget: QWidget,
        *,
        field: str = "",
        title: str = "",
        button: QPushButton | None = None,
        note: PlainLabel | None = None,
    ) -> PlainLabel:
        """Add a field with its label, and below it a note and its problem."""
        row = self._grid.rowCount()
        label = PlainLabel(title or widget.accessibleName(), theme=self._theme, role="small", color="t2")
        label.setBuddy(widget)
        self._names.append(label)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(widget, 0 if isinstance(widget, ChoiceBox) else 1)
        if isinstance(widget, ChoiceBox):
            line.addStretch(1)
        if button is not None:
            line.addWidget(button)
        self._grid.addWidget(label, row, 0)
        self._grid.addLayout(line, row, 1)
        if note is not None:
            self._grid.addWidget(note, row + 1, 1)
        if field:
            problem = self.problems[field] = PlainLabel("", theme=self._theme, role="caption", color="failed")
            problem.setWordWrap(True)
            problem.hide()
            self._grid.addWidget(problem, row + 2, 1)
        return label

    def _connect(self) -> None:
        for line in (self.name, self.file, self.where, self.every, self.timezone):
            line.textChanged.connect(self._on_edited)
        for choice in (self.if_missed, self.if_running):
            choice.currentIndexChanged.connect(self._on_edited)
        for line in (self.every, self.timezone):
            line.textChanged.connect(self._show_times)
            line.textEdited.connect(self._on_typed)
            line.editingFinished.connect(self._on_rested)
        self._typing.timeout.connect(self._on_rested)
        self.where.textChanged.connect(self._on_where_changed)
        self.template.currentIndexChanged.connect(self._on_template_changed)
        self.file_button.clicked.connect(self._on_file_clicked)
        self.where_button.clicked.connect(self._on_where_clicked)

    def _find(self) -> None:
        """Look for the templates of the home and of the repository that is named."""
        home, text, knows = self._home, self.where.text().strip(), bool(self._zones.stringList())
        folder = at_home(text) if text else None
        usable = folder if folder is not None and folder.is_absolute() else None

        def read() -> tuple[FoundTemplates, list[str]]:
            return find_templates(home, usable), [] if knows else sorted(available_timezones())

        self._background.run_latest(read, self._on_found)

    def _on_found(self, found: tuple[FoundTemplates, list[str]]) -> None:
        """List what was found; what was chosen stays, with what was typed, unless the template has changed."""
        templates, zones = found
        if zones:
            self._zones.setStringList(zones)
        is_first, before, was_file = (
            not self.is_ready,
            self.template.chosen(),
            self.template.currentData() == _FILE,
        )
        run = None if self._preset is None else self._preset.run
        chosen = (run.template or "") if is_first and run is not None else before.name if before else ""
        self._is_filling = True
        self.template.list_templates(templates.templates, chosen=chosen)
        self.template.addItem(tr("a job or pipeline file"), _FILE)
        if chosen and chosen not in {one.name for one in templates.templates}:
            self.template.addItem(chosen, _GONE)
            self.template.setCurrentIndex(self.template.count() - 1)
        elif was_file or (is_first and run is not None and run.file is not None):
            self.template.setCurrentIndex(self.template.findData(_FILE))
        if self.template.chosen() != before or is_first:
            self._rebuild({} if run is None or not is_first else run.given)
        self._is_filling = False
        self.resized.emit()

    def _drop_template_fields(self) -> None:
        if self.template_fields is not None:
            self._parameters.removeWidget(self.template_fields)
            self.template_fields.hide()
            self.template_fields.deleteLater()
            self.template_fields = None

    def _rebuild(self, given: Mapping[str, str]) -> None:
        """Make the fields of the chosen template anew."""
        self._drop_template_fields()
        template = self.template.chosen()
        text = "" if template is None else escape_invisible(template.head.description or "")
        self.description.setText(text)
        self.description.setVisible(bool(text))
        is_file = self.template.currentData() == _FILE
        hint = tr("the folder of the file") if is_file else tr("the repository or folder the job works in")
        self.where.setPlaceholderText(hint)
        for widget in (self._file_label, self.file, self.file_button):
            widget.setVisible(is_file)
        if template is not None and template.parameters:
            self._add_template_fields(template, given)

    def _fit_where(self) -> None:
        """A template needs a repository; a file works in its own folder unless a person names another."""
        is_file, where = self.template.currentData() == _FILE, self.where.text().strip()
        if where in {"", self._default_where}:
            self._is_filling = True
            self.where.setText("" if is_file else self._default_where)
            self._is_filling = False

    def _add_template_fields(self, template: JobTemplate, given: Mapping[str, str]) -> None:
        fields = self.template_fields = TemplateFields(template, self._theme)
        fields.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]  # it has one
        fields.set_values(given)
        fields.show_tools(self._presence, is_new=self._preset is None)
        fields.edited.connect(self._on_edited)
        fields.folder_requested.connect(self._on_folder_requested)
        fields.file_requested.connect(self._on_file_requested)
        self._parameters.addWidget(fields)
        self._align_names(fields)
        fields.show()  # else the layout leaves no room for it before the next turn

    def _align_names(self, fields: TemplateFields) -> None:
        """All fields begin below each other, whatever the longest name is in the language of the window."""
        width = max(_NAME_WIDTH, fields.names_width, *(name.sizeHint().width() for name in self._names))
        fields.align_names(width)
        self._grid.setColumnMinimumWidth(0, width)

    @Slot()
    def _show_times(self) -> None:
        every, timezone = self.every.text().strip(), self.timezone.text().strip()
        if every:
            self._times.run_latest(lambda: times_sentence(every, timezone), self._on_times)
        else:
            self._times.forget()
            self._on_times(TimesSentence())

    def _on_times(self, found: TimesSentence) -> None:
        has_problem = any(not self.problems[field].isHidden() for field in ("every", "timezone"))
        self._shown_times = found
        self._color_times()
        self.times.setText(found.text)
        self.times.setVisible(bool(found.text) and not has_problem)  # a problem says the same
        self.resized.emit()

    def _color_times(self) -> None:
        is_wrong = self._shown_times.is_problem and not self._typing.isActive()
        self.times.set_color("failed" if is_wrong else "t3")

    @Slot()
    def _on_typed(self) -> None:
        self._typing.start(_REST_MS)
        self._color_times()

    @Slot()
    def _on_rested(self) -> None:
        self._typing.stop()
        self._color_times()

    @Slot()
    def _on_edited(self) -> None:
        """A problem that was shown is that of a form that is no more."""
        if not self._is_filling:
            self.is_touched = True
            for label in self.problems.values():
                label.hide()
            self.edited.emit()

    @Slot()
    def _on_where_changed(self) -> None:
        if not self._is_filling:
            self._find()

    @Slot()
    def _on_template_changed(self) -> None:
        if not self._is_filling:
            self._rebuild({})
            self._fit_where()
            self._on_edited()
            self.resized.emit()

    @Slot()
    def _on_file_clicked(self) -> None:
        filters = tr("Job and pipeline files (*.json *.yaml *.yml);;All files (*)")
        start = self.file.text() or self.where.text()
        choose_file(self, tr("What recurs"), start=start, filters=filters, selected=self.file.setText)

    @Slot()
    def _on_where_clicked(self) -> None:
        self._choose_folder(self.where.setText, self.where.text())

    @Slot(str)
    def _on_folder_requested(self, name: str) -> None:
        field = self._line_of(name)
        if field is not None:
            self._choose_folder(field.setText, field.text() or self.where.text())

    @Slot(str)
    def _on_file_requested(self, name: str) -> None:
        field = self._line_of(name)
        if field is not None:
            start = field.text() or self.where.text()
            choose_file(self, field.accessibleName(), start=start, selected=field.setText)

    def _line_of(self, name: str) -> QLineEdit | None:
        field = None if self.template_fields is None else self.template_fields.fields[name]
        return field if isinstance(field, QLineEdit) else None

    def _choose_folder(self, selected: Callable[[str], None], start: str) -> None:
        choose_folder(self, tr("Where the job works"), start=start, selected=selected)
