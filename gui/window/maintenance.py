"""Backups, old history, runs written out and taken in, and grants, as a person asks for them. Does no work itself."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from engine.maintenance.backups import Backup
from engine.system.formatting import date_minute
from gui.control.maintenance_tasks import MaintenanceTasks
from gui.control.preferences import Layout
from gui.data.projection import Projection
from gui.data.selection import Selection
from gui.sheets.maintenance_sheet import HistorySheet, export_folder
from gui.theme.theme import Theme
from gui.widgets.confirm_sheet import Choice, ConfirmSheet
from gui.window.main_window import MainWindow

_SHEET = frozenset({"history", "restore", "prune", "export_run", "trusted"})


class Housekeeping(QObject):
    """Opens the sheet and the file dialogs, and has the keeper do what was decided.

    Signals:
        told: (sentence) it was done, and the sheet is not open to say so.
        refused: (sentence) it was not, likewise.
        restore_wanted: (Path) close everything, put this backup in place, and open again.
    """

    told = Signal(str)
    refused = Signal(str)
    restore_wanted = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        keeper: MaintenanceTasks,
        *,
        projection: Projection,
        selection: Selection,
        theme: Theme,
        layout: Layout,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._theme, self._layout = window, theme, layout
        self._projection, self._selection = projection, selection
        self.keeper = keeper
        self.sheet = HistorySheet(theme, window)
        self._run_id = ""
        self._backup: Backup | None = None
        self.question: ConfirmSheet | None = None
        sheet = self.sheet
        sheet.backup_asked.connect(keeper.back_up)
        sheet.look_asked.connect(keeper.look)
        sheet.prune_asked.connect(keeper.prune)
        sheet.revoke_asked.connect(keeper.revoke)
        sheet.restore_asked.connect(self._on_restore_asked)
        sheet.write_out_asked.connect(self._on_write_out_asked)
        sheet.take_in_asked.connect(self._on_take_in_asked)
        keeper.listed.connect(sheet.show_kept)
        keeper.looked.connect(sheet.show_looked)
        keeper.told.connect(self._on_told)
        keeper.refused.connect(self._on_refused)

    def open(self, command: str) -> bool:
        """Open what a command is for, or do it; False where it is for none of these."""
        match command:
            case "backup":
                self.keeper.back_up()
            case "import_run":
                self._on_take_in_asked()
            case _ if command in _SHEET:
                runs = list(self._projection.runs.values())
                self.sheet.show_history(runs, chosen=self._selection.run_id, part=command)
                self.keeper.list_all()
            case _:
                return False
        return True

    @Slot(str)
    def _on_told(self, sentence: str) -> None:
        if self.sheet.is_open:
            self.sheet.say(sentence)
        else:
            self.told.emit(sentence)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        if self.sheet.is_open:
            self.sheet.say(sentence, color="failed")
        else:
            self.refused.emit(sentence)

    @Slot(str)
    def _on_write_out_asked(self, run_id: str) -> None:
        self._run_id = run_id
        self._choose("The folder to write the run into", "writeOutDialog", self._on_target_chosen)

    @Slot()
    def _on_take_in_asked(self) -> None:
        self._choose("The folder of a run that was written out", "takeInDialog", self._on_source_chosen)

    def _choose(self, title: str, name: str, chosen: object) -> None:
        dialog = QFileDialog(self._window, title, self._layout.last_folder)
        dialog.setObjectName(name)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_target_chosen(self, name: str) -> None:
        self.keeper.write_out(self._run_id, export_folder(Path(name), self._run_id))

    @Slot(str)
    def _on_source_chosen(self, name: str) -> None:
        self.keeper.take_in(Path(name))

    @Slot(object)
    def _on_restore_asked(self, backup: Backup) -> None:
        if others := self.keeper.other_engines():
            self.sheet.say(
                f"Another engine is at work here (process {', '.join(others)}). End it first: "
                "a backup is put in place only where nothing else writes.",
                color="failed",
            )
            return
        self._backup = backup
        taken = date_minute(backup.at)
        self.sheet.dismiss()
        self.question = ConfirmSheet(
            self._theme,
            self._window,
            title=f"Put the backup of {taken} in place?",
            sentence=(
                "Running jobs are stopped, and the window opens anew with what the backup holds. The present "
                "database is kept beside it. The queue is paused then: what waits may have run since."
            ),
            verbs=(Choice("keep", "Keep the present one"), Choice("restore", "Put it in place", "danger")),
        )
        self.question.answered.connect(self._on_restore_chosen)
        self.question.open()

    @Slot(str)
    def _on_restore_chosen(self, verb: str) -> None:
        if verb == "restore" and self._backup is not None:
            self.restore_wanted.emit(self._backup.path)
