"""The header: the run selector, the state of the engine, the command palette, and the counters of workstreams.

Shows and asks; what a click means is decided by the actions and the selection.
"""

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from engine.scheduling.buckets import SHOWN_STATES, Bucket
from gui.control.actions import Actions
from gui.data.projection import Projection
from gui.data.selection import Selection
from gui.data.state_counts import StateCounts
from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import icon_button, keep_icon, push_button
from gui.widgets.key_text import key_text
from gui.widgets.label import PlainLabel
from gui.window.counter_button import CounterButton
from gui.window.engine_status import EngineStatus
from gui.window.filter_chips import FilterChips
from gui.window.palette_field import (
    COMPACT_WIDTH,
    FIELD_LEAST,
    FIELD_WHOLE,
    ICON_WIDTH,
    PaletteField,
    PaletteForm,
)
from gui.window.run_selector import RUN_LEAST, RunSelector

HEIGHT = 48
WORDS_FROM = 1280
"""Below this width, the counters show only glyph and number."""
PALETTE_FROM = 1100
"""Below this width, the palette field is an icon."""
_GAPS = 150  # margins, spacings and rules of the row


class _Rule(Guarded, QWidget):
    """A hairline between two groups."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedSize(1, 20)
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the line."""
        QPainter(self).fillRect(self.rect(), self._theme.color("line2"))


class Logo(Guarded, QWidget):
    """The logo and, in a wide window, the name."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pixmap = QPixmap()
        self.setFixedSize(22, 22)
        self.setAccessibleName("Signalbox")
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the logo."""
        QPainter(self).drawPixmap(0, 0, self._pixmap)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._pixmap = self._theme.logo(22, self.devicePixelRatioF())
        self.update()


