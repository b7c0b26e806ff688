"""The sheet of recurring runs: what recurs, when each is due next, and a form that adds or edits one."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.errors import JobFileError
from engine.host.commands import Undo
from engine.host.host_commands import RemoveRecurringRun
from engine.recurring.recurring_changes import RecurringRunChangedError
from engine.recurring.recurring_folder import switch_recurring_run
from engine.recurring.recurring_rows import RecurringRow, queue_now, recurring_rows
from engine.recurring.recurring_run import RecurringRun
from engine.recurring.removed_run import RemovedRun
from engine.settings import Settings
from engine.system.plain_text import escape_invisible
from gui.control.action_effects import OBSERVING
from gui.control.background_tasks import BackgroundTasks
from gui.control.engine_host import Answer
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.sheets.recurring_conflict import (
    ConflictAction,
    conflict_buttons,
    conflict_notes,
    conflict_sentence,
)
from gui.sheets.recurring_draft import problems_of, save_draft, words_of
from gui.sheets.recurring_form import RecurringForm
from gui.sheets.recurring_list import RecurringList, detail_of
from gui.sheets.recurring_trust_note import trust_note
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.banner import BannerButton
from gui.widgets.buttons import Kind, push_button
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.page_scroll import PageScroll
from gui.widgets.sheet_with_banner import SheetWithBanner
from state.database_errors import SignalboxError

_FORM_HEIGHT = 560


class RecurringAction(StrEnum):
    """What a banner of the sheet offers."""

    UNDO = "undo"
    RUN = "run"
    DISCARD = "discard"
    KEEP = "keep"


_UNDO = (BannerButton(RecurringAction.UNDO, translatable("Undo")),)
_RUN = (BannerButton(RecurringAction.RUN, translatable("Run now")),)
_DISCARD_OR_KEEP = (
    BannerButton(RecurringAction.DISCARD, translatable("Discard")),
    BannerButton(RecurringAction.KEEP, translatable("Keep")),
)


class RecurringSheet(SheetWithBanner):
    """Lists the recurring runs of the home; files are read and written in the background.

    Signals:
        performed: (words) something was changed; the words after ``signalbox`` do the same.
        requested: (command) the engine is to carry this out; its answer goes to `answer`.
    """

    performed = Signal(object)
    requested = Signal(object)

    def __init__(self, projection: Projection, theme: Theme, *, sources: Readers, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setObjectName("recurringSheet")
        self._projection, self._sources, self._home = projection, sources, sources.home.root
        self._files = BackgroundTasks(self)
        self._rows: Sequence[RecurringRow] = ()
        self._requested_name = ""
        self._removed: RemovedRun | None = None
        self._untrusted = ""
        """The name of the recurring run that was saved and whose runs will wait for trust."""
        self._observes = self._is_saving = False
        self._edited: str | None = None
        """The name of the recurring run in the form; None while that is for another one."""
        self._seen: RecurringRun | None = None
        """What a save replaces: that one as the person has seen it, and not as somebody has changed it since."""
        self._conflict: RecurringRunChangedError | None = None
        self.list = RecurringList(theme)
        self.empty = PlainLabel(
            tr("Nothing recurs yet. Add what is to run again and again: a template, or a job file."),
            theme=theme,
            role="small",
            color="t2",
        )
        self.detail = PlainLabel("", theme=theme, role="caption", color="t2")
        self.detail.setWordWrap(True)
        self.form = RecurringForm(theme, self._home)
        self._scroll = PageScroll(self.form, name=tr("The recurring run"), max_height=_FORM_HEIGHT)
        self.new_button = push_button(tr("Add…"), kind="primary")
        self.edit_button = self._button(tr("Edit"), tr("Change it  (Return)"))
        self.run_button = self._button(tr("Run now"), tr("Queue it at once, besides its due times"))
        self.switch_button = self._button(tr("Pause"), "")
        self.remove_button = self._button(tr("Remove"), tr("Remove it; that can be undone  (Del)"), "danger")
        self.cancel_button = push_button(tr("Cancel"))
        self.save_button = self._button(tr("Add"), "Return", "primary")
        changing = (self.new_button, self.save_button, self.edit_button, self.run_button, self.remove_button)
        self._tips = {button: button.toolTip() for button in (*changing, self.switch_button)}
        """What each button that changes a file says of itself."""
        self._lay_out_body()
        self._connect()

    def stop_reading(self) -> None:
        """Return once no thread reads or writes."""
        self._files.wait()  # what was to be saved is
        self.form.stop_reading()

    def open(self) -> None:
        """List what recurs, and open."""
        self.hide_banner()
        self._show_list()
        self._refresh()
        super().open()

    def open_at(self, name: str) -> None:
        """Open with this recurring run selected."""
        self._requested_name = name
        self.open()

    @property
    def is_form(self) -> bool:
        """Whether the form is shown instead of the list."""
        return not self._form_page.isHidden()

    def first_focus(self) -> QWidget:
        """The list if something recurs, else what adds the first."""
        if self.is_form:
            return self.form.first_focus()
        return self.list if self._rows else self.new_button

    def request_close(self) -> None:
        """Close, or return from the form to the list; ask first if something was typed."""
        if not self.is_form:
            self.dismiss()
        elif self.form.is_touched:
            self.show_banner(tr("Discard what you typed?"), "queued", _DISCARD_OR_KEEP)
        else:
            self._leave_form()

    def set_observing(self, observes: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Disable what changes a file while the window only observes, with the reason as its tip."""
        self._observes = observes
        self._show_buttons()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Add or save with Return in a field, unless a list of suggestions takes it."""
        is_return = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat()
        if is_return and self.is_form and isinstance(QApplication.focusWidget(), QLineEdit):
            self.save_button.click()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _button(self, text: str, tip: str, kind: Kind = "secondary") -> QPushButton:
        button = push_button(text, kind=kind)
        button.setToolTip(plain_tip(tip))
        return button

    def _lay_out_body(self) -> None:
        self._list_page, self._form_page = QWidget(), QWidget()
        column = QVBoxLayout(self._list_page)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.list, 1)
        column.addWidget(self.detail)
        column.addWidget(self.empty)
        below = QHBoxLayout()
        below.setSpacing(8)
        for button in (self.edit_button, self.run_button, self.switch_button, self.remove_button):
            below.addWidget(button)
        below.addStretch(1)
        column.addLayout(below)
        form = QVBoxLayout(self._form_page)
        form.setContentsMargins(16, 12, 8, 12)
        form.addWidget(self._scroll)
        self.body.addWidget(self._list_page, 1)
        self.body.addWidget(self._form_page, 1)
        self.footer.addStretch(1)
        for button in (self.cancel_button, self.new_button, self.save_button):
            self.footer.addWidget(button)

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(self._on_selected)
        self.list.itemActivated.connect(self._on_edit_clicked)
        for key, slot in (("Del", self._on_remove_clicked), ("Return", self._on_edit_clicked)):
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)
        self.form.resized.connect(self._on_resized)
        self.form.edited.connect(self._on_resized)
        self.new_button.clicked.connect(self._on_new_clicked)
        self.save_button.clicked.connect(self._on_save_clicked)
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.edit_button.clicked.connect(self._on_edit_clicked)
        self.run_button.clicked.connect(self._on_run_clicked)
        self.switch_button.clicked.connect(self._on_switch_clicked)
        self.remove_button.clicked.connect(self._on_remove_clicked)
        self.action_requested.connect(self._on_action_requested)

    # --- the two pages -----------------------------------------------------------------------------------------------

    def _show_list(self) -> None:
        self._edited = None
        self.heading.setText(tr("Recurring runs"))
        self.sentence.setText(
            tr(
                "Each is queued at its due times like a dropped file, while an engine runs on this home. "
                "What needs trust waits for it then; Run now shows beforehand whether it does."
            )
        )
        self._show_page(is_form=False)
        self._show_buttons()

    def _show_form(self, row: RecurringRow | None) -> None:
        self.hide_banner()
        self._edited, self._seen = (None, None) if row is None else (row.name, row.run)
        self._conflict = None
        name = "" if row is None else escape_invisible(row.name)
        self.heading.setText(tr("Edit {name}", name=name) if row else tr("New recurring run"))
        self.sentence.setText(tr("It counts from the moment you save it."))
        self.save_button.setText(tr("Save") if row else tr("Add"))
        self._show_page(is_form=True)
        newest = max(self._projection.runs.values(), key=lambda run: run.created_at, default=None)
        self.form.begin(row, where="" if newest is None else newest.repo or "")
        self._on_resized()
        self.form.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_page(self, *, is_form: bool) -> None:
        for shown, widgets in (
            (is_form, (self._form_page, self.cancel_button, self.save_button)),
            (not is_form, (self._list_page, self.new_button)),
        ):
            for widget in widgets:
                widget.setVisible(shown)

    def _leave_form(self) -> None:
        self.hide_banner()
        self._show_list()
        self.place()
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_buttons(self) -> None:
        row = self.list.selected()
        is_valid = row is not None and row.run is not None
        for button in (self.edit_button, self.run_button, self.switch_button, self.remove_button):
            button.setVisible(bool(self._rows))
            button.setEnabled(is_valid)
        for button in (self.new_button, self.save_button):
            button.setEnabled(True)
        self.remove_button.setEnabled(row is not None)
        self.detail.setText("" if row is None else detail_of(row))
        self.detail.setVisible(row is not None)
        is_paused = row is not None and row.run is not None and not row.run.enabled
        self.switch_button.setText(tr("Resume") if is_paused else tr("Pause"))
        tip = (
            tr("Let it be due again; nothing counts as missed") if is_paused else tr("Keep it from being due")
        )
        self._tips[self.switch_button] = plain_tip(tip)
        for button, own in self._tips.items():
            button.setToolTip(plain_tip(tr(OBSERVING)) if self._observes else own)
            button.setEnabled(not self._observes and button.isEnabled())

    def _refresh(self) -> None:
        home = self._home
        self._files.run_in_background(lambda: recurring_rows(home, time.time()), self._show_rows)

    def _show_rows(self, rows: Sequence[RecurringRow]) -> None:
        self._rows = rows
        self.list.show_rows(rows, selected=self._requested_name)
        self._requested_name = ""
        self.list.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self._show_buttons()
        if self._edited is not None and self._edited not in {row.name for row in rows}:
            self._leave_form()  # what it edits was removed by somebody else
        if self.is_open:
            self.place()

    # --- changes -----------------------------------------------------------------------------------------------------

    def _change(
        self, work: Callable[[], object], then: Callable[[Any], None], words: Sequence[str] = ()
    ) -> None:
        """Change a file in the background, and list what recurs then; `words` do it on the command line."""
        if self._observes:
            self.show_banner(tr(OBSERVING))
            return

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

    @Slot()
    def _on_resized(self) -> None:
        self.form.measure()
        self._scroll.updateGeometry()
        self._form_page.updateGeometry()
        if self.is_open and self.is_form:
            self.place()

    @Slot()
    def _on_selected(self) -> None:
        self._show_buttons()

    @Slot()
    def _on_new_clicked(self) -> None:
        self._show_form(None)

    @Slot()
    def _on_edit_clicked(self) -> None:
        row = self.list.selected()
        if row is not None and self.edit_button.isEnabled():
            self._show_form(row)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.request_close()

    @Slot()
    def _on_save_clicked(self) -> None:
        """Save what could run now; else show what is wrong with which field."""
        if not self.form.is_ready or self._observes or self._is_saving:
            return
        self._is_saving = True
        home, draft, edited, before = self._home, self.form.draft(), self._edited, self._seen
        if before is not None:
            draft = replace(draft, enabled=before.enabled)
        taken, settings = {row.name for row in self._rows if row.name != edited}, self._settings()

        def save() -> tuple[Mapping[str, str], str]:
            problems = problems_of(home, draft, taken=taken)
            if problems:
                return problems, ""
            save_draft(home, draft, edited=edited, before=before)
            return problems, "" if settings is None else trust_note(home, draft, settings)

        words = words_of(draft, edited=edited, before=before)
        then = partial(self._on_saved, draft.name, words)
        self._files.run_in_background(save, then, failed=self._on_not_saved)

    def _settings(self) -> Settings | None:
        """What is set for the home; None, and the reason is shown, where it cannot be read now."""
        try:
            return self._sources.settings()
        except SignalboxError as error:
            self._show_failure(error)
            return None

    def _on_not_saved(self, error: Exception) -> None:
        self._is_saving = False
        if isinstance(error, RecurringRunChangedError):
            self._show_conflict(error)
        else:
            self._show_failure(error)

    def _show_conflict(self, error: RecurringRunChangedError) -> None:
        """Let the person decide whose change counts; what was typed stays."""
        self._conflict = error
        sentence = conflict_sentence(self._edited or "", error)
        self.show_banner(sentence, "needsyou", conflict_buttons(error))
        self.form.first_focus().setFocus(
            Qt.FocusReason.OtherFocusReason
        )  # Return shall not overwrite anything
        self.form.show_problems(conflict_notes(error))

    def _settle_conflict(self, conflict: RecurringRunChangedError, *, takes_theirs: bool) -> None:
        if not takes_theirs:
            self.hide_banner()
            self._seen = conflict.stored  # a change since then is another one
            self._on_save_clicked()
            return
        for row in self._rows:
            if row.name == self._edited:
                self._show_form(replace(row, run=conflict.stored))
        self._refresh()

    def _on_saved(self, name: str, words: Sequence[str], result: tuple[Mapping[str, str], str]) -> None:
        self._is_saving = False
        problems, note = result
        if problems:
            self.form.show_problems(problems)
            if (focused := QApplication.focusWidget()) is not None:
                self._scroll.ensureWidgetVisible(focused)
        else:
            self.performed.emit(words)
            self._requested_name = name
            self._leave_form()
            self._refresh()
            if note:
                self._untrusted = name
                self.show_banner(note, "needsyou", _RUN)

    @Slot()
    def _on_run_clicked(self) -> None:
        self._run(self.list.selected())

    def _run(self, row: RecurringRow | None) -> None:
        home, settings = self._home, None if row is None else self._settings()
        if row is None or settings is None:
            return
        inbox = settings.inbox_folder(self._sources.home)
        name, seen = row.name, row.missed
        self._change(
            lambda: queue_now(home, name, inbox=inbox, now=time.time(), seen=seen),
            self._on_queued,
            ("schedules", "run-now", name),
        )

    def _on_queued(self, run_id: object) -> None:
        self.show_banner(tr("{run} is in the inbox.", run=run_id), state="completed")

    @Slot()
    def _on_switch_clicked(self) -> None:
        row, home = self.list.selected(), self._home
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
        row = self.list.selected()
        if row is not None:
            self._request(RemoveRecurringRun(name=row.name))

    def _request(self, command: RemoveRecurringRun | Undo) -> None:
        if self._observes:
            self.show_banner(tr(OBSERVING))
        else:
            self.requested.emit(command)

    def answer(self, answer: Answer) -> None:
        """Show what has become of a command that was requested."""
        removed = answer.outcome.removed
        if answer.error or removed is None:
            self.show_banner(escape_invisible(answer.error))
            return
        self.hide_banner()
        self.performed.emit(())
        if isinstance(answer.command, RemoveRecurringRun):
            self._on_removed(removed)
        else:
            self._requested_name = removed.name
        self._refresh()

    def _on_removed(self, removed: RemovedRun) -> None:
        self._removed = removed
        name = escape_invisible(removed.name)
        sentence = tr("{name} was removed. What it has queued stays.", name=name)
        self.show_banner(sentence, state="held", buttons=_UNDO)

    @Slot(object)
    def _on_action_requested(self, action: RecurringAction | ConflictAction) -> None:
        removed, conflict = self._removed, self._conflict
        match action:
            case ConflictAction() if conflict is not None:
                self._settle_conflict(conflict, takes_theirs=action is ConflictAction.TAKE_THEIRS)
            case RecurringAction.UNDO if removed is not None:
                self._request(Undo(undone=RemoveRecurringRun.kind, removed=removed))
            case RecurringAction.RUN:
                self._run(next((row for row in self._rows if row.name == self._untrusted), None))
            case RecurringAction.DISCARD:
                self._leave_form()
            case RecurringAction.KEEP:
                self.hide_banner()
                self.place()
                self.form.first_focus().setFocus()
            case _:
                self.hide_banner()


def _in_words(error: Exception) -> str:
    return error.in_file if isinstance(error, JobFileError) else str(error)
