"""The page of the coding tools in the settings: one tool is chosen, its form is shown. Changes nothing."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engine.settings import Settings
from engine.tool_defaults import NO_DEFAULTS, ToolDefaults
from engine.types import ToolProbe
from gui.guarded import Guarded
from gui.sheets.tool_form import ToolForm
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel
from gui.widgets.page_scroll import PageScroll

_HEIGHT = 640


class ToolsPage(Guarded, QWidget):
    """The path and the defaults of every coding tool; a form is made once it is looked at.

    Signals:
        edited: a field was changed.
    """

    edited = Signal()

    def __init__(self, theme: Theme, tools: Sequence[str]) -> None:
        super().__init__()
        self._theme, self._tools = theme, tuple(tools)
        self._made: dict[str, ToolForm] = {}
        self._settings = Settings()
        self._usage: Mapping[str, str] | None = None
        """What is known of the use of each tool; None while it is being read."""
        self._probes: dict[str, ToolProbe] = {}
        self.choice = ChoiceBox(tr("Coding tool"), theme)
        self._pages = QStackedWidget()
        for tool in tools:
            self.choice.addItem(tool, tool)
        self.choice.currentIndexChanged.connect(self._on_chosen)
        top = QHBoxLayout()
        top.setContentsMargins(16, 12, 16, 0)
        top.setSpacing(12)
        top.addWidget(PlainLabel(tr("Coding tool"), theme=theme, color="t2"))
        top.addWidget(self.choice)
        top.addWidget(
            PlainLabel(
                tr("Jobs inherit what they do not say themselves."), theme=theme, role="small", color="t3"
            ),
            1,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._pages, 1)

    @property
    def forms(self) -> dict[str, ToolForm]:
        """The forms of all tools."""
        return {tool: self._form(tool) for tool in self._tools}

    def show_settings(self, settings: Settings) -> None:
        """Fill the forms."""
        self._settings, self._usage = settings, None
        self._probes.clear()
        for tool, form in self._made.items():
            self._fill(tool, form)

    def tools(self) -> dict[str, ToolDefaults]:
        """The edited defaults by tool; a tool without any is left out.

        Raises:
            ValueError: a field is not valid; the sentence names the tool and the field.
        """
        others = {tool: one for tool, one in self._settings.tools.items() if tool not in self._made}
        edited = {tool: form.defaults() for tool, form in self._made.items()}
        return {**others, **{tool: defaults for tool, defaults in edited.items() if defaults != NO_DEFAULTS}}

    def paths(self) -> dict[str, str]:
        """The paths of the tools whose forms may have been edited."""
        return {tool: form.path.text().strip() for tool, form in self._made.items()}

    def problem(self) -> str:
        """Why the forms cannot be saved, as a sentence; empty if they can."""
        return next(filter(None, (form.problem() for form in self._made.values())), "")

    @Slot(object)
    def show_usage(self, usage: Mapping[str, str]) -> None:
        """Show what is known of the use of each tool."""
        self._usage = usage
        for tool, form in self._made.items():
            form.usage.setText(_known_usage(usage, tool))

    @Slot(object)
    def show_probe(self, probe: ToolProbe) -> None:
        """Show what was found of a tool."""
        self._probes[probe.tool] = probe
        if (form := self._made.get(probe.tool)) is not None:
            form.show_probe(probe)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Make the form that is looked at first."""
        self._on_chosen()
        super().showEvent(event)

    def _form(self, tool: str) -> ToolForm:
        form = self._made.get(tool)
        if form is None:
            form = self._made[tool] = ToolForm(tool, self._theme)
            self._fill(tool, form)
            form.edited.connect(self.edited)
            name = tr("Settings of {tool}", tool=tool)
            self._pages.addWidget(PageScroll(form, name=name, max_height=_HEIGHT))
        return form

    def _fill(self, tool: str, form: ToolForm) -> None:
        path = self._settings.tool_paths.get(tool, "")
        form.show_defaults(self._settings.tools.get(tool, NO_DEFAULTS), path)
        if self._usage is not None:
            form.usage.setText(_known_usage(self._usage, tool))
        if tool in self._probes:
            form.show_probe(self._probes[tool])

    @Slot()
    def _on_chosen(self) -> None:
        tool = str(self.choice.currentData())
        if tool in self._tools:
            self._form(tool)
            self._pages.setCurrentIndex(list(self._made).index(tool))


def _known_usage(usage: Mapping[str, str], tool: str) -> str:
    return usage.get(tool, tr("nothing known"))
