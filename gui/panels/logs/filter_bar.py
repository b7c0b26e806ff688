"""The rows above the lines: search field, number of matches, chips, next error and following."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui.guarded import Guarded
from gui.panels.logs.chips import ChipBar
from gui.panels.logs.filter import Chip, chip_from_json
from gui.panels.logs.text_match import TextPattern
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import keep_icon, push_button
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.lens import add_lens

MAX_CHIPS = 40
_FIELD, _FIELD_FULL = 150, 420
_ROW, _ROW_FULL = 40, 40
_CHIP_ROW = 36


class LogField(Guarded, QLineEdit):
    """The search field of the Logs; its text filters the lines, or is only highlighted.

    Signals:
        next_match_requested: (1 or -1) go to the next or previous match.
        chip_requested: (Chip) keep the text as a filter.
        pattern_changed: (problem, empty for none) the text, or the way to look for it, is another.
        left: Esc was pressed in an empty field.
    """

    next_match_requested = Signal(int)
    chip_requested = Signal(object)
    left = Signal()
    pattern_changed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("logFilter")
        self.setMaxLength(1000)
        self._theme = theme
        self._lens = add_lens(self, theme.qicon("search", "t3"))
        self.only = QAction(tr("Only lines with this text"), self)
        self.only.setCheckable(True)
        self.only.setChecked(True)
        self.addAction(self.only, QLineEdit.ActionPosition.TrailingPosition)
        self.regex = self._switch(tr("Regular expression"), tr("Look for a regular expression"))
        self.case = self._switch(tr("Match case"), tr("Distinguish upper and lower case"))
        self.only.toggled.connect(self._on_theme_changed)
        self.only.toggled.connect(self._on_only_toggled)
        self.textChanged.connect(self._on_pattern_changed)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._on_only_toggled()

    @property
    def pattern(self) -> TextPattern:
        """What is looked for."""
        return TextPattern(self.text().strip(), self.regex.isChecked(), self.case.isChecked())

    def show_switches(self, *, shown: bool) -> None:
        """Show the two switches in the field, if it has room for them; the filter menu has them, too."""
        for action in (self.regex, self.case):
            action.setVisible(shown)

    def chip(self) -> Chip | None:
        """The text as a chip; a leading minus hides."""
        text, pattern = self.text().strip(), self.pattern
        hide = len(text) > 1 and text.startswith("-")
        value = text[1:] if hide else text
        if not value or pattern.problem:
            return None
        return Chip("text", value, hide=hide, is_regex=pattern.is_regex, is_case=pattern.is_case)

    def _switch(self, word: str, tip: str) -> QAction:
        action = QAction(word, self)
        action.setCheckable(True)
        action.setToolTip(plain_tip(tip))
        self.addAction(action, QLineEdit.ActionPosition.TrailingPosition)
        action.toggled.connect(self._on_theme_changed)
        action.toggled.connect(self._on_pattern_changed)
        return action

    @Slot()
    def _on_pattern_changed(self) -> None:
        """Say at the field what is wrong with a regular expression."""
        problem = self.pattern.problem
        self._show_tip()
        if self.property("invalid") is not bool(problem):
            self.setProperty("invalid", bool(problem))
            self.style().unpolish(self)
            self.style().polish(self)
        self.pattern_changed.emit(problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Return goes to the next match, Shift+Return to the previous; Ctrl+Return keeps the text; Esc clears it."""
        modifiers = event.modifiers()
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if modifiers & Qt.KeyboardModifier.ControlModifier:
                self.keep()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.next_match_requested.emit(-1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1)
            case Qt.Key.Key_Escape if self.text():
                self.clear()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    def keep(self) -> None:
        """Turn the text into a chip."""
        chip = self.chip()
        if chip is not None:
            self.clear()
            self.chip_requested.emit(chip)

    def _show_tip(self) -> None:
        """Say what is wrong with a regular expression, or else what the text does."""
        problem, filters = self.pattern.problem, self.only.isChecked()
        does = (
            tr("List only lines with this text  (Enter and Shift+Enter go from one to the next)")
            if filters
            else tr("Highlight this text in the lines  (Enter and Shift+Enter go from one to the next)")
        )
        self.setAccessibleDescription(problem)
        self.setToolTip(plain_tip(problem or does))

    @Slot()
    def _on_only_toggled(self) -> None:
        """Say what the text does now: filter the lines, or find in them."""
        filters = self.only.isChecked()
        self.setPlaceholderText(tr("Filter lines") if filters else tr("Find in lines"))
        self.setAccessibleName(tr("Filter lines by text") if filters else tr("Find text in lines"))
        self._lens.setText(self.accessibleName())
        self.only.setToolTip(
            plain_tip(
                tr("Only lines with this text are listed; off: it is only highlighted")
                if filters
                else tr(
                    "All lines are listed, and the text is highlighted; on: only lines with it are listed"
                )
            )
        )
        self._show_tip()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._lens.setIcon(self._theme.qicon("search", "t3"))
        for action, icon in ((self.only, "filter"), (self.regex, "regex"), (self.case, "case")):
            action.setIcon(self._theme.qicon(icon, "accent" if action.isChecked() else "t3"))


