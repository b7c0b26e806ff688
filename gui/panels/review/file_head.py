"""The head above the rows of a file: path, counts, hunk, search, viewed box and next file."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QMenu, QWidget

from gui.guarded import Guarded
from gui.panels.review.key_hint import KeyHint
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import icon_button, keep_icon, push_button
from gui.widgets.label import PlainLabel

_HEIGHT = 34
_SEARCH_WIDTH = 160


class FileHead(Guarded, QWidget):
    """The head of one file.

    Signals:
        viewed_changed: (bool) a person ticked or cleared the box.
        next_requested: show the next file.
        file_selected: (int) a file of the menu was selected.
        search_changed: (text) search for another text.
        found_requested: (step) go to the next place that was found, or the one before.
        folded_changed: (bool) hide the rows, or show them again.
    """

    viewed_changed = Signal(bool)
    next_requested = Signal()
    file_selected = Signal(int)
    search_changed = Signal(str)
    found_requested = Signal(int)
    folded_changed = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._folded = False
        self.setFixedHeight(_HEIGHT)
        self.chevron = icon_button(theme, "chev", tr("Fold the file"), size=20)
        self.path = PlainLabel(theme=theme, role="monobold", elide=True)
        self.added = PlainLabel(theme=theme, role="mono", color="addt")
        self.removed = PlainLabel(theme=theme, role="mono", color="delt")
        self.hunk = PlainLabel(theme=theme, role="small", color="t2")
        self.files = push_button("", kind="quiet", small=True)
        self.files.hide()
        self.search = _SearchField()
        self.found = PlainLabel(theme=theme, role="small", color="t2")
        self.viewed = QCheckBox(tr("Viewed"))
        self.viewed_key, self.next_key = KeyHint("V", theme), KeyHint("N", theme)
        self.next = push_button(tr("Next file"), kind="quiet", small=True)
        self._lay_out()
        self.chevron.clicked.connect(self._on_chevron_clicked)
        self.viewed.clicked.connect(self.viewed_changed)
        self.next.clicked.connect(self.next_requested)
        self.search.textChanged.connect(self.search_changed)
        self.search.found_requested.connect(self.found_requested)

    def show_file(self, path: str, added: str, removed: str) -> None:
        """Show a file."""
        self.path.setText(path)
        self.path.setAccessibleName(path)
        self.added.setText(added if added != "+0" else "")
        self.removed.setText(removed if not removed.endswith("0") or len(removed) != 2 else "")  # noqa: PLR2004
        self.search.clear()

    def show_hunk(self, text: str) -> None:
        """Say which hunk is the current one."""
        self.hunk.setText(text)

    def show_viewed(self, viewed: bool) -> None:  # noqa: FBT001  # a switch, like setChecked
        """Tick the box or clear it."""
        self.viewed.setChecked(viewed)

    def show_found(self, count: int | None, at: int = 0) -> None:
        """Say how many lines have the text that is searched; None if none is searched."""
        self.found.setText(
            ""
            if count is None
            else tr("{shown:,} of {total:,}", shown=at, total=count)
            if at
            else tr("{count:,} found", count=count)
        )

    def show_files(self, place: str, *, warns: bool, titles: Sequence[str]) -> None:
        """Offer the files in a menu, where they have no column; without `place` there is none."""
        self.files.setVisible(bool(place))
        self.files.setText(place)
        keep_icon(self.files, self._theme, "warning" if warns else "chev", "timeout" if warns else "t2")
        self.files.setAccessibleDescription(tr("A file outside the scope is not viewed.") if warns else "")
        menu = self.files.menu()
        if menu is None:
            menu = QMenu(self.files)
            menu.triggered.connect(self._on_file_triggered)
            self.files.setMenu(menu)
        menu.clear()
        for number, title in enumerate(titles):
            menu.addAction(title.replace("&", "&&")).setData(number)

    def show_hints(self, shown: bool) -> None:  # noqa: FBT001  # a switch, like setVisible
        """Show or hide the keys beside the controls."""
        self.viewed_key.setVisible(shown)
        self.next_key.setVisible(shown)

    def unfold(self) -> None:
        """Show the rows."""
        if self._folded:
            self._on_chevron_clicked()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint a hairline below."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))

    def _lay_out(self) -> None:
        self.search.setFixedWidth(_SEARCH_WIDTH)
        self.search.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 12, 0)
        row.setSpacing(8)
        left: tuple[QWidget, ...] = (self.files, self.chevron, self.path, self.added, self.removed, self.hunk)
        right: tuple[QWidget, ...] = (
            self.found,
            self.search,
            self.viewed,
            self.viewed_key,
            self.next,
            self.next_key,
        )
        for widget in left:
            row.addWidget(widget)
        row.addStretch(1)
        for widget in right:
            row.addWidget(widget)

    @Slot()
    def _on_chevron_clicked(self) -> None:
        self._folded = not self._folded
        keep_icon(self.chevron, self._theme, "chevr" if self._folded else "chev")
        self.chevron.setAccessibleName(tr("Unfold the file") if self._folded else tr("Fold the file"))
        self.folded_changed.emit(self._folded)

    @Slot(QAction)
    def _on_file_triggered(self, action: QAction) -> None:
        self.file_selected.emit(action.data())


class _SearchField(Guarded, QLineEdit):
    """Searches the rows: Enter goes on, Shift+Enter back, Esc closes.

    Signals:
        found_requested: (step) go on, or back.
    """

    found_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(tr("Search the file"))
        self.setAccessibleName(tr("Search the file"))
        self.setProperty("small", True)  # noqa: FBT003  # Qt takes a value
        self.setAcceptDrops(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the next place, or close."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.found_requested.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.hide()
        else:
            super().keyPressEvent(event)
