"""The bar at the foot of a list or board in which several things are selected: what they are, and verbs for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gui.figures import figure
from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import keep_icon, push_button, set_kind, set_usable
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.painted_button import ExplainsButtons

BAR_HEIGHT = 44
_INSET = 12
_GAP = 8
_MOST_VERBS = 8
_LEVELS = 5


@dataclass(frozen=True)
class BulkVerb:
    """A verb for what is selected: `number` is how many of it the command fits, `tip` says more, such as its key."""

    command: str
    word: str
    number: int
    icon: str = ""
    tip: str = ""
    is_danger: bool = False

    @property
    def text(self) -> str:
        """The verb and the number that it acts on: ``Hold 4``."""
        return f"{self.word} {figure(self.number)}"


@dataclass(frozen=True, kw_only=True)
class BulkSelection:
    """What the bar shows.

    `selected` and `all_count` are numbers of whatever is listed; `all_count` is how many of it pass the filter. `what`
    says what is selected and what it cost, `left_out` why some verbs do not act on all of it.
    """

    selected: int = 0
    all_count: int = 0
    what: str = ""
    left_out: str = ""
    verbs: Sequence[BulkVerb] = ()


class BulkBar(ExplainsButtons, Guarded, QWidget):
    """Shows what is selected, in one line; hidden while fewer than two things are.

    In a narrow place it drops, in this order: why some are left out, what is selected, the words of the verbs, and the
    button that selects all. The dangerous verb keeps its word, and tool tips have whatever was dropped.

    Signals:
        verb_requested: (command) the button of a verb was pressed.
        all_requested: everything that passes the filter is to be selected.
        cleared: nothing is to be selected any more.
    """

    verb_requested = Signal(str)
    all_requested = Signal()
    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bulkBar")
        self.setFixedHeight(BAR_HEIGHT)
        self._theme, self._shown = theme, BulkSelection()
        self._count = PlainLabel("", theme=theme, role="strong")
        self._what = PlainLabel("", theme=theme, role="small", color="t2")
        self._left_out = PlainLabel("", theme=theme, role="small", color="t3", elide=True)
        self._left_out.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._stretch = QWidget()
        self.all_button = push_button("", kind="quiet", small=True)
        self.clear_button = push_button(tr("Clear"), kind="quiet", small=True)
        self.clear_button.setToolTip(tr("Select nothing  (Esc)"))
        self._verbs: list[QPushButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(_INSET, 1, _INSET, 0)
        row.setSpacing(_GAP)
        for widget in (self._count, self._what, self.all_button):
            row.addWidget(widget)
        row.addWidget(self._left_out, 1)
        row.addWidget(self._stretch, 1)
        for _ in range(_MOST_VERBS):
            button = push_button("", small=True)
            button.hide()
            button.clicked.connect(self._on_verb_clicked)
            self._verbs.append(button)
            row.addWidget(button)
        row.addWidget(self.clear_button)
        self.all_button.clicked.connect(self.all_requested)
        self.clear_button.clicked.connect(self.cleared)
        self.hide()

    def verb_buttons(self) -> list[QPushButton]:
        """The buttons of the verbs shown, in order."""
        return self._verbs[: len(self._shown.verbs)]

    def show_selection(self, selection: BulkSelection) -> None:
        """Show this, or hide where fewer than two things are selected."""
        is_shown = selection.selected > 1
        if selection != self._shown and is_shown:
            self._shown = selection
            self._fill()
        self.setVisible(is_shown)

    def show_reasons(self) -> None:
        """Disable the verbs that cannot be used now."""
        self._fill()

    def _fill(self) -> None:
        shown = self._shown
        self._count.setText(tr("{selected:,} selected", selected=shown.selected))
        self._what.setText(shown.what)
        self._left_out.setText(shown.left_out)
        self._left_out.setToolTip(plain_tip(shown.left_out))
        self.all_button.setText(tr("Select all {all_count:,}", all_count=shown.all_count))
        self.setAccessibleName(", ".join(part for part in (self._count.text(), shown.what) if part))
        self.setAccessibleDescription(shown.left_out)
        for button, verb in zip(self._verbs, shown.verbs, strict=False):
            self._fill_verb(button, verb)
        for number, button in enumerate(self._verbs):
            button.setHidden(number >= len(shown.verbs))
        self._fit()

    def _fill_verb(self, button: QPushButton, verb: BulkVerb) -> None:
        button.setObjectName(verb.command)
        button.setAccessibleName(verb.text)
        tip = f"{verb.text}{f': {verb.tip}' if verb.tip else ''}"
        set_usable(button, self.why_not(verb.command), tip=tip)
        set_kind(button, "danger" if verb.is_danger else "secondary")
        if verb.icon:
            keep_icon(button, self._theme, verb.icon, "failed" if verb.is_danger else "t2")

    def _fit(self) -> None:
        """Drop words until everything fits."""
        for level in range(_LEVELS):
            self._apply(level)
            if self._needed() <= self.width():
                return

    def _apply(self, level: int) -> None:
        """Show everything at level 0, and less at each level above."""
        shown = self._shown
        dropped_text = "; ".join(part for part in (shown.what, shown.left_out) if part)
        self._count.setToolTip(plain_tip(dropped_text if level else ""))
        self._left_out.setVisible(level < 1)
        self._stretch.setVisible(level >= 1)
        self._what.setVisible(bool(shown.what) and level < 2)  # noqa: PLR2004 - the second to be dropped
        for button, verb in zip(self._verbs, shown.verbs, strict=False):
            short = level > 2 and not verb.is_danger and bool(verb.icon)  # noqa: PLR2004 - the third
            button.setText(figure(verb.number) if short else verb.text)
        self.all_button.setVisible(shown.all_count > shown.selected and level < _LEVELS - 1)

    def _needed(self) -> int:
        widgets = (self._count, self._what, self.all_button, self._left_out, *self.verb_buttons())
        shown = [widget for widget in (*widgets, self.clear_button) if not widget.isHidden()]
        return sum(widget.sizeHint().width() for widget in shown) + _GAP * len(shown) + 2 * _INSET

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Drop or show words as the width allows."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as the bar, and not wide: it fits itself into its place."""
        return QSize(320, BAR_HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Never a reason to widen the panel."""
        return QSize(80, BAR_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground, and a line above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("bg2"))
        painter.fillRect(0, 0, self.width(), 1, self._theme.color("ctl"))

    @Slot()
    def _on_verb_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.verb_requested.emit(sender.objectName())
