"""Small facts in a row, each with a mark that says whether it is in order: measured, placed in lines, painted."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from engine.review.evidence_summary import EvidenceSummary
from engine.system.formatting import exact_duration, short_duration
from gui.data.cost_captions import cost_caption
from gui.panels.review.evidence_words import result_words, scope_words
from gui.theme.paint import dpr_of, glyph, saved
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr, tr_count

WARNING, TICK = "warning", "tick"
_ICON, _ICON_GAP, _DETAIL_GAP = 12, 5, 4


class Mark(NamedTuple):
    """A fact. `icon` is a state's glyph, an icon, `WARNING`, or empty; `ink` the colour of its text.

    `detail` follows in a paler colour. `opens` is the list behind it.
    """

    icon: str
    text: str
    ink: str = "t2"
    detail: str = ""
    opens: str = ""
    is_state: bool = False
    spoken: str = ""
    """The text for a screen reader, where it says more."""


def tests_mark(evidence: EvidenceSummary) -> Mark:
    """How the tests ended."""
    tests, words = evidence.tests, result_words(evidence)
    if tests is None:
        return Mark(WARNING if evidence.expects_tests else "", words, opens="tests")
    if tests.failed:
        return Mark("failed", words, "failed", opens="tests", is_state=True)
    spoken = "" if tests.passed is None else tr_count("{n} test passed", "{n} tests passed", tests.passed)
    return Mark("completed", words, opens="tests", is_state=True, spoken=spoken)


def scope_mark(evidence: EvidenceSummary) -> Mark | None:
    """Whether the work stays inside its scope; None where it declares none."""
    icon = WARNING if evidence.outside else ""
    return Mark(icon, scope_words(evidence), opens="scope") if evidence.scope else None


def conflict_mark(evidence: EvidenceSummary) -> Mark | None:
    """The conflict with another workstream, or with the target."""
    if not evidence.conflict:
        return None
    words = (
        tr("predicted {conflict}", conflict=evidence.conflict) if evidence.is_predicted else evidence.conflict
    )
    return Mark("conflict", words, "failed", opens="conflict")


def check_mark(evidence: EvidenceSummary) -> Mark | None:
    """The check that was red when the work was to be merged."""
    if not evidence.check:
        return None
    return Mark("failed", tr("check {check}", check=evidence.check), "failed", opens="check", is_state=True)


def queue_marks(evidence: EvidenceSummary, *, narrow: bool = False) -> list[Mark]:
    """The marks of a row of the queue, without the conflict; a narrow one leaves the attempts out."""
    denied = _denied_mark(len(evidence.denied)) if evidence.denied else None
    spent = cost_caption(evidence.cost)
    cost = Mark("", spent, opens="cost") if spent else None
    attempts = (
        Mark("", tr_count("{n} attempt", "{n} attempts", evidence.attempts))
        if evidence.attempts and not narrow
        else None
    )
    found = (tests_mark(evidence), check_mark(evidence), scope_mark(evidence), denied, cost, attempts)
    return [mark for mark in found if mark is not None]


def _denied_mark(number: int) -> Mark:
    spoken = tr_count("{n} command denied", "{n} commands denied", number)
    return Mark("untrusted", tr("{number:,} denied", number=number), spoken=spoken)


def mark_words(marks: Sequence[Mark]) -> str:
    """The marks as a screen reader says them."""
    return ", ".join(mark.text for mark in marks)


def worked(evidence: EvidenceSummary) -> str:
    """How long the attempts have worked; below a second with a tenth, and nothing where nothing was measured."""
    seconds = evidence.worked_s
    return exact_duration(seconds) if seconds and seconds < 1 else short_duration(seconds or None)


def mark_width(mark: Mark, type_: Typesetter, role: str) -> int:
    """The width of a mark."""
    width = type_.width(mark.text, role) + (_ICON + _ICON_GAP if mark.icon else 0)
    return width + (_DETAIL_GAP + type_.width(mark.detail, role) if mark.detail else 0)


def mark_lines(
    marks: Sequence[Mark], width: int, *, gap: int, type_: Typesetter, role: str
) -> list[list[Mark]]:
    """The marks in as many lines as they need."""
    lines: list[list[Mark]] = [[]]
    used = 0
    for mark in marks:
        wide = mark_width(mark, type_, role)
        if lines[-1] and used + gap + wide > width:
            lines.append([])
            used = 0
        used += wide + (gap if lines[-1] else 0)
        lines[-1].append(mark)
    return lines


def draw_mark(
    painter: QPainter, rect: QRect, mark: Mark, *, ink: QColor, theme: Theme, type_: Typesetter, role: str
) -> int:
    """Paint a mark at the left of a rectangle and return its width."""
    left = rect.left()
    if mark.icon:
        draw_icon(painter, QRect(left, rect.top(), _ICON, rect.height()), mark, theme)
        left += _ICON + _ICON_GAP
    room = QRect(left, rect.top(), rect.right() - left + 1, rect.height())
    left += type_.draw(painter, room, text=mark.text, role=role, color=ink)
    if mark.detail:
        left += _DETAIL_GAP
        room.setLeft(left)
        left += type_.draw(painter, room, text=mark.detail, role=role, color=theme.color("t2"))
    return left - rect.left()


def draw_icon(painter: QPainter, rect: QRect, mark: Mark, theme: Theme) -> None:
    """Paint the icon of a mark in the middle of a rectangle."""
    if mark.icon == WARNING:
        draw_warning(painter, rect, theme)
    elif mark.icon == TICK:
        draw_tick(painter, rect, theme)
    elif mark.is_state:
        glyph(painter, rect, theme.glyph(mark.icon, _ICON, dpr_of(painter)))
    else:
        ink = "failed" if mark.icon == "conflict" else "t2"
        glyph(painter, rect, theme.icon(mark.icon, ink, _ICON + 1, dpr_of(painter)))


def draw_warning(painter: QPainter, rect: QRect, theme: Theme) -> None:
    """Paint the warning triangle in the middle of a rectangle."""
    side = min(rect.width(), rect.height(), 12)
    box = QRectF(0, 0, side, side * 0.9)
    box.moveCenter(QRectF(rect).center())
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("timeout.fill"))
        painter.setBrush(theme.color("timeout.fill"))
        top = QPointF(box.center().x(), box.top() + 0.5)
        painter.drawPolygon(QPolygonF([top, box.bottomRight(), box.bottomLeft()]))


def draw_tick(painter: QPainter, rect: QRect, theme: Theme) -> None:
    """Paint a plain tick in the middle of a rectangle."""
    centre = QRectF(rect).center()
    points = [QPointF(-4, 0), QPointF(-1.2, 3), QPointF(4, -3)]
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("t2"), 1.5))
        painter.drawPolyline(QPolygonF([centre + point for point in points]))
