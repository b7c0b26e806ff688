"""The other settings: notifications, quiet hours, a command, history. Changes nothing."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from engine.settings import Settings, most
from gui.figures import short_figure, typed_number
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.announcement import announce
from gui.widgets.button_flow import ButtonFlow
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.number_box import NumberBox

_TIME_OF_DAY = QRegularExpression(r"([01]?\d|2[0-3]):[0-5]\d")
_AMOUNT = QRegularExpression(r"\$?[\d,.]{0,19}")
_BUDGETS = {
    "budget_day_usd": translatable("Day"),
    "budget_run_usd": translatable("Run"),
    "budget_job_usd": translatable("Job"),
}
_NOTICES = {
    "needs_you": translatable("Needs you"),
    "failed": translatable("Failed"),
    "done": translatable("Done"),
    "idle": translatable("All ended"),
}
FIELDS: Mapping[str, tuple[str, str]] = {
    "callback": (
        translatable("Command when a job ends"),
        translatable(
            "A command run at the end of each job; {job_id} {status} {title} {run_id} {tool} are filled in."
        ),
    ),
    "keep_awake": (
        translatable("Keep the machine awake while jobs run"),
        translatable("Keep the machine awake while jobs run: on, off."),
    ),
    "keep_history_days": (
        translatable("Keep history, days"),
        translatable("Closed runs older than this are pruned each day; 0 keeps them forever."),
    ),
    "free_floor_mb": (
        translatable("Keep free on disk, MB"),
        translatable(
            "No job starts with less free space on the disk; 0 turns this off, unset means 500 MB or 2 %."
        ),
    ),
    "budget_day_usd": (
        translatable("Budget of a day, US dollars"),
        translatable("When the jobs of a day have cost this much, no further one starts until you raise it."),
    ),
    "budget_run_usd": (
        translatable("Budget of a run, US dollars"),
        translatable(
            "When the jobs of a run have cost this much, no further one of it starts until you raise it."
        ),
    ),
    "budget_job_usd": (
        translatable("Budget of a job, US dollars"),
        translatable(
            "When the attempts of a job have cost this much, no further one starts until you raise it."
        ),
    ),
}
"""The titles and the help of the settings of the home that are here, which are those of the engine."""
_TEST = translatable(
    "Plays the checked sounds one after the other, one at each press; none is heard while this window is active "
    "otherwise. paplay, pw-play, aplay or afplay plays them, or else the system beeps."
)


_NO_PLAYER = translatable(
    "No program here plays sounds: paplay, pw-play, aplay and afplay are missing or failed. The system was asked to "
    "beep; without a bell, that is silent."
)


@dataclass(frozen=True, kw_only=True)
class MoreValues:
    """The settings of this part that belong to the window."""

    notify: frozenset[str] = frozenset({"needs_you", "failed", "idle"})
    sound: frozenset[str] = frozenset()
    tray: bool = True
    quiet_from: str = ""
    quiet_until: str = ""


class MoreSettings:
    """The fields, to be added to the settings form."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.notify = {kind: QCheckBox(tr(word)) for kind, word in _NOTICES.items()}
        self.sound = {kind: QCheckBox(tr(word)) for kind, word in _NOTICES.items()}
        for kind, word in _NOTICES.items():
            self.sound[kind].setAccessibleName(tr("Sound: {kind}", kind=tr(word)))
        self.test_button = push_button(tr("Test"), small=True)
        self.test_button.setAccessibleName(tr("Test the sounds"))
        self.test_button.setToolTip(plain_tip(tr(_TEST)))
        self.sound_note = PlainLabel(tr(_NO_PLAYER), theme=theme, role="caption", color="t2")
        self.sound_note.setWordWrap(True)
        self.sound_note.hide()
        self._tested = 0
        self.tray = QCheckBox(tr("Icon in the tray"))
        self.quiet_from = _time_field("22:00", tr("Quiet from"))
        self.quiet_until = _time_field("07:00", tr("Quiet until"))
        self.callback = QLineEdit()
        self.callback.setPlaceholderText("notify-send {title} {status}")
        self.callback.setToolTip(plain_tip(_help("callback")))
        self.keep_awake = QCheckBox(_title("keep_awake"))
        self.history_days = _number(most("keep_history_days"), _help("keep_history_days"))
        self.floor = _number(most("free_floor_mb"), _help("free_floor_mb"))
        self.floor.setMinimum(-1)
        self.floor.setSpecialValueText(tr("default"))
        self.history_days.setAccessibleName(_title("keep_history_days"))
        self.floor.setAccessibleName(_title("free_floor_mb"))
        self.budgets = {key: _dollars(tr(word), _help(key)) for key, word in _BUDGETS.items()}

    def add_to(self, form: QFormLayout) -> None:
        """Add a row for each field."""
        self._row(form, tr("Notify me of"), _flow(*self.notify.values()))
        self._row(form, tr("Sound for"), _flow(*self.sound.values(), self.test_button))
        form.addRow(self.sound_note)
        self._row(form, tr("Quiet from, until"), _flow(self.quiet_from, self.quiet_until, self.tray))
        self._row(form, _title("callback"), self.callback)
        self._row(form, _title("keep_history_days"), _flow(self.history_days, self.keep_awake))
        self._row(form, _title("free_floor_mb"), _side_by_side(self.floor))
        self._row(form, tr("Budgets: day, run, job"), _side_by_side(*self.budgets.values()))
        for key, entry in self.budgets.items():
            entry.setAccessibleName(_title(key))

    def show(self, values: MoreValues, settings: Settings) -> None:
        """Fill the fields with the settings of this window and of the home."""
        for kind, box in self.notify.items():
            box.setChecked(kind in values.notify)
        for kind, box in self.sound.items():
            box.setChecked(kind in values.sound)
        self._tested = 0
        self.tray.setChecked(values.tray)
        self.quiet_from.setText(values.quiet_from)
        self.quiet_until.setText(values.quiet_until)
        self.callback.setText(shlex.join(settings.callback or ()))
        self.keep_awake.setChecked(settings.keep_awake)
        self.history_days.setValue(settings.keep_history_days)
        for key, entry in self.budgets.items():
            budget = settings.json_value(key)
            entry.setText("" if budget is None else short_figure(budget, 15))
        self.floor.setValue(-1 if settings.free_floor_mb is None else settings.free_floor_mb)

    def show_no_player(self) -> None:
        """Say why perhaps nothing was heard."""
        if self.sound_note.isHidden():
            self.sound_note.show()
            announce(self.sound_note, self.sound_note.text())

    def values(self) -> MoreValues:
        """The edited settings of this window."""
        return MoreValues(
            notify=frozenset(kind for kind, box in self.notify.items() if box.isChecked()),
            sound=frozenset(kind for kind, box in self.sound.items() if box.isChecked()),
            tray=self.tray.isChecked(),
            quiet_from=self.quiet_from.text().strip(),
            quiet_until=self.quiet_until.text().strip(),
        )

    def next_sound(self) -> str:
        """The next of the checked sounds, or of all while none is checked: each press of the button has another."""
        checked = [kind for kind, box in self.sound.items() if box.isChecked()] or list(self.sound)
        self._tested += 1
        return checked[(self._tested - 1) % len(checked)]

    def settings(self) -> dict[str, Any]:
        """The edited settings of the home, by name."""
        return {
            "callback": _words(self.callback.text()) or None,
            "keep_awake": self.keep_awake.isChecked(),
            "keep_history_days": self.history_days.value(),
            **{key: _amount(entry.text()) for key, entry in self.budgets.items()},
            "free_floor_mb": None if self.floor.value() < 0 else self.floor.value(),
        }

    def _row(self, form: QFormLayout, label: str, widget: QWidget) -> None:
        widget.setAccessibleName(label)
        form.addRow(PlainLabel(label, theme=self._theme, color="t2"), widget)


