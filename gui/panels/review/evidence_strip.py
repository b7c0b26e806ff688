"""The evidence of the work that is looked at, in one line or two; each fact opens the list behind it."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.review.evidence_summary import EvidenceSummary
from gui.data.cost_captions import cost_text
from gui.figures import money
from gui.guarded import Guarded
from gui.panels.review.marks import (
    Mark,
    check_mark,
    conflict_mark,
    draw_mark,
    mark_width,
    mark_words,
    scope_mark,
    tests_mark,
    worked,
)
from gui.theme.paint import rounded
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.accessible_role import WithAccessibleRole, install_roles, report_value
from gui.widgets.attempt_pips import draw_pips, pips_width

_LINE, _INSET, _GAP, _RULE = 36, 16, 12, 14
_ROLE = "small"


class EvidenceStrip(WithAccessibleRole, Guarded, QWidget):
    """Shows the evidence.

    Signals:
        opened: (name) the list behind a fact was requested: tests, scope, denied, cost, attempts, check or conflict.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.List

    opened = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install_roles()
        self._theme, self._type = theme, Typesetter(theme, self)
        self._evidence = EvidenceSummary()
        self._files = 0
        self._state = "needsyou"
        self._narrow = False
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    def show_evidence(self, evidence: EvidenceSummary, files: int, *, state: str) -> None:
        """Show this; `files` is how many have changed, `state` how the work stands, as its last attempt shows it."""
        self._evidence, self._files, self._state = evidence, files, state
        self.setAccessibleName(tr("Evidence: {facts}", facts=mark_words(self.marks())))
        self._fit()

    def accessible_value(self) -> str:
        """The fact that Enter opens."""
        marks = self.marks()
        return marks[self._current].text if 0 <= self._current < len(marks) else ""

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Leave out what the evidence was before, and the limit of the cost."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._fit()

    def marks(self) -> list[Mark]:
        """The facts, in their order."""
        evidence = self._evidence
        tests, counted, before = tests_mark(evidence), evidence.tests, evidence.before
        if counted is not None and not counted.failed and counted.passed is not None:
            tests = tests._replace(text=tr_count("{n} test passed", "{n} tests passed", counted.passed))
        if before is not None and before.passed is not None and not self._narrow:
            tests = tests._replace(detail=tr("before: {number:,}", number=before.passed))
        denied = Mark(
            "untrusted",
            tr_count("{n} command denied", "{n} commands denied", len(evidence.denied)),
            opens="denied",
        )
        off = check_mark(evidence), conflict_mark(evidence)
        found = (tests, self._scope(), denied, self._cost(), self._attempts(), *off)
        return [mark for mark in found if mark is not None]

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """A narrow strip takes two lines."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """One line, or two."""
        places = self._places(width)
        return _LINE + (places[-1].top() if places else 0)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as there is room."""
        return QSize(400, self.heightForWidth(max(self.width(), 100)))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the lines."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the facts with a rule between two."""
        painter, color = QPainter(self), self._theme.color
        painter.fillRect(self.rect(), color("bg1"))
        marks, places = self.marks(), self._places(self.width())
        for number, (mark, place) in enumerate(zip(marks, places, strict=True)):
            if number and places[number - 1].top() == place.top():
                middle = place.center().y()
                painter.fillRect(place.left() - _GAP, middle - _RULE // 2, 1, _RULE, color("line2"))
            self._paint_mark(painter, place, mark)
            if self.hasFocus() and number == self._current:
                rounded(painter, place.adjusted(-4, 6, 4, -6), radius=4, edge=color("focus"), width=2)
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line"))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open the list behind what is pressed."""
        at = event.position().toPoint()
        places = self._places(self.width())
        found = next((number for number, place in enumerate(places) if place.contains(at)), None)
        if found is not None:
            self._current = found
            self.opened.emit(self.marks()[found].opens)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move with the arrows, open with Enter."""
        last = len(self.marks()) - 1
        match event.key():
            case Qt.Key.Key_Left:
                self._current = max(0, self._current - 1)
            case Qt.Key.Key_Right:
                self._current = min(last, self._current + 1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if 0 <= self._current <= last:
                self.opened.emit(self.marks()[self._current].opens)
            case _:
                super().keyPressEvent(event)
        if 0 <= self._current <= last:
            self.setAccessibleDescription(self.marks()[self._current].text)
            report_value(self)
        self.update()

    def _paint_mark(self, painter: QPainter, place: QRect, mark: Mark) -> None:
        ink = self._theme.color("t1" if mark.ink == "t2" else mark.ink)
        if mark.opens != "attempts":
            draw_mark(painter, place, mark, ink=ink, theme=self._theme, type_=self._type, role=_ROLE)
            return
        attempts = self._pips()
        wide = pips_width(attempts, self._type) or self._type.width(mark.text, _ROLE)
        if pips_width(attempts, self._type):
            box = QRect(place.left(), place.top(), wide, place.height())
            draw_pips(
                painter,
                box,
                attempts,
                state=self._state,
                theme=self._theme,
                type_=self._type,
                completed=self._evidence.completed,
            )
        else:
            self._type.draw(painter, place, text=mark.text, role=_ROLE, color=self._theme.color("t1"))
        rest = place.adjusted(wide + 6, 0, 0, 0)
        self._type.draw(painter, rest, text=mark.detail, role=_ROLE, color=self._theme.color("t2"))

    def _scope(self) -> Mark | None:
        mark = scope_mark(self._evidence)
        if mark is None or self._evidence.outside:
            return mark
        return Mark("tick", tr_count("In scope, {n} file", "In scope, {n} files", self._files), opens="scope")

    def _cost(self) -> Mark | None:
        spent, limit = cost_text(self._evidence.cost), self._evidence.cost_limit
        detail = tr("of {amount}", amount=money(limit)) if limit is not None and not self._narrow else ""
        return Mark("cost", spent, detail=detail, opens="cost") if spent else None

    def _attempts(self) -> Mark | None:
        if not self._evidence.attempts:
            return None
        return Mark(
            "",
            tr_count("{n} attempt", "{n} attempts", self._evidence.attempts),
            detail=worked(self._evidence),
            opens="attempts",
        )

    def _pips(self) -> tuple[int, int]:
        return self._evidence.attempts, max(self._evidence.attempts, self._evidence.max_attempts)

    def _width(self, mark: Mark) -> int:
        if mark.opens == "attempts":
            wide = pips_width(self._pips(), self._type) or self._type.width(mark.text, _ROLE)
            return wide + 6 + self._type.width(mark.detail, _ROLE)
        return mark_width(mark, self._type, _ROLE)

    def _places(self, width: int) -> list[QRect]:
        left, top, places = _INSET, 0, []
        for mark in self.marks():
            wide = self._width(mark) + 2
            if left > _INSET and left + wide > width - _INSET:
                left, top = _INSET, top + _LINE - 10
            places.append(QRect(left, top, min(wide, max(40, width - left - _INSET)), _LINE))
            left += wide + 2 * _GAP
        return places

    def _fit(self) -> None:
        self.setFixedHeight(max(_LINE, self.heightForWidth(max(self.width(), 100))))
        self.update()
