"""The form for a job or pipeline of a template: which template, its parameters, and the file they make."""

import secrets
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from engine.jobfile.template import JobTemplate
from engine.jobfile.template_folders import FoundTemplates, find_templates
from engine.system.home import Home, at_home
from engine.system.plain_text import escape_invisible
from gui.control.background_tasks import BackgroundTasks
from gui.data.projection import Projection
from gui.data.tool_presence import ToolPresence
from gui.sheets.job_file_sheet import JobFileSheet, form_column, form_grid
from gui.sheets.path_dialogs import choose_file
from gui.sheets.template_choice import TemplateChoice
from gui.sheets.template_draft import (
    FORM,
    WHERE,
    TemplateCheck,
    TemplateDraft,
    check_draft,
    parameter_field,
)
from gui.sheets.template_fields import TemplateFields
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.page_scroll import PageScroll

_FIELDS_HEIGHT = 420
_NAME_WIDTH = 92


class NewFromTemplateSheet(JobFileSheet):
    """Lists the templates there are, and has a form for the one that is chosen."""

    def __init__(self, projection: Projection, theme: Theme, *, home: Home, parent: QWidget) -> None:
        super().__init__(theme, projection=projection, home=home, parent=parent)
        self.setObjectName("newFromTemplateForm")
        self.heading.setText(tr("New from template"))
        self.sentence.setText(tr("It becomes an ordinary job file. Nothing starts before you add it."))
        self._background = BackgroundTasks(self)
        self._found = FoundTemplates()
        self._suffix, self._preset = "", ""
        self._shown_problems: set[str] = set()
        self.fields: TemplateFields | None = None
        self._presence = ToolPresence()
        self.template = TemplateChoice(theme)
        self.description = self._caption()
        self.refused = PlainLabel("", theme=theme, role="caption", color="timeout")
        self.refused.setWordWrap(True)
        self.problem_labels = {WHERE: self.problem_label(), FORM: self.problem_label()}
        self._build_body()
        self.template.currentIndexChanged.connect(self._on_template_changed)
        self.where.textChanged.connect(self._on_where_changed)
        self._suffix = secrets.token_hex(4)

    def stop_reading(self) -> None:
        """Return once no thread reads templates."""
        self._background.stop()

    def open(self) -> None:
        """Open the form and look for templates; text typed earlier and not yet added is still there."""
        if self.is_untouched():
            self.begin()
        self._find()
        super().open()

    def open_at(self, name: str, folder: str) -> None:
        """Open with this template, to work in this folder; what was typed earlier stays."""
        if self.is_untouched():
            self.begin()
            self._preset = name
            self.where.setText(folder or self.where.text())
            self._shown_problems.discard(WHERE)
        self._find()
        super().open()

    def first_focus(self) -> QWidget:
        """The first field that a person has to fill in, else the choice of the template."""
        template = self.chosen()
        if template is None or self.fields is None:
            return self.template
        needed = next((name for name, one in template.parameters.items() if one.is_required), None)
        return self.template if needed is None else self.fields.fields[needed]

    def show_tools(self, presence: ToolPresence) -> None:
        """Mark the tools that are not installed, and begin with one that is where nobody has chosen."""
        self._presence = presence
        if self.fields is not None:
            self.fields.show_tools(presence)
            self._show()

    def chosen(self) -> JobTemplate | None:
        """The template that is chosen; None while they are being read."""
        return self.template.chosen()

    def is_untouched(self) -> bool:
        """Whether every field has its default."""
        return self.fields is None or self.fields.is_untouched()

    def begin(self) -> None:
        """Set every field to its default, for the repository that was worked on last."""
        self.hide_banner()
        self._suffix = secrets.token_hex(4)
        self._shown_problems = set()
        self.where.setText(self.newest_folder())
        self._rebuild()

    def is_valid(self) -> bool:
        """Whether the file can be made; focuses the first field that has a problem."""
        self._shown_problems = {WHERE, FORM, *map(parameter_field, self.fields.fields if self.fields else ())}
        found = self._show()
        if WHERE in found.problems:
            self.where.setFocus()
        elif self.fields is not None:
            wrong = (name for name in self.fields.fields if parameter_field(name) in found.problems)
            if (first := next(wrong, None)) is not None:
                self.fields.fields[first].setFocus()
                self._scroll.ensureWidgetVisible(self.fields.fields[first])
        return found.made is not None

    def file_name(self) -> str:
        """The id of the job or the run, with the suffix of a job file."""
        made = self._check().made
        return "job.json" if made is None else made.name

    def file_text(self) -> str:
        """The file as it would be written."""
        return self._check().preview

    def draft(self) -> TemplateDraft | None:
        """The form as filled in; None while there is no template."""
        template = self.chosen()
        if template is None or self.fields is None:
            return None
        return TemplateDraft(
            template=template, suffix=self._suffix, where=self.where.text(), given=self.fields.values()
        )

    def _check(self) -> TemplateCheck:
        draft = self.draft()
        return TemplateCheck() if draft is None else check_draft(draft)

    def _build_body(self) -> None:
        grid = form_grid(_NAME_WIDTH)
        for row, (word, widget) in enumerate(((tr("Template"), self.template), (tr("Where"), self.where))):
            label = PlainLabel(word, theme=self.theme, role="small", color="t2")
            label.setBuddy(widget)
            grid.addWidget(label, 2 * row, 0)
        grid.addWidget(self.template, 0, 1)
        grid.addWidget(self.description, 1, 1)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.where, 1)
        where.addWidget(self.browse_button)
        grid.addLayout(where, 2, 1)
        grid.addWidget(self.problem_labels[WHERE], 3, 1)
        self._page = QWidget()
        self._page_column = QVBoxLayout(self._page)
        self._page_column.setContentsMargins(0, 0, 0, 0)
        self._scroll = PageScroll(self._page, name=tr("Values of the template"), max_height=_FIELDS_HEIGHT)
        self.put_beside_preview(form_column(grid, self._scroll, self.problem_labels[FORM], self.refused))
        self.refused.hide()

    def _caption(self) -> PlainLabel:
        label = PlainLabel("", theme=self.theme, role="caption", color="t3")
        label.setWordWrap(True)
        return label

    def _find(self) -> None:
        """Look for the templates of the home and of the repository that is named."""
        home, text = self._home.root, self.where.text().strip()
        folder = at_home(text) if text else None
        usable = folder if folder is not None and folder.is_absolute() else None
        self._background.run_latest(lambda: find_templates(home, usable), self._on_found)

    def _on_found(self, found: FoundTemplates) -> None:
        """List what was found; the chosen template stays, with what was typed, unless its file has changed."""
        before, self._found = self.chosen(), found
        chosen, self._preset = self._preset or (before.name if before is not None else ""), ""
        self.template.list_templates(found.templates, chosen=chosen)
        self._show_refused()
        if self.chosen() != before or self.fields is None:
            self._rebuild()
            if self.is_open:
                self.first_focus().setFocus()
        self._show()

    def _show_refused(self) -> None:
        files = [
            escape_invisible(f"{Path(str(error.file)).name}: {error.in_file}")
            for error in self._found.refused
        ]
        more = tr(" (and {number} more)", number=len(files) - 1) if len(files) > 1 else ""
        self.refused.setText(tr("Not listed: {files}{more}.", files=files[0], more=more) if files else "")
        self.refused.setToolTip(plain_tip("\n".join(files)))
        self.refused.setVisible(bool(files))

    def _rebuild(self) -> None:
        """Make the fields of the chosen template anew, each with its default."""
        if self.fields is not None:
            self._page_column.removeWidget(self.fields)
            self.fields.hide()
            self.fields.deleteLater()
            self.fields = None
        template = self.chosen()
        self.description.setText(
            "" if template is None else escape_invisible(template.head.description or "")
        )
        self._shown_problems = set()
        if template is not None:
            self.fields = TemplateFields(template, self.theme)
            self.fields.show_tools(self._presence)
            self.fields.edited.connect(self._on_parameter_edited)
            self.fields.folder_requested.connect(self._on_folder_requested)
            self.fields.file_requested.connect(self._on_file_requested)
            self._page_column.addWidget(self.fields)
            self.fields.show()  # else the layout leaves no room for them before the next turn
        self._show()

    def _show(self) -> TemplateCheck:
        """Show the preview and the problems, but none for fields not yet edited."""
        found = self._check()
        shown = {name: text for name, text in found.problems.items() if name in self._shown_problems}
        for name, label in self.problem_labels.items():
            self.show_note(label, shown.get(name, ""), width=self.where.width())
        for name in self.fields.fields if self.fields is not None else ():
            if self.fields is not None:
                self.fields.show_problem(name, shown.get(parameter_field(name), ""))
        if self.preview.toPlainText() != found.preview:
            self.preview.setPlainText(found.preview)
        self._scroll.updateGeometry()
        if self.is_open:
            self.place()
        return found

    @Slot()
    def _on_template_changed(self) -> None:
        self._rebuild()

    @Slot()
    def _on_where_changed(self) -> None:
        self._shown_problems.add(WHERE)
        self._show()
        if self.is_open:
            self._find()

    @Slot(str)
    def _on_folder_requested(self, name: str) -> None:
        field = None if self.fields is None else self.fields.fields[name]
        if isinstance(field, QLineEdit):
            self.choose_folder(field.setText, field.text() or self.where.text())

    @Slot(str)
    def _on_file_requested(self, name: str) -> None:
        field = None if self.fields is None else self.fields.fields[name]
        if isinstance(field, QLineEdit):
            start = field.text() or self.where.text()
            choose_file(self, field.accessibleName(), start=start, selected=field.setText)

    @Slot(str)
    def _on_parameter_edited(self, name: str) -> None:
        self._shown_problems |= {parameter_field(name), FORM}
        self._show()
