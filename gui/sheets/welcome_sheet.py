"""The welcome of the first start: which tools there are, a repository, and a first job. Starts nothing itself."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from engine.jobfile.tool_names import is_coding_tool
from engine.system.plain_text import escape_invisible
from engine.system.recent_repositories import FolderKind, kind_of_folder, recent_repositories
from engine.types import ToolProbe
from gui.control.background_tasks import BackgroundTasks
from gui.control.tool_probes import ToolProbes
from gui.data.welcome_words import first_template, folder_words, tool_words
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.buttons import push_button, set_kind
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.page_scroll import PageScroll
from gui.widgets.sheet import Sheet

_STARTERS = {
    "fix-a-failing-test": translatable("Fix a failing test"),
    "run-the-tests": translatable("Run the tests"),
    "run-a-command": translatable("Run a command"),
}
"""The shipped templates that a first job can be made of, with their buttons."""
_COLUMNS = 2
_HEIGHT = 520


class WelcomeSheet(Sheet):
    """Three steps on one page.

    Signals:
        template_selected: (template, folder) make the first job of this template, to work in this folder.
        demo_requested: show the demo.
        remembered: whether it is shown at the start was changed.
    """

    template_selected = Signal(str, str)
    demo_requested = Signal()
    remembered = Signal()

    def __init__(self, theme: Theme, parent: QWidget, *, probes: ToolProbes) -> None:
        super().__init__(theme, parent, width=720)
        self.setObjectName("welcomeSheet")
        self.setAcceptDrops(True)
        self.heading.setText(tr("Welcome to Signalbox"))
        self.sentence.setText(tr("Three steps to a first job. Nothing starts before you add it."))
        self._found: dict[str, ToolProbe] = {}
        self._recent_tasks, self._folder_tasks = BackgroundTasks(self), BackgroundTasks(self)
        self.tools = {
            name: PlainLabel(theme=theme, role="small", color="t2")
            for name in probes.tools
            if is_coding_tool(name)
        }
        self.summary = PlainLabel(theme=theme, role="small", color="t3")
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(tr("the repository or folder the job works in"))
        self.folder.setAccessibleName(tr("Repository"))
        self.folder.setAcceptDrops(False)
        self.recent = ChoiceBox(tr("Recent repositories"), theme)
        self.browse_button = push_button(tr("Choose…"), small=True)
        self.browse_button.setToolTip(tr("Choose the folder"))
        self.folder_note = PlainLabel(theme=theme, role="small", color="t3")
        self.starters = {name: push_button(tr(title)) for name, title in _STARTERS.items()}
        self.demo_button = push_button(tr("Try the demo"))
        self.at_start = QCheckBox(tr("Show at start"))
        self._lay_out_steps()
        self._connect(probes)

    def open(self) -> None:
        """Open; look in the background for repositories. Whoever opens it has the tools probed."""
        self._found.clear()
        self._show_tools()
        self._recent_tasks.run_latest(partial(recent_repositories, Path.home()), self._on_recent_found)
        self._check_folder()
        super().open()

    def first_focus(self) -> QWidget:
        """The repository, which is what a person has to give."""
        return self.folder

    def stop_reading(self) -> None:
        """Return once no folder is read; for the end of the program."""
        self._recent_tasks.stop()
        self._folder_tasks.stop()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take one local folder."""
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Use the dropped folder as the repository."""
        event.acceptProposedAction()
        self.folder.setText(event.mimeData().urls()[0].toLocalFile())

    @Slot(object)
    def show_probe(self, probe: ToolProbe) -> None:
        """Show what was found of a tool."""
        if probe.tool in self.tools:
            self._found[probe.tool] = probe
            self._show_tools()
            self._fit()

    def _connect(self, probes: ToolProbes) -> None:
        probes.probed.connect(self.show_probe)
        self.folder.textChanged.connect(self._on_folder_changed)
        self.recent.activated.connect(self._on_recent_activated)
        self.browse_button.clicked.connect(self._on_browse_clicked)
        for name, button in self.starters.items():
            button.clicked.connect(partial(self._choose, name))
        self.demo_button.clicked.connect(self._on_demo_clicked)
        self.at_start.clicked.connect(self.remembered)

    def _lay_out_steps(self) -> None:
        self._page = QWidget()
        column = QVBoxLayout(self._page)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addWidget(self._head(tr("1. Your coding tools")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        for place, (name, label) in enumerate(self.tools.items()):
            label.setAccessibleName(name)
            grid.addWidget(label, place // _COLUMNS, place % _COLUMNS)
        column.addLayout(grid)
        column.addWidget(self.summary)
        column.addSpacing(8)
        column.addWidget(self._head(tr("2. A repository")))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(self.browse_button)
        column.addLayout(row)
        column.addWidget(self.recent)
        column.addWidget(self.folder_note)
        column.addSpacing(8)
        column.addWidget(self._head(tr("3. A first job")))
        choices = QHBoxLayout()
        choices.setSpacing(8)
        for button in (*self.starters.values(), self.demo_button):
            choices.addWidget(button)
        choices.addStretch(1)
        column.addLayout(choices)
        for label in (self.summary, self.folder_note):
            label.setWordWrap(True)
        self.recent.hide()
        self._scroll = PageScroll(self._page, name=tr("Three steps"), max_height=_HEIGHT)
        self.body.addWidget(self._scroll)
        close = push_button(tr("Close"))
        close.clicked.connect(self.request_close)
        self.footer.addWidget(self.at_start)
        self.footer.addStretch(1)
        self.footer.addWidget(close)

    def _head(self, words: str) -> PlainLabel:
        return PlainLabel(words, theme=self.theme, role="strong")

    def _show_tools(self) -> None:
        for name, label in self.tools.items():
            label.setText(f"{name}: {escape_invisible(tool_words(self._found.get(name)))}")
            probe = self._found.get(name)
            label.setToolTip(plain_tip(probe.problem or probe.path or "") if probe is not None else "")
        left = len(self.tools) - len(self._found)
        usable = any(one.path and not one.problem for one in self._found.values())
        if left:
            words = tr("Looking for {left} of {count} tools…", left=left, count=len(self.tools))
        elif usable:
            words = tr("Settings > Coding tools has the paths, accounts and defaults.")
        else:
            words = tr(
                "No coding tool was found. Begin with a command, the tests or the demo; none of them needs one."
            )
        self.summary.setText(words)
        best = first_template(self._found.values())
        for name, button in self.starters.items():
            set_kind(button, "primary" if name == best and not left else "secondary")

    def _check_folder(self) -> None:
        self._folder_tasks.run_latest(partial(kind_of_folder, self.folder.text()), self._on_folder_checked)

    def _on_folder_checked(self, kind: FolderKind) -> None:
        words, color = folder_words(kind)
        self.folder_note.set_color(color)
        self.folder_note.setText(words)
        self._fit()

    def _fit(self) -> None:
        """Take the height that the words need now."""
        if (layout := self._page.layout()) is not None:
            layout.activate()
        self._scroll.updateGeometry()
        if self.is_open:
            self.place()

    def _on_recent_found(self, found: Sequence[Path]) -> None:
        self.recent.clear()
        for folder in found:
            self.recent.addItem(escape_invisible(str(folder)), str(folder))
        self.recent.setVisible(len(found) > 1)
        if found and not self.folder.text():
            self.folder.setText(str(found[0]))
        self._fit()

    def _choose(self, name: str) -> None:
        folder = self.folder.text().strip()
        self.dismiss()
        self.template_selected.emit(name, folder)

    @Slot()
    def _on_folder_changed(self) -> None:
        self._check_folder()

    @Slot(int)
    def _on_recent_activated(self, row: int) -> None:
        self.folder.setText(self.recent.itemData(row))

    @Slot()
    def _on_browse_clicked(self) -> None:
        dialog = QFileDialog(self, tr("Where the job works"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _on_demo_clicked(self) -> None:
        self.dismiss()
        self.demo_requested.emit()
