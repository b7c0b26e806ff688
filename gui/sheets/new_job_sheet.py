"""The form for a new job: fields, the job file they make, and their problems. Queues nothing itself.

It writes an ordinary job file, which is then treated like any dropped file.
"""

import os
import secrets
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from engine.jobfile.spec import PRIORITIES, is_coding_tool
from engine.jobfile.tool_registry import tools
from engine.system.home import Home
from gui.data.projection import Projection
from gui.sheets.new_job import Draft, as_text, hint, problems
from gui.theme.theme import Theme
from gui.widgets.banner import BannerButton
from gui.widgets.buttons import push_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel
from gui.widgets.sheet_with_banner import SheetWithBanner

_LONGEST_TIMEOUT = 7 * 24 * 60
_PREVIEW_WIDTH = 250
_HINTS = {
    "shell": "pytest -q tests/cart",
    "tests": "further arguments for pytest, or nothing",
    "git": "commit -am 'Round money once'",
}


class DraftAction(StrEnum):
    """What a button on the banner that asks about an unfinished draft does."""

    DISCARD = "discard"
    KEEP = "keep"


_DISCARD_OR_KEEP = (BannerButton(DraftAction.DISCARD, "Discard"), BannerButton(DraftAction.KEEP, "Keep"))


class NewJobSheet(SheetWithBanner):
    """The form of one job.

    Signals:
        written: (Path) a valid job file was written; add it as if it had been dropped.
    """

    written = Signal(object)

    def __init__(self, projection: Projection, theme: Theme, *, home: Home, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setObjectName("newJobForm")
        self.heading.setText("New job")
        self.sentence.setText("It becomes an ordinary job file. Nothing starts before you add it.")
        self._projection, self._home = projection, home
        self._job_id = ""
        self._untouched: Draft | None = None
        self._shown_problems: set[str] = set()
        self.problem_labels: dict[str, PlainLabel] = {}
        self._build_fields()
        self._build_body()
        self._build_footer()
        for signal in (
            self.tool.currentIndexChanged,
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
        self.action_requested.connect(self._on_action_requested)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._begin()

    def draft(self) -> Draft:
        """The form as filled in."""
        return Draft(
            job_id=f"{self.tool.currentText()}-{self._job_id}",
            tool=self.tool.currentText(),
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
        if self._untouched == self.draft():
            self._begin()
        super().open()

    def first_focus(self) -> QWidget:
        """The task: the one field without a default."""
        return self.task

    def request_close(self) -> None:
        """Close; ask first if something was typed."""
        if self._untouched == self.draft():
            self.dismiss()
        else:
            self.show_banner("Discard what you typed?", "queued", _DISCARD_OR_KEEP)

    def save_to(self, path: Path) -> bool:
        """Write the job file to `path`; on failure, show the reason and return False."""
        text = as_text(self.draft())
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(
                os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8"
            ) as file:
                file.write(text)
        except OSError as error:
            self.show_banner(f"{path} cannot be written: {error.strerror}. Save it somewhere else.")
            return False
        return True

    def _list_new_tools(self) -> None:
        """Offer the tools whose files the user has added since; one that is gone is refused with a reason."""
        listed = {self.tool.itemText(index) for index in range(self.tool.count())}
        self.tool.addItems([name for name in tools().names if name not in listed])

    def _build_fields(self) -> None:
        self.tool = ChoiceBox("Tool", self.theme)
        self.tool.addItems(tools().names)
        self.workstream = _line("main")
        self.where = _line("the repository or folder the job works in")
        self.task = QPlainTextEdit()
        self.task.setTabChangesFocus(True)
        self.task.setFixedHeight(84)
        self.files = _line("src/cart.py tests/test_cart.py")
        self.priority = ChoiceBox("Priority", self.theme)
        self.priority.addItems(list(PRIORITIES))
        self.depends_on = _line("ids of jobs it waits for")
        self.retries = _number("Retries", 100)
        self.timeout = _number("Timeout in minutes", _LONGEST_TIMEOUT)
        self.timeout.setSuffix(" m")
        self.browse_button = push_button("Choose…", small=True)
        self.browse_button.clicked.connect(self._on_browse_clicked)

    def _build_body(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self._task_name = self._name("Command")
        rows: tuple[tuple[str, str, tuple[QWidget, ...]], ...] = (
            ("tool", "Tool", (self.tool,)),
            ("task", "", (self.task,)),
            ("where", "Where", (self.where, self.browse_button)),
            ("workstream", "Workstream", (self.workstream,)),
            ("files", "Files", (self.files,)),
            ("depends_on", "Waits for", (self.depends_on,)),
            ("priority", "Priority", (self.priority, *self._counted("Retries", "Timeout"))),
        )
        for number, (name, word, widgets) in enumerate(rows):
            label = self._name(word) if word else self._task_name
            label.setBuddy(widgets[0])
            widgets[0].setAccessibleName(word or "Command")
            grid.addWidget(label, 2 * number, 0, _TOP if name == "task" else _MIDDLE)
            grid.addLayout(_in_a_row(widgets), 2 * number, 1)
            self._add_problem_label(name, grid, 2 * number + 1)
        self._add_problem_label("form", grid, 2 * len(rows))
        grid.setRowStretch(2 * len(rows) + 1, 1)
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addLayout(grid, 1)
        both.addLayout(self._preview_column())
        self.body.addLayout(both)

    def _name(self, word: str) -> PlainLabel:
        return PlainLabel(word, theme=self.theme, role="small", color="t2")

    def _counted(self, *words: str) -> tuple[QWidget, ...]:
        """The numbers, each after its name."""
        pairs = zip(words, (self.retries, self.timeout), strict=True)
        return tuple(widget for word, number in pairs for widget in (self._name(word), number))

    def _add_problem_label(self, name: str, grid: QGridLayout, row: int) -> None:
        label = PlainLabel("", theme=self.theme, role="caption", color="failed")
        label.setWordWrap(True)
        label.hide()
        self.problem_labels[name] = label
        grid.addWidget(label, row, 1)

    def _preview_column(self) -> QVBoxLayout:
        self.preview = QPlainTextEdit()
        self.preview.setReadOnly(True)
        self.preview.setAccessibleName("The job file")
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview.setFrameShape(QFrame.Shape.NoFrame)
        self.preview.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.preview.setFixedWidth(_PREVIEW_WIDTH)
        column = QVBoxLayout()
        column.setContentsMargins(0, 16, 16, 16)
        column.setSpacing(6)
        column.addWidget(PlainLabel("The file", theme=self.theme, role="small", color="t2"))
        column.addWidget(self.preview, 1)
        return column

    def _build_footer(self) -> None:
        self.save_button = push_button("Save as…")
        self.cancel_button = push_button("Cancel")
        self.add_button = push_button("Add to queue", kind="primary")
        self.save_button.clicked.connect(self._on_save_clicked)
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.footer.addWidget(self.save_button)
        self.footer.addStretch(1)
        self.footer.addWidget(self.cancel_button)
        self.footer.addWidget(self.add_button)

    def _begin(self) -> None:
        """Empty the form, for the repository that was worked on last."""
        self.hide_banner()
        self._job_id = secrets.token_hex(4)
        for line in (self.workstream, self.files, self.depends_on):
            line.clear()
        self.task.clear()
        for number in (self.retries, self.timeout):
            number.setValue(0)
        self.priority.setCurrentText("normal")
        newest = max(self._projection.runs.values(), key=lambda run: run.created_at, default=None)
        self.where.setText(newest.repo or "" if newest is not None else "")
        self._shown_problems = set()
        self._untouched = self.draft()
        self._show()

    def _show(self, *, all_problems: bool = False) -> dict[str, str]:
        """Show the preview and the problems, but none for fields not yet edited."""
        draft = self.draft()
        found = problems(draft)
        if all_problems:
            self._shown_problems = set(self.problem_labels)
        for name, label in self.problem_labels.items():
            text = found.get(name, "") if name in self._shown_problems else ""
            advice = hint(draft) if name == "task" and not text else ""
            label.set_color("timeout" if advice else "failed")
            text = text or advice
            label.setText(text)
            label.setMinimumHeight(label.heightForWidth(max(self.task.width(), 200)) if text else 0)
            label.setVisible(bool(text))
        self._task_name.setText(
            "Prompt" if is_coding_tool(draft.tool) else "Arguments" if draft.tool == "tests" else "Command"
        )
        self.task.setAccessibleName(self._task_name.text())
        self.task.setPlaceholderText(_HINTS.get(draft.tool, "Round money once, at the line total."))
        self.task.viewport().update()  # Qt paints the new text over the end of a longer one
        self.preview.setPlainText(as_text(draft))
        if self.is_open:
            self.place()
        return found

    def _is_valid(self) -> bool:
        found = self._show(all_problems=True)
        for name, widget in (("task", self.task), ("where", self.where), ("workstream", self.workstream)):
            if name in found:
                widget.setFocus()
                break
        return not found

    def _choose(self, dialog: QFileDialog, selected: Callable[[str], None]) -> None:
        """Open a file dialog without blocking the window."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(selected)
        dialog.open()

    @Slot()
    def _on_edited(self) -> None:
        names = {
            self.task: "task",
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
    def _on_browse_clicked(self) -> None:
        dialog = QFileDialog(self, "Where the job works", self.where.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._choose(dialog, self.where.setText)

    @Slot()
    def _on_save_clicked(self) -> None:
        if not self._is_valid():
            return
        dialog = QFileDialog(
            self, "Save the job file", str(Path(self.where.text(), f"{self.draft().job_id}.json"))
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        self._choose(dialog, self._on_save_path_selected)

    @Slot(str)
    def _on_save_path_selected(self, path: str) -> None:
        if self.save_to(Path(path)):
            self.show_banner(f"Saved as {path}.", "completed")

    @Slot()
    def _on_add_clicked(self) -> None:
        if not self._is_valid():
            return
        path = self._home.root / "drafts" / f"{self.draft().job_id}.json"
        if self.save_to(path):
            self._begin()
            self.dismiss()
            self.written.emit(path)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.request_close()

    @Slot(object)
    def _on_action_requested(self, action: DraftAction) -> None:
        self.hide_banner()
        match action:
            case DraftAction.DISCARD:
                self._begin()
                self.dismiss()
            case DraftAction.KEEP:
                self.place()
                self.task.setFocus()
            case _:
                assert_never(action)

    @Slot()
    def _on_theme_changed(self) -> None:
        for text in (self.preview, self.task):
            text.setFont(self.theme.font("mono"))


_TOP = Qt.AlignmentFlag.AlignTop
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def _number(name: str, largest: int) -> QSpinBox:
    number = QSpinBox()
    number.setRange(0, largest)
    number.setSpecialValueText("none")
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
