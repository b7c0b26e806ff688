"""The trust card: the command that would run, word by word, and the possible answers. Grants nothing itself."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QHideEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.trust.binding import Binding
from engine.trust.launch_card import TrustCardText, trust_card_text
from engine.trust.policy import LaunchPreview
from gui.control.background_tasks import BackgroundTasks
from gui.guarded import Guarded
from gui.sheets.intake.script_preview import ScriptPreview, read_script
from gui.theme.theme import Theme
from gui.translation import tr, tr_count, translatable
from gui.widgets.button_flow import ButtonFlow
from gui.widgets.buttons import push_button
from gui.widgets.fact import Fact
from gui.widgets.key_values import KeyValues
from gui.widgets.label import PlainLabel
from gui.widgets.wrapped_label import WrappedLabel

DELAY_MS = 1000
"""How long no button can be pressed: a click meant for what was shown there before must not trust anything."""
_AS_IT_IS = translatable("Trust this file as it is now")
_BOUND_TO_ALL = translatable("Trust while the repository stays as it is")
_WARNING = translatable(
    "From now on this command starts without your review, whatever anybody changes in the repository. "
    "Only for a repository of your own."
)
_MOST_LINES = 8
_SCRIPT_LINES = 12
_EDGE, _PADDING = 3, 4
_LEAST_HEIGHT = 96
_EXACT = ("Where", "From")
_IF_ADDED = translatable("If you add it")
LABELS = frozenset(
    {
        translatable("From"),
        translatable("Where"),
        translatable("May read"),
        translatable("Task"),
        translatable("Then tests"),
        translatable("Setup"),
        translatable("Teardown"),
        translatable("Check"),
        translatable("If it fails"),
        translatable("Loads"),
        translatable("If trusted"),
        translatable("Repository"),
        translatable("Changed"),
        translatable("Problem"),
        _IF_ADDED,
    }
)
"""The labels of the facts; all but the last are those of the engine."""
_USUAL_FACTS = 6


class TrustCard(Guarded, QWidget):
    """Shows the jobs of a file one by one, or one held job; no button has the focus, and Enter presses none.

    Signals:
        decided: (word) ``once``, ``trust``, ``anything`` or ``reject``, for everything that was shown.
        resized: its height has changed.
    """

    decided = Signal(str)
    resized = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, note: str = "") -> None:
        """An empty card; `note` says what happens if no button is pressed."""
        super().__init__(parent)
        self.setObjectName("trustCard")
        self._theme, self._note = theme, note
        self._previews: tuple[LaunchPreview, ...] = ()
        self._name = ""
        self._current = self._seen = 0
        self._card: TrustCardText | None = None
        self._glyph = QLabel()
        self.heading = PlainLabel(theme=theme, role="strong")
        self.heading.setWordWrap(True)
        self.place = PlainLabel(theme=theme, role="small", color="t2")
        self.next_button = push_button(tr("Next command"), small=True)
        self.unseen = PlainLabel(theme=theme, role="small", color="t2")
        self.unseen.setWordWrap(True)
        self.badges = PlainLabel(theme=theme, role="small", color="failed")
        self.badges.setWordWrap(True)
        self.command = _Text(tr("The command, one word per line"), theme, most=_MOST_LINES)
        self.facts = KeyValues(theme)
        self.script = _Text(tr("The script"), theme, most=_SCRIPT_LINES)
        self.show_button = push_button(tr("Show the script"))
        self.reject_button = push_button(tr("Reject"), kind="danger")
        self.once_button = push_button(tr("Run only this once"))
        self.trust_button = push_button(tr(_AS_IT_IS))
        self.more_button = push_button(tr("It is my own repository…"), small=True)
        self.warning = PlainLabel(tr(_WARNING), theme=theme, role="small", color="failed")
        self.warning.setWordWrap(True)
        self.anything_button = push_button(tr("Trust whatever the repository holds"), kind="danger")
        self._answers = {
            "reject": self.reject_button,
            "once": self.once_button,
            "trust": self.trust_button,
            "anything": self.anything_button,
        }
        self._delay = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._reader = BackgroundTasks(self)
        self._lay_out()
        self._delay.timeout.connect(self._on_delay_over)
        self.next_button.clicked.connect(self._on_next_clicked)
        self.show_button.clicked.connect(self._on_show_clicked)
        self.more_button.clicked.connect(self._on_more_clicked)
        for button in self._answers.values():
            button.clicked.connect(self._on_answer_clicked)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.hide()

    @property
    def previews(self) -> tuple[LaunchPreview, ...]:
        """The launch previews, shown one by one."""
        return self._previews

    def show_previews(self, previews: Sequence[LaunchPreview], name: str) -> None:
        """Show these previews of the file or job called `name`; showing the same again changes nothing."""
        if self.fill(previews, name):
            self.fit()

    def fill(self, previews: Sequence[LaunchPreview], name: str) -> bool:
        """The same, to be followed by `fit` in a later turn; False where that has nothing to do."""
        if (tuple(previews), name) == (self._previews, self._name) and not self.isHidden():
            return False
        self._previews, self._name, self._current, self._seen = tuple(previews), name, 0, 0
        if not self._previews:
            self.clear()
            return False
        self.show()
        self._show_one()
        return True

    def clear(self) -> None:
        """Show nothing."""
        self._previews, self._card = (), None
        self._delay.stop()
        self._reader.forget()
        self.hide()

    def answers(self) -> list[QPushButton]:
        """The buttons that decide, from left to right."""
        return list(self._answers.values())

    def warm_ups(self) -> list[Callable[[], None]]:
        """The parts of what its first preview would make at once, each for a turn of its own."""
        return [
            partial(self._make_labels, 2),
            partial(self._make_labels, _USUAL_FACTS),
            partial(self._polish, PlainLabel),
            partial(self._polish, QWidget),
            self._lay_out_labels,
        ]

    def stop_reading(self) -> None:
        """Return once no thread reads."""
        self._delay.stop()
        self._reader.stop()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Count the time of a review from here: it may have been filled while it was hidden."""
        super().showEvent(event)
        if self._previews:
            self._delay.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Disable the answers: a hidden card has to be reviewed again."""
        super().hideEvent(event)
        self._delay.stop()
        self._enable()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """A frame with a yellow left edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("line2"), 1))
        painter.setBrush(self._theme.color("bg1"))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        painter.fillRect(QRect(0, 2, _EDGE, self.height() - 4), self._theme.state("needsyou").fill)

    def _lay_out(self) -> None:
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        for part in (self.badges, self.command, self.facts, self.script):
            inside.addWidget(part)
        inside.addStretch(1)
        self._shown = _Shown(page, inside)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._glyph)
        head.addWidget(self.heading, 1)
        head.addWidget(self.place)
        head.addWidget(self.next_button)
        buttons = ButtonFlow()
        for button in (self.show_button, self.more_button):
            buttons.add(button)
        for button in (self.reject_button, self.once_button, self.trust_button):
            buttons.add(button, trailing=True)
        self._anything = ButtonFlow()
        self._anything.add(self.anything_button, trailing=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12 + _EDGE, 12, 12, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._shown)
        column.addWidget(self.unseen)
        column.addWidget(buttons)
        column.addWidget(self.warning)
        column.addWidget(self._anything)

    def _show_one(self) -> None:
        preview = self._previews[self._current]
        self._card = card = trust_card_text(preview, self._name)
        self._seen = max(self._seen, self._current + 1)
        many = len(self._previews) > 1
        self.heading.setText(card.title)
        self.place.setText(
            tr("{number:,} of {total:,}", number=self._current + 1, total=len(self._previews)) if many else ""
        )
        self.place.setVisible(many)
        self.next_button.setVisible(many)
        badges = [badge for badge in card.badges if badge.partition(" ")[2] not in card.title]
        self.badges.setText("\n".join(tr("It {does}.", does=badge) for badge in badges))
        self.badges.setVisible(bool(badges))
        self.command.show_text("\n".join(card.argv))
        note = ((_IF_ADDED, self._note),) if self._note else ()
        self.trust_button.setVisible(self._can_last())
        self.trust_button.setText(tr(_BOUND_TO_ALL if self._is_bound_to_all() else _AS_IT_IS))
        self._show_more(shown=False)
        self.facts.show_facts([_fact(label, text) for label, text in (*card.facts, *note)])
        self.script.hide()
        self.show_button.setVisible(bool(card.script))
        self.show_button.setEnabled(True)
        self.setAccessibleName(card.title)
        self.setAccessibleDescription(" ".join((*card.badges, " ".join(card.argv))))
        self._delay.start()
        self._enable()

    def _make_labels(self, number: int) -> None:
        if self._previews:
            return
        names = [*_EXACT, *("" for _ in range(number - len(_EXACT)))]
        self.facts.show_facts([_fact(name, "") for name in names])

    def _polish(self, kind: type[QWidget]) -> None:
        for widget in self.findChildren(kind):
            widget.ensurePolished()

    def _lay_out_labels(self) -> None:
        for label in self.facts.findChildren(WrappedLabel):
            label.heightForWidth(self.width())

    def _can_last(self) -> bool:
        """Whether a lasting grant can be bound to everything that may be loaded."""
        return all(preview.lasting is not None for preview in self._previews)

    def _is_bound_to_all(self) -> bool:
        return any(preview.lasting is Binding.REPOSITORY for preview in self._previews)

    def _show_more(self, *, shown: bool) -> None:
        """Show the answer that binds nothing, and what it means; it is never shown by itself."""
        self.more_button.setVisible(not shown)
        self.warning.setVisible(shown)
        self.anything_button.setVisible(shown)
        self._anything.setVisible(shown)

    def fit(self) -> None:
        """Take the height of what is shown, and report it."""
        # From the inside out, or the sheet measures old heights.
        for layout in (self.facts.layout(), self._shown.page_layout):
            if layout is not None:
                layout.activate()
        self._shown.updateGeometry()
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.resized.emit()

    def _enable(self) -> None:
        """Allow trust once every preview has been visible for a while; rejecting needs only the current one."""
        ready = bool(self._previews) and self.isVisible() and not self._delay.isActive()
        self.reject_button.setEnabled(ready)
        left = len(self._previews) - self._seen
        why = _unseen(left)
        self.unseen.setText(why)
        self.unseen.setVisible(bool(why))
        for button in (self.once_button, self.trust_button, self.more_button, self.anything_button):
            button.setEnabled(ready and not left)
            button.setToolTip(why)

    @Slot()
    def _on_delay_over(self) -> None:
        self._enable()

    @Slot()
    def _on_next_clicked(self) -> None:
        self._current = (self._current + 1) % len(self._previews)
        self._show_one()
        self.fit()

    @Slot()
    def _on_more_clicked(self) -> None:
        self._show_more(shown=True)
        self._delay.start()
        self._enable()
        self.fit()

    @Slot()
    def _on_show_clicked(self) -> None:
        if self._card is not None:
            self.show_button.setEnabled(False)
            path, expected = self._card.script, self._card.script_print
            self._reader.run_latest(lambda: read_script(path, expected=expected), self._on_script_read)

    def _on_script_read(self, script: ScriptPreview) -> None:
        if self._card is not None and script.path == self._card.script:
            self.script.show_text(script.text)
            self.script.show()
            self.fit()

    @Slot()
    def _on_answer_clicked(self) -> None:
        sender = self.sender()
        word = next((word for word, button in self._answers.items() if button is sender), None)
        if word is not None:
            self.decided.emit(word)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._glyph.setPixmap(self._theme.icon("untrusted", "needsyou", 16, self.devicePixelRatioF()))
        self.update()


