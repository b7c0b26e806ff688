"""The strip on top: which runs, how the engine stands, the way to everything, and what the jobs come to.

Shows and asks; what a click means is decided by the actions and the selection.
"""

from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from gui.actions import Actions
from gui.buttons import icon_button, keep_icon, push_button
from gui.counters import BUCKETS, Counters
from gui.models.projection import Projection
from gui.plain_label import PlainLabel, plain_tip
from gui.selection import Selection
from gui.theme import Theme
from state.records import Run

HEIGHT = 48
WORDS_FROM = 1280
"""Below this width the counters keep glyph and number only."""
PALETTE_FROM = 1100
"""Below this width the palette field is an icon."""
_SHOWN_RUNS = 20
_LONGEST_RUN = 220
_RUN_LEAST = 130
_RUN_FRAME = 64
"""Icon, chevron and their gaps."""
_SPARE = 4  # eliding measures in fractions of a pixel, the size hint in whole ones
_FIELD_LEAST = 190
_GAPS = 150  # margins, spacings and rules of the row


class _Rule(QWidget):
    """A hairline between two groups."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedSize(1, 20)
        self._theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the line."""
        QPainter(self).fillRect(self.rect(), self._theme.color("line2"))


class Logo(QWidget):
    """The mark and, where the window is wide, the name."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pixmap = QPixmap()
        self.setFixedSize(22, 22)
        self.setAccessibleName("Signalbox")
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the mark."""
        QPainter(self).drawPixmap(0, 0, self._pixmap)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._pixmap = self._theme.logo(22, self.devicePixelRatioF())
        self.update()


class CounterButton(QAbstractButton):
    """Glyph, number, word; pressed in while the panels are filtered by it."""

    def __init__(self, bucket: str, theme: Theme) -> None:
        super().__init__()
        self.bucket = bucket
        self._told = BUCKETS[bucket]
        self._theme = theme
        self._number = 0
        self._words = True
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self._describe()

    def set_number(self, number: int) -> None:
        """Show another number."""
        if number != self._number:
            self._number = number
            self._describe()
            self.updateGeometry()
            self.update()

    def set_words(self, words: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Show the word behind the number, or not."""
        if words != self._words:
            self._words = words
            self.updateGeometry()
            self.update()

    @property
    def number(self) -> int:
        """The number shown."""
        return self._number

    @property
    def shows_word(self) -> bool:
        """Whether the word is shown."""
        return self._words

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Wide enough for the text in the fonts of the theme."""
        return QSize(self.width_with(words=self._words), 26)

    def width_with(self, *, words: bool) -> int:
        """The width it needs, with its word or without."""
        number, word = self._widths()
        return 6 + 14 + 6 + number + (5 + word if words else 0) + 6

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw it; a zero is pale, so that the eye goes to what there is."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("sel" if self.isChecked() else "hover"))
            painter.drawRoundedRect(self.rect(), 4, 4)
        dim = self._number == 0 and not self.isChecked()
        ink = theme.color("t3") if dim else None
        painter.drawPixmap(
            6, (self.height() - 14) // 2, theme.glyph(self._told.glyph, 14, self.devicePixelRatioF(), ink)
        )
        number, word = self._widths()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color("t3" if dim else "t1"))
        painter.drawText(QRect(26, 0, number + 2, self.height()), middle, f"{self._number:,}")
        if self._words:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("t3" if dim else "t2"))
            painter.drawText(QRect(26 + number + 5, 0, word + 2, self.height()), middle, self._told.word)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802  # Qt's name
        """Show the hover ground."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Take the hover ground away."""
        super().leaveEvent(event)
        self.update()

    def _widths(self) -> tuple[int, int]:
        number = QFontMetrics(self._theme.font("strong")).horizontalAdvance(f"{self._number:,}")
        return number, QFontMetrics(self._theme.font("small")).horizontalAdvance(self._told.word)

    def _describe(self) -> None:
        told = f"{self._number:,} {self._told.word}"
        self.setAccessibleName(told)
        self.setToolTip(f"{told}. Press to show only these in every panel.")


