"""The sheet of recurring runs: what recurs, when each is due next, and a form that adds another. Queues nothing."""

import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from engine.errors import JobFileError
from engine.jobfile.file_names import is_job_file_name
from engine.recurring.due_file import due_file, due_id
from engine.recurring.recurrence import recurrence_of
from engine.recurring.recurring_folder import (
    RemovedRun,
    checked_run,
    put_back,
    remove_recurring_run,
    save_recurring_run,
    switch_recurring_run,
)
from engine.recurring.recurring_rows import RecurringRow, queue_now, recurring_rows
from engine.recurring.recurring_words import words_to_add
from engine.system.formatting import date_minute
from engine.system.plain_text import escape_invisible
from gui.control.background_tasks import BackgroundTasks
from gui.data.readers import Readers
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.banner import BannerButton
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.sheet_with_banner import SheetWithBanner
from state.database_errors import SignalboxError

_HEIGHT = 200
_SHOWN_TIMES = 3


class RecurringAction(StrEnum):
    """What a banner of the sheet offers."""

    UNDO = "undo"


_UNDO = BannerButton(RecurringAction.UNDO, translatable("Undo"))


class RecurringSheet(SheetWithBanner):
    """Lists the recurring runs of the home; files are read and written in the background.

    Signals:
        performed: (words) something was changed; the words after ``signalbox`` do the same.
    """

    performed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget, *, sources: Readers) -> None:
        super().__init__(theme, parent)
        self.setObjectName("recurringSheet")
        self._sources, self._home = sources, sources.home.root
        self._files, self._times = BackgroundTasks(self), BackgroundTasks(self)
        self._rows: Sequence[RecurringRow] = ()
        self._removed: RemovedRun | None = None
        self._edited: RecurringRow | None = None
        self.heading.setText(tr("Recurring runs"))
        self.sentence.setText(
            tr("Each is queued at its due times like a dropped file, while an engine runs on this home.")
        )
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Recurring runs"))
        self.list.setMinimumHeight(_HEIGHT)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.empty = PlainLabel(
            tr("Nothing recurs yet. Name a template or a job file below, and when it is due."),
            theme=theme,
            role="small",
            color="t2",
        )
        self.name = self._field(tr("Name"), tr("such as nightly"))
        self.what = self._field(tr("Runs"), tr("a template, or the whole path of a job or pipeline file"))
        self.values = self._field(tr("Values"), tr("key=value; key=value"))
        self.repo = self._field(tr("Where"), tr("the whole path of the repository"))
        self.every = self._field(
            tr("When"), tr('"every night 22:00", "every monday 08:00" or "0 22 * * 1-5"')
        )
        self.times = PlainLabel("", theme=theme, role="caption", color="t3")
        self.times.setWordWrap(True)
        self.add_button = push_button(tr("Add"), kind="primary")
        self.edit_button = push_button(tr("Edit"))
        self.run_button = push_button(tr("Run now"))
        self.switch_button = push_button(tr("Pause"))
        self.remove_button = push_button(tr("Remove"), kind="danger")
        self._lay_out_body()
        self._connect()

    def stop_reading(self) -> None:
        """Return once no thread reads or writes."""
        self._files.stop()
        self._times.stop()

    def open(self) -> None:
        """List what recurs, and open."""
        self.hide_banner()
        self._refresh()
        self._show_buttons()
        super().open()

    def first_focus(self) -> QWidget:
        """The list if something recurs, else the name of the first."""
        return self.list if self.list.count() else self.name

    def selected(self) -> RecurringRow | None:
        """The row that is selected."""
        row = self.list.currentRow()
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def fields(self) -> Mapping[str, Any]:
        """What the form says, as the fields of the file."""
        what, repo = self.what.text().strip(), self.repo.text().strip()
        found: dict[str, Any] = {"every": self.every.text().strip(), "repo": repo or None}
        if is_job_file_name(what.rpartition("/")[2]):
            return {**found, "file": what}
        pairs = (word.partition("=") for word in self.values.text().split(";") if word.strip())
        return {**found, "template": what or None, "values": {key.strip(): value for key, _, value in pairs}}

    def _field(self, name: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        return field

    def _lay_out_body(self) -> None:
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.empty)
        above = QHBoxLayout()
        above.setSpacing(8)
        for button in (self.edit_button, self.run_button, self.switch_button, self.remove_button):
            above.addWidget(button)
        above.addStretch(1)
        self.body.addLayout(above)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for row, field in enumerate((self.name, self.what, self.values, self.repo, self.every)):
            label = PlainLabel(field.accessibleName(), theme=self.theme, role="small", color="t2")
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self.times, 5, 1)
        self.body.addLayout(grid)
        self.footer.addStretch(1)
        self.footer.addWidget(self.add_button)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._on_selected)
        self.every.textChanged.connect(self._on_every_changed)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.edit_button.clicked.connect(self._on_edit_clicked)
        self.run_button.clicked.connect(self._on_run_clicked)
        self.switch_button.clicked.connect(self._on_switch_clicked)
        self.remove_button.clicked.connect(self._on_remove_clicked)
        self.action_requested.connect(self._on_action_requested)

    def _refresh(self) -> None:
        home = self._home
        self._files.run_in_background(lambda: recurring_rows(home, time.time()), self._show_rows)

    def _show_rows(self, rows: Sequence[RecurringRow]) -> None:
        before = self.selected()
        self._rows = rows
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(_row_text(row))
            item.setToolTip(plain_tip(_tip_of(row)))
            self.list.addItem(item)
        names = [row.name for row in rows]
        here = names.index(before.name) if before is not None and before.name in names else 0
        self.list.setCurrentRow(here if rows else -1)
        self.list.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self._show_buttons()
        if self.is_open:
            self.place()

    def _show_buttons(self) -> None:
        row = self.selected()
        is_valid = row is not None and row.run is not None
        for button in (self.edit_button, self.run_button, self.switch_button, self.remove_button):
            button.setVisible(bool(self._rows))
        self.edit_button.setEnabled(is_valid)
        self.run_button.setEnabled(is_valid)
        self.switch_button.setEnabled(is_valid)
        self.remove_button.setEnabled(row is not None)
        is_paused = row is not None and row.run is not None and not row.run.enabled
        self.switch_button.setText(tr("Resume") if is_paused else tr("Pause"))

    def _change(
        self, work: Callable[[], object], then: Callable[[Any], None], words: Sequence[str] = ()
    ) -> None:
        """Change a file in the background, and list what recurs then; `words` do it on the command line."""

        def changed(result: object) -> None:
            self.hide_banner()
            self.performed.emit(words)
            then(result)
            self._refresh()

        self._files.run_in_background(work, changed, failed=self._show_failure)

    def _show_failure(self, error: Exception) -> None:
        if not isinstance(error, SignalboxError | OSError):
            raise error
        found = error.every if isinstance(error, JobFileError) else (error,)
        self.show_banner(escape_invisible("; ".join(_in_words(each) for each in found)))

    def _show_times(self, sentence: str) -> None:
        self.times.setText(sentence)

    @Slot()
    def _on_selected(self) -> None:
        self._show_buttons()

    @Slot()
    def _on_every_changed(self) -> None:
        every = self.every.text().strip()
        if every:
            self._times.run_latest(lambda: _times_sentence(every), self._show_times)
        else:
            self._times.forget()
            self.times.setText("")

    @Slot()
    def _on_add_clicked(self) -> None:
        home, name, fields = self._home, self.name.text().strip(), self.fields()
        edited = self._edited if self._edited is not None and self._edited.name == name else None
        if edited is not None and edited.run is not None:
            kept = edited.run.model_dump(
                mode="json", include={"enabled", "timezone", "if_missed", "if_running"}
            )
            fields = {**kept, **fields}

        def add() -> None:
            now = time.time()
            due_file(home, checked_run(name, fields), run_id=due_id(name, now))
            save_recurring_run(home, name, fields=fields, now=now, replace=edited is not None)

        self._change(add, self._on_added, () if edited is not None else words_to_add(name, fields))

    def _on_added(self, _result: object) -> None:
        self._edited = None
        self.add_button.setText(tr("Add"))
        for field in (self.name, self.what, self.values, self.every):
            field.clear()

    @Slot()
    def _on_edit_clicked(self) -> None:
        row = self.selected()
        if row is None or row.run is None:
            return
        self._edited = row
        self.add_button.setText(tr("Save"))
        self.name.setText(row.name)
        self.what.setText(row.run.template or row.run.file or "")
        self.values.setText("; ".join(f"{key}={value}" for key, value in row.run.given.items()))
        self.repo.setText(row.run.repo or "")
        self.every.setText(row.run.every)
        self.every.setFocus()

    @Slot()
    def _on_run_clicked(self) -> None:
        row, home = self.selected(), self._home
        if row is None:
            return
        try:
            inbox = self._sources.settings().inbox_folder(self._sources.home)
        except SignalboxError as error:
            self._show_failure(error)
            return
        name = row.name
        self._change(
            lambda: queue_now(home, name, inbox=inbox, now=time.time()),
            self._on_queued,
            ("schedules", "run-now", name),
        )

    def _on_queued(self, run_id: object) -> None:
        self.show_banner(tr("{run} is in the inbox.", run=run_id), state="completed")

    @Slot()
    def _on_switch_clicked(self) -> None:
        row, home = self.selected(), self._home
        if row is None or row.run is None:
            return
        name, enabled = row.name, not row.run.enabled
        self._change(
            lambda: switch_recurring_run(home, name, enabled=enabled, now=time.time()),
            lambda _run: None,
            ("schedules", "resume" if enabled else "pause", name),
        )

    @Slot()
    def _on_remove_clicked(self) -> None:
        row, home = self.selected(), self._home
        if row is not None:
            name = row.name
            self._change(
                lambda: remove_recurring_run(home, name), self._on_removed, ("schedules", "remove", name)
            )

    def _on_removed(self, removed: RemovedRun) -> None:
        self._removed = removed
        sentence = tr("{name} was removed. What it has queued stays.", name=removed.path.stem)
        self.show_banner(sentence, state="held", buttons=(_UNDO,))

    @Slot(object)
    def _on_action_requested(self, action: object) -> None:
        removed = self._removed
        if action is RecurringAction.UNDO and removed is not None:
            self._change(lambda: put_back(removed), lambda _result: None)


