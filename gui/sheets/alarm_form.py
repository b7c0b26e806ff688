"""The part of the filter sets sheet that makes a set an alarm: tried on history first, then switched on."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QProgressBar, QVBoxLayout, QWidget

from engine.filters.filter_trial import TRIAL_DAYS
from engine.jobfile.filter_set import AlarmAction
from engine.system.formatting import date_minute
from engine.system.plain_text import escape_invisible
from gui.data.trial_result import TrialResult
from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr, tr_count, translatable
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.segments import Segments

ALARM_WORDS: tuple[tuple[AlarmAction | None, str], ...] = (
    (None, translatable("Off")),
    (AlarmAction.NOTIFY, translatable("Notify")),
    (AlarmAction.HOLD, translatable("Hold")),
)
_MEANINGS = {
    None: translatable("No alarm: it only filters the Logs."),
    AlarmAction.NOTIFY: translatable("You are notified of the first line of a job that matches."),
    AlarmAction.HOLD: translatable("You are notified, and what waits in its workstream is held."),
}
ROW_HEIGHT = 26
_LIST_HEIGHT = 4 * ROW_HEIGHT


class AlarmForm(Guarded, QWidget):
    """Off, notify or hold for one filter set.

    Signals:
        resized: it needs another height.
        trial_requested: try the filter set on history.
        trial_dropped: end the trial that runs.
        switch_requested: (AlarmAction or None) make it this alarm, or none.
    """

    resized = Signal()
    trial_requested = Signal()
    trial_dropped = Signal()
    switch_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._current: AlarmAction | None = None
        self._chosen: AlarmAction | None = None
        self.choice = Segments(tr("Alarm"), [tr(word) for _, word in ALARM_WORDS], theme)
        self.meaning = PlainLabel(theme=theme, role="small", color="t2")
        self.meaning.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(tr("Progress of the trial"))
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.outcome = PlainLabel(theme=theme, role="small", color="t1")
        self.outcome.setWordWrap(True)
        self.jobs = QListWidget()
        self.jobs.setAccessibleName(tr("Jobs that would have set it off"))
        self.jobs.setFixedHeight(_LIST_HEIGHT)
        self.jobs.setUniformItemSizes(True)
        self.jobs.setHorizontalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )  # so that rows are elided
        self.drop_button = push_button(tr("Cancel"), small=True)
        self.on_button = push_button(tr("Switch on"), small=True, kind="primary")
        self._lay_out(theme)
        self.choice.chosen.connect(self._on_chosen)
        self.drop_button.clicked.connect(self._on_dropped)
        self.on_button.clicked.connect(self._on_switched)
        self._show_trial(is_on=False)

    def show_alarm(self, action: AlarmAction | None, *, is_enabled: bool = True) -> None:
        """Show what the selected filter set is; a trial that runs is dropped."""
        if self.is_trying:
            self.trial_dropped.emit()
        self._current = self._chosen = action
        self.setEnabled(is_enabled)
        self._show_trial(is_on=False)
        self._show_choice()

    def show_progress(self, done: int, total: int) -> None:
        """Show how far the trial is."""
        self.progress.setRange(0, max(1, total))
        self.progress.setValue(done)
        self.outcome.setText(
            tr(
                "Trying it on the output of the last {days} days: {done:,} of {total:,} attempts",
                days=TRIAL_DAYS,
                done=done,
                total=total,
            )
        )

    def show_result(self, result: TrialResult) -> None:
        """Show what came of the trial, and offer to switch the alarm on."""
        self.progress.hide()
        self.outcome.setText(result.sentence)
        self.jobs.clear()
        for job in result.jobs:
            lines = tr_count("{n} line", "{n} lines", job.lines)
            name, text = escape_invisible(job.name), escape_invisible(job.text)
            item = QListWidgetItem(f"{date_minute(job.at)}  {name} ({lines}): {text}")
            item.setToolTip(plain_tip(text))
            item.setSizeHint(QSize(0, ROW_HEIGHT))
            self.jobs.addItem(item)
        self.jobs.setVisible(bool(result.jobs))
        self.resized.emit()
        self.on_button.setEnabled(True)

    def drop_trial(self) -> None:
        """Go back to what the filter set is."""
        self.show_alarm(self._current, is_enabled=self.isEnabled())

    @property
    def is_trying(self) -> bool:
        """Whether an alarm is tried, or was and can be switched on."""
        return not self.drop_button.isHidden()

    def _lay_out(self, theme: Theme) -> None:
        column, above, below = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        for layout in (column, above, below):
            layout.setSpacing(8)
        above.addWidget(PlainLabel(tr("Alarm"), theme=theme, role="small", color="t2"))
        above.addWidget(self.choice)
        above.addWidget(self.meaning, 1)
        below.addWidget(self.outcome, 1)
        below.addWidget(self.drop_button)
        below.addWidget(self.on_button)
        column.addLayout(above)
        column.addWidget(self.progress)
        column.addLayout(below)
        column.addWidget(self.jobs)

    def _show_choice(self) -> None:
        self.choice.show_choice([action for action, _ in ALARM_WORDS].index(self._chosen))
        self.meaning.setText(tr(_MEANINGS[self._chosen]))

    def _show_trial(self, *, is_on: bool) -> None:
        for part in (self.progress, self.outcome, self.drop_button, self.on_button):
            part.setVisible(is_on)
        self.jobs.hide()
        self.on_button.setEnabled(False)
        self.resized.emit()

    @Slot(int)
    def _on_chosen(self, number: int) -> None:
        was_trying = self.is_trying
        self._chosen = ALARM_WORDS[number][0]
        self._show_choice()
        if self._chosen == self._current:
            self.drop_trial()
        elif self._chosen is None:
            self.drop_trial()
            self.switch_requested.emit(None)
        elif not was_trying:  # the other action matches the same lines
            self._show_trial(is_on=True)
            self.show_progress(0, 0)
            self.outcome.setText(tr("Trying it on the output of the last {days} days…", days=TRIAL_DAYS))
            self.trial_requested.emit()

    @Slot()
    def _on_dropped(self) -> None:
        self.drop_trial()

    @Slot()
    def _on_switched(self) -> None:
        self.switch_requested.emit(self._chosen)
