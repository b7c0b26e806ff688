"""Backups, pruning, export and import of runs, and grants, on one sheet. Carries out none of it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.maintenance.backups import Backup
from engine.settings import Settings
from engine.system.formatting import date_minute
from engine.system.plain_text import escape_invisible
from engine.trust.launch_card import argv_of, binding_words, shortened
from gui.control.action_effects import OBSERVING
from gui.control.maintenance_tasks import MaintenanceInventory, PrunePreview
from gui.figures import size
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import Kind, push_button, set_usable
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.number_box import NumberBox
from gui.widgets.sheet import Sheet
from state.records import Run
from state.shown_names import run_name

_LONGEST = 62
_MOST_DAYS = 3650


class MaintenanceSheet(Sheet):
    """Shows the backups, runs and grants there are, and requests what a person decides.

    Signals:
        backup_requested: back up the database now.
        restore_requested: (Backup) restore it.
        preview_requested: (days) find out what pruning would remove.
        prune_requested: (days) prune it.
        export_requested: (run id) export this run into a folder.
        import_requested: import a run from a folder.
        revoke_requested: (grant id) revoke this grant.
    """

    backup_requested = Signal()
    restore_requested = Signal(object)
    preview_requested = Signal(int)
    prune_requested = Signal(int)
    export_requested = Signal(str)
    import_requested = Signal()
    revoke_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, width=640)
        self.setObjectName("historySheet")
        self.heading.setText(tr("Maintenance"))
        self.sentence.setText(
            tr("A backup is also made each day. Nothing here disturbs running jobs, except where it says so.")
        )
        self.backup = ChoiceBox(tr("Backup"), theme)
        self.days = NumberBox(1, _MOST_DAYS)
        self.days.setValue(Settings().keep_history_days)
        self.days.setAccessibleName(tr("Days to keep"))
        self.run = ChoiceBox(tr("Run"), theme)
        self.grant = ChoiceBox(tr("Grant"), theme)
        self.backup_button = _button(tr("Back up now"), "backUpNow")
        self.restore_button = _button(tr("Restore…"), "restoreBackup", "danger")
        self.preview_button = _button(tr("Preview"), "previewPrune")
        self.prune_button = _button(tr("Prune"), "pruneNow", "danger")
        self.export_button = _button(tr("Export…"), "exportRun")
        self.import_button = _button(tr("Import run…"), "importRun")
        self.revoke_button = _button(tr("Revoke"), "revoke")
        self.found = self._note(_before_a_preview())
        self.message = PlainLabel("", theme=theme, role="small", color="t2")
        self.message.setWordWrap(True)
        self._first: QWidget = self.backup
        self._reason = ""
        self._possible = {self.import_button: True}
        """The buttons that change something, and whether there is anything to change."""
        self._focused: dict[str, QWidget] = {
            "restore": self.backup,
            "prune": self.days,
            "export_run": self.run,
            "trusted": self.grant,
        }
        self._lay_out_page()
        self._connect()

    def show_history(self, runs: Sequence[Run], *, selected: str | None, part: str = "") -> None:
        """Open the sheet at a part: restore, prune, export_run or trusted."""
        self.run.clear()
        for run in sorted(runs, key=lambda run: run.created_at, reverse=True):
            self.run.addItem(
                _cut(f"{escape_invisible(run_name(run))}, {date_minute(run.created_at)}"), run.run_id
            )
        if not runs:
            self.run.addItem(tr("none yet"), None)
        self.run.setCurrentIndex(max(0, self.run.findData(selected)))
        self.export_button.setEnabled(bool(runs))
        self._enable(self.prune_button, possible=False)
        self.show_message("")
        self._first = self._focused.get(part, self.backup)
        self.open()

    def set_observing(self, observes: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Restore, prune, import and revoke nothing while the window only observes; the tips give the reason."""
        self._reason = tr(OBSERVING) if observes else ""
        for button, possible in self._possible.items():
            set_usable(button, self._reason, possible=possible)

    def first_focus(self) -> QWidget:
        """Where the requested part begins: never a button, which a key in haste would press."""
        return self._first

    @Slot(object)
    def show_inventory(self, inventory: MaintenanceInventory) -> None:
        """Show which backups and grants there are."""
        self.backup.clear()
        for backup in inventory.backups:
            self.backup.addItem(_described(backup), backup)
        if not inventory.backups:
            self.backup.addItem(tr("none yet"), None)
        self._enable(self.restore_button, possible=bool(inventory.backups))
        self.grant.clear()
        for grant in inventory.grants:
            command = tr(
                "{tool} in {repo}: {join}",
                tool=grant.start.tool,
                repo=shortened(grant.start.repo),
                join=" ".join(argv_of(grant.start)),
            )
            line = f"[{binding_words(grant)}] {command}"
            self.grant.addItem(_cut(line), grant.grant_id)
            self.grant.setItemData(self.grant.count() - 1, plain_tip(line), _TIP)
        if not inventory.grants:
            self.grant.addItem(tr("none: jobs from the inbox wait for you"), None)
        self._enable(self.revoke_button, possible=bool(inventory.grants))
        if self.is_open:
            self.place()

    @Slot(object)
    def show_preview(self, preview: PrunePreview) -> None:
        """Say what would be pruned; only then it can be. A preview of other days answers an earlier question."""
        if preview.days != self.days.value():
            return
        summary = preview.pruned
        self.found.setText(
            tr("Would be pruned: {sentence}.", sentence=summary.sentence)
            if summary.anything
            else tr("Nothing is that old.")
        )
        self._enable(self.prune_button, possible=summary.anything)
        self.place()

    @Slot(str)
    def show_message(self, sentence: str, *, color: str = "t2") -> None:
        """Show what became of the last request."""
        self.message.setText(sentence)
        self.message.set_color(color)
        self.message.setVisible(bool(sentence))
        if self.is_open:
            self.place()

    def _enable(self, button: QPushButton, *, possible: bool) -> None:
        self._possible[button] = possible
        set_usable(button, self._reason, possible=possible)

    def _lay_out_page(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        parts: tuple[tuple[str, tuple[QWidget, ...], QWidget | None], ...] = (
            (
                tr("Backups"),
                (self.backup, self.restore_button, self.backup_button),
                self._note(
                    tr(
                        "The present database is kept next to it. "
                        "Running jobs are stopped first; the queue stays paused."
                    )
                ),
            ),
            (
                tr("History"),
                (
                    self._note(tr("Ended more than")),
                    self.days,
                    self._note(tr("days ago")),
                    self.preview_button,
                    self.prune_button,
                ),
                self.found,
            ),
            (
                tr("Runs"),
                (self.run, self.export_button, self.import_button),
                self._note(
                    tr(
                        "An export holds all records and output. An imported run is history; none of its jobs starts."
                    )
                ),
            ),
            (tr("Grants: may start without review"), (self.grant, self.revoke_button), None),
        )
        for title, widgets, below in parts:
            column.addWidget(PlainLabel(title, theme=self.theme, role="strong"))
            column.addLayout(_row(widgets))
            if below is not None:
                column.addWidget(below)
            column.addSpacing(8)
        column.addWidget(self.message)
        self.body.addLayout(column)
        done = push_button(tr("Done"), kind="primary")
        done.clicked.connect(self._on_done)
        self.footer.addStretch(1)
        self.footer.addWidget(done)

    def _note(self, text: str) -> PlainLabel:
        label = PlainLabel(text, theme=self.theme, role="small", color="t2")
        label.setWordWrap(len(text) > _LONGEST // 2)
        return label

    def _connect(self) -> None:
        self.backup_button.clicked.connect(self.backup_requested)
        self.restore_button.clicked.connect(self._on_restore_clicked)
        self.preview_button.clicked.connect(self._on_preview_clicked)
        self.prune_button.clicked.connect(self._on_prune_clicked)
        self.export_button.clicked.connect(self._on_export_clicked)
        self.import_button.clicked.connect(self.import_requested)
        self.revoke_button.clicked.connect(self._on_revoke_clicked)
        self.days.valueChanged.connect(self._on_days_changed)
        self.show_inventory(MaintenanceInventory())

    @Slot()
    def _on_restore_clicked(self) -> None:
        backup = self.backup.currentData()
        if isinstance(backup, Backup):
            self.restore_requested.emit(backup)

    @Slot()
    def _on_preview_clicked(self) -> None:
        self.preview_requested.emit(self.days.value())

    @Slot()
    def _on_prune_clicked(self) -> None:
        self._forget_preview()
        self.show_message(tr("Pruning…"))
        self.prune_requested.emit(self.days.value())

    @Slot()
    def _on_export_clicked(self) -> None:
        if self.run.currentData() is not None:
            self.export_requested.emit(self.run.currentData())

    @Slot()
    def _on_revoke_clicked(self) -> None:
        if self.grant.currentData() is not None:
            self.revoke_requested.emit(self.grant.currentData())

    @Slot()
    def _on_days_changed(self) -> None:
        """The preview was of other days."""
        self._forget_preview()

    def _forget_preview(self) -> None:
        self._enable(self.prune_button, possible=False)
        self.found.setText(_before_a_preview())

    @Slot()
    def _on_done(self) -> None:
        self.dismiss()


_TIP = 3  # Qt.ItemDataRole.ToolTipRole


def _button(text: str, name: str, kind: Kind = "secondary") -> QPushButton:
    button = push_button(text, kind=kind)
    button.setObjectName(name)
    return button


def _row(widgets: Sequence[QWidget]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
        if isinstance(widget, ChoiceBox | NumberBox | QLineEdit) and widget is widgets[0]:
            row.addStretch(1)
    if not isinstance(widgets[0], ChoiceBox):
        row.insertStretch(len(widgets) - 2, 1)
    return row


def _described(backup: Backup) -> str:
    kind = (
        tr("by hand")
        if "-by-hand-" in backup.path.name
        else tr("daily")
        if "-daily-" in backup.path.name
        else tr("upgrade")
    )
    return f"{date_minute(backup.at)}, {kind}, {size(backup.bytes)}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def export_folder(parent: Path, run_id: str) -> Path:
    """Where a run is written to, in the selected folder."""
    return parent / f"signalbox-{run_id}"


def _before_a_preview() -> str:
    return tr("Only runs that have ended are pruned, with their output and events.")
