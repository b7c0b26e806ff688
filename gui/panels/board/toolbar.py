"""The board's tools in a title bar: filter field, funnel button and lane selector."""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QWidget

from gui.panels.board.lanes import Lanes
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.buttons import icon_button, keep_icon
from gui.widgets.lens import add_clear_button, add_lens

_WORDS = {
    Lanes.REPOSITORY: (translatable("Repository"), translatable("Lanes: repository")),
    Lanes.RUN: (translatable("Run"), translatable("Lanes: run")),
    Lanes.NONE: (translatable("None"), translatable("Lanes: none")),
}
"""The word of a choice in the menu, and what the button says while it is chosen."""
_FIELD_WIDTH = 180


class BoardToolbar(QObject):
    """Creates the widgets and reports the user's input.

    Signals:
        text_changed: (filter text).
        lanes_selected: (Lanes).
    """

    text_changed = Signal(str)
    lanes_selected = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._wide = False
        holder = QWidget(parent)  # holds the tools until a title bar takes them
        holder.hide()
        self.field = QLineEdit(holder)
        self.funnel = icon_button(theme, "filter", tr("Filter cards"))
        self.funnel.setParent(holder)
        self.lanes = QToolButton(holder)
        self._menu = QMenu(self.lanes)
        self._set_up_field()
        self._set_up_lanes()
        self.funnel.setCheckable(True)
        self.field.textChanged.connect(self.text_changed)
        self.funnel.toggled.connect(self._on_funnel_toggled)
        self._menu.triggered.connect(self._on_entry_triggered)
        theme.changed.connect(self._on_theme_changed)
        self.set_wide(wide=False)

    def widgets(self) -> list[QWidget]:
        """The tools, in order."""
        return [self.field, self.lanes, self.funnel]

    def text(self) -> str:
        """The filter text."""
        return self.field.text()

    def focus_field(self) -> None:
        """Move the focus to the filter field."""
        self.funnel.setChecked(True)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def set_wide(self, *, wide: bool) -> None:
        """Show the field permanently when wide; otherwise the funnel toggles it."""
        self._wide = wide
        self.funnel.setVisible(not wide)
        self.field.setVisible(wide or self.funnel.isChecked())

    def show_lanes(self, lanes: Lanes) -> None:
        """Show the current lanes."""
        self.lanes.setText(tr(_WORDS[lanes][1]))
        self.lanes.setAccessibleName(self.lanes.text())
        for entry in self._menu.actions():
            entry.setChecked(entry.data() == lanes.value)

    def _set_up_field(self) -> None:
        self.field.setPlaceholderText(tr("Filter cards"))
        self.field.setAccessibleName(tr("Filter cards"))
        self.field.setToolTip(tr("Every word must occur; label:flaky finds a label  (Ctrl+F)"))
        self.field.setProperty("small", True)  # noqa: FBT003 - Qt takes a value
        add_clear_button(self.field)
        self.field.setFixedWidth(_FIELD_WIDTH)
        self._search = add_lens(self.field, self._theme.qicon("search", "t3"))

    def _set_up_lanes(self) -> None:
        self.lanes.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.lanes.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.lanes.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the chevron comes last
        self.lanes.setProperty("focusRing", True)  # noqa: FBT003 - Qt takes a value
        keep_icon(self.lanes, self._theme, "chev")
        self.lanes.setToolTip(
            tr("Group the cards into lanes; on the board, - folds the lane of the card and + opens all")
        )
        self._menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        group = QActionGroup(self._menu)
        for lanes, (word, _) in _WORDS.items():
            entry = QAction(tr(word), group, checkable=True)
            entry.setData(lanes.value)
            self._menu.addAction(entry)
        self.lanes.setMenu(self._menu)

    @Slot(bool)
    def _on_funnel_toggled(self, checked: bool) -> None:  # noqa: FBT001 - Qt's signal
        if not checked:
            self.field.clear()
        self.set_wide(wide=self._wide)
        if checked:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(QAction)
    def _on_entry_triggered(self, entry: QAction) -> None:
        self.lanes_selected.emit(Lanes(entry.data()))

    @Slot()
    def _on_theme_changed(self) -> None:
        self._search.setIcon(self._theme.qicon("search", "t3"))
