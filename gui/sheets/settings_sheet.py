"""The settings sheet: those of the engine, in the database, and those of this window. Changes nothing itself."""

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from engine.jobfile.tool_names import is_coding_tool
from engine.settings import Settings
from engine.system.home import Home
from engine.types import ToolProbe
from gui.control.tool_probes import ToolProbes
from gui.sheets.level_rules_page import LevelRulesPage
from gui.sheets.settings_more import MoreSettings, MoreValues
from gui.sheets.tools_page import ToolsPage
from gui.theme.theme import Theme
from gui.translation import LANGUAGES, SYSTEM, tr, translatable
from gui.widgets.buttons import push_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.number_box import NumberBox
from gui.widgets.page_scroll import PageScroll
from gui.widgets.sheet import Hairline
from gui.widgets.sheet_with_banner import SheetWithBanner

MOST_RUNNING = 64
_COMMANDS, _RULES = "commands", "rules"
"""What a save consists of."""
_HEIGHT = 900
"""All of it where the window is high enough."""
_THEMES = (
    ("system", translatable("Follow the system")),
    ("dark", translatable("Dark")),
    ("light", translatable("Light")),
)


@dataclass(frozen=True, kw_only=True)
class SettingsValues:
    """The values the sheet shows and returns: the settings of the home, and those of this window."""

    max_running: int
    home: Settings
    theme: str = "system"
    language: str = "system"
    reduce_motion: bool = False
    editor: str = ""
    terminal: str = ""
    more: MoreValues = field(default_factory=MoreValues)