def _tip_of(row: RecurringRow) -> str:
    if row.error is not None:
        return escape_invisible(f"{row.path}: {row.error.in_file}")
    return escape_invisible(row.last or str(row.path))


def _row_text(row: RecurringRow) -> str:
    name = escape_invisible(row.name)
    if row.run is None:
        reason = "" if row.error is None else escape_invisible(row.error.in_file)
        return tr("{name}: is not valid: {reason}", name=name, reason=reason)
    what, every = escape_invisible(row.run.what), escape_invisible(row.run.every)
    if row.next_due is None:
        return tr("{name}: {what}, {every}, paused", name=name, what=what, every=every)
    due = date_minute(row.next_due)
    if not row.last:
        return tr("{name}: {what}, {every}, next {due}", name=name, what=what, every=every, due=due)
    last = escape_invisible(row.last)
    return tr(
        "{name}: {what}, {every}, next {due}, last {last}",
        name=name,
        what=what,
        every=every,
        due=due,
        last=last,
    )


def _times_sentence(every: str) -> str:
    """The next due times, or why there are none."""
    now = time.time()
    try:
        due = recurrence_of(every, at=now).due_after(now)
    except ValueError as error:
        return escape_invisible(str(error))
    times = ", ".join(date_minute(next(due)) for _ in range(_SHOWN_TIMES))
    return tr("Due at {times} and so on.", times=times)


def _in_words(error: Exception) -> str:
    return error.in_file if isinstance(error, JobFileError) else str(error)
