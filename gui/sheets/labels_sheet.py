"""Ask which labels jobs are to have. Changes nothing itself."""

from collections import Counter
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from engine.host.commands import LabelJobs
from gui.guarded import Guarded
from gui.sheets.jobs_sheet import JobsSheet
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.label import PlainLabel
from state.job_notes import NoteRefusedError, split_labels
from state.records import Job

_HEIGHT, _ROW = 200, 26
_CTRL = Qt.KeyboardModifier.ControlModifier.value
_ALL, _SOME, _NONE = Qt.CheckState.Checked, Qt.CheckState.PartiallyChecked, Qt.CheckState.Unchecked


class _LabelField(Guarded, QLineEdit):
    """A field in which Enter adds what is typed, and is done where nothing is.

    Signals:
        entered(): the labels in it are to be added.
        finished(): Enter was pressed without a label in it.
    """

    entered = Signal()
    finished = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Add with Enter what was typed; without text be done."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers().value & _CTRL:
            if not event.isAutoRepeat():  # a key that is held down has opened the sheet, or added a label
                (self.entered if self.text().strip() else self.finished).emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class LabelsSheet(JobsSheet):
    """Shows every label there is with a box: set for all of the jobs, for some, or for none.

    Signals:
        labelled: (LabelJobs) the labels to give and to take; `answer` reports whether that was done.
    """

    labelled = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, name="labels", width=440, action=tr("Set labels"))
        self._before: dict[str, Qt.CheckState] = {}
        self.field = _LabelField()
        self.field.setObjectName("labelsField")
        self.field.setPlaceholderText(tr("Add a label, as in: flaky, ask-anna"))
        self.field.setAccessibleName(tr("Add a label"))
        self.hint = PlainLabel(
            tr("A space separates labels; join the words of one with a hyphen: depot-team."),
            theme=theme,
            role="small",
            color="t2",
        )
        self.hint.setObjectName("labelsHint")
        self.hint.setWordWrap(True)
        self.field.setAccessibleDescription(self.hint.text())
        self.boxes = QListWidget()
        self.boxes.setObjectName("labelsList")
        self.boxes.setAccessibleName(tr("Labels"))
        self.boxes.setMinimumHeight(_HEIGHT)
        self.empty = PlainLabel("", theme=theme, role="small", color="t2")
        self.empty.setWordWrap(True)
        self._add_fields(self.field, self.hint, self.boxes, self.empty)
        self.field.entered.connect(self._add_typed)
        self.field.finished.connect(self._on_accepted)
        self.field.textChanged.connect(self._on_text_changed)
        self.boxes.itemChanged.connect(self._on_item_changed)

    def show_jobs(self, jobs: Sequence[Job], named: str, *, used: Iterable[str]) -> None:
        """Open the sheet on jobs, and call them so in its title; `used` are the labels of all jobs there are."""
        self._job_ids = tuple(job.job_id for job in jobs)
        counts = Counter(label for job in jobs for label in job.labels)
        self._before = {label: _ALL if number == len(jobs) else _SOME for label, number in counts.items()}
        self.heading.setText(tr("Labels of {named}", named=named))
        self.sentence.setText(tr("Labels are for finding jobs again: filter a panel by label:flaky."))
        self.field.clear()
        self.boxes.clear()
        for label in (*sorted(counts), *sorted(set(used) - set(counts))):
            self._add(label, self._before.get(label, _NONE))
        self._show_problem("")
        self._fit()
        self.open()

    def first_focus(self) -> QWidget:
        """The field."""
        return self.field

    def _add(self, label: str, state: Qt.CheckState) -> None:
        item = QListWidgetItem(label, self.boxes)
        item.setFlags(
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
        )
        item.setSizeHint(QSize(0, self.theme.widened(_ROW)))
        item.setCheckState(state)

    def _items(self) -> list[QListWidgetItem]:
        return [self.boxes.item(row) for row in range(self.boxes.count())]

    @Slot()
    def _add_typed(self) -> bool:
        """Set the boxes of the labels that were typed; false where one of them is none."""
        try:
            labels = split_labels(self.field.text())
        except NoteRefusedError as error:
            self._show_problem(str(error))
            return False
        there = {item.text(): item for item in self._items()}
        for label in labels:
            if label in there:
                there[label].setCheckState(_ALL)
            else:
                self._add(label, _ALL)
        self.field.clear()
        self._fit()
        return True

    def _fit(self) -> None:
        self.boxes.setVisible(self.boxes.count() > 0)
        self._show_empty()
        self.accept_button.setEnabled(True)
        self.place()

    def _show_empty(self) -> None:
        """Say what to do where no label is listed: there is none yet, or none that contains what is typed."""
        none_yet = tr("No job has a label yet. Type one above and press Enter.")
        none_such = tr("No label is called so yet. Enter adds it.")
        self.empty.setText(none_such if self.boxes.count() else none_yet)
        self.empty.setVisible(all(item.isHidden() for item in self._items()))

    @Slot()
    def _on_text_changed(self) -> None:
        """Show the labels that contain what is typed."""
        typed = self.field.text().replace(",", " ").split()
        part = typed[-1].lower() if typed and not self.field.text().endswith((" ", ",")) else ""
        for item in self._items():
            item.setHidden(part not in item.text())
        self._show_empty()
        self._hide_problem()

    @Slot()
    def _on_item_changed(self) -> None:
        self._hide_problem()

    def _send(self) -> None:
        if not self._add_typed():
            return
        now = {item.text(): item.checkState() for item in self._items()}
        changed = {label: state for label, state in now.items() if state != self._before.get(label, _NONE)}
        add = tuple(label for label, state in changed.items() if state == _ALL)
        remove = tuple(label for label, state in changed.items() if state == _NONE)
        if not add and not remove:
            self.dismiss()
            return
        self.accept_button.setEnabled(False)
        self.labelled.emit(LabelJobs(job_ids=self._job_ids, add=add, remove=remove))