class SettingsSheet(SheetWithBanner):
    """Shows the settings, publishes changed ones, and stays open until they are saved.

    Signals:
        accepted: (SettingsValues, SettingsValues) as the form showed them at first, and as a person wants them.
        home_requested: show the data folder.
        limits_requested: show the limits of tools, accounts and groups.
        sound_requested: (kind of notification) let its sound be heard.
    """

    accepted = Signal(object, object)
    home_requested = Signal()
    limits_requested = Signal()
    sound_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget, *, probes: ToolProbes, home: Home) -> None:
        super().__init__(theme, parent, width=640)
        self.setObjectName("settingsSheet")
        self.heading.setText(tr("Settings"))
        self.sentence.setText(tr("Changes apply from the next job on; running jobs are not disturbed."))
        self._probes, self._home = probes, home
        self._home_settings = Settings()
        self._language = SYSTEM
        self._shown = self._accepted = SettingsValues(max_running=1, home=self._home_settings)
        self._saving: set[str] = set()
        """What is being saved; empty unless the sheet waits for it."""
        self._was_refused = False
        self._build_fields()
        self.coding_tools = ToolsPage(theme, [tool for tool in probes.tools if is_coding_tool(tool)])
        self._plain_tools = {
            tool: _field(tr("found on PATH")) for tool in probes.tools if not is_coding_tool(tool)
        }
        self._found = {
            tool: PlainLabel("", theme=theme, role="caption", color="t3", elide=True)
            for tool in self._plain_tools
        }
        self.more = MoreSettings(theme)
        self.levels = LevelRulesPage(theme)
        self.pages = QTabBar()
        self.pages.setDrawBase(False)
        self.pages.setExpanding(False)
        self.pages.setAccessibleName(tr("Pages of the settings"))
        for keys, slot in (("Ctrl+Tab", self._on_next_page), ("Ctrl+Shift+Tab", self._on_previous_page)):
            QShortcut(QKeySequence(keys), self, slot)
        self._lay_out_form(home.root)
        self._lay_out_footer()
        self.more.test_button.clicked.connect(self._on_test_clicked)
        for page in (self.coding_tools, self.levels):
            page.edited.connect(self._on_page_edited)
        self.levels.saved.connect(self._on_rules_saved)
        self.closed.connect(self._on_closed)
        probes.probed.connect(self._on_probed)

    def show_settings(self, values: SettingsValues) -> None:
        """Fill the form, open the sheet, and probe the tools."""
        self.max_running.setValue(values.max_running)
        self._home_settings = values.home
        self.inbox.setText(str(values.home.inbox_folder(self._home)))
        self.theme_choice.setCurrentIndex(self.theme_choice.findData(values.theme))
        self.reduce_motion.setChecked(values.reduce_motion)
        self._language = values.language
        self.language_choice.setCurrentIndex(max(0, self.language_choice.findData(values.language)))
        self._on_language_chosen()
        self.editor.setText(values.editor)
        self.terminal.setText(values.terminal)
        for tool, entry in self._plain_tools.items():
            entry.setText(values.home.tool_paths.get(tool, ""))
            self._found[tool].setText(tr("looking for it…"))
        self.coding_tools.show_settings(values.home)
        self.more.show(values.more, values.home)
        self.levels.show_rules()
        self._shown = self._values()  # a field may not be able to show the exact value
        self._probes.probe(values.home.tool_paths)
        self.open()

    def answer(self, refusal: str) -> bool:
        """Close once all is saved, or show what was refused; False if the sheet does not wait for it any more."""
        if _COMMANDS not in self._saving:
            return False
        if refusal:
            self.show_banner(refusal)
        self._note_saved(_COMMANDS, well=not refusal)
        return True

    def show_field(self, key: str) -> None:
        """Bring the field of a budget into view, ready to be changed."""
        entry = self.more.budgets[key]
        self.pages.setCurrentIndex(0)
        self._scroll.ensureWidgetVisible(entry)
        entry.setFocus()
        entry.selectAll()

    @property
    def tools(self) -> dict[str, QLineEdit]:
        """The fields of the paths of programs, by tool."""
        return {**self._plain_tools, **{tool: form.path for tool, form in self.coding_tools.forms.items()}}

    def stop_reading(self) -> None:
        """Return once nothing is read or written."""
        self.levels.stop_reading()

    def first_focus(self) -> QWidget:
        """The number that is changed most often."""
        return self.max_running

    def _build_fields(self) -> None:
        """The fields of the first page, except those of programs."""
        self.max_running = NumberBox(1, MOST_RUNNING)
        self.max_running.setAccessibleName(tr("Jobs that run at once"))
        self.max_running.setToolTip(tr("1 to 64; the arrow keys count up and down"))
        self.inbox = _field()
        self.inbox.setAccessibleName(tr("Inbox folder"))
        self.theme_choice = ChoiceBox(tr("Theme"), self.theme)
        for name, word in _THEMES:
            self.theme_choice.addItem(tr(word), name)
        self.reduce_motion = QCheckBox(tr("Reduce motion"))
        self.language_choice = ChoiceBox(tr("Language"), self.theme)
        for name, word in LANGUAGES:
            self.language_choice.addItem(tr(word), name)
        self.language_choice.currentIndexChanged.connect(self._on_language_chosen)
        self.next_start = PlainLabel("", theme=self.theme, role="caption", color="t3")
        self.editor = _field(tr("the first one found: VS Code, Zed, Kate…"))
        self.editor.setAccessibleName(tr("Editor"))
        self.terminal = _field(tr("the first one found"))
        self.terminal.setAccessibleName(tr("Terminal"))

    def _lay_out_footer(self) -> None:
        self.save_button = push_button(tr("Save"), kind="primary")
        self.save_button.setObjectName("saveSettings")
        cancel = push_button(tr("Cancel"))
        self.footer.addStretch(1)
        self.footer.addWidget(cancel)
        self.footer.addWidget(self.save_button)
        cancel.clicked.connect(self._on_cancelled)
        self.save_button.clicked.connect(self._on_save_clicked)

    def _lay_out_form(self, home: Path) -> None:
        form = QFormLayout()
        form.setContentsMargins(16, 14, 16, 14)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        more = push_button(tr("Limits and holds…"))
        more.setObjectName("moreLimits")
        more.setToolTip(tr("Limit or hold a tool, an account or a group, and choose which tools take over"))
        more.clicked.connect(self.limits_requested)
        at_once = _row(self.max_running, more)
        self._add(form, tr("Jobs that run at once"), at_once)
        choose = push_button(tr("Choose…"))
        choose.clicked.connect(self._on_choose_inbox)
        self._add(form, tr("Inbox folder"), _row(self.inbox, choose))
        show = push_button(tr("Show"))
        show.clicked.connect(self.home_requested)
        where = PlainLabel(str(home), theme=self.theme, role="mono", color="t2", elide=True)
        where.setToolTip(plain_tip(str(home)))
        self._add(form, tr("Data folder"), _row(where, show))
        for tool, entry in self._plain_tools.items():
            column = QWidget()
            stacked = QVBoxLayout(column)
            stacked.setContentsMargins(0, 0, 0, 0)
            stacked.setSpacing(2)
            stacked.addWidget(entry)
            stacked.addWidget(self._found[tool])
            entry.setAccessibleName(tr("Path of {tool}", tool=tool))
            self._add(form, tr("Path of {tool}", tool=tool), column)
        self._add(form, tr("Editor"), self.editor)
        self._add(form, tr("Terminal"), self.terminal)
        self._add(form, tr("Theme"), _row(self.theme_choice, self.reduce_motion))
        self._add(form, tr("Language"), _row(self.language_choice, self.next_start))
        self.more.add_to(form)
        page = QWidget()
        page.setLayout(form)
        self._scroll = PageScroll(page, name=tr("General settings"), max_height=_HEIGHT)
        self._lay_out_pages(self._scroll)

    def _lay_out_pages(self, general: QWidget) -> None:
        stack = QStackedWidget()
        pages = (
            (tr("General"), general),
            (tr("Coding tools"), self.coding_tools),
            (tr("Levels"), self.levels),
        )
        for name, page in pages:
            self.pages.addTab(name)
            stack.addWidget(page)
        self.pages.currentChanged.connect(stack.setCurrentIndex)
        self.body.addWidget(self.pages)
        self.body.addWidget(Hairline(self.theme))
        self.body.addWidget(stack)

    def _add(self, form: QFormLayout, label: str, field: QWidget) -> None:
        form.addRow(PlainLabel(label, theme=self.theme, color="t2"), field)

    @Slot()
    def _on_next_page(self) -> None:
        self.pages.setCurrentIndex((self.pages.currentIndex() + 1) % self.pages.count())

    @Slot()
    def _on_previous_page(self) -> None:
        self.pages.setCurrentIndex((self.pages.currentIndex() - 1) % self.pages.count())

    @Slot()
    def _on_cancelled(self) -> None:
        self.dismiss()

    @Slot()
    def _on_save_clicked(self) -> None:
        self.hide_banner()
        self._accepted = self._values()
        self._saving = {_COMMANDS, _RULES} if self.levels.save() else {_COMMANDS}
        self._was_refused = False
        self._show_saving()
        self.accepted.emit(self._shown, self._accepted)

    def _note_saved(self, part: str, *, well: bool) -> None:
        """Close after the last part, unless one was refused or something was changed in the meantime."""
        self._saving.discard(part)
        self._was_refused |= not well
        if self._saving:
            return
        self._show_saving()
        if self._was_refused:
            return
        if self._values() == self._accepted:
            self.dismiss()
        else:
            self._shown = self._accepted

    def _show_saving(self) -> None:
        self.save_button.setText(tr("Saving…") if self._saving else tr("Save"))
        self._on_page_edited()

    @Slot(str)
    def _on_rules_saved(self, problem: str) -> None:
        if _RULES in self._saving:
            if problem:
                self.pages.setCurrentIndex(self.pages.count() - 1)
            self._note_saved(_RULES, well=not problem)

    @Slot()
    def _on_closed(self) -> None:
        self._saving = set()
        self.hide_banner()
        self._show_saving()

    def _values(self) -> SettingsValues:
        """What the form shows now."""
        return SettingsValues(
            max_running=self.max_running.value(),
            home=self._home_values(),
            theme=str(self.theme_choice.currentData()),
            language=str(self.language_choice.currentData()),
            reduce_motion=self.reduce_motion.isChecked(),
            editor=self.editor.text().strip(),
            terminal=self.terminal.text().strip(),
            more=self.more.values(),
        )

    def _home_values(self) -> Settings:
        """The edited values; the engine checks them, and refuses those it cannot use with a reason."""
        inbox = Path(self.inbox.text().strip()).expanduser()
        paths = dict(self._home_settings.tool_paths)  # of programs that have no field here, too
        paths.update({tool: entry.text().strip() for tool, entry in self._plain_tools.items()})
        paths.update(self.coding_tools.paths())
        changed = {
            "inbox": None if inbox == self._home.inbox else str(inbox),
            "tool_paths": {tool: path for tool, path in paths.items() if path},
            "tools": self.coding_tools.tools(),
            **self.more.settings(),
        }
        return self._home_settings.model_copy(update=changed)

    @Slot()
    def _on_test_clicked(self) -> None:
        self.sound_requested.emit(self.more.next_sound())

    @Slot()
    def _on_choose_inbox(self) -> None:
        dialog = QFileDialog(self.window(), tr("Inbox folder"), self.inbox.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.inbox.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _on_language_chosen(self) -> None:
        """Say when a change takes effect: a window that runs keeps its language."""
        changed = self.language_choice.currentData() != self._language
        self.next_start.setText(tr("From the next start on") if changed else "")

    @Slot()
    def _on_page_edited(self) -> None:
        problem = self.coding_tools.problem() or self.levels.problem
        self.save_button.setEnabled(not problem and self.levels.is_checked and not self._saving)
        self.save_button.setToolTip(plain_tip(problem))

    @Slot(object)
    def _on_probed(self, probe: ToolProbe) -> None:
        self.coding_tools.show_probe(probe)
        label = self._found.get(probe.tool)
        if label is not None:
            found = " ".join(filter(None, (probe.version, probe.path))) if probe.path else tr("built in")
            text = probe.problem or found
            label.setText(text)
            label.setToolTip(plain_tip(text))
            named = bool(self._plain_tools[probe.tool].text().strip())
            label.set_color("failed" if probe.problem and named else "t3")


def _field(placeholder: str = "") -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(placeholder)
    field.setAcceptDrops(False)
    return field


def _row(field: QWidget, *more: QWidget) -> QWidget:
    row = QWidget()
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(8)
    narrow = isinstance(field, NumberBox)
    across.addWidget(field, 0 if narrow else 1)
    for widget in more:
        across.addWidget(widget)
    if narrow:
        across.addStretch(1)
    return row
