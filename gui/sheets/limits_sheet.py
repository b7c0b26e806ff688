"""The limits, the holds and the escalation of tools, as rows for live changes. Changes nothing itself."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from engine.host.commands import LiftHold, Pause, RemoveLimit, Resume, SetHold, SetLimit
from engine.host.host_commands import ChangeSetting
from engine.jobfile.tool_registry import tools
from engine.scheduling.schedule import active
from engine.scheduling.wait_phrases import hold_phrase
from gui.control.action_effects import OBSERVING
from gui.data.projection import Projection, ProjectionChanges
from gui.theme.theme import Theme
from gui.translation import tr, tr_phrase, translatable
from gui.widgets.buttons import push_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.number_box import NumberBox
from gui.widgets.page_scroll import PageScroll
from gui.widgets.sheet import Sheet
from state.records import Hold, HoldKind, Job, JobStatus, Limit, LimitKind

_MOST = 999
_KINDS = {
    LimitKind.TOOL: translatable("Tool"),
    LimitKind.ACCOUNT: translatable("Account"),
    LimitKind.GROUP: translatable("Group"),
}
_HOLDS = {
    LimitKind.GLOBAL: HoldKind.ENGINE,
    LimitKind.TOOL: HoldKind.TOOL,
    LimitKind.ACCOUNT: HoldKind.ACCOUNT,
    LimitKind.GROUP: HoldKind.GROUP,
}


class LimitsSheet(Sheet):
    """The limits and holds as they are now; each change is requested at once.

    Signals:
        requested: (EngineCommand) set or remove a limit, set or lift a hold, or change the ladders.
    """

    requested = Signal(object)

    def __init__(
        self,
        projection: Projection,
        theme: Theme,
        parent: QWidget,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(theme, parent, width=680)
        self.setObjectName("limitsSheet")
        self.heading.setText(tr("Limits and holds"))
        self.sentence.setText(tr("Changes apply from the next start on; running jobs are not disturbed."))
        self._projection, self._clock = projection, clock
        self._rows = QGridLayout()
        self._shown: object = None
        self._requested: dict[tuple[LimitKind, str], int] = {}
        """Numbers that are requested but not yet in force: both Enter and losing the focus end an edit."""
        self.ladders: dict[str, QLineEdit] = {}
        self._ladder_rows = QGridLayout()
        self._ladders: Mapping[str, Sequence[str]] = {}
        self._lay_out_page()
        projection.folded.connect(self._on_folded)
        projection.reset.connect(self._on_reset)

    def show_limits(self, ladders: Mapping[str, Sequence[str]]) -> None:
        """Open the sheet; `ladders` are the tools that take over, by tool."""
        self._ladders = ladders
        self._list_new_tools()
        for tool, field in self.ladders.items():
            field.setText(", ".join(ladders.get(tool, ())))
        self._fill()
        self.open()

    def set_observing(self, observes: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Show limits and holds without changing them while the window only observes, with the reason as a tip."""
        self._page.setEnabled(not observes)
        self._page.setToolTip(plain_tip(tr(OBSERVING)) if observes else "")

    def first_focus(self) -> QWidget:
        """The number that is changed most often."""
        found = self.findChild(QSpinBox, "limit.global.")
        return self if found is None else found

    # --- what is shown ------------------------------------------------------------------------------------------

    def _lay_out_page(self) -> None:
        page = self._page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.addWidget(self._title(tr("Running at once")))
        self._rows.setHorizontalSpacing(10)
        self._rows.setVerticalSpacing(6)
        self._rows.setColumnStretch(1, 1)
        column.addLayout(self._rows)
        column.addLayout(self._adding())
        column.addSpacing(8)
        column.addWidget(self._title(tr("If a tool fails, these take over, one after the other")))
        self._ladder_rows.setHorizontalSpacing(10)
        self._ladder_rows.setVerticalSpacing(6)
        self._list_new_tools()
        column.addLayout(self._ladder_rows)
        column.addStretch(1)
        self.body.addWidget(PageScroll(page, name=tr("Limits and holds"), max_height=480))
        done = push_button(tr("Done"), kind="primary")
        done.clicked.connect(self._on_done)
        self.footer.addStretch(1)
        self.footer.addWidget(done)

    def _list_new_tools(self) -> None:
        """A row for each coding tool that has none, such as one whose file the user has added since."""
        for tool in (name for name in tools().coding if name not in self.ladders):
            field = self.ladders[tool] = _field(tr("none"))
            field.setObjectName(f"ladder.{tool}")
            field.setAccessibleName(tr("Tools that take over from {tool}", tool=tool))
            field.editingFinished.connect(self._on_ladder_edited)
            row = self._ladder_rows.rowCount()
            self._ladder_rows.addWidget(PlainLabel(tool, theme=self.theme, color="t2"), row, 0)
            self._ladder_rows.addWidget(field, row, 1)

    def _adding(self) -> QHBoxLayout:
        self.kind = ChoiceBox(tr("What the limit counts"), self.theme)
        for kind, word in _KINDS.items():
            self.kind.addItem(tr(word), kind)
        self.key, entry = QComboBox(), QLineEdit()
        self.key.setObjectName("limitKey")
        self.key.setLineEdit(entry)  # which makes it editable
        self.key.setAccessibleName(tr("Its name"))
        entry.setAccessibleName(tr("Its name"))
        entry.setPlaceholderText(tr("Its name"))
        self.key.setMinimumWidth(160)
        self.number = _number("limitNumber", tr("At most"))
        self.add_button = push_button(tr("Set limit"))
        self.add_button.setObjectName("addLimit")
        self.hold_button = push_button(tr("Hold"))
        self.hold_button.setObjectName("addHold")
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.kind, self.key, self.number, self.add_button, self.hold_button):
            row.addWidget(widget, 1 if widget is self.key else 0)
        self.kind.currentIndexChanged.connect(self._on_kind_selected)
        self.key.editTextChanged.connect(self._on_key_changed)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.hold_button.clicked.connect(self._on_hold_clicked)
        return row

    def _fill(self) -> None:
        """Rebuild the rows if anything in them has changed; typed text stays."""
        holds = active(self._projection.holds.values(), self._clock())
        limits = dict(self._projection.limits)
        counts = _running(self._projection.jobs.values())
        now = (limits, holds, {key: counts[key] for key in limits})
        if now == self._shown:
            return
        self._shown = now
        self._requested.clear()
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        targets = sorted({(LimitKind.GLOBAL, ""), *limits, *map(_limited, holds)}, key=_in_order)
        for row, target in enumerate(targets):
            hold = holds.get((_HOLDS[target[0]], target[1]))
            self._add_row(row, target, limits.get(target), hold, counts[target])
        self._on_kind_selected()

    def _add_row(
        self, row: int, target: tuple[LimitKind, str], limit: Limit | None, hold: Hold | None, running: int
    ) -> None:
        kind, key = target
        named = tr("All jobs") if kind is LimitKind.GLOBAL else f"{tr(_KINDS[kind])} {key}"
        self._rows.addWidget(PlainLabel(named, theme=self.theme), row, 0)
        text = (
            tr("{running:,} running", running=running)
            if hold is None
            else tr_phrase(hold_phrase(hold, self._clock(), running))
        )
        state = PlainLabel(text, theme=self.theme, role="small", color="t2", elide=True)
        self._rows.addWidget(state, row, 1)
        number = _number(f"limit.{kind}.{key}", tr("At most, {named}", named=named))
        number.setMinimum(0)
        number.setSpecialValueText(tr("no limit"))
        number.setValue(0 if limit is None else limit.value)
        number.editingFinished.connect(partial(self._on_number_edited, number, kind, key))
        self._rows.addWidget(number, row, 2)
        word = tr("Resume") if hold is not None else tr("Pause") if kind is LimitKind.GLOBAL else tr("Hold")
        button = push_button(word, small=True)
        button.setObjectName(f"stop.{kind}.{key}")
        button.setAccessibleName(f"{word} {named}")
        button.clicked.connect(partial(self._on_hold_toggled, kind, key, hold is not None))
        self._rows.addWidget(button, row, 3)

    def _title(self, text: str) -> PlainLabel:
        return PlainLabel(text, theme=self.theme, role="strong")

    # --- what is requested ------------------------------------------------------------------------------------------

    def _on_number_edited(self, number: QSpinBox, kind: LimitKind, key: str) -> None:
        known = self._projection.limits.get((kind, key))
        value = number.value()
        if value == self._requested.get((kind, key), 0 if known is None else known.value):
            return
        self._requested[kind, key] = value
        if value:
            self.requested.emit(SetLimit(limit=Limit(kind=kind, key=key, value=value)))
        else:
            self.requested.emit(RemoveLimit(limit_kind=kind, key=key))

    def _on_hold_toggled(self, kind: LimitKind, key: str, stopped: bool) -> None:  # noqa: FBT001 - bound to a button
        target = (_HOLDS[kind], key)
        match target, stopped:
            case (HoldKind.ENGINE, _), True:
                self.requested.emit(Resume())
            case (HoldKind.ENGINE, _), False:
                self.requested.emit(Pause())
            case _, True:
                self.requested.emit(LiftHold(hold_kind=target[0], key=key))
            case _:
                self.requested.emit(SetHold(hold=Hold(kind=target[0], key=key, reason="", since=0.0)))

    @Slot()
    def _on_add_clicked(self) -> None:
        key = self.key.currentText().strip()
        limit = Limit(kind=self.kind.currentData(), key=key, value=self.number.value())
        self.requested.emit(SetLimit(limit=limit))

    @Slot()
    def _on_hold_clicked(self) -> None:
        key = self.key.currentText().strip()
        kind = _HOLDS[self.kind.currentData()]
        self.requested.emit(SetHold(hold=Hold(kind=kind, key=key, reason="", since=0.0)))

    @Slot()
    def _on_ladder_edited(self) -> None:
        ladders = {
            tool: [word.strip() for word in field.text().split(",") if word.strip()]
            for tool, field in self.ladders.items()
        }
        filled = {tool: others for tool, others in ladders.items() if others}
        if filled != {tool: list(others) for tool, others in self._ladders.items()}:
            self._ladders = filled
            self.requested.emit(ChangeSetting(key="ladders", value=filled or None))

    # --- what happened ------------------------------------------------------------------------------------------

    @Slot()
    def _on_kind_selected(self) -> None:
        jobs = self._projection.jobs.values()
        match self.kind.currentData():
            case LimitKind.TOOL:
                names = {job.tool for job in jobs} | {*tools().coding}
            case LimitKind.ACCOUNT:
                names = {job.account for job in jobs if job.account}
            case _:
                names = {job.group_name for job in jobs}
        typed = self.key.currentText()
        self.key.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.key.clear()
        self.key.addItems(sorted(names))
        self.key.setEditText(typed)
        self.key.blockSignals(False)  # noqa: FBT003 - as above
        self._on_key_changed()

    @Slot()
    def _on_key_changed(self) -> None:
        named = bool(self.key.currentText().strip())
        for button in (self.add_button, self.hold_button):
            button.setEnabled(named)

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if self.is_open and changes.queue:
            self._fill()

    @Slot()
    def _on_reset(self) -> None:
        if self.is_open:
            self._fill()

    @Slot()
    def _on_done(self) -> None:
        self.dismiss()


def _running(jobs: Iterable[Job]) -> Counter[tuple[LimitKind, str]]:
    counts: Counter[tuple[LimitKind, str]] = Counter()
    for job in jobs:
        if job.status is JobStatus.RUNNING:
            counts.update(
                [(LimitKind.GLOBAL, ""), (LimitKind.TOOL, job.tool), (LimitKind.GROUP, job.group_name)]
            )
            counts.update([(LimitKind.ACCOUNT, job.account)] if job.account else [])
    return counts


def _limited(hold: tuple[HoldKind, str]) -> tuple[LimitKind, str]:
    kind, key = hold
    return next(limit for limit, stop in _HOLDS.items() if stop is kind), key


def _in_order(target: tuple[LimitKind, str]) -> tuple[int, str]:
    return (list(_HOLDS).index(target[0]), target[1])


def _number(name: str, accessible_name: str) -> NumberBox:
    number = NumberBox(1, _MOST, width=84)
    number.setObjectName(name)
    number.setAccessibleName(accessible_name)
    return number


def _field(placeholder: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(placeholder)
    field.setAcceptDrops(False)
    return field
