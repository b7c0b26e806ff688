"""The sheet with what the check of a merge has printed; while the check runs it follows."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from engine.host.merge_run import check_log
from engine.system.formatting import clock_minute
from engine.system.home import Home
from engine.system.plain_text import escape_invisible
from gui.control.background_tasks import BackgroundTasks
from gui.data.check_log import check_lines
from gui.data.projection import Projection
from gui.theme.theme import Theme
from gui.translation import tr, tr_recorded
from gui.widgets.buttons import push_button
from gui.widgets.sheet import Sheet
from state.worktree_records import Merge, MergeState

_SECOND_MS = 1000
_HEIGHT = 420


class CheckLogSheet(Sheet):
    """Shows the end of the log of the newest merge of a workstream."""

    def __init__(self, projection: Projection, theme: Theme, *, home: Home, parent: QWidget) -> None:
        super().__init__(theme, parent, width=880)
        self.setObjectName("check_log")
        self._projection, self._home = projection, home
        self._key: tuple[str, str] | None = None
        self._lines: Sequence[str] | None = None
        self.tasks = BackgroundTasks(self)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setMinimumHeight(_HEIGHT)
        self.text.setAccessibleName(tr("What the check has printed"))
        self.text.setTabChangesFocus(True)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.addWidget(self.text)
        close = push_button(tr("Close"))
        close.clicked.connect(self.request_close)
        self.footer.addStretch(1)
        self.footer.addWidget(close)
        self._timer = QTimer(self, interval=_SECOND_MS)
        self._timer.timeout.connect(self._read)
        self.closed.connect(self._on_closed)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_check(self, key: tuple[str, str]) -> None:
        """Open with the check of a workstream's newest merge."""
        self._key, self._lines = key, None
        self.heading.setText(tr("Check of {key}", key=escape_invisible(key[1])))
        self.text.setPlainText("")
        self._read()
        self.open()
        self._timer.start()

    def first_focus(self) -> QWidget:
        """The text, which the keys scroll."""
        return self.text

    def stop_reading(self) -> None:
        """Return once nothing is read; for the end of the program."""
        self.tasks.stop()

    @property
    def _merge(self) -> Merge | None:
        return None if self._key is None else self._projection.merges.get(self._key)

    @Slot()
    def _read(self) -> None:
        merge = self._merge
        self.sentence.setText(_sentence(merge))
        if merge is None:
            self._show(())
        elif not self.tasks.is_busy:
            log = check_log(self._home, merge.id)
            self.tasks.run_in_background(lambda: check_lines(log), self._show)
        if merge is None or merge.state is not MergeState.CHECKING:
            self._timer.stop()

    def _show(self, lines: Sequence[str]) -> None:
        """Show these lines, and stay at the end where that is what is looked at."""
        if lines == self._lines:
            return
        bar = self.text.verticalScrollBar()
        at, follows = bar.value(), self._lines is None or bar.value() == bar.maximum()
        self._lines = lines
        nothing = "" if self._merge is None else tr("The check has printed nothing.")
        self.text.setPlainText("\n".join(lines) or nothing)
        if follows:
            self.text.moveCursor(QTextCursor.MoveOperation.End)
            self.text.moveCursor(QTextCursor.MoveOperation.StartOfLine)
        else:
            bar.setValue(at)

    @Slot()
    def _on_closed(self) -> None:
        self._timer.stop()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.text.setFont(self.theme.font("mono"))


def _sentence(merge: Merge | None) -> str:
    if merge is None:
        return tr("It has not been in the merge queue yet, so no check has run.")
    if merge.state is MergeState.CHECKING:
        return tr(
            "On top of {target}, since {clock_minute}.",
            target=escape_invisible(merge.target),
            clock_minute=clock_minute(merge.started_at),
        )
    ended = (
        ""
        if merge.ended_at is None
        else tr(" It ended at {clock_minute}.", clock_minute=clock_minute(merge.ended_at))
    )
    return (
        escape_invisible(tr_recorded(merge.reason) or tr("On top of {target}.", target=merge.target)) + ended
    )
