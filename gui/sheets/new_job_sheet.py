"""The form for a new job: fields, the job file they make, and their problems. Queues nothing itself."""

import secrets

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from engine.jobfile.priorities import PRIORITIES
from engine.jobfile.tool_names import is_coding_tool
from engine.jobfile.tool_registry import tools
from engine.system.home import Home
from gui.data.projection import Projection
from gui.data.tool_presence import ToolPresence
from gui.sheets.job_file_sheet import JobFileSheet
from gui.sheets.new_job import Draft, as_text, hint, name_without_title, problems
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel
from gui.widgets.tool_choice import ToolChoice

_LONGEST_TIMEOUT = 7 * 24 * 60
_HINT = translatable("Round money once, at the line total.")
_HINTS = {
    "shell": "pytest -q tests/cart",
    "tests": translatable("further arguments for pytest, or nothing"),
    "git": "commit -am 'Round money once'",
}


class NewJobSheet(JobFileSheet):
    """The form of one job."""

    def __init__(self, projection: Projection, theme: Theme, *, home: Home, parent: QWidget) -> None:
        super().__init__(theme, projection=projection, home=home, parent=parent)
        self.setObjectName("newJobForm")
        self.heading.setText(tr("New job"))
        self.sentence.setText(tr("It becomes an ordinary job file. Nothing starts before you add it."))
        self._job_id = ""
        self._untouched: Draft | None = None
        self._shown_problems: set[str] = set()
        self.problem_labels: dict[str, PlainLabel] = {}
        self._build_fields()
        self._build_body()
        for signal in (
            self.tool.currentIndexChanged,
            self.title.textChanged,
            self.workstream.textChanged,
            self.where.textChanged,
            self.task.textChanged,
            self.files.textChanged,
            self.priority.currentIndexChanged,
            self.depends_on.textChanged,
            self.retries.valueChanged,
            self.timeout.valueChanged,
        ):
            signal.connect(self._on_edited)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.begin()

    def draft(self) -> Draft:
        """The form as filled in."""
        return Draft(
            job_id=f"{self.tool.currentText()}-{self._job_id}",
            tool=self.tool.currentText(),
            title=self.title.text(),
            workstream=self.workstream.text(),
            where=self.where.text(),
            task=self.task.toPlainText(),
            files=self.files.text(),
            priority=self.priority.currentText(),
            depends_on=self.depends_on.text(),
            retries=self.retries.value(),
            timeout_minutes=self.timeout.value(),
        )

    def open(self) -> None:
        """Open the form; text typed earlier and not yet added is still there."""
        self._list_new_tools()
        if self.is_untouched():
            self.begin()
        super().open()

    def first_focus(self) -> QWidget:
        """The task: the one field without a default."""
        return self.task

    def is_untouched(self) -> bool:
        """Whether nothing was typed."""
        return self._untouched == self.draft()

    def file_name(self) -> str:
        """The id of the job, with the suffix of a job file."""
        return f"{self.draft().job_id}.json"

    def file_text(self) -> str:
        """The job file as it would be written."""
        return as_text(self.draft())

    def show_tools(self, presence: ToolPresence) -> None:
        """Mark the tools that are not installed; a new form begins with the shell, which always is."""
        self.tool.show_missing(presence.missing)
        self._show()

    def _list_new_tools(self) -> None:
        """Offer the tools whose files the user has added since; one that is gone is refused with a reason."""
        listed = {self.tool.itemText(index) for index in range(self.tool.count())}
        self.tool.addItems([name for name in tools().names if name not in listed])

    def _build_fields(self) -> None:
        self.tool = ToolChoice(tr("Tool"), self.theme)
        self.tool.addItems(tools().names)
        self.title = _line("")
        self.workstream = _line("main")
        self.task = QPlainTextEdit()
        self.task.setTabChangesFocus(True)
        self.task.setFixedHeight(84)
        self.files = _line("src/cart.py tests/test_cart.py")
        self.priority = ChoiceBox(tr("Priority"), self.theme)
        self.priority.addItems(list(PRIORITIES))
        self.depends_on = _line(tr("ids of jobs it waits for"))
        self.retries = _number(tr("Retries"), 100)
        self.timeout = _number(tr("Timeout in minutes"), _LONGEST_TIMEOUT)
        self.timeout.setSuffix(" m")

    def _build_body(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self._task_name = self._name(tr("Command"))
        rows: tuple[tuple[str, str, tuple[QWidget, ...]], ...] = (
            ("tool", tr("Tool"), (self.tool,)),
            ("task", "", (self.task,)),
            ("title", tr("Title"), (self.title,)),
            ("where", tr("Where"), (self.where, self.browse_button)),
            ("workstream", tr("Workstream"), (self.workstream,)),
            ("files", tr("Files"), (self.files,)),
            ("depends_on", tr("Waits for"), (self.depends_on,)),
            ("priority", tr("Priority"), (self.priority, *self._counted(tr("Retries"), tr("Timeout")))),
        )
        for number, (name, word, widgets) in enumerate(rows):
            label = self._name(word) if word else self._task_name
            label.setBuddy(widgets[0])
            widgets[0].setAccessibleName(word or tr("Command"))
            grid.addWidget(label, 2 * number, 0, _TOP if name == "task" else _MIDDLE)
            grid.addLayout(_in_a_row(widgets), 2 * number, 1)
            self._add_problem_label(name, grid, 2 * number + 1)
        self._add_problem_label("form", grid, 2 * len(rows))
        grid.setRowStretch(2 * len(rows) + 1, 1)
        self.put_beside_preview(grid)

    def _name(self, word: str) -> PlainLabel:
        return PlainLabel(word, theme=self.theme, role="small", color="t2")

    def _counted(self, *words: str) -> tuple[QWidget, ...]:
        """The numbers, each after its name."""
        pairs = zip(words, (self.retries, self.timeout), strict=True)
        return tuple(widget for word, number in pairs for widget in (self._name(word), number))

    def _add_problem_label(self, name: str, grid: QGridLayout, row: int) -> None:
        self.problem_labels[name] = label = self.problem_label()
        grid.addWidget(label, row, 1)

    def begin(self) -> None:
        """Empty the form, for the repository that was worked on last."""
        self.hide_banner()
        self._job_id = secrets.token_hex(4)
        for line in (self.title, self.workstream, self.files, self.depends_on):
            line.clear()
        self.task.clear()
        for number in (self.retries, self.timeout):
            number.setValue(0)
        self.priority.setCurrentText("normal")
        self.where.setText(self.newest_folder())
        self._shown_problems = set()
        self._untouched = self.draft()
        self._show()

    def _show(self, *, all_problems: bool = False) -> dict[str, str]:
        """Show the preview and the problems, but none for fields not yet edited."""
        draft = self.draft()
        found = problems(draft)
        advices = {"task": hint(draft), "tool": self.tool.missing_note}
        if all_problems:
            self._shown_problems = set(self.problem_labels)
        for name, label in self.problem_labels.items():
            text = found.get(name, "") if name in self._shown_problems else ""
            advice = "" if text else advices.get(name, "")
            self.show_note(
                label, text or advice, color="timeout" if advice else "failed", width=self.task.width()
            )
        self._task_name.setText(
            tr("Prompt")
            if is_coding_tool(draft.tool)
            else tr("Arguments")
            if draft.tool == "tests"
            else tr("Command")
        )
        self.task.setAccessibleName(self._task_name.text())
        self.task.setPlaceholderText(tr(_HINTS.get(draft.tool, _HINT)))
        self.title.setPlaceholderText(name_without_title(draft) or tr("the first words of what it does"))
        self.task.viewport().update()  # Qt paints the new text over the end of a longer one
        self.preview.setPlainText(as_text(draft))
        if self.is_open:
            self.place()
        return found

    def is_valid(self) -> bool:
        """Whether the job can be added; focuses the first field that has a problem."""
        found = self._show(all_problems=True)
        for name, widget in (
            ("task", self.task),
            ("title", self.title),
            ("where", self.where),
            ("workstream", self.workstream),
        ):
            if name in found:
                widget.setFocus()
                break
        return not found

    @Slot()
    def _on_edited(self) -> None:
        names = {
            self.task: "task",
            self.title: "title",
            self.workstream: "workstream",
            self.where: "where",
            self.files: "files",
            self.depends_on: "depends_on",
        }
        sender = self.sender()
        touched = next((name for widget, name in names.items() if widget is sender), None)
        if touched is not None:
            self._shown_problems.add(touched)
        self._show()

    @Slot()
    def _on_theme_changed(self) -> None:
        font = self.theme.font("mono")
        self.task.setFont(font)
        self.task.viewport().setFont(font)  # Qt paints the placeholder in it


_TOP = Qt.AlignmentFlag.AlignTop
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def _number(name: str, largest: int) -> QSpinBox:
    number = QSpinBox()
    number.setRange(0, largest)
    number.setSpecialValueText(tr("none"))
    number.setFixedWidth(72)
    number.lineEdit().setTextMargins(6, 0, 6, 0)
    number.setAccessibleName(name)
    return number


def _line(hint: str) -> QLineEdit:
    line = QLineEdit()
    line.setPlaceholderText(hint)
    return line


def _in_a_row(widgets: tuple[QWidget, ...]) -> QHBoxLayout:
    """Put widgets in a row: fields take the available width, choices and numbers what they need."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget, 1 if isinstance(widget, QLineEdit | QPlainTextEdit) else 0)
    if not isinstance(widgets[0], QLineEdit | QPlainTextEdit):
        row.addStretch(1)
    return row
