"""The files column: a list whose files, folded row and comments can be pressed."""

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QListView, QWidget

from engine.review.diff_records import FileChange
from gui.guarded import Guarded
from gui.panels.review.side_delegate import SideDelegate
from gui.panels.review.side_model import SIDE_ROLE, SideModel
from gui.panels.review.side_rows import SideAction, SideComment, SideFile, SideFolded, SideHead, SideRow
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr


class SideView(Guarded, QListView):
    """Shows a `SideModel`.

    Signals:
        file_selected: (path) show a file.
        viewed_changed: (FileChange, bool) its box was pressed.
        fold_requested: show the generated files, or hide them again.
        comment_selected: (SideComment) go to a comment.
        comment_requested: comment on all of the work.
    """

    file_selected = Signal(str)
    viewed_changed = Signal(object, bool)
    fold_requested = Signal()
    comment_selected = Signal(object)
    comment_requested = Signal()

    def __init__(self, model: SideModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = model
        self._delegate = SideDelegate(theme, Typesetter(theme, self), self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Changed files and comments"))
        self.clicked.connect(self._on_clicked)

    def show_path(self, path: str | None) -> None:
        """Make the row of a file the current one."""
        row = self._side.row_of(path)
        if row is None:
            self.clearSelection()
        elif row != self.currentIndex().row() or not self.selectionModel().isRowSelected(row):
            self.setCurrentIndex(self._side.index(row, 0))

    def show_section(self, title: str) -> bool:
        """Scroll to a section; False if there is none with this title."""
        for number, row in enumerate(self._side.rows):
            if isinstance(row, SideHead) and row.title == title:
                self.scrollTo(self._side.index(number, 0), QListView.ScrollHint.PositionAtTop)
                return True
        return False

    def current_comment(self) -> SideComment | None:
        """The comment whose row is the current one."""
        row = self.currentIndex().data(SIDE_ROLE)
        return row if isinstance(row, SideComment) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tick a box without selecting its file."""
        at = event.position().toPoint()
        index = self.indexAt(at)
        row = index.data(SIDE_ROLE) if index.isValid() else None
        if isinstance(row, SideFile) and self._delegate.box(self.visualRect(index)).adjusted(
            -4, -6, 4, 6
        ).contains(at):
            self.viewed_changed.emit(row.file, not row.viewed)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A press on a box is over with the press."""
        at = event.position().toPoint()
        index = self.indexAt(at)
        row = index.data(SIDE_ROLE) if index.isValid() else None
        if isinstance(row, SideFile) and self._delegate.box(self.visualRect(index)).adjusted(
            -4, -6, 4, 6
        ).contains(at):
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Tick the box with Space; open with Enter; show the file that the arrows reach."""
        index = self.currentIndex()
        row: SideRow | None = index.data(SIDE_ROLE) if index.isValid() else None
        if event.key() == Qt.Key.Key_Space and isinstance(row, SideFile):
            self.viewed_changed.emit(row.file, not row.viewed)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and row is not None:
            self._press(row)
        else:
            super().keyPressEvent(event)
            now = self.currentIndex().data(SIDE_ROLE)
            if self.currentIndex() != index and isinstance(now, SideFile):
                self.file_selected.emit(now.file.path)

    def _press(self, row: SideRow) -> None:
        match row:
            case SideFile(file=FileChange() as file):
                self.file_selected.emit(file.path)
            case SideFolded(files=files) if len(files) == 1:
                self.file_selected.emit(files[0].path)
            case SideFolded():
                self.fold_requested.emit()
            case SideComment():
                self.comment_selected.emit(row)
            case SideAction():
                self.comment_requested.emit()
            case _:
                pass

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        row = index.data(SIDE_ROLE)
        if row is not None:
            self._press(row)
