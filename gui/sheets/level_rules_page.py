"""The page of the level rules in the settings: edit their file, and try them on pasted lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

from engine.errors import JobFileError
from engine.streams.entries import Level, clean_text, level_of
from engine.streams.level_rules import FILE, checked_rules, rules_file
from engine.system.plain_text import escape_invisible
from gui.control.action_effects import OBSERVING
from gui.control.background_tasks import BackgroundTasks
from gui.data.level_captions import level_caption
from gui.guarded import Guarded
from gui.sheets.level_rules_text import RulesText, read_rules_text, write_rules_text
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel, plain_tip

_EXAMPLE = """version: 1
rules:
  - {pattern: '^WARN', level: warning}
  - {pattern: 'disk full', level: error, case: false}"""
_WAIT_MS = 200
_MOST_TRIED = 200
_RULES_HEIGHT, _LINES_HEIGHT, _ROW_HEIGHT, _RESULT_HEIGHT = 140, 72, 22, 112


@dataclass(frozen=True, slots=True)
class _Trial:
    """What `rules` make of the pasted lines, and every mistake in them, a line each."""

    rules: str
    lines: Sequence[tuple[Level, str]]
    problem: str = ""


class LevelRulesPage(Guarded, QWidget):
    """Shows the rules as the text of their file; `save` writes what was typed.

    Signals:
        edited: `problem` or `is_checked` may be another one.
        refused: (sentence) what was typed was not saved, and why.
        saved: (sentence) a save that was begun has ended; why it failed, or nothing.
    """

    edited = Signal()
    refused = Signal(str)
    saved = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.problem = ""
        """Why the rules cannot be saved; empty if they can."""
        self._saved = self._checked = ""
        self._file = RulesText()
        """What the file held when it was shown."""
        self._before_save = self._saved, self._file
        self._is_read = self._observes = self._replaces = False
        self._files, self._trials = BackgroundTasks(self), BackgroundTasks(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_WAIT_MS)
        self.rules = _editor(tr("Level rules"), _RULES_HEIGHT, theme)
        self.rules.setPlaceholderText(_EXAMPLE)
        self.lines = _editor(tr("Lines to try the rules on"), _LINES_HEIGHT, theme)
        self.lines.setPlaceholderText(tr("Paste lines of output here to see their levels"))
        self.result = QListWidget()
        self.result.setAccessibleName(tr("Levels of the pasted lines"))
        self.result.setFixedHeight(_RESULT_HEIGHT)
        self.result.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.mistakes = PlainLabel(theme=theme, role="small", color="failed")
        self.mistakes.setWordWrap(True)
        self.unreadable = PlainLabel(theme=theme, role="small", color="failed")
        self.unreadable.setWordWrap(True)
        self.replace_button = push_button(tr("Replace it"), small=True)
        self._lay_out(theme)
        self.rules.textChanged.connect(self._on_rules_changed)
        self.lines.textChanged.connect(self._soon.start)
        self._soon.timeout.connect(self._on_due)
        self.replace_button.clicked.connect(self._on_replace_clicked)

    @property
    def is_checked(self) -> bool:
        """Whether `problem` is about the text as it is now."""
        return self.rules.toPlainText() in {self._saved, self._checked}

    def show_rules(self) -> None:
        """Read the file, and show it."""
        self._is_read = False
        self._show_possible()
        self._files.run_in_background(read_rules_text, self._show)

    def save(self) -> bool:
        """Begin to write what was typed, if anything was; an empty text removes the file. Whether it was begun."""
        text, before = self.rules.toPlainText(), self._file
        if text == self._saved or self.problem or not self.is_checked:
            return False
        if self._observes:
            self.refused.emit(tr(OBSERVING))
            return False
        self._before_save = self._saved, before
        self._saved, self._file, self._replaces = text, RulesText(text), False
        self._files.run_in_background(lambda: write_rules_text(text, before), self._report)
        return True

    def set_observing(self, observes: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Allow no change of the rules while the window only observes; they can be tried all the same."""
        self._observes = observes
        self._show_possible()

    def stop_reading(self) -> None:
        """Return once nothing is read or written."""
        self._soon.stop()
        self._trials.stop()
        self._files.wait()

    def _lay_out(self, theme: Theme) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        what = PlainLabel(
            tr("The first pattern found in a line of output decides its level; other lines keep theirs."),
            theme=theme,
            role="small",
            color="t2",
        )
        what.setWordWrap(True)
        where = PlainLabel(str(rules_file()), theme=theme, role="mono", color="t3", elide=True)
        where.setToolTip(plain_tip(tr("The file of the rules; copy it to share them")))
        for part in (what, where, self.rules, self.unreadable):
            column.addWidget(part)
        column.addWidget(self.replace_button, 0, Qt.AlignmentFlag.AlignLeft)
        for below in (self.mistakes, self.lines, self.result):
            column.addWidget(below)
        column.addStretch(1)
        self.mistakes.hide()

    def _show(self, found: RulesText) -> None:
        self._file, self._is_read, self._replaces = found, True, False
        self.rules.setPlainText(found.text)
        self._saved = self.rules.toPlainText()  # the editor ends its lines in one way
        self._show_possible()
        self.edited.emit()
        self._on_due()

    def _show_possible(self) -> None:
        """Show whether the rules can be edited, and if not, why."""
        problem = self._file.problem
        asks = self._is_read and bool(problem) and not self._replaces
        self.rules.setEnabled(self._is_read and not asks)
        self.rules.setReadOnly(self._observes)
        reason = tr(OBSERVING) if self._observes else ""
        self.rules.setToolTip(plain_tip(reason))
        self.replace_button.setEnabled(not self._observes)
        self.replace_button.setToolTip(
            plain_tip(reason or tr("Write new rules into another file of that name"))
        )
        kept = tr("Saving new rules keeps what it holds as {file}.", file=f"{FILE}.old")
        question = tr("Replace it? {kept}", kept=kept) if asks else kept
        self.unreadable.setText(f"{problem} {question}" if problem else "")
        self.unreadable.setVisible(self._is_read and bool(problem))
        self.replace_button.setVisible(asks)

    def _report(self, sentence: str) -> None:
        self._show_mistakes(sentence)
        if sentence:
            self._saved, self._file = self._before_save  # so that a second save writes, too
            self.refused.emit(sentence)
        self.saved.emit(sentence)

    @Slot()
    def _on_replace_clicked(self) -> None:
        self._replaces = True
        self._show_possible()
        self.rules.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_trial(self, trial: _Trial) -> None:
        self._show_mistakes(trial.problem)
        self.result.clear()
        for level, line in trial.lines:
            item = QListWidgetItem(f"{level_caption(level)}:  {escape_invisible(line)}")
            item.setSizeHint(QSize(0, _ROW_HEIGHT))
            self.result.addItem(item)
        self.problem, self._checked = trial.problem, trial.rules
        self.edited.emit()

    def _show_mistakes(self, sentence: str) -> None:
        self.mistakes.setText(sentence)
        self.mistakes.setVisible(bool(sentence))

    @Slot()
    def _on_rules_changed(self) -> None:
        self._soon.start()
        self.edited.emit()

    @Slot()
    def _on_due(self) -> None:
        rules, lines = self.rules.toPlainText(), self.lines.toPlainText()
        self._trials.run_latest(lambda: _tried(rules, lines), self._show_trial)


def _editor(name: str, height: int, theme: Theme) -> QPlainTextEdit:
    editor = QPlainTextEdit()
    editor.setAccessibleName(name)
    editor.setFixedHeight(height)
    editor.setTabChangesFocus(True)
    editor.setFont(theme.font("mono"))
    editor.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    return editor


def _tried(rules: str, lines: str) -> _Trial:
    """What these rules make of these lines; with a mistake, what the words of the lines suggest."""
    shown = [clean_text(line) for line in lines.splitlines() if line.strip()][:_MOST_TRIED]
    try:
        checked = checked_rules(rules.encode(), FILE)
    except JobFileError as error:
        return _Trial(rules, [(level_of(line), line) for line in shown], "\n".join(map(str, error.every)))
    return _Trial(rules, [(checked.level(line, level_of(line)), line) for line in shown])