def _title(key: str) -> str:
    return tr(FIELDS[key][0])


def _help(key: str) -> str:
    return tr(FIELDS[key][1])


def _words(text: str) -> tuple[str, ...]:
    """The words of a command; the text itself if its quotes do not match, so that it is refused with a reason."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return (text,)


def _amount(text: str) -> float | None:
    """The amount in a field; one that is none is -1, so that it is refused with a reason."""
    plain = text.strip().removeprefix("$")
    try:
        return typed_number(plain) if plain else None
    except ValueError:
        return -1.0


def _dollars(word: str, tip: str) -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText(tr("{word}: no limit", word=word))
    made.setValidator(QRegularExpressionValidator(_AMOUNT, made))
    made.setToolTip(plain_tip(tip))
    made.setAcceptDrops(False)
    return made


def _time_field(placeholder: str, name: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(placeholder)
    made.setValidator(QRegularExpressionValidator(_TIME_OF_DAY, made))
    made.setMaximumWidth(110)
    made.setAcceptDrops(False)
    return made


def _number(most: int, tip: str) -> NumberBox:
    made = NumberBox(0, most)
    made.setToolTip(plain_tip(tip))
    return made


def _flow(*fields: QWidget) -> QWidget:
    """Fields side by side, in a second line where their words are long."""
    row = ButtonFlow()
    for field in fields:
        row.add(field)
    return row


def _side_by_side(*widgets: QWidget) -> QWidget:
    row = QWidget()
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(12)
    for widget in widgets:
        across.addWidget(widget)
    across.addStretch(1)
    return row