class PaletteField(QAbstractButton):
    """Looks like a field and opens the command palette; only a lens where room is short."""

    def __init__(self, theme: Theme, shortcut: str) -> None:
        super().__init__()
        self._theme, self._keys = theme, shortcut
        self._short = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
        self.setAccessibleName("Find a job, file or command")
        self.setToolTip(f"Find a job, file or command  ({shortcut})")
        self.setMinimumHeight(28)
        self.setMaximumHeight(28)
        self.set_short(False)
        self._keys = shortcut.replace("+", " ")
        theme.changed.connect(self.update)

    def set_short(self, short: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Be a lens, or a field of 300 px."""
        self._short = short
        self.setMinimumWidth(28 if short else _FIELD_LEAST)
        self.setMaximumWidth(28 if short else 300)
        self.setSizePolicy(
            QSizePolicy.Policy.Fixed if short else QSizePolicy.Policy.Expanding,
            QSizePolicy.Policy.Fixed,
        )
        self.update()

    @property
    def is_short(self) -> bool:
        """Whether only the lens is shown."""
        return self._short

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """The width of the picture."""
        return QSize(28 if self._short else 300, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw field, lens, words and the key."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("ctl"))
        painter.setBrush(theme.color("hover" if self.underMouse() else "field"))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        lens = theme.icon("search", "t2", 16, self.devicePixelRatioF())
        painter.drawPixmap(6 if self._short else 10, 6, lens)
        if self._short:
            return
        painter.setFont(theme.font("caption"))
        key = painter.fontMetrics().horizontalAdvance(self._keys) + 10
        cap = QRect(self.width() - key - 8, 5, key, 18)
        painter.setPen(theme.color("line2"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(theme.color("t2"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._keys)
        painter.setFont(theme.font("base"))
        painter.setPen(theme.color("t3"))
        room = QRect(34, 0, cap.left() - 40, self.height())
        words = painter.fontMetrics().elidedText(
            self.accessibleName(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)


class EngineSign(QWidget):
    """How the engine stands: glyph, word, and how many of its slots are taken."""

    def __init__(self, projection: Projection, counters: Counters, theme: Theme) -> None:
        super().__init__()
        self._projection, self._counters = projection, counters
        self._view_only = False
        self._glyph = Glyph(theme)
        self._word = PlainLabel("", theme=theme, role="strong")
        self._slots = PlainLabel("", theme=theme, role="small", color="t2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        for widget in (self._glyph, self._word, self._slots):
            row.addWidget(widget)
        projection.reset.connect(self._on_changed)
        projection.folded.connect(self._on_changed)
        counters.changed.connect(self._on_changed)
        self._on_changed()

    @property
    def words(self) -> str:
        """What it says."""
        return f"{self._word.text()} {self._slots.text()}".strip()

    def full_width(self) -> int:
        """The width with the slots."""
        return 14 + 14 + self._word.sizeHint().width() + self._slots.sizeHint().width()

    def show_slots(self, shown: bool) -> None:  # noqa: FBT001  # a switch, like setVisible
        """Tell the slots too, or only the word."""
        self._slots.setVisible(shown)

    def set_view_only(self, view_only: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Say that this window only watches."""
        self._view_only = view_only
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        state, word = self._standing()
        self._glyph.show_state(state)
        self._word.setText(word)
        self._slots.setText(_slots(self._projection.slots(), self._counters.running))
        self.setToolTip(plain_tip(self._projection.engine.problem))
        self.setAccessibleName(self.words)

    def _standing(self) -> tuple[str, str]:
        engine, pause = self._projection.engine, self._projection.pause()
        if self._view_only:
            return "held", "Watching only"
        if engine.stopping:
            return "waiting", "Engine stopping"
        if not engine.running:
            return ("failed", "Engine stopped") if engine.problem else ("queued", "No engine")
        return ("held", "Paused") if pause is not None else ("running", "Engine running")


class Glyph(QWidget):
    """One state glyph of 14 px."""

    def __init__(self, theme: Theme, state: str = "queued", size: int = 14) -> None:
        super().__init__()
        self._theme, self._state, self._size = theme, state, size
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    def show_state(self, state: str) -> None:
        """Show another state."""
        if state != self._state:
            self._state = state
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the cached pixmap."""
        glyph = self._theme.glyph(self._state, self._size, self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, glyph)


class RunSelector(QPushButton):
    """Which runs the panels show: all, or one of the newest."""

    def __init__(self, projection: Projection, selection: Selection, theme: Theme) -> None:
        super().__init__()
        self._projection, self._selection, self._theme = projection, selection, theme
        self.setProperty("kind", "quiet")
        self.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
        self.setAutoDefault(False)
        self.setMaximumWidth(_LONGEST_RUN + _RUN_FRAME)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        keep_icon(self, theme, "folder")
        self._told = ""
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._on_menu_opening)
        self.clicked.connect(self._on_clicked)
        for signal in (projection.reset, projection.folded, selection.changed):
            signal.connect(self._on_changed)
        self._on_changed()

    @property
    def told(self) -> str:
        """The whole text, which the button may show shortened."""
        return self._told

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """May become as narrow as its icon and a word."""
        return QSize(_RUN_LEAST, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """As wide as the text, within reason."""
        text = QFontMetrics(self._theme.font("name")).horizontalAdvance(self._told)
        return QSize(min(text, _LONGEST_RUN) + _RUN_FRAME, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Shorten the text to the room there is."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """The button, and a chevron at its end."""
        super().paintEvent(event)
        chevron = self._theme.icon("chev", "t2", 16, self.devicePixelRatioF())
        QPainter(self).drawPixmap(self.width() - 22, (self.height() - 16) // 2, chevron)

    @Slot()
    def _on_changed(self) -> None:
        run = self._projection.runs.get(self._selection.run_id or "")
        told = _run_title(run) if run else _all_runs(self._projection)
        if told != self._told:
            self._told = told
            self.setToolTip(plain_tip(told))
            self.setAccessibleName(f"Shown runs: {told}")
            self.updateGeometry()
            self._fit()

    @Slot()
    def _on_clicked(self) -> None:
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    @Slot()
    def _on_menu_opening(self) -> None:
        self._menu.clear()
        everything = self._menu.addAction(_plain(_all_runs(self._projection)))
        everything.triggered.connect(partial(self._selection.choose_run, None))
        self._menu.addSeparator()
        newest = sorted(self._projection.runs.values(), key=lambda run: run.created_at, reverse=True)
        for run in newest[:_SHOWN_RUNS]:
            glyph = self._theme.glyph(run.status.value, 16, self.devicePixelRatioF())
            entry = self._menu.addAction(glyph, _plain(_run_title(run)))
            entry.triggered.connect(partial(self._selection.choose_run, run.run_id))

    def _fit(self) -> None:
        room = max(0, self.width() - _RUN_FRAME + _SPARE)
        metrics = QFontMetrics(self._theme.font("name"))
        shown = metrics.elidedText(self._told, Qt.TextElideMode.ElideRight, room)
        self.setText(_plain(f"{shown}      "))


class Header(QWidget):
    """The whole strip; a press on the logo opens the menus."""

    def __init__(
        self,
        projection: Projection,
        selection: Selection,
        *,
        theme: Theme,
        actions: Actions,
        counters: Counters,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._projection, self._selection, self._actions, self._counted = (
            projection,
            selection,
            actions,
            counters,
        )
        self.menu_button = _menu_button()
        self._name = PlainLabel("Signalbox", theme=theme, role="title")
        self.runs = RunSelector(projection, selection, theme)
        self.engine_sign = EngineSign(projection, counters, theme)
        self.pause_button = push_button("Pause")
        self.palette_field = PaletteField(theme, actions.action("palette").shortcut().toString())
        self.counters = [CounterButton(bucket, theme) for bucket in BUCKETS]
        self.add_button = push_button("Add jobs", kind="primary")
        self.add_button.setObjectName("addJobs")
        self.settings_button = icon_button(theme, "settings", actions.action("settings").toolTip(), size=28)
        self.drop_line = PlainLabel("", theme=theme, role="strong", color="accent")
        self.drop_line.hide()
        keep_icon(self.add_button, theme, "add", "onaccent")
        self._theme = theme
        self._lay_out(theme)
        self._connect()
        self._on_counted()
        self._on_queue_changed()

    def show_drop(self, text: str) -> None:
        """Say what a drop would bring; an empty text brings the palette field back."""
        self.drop_line.setText(text)
        self.drop_line.setVisible(bool(text))
        self.palette_field.setVisible(not text)
        self.runs.setVisible(not text or self.width() >= WORDS_FROM)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Give up words, then the palette field, as the window gets narrower."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give up parts until the rest has room; wide digits and wide fonts need it sooner than the two limits."""
        width, needed = self.width(), self._needed()
        words = width >= WORDS_FROM and needed <= width
        for counter in self.counters:
            counter.set_words(words)
            needed -= 0 if words else counter.width_with(words=True) - counter.width_with(words=False)
        short = width < PALETTE_FROM or needed > width
        self.palette_field.set_short(short)
        needed -= _FIELD_LEAST - 28 if short else 0
        named = width >= PALETTE_FROM and needed <= width
        needed -= 0 if named else self._name.sizeHint().width()
        self._name.setVisible(named)
        self.menu_button.updateGeometry()
        self.engine_sign.show_slots(needed <= width)

    def _needed(self) -> int:
        parts = (self.pause_button, self.add_button, self.settings_button)
        counters = sum(counter.width_with(words=True) + 4 for counter in self.counters)
        logo = 22 + self._name.sizeHint().width()
        fixed = sum(part.sizeHint().width() for part in parts)
        return _GAPS + logo + _RUN_LEAST + self.engine_sign.full_width() + _FIELD_LEAST + counters + fixed

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """The window may be narrower than what is shown now: words go as it narrows."""
        return QSize(640, HEIGHT)

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
        row.addWidget(self.engine_sign)
        row.addSpacing(2)
        row.addWidget(self.pause_button)
        row.addStretch(1)
        row.addWidget(self.palette_field, 8)
        row.addWidget(self.drop_line)
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
        chosen = [counter for counter in self.counters if counter.isChecked()]
        self._selection.filter_by_state(
            state for counter in chosen for state in BUCKETS[counter.bucket].states
        )

    @Slot()
    def _on_selection_changed(self) -> None:
        for counter in self.counters:
            counter.setChecked(BUCKETS[counter.bucket].states <= self._selection.filter_states)

    @Slot()
    def _on_counted(self) -> None:
        for counter in self.counters:
            counter.set_number(self._counted.number(counter.bucket))
        self._fit()

    @Slot()
    def _on_queue_changed(self) -> None:
        paused = self._projection.pause() is not None
        command = "resume" if paused else "pause"
        self.pause_button.setText("Resume" if paused else "Pause")
        keep_icon(self.pause_button, self._theme, "play" if paused else "pause", "t1")
        self.pause_button.setToolTip(self._actions.action(command).toolTip())
        self._actions.set_possible("pause", not paused)
        self._actions.set_possible("resume", paused)
        self._fit()

    @Slot()
    def _on_pause_clicked(self) -> None:
        self._actions.run("resume" if self._projection.pause() is not None else "pause")


class _MenuButton(QToolButton):
    """The logo as a button, as large as what lies in it."""

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """What the layout in it asks for; Qt itself looks only at icon and text."""
        layout = self.layout()
        return QSize(layout.sizeHint().width(), 34) if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """The same."""
        return self.sizeHint()


def _menu_button() -> QToolButton:
    button = _MenuButton()
    button.setObjectName("menuButton")
    button.setToolTip("Menus  (F10)")
    button.setAccessibleName("Menus")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button


def _plain(text: str) -> str:
    """The text as a button or menu shows it: a single & would be eaten as a mnemonic."""
    return text.replace("&", "&&")


def _run_title(run: Run) -> str:
    return run.title or run.run_id


def _all_runs(projection: Projection) -> str:
    runs, streams = len(projection.runs), len(projection.workstreams)
    if not runs:
        return "No runs yet"
    every = "" if runs == 1 else "All "
    return f"{every}{_counted(runs, 'run')}, {_counted(streams, 'workstream')}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _slots(limit: int | None, taken: int) -> str:
    return f"{taken:,} of {limit:,} slots" if limit is not None else f"{taken:,} running"
