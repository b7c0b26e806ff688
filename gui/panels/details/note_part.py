"""What a person has written on the job of the details: its labels, its note, and the buttons to change them."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.control.actions import Actions
from gui.data.note_text import shortened_note
from gui.guarded import Guarded
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import keep_icon, push_button
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.label_chips import chip_lines, chips_height, draw_chips
from state.records import Job

_INSET, _GAP = 12, 4
_LABEL, _NOTE = "label", "note"


class LabelChips(Guarded, QWidget):
    """The labels of one job, in as many lines as they need; a screen reader hears them together."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, Typesetter(theme, self)
        self.labels: tuple[str, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.updateGeometry)

    def show_labels(self, labels: Sequence[str]) -> None:
        """Show these labels."""
        self.labels = tuple(labels)
        self.setAccessibleName(tr("Labels: {labels}", labels=", ".join(labels)))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """More lines are needed the narrower it is."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of all lines at this width."""
        lines = len(chip_lines(self.labels, width, self._type))
        return max(0, lines * (chips_height(self._type) + _GAP) - _GAP)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One line."""
        return QSize(120, chips_height(self._type))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The lines of the present width."""
        return QSize(60, self.heightForWidth(max(60, self.width())))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint all lines, in the middle of the height."""
        painter, height = QPainter(self), chips_height(self._type)
        top = max(0, (self.height() - self.heightForWidth(self.width())) // 2)
        for number, line in enumerate(chip_lines(self.labels, self.width(), self._type)):
            box = QRect(0, top + number * (height + _GAP), self.width(), height)
            draw_chips(painter, box, line, theme=self._theme, type_=self._type)


class NotePart(Guarded, QWidget):
    """Shows labels and note; where there are none, only the buttons that add them."""

    def __init__(self, theme: Theme, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._actions = theme, actions
        self._job_id = ""
        self.chips = LabelChips(theme)
        self.note = PlainLabel(theme=theme, role="small", color="t1")
        self.note.setWordWrap(True)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons = {name: self._button(name) for name in (_LABEL, _NOTE)}
        for widget in (
            self.note,
            *self.buttons.values(),
        ):  # which have the focus after a click and after the sheet
            widget.addActions([actions.action(name) for name in self.buttons])
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        row.addWidget(self.chips, 1)
        row.addStretch(0)
        for button in self.buttons.values():
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(_INSET, 4, _INSET, 6)
        column.setSpacing(_GAP)
        column.addWidget(self.note)
        column.addLayout(row)

    def show_job(self, job: Job) -> None:
        """Show what is written on a job."""
        self._job_id = job.job_id
        self.chips.show_labels(job.labels)
        self.note.setText(shortened_note(job.note))
        self.note.setAccessibleName(tr("Note: {note}", note=self.note.text()))
        self.note.setVisible(bool(job.note))
        self.buttons[_NOTE].setText(tr("Edit note") if job.note else tr("Add note"))
        self.buttons[_LABEL].setText(tr("Labels"))
        self._on_action_changed()

    def _button(self, name: str) -> QPushButton:
        button = push_button("", self, kind="quiet", small=True)
        button.setObjectName(f"{name}OfJob")
        keep_icon(button, self._theme, name, "t2")
        button.clicked.connect(self._on_clicked)
        self._actions.action(name).changed.connect(self._on_action_changed)
        return button

    @Slot()
    def _on_action_changed(self) -> None:
        """Follow whether the window only observes; the tip says so."""
        for name, button in self.buttons.items():
            record, observes = self._actions.record(name), self._actions.observes
            button.setEnabled(not observes)
            tip = self._actions.action(name).toolTip() if observes else ""
            button.setToolTip(tip or plain_tip(f"{tr(record.title)}  ({record.shortcut})"))

    @Slot()
    def _on_clicked(self) -> None:
        for name, button in self.buttons.items():
            if button is self.sender():
                self._actions.run(name, (self._job_id,))
