"""The fields of a form that are made from the parameters of a template. Checks nothing."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from engine.jobfile.template import JobTemplate
from engine.jobfile.template_head import TemplateParameter
from engine.jobfile.tool_registry import tools
from engine.system.plain_text import escape_invisible
from gui.data.tool_presence import ToolPresence
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.buttons import push_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.tool_choice import ToolChoice

_LINES = 5
_TEXT_MARGIN = 8
_NAME_WIDTH = 92
_KINDS: Mapping[str, str] = {
    "number": translatable("number"),
    "path": translatable("path"),
    "repository": translatable("repository"),
}
Field = QLineEdit | QPlainTextEdit | QCheckBox | ChoiceBox


class TemplateFields(QWidget):
    """One field for each parameter, with its help or its problem below.

    Signals:
        edited: (str) the value of the parameter of this name was changed.
        folder_requested: (str) choose a folder for this parameter.
        file_requested: (str) choose a file for this parameter.
    """

    edited = Signal(str)
    folder_requested = Signal(str)
    file_requested = Signal(str)

    def __init__(self, template: JobTemplate, theme: Theme) -> None:
        super().__init__()
        self._theme, self._template = theme, template
        self.fields: dict[str, Field] = {}
        self.notes: dict[str, PlainLabel] = {}
        self._begun: dict[str, str] = {}
        self._chosen: set[str] = set()
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, _NAME_WIDTH)
        for row, (name, parameter) in enumerate(template.parameters.items()):
            self._add(grid, 2 * row, name, parameter)
        grid.setRowStretch(2 * len(self.fields), 1)

    @property
    def names_width(self) -> int:
        """The width that the names need."""
        names = (self._grid.itemAtPosition(2 * row, 0) for row in range(len(self.fields)))
        return max((name.sizeHint().width() for name in names if name is not None), default=0)

    def align_names(self, width: int) -> None:
        """Let the fields begin where those of a form around it do."""
        self._grid.setColumnMinimumWidth(0, width)

    def values(self) -> Mapping[str, str]:
        """What was entered, by parameter."""
        return {name: _text_of(widget) for name, widget in self.fields.items()}

    def set_values(self, given: Mapping[str, str]) -> None:
        """Fill in values as a person would write them; the others keep their defaults."""
        for name, text in given.items():
            if name in self.fields:
                self._chosen.add(name)
                _fill(self.fields[name], text)

    def show_tools(self, presence: ToolPresence, *, is_new: bool = True) -> None:
        """Mark the tools that are not installed; emits nothing.

        What is new begins with one that is installed where nobody has chosen another.
        """
        for name, widget in self.fields.items():
            if isinstance(widget, ToolChoice):
                widget.show_missing(presence.missing)
                if is_new and name not in self._chosen:
                    self._begin_with(name, widget, presence)
                self.show_problem(name, "")

    def _begin_with(self, name: str, widget: ToolChoice, presence: ToolPresence) -> None:
        """Keep the tool of the template where it can be used, else take the first one that can be."""
        parameter = self._template.parameters[name]
        default = parameter.default_text
        found = presence.preferred([default, *parameter.choices] if default else ())
        if found:
            self._begun[name] = found
            widget.blockSignals(True)  # noqa: FBT003 - Qt's own signature
            _fill(widget, found)
            widget.blockSignals(False)  # noqa: FBT003 - as above

    def is_untouched(self) -> bool:
        """Whether every field has its default."""
        return all(
            _text_of(widget) == self._begun.get(name, _untouched_text(self._template.parameters[name]))
            for name, widget in self.fields.items()
        )

    def show_problem(self, name: str, problem: str) -> None:
        """Show what is wrong with a field, else that its tool is not installed, or else its help."""
        note, widget = self.notes[name], self.fields[name]
        missing = widget.missing_note if isinstance(widget, ToolChoice) else ""
        text = escape_invisible(problem or missing or self._template.parameters[name].help or "")
        note.set_color("failed" if problem else "timeout" if missing else "t3")
        note.setText(text)
        note.setVisible(bool(text))

    def _add(self, grid: QGridLayout, row: int, name: str, parameter: TemplateParameter) -> None:
        title = escape_invisible(parameter.title or name)
        widget = self.fields[name] = _field_of(parameter, title, self._theme)
        widget.setObjectName(f"parameter_{name}")
        widget.setAccessibleName(title)
        widget.setAccessibleDescription(escape_invisible(parameter.help or ""))
        widget.setToolTip(plain_tip(escape_invisible(f"{name}: {parameter.kind_in_words}")))
        if isinstance(widget, ToolChoice):
            widget.activated.connect(lambda: self._chosen.add(name))
            widget.currentIndexChanged.connect(lambda: self.show_problem(name, ""))
        _connect(widget, lambda: self.edited.emit(name))
        label = PlainLabel(title, theme=self._theme, role="small", color="t2")
        label.setBuddy(widget)
        note = self.notes[name] = PlainLabel("", theme=self._theme, role="caption", color="t3")
        note.setWordWrap(True)
        is_high = isinstance(widget, QPlainTextEdit)
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop if is_high else Qt.AlignmentFlag.AlignVCenter)
        grid.addLayout(self._with_button(widget, name, parameter), row, 1)
        grid.addWidget(note, row + 1, 1)
        self.show_problem(name, "")

    def _with_button(self, widget: Field, name: str, parameter: TemplateParameter) -> QHBoxLayout:
        """The field, and what fills it in."""
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(widget, 0 if isinstance(widget, ChoiceBox) else 1)
        if isinstance(widget, ChoiceBox):
            line.addStretch(1)
        if parameter.type in {"repository", "path"}:
            title = tr("Choose {accessibleName}", accessibleName=widget.accessibleName())
            button = push_button(tr("Folder…") if parameter.type == "path" else tr("Choose…"), small=True)
            button.setObjectName(f"choose_{name}")
            button.setAccessibleName(title)
            button.clicked.connect(lambda: self.folder_requested.emit(name))
            line.addWidget(button)
        if parameter.type == "path":
            file_button = push_button(tr("File…"), small=True)
            file_button.setObjectName(f"choose_file_{name}")
            file_button.setAccessibleName(tr("{title}: a file", title=title))
            file_button.clicked.connect(lambda: self.file_requested.emit(name))
            line.addWidget(file_button)
        return line


def _field_of(parameter: TemplateParameter, title: str, theme: Theme) -> Field:
    default = parameter.default_text
    match parameter.type:
        case "boolean":
            box = QCheckBox(tr("yes"))
            box.setChecked(default == "true")
            return box
        case "choice":
            is_of_tools = set(parameter.choices) <= set(tools().names)
            choice = (ToolChoice if is_of_tools else ChoiceBox)(title, theme)
            if not default:
                choice.addItem(tr("none") if parameter.optional else tr("choose…"), "")
            for word in parameter.choices:
                choice.addItem(escape_invisible(word), word)
            choice.setCurrentIndex(max(choice.findData(default), 0))
            return choice
        case "text" if parameter.multiline:
            text = QPlainTextEdit(default)
            text.setTabChangesFocus(True)
            text.setAcceptDrops(False)
            text.document().setDocumentMargin(_TEXT_MARGIN)
            text.setFixedHeight(text.fontMetrics().lineSpacing() * _LINES + 2 * _TEXT_MARGIN)
            return text
        case _:
            line = QLineEdit(default)
            line.setPlaceholderText(hint_of(parameter))
            return line


def _kind(parameter: TemplateParameter) -> str:
    """What a field is for, as far as its name does not say it; the engine has the same words in English."""
    least, most = parameter.min, parameter.max
    if parameter.type != "number" or (least is None and most is None):
        kind = _KINDS.get(parameter.type)
        return "" if kind is None else tr(kind)
    if least is None:
        return tr("number of at most {most}", most=f"{most:g}")
    if most is None:
        return tr("number of at least {least}", least=f"{least:g}")
    return tr("number from {least} to {most}", least=f"{least:g}", most=f"{most:g}")  # as in its file


def hint_of(parameter: TemplateParameter) -> str:
    """What an empty field of a line says: what it is for, and whether it may stay empty."""
    words = _kind(parameter)
    return ", ".join(filter(None, (words, "" if parameter.is_required else tr("may be left empty"))))


def _text_of(widget: Field) -> str:
    match widget:
        case QCheckBox():
            return "true" if widget.isChecked() else "false"
        case QPlainTextEdit():
            return widget.toPlainText()
        case ChoiceBox():
            return str(widget.currentData() or "")
        case _:
            return widget.text()


def _fill(widget: Field, text: str) -> None:
    match widget:
        case QCheckBox():
            widget.setChecked(text in {"true", "yes"})
        case QPlainTextEdit():
            widget.setPlainText(text)
        case ChoiceBox():
            widget.setCurrentIndex(max(widget.findData(text), 0))
        case _:
            widget.setText(text)


def _untouched_text(parameter: TemplateParameter) -> str:
    if parameter.type == "boolean":
        return "true" if parameter.default_text == "true" else "false"
    return parameter.default_text


def _connect(widget: Field, edited: object) -> None:
    match widget:
        case QCheckBox():
            widget.toggled.connect(edited)
        case ChoiceBox():
            widget.currentIndexChanged.connect(edited)
        case _:
            widget.textChanged.connect(edited)
