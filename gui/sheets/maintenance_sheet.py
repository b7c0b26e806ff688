"""Backups, old history, runs to write out or take in, and what is trusted, on one sheet. Does nothing of it itself."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.maintenance.backups import Backup
from engine.settings import Settings
from engine.system.formatting import date_minute, size
from engine.trust.launch_card import argv_of, shortened
from gui.control.maintenance_tasks import MaintenanceInventory, PrunePreview
from gui.theme.theme import Theme
from gui.widgets.buttons import Kind, push_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.number_box import NumberBox
from gui.widgets.sheet import Sheet
from state.records import Run

_LONGEST = 62
_MOST_DAYS = 3650


class HistorySheet(Sheet):
    """Shows what there is and asks for what a person wants of it.

    Signals:
        backup_asked: copy the database now.
        restore_asked: (Backup) put it in the place of the database.
        look_asked: (days) what would pruning take away?
        prune_asked: (days) take it away.
        write_out_asked: (run id) write this run into a folder.
        take_in_asked: take a run in from a folder.
        revoke_asked: (grant id) trust this no more.
    """

    backup_asked = Signal()
    restore_asked = Signal(object)
    look_asked = Signal(int)
    prune_asked = Signal(int)
    write_out_asked = Signal(str)
    take_in_asked = Signal()
    revoke_asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, width=640)
        self.setObjectName("historySheet")
        self.heading.setText("Backups and history")
        self.sentence.setText(
            "A backup is also taken each day. Nothing here disturbs what runs, but for one that says so."
        )
        self.backup = ChoiceBox("Backup", theme)
        self.days = NumberBox(1, _MOST_DAYS)
        self.days.setValue(Settings().keep_history_days)
        self.days.setAccessibleName("Days to keep")
        self.run = ChoiceBox("Run", theme)
        self.grant = ChoiceBox("What is trusted", theme)
        self.backup_button = _button("Back up now", "backUpNow")
        self.restore_button = _button("Put it in place…", "putInPlace", "danger")
        self.look_button = _button("What would go?", "lookFirst")
        self.prune_button = _button("Take it away", "pruneNow", "danger")
        self.write_out_button = _button("Write out…", "writeOut")
        self.take_in_button = _button("Take a run in…", "takeIn")
        self.revoke_button = _button("Ask again", "revoke")
        self.found = self._told("Only runs that have ended go, with their output and events.")
        self.answer = PlainLabel("", theme=theme, role="small", color="t2")
        self.answer.setWordWrap(True)
        self._first: QWidget = self.backup
        self._focused: dict[str, QWidget] = {
            "restore": self.backup,
            "prune": self.days,
            "export_run": self.run,
            "trusted": self.grant,
        }
        self._lay_out_page()
        self._connect()

    def show_history(self, runs: Sequence[Run], *, chosen: str | None, part: str = "") -> None:
        """Open the sheet at a part: restore, prune, export_run or trusted."""
        self.run.clear()
        for run in sorted(runs, key=lambda run: run.created_at, reverse=True):
            self.run.addItem(_cut(f"{run.title or run.run_id}, {date_minute(run.created_at)}"), run.run_id)
        self.run.setCurrentIndex(max(0, self.run.findData(chosen)))
        self.write_out_button.setEnabled(self.run.count() > 0)
        self.prune_button.setEnabled(False)
        self.say("")
        self._first = self._focused.get(part, self.backup)
        self.open()

    def first_focus(self) -> QWidget:
        """Where the part begins that was asked for: never a button, which a key in haste would press."""
        return self._first

    @Slot(object)
    def show_kept(self, kept: MaintenanceInventory) -> None:
        """Show which backups and grants there are."""
        self.backup.clear()
        for backup in kept.backups:
            self.backup.addItem(_described(backup), backup)
        if not kept.backups:
            self.backup.addItem("none yet", None)
        self.restore_button.setEnabled(bool(kept.backups))
        self.grant.clear()
        for grant in kept.grants:
            line = f"{grant.start.tool} in {shortened(grant.start.repo)}: {' '.join(argv_of(grant.start))}"
            self.grant.addItem(_cut(line), grant.grant_id)
            self.grant.setItemData(self.grant.count() - 1, plain_tip(line), _TIP)
        if not kept.grants:
            self.grant.addItem("nothing: what comes in by the inbox waits for you", None)
        self.revoke_button.setEnabled(bool(kept.grants))
        if self.is_open:
            self.place()

    @Slot(object)
    def show_looked(self, looked: PrunePreview) -> None:
        """Say what would go; only then it can be taken away."""
        anything = looked.pruned.anything and looked.days == self.days.value()
        told = f"Would go: {looked.pruned.sentence}." if anything else "Nothing is that old."
        self.found.setText(told)
        self.prune_button.setEnabled(anything)
        self.place()

    @Slot(str)
    def say(self, sentence: str, *, color: str = "t2") -> None:
        """Tell what became of the last wish."""
        self.answer.setText(sentence)
        self.answer.set_color(color)
        self.answer.setVisible(bool(sentence))
        if self.is_open:
            self.place()

    def _lay_out_page(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        parts: tuple[tuple[str, tuple[QWidget, ...], QWidget | None], ...] = (
            (
                "Backups",
                (self.backup, self.restore_button, self.backup_button),
                self._told(
                    "The present file is kept beside it. Running jobs are stopped first; the queue is paused then."
                ),
            ),
            (
                "Old history",
                (
                    self._told("Ended more than"),
                    self.days,
                    self._told("days ago"),
                    self.look_button,
                    self.prune_button,
                ),
                self.found,
            ),
            (
                "Runs",
                (self.run, self.write_out_button, self.take_in_button),
                self._told(
                    "With everything recorded and all output. What is taken in is history; nothing of it starts."
                ),
            ),
            ("Trusted to start unasked", (self.grant, self.revoke_button), None),
        )
        for title, widgets, below in parts:
            column.addWidget(PlainLabel(title, theme=self.theme, role="strong"))
            column.addLayout(_row(widgets))
            if below is not None:
                column.addWidget(below)
            column.addSpacing(8)
        column.addWidget(self.answer)
        self.body.addLayout(column)
        done = push_button("Done", kind="primary")
        done.clicked.connect(self._on_done)
        self.footer.addStretch(1)
        self.footer.addWidget(done)

    def _told(self, text: str) -> PlainLabel:
        label = PlainLabel(text, theme=self.theme, role="small", color="t2")
        label.setWordWrap(len(text) > _LONGEST // 2)
        return label

    def _connect(self) -> None:
        self.backup_button.clicked.connect(self.backup_asked)
        self.restore_button.clicked.connect(self._on_restore_clicked)
        self.look_button.clicked.connect(self._on_look_clicked)
        self.prune_button.clicked.connect(self._on_prune_clicked)
        self.write_out_button.clicked.connect(self._on_write_out_clicked)
        self.take_in_button.clicked.connect(self.take_in_asked)
        self.revoke_button.clicked.connect(self._on_revoke_clicked)
        self.days.valueChanged.connect(self._on_days_changed)
        self.show_kept(MaintenanceInventory())

    @Slot()
    def _on_restore_clicked(self) -> None:
        backup = self.backup.currentData()
        if isinstance(backup, Backup):
            self.restore_asked.emit(backup)

    @Slot()
    def _on_look_clicked(self) -> None:
        self.look_asked.emit(self.days.value())

    @Slot()
    def _on_prune_clicked(self) -> None:
        self.prune_button.setEnabled(False)
        self.prune_asked.emit(self.days.value())

    @Slot()
    def _on_write_out_clicked(self) -> None:
        if self.run.currentData() is not None:
            self.write_out_asked.emit(self.run.currentData())

    @Slot()
    def _on_revoke_clicked(self) -> None:
        if self.grant.currentData() is not None:
            self.revoke_asked.emit(self.grant.currentData())

    @Slot()
    def _on_days_changed(self) -> None:
        """What was looked at is not what would go any more."""
        self.prune_button.setEnabled(False)

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
        "by hand"
        if "-by-hand-" in backup.path.name
        else "daily"
        if "-daily-" in backup.path.name
        else "upgrade"
    )
    return f"{date_minute(backup.at)}, {kind}, {size(backup.bytes)}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def export_folder(parent: Path, run_id: str) -> Path:
    """Where a run is written to, in the folder that was chosen."""
    return parent / f"signalbox-{run_id}"
