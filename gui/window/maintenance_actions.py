"""Backups, pruning, export, import and grants, as the user requests them. Does no work itself."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from engine.system.formatting import date_minute
from gui.control.action_effects import MaintenanceAction
from gui.control.maintenance_tasks import MaintenanceTasks
from gui.control.preferences import Layout
from gui.data.projection import Projection
from gui.data.selection import Selection
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.confirm_sheet import Choice, ConfirmSheet
from gui.window.main_window import MainWindow

if TYPE_CHECKING:
    from engine.maintenance.backups import Backup
    from gui.sheets.maintenance_sheet import MaintenanceSheet


class MaintenanceActions(QObject):
    """Opens the sheet and the file dialogs, and passes decisions to the maintenance tasks.

    Signals:
        finished: (sentence) it was done, and the sheet is not open to say so.
        refused: (sentence) it was not, likewise.
        restore_requested: (Path) close everything, restore this backup, and open again.
    """

    finished = Signal(str)
    refused = Signal(str)
    restore_requested = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        tasks: MaintenanceTasks,
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
        self.tasks = tasks
        self._run_id = ""
        self._observes = False
        self._backup: Backup | None = None
        self.question: ConfirmSheet | None = None
        tasks.finished.connect(self._on_finished)
        tasks.refused.connect(self._on_refused)

    @cached_property
    def sheet(self) -> "MaintenanceSheet":
        """The sheet, made when it is first needed."""
        from gui.sheets.maintenance_sheet import MaintenanceSheet

        sheet, tasks = MaintenanceSheet(self._theme, self._window), self.tasks
        if self._observes:
            sheet.set_observing(True)
        sheet.backup_requested.connect(tasks.back_up)
        sheet.preview_requested.connect(tasks.preview)
        sheet.prune_requested.connect(tasks.prune)
        sheet.revoke_requested.connect(tasks.revoke)
        sheet.restore_requested.connect(self._on_restore_requested)
        sheet.export_requested.connect(self._on_export_requested)
        sheet.import_requested.connect(self._on_import_requested)
        tasks.listed.connect(sheet.show_inventory)
        tasks.previewed.connect(sheet.show_preview)
        return sheet

    def set_observing(self, observes: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Let the sheet change nothing while the window only observes."""
        self._observes = observes
        if "sheet" in vars(self):
            self.sheet.set_observing(observes)

    def open(self, action: MaintenanceAction) -> None:
        """Carry out a maintenance action, or open the sheet for it."""
        match action:
            case MaintenanceAction.BACKUP:
                self.tasks.back_up()
            case MaintenanceAction.IMPORT_RUN:
                self._on_import_requested()
            case (
                MaintenanceAction.RESTORE
                | MaintenanceAction.PRUNE
                | MaintenanceAction.EXPORT_RUN
                | MaintenanceAction.GRANTS
            ):
                runs = list(self._projection.runs.values())
                self.sheet.show_history(runs, selected=self._selection.run_id, part=action)
                self.tasks.list_all()
            case _:
                assert_never(action)

    @property
    def _is_open(self) -> bool:
        return "sheet" in vars(self) and self.sheet.is_open

    @Slot(str)
    def _on_finished(self, sentence: str) -> None:
        if self._is_open:
            self.sheet.show_message(sentence)
        else:
            self.finished.emit(sentence)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        if self._is_open:
            self.sheet.show_message(sentence, color="failed")
        else:
            self.refused.emit(sentence)

    @Slot(str)
    def _on_export_requested(self, run_id: str) -> None:
        self._run_id = run_id
        self._choose(tr("Export the run into this folder"), "exportDialog", self._on_target_selected)

    @Slot()
    def _on_import_requested(self) -> None:
        self._choose(tr("The folder of an exported run"), "importDialog", self._on_source_selected)

    def _choose(self, title: str, name: str, selected: object) -> None:
        dialog = QFileDialog(self._window, title, self._layout.last_folder)
        dialog.setObjectName(name)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_target_selected(self, name: str) -> None:
        from gui.sheets.maintenance_sheet import export_folder

        self.tasks.export_run(self._run_id, export_folder(Path(name), self._run_id))

    @Slot(str)
    def _on_source_selected(self, name: str) -> None:
        self.tasks.import_run_from(Path(name))

    @Slot(object)
    def _on_restore_requested(self, backup: "Backup") -> None:
        if others := self.tasks.other_engines():
            self.sheet.show_message(
                tr(
                    "Another engine is running here (process {processes}). End it first: "
                    "a backup is restored only where nothing else writes.",
                    processes=", ".join(others),
                ),
                color="failed",
            )
            return
        self._backup = backup
        taken = date_minute(backup.at)
        self.sheet.dismiss()
        self.question = ConfirmSheet(
            self._theme,
            self._window,
            title=tr("Restore the backup of {taken}?", taken=taken),
            sentence=tr(
                "Running jobs are stopped, and the window opens again with the content of the backup. The present "
                "database is kept next to it. The queue stays paused: jobs that wait in it may have run since."
            ),
            choices=(Choice("keep", tr("Keep the present one")), Choice("restore", tr("Restore"), "danger")),
        )
        self.question.answered.connect(self._on_restore_answered)
        self.question.open()

    @Slot(str)
    def _on_restore_answered(self, choice: str) -> None:
        if choice == "restore" and self._backup is not None:
            self.restore_requested.emit(self._backup.path)