def _unseen(left: int) -> str:
    """Why nothing can be trusted yet, while so many commands were not looked at; empty without any."""
    if not left:
        return ""
    return tr_count(
        "You can trust this once you have looked at every command: {n} is left (Next command).",
        "You can trust these once you have looked at every command: {n} are left (Next command).",
        left,
    )


def binding_of(word: str, preview: LaunchPreview) -> Binding:
    """What a grant is bound to after this answer to that preview."""
    lasting = preview.lasting or Binding.ONCE
    return {"trust": lasting, "anything": Binding.ANYTHING}.get(word, Binding.ONCE)


def _fact(label: str, text: str) -> Fact:
    caption = tr(label) if label in LABELS else label
    return Fact(caption, text, exact=label in _EXACT, is_path=label in _EXACT, whole=True)


class _Shown(Guarded, QScrollArea):
    """What would run: as high as it needs to be, and scrolled where a window is too low; the answers stay in view."""

    def __init__(self, page: QWidget, page_layout: QLayout) -> None:
        super().__init__()
        self.page_layout = page_layout
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setWidget(page)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Wrapped text needs more height the narrower it is."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of everything at this width."""
        page = self.page_layout
        return page.totalHeightForWidth(width) if page.hasHeightForWidth() else page.totalSizeHint().height()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The size of everything at the current width."""
        return QSize(400, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The command and a few facts."""
        return QSize(0, min(_LEAST_HEIGHT, self.sizeHint().height()))


class _Text(Guarded, QPlainTextEdit):
    """Read-only text in mono, wrapped, as high as its lines, up to `most` of them."""

    def __init__(self, name: str, theme: Theme, *, most: int) -> None:
        super().__init__()
        self._theme, self._most = theme, most
        self.setObjectName("trustText")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setWordWrapMode(self.wordWrapMode().WrapAnywhere)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_text(self, text: str) -> None:
        """Show this text from its beginning."""
        self.setPlainText(text)
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as its lines."""
        return QSize(400, self.maximumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the height to the lines of this width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        lines = min(max(round(self.document().size().height()), 1), self._most)
        height = lines * QFontMetrics(self.font()).lineSpacing()
        self.setFixedHeight(height + 2 * round(self.document().documentMargin()) + 2 * _PADDING + 2)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFont(self._theme.font("mono"))
        self._fit()