class Header(Guarded, QWidget):
    """The whole header; a click on the logo opens the menus."""

    def __init__(
        self,
        projection: Projection,
        selection: Selection,
        *,
        theme: Theme,
        actions: Actions,
        counters: StateCounts,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._projection, self._selection, self._actions, self._counted = (
            projection,
            selection,
            actions,
            counters,
        )
        self.menu_button = _menu_button()
        self._name = PlainLabel("Signalbox", theme=theme, role="title")
        self.runs = RunSelector(projection, selection, theme)
        self.engine_status = EngineStatus(projection, counters, theme)
        self.pause_button = push_button(tr("Pause"))
        self.filter_chips = FilterChips(projection, selection, counters=counters, theme=theme)
        self.palette_field = PaletteField(theme, key_text(actions.record("palette").shortcut))
        self.counters = [CounterButton(bucket, theme) for bucket in Bucket]
        self.add_button = push_button(tr("Add jobs"), kind="primary")
        self.add_button.setObjectName("addJobs")
        self.add_button.setAccessibleName(tr("Add jobs"))
        self.settings_button = icon_button(theme, "settings", actions.action("settings").toolTip(), size=28)
        self.drop_label = PlainLabel("", theme=theme, role="strong", color="accent")
        self.drop_label.hide()
        keep_icon(self.add_button, theme, "add", "onaccent")
        self._theme = theme
        self._is_paused: bool | None = None
        self._lay_out(theme)
        theme.changed.connect(self._on_theme_changed)
        self.setFixedHeight(theme.grown(HEIGHT))
        self._connect()
        self._on_counted()
        self._on_queue_changed()

    def show_drop(self, text: str) -> None:
        """Show what a drop would add; an empty text shows the palette field again."""
        self.drop_label.setText(text)
        self.drop_label.setVisible(bool(text))
        self.palette_field.setVisible(not text)
        self.runs.setVisible(not text or self.width() >= WORDS_FROM)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Hide the words, then the palette field, as the window gets narrower."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Fit the parts when one of them has another size, once however many have."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Hide parts until the others fit; wide digits and fonts need that sooner than the two limits."""
        width, needed = self.width(), self._needed()
        cut = self._theme.widened(FIELD_WHOLE - FIELD_LEAST)
        words = width >= WORDS_FROM and needed - cut <= width
        is_cut = words and needed > width  # the counters keep their words before the field keeps all of its
        needed -= cut if is_cut else 0
        for counter in self.counters:
            counter.set_words(words)
            needed -= 0 if words else counter.width_with(words=True) - counter.width_with(words=False)
        needed -= self._fit_palette_and_filter(needed, is_cut=is_cut)
        named = width >= PALETTE_FROM and needed <= width
        needed -= 0 if named else self._name.sizeHint().width()
        if named is self._name.isHidden():
            self._name.setVisible(named)
            self.menu_button.updateGeometry()
        self.engine_status.show_slots(needed <= width)
        needed -= 0 if needed <= width else self.engine_status.slots_width
        self.filter_chips.set_tight(tight=needed > width)
        needed -= self.filter_chips.clear_width if needed > width else 0
        _show_word(self.pause_button, shown=needed <= width)
        _show_word(self.add_button, shown=self._has_room_for_add())

    def _has_room_for_add(self) -> bool:
        """Whether the button that adds jobs may keep its word: the last that yields, to the pixel."""
        row = self.layout()
        return row is None or row.totalMinimumSize().width() + _hidden_width(self.add_button) <= self.width()

    def _fit_palette_and_filter(self, needed: int, *, is_cut: bool) -> int:
        """Hide words of the palette, then what the filter hides, then the field; return the width gained."""
        width, chips, gained, widened = self.width(), self.filter_chips, 0, self._theme.widened
        form = PaletteForm.CUT if is_cut else PaletteForm.FULL if width >= PALETTE_FROM else PaletteForm.ICON
        if form is PaletteForm.FULL and needed > width:
            form, gained = PaletteForm.COMPACT, widened(FIELD_WHOLE - COMPACT_WIDTH)
        narrow = chips.shown and (form is PaletteForm.ICON or needed - gained > width)
        gained += chips.width_as(narrow=False) - chips.width_as(narrow=True) if narrow else 0
        if form is PaletteForm.ICON or needed - gained > width:
            now = COMPACT_WIDTH if form is PaletteForm.COMPACT else FIELD_WHOLE
            gained += widened(now - ICON_WIDTH)
            form = PaletteForm.ICON
        chips.set_narrow(narrow=narrow)
        self.palette_field.set_form(form)
        return gained

    def _needed(self) -> int:
        parts = (self.pause_button, self.add_button, self.settings_button)
        counters = sum(counter.width_with(words=True) + 4 for counter in self.counters)
        logo = 22 + self._name.sizeHint().width()
        fixed = sum(part.sizeHint().width() for part in parts)
        fixed += sum(map(_hidden_width, (self.pause_button, self.add_button)))
        chips = self.filter_chips.width_as(narrow=False) + (2 * 8 + 1 if self.filter_chips.shown else 0)
        return (
            chips
            + _GAPS
            + logo
            + max(RUN_LEAST, self.runs.sizeHint().width())
            + self.engine_status.full_width()
            + self._theme.widened(FIELD_WHOLE)
            + counters
            + fixed
        )

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Smaller than the present content: words are hidden as the window narrows."""
        return QSize(640, self.height())

    def _lay_out(self, theme: Theme) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        logo = QHBoxLayout(self.menu_button)
        logo.setContentsMargins(3, 0, 3, 0)
        logo.setSpacing(9)
        mark = Logo(theme)
        mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        logo.addWidget(mark)
        logo.addWidget(self._name)
        row.addWidget(self.menu_button)
        row.addWidget(_Rule(theme))
        row.addWidget(self.runs)
        row.addWidget(_Rule(theme))
        row.addSpacing(2)
        row.addWidget(self.engine_status)
        row.addSpacing(2)
        row.addWidget(self.pause_button)
        self._filter_rule = _Rule(theme)
        self._filter_rule.hide()
        row.addWidget(self._filter_rule)
        row.addWidget(self.filter_chips)
        row.addStretch(1)
        row.addWidget(self.palette_field, 8)
        row.addWidget(self.drop_label)
        row.addStretch(1)
        for counter in self.counters:
            row.addWidget(counter)
            row.addSpacing(-4)
        row.addSpacing(4)
        row.addWidget(_Rule(theme))
        row.addWidget(self.add_button)
        row.addWidget(self.settings_button)

    def _connect(self) -> None:
        self.pause_button.clicked.connect(self._on_pause_clicked)
        self.palette_field.clicked.connect(self._actions.action("palette").trigger)
        self.add_button.clicked.connect(self._actions.action("add_jobs").trigger)
        self.settings_button.clicked.connect(self._actions.action("settings").trigger)
        self.add_button.setToolTip(self._actions.action("add_jobs").toolTip())
        for counter in self.counters:
            counter.clicked.connect(self._on_counter_clicked)
        self._counted.changed.connect(self._on_counted)
        self._projection.reset.connect(self._on_queue_changed)
        self._projection.folded.connect(self._on_queue_changed)
        self._selection.changed.connect(self._on_selection_changed)

    @Slot()
    def _on_counter_clicked(self) -> None:
        counter = self.sender()
        if not isinstance(counter, CounterButton):
            return
        states, shown = SHOWN_STATES[counter.bucket], self._selection.filter_states
        self._selection.filter_by_state(shown | states if counter.isChecked() else shown - states)
        self._on_selection_changed()  # those that failed are among those that need a person

    @Slot()
    def _on_selection_changed(self) -> None:
        for counter in self.counters:
            counter.setChecked(SHOWN_STATES[counter.bucket] <= self._selection.filter_states)
        self._filter_rule.setVisible(self.filter_chips.shown)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFixedHeight(self._theme.grown(HEIGHT))
        QTimer.singleShot(0, self, self._fit)  # once every part knows its new size

    @Slot()
    def _on_counted(self) -> None:
        counts = self._counted.counts
        for counter in self.counters:
            counter.show_counts(counts)

    @Slot()
    def _on_queue_changed(self) -> None:
        is_paused = self._projection.pause() is not None
        if is_paused is not self._is_paused:
            self._is_paused = is_paused
            self._show_pause(paused=is_paused)

    def _show_pause(self, *, paused: bool) -> None:
        command = "resume" if paused else "pause"
        self.pause_button.setAccessibleName(tr("Resume") if paused else tr("Pause"))
        self.pause_button.setText(self.pause_button.accessibleName())
        keep_icon(self.pause_button, self._theme, "play" if paused else "pause", "t1")
        self.pause_button.setToolTip(self._actions.action(command).toolTip())
        self._actions.set_possible("pause", not paused)
        self._actions.set_possible("resume", paused)

    def show_observing(self) -> None:
        """Disable the buttons that send commands while the window only observes, with the reason as their tip."""
        self.add_button.setEnabled(not self._actions.observes)
        self.pause_button.setEnabled(not self._actions.observes)
        self.add_button.setToolTip(self._actions.action("add_jobs").toolTip())
        self._show_pause(paused=bool(self._is_paused))

    @Slot()
    def _on_pause_clicked(self) -> None:
        self._actions.run("resume" if self._projection.pause() is not None else "pause")


class _MenuButton(Guarded, QToolButton):
    """The logo as a button, as large as its content."""

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """The size of its layout; Qt itself considers only icon and text."""
        layout = self.layout()
        return QSize(layout.sizeHint().width(), 34) if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """The same."""
        return self.sizeHint()


def _menu_button() -> QToolButton:
    button = _MenuButton()
    button.setObjectName("menuButton")
    button.setToolTip(tr("Menus  (F10)"))
    button.setAccessibleName(tr("Menus"))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button


def _show_word(button: QAbstractButton, *, shown: bool) -> None:
    """Show the word beside the glyph of a button; its tool tip and its name have it in any case."""
    word = button.accessibleName() if shown else ""
    if button.text() != word:
        button.setText(word)


def _hidden_width(button: QAbstractButton) -> int:
    """How much wider a button would be with its word, which it has not; 0 if it has.

    To the pixel as the button measures it, or the word would come and go for ever in a header as wide as that.
    """
    hidden = "" if button.text() else button.accessibleName()
    return button.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, hidden).width()
