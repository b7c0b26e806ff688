"""The form for a new pipeline: a title, a folder, and steps that may wait for each other. Queues nothing itself."""

import secrets

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from engine.system.home import Home
from gui.data.projection import Projection
from gui.data.tool_presence import ToolPresence
from gui.sheets.job_file_sheet import JobFileSheet, form_column, form_grid
from gui.sheets.new_pipeline import (
    FORM,
    TITLE,
    WHERE,
    PipelineDraft,
    StepDraft,
    pipeline_problems,
    pipeline_text,
    step_field,
)
from gui.sheets.pipeline_steps import MOST_STEPS, StepList
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.label import PlainLabel
from gui.widgets.page_scroll import PageScroll

_WIDTH = 1060
_STEPS_HEIGHT = 380
_NAME_WIDTH = 48


class NewPipelineSheet(JobFileSheet):
    """The form of one pipeline."""

    def __init__(self, projection: Projection, theme: Theme, *, home: Home, parent: QWidget) -> None:
        super().__init__(theme, projection=projection, home=home, parent=parent, width=_WIDTH)
        self.setObjectName("newPipelineForm")
        self.heading.setText(tr("New pipeline"))
        self.sentence.setText(
            tr(
                "Steps of a workstream run one after the other, workstreams side by side. "
                "Nothing starts before you add it."
            )
        )
        self._run_id = ""
        self._untouched: PipelineDraft | None = None
        self._shown_problems: set[str] = set()
        self.title = QLineEdit()
        self.title.setPlaceholderText(tr("Round money once"))
        self.title.setAccessibleName(tr("Title"))
        self.steps = StepList(theme)
        self.problem_labels: dict[str, PlainLabel] = {
            name: self.problem_label() for name in (TITLE, WHERE, FORM)
        }
        self._build_body()
        self.title.textChanged.connect(self._on_title_changed)
        self.where.textChanged.connect(self._on_where_changed)
        self.steps.edited.connect(self._on_steps_edited)
        # Queued: a row that was just added has its place once the layout has had its turn.
        self.steps.focus_moved.connect(self._on_focus_moved, Qt.ConnectionType.QueuedConnection)
        self.begin()

    def draft(self) -> PipelineDraft:
        """The form as filled in."""
        return PipelineDraft(
            run_id=self._run_id, title=self.title.text(), where=self.where.text(), steps=self.steps.steps()
        )

    def open(self) -> None:
        """Open the form; what was typed earlier and not yet added is still there."""
        if self.is_untouched():
            self.begin()
        super().open()

    def first_focus(self) -> QWidget:
        """The title."""
        return self.title

    def show_tools(self, presence: ToolPresence) -> None:
        """Mark the tools that are not installed; a first step begins with the shell, which always is."""
        self.steps.show_missing_tools(presence.missing)
        self._show()

    def is_untouched(self) -> bool:
        """Whether nothing was typed."""
        return self._untouched == self.draft()

    def begin(self) -> None:
        """Empty the form, for the repository that was worked on last."""
        self.hide_banner()
        self._run_id = f"pipeline-{secrets.token_hex(4)}"
        self.title.clear()
        self.where.setText(self.newest_folder())
        self.steps.show_steps((StepDraft(),))
        self._shown_problems = set()
        self._untouched = self.draft()
        self._show()

    def is_valid(self) -> bool:
        """Whether the pipeline can be added; focuses the first field that has a problem."""
        self._shown_problems = {TITLE, WHERE, FORM, *map(step_field, range(MOST_STEPS))}
        found = self._show()
        fields: dict[str, QWidget] = {TITLE: self.title, WHERE: self.where}
        fields |= {step_field(place): row.task for place, row in enumerate(self.steps.rows)}
        first = next((widget for name, widget in fields.items() if name in found), None)
        if first is not None:
            first.setFocus()
            self._scroll.ensureWidgetVisible(first)
        return not found

    def file_name(self) -> str:
        """The id of the run, with the suffix of a job file."""
        return f"{self._run_id}.json"

    def file_text(self) -> str:
        """The pipeline file as it would be written."""
        return pipeline_text(self.draft())

    def _build_body(self) -> None:
        grid = form_grid(_NAME_WIDTH)
        for row, (name, word, widget) in enumerate(
            ((TITLE, tr("Title"), self.title), (WHERE, tr("Where"), self.where))
        ):
            label = PlainLabel(word, theme=self.theme, role="small", color="t2")
            label.setBuddy(widget)
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(widget, 1)
            if widget is self.where:
                line.addWidget(self.browse_button)
            grid.addWidget(label, 2 * row, 0)
            grid.addLayout(line, 2 * row, 1)
            grid.addWidget(self.problem_labels[name], 2 * row + 1, 1)
        self._scroll = PageScroll(self.steps, name=tr("Steps of the pipeline"), max_height=_STEPS_HEIGHT)
        self.put_beside_preview(form_column(grid, self._scroll, self.problem_labels[FORM]))

    def _show(self) -> dict[str, str]:
        """Show the preview and the problems, but none for fields not yet edited."""
        draft = self.draft()
        found = pipeline_problems(draft)
        shown = {name: text for name, text in found.items() if name in self._shown_problems}
        for name, label in self.problem_labels.items():
            self.show_note(label, shown.get(name, ""), width=self.title.width())
        self.steps.show_problems(shown)
        self.preview.setPlainText(pipeline_text(draft))
        self._scroll.updateGeometry()
        if self.is_open:
            self.place()
        return found

    @Slot()
    def _on_title_changed(self) -> None:
        self._shown_problems.add(TITLE)
        self._show()

    @Slot()
    def _on_where_changed(self) -> None:
        self._shown_problems.add(WHERE)
        self._show()

    @Slot(object)
    def _on_focus_moved(self, widget: QWidget) -> None:
        self._scroll.ensureWidgetVisible(widget)

    @Slot()
    def _on_steps_edited(self) -> None:
        """Show what is wrong with how steps fit together at once, and what is missing in them when they are added."""
        self._shown_problems.add(FORM)
        self._show()
