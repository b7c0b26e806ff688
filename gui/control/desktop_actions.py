"""Opens things in the user's other programs: editor, terminal, file manager, clipboard. Never through a shell."""

import os
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication

from engine.intake.refusals import REJECTED
from gui.control.preferences import Preferences
from gui.data.projection import Projection
from gui.data.readers import Readers, inbox_of
from gui.translation import tr, translatable
from state import queries
from state.database_errors import DatabaseError
from state.records import Job
from state.worktree_records import TreeState

EDITORS = ("code", "codium", "zed", "subl", "kate", "gedit")
TERMINALS = ("x-terminal-emulator", "gnome-terminal", "konsole", "kitty", "alacritty", "xterm")

_NO_EDITOR = translatable("The editor {program} did not start; name another in Settings.")
_NO_TERMINAL = translatable("The terminal {program} did not start; name another in Settings.")
_GONE = translatable("The folder {folder} does not exist any more.")
_MISSING_TREE = {
    TreeState.PLANNED: translatable("The worktree {folder} has not been made yet: no job has started in it."),
    TreeState.ARCHIVED: translatable(
        "The worktree {folder} was archived; `signalbox worktrees restore` brings it back."
    ),
    TreeState.REMOVED: translatable("The worktree {folder} was removed; its work is on its branch."),
    TreeState.PRUNED: translatable("The worktree {folder} was removed, and its archive was pruned."),
}


class DesktopActions(QObject):
    """Opens folders, files and terminals, and copies to the clipboard.

    Signals:
        refused: (sentence) it could not be opened, and where to name another program.
    """

    refused = Signal(str)

    def __init__(
        self,
        projection: Projection,
        sources: Readers,
        preferences: Preferences,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._projection, self._sources, self._preferences = projection, sources, preferences

    def open_editor(self, jobs: Sequence[Job], path: str | None = None) -> None:
        """Open the selected file, or else the job's folder, in the editor named in the settings."""
        folder = self._folder(jobs)
        if folder is None:
            return
        target = folder / path if path is not None and (folder / path).exists() else folder
        program = _program(self._preferences.layout.editor, EDITORS)
        if program is not None:
            self._start([*program, str(target)], folder, _NO_EDITOR)
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(target))):
            self.refused.emit(tr("No program opens {target}; name an editor in Settings.", target=target))

    def open_terminal(self, jobs: Sequence[Job]) -> None:
        """Open a terminal in the job's folder."""
        folder = self._folder(jobs)
        if folder is None:
            return
        configured = self._preferences.layout.terminal
        if not configured and sys.platform == "darwin":
            configured = "open -a Terminal ."
        program = _program(configured, TERMINALS)
        if program is None:
            self.refused.emit(tr("No terminal was found; name one in Settings."))
        else:
            self._start(program, folder, _NO_TERMINAL)

    def copy_ids(self, jobs: Sequence[Job]) -> None:
        """Copy the ids to the clipboard, one per line."""
        QGuiApplication.clipboard().setText("\n".join(job.job_id for job in jobs))

    def copy_commands(self, jobs: Sequence[Job]) -> None:
        """Copy the command lines to the clipboard, quoted for a shell, one per line."""
        try:
            lines = [command_line(self._sources.reader.read(queries.job_spec, job.job_id)) for job in jobs]
        except DatabaseError as error:
            self.refused.emit(tr("The command cannot be read right now: {error}", error=error))
            return
        found = [line for line in lines if line]
        if found:
            QGuiApplication.clipboard().setText("\n".join(found))
        else:
            self.refused.emit(tr("This job has no command of its own; its tool builds one when it starts."))

    def show_rejected(self) -> None:
        """Show the folder of the files that the inbox has refused."""
        folder = self.rejected()
        if folder is not None:
            self.show_folder(folder)

    def rejected(self) -> Path | None:
        """The folder of files that the inbox has refused; None, with a banner, where the settings cannot be read."""
        try:
            return inbox_of(self._sources.stored_settings(), self._sources.home) / REJECTED
        except DatabaseError as error:
            self.refused.emit(tr("The folder of the inbox cannot be read right now: {error}", error=error))
            return None

    def show_folder(self, folder: Path) -> None:
        """Show a folder in the file manager."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.refused.emit(tr("No file manager opened; the folder is {folder}.", folder=folder))

    def _folder(self, jobs: Sequence[Job]) -> Path | None:
        job = next(iter(jobs), None)
        run = self._projection.runs.get(job.run_id) if job is not None else None
        tree = None if job is None else self._projection.worktrees.get((job.run_id, job.ws_id))
        places = (tree and tree.path, job and job.tree, run and run.repo)
        named = next((place for place in places if isinstance(place, str)), None)
        if named is None and job is not None:
            named = self._working_dir(job)
        if named is None:
            self.refused.emit(tr("The folder of this job is not known."))
            return None
        if not Path(named).is_dir():
            missing = _MISSING_TREE.get(tree.state, _GONE) if tree else _GONE
            self.refused.emit(tr(missing, folder=named))
            return None
        return Path(named)

    def _working_dir(self, job: Job) -> str | None:
        try:
            paths = self._sources.reader.read(queries.job_spec, job.job_id).get("paths") or {}
        except DatabaseError:
            return None
        found = paths.get("working_dir") or paths.get("repo_root")
        return str(found) if found else None

    def _start(self, argv: Sequence[str], folder: Path, otherwise: str) -> None:
        started = QProcess.startDetached(argv[0], list(argv[1:]), str(folder))
        if not (started[0] if isinstance(started, tuple) else started):
            self.refused.emit(tr(otherwise, program=argv[0]))


def command_line(spec: Mapping[str, Any]) -> str:
    """The explicit command of a job as one line for a shell; empty if the job has none."""
    command = spec.get("command")
    if not isinstance(command, Mapping) or not command.get("exe"):
        return ""
    return shlex.join([str(command["exe"]), *map(str, command.get("args") or ())])


def _program(configured: str, known: Sequence[str]) -> list[str] | None:
    if configured.strip():
        return shlex.split(configured, posix=os.name != "nt") or None
    found = next((path for name in known if (path := shutil.which(name)) is not None), None)
    return [found] if found is not None else None