_INSET, _QUIET_PADDING = 10, 8


class LogFilterBar(Guarded, QWidget):
    """The filter bar: one row when docked, two in the full form.

    Signals:
        chips_changed: (tuple of Chip) the new chips.
        next_error_requested: go to the next error.
        follow_requested: (bool) follow the end, or stop.
    """

    chips_changed = Signal(object)
    next_error_requested = Signal()
    follow_requested = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.field = LogField(theme)
        self.found = PlainLabel(theme=theme, role="small", color="t2")
        self._shown, self._hidden = ChipBar(theme), ChipBar(theme)
        self._show_word = PlainLabel(tr("Show"), theme=theme, role="small", color="t3")
        self._hide_word = PlainLabel(tr("Hide"), theme=theme, role="small", color="t3")
        self.add = push_button(tr("Add filter"), kind="quiet", small=True)
        self.error = push_button(tr("Next error"), small=False)
        self.following = push_button(tr("Following"), kind="toggle")
        keep_icon(self.add, theme, "add", "t2")
        self._lay_out()
        self._connect()

    def chips(self) -> tuple[Chip, ...]:
        """The active chips, showing ones first."""
        return (*self._shown.chips(), *self._hidden.chips())

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Show these chips."""
        self._shown.show_chips([chip for chip in chips if not chip.hide])
        self._hidden.show_chips([chip for chip in chips if chip.hide])
        self._update_words()

    def state(self) -> dict[str, Any]:
        """What of the filters holds in the next session: the chips, which can be seen; not the text being typed."""
        return {
            "chips": [chip.to_json() for chip in self.chips()],
            "only_matching": self.field.only.isChecked(),
            "regex": self.field.regex.isChecked(),
            "case": self.field.case.isChecked(),
        }

    def restore(self, state: Mapping[str, Any]) -> list[Chip]:
        """Restore the switches, and return the chips remembered; what is not valid is ignored."""
        if isinstance(state.get("only_matching"), bool):
            self.field.only.setChecked(state["only_matching"])
        self.field.regex.setChecked(state.get("regex") is True)
        self.field.case.setChecked(state.get("case") is True)
        remembered = state.get("chips")
        chips = remembered[:MAX_CHIPS] if isinstance(remembered, list) else []
        return [chip for chip in map(chip_from_json, chips) if chip is not None]

    def show_hits(self, hits: Sequence[int | None]) -> None:
        """Show how many lines each of `chips` applies to; None where that is not known."""
        split = len(self._shown.chips())
        self._shown.show_counts(hits[:split])
        self._hidden.show_counts(hits[split:])

    def show_errors(self, count: int) -> None:
        """Show the number of errors."""
        self.error.setText(tr("Next error  {count:,}", count=count) if count else tr("Next error"))
        self.error.setEnabled(count > 0)
        keep_icon(self.error, self._theme, "nexterr", "failed" if count else "t3")

    def show_following(self, *, on: bool, below: int) -> None:
        """Show whether the end is followed, and how many lines have arrived below since it was not."""
        self.following.setChecked(on)
        words = tr("{below:,} new below", below=below) if below else tr("Follow")
        self.following.setText(tr("Following") if on else words)
        keep_icon(self.following, self._theme, "follow", "accent" if on else "t2")

    def set_full(self, full: bool) -> None:  # noqa: FBT001 - a switch, like setEnabled
        """Switch to the full form, with the chips in a row of their own, or back."""
        self._full = full
        self.field.setFixedWidth(_FIELD_FULL if full else _FIELD)
        self.field.show_switches(shown=full)
        self.found.setVisible(full)
        self.add.setVisible(full)
        self._update_words()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a hairline below."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))

    def _lay_out(self) -> None:
        self._full = False
        self._first, self._second, self._chips = QWidget(), QWidget(), QWidget()
        self._first.setFixedHeight(_ROW)
        self._second.setFixedHeight(_CHIP_ROW)
        self._first_row, self._second_row = QHBoxLayout(self._first), QHBoxLayout(self._second)
        chips = QHBoxLayout(self._chips)
        for row in (self._first_row, self._second_row):
            row.setContentsMargins(_INSET, 0, _INSET, 0)
            row.setSpacing(8)
        chips.setContentsMargins(0, 0, 0, 0)
        chips.setSpacing(8)
        for widget in (self._show_word, self._shown, self._hide_word, self._hidden):
            chips.addWidget(widget)
        self._first_row.addWidget(self.field)
        self._first_row.addWidget(self.found)
        self._first_row.addStretch(1)
        self._first_row.addWidget(self.error)
        self._first_row.addWidget(self.following)
        self._second_row.addWidget(self._chips)
        self._second_row.addWidget(self.add)
        self._second_row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 1)
        column.setSpacing(0)
        column.addWidget(self._first)
        column.addWidget(self._second)
        self.error.setToolTip(plain_tip(tr("Next error  (F8)")))
        self.following.setToolTip(plain_tip(tr("Follow the end  (End)")))
        self.add.setToolTip(plain_tip(tr("Keep the text as a filter  (Ctrl+Return); a leading minus hides")))

    def _connect(self) -> None:
        self._shown.changed.connect(self._on_shown_changed)
        self._hidden.changed.connect(self._on_hidden_changed)
        self.add.clicked.connect(self._on_add_clicked)
        self.error.clicked.connect(self.next_error_requested)
        self.following.clicked.connect(self.follow_requested)

    def _update_words(self) -> None:
        self._show_word.setVisible(self._full and bool(self._shown.chips()))
        self._hide_word.setVisible(self._full and bool(self._hidden.chips()))
        self._shown.setVisible(bool(self._shown.chips()))
        self._hidden.setVisible(bool(self._hidden.chips()))
        any_ = bool(self._shown.chips() or self._hidden.chips())
        self._chips.setVisible(any_)
        self._second.setVisible(self._full or any_)
        # Without chips the quiet button comes first; its text aligns with the field above.
        self._second_row.setContentsMargins(_INSET if any_ else _INSET - _QUIET_PADDING, 0, _INSET, 0)

    @Slot(object)
    def _on_shown_changed(self, chips: tuple[Chip, ...]) -> None:
        self.chips_changed.emit((*chips, *self._hidden.chips()))

    @Slot(object)
    def _on_hidden_changed(self, chips: tuple[Chip, ...]) -> None:
        self.chips_changed.emit((*self._shown.chips(), *chips))

    @Slot()
    def _on_add_clicked(self) -> None:
        if self.field.chip() is None:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.field.keep()
