"""The part of the Dashboard that lists what needs a person: its head, the list, and the line where there is nothing."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.system.formatting import age
from gui.control.actions import Actions
from gui.data import captions
from gui.panels.dashboard.attention_items import AttentionItem
from gui.panels.dashboard.attention_model import AttentionModel
from gui.panels.dashboard.attention_view import AttentionView
from gui.panels.dashboard.unread_needs import UnreadNeeds
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel

_HEAD_HEIGHT = 26


class NeedsSection(QWidget):
    """Shows the needs; a row selects its workstream, its button runs a command on its jobs.

    Signals:
        verb_requested: a button was pressed; its command follows.
        pointer_left: the pointer left the rows, which may move again.
        clear_requested: show what the filter hides.
        rows_changed: it needs another height.
    """

    verb_requested = Signal()
    pointer_left = Signal()
    clear_requested = Signal()
    rows_changed = Signal()

    def __init__(
        self,
        actions: Actions,
        theme: Theme,
        type_: Typesetter,
        *,
        clock: Callable[[], float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions, self._theme = actions, theme
        self.model = AttentionModel(UnreadNeeds(clock()), self)
        self.view = AttentionView(self.model, theme, type_, clock=clock)
        self.count = PlainLabel("", theme=theme, role="base", color="t2")
        self.oldest = PlainLabel("", theme=theme, role="small", color="t3")
        self.calm = PlainLabel(tr("Nothing needs you."), theme=theme, role="small", color="t2")
        self.clear_button = push_button(tr("Clear"), kind="link", small=True)
        self.clear_button.setAccessibleName(tr("Clear the filter"))
        self._lay_out(PlainLabel(tr("Needs you"), theme=theme, role="strong", color="t2"))
        self.view.command_requested.connect(self._on_command_requested)
        self.view.selected.connect(self._on_selected)
        self.view.menu_requested.connect(self._on_menu_requested)
        self.view.pointer_left.connect(self.pointer_left)
        self.model.modelReset.connect(self.rows_changed)
        self.clear_button.clicked.connect(self.clear_requested)

    def fit_head(self) -> None:
        """Make the head as high as the text needs."""
        self._strip.setFixedHeight(self._theme.grown(_HEAD_HEIGHT))

    @property
    def fixed_height(self) -> int:
        """The height of everything but the list."""
        return self._strip.height() + (0 if self.model.needs else self._calm_row.sizeHint().height())

    @property
    def is_under_pointer(self) -> bool:
        """Whether the pointer is over the rows, so that none of them may move."""
        return self.view.viewport().underMouse()

    def show_numbers(self, needing: int, now: float, *, hidden: str, others: str, older: int = 0) -> None:
        """Show how many workstreams need a person, and the oldest; `hidden` says that the filter hides some.

        `others` need a person, too, and are no workstreams; they are named beside the number. The `older` of those that
        need one are not listed yet.
        """
        needs, listed = self.model.needs, self.model.workstreams
        self._calm_row.setVisible(not needs)
        late = (
            tr_count("{n} older one is not loaded.", "{n} older ones are not loaded.", older) if older else ""
        )
        self.calm.setText(hidden or late or tr("Nothing needs you."))
        self.clear_button.setVisible(bool(hidden))
        self.view.setVisible(bool(needs))
        number = captions.count(needing) if needing else ""
        counted = (
            tr("{done} of {total}", done=captions.count(listed), total=number) if hidden or older else number
        )
        self.count.setText(", ".join(part for part in (counted, others) if part))
        since = [] if older else [need.since for need in needs if need.since is not None]
        oldest = min(since, default=None)  # unknown as long as older ones are only counted
        self.oldest.setText(tr("oldest {age}", age=age(oldest, now)) if oldest is not None else "")

    def set_room(self, listed: int, height: int) -> None:
        """List at most so many needs, in a list of at most this height."""
        self.model.set_limit(listed)
        height = max(0, min(height, self.view.sizeHint().height()))
        self.view.setFixedHeight(height)
        self.setFixedHeight(self.fixed_height + height)

    def _lay_out(self, title: PlainLabel) -> None:
        self._calm_row = QWidget()
        calm = QHBoxLayout(self._calm_row)
        calm.setContentsMargins(12, 0, 12, 6)
        calm.addWidget(self.calm)
        calm.addWidget(self.clear_button)
        calm.addStretch()
        self._strip = strip = QWidget()
        self.fit_head()
        head = QHBoxLayout(strip)
        head.setContentsMargins(12, 0, 12, 0)
        head.setSpacing(7)
        for label in (title, self.count):
            head.addWidget(label)
        head.addStretch()
        head.addWidget(self.oldest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (strip, self.view, self._calm_row):
            column.addWidget(widget)

    @Slot(object)
    def _on_command_requested(self, need: AttentionItem) -> None:
        self.model.look(need)
        if need.workstream is not None:
            self._actions.selection.select_workstream(need.workstream)
        if need.button is not None:
            self.verb_requested.emit()
            self._actions.run(need.button.command, need.job_ids)

    @Slot(object)
    def _on_selected(self, need: AttentionItem) -> None:
        """Open the job, which says why; work that waits for review has a panel of its own."""
        self._actions.selection.select_workstream(need.workstream)
        if need.button is None or need.button.command != "show_review":
            self._actions.open_jobs(need.job_ids[:1])

    @Slot(object, QPoint)
    def _on_menu_requested(self, need: AttentionItem, at: QPoint) -> None:
        if need.job_ids and need.workstream is not None:
            menu = self._actions.menu_for_jobs(self, need.job_ids)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(at)
