"""The marks of the queue, the pips of the evidence and the focus of the strip: what is measured is what is painted."""

import time

from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from engine.review.evidence_summary import EvidenceSummary
from gui.panels.review.marks import mark_width
from gui.panels.review.merge_strip import MergeStrip
from gui.panels.review.queue_delegate import QueueDelegate
from gui.panels.review.review_records import ReviewItem, ReviewQueue, ReviewSection
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from state.costs import Cost


def test_at_every_width_the_marks_of_a_row_are_whole(theme: Theme) -> None:
    type_ = Typesetter(theme)
    delegate = QueueDelegate(theme, type_)
    evidence = EvidenceSummary(
        scope=["a.py"], outside=["b.py"], denied=["rm"], cost=Cost(usd=0.02), attempts=1
    )
    item = ReviewItem(key=("r", "rules"), section=ReviewSection.WAITING, title="rules", evidence=evidence)
    for width in range(180, 420):
        placed = list(delegate._placed_marks(item, QRect(0, 0, width, 90)))
        assert all(room.width() >= mark_width(mark, type_, "caption") for mark, room in placed)


def test_the_focus_stays_in_the_strip_of_an_empty_merge_queue(theme: Theme, qtbot: QtBot) -> None:
    strip = MergeStrip(theme, time.time)
    qtbot.addWidget(strip)
    strip.show_queue(ReviewQueue())
    strip.show()
    strip.activateWindow()
    strip.focus_rows()
    qtbot.waitUntil(strip.chevron.hasFocus)
