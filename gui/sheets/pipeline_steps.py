"""The steps of the new-pipeline form: a list of rows that can be added, removed and moved. Checks nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.jobfile.tool_names import is_coding_tool
from engine.jobfile.tool_registry import tools
from gui.sheets.new_pipeline import StepDraft, step_field
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.buttons import icon_button, push_button
from gui.widgets.label import PlainLabel
from gui.widgets.tool_choice import ToolChoice

MOST_STEPS = 50
_TASK_LINES = 2
_TEXT_MARGIN = 6
_WIDTHS = (112, 112, 112, 112, 72)
_COLUMNS = (translatable("Step"), translatable("Workstream"), translatable("Tool"), translatable("After"))


class PipelineStepRow(QFrame):
    """The fields of one step.

    Signals:
        edited: a field was changed.
        move_requested: (int) move the step by so many rows.
        remove_requested: remove the step.
    """

    edited = Signal()
    move_requested = Signal(int)
    remove_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.name = _line("name")
        self.workstream = _line(tr("as above"))
        self.tool = ToolChoice(tr("Tool"), theme)
        self.tool.addItems(tools().names)
        self.after = _line("none")
        self.after.setToolTip(tr("The steps or workstreams it waits for, with commas between them"))
        self.task = QPlainTextEdit()
        self.task.setTabChangesFocus(True)
        self.task.setAcceptDrops(False)
        self.task.document().setDocumentMargin(_TEXT_MARGIN)
        self.up = icon_button(theme, "chevu", tr("Move the step up"))
        self.down = icon_button(theme, "chev", tr("Move the step down"))
        self.remove = icon_button(theme, "close", tr("Remove the step"))
        self.problem = PlainLabel("", theme=theme, role="caption", color="failed")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._lay_out()
        for line in (self.name, self.workstream, self.after, self.task):
            line.textChanged.connect(self._on_edited)
        self.tool.currentIndexChanged.connect(self._on_edited)
        self.up.clicked.connect(partial(self.move_requested.emit, -1))
        self.down.clicked.connect(partial(self.move_requested.emit, 1))
        self.remove.clicked.connect(self.remove_requested)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def step(self) -> StepDraft:
        """The row as filled in."""
        return StepDraft(
            name=self.name.text(),
            workstream=self.workstream.text(),
            tool=self.tool.currentText(),
            task=self.task.toPlainText(),
            after=self.after.text(),
        )

    def show_step(self, step: StepDraft) -> None:
        """Fill the row; emits nothing."""
        self.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.name.setText(step.name)
        self.workstream.setText(step.workstream)
        self.tool.setCurrentText(step.tool)
        self.task.setPlainText(step.task)
        self.after.setText(step.after)
        self.blockSignals(False)  # noqa: FBT003 - as above

    def show_place(self, row: int, count: int) -> None:
        """Name the fields by the row, and offer what can be done there."""
        for word, widget in (
            (tr("Name"), self.name),
            (tr("Workstream"), self.workstream),
            (tr("Tool"), self.tool),
            (tr("After"), self.after),
            (tr("Task"), self.task),
        ):
            widget.setAccessibleName(tr("{word} of step {number}", word=word, number=row + 1))
        for word, button in (
            (tr("Move up"), self.up),
            (tr("Move down"), self.down),
            (tr("Remove"), self.remove),
        ):
            button.setAccessibleName(tr("{word} step {number}", word=word, number=row + 1))
        self.workstream.setPlaceholderText(tr("as above") if row else "main")
        self.up.setEnabled(row > 0)
        self.down.setEnabled(row < count - 1)
        self.remove.setEnabled(count > 1)

    def show_problem(self, text: str) -> None:
        """Show what is wrong with the step, else that its tool is not installed, or nothing."""
        shown = text or self.tool.missing_note
        self.problem.set_color("failed" if text else "timeout")
        self.problem.setText(shown)
        self.problem.setVisible(bool(shown))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 8, 6)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        _set_widths(grid, self._theme)
        for column, widget in enumerate((self.name, self.workstream, self.tool, self.after)):
            grid.addWidget(widget, 0, column)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        for button in (self.up, self.down, self.remove):
            buttons.addWidget(button)
        grid.addLayout(buttons, 0, len(_COLUMNS))
        grid.addWidget(self.task, 1, 0, 1, len(_COLUMNS) + 1)
        grid.addWidget(self.problem, 2, 0, 1, len(_COLUMNS) + 1)

    @Slot()
    def _on_edited(self) -> None:
        tool = self.tool.currentText()
        self.task.setPlaceholderText(
            tr("Prompt") if is_coding_tool(tool) else tr("Arguments") if tool == "tests" else tr("Command")
        )
        self.edited.emit()

    @Slot()
    def _on_theme_changed(self) -> None:
        font = self._theme.font("mono")
        self.task.setFont(font)
        self.task.viewport().setFont(font)  # Qt paints the placeholder in it
        self.task.setFixedHeight(self.task.fontMetrics().lineSpacing() * _TASK_LINES + 2 * _TEXT_MARGIN + 6)
        self.tool.setFixedWidth(self.tool.sizeHint().width())


class StepList(QWidget):
    """The rows in their order; there is always one.

    Signals:
        edited: a step was changed, added, removed or moved.
        focus_moved: (QWidget) this field has the focus now, and is to be seen.
    """

    edited = Signal()
    focus_moved = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[PipelineStepRow] = []
        self._missing: Collection[str] = ()
        self.add_button = push_button(tr("Add step"), small=True)
        self.add_button.clicked.connect(self._on_add_clicked)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addLayout(_headings(theme))
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self.show_steps((StepDraft(),))

    def steps(self) -> tuple[StepDraft, ...]:
        """The steps as filled in."""
        return tuple(row.step() for row in self.rows)

    def show_steps(self, steps: Sequence[StepDraft]) -> None:
        """Show these steps, and no others."""
        while len(self.rows) < len(steps):
            self._add_row()
        while len(self.rows) > len(steps):
            row = self.rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, (row, step) in enumerate(zip(self.rows, steps, strict=True)):
            row.show_step(step)
            row.show_place(place, len(steps))
        self.add_button.setEnabled(len(steps) < MOST_STEPS)
        self.edited.emit()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show what is wrong with each step."""
        for place, row in enumerate(self.rows):
            row.show_problem(problems.get(step_field(place), ""))

    def show_missing_tools(self, missing: Collection[str]) -> None:
        """Mark these tools as not installed, in the steps added later, too."""
        self._missing = missing
        for row in self.rows:
            row.tool.show_missing(missing)

    def _add_row(self) -> None:
        row = PipelineStepRow(self._theme)
        row.tool.show_missing(self._missing)
        row.edited.connect(self.edited)
        row.move_requested.connect(partial(self._move, row))
        row.remove_requested.connect(partial(self._remove, row))
        self._column.insertWidget(len(self.rows) + 1, row)
        row.show()  # else the layout leaves no room for it before the next turn
        self.rows.append(row)

    def _move(self, row: PipelineStepRow, by: int) -> None:
        """Move a step; the focus goes with it."""
        steps, place = list(self.steps()), self.rows.index(row)
        steps.insert(place + by, steps.pop(place))
        self.show_steps(steps)
        moved = self.rows[place + by]
        button = moved.up if by < 0 else moved.down
        self._focus(button if button.isEnabled() else moved.name)

    def _remove(self, row: PipelineStepRow) -> None:
        place = self.rows.index(row)
        steps = list(self.steps())
        del steps[place]
        self.show_steps(steps)
        self._focus(self.rows[min(place, len(self.rows) - 1)].name)

    def _focus(self, widget: QWidget) -> None:
        widget.setFocus()
        self.focus_moved.emit(widget)

    @Slot()
    def _on_add_clicked(self) -> None:
        last = self.rows[-1].step()
        self.show_steps([*self.steps(), replace(StepDraft(), tool=last.tool)])
        self._focus(self.rows[-1].name)


def _headings(theme: Theme) -> QGridLayout:
    """The names of the columns, above the rows."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 8, 0)
    grid.setHorizontalSpacing(8)
    _set_widths(grid, theme)
    for column, word in enumerate(_COLUMNS):
        grid.addWidget(PlainLabel(tr(word), theme=theme, role="caption", color="t3"), 0, column)
    return grid


def _set_widths(grid: QGridLayout, theme: Theme) -> None:
    """Give the columns of every row, and of the headings, the same widths."""
    for column, width in enumerate(_WIDTHS):
        grid.setColumnMinimumWidth(column, theme.widened(width))
    grid.setColumnStretch(_COLUMNS.index("After"), 1)


def _line(hint: str) -> QLineEdit:
    line = QLineEdit()
    line.setPlaceholderText(hint)
    line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return line
