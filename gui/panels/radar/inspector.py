"""The inspector below the matrix: shows a file or workstream in plain sentences, its commands and its history."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.data.captions import added, removed
from gui.data.event_history_model import EventHistoryModel
from gui.guarded import Guarded
from gui.panels.radar.file_facts import FileFacts
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.buttons import icon_button, keep_icon, push_button
from gui.widgets.event_history_delegate import EventHistoryDelegate
from gui.widgets.label import PlainLabel
from state.records import Event

_COMMANDS = (
    ("show_diff", translatable("Show diff"), "diff"),
    ("show_log", translatable("Log of this step"), "logs"),
    ("open_editor", translatable("Open in editor"), "open"),
)


class Inspector(Guarded, QWidget):
    """Shows `FileFacts`.

    Signals:
        command_requested: (command id) one of its buttons was pressed.
    """

    command_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName(tr("Inspector"))
        self._theme = theme
        self._facts: FileFacts | None = None
        self._glyph = QLabel()
        self._title = PlainLabel(theme=theme, role="mono", elide=True)
        self._place = PlainLabel(theme=theme, role="small", color="t3")
        self._rows: list[tuple[PlainLabel, QWidget]] = []
        self._stage = PlainLabel(theme=theme, role="small", elide=True)
        self._changed = PlainLabel(theme=theme, role="small", elide=True)
        self._added = PlainLabel(theme=theme, role="small", color="addt")
        self._removed = PlainLabel(theme=theme, role="small", color="delt")
        self._conflict = PlainLabel(theme=theme, role="small", color="failed", elide=True)
        self._follows = PlainLabel(theme=theme, role="small")
        self._follows.setWordWrap(True)
        self.history = EventHistoryModel(self)
        self._small_buttons: list[QWidget] = []
        self._large_buttons: list[QPushButton] = []
        self._history_list = QListView()
        self._is_tall = False
        self._placeholder = PlainLabel(
            tr("Select a card, a file or a line."), theme=theme, role="small", color="t3"
        )
        self._placeholder.setWordWrap(True)
        self._placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        theme.changed.connect(self._on_theme_changed)
        self.show_facts(None)

    @property
    def has_facts(self) -> bool:
        """Whether anything is selected."""
        return self._facts is not None

    def show_facts(self, facts: FileFacts | None) -> None:
        """Show these facts, or a placeholder when nothing is selected."""
        self._facts = facts
        self._body.setVisible(facts is not None)
        self._history_list.setVisible(self._is_tall and facts is not None)
        self._placeholder.setVisible(facts is None)
        if facts is None:
            self.history.show_events(())
            return
        self._title.setText(facts.title)
        self._title.setToolTip("")
        self._place.setText(facts.place)
        self._stage.setText(facts.stage)
        self._changed.setText(facts.changed)
        self._added.setText(added(facts.added))
        self._removed.setText(removed(facts.removed))
        self._conflict.setText(facts.conflict)
        self._conflict.set_color("failed" if facts.is_real else "t2")
        self._follows.setText(facts.follows)
        texts = (facts.stage, facts.changed, facts.conflict, facts.follows)
        for (caption, widget), text in zip(self._rows, texts, strict=True):
            caption.setVisible(bool(text))
            widget.setVisible(bool(text))
        for button in (*self._large_buttons, *self._small_buttons):
            button.setEnabled(facts.job_id is not None)
        self.setAccessibleDescription(
            f"{facts.title}, {facts.stage}. {facts.conflict} {facts.follows}".strip()
        )
        self._on_theme_changed()

    def show_history(self, events: Sequence[Event]) -> None:
        """Show the events of the selection, scrolled to the latest."""
        self.history.show_events(events)
        self._history_list.scrollToBottom()

    def show_as(self, *, roomy: bool, tall: bool) -> None:
        """Adapt the form: a roomy one has labelled buttons and the repository, a tall one has the history."""
        for large, small in zip(self._large_buttons, self._small_buttons, strict=True):
            large.setVisible(roomy)
            small.setVisible(not roomy)
        self._place.setVisible(roomy)
        self._facts_grid.setVerticalSpacing(7 if roomy and tall else 4)
        self._column.setSpacing(10 if roomy and tall else 6)
        self._is_tall = tall
        self._history_title.setVisible(tall)
        self._history_list.setVisible(tall and self.has_facts)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a hairline above the content."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, 0, self.width(), 1, self._theme.color("line"))

    def _lay_out(self) -> None:
        self._body = QWidget()
        column = self._column = QVBoxLayout(self._body)
        column.setContentsMargins(12, 10, 12, 8)
        column.setSpacing(6)
        column.addLayout(self._head())
        column.addLayout(self._grid())
        column.addLayout(self._buttons())
        self._history_title = PlainLabel(tr("History"), theme=self._theme, role="name", color="t2")
        column.addWidget(self._history_title)
        self._history_list.setModel(self.history)
        self._history_list.setItemDelegate(EventHistoryDelegate(self._theme, self._history_list))
        self._history_list.setAccessibleName(tr("History"))
        self._history_list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._history_list.setUniformItemSizes(True)
        self._history_list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 1, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._placeholder)
        outer.addWidget(self._body)
        outer.addWidget(self._history_list, 1)
        self._placeholder.setContentsMargins(0, 16, 0, 16)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._glyph)
        row.addWidget(self._title, 1)
        row.addWidget(self._place)
        for command, word, icon in _COMMANDS:
            small = icon_button(self._theme, icon, tr(word))
            small.setObjectName(f"{command}:small")
            small.clicked.connect(self._on_button_clicked)
            self._small_buttons.append(small)
            row.addWidget(small)
        return row

    def _grid(self) -> QGridLayout:
        grid = self._facts_grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        change = QWidget()
        line = QHBoxLayout(change)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self._changed)
        line.addWidget(self._added)
        line.addWidget(self._removed)
        line.addStretch(1)
        for word, widget in (
            (tr("Stage"), self._stage),
            (tr("Last change"), change),
            (tr("Conflict"), self._conflict),
            (tr("Comes next"), self._follows),
        ):
            caption = PlainLabel(word, theme=self._theme, role="small", color="t3")
            row = grid.rowCount()
            grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(widget, row, 1)
            self._rows.append((caption, widget))
        return grid

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for command, word, icon in _COMMANDS:
            button = push_button(tr(word), kind="quiet" if command == "open_editor" else "secondary")
            button.setObjectName(command)
            keep_icon(button, self._theme, icon, "t1")
            button.clicked.connect(self._on_button_clicked)
            self._large_buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    @Slot()
    def _on_button_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.command_requested.emit(sender.objectName())

    @Slot()
    def _on_theme_changed(self) -> None:
        font = self._theme.font("mono")
        font.setBold(True)
        self._title.setFont(font)
        if self._facts is not None:
            self._glyph.setPixmap(self._theme.glyph(self._facts.state, 14, self.devicePixelRatioF()))
        self.update()
