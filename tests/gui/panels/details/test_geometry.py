"""Nothing in the details is cut off at any width: labels and buttons are as large as what they say."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from engine.jobfile.job_file_reader import job_from_mapping
from gui.panels.details.details_panel import DetailsPanel
from gui.widgets.label import PlainLabel
from gui.widgets.wrapped_label import WrappedLabel
from state.records import HoldCause, JobStatus
from tests.gui.details_records import spec
from tests.gui.panels.details.test_failed_job import fail
from tests.gui.window_parts import WindowParts
from tests.helpers.patience import PATIENCE_MS

WIDTHS = [(360, 400), (480, 800), (752, 900), (900, 620)]
TITLE = "Replay hooks twice, and only then look at what the other end has answered_without_any_blank"


def scrolled(details: DetailsPanel) -> QScrollArea:
    """What scrolls below the title and the actions."""
    [area] = [one for one in details.findChildren(QScrollArea) if one.isAncestorOf(details.head.facts)]
    return area


def cut_off(details: DetailsPanel) -> list[str]:
    """The texts of labels and buttons that are smaller than what they say, or reach out of what scrolls."""
    page = scrolled(details)
    content = page.widget()
    assert content is not None
    found = []
    for widget in details.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QLabel | QPushButton) or not widget.text():
            continue
        if isinstance(widget, QPushButton):
            fits = widget.width() >= widget.sizeHint().width()
        elif isinstance(widget, WrappedLabel) or widget.wordWrap():
            fits = widget.height() >= widget.heightForWidth(widget.width())
        else:
            fits = widget.width() >= widget.fontMetrics().horizontalAdvance(widget.text())
        inside, room = (
            (content, page.viewport().width()) if content.isAncestorOf(widget) else (details, details.width())
        )
        place = QRect(widget.mapTo(inside, QPoint(0, 0)), widget.size())
        if not fits or place.right() > room or place.left() < 0:
            found.append(widget.text())
    return found


def resized(details: DetailsPanel, size: tuple[int, int]) -> list[str]:
    details.resize(*size)
    for _ in range(4):  # what wraps asks for its height in a later turn
        QApplication.processEvents()
    return cut_off(details)


def test_at_no_width_is_anything_of_a_failed_job_cut_off(
    parts: WindowParts, details: DetailsPanel, qtbot: QtBot
) -> None:
    metadata = {"title": TITLE, "retry": {"limit": 2}}
    repo = "/home/me/src/a_repository_with_a_name_without_blanks_or_hyphens/README_of_the_shop"
    parts.enter(
        spec("a_failed_job_with_a_long_id_that_has_no_blank", metadata=metadata, paths={"repo_root": repo})
    )
    fail(parts, "a_failed_job_with_a_long_id_that_has_no_blank", then=JobStatus.QUEUED)
    fail(parts, "a_failed_job_with_a_long_id_that_has_no_blank", then=JobStatus.FAILED)
    parts.selection.select_job("a_failed_job_with_a_long_id_that_has_no_blank", ("0347", "cart"))
    qtbot.waitUntil(lambda: details.is_settled, timeout=PATIENCE_MS)
    for size in WIDTHS:
        assert not resized(details, size), size
        bar = details.tabs.bar
        assert isinstance(bar, QTabBar)
        assert bar.tabRect(bar.count() - 1).right() <= bar.width(), size
    for percent in (150, 100):
        parts.theme.set_text_size(percent)
        assert not resized(details, WIDTHS[-1]), percent
        assert details.head.tag.size() == details.head.tag.sizeHint(), percent


def test_at_no_width_is_the_trust_card_cut_off_and_its_buttons_can_be_scrolled_to(
    parts: WindowParts, details: DetailsPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "gen.sh").write_text("echo\n")
    job = job_from_mapping(
        {
            "job_id": "gen-fixtures-for-all-languages-of-the-shop",
            "workstream_id": "fixtures",
            "tool": "shell",
            "command": {"exe": "sh", "args": ["tools/gen.sh", f"--option={'x' * 200}"]},
            "paths": {"repo_root": str(tmp_path)},
        }
    )
    parts.enter(job, status=JobStatus.HELD, hold_cause=HoldCause.TRUST, hold_reason="It wants to run gen.sh.")
    parts.selection.select_job(job.job_id, ("0347", "fixtures"))
    card = details.trust_part.card
    qtbot.waitUntil(card.isVisible, timeout=PATIENCE_MS)
    assert "fixtures / gen-fixtures-for-all-languages-of-the-shop" in card.heading.text()
    for size in WIDTHS:
        assert not resized(details, size), size
        page = scrolled(details)
        for button in (card.reject_button, card.once_button, card.trust_button):
            page.ensureWidgetVisible(button)
            place = QRect(button.mapTo(page.viewport(), QPoint(0, 0)), button.size())
            assert page.viewport().rect().contains(place), (size, button.text())
        assert card.command.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("width", [60, 120, 400])
def test_a_wrapped_label_has_room_for_every_character(qtbot: QtBot, width: int) -> None:
    label = WrappedLabel("a_word_without_any_blank_that_is_longer and more")
    qtbot.addWidget(label)
    layout, height = label._laid_out(width)
    assert label.heightForWidth(width) >= height
    assert sum(layout.lineAt(n).textLength() for n in range(layout.lineCount())) == len(label.text())
    assert all(layout.lineAt(n).naturalTextWidth() <= width for n in range(layout.lineCount()))
    assert isinstance(label, PlainLabel)
