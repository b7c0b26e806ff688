"""Loads the files of a comparison and their rows by the helper process; keeps what it has read of a few files."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from engine.review.diff_records import DiffRow, FileChange, FileColours, FilePatch
from engine.review.file_patches import opened_above
from gui.panels.review.diff_client import ComparedSides, DiffClient

_KEPT = 30
Key = tuple[ComparedSides, FileChange]


@dataclass
class _Read:
    """What is known of a file; its colours come last, and not at all if another file was opened before."""

    patch: FilePatch
    colours: FileColours | None = None


class DiffLoader(QObject):
    """Reads one comparison.

    Signals:
        listed: (list of FileChange) the files that differ.
        loaded: (FilePatch) rows of the requested file, its first ones where it is long.
        extended: (FilePatch) the file in view has more rows.
        coloured: (FileColours) the colours of the file in view are known.
        failed: (sentence) it cannot be read.
    """

    listed = Signal(object)
    loaded = Signal(object)
    extended = Signal(object)
    coloured = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.client = DiffClient(self)
        self._compared: ComparedSides | None = None
        self._scope: Sequence[str] = ()
        self._read: OrderedDict[Key, _Read] = OrderedDict()
        self._file: FileChange | None = None
        self._gap = 0
        self._listing = self._opening = self._extending = self._colouring = 0
        client = self.client
        client.files_listed.connect(self._on_files_listed)
        client.patch_begun.connect(self._on_patch_begun)
        client.patch_opened.connect(self._on_patch_opened)
        client.colours_found.connect(self._on_colours_found)
        client.context_opened.connect(self._on_context_opened)
        client.failed.connect(self._on_failed)

    @property
    def compared(self) -> tuple[ComparedSides | None, Sequence[str]]:
        """What is compared now, within which scope."""
        return self._compared, self._scope

    @property
    def is_busy(self) -> bool:
        """Whether files or rows are still being read."""
        return bool(self._listing or self._opening or self._extending)

    def compare(self, compared: ComparedSides | None, scope: Sequence[str] = ()) -> None:
        """List the files of another comparison; what was requested before is dropped."""
        self.client.drop()
        self._compared, self._scope, self._file = compared, tuple(scope), None
        self._listing = self._opening = self._extending = 0
        if compared is not None:
            self._listing = self.client.list_files(compared, scope=scope)

    def warm_up(self) -> None:
        """Start the helper process ahead of what will be requested."""
        self.client.start()

    def load(self, file: FileChange) -> None:
        """Load the rows of a file, or emit them at once if they are known."""
        if self._compared is None:
            return
        self._file = file
        self._opening = self._extending = self._colouring = 0
        known = self._read.get((self._compared, file))
        if known is not None:
            self.loaded.emit(known.patch)
        if known is not None and known.colours is not None:
            self.coloured.emit(known.colours)
            return
        self._colouring = self.client.open_file(self._compared, file)
        if known is None:
            self._opening = self._colouring

    def extend(self, patch: FilePatch, gap: int) -> None:
        """Read more of the unchanged lines above the hunk of that number."""
        if self._compared is not None and not self._extending and patch.unchanged_above(gap):
            self._gap = gap
            self._extending = self.client.open_context(self._compared.repo, patch.file, patch.next_above(gap))

    def close(self) -> None:
        """End the helper process."""
        self.compare(None)
        self.client.close()

    @Slot(int, object)
    def _on_files_listed(self, number: int, files: list[FileChange]) -> None:
        if number == self._listing:
            self._listing = 0
            self.listed.emit(files)

    @Slot(int, object)
    def _on_patch_begun(self, number: int, patch: FilePatch) -> None:
        if number == self._opening:
            self.loaded.emit(patch)

    @Slot(int, object)
    def _on_patch_opened(self, number: int, patch: FilePatch) -> None:
        if number != self._opening or self._compared is None:
            return
        self._opening = 0
        self._read[self._compared, patch.file] = _Read(patch)
        if len(self._read) > _KEPT:
            self._read.popitem(last=False)
        self.loaded.emit(patch)

    @Slot(int, object)
    def _on_colours_found(self, number: int, colours: FileColours) -> None:
        if number != self._colouring or self._compared is None or self._file is None:
            return
        known = self._read.get((self._compared, self._file))
        if known is not None:
            known.colours = colours
            self.coloured.emit(colours)

    @Slot(int, object)
    def _on_context_opened(self, number: int, rows: list[DiffRow]) -> None:
        if number != self._extending or self._compared is None or self._file is None:
            return
        self._extending = 0
        known = self._read.get((self._compared, self._file))
        if known is not None:
            known.patch = opened_above(known.patch, self._gap, rows)
            self.extended.emit(known.patch)

    @Slot(int, str)
    def _on_failed(self, number: int, sentence: str) -> None:
        if number in {self._listing, self._opening, self._extending}:
            self._listing = self._opening = self._extending = 0
            self.failed.emit(sentence)
