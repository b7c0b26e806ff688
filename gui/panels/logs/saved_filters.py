"""Keeps the saved filter sets of the Logs: reads and writes their files in the background, and shows their sheet."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.errors import JobFileError, SignalboxError
from engine.system.home import Home
from gui.control.action_effects import OBSERVING
from gui.control.background_tasks import BackgroundTasks
from gui.loading import LOADING
from gui.theme.theme import Theme
from gui.translation import tr

if TYPE_CHECKING:
    from engine.filters.filter_folder import FilterFolder, FoundFilters
    from engine.jobfile.filter_set import AlarmAction, FilterSet
    from gui.panels.logs.trial_client import TrialClient
    from gui.sheets.filter_sets_sheet import FilterSetsSheet


class SavedFilters(QObject):
    """The filter sets of one home.

    Signals:
        found: (FoundFilters) the files were read.
        show_requested: (FilterSet) filter as this set does.
    """

    found = Signal(object)
    show_requested = Signal(object)

    def __init__(
        self,
        home: Home,
        theme: Theme,
        *,
        present: Callable[[], Mapping[str, Any]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._home, self._theme, self._panel = home, theme, parent
        self._tried = ""
        """The name of the set that is being tried on history."""
        self._present = present
        self._background = BackgroundTasks(self)
        self._sheet: FilterSetsSheet | None = None
        self._observes = False
        self._deleted: tuple[str, FilterSet] | None = None

    @cached_property
    def _folder(self) -> "FilterFolder":
        """Where the files are; for a background thread, since what reads them takes long to load."""
        with LOADING:
            from engine.filters.filter_folder import FilterFolder  # noqa: PLC0415

        return FilterFolder(self._home.root)

    @cached_property
    def _trials(self) -> "TrialClient":
        from gui.panels.logs.trial_client import TrialClient  # noqa: PLC0415 - few try a filter

        return TrialClient(self._home, self)

    def refresh(self, *, selected: str = "") -> None:
        """Read the files again."""
        self._background.run_in_background(self._find, partial(self._show, selected=selected))

    def _find(self) -> "FoundFilters":
        return self._folder.find()

    def wait(self) -> None:
        """Return once nothing is read, written or tried."""
        if "_trials" in vars(self):
            self._trials.stop()
        self._background.wait()

    def set_observing(self, observes: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Change no file while the window only observes."""
        self._observes = observes
        if self._sheet is not None:
            self._sheet.set_observing(observes)

    def open_sheet(self) -> None:
        """Show the sheet, to save the present filter or to look after the saved ones."""
        sheet = self._sheet = self._sheet or self._made()
        sheet.show_note("")
        sheet.open_for(can_save=bool(self._present()))
        self.refresh()

    def _made(self) -> "FilterSetsSheet":
        from gui.sheets.filter_sets_sheet import FilterSetsSheet  # noqa: PLC0415 - few open it

        sheet = FilterSetsSheet(self._theme, self._panel.window())
        sheet.save_requested.connect(self._on_save_requested)
        sheet.show_requested.connect(self._on_show_requested)
        sheet.rename_requested.connect(self._on_rename_requested)
        sheet.delete_requested.connect(self._on_delete_requested)
        sheet.undo_requested.connect(self._on_undo_requested)
        sheet.import_requested.connect(self._on_import_requested)
        sheet.export_requested.connect(self._on_export_requested)
        sheet.trial_requested.connect(self._on_trial_requested)
        sheet.trial_dropped.connect(self._on_trial_dropped)
        sheet.alarm_requested.connect(self._on_alarm_requested)
        sheet.set_observing(self._observes)
        self._trials.progressed.connect(sheet.alarm.show_progress)
        self._trials.tried.connect(sheet.alarm.show_result)
        self._trials.failed.connect(self._on_trial_failed)
        return sheet

    def _show(self, found: "FoundFilters", *, selected: str = "") -> None:
        self.found.emit(found)
        if self._sheet is not None and self._sheet.is_open:
            self._sheet.show_sets(found.filters, selected=selected)
            if found.refused and not self._sheet.note.text():
                self._note("\n".join(_every(error) for error in found.refused))

    def _note(self, sentence: str, *, can_undo: bool = False) -> None:
        if self._sheet is not None:
            self._sheet.show_note(sentence, can_undo=can_undo)

    def _carry_out(
        self,
        work: Callable[[], object],
        sentence: str,
        *,
        selected: str = "",
        changes: bool = True,
        at_once: Callable[[], None] = lambda: None,
    ) -> None:
        """Change a file in the background, then say so and list the sets again."""
        if changes and self._observes:  # since a dialog was opened
            self._note(tr(OBSERVING))
            return

        def done(_result: object) -> None:
            at_once()
            self._note(sentence)
            self.refresh(selected=selected)

        self._background.run_in_background(work, done, failed=self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, SignalboxError | OSError):
            raise error
        self._note(_every(error) if isinstance(error, JobFileError) else str(error))
        self.refresh()

    @Slot(str)
    def _on_save_requested(self, name: str) -> None:
        fields = self._present()

        def save() -> None:
            from engine.filters.filter_folder import checked_filter  # noqa: PLC0415

            self._folder.save(name, checked_filter(name, fields), replaces=False)

        self._carry_out(save, tr("Saved as {name}.", name=name), selected=name)

    @Slot(str)
    def _on_show_requested(self, name: str) -> None:
        self._background.run_in_background(
            lambda: self._folder.named(name), self.show_requested.emit, failed=self._on_failed
        )

    @Slot(str, str)
    def _on_rename_requested(self, name: str, new: str) -> None:
        def renamed() -> None:  # or what is pressed before all are listed again would name the old one
            if self._sheet is not None:
                self._sheet.show_renamed(name, new)

        self._carry_out(
            lambda: self._folder.rename(name, new),
            tr("Renamed {name} to {new}.", name=name, new=new),
            selected=new,
            at_once=renamed,
        )

    @Slot(str)
    def _on_delete_requested(self, name: str) -> None:
        def deleted(content: "FilterSet") -> None:
            self._deleted = name, content
            self._note(tr("Deleted {name}.", name=name), can_undo=True)
            self.refresh()

        self._background.run_in_background(lambda: self._folder.delete(name), deleted, failed=self._on_failed)

    @Slot()
    def _on_undo_requested(self) -> None:
        if self._deleted is not None:
            name, content = self._deleted
            save = partial(self._folder.save, name, content, replaces=False)
            self._carry_out(save, tr("{name} is there again.", name=name), selected=name)

    @Slot()
    def _on_import_requested(self) -> None:
        dialog = self._dialog(tr("Import a filter set"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_import_selected)
        dialog.open()

    @Slot(str)
    def _on_import_selected(self, path: str) -> None:
        chosen = Path(path)

        def read() -> None:
            from engine.filters.filter_folder import import_filter  # noqa: PLC0415

            import_filter(self._folder, chosen)

        self._carry_out(
            read,
            tr("Imported {name}; it is no alarm here until you make it one.", name=chosen.stem),
            selected=chosen.stem,
        )

    @Slot(str)
    def _on_export_requested(self, name: str) -> None:
        dialog = self._dialog(tr("Export a filter set"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(f"{name}.yaml")
        dialog.fileSelected.connect(partial(self._export, name))
        dialog.open()

    def _export(self, name: str, path: str) -> None:
        def export() -> None:
            from engine.filters.filter_folder import filter_text  # noqa: PLC0415

            Path(path).write_text(filter_text(self._folder.named(name)), encoding="utf-8")

        sentence = tr("Exported {name} to {path}.", name=name, path=path)
        self._carry_out(export, sentence, selected=name, changes=False)

    @Slot(str)
    def _on_trial_requested(self, name: str) -> None:
        """Try a set that can be an alarm, as its file is now."""

        def read() -> "FilterSet":
            from engine.filters.filter_folder import checked_filter  # noqa: PLC0415
            from engine.jobfile.filter_set import AlarmAction  # noqa: PLC0415

            content = self._folder.named(name)
            fields = content.model_dump(mode="json", exclude_defaults=True)
            return checked_filter(name, fields | {"alarm": AlarmAction.NOTIFY.value})

        def start(content: "FilterSet") -> None:
            if self._tried == name:  # not dropped meanwhile
                self._trials.start(name, content)

        self._tried = name
        self._background.run_in_background(read, start, failed=self._on_refused_alarm)

    @Slot()
    def _on_trial_dropped(self) -> None:
        self._tried = ""
        self._trials.cancel()

    def _on_refused_alarm(self, error: Exception) -> None:
        if self._sheet is not None:
            self._sheet.alarm.drop_trial()
        self._on_failed(error)

    @Slot(str)
    def _on_trial_failed(self, sentence: str) -> None:
        if self._sheet is not None:
            self._sheet.alarm.drop_trial()
        self._note(sentence)

    @Slot(str, object)
    def _on_alarm_requested(self, name: str, action: "AlarmAction | None") -> None:
        sentence = (
            tr("{name} is no alarm any more.", name=name)
            if action is None
            else tr("{name} is an alarm for what jobs print from now on.", name=name)
        )
        self._carry_out(lambda: self._folder.set_alarm(name, action), sentence, selected=name)

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._panel.window(), title, "", "YAML (*.yaml *.yml)")
        dialog.setObjectName("filterSetDialog")
        dialog.finished.connect(dialog.deleteLater)
        return dialog


def _every(error: JobFileError) -> str:
    """All mistakes of a file, a line each."""
    return "\n".join(str(one) for one in error.every)
