"""The page of the coding tools in the settings: one tool is chosen, its form is shown. Changes nothing."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engine.settings import Settings
from engine.tool_defaults import NO_DEFAULTS, ToolDefaults
from engine.types import ToolProbe
from gui.sheets.tool_form import ToolForm
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel
from gui.widgets.page_scroll import PageScroll

_HEIGHT = 640


class ToolsPage(QWidget):
    """The path and the defaults of every coding tool.

    Signals:
        edited: a field was changed.
    """

    edited = Signal()

    def __init__(self, theme: Theme, tools: Sequence[str]) -> None:
        super().__init__()
        self.forms = {tool: ToolForm(tool, theme) for tool in tools}
        self._set: Mapping[str, ToolDefaults] = {}
        self.choice = ChoiceBox(tr("Coding tool"), theme)
        self._pages = QStackedWidget()
        for tool, form in self.forms.items():
            self.choice.addItem(tool, tool)
            self._pages.addWidget(
                PageScroll(form, name=tr("Settings of {tool}", tool=tool), max_height=_HEIGHT)
            )
            form.edited.connect(self.edited)
        self.choice.currentIndexChanged.connect(self._pages.setCurrentIndex)
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

    def show_settings(self, settings: Settings) -> None:
        """Fill the forms."""
        self._set = settings.tools
        for tool, form in self.forms.items():
            path = settings.tool_paths.get(tool, "")
            form.show_defaults(settings.tools.get(tool, NO_DEFAULTS), path)

    def tools(self) -> dict[str, ToolDefaults]:
        """The edited defaults by tool; a tool without any is left out.

        Raises:
            ValueError: a field is not valid; the sentence names the tool and the field.
        """
        others = {tool: defaults for tool, defaults in self._set.items() if tool not in self.forms}
        edited = {tool: form.defaults() for tool, form in self.forms.items()}
        return {**others, **{tool: defaults for tool, defaults in edited.items() if defaults != NO_DEFAULTS}}

    def problem(self) -> str:
        """Why the forms cannot be saved, as a sentence; empty if they can."""
        return next(filter(None, (form.problem() for form in self.forms.values())), "")

    @Slot(object)
    def show_usage(self, usage: Mapping[str, str]) -> None:
        """Show what is known of the use of each tool."""
        for tool, form in self.forms.items():
            form.usage.setText(usage.get(tool, tr("nothing known")))

    @Slot(object)
    def show_probe(self, probe: ToolProbe) -> None:
        """Show what was found of a tool."""
        form = self.forms.get(probe.tool)
        if form is not None:
            form.show_probe(probe)
