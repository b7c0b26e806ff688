"""The list behind each fact of the evidence, as a menu where it has no column."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QWidget

from engine.review.diff_records import FileChange
from engine.system.formatting import clock_minute
from engine.system.plain_text import escape_invisible
from gui.panels.review.review_records import ReviewedWork
from gui.translation import tr, translatable

SECTIONS = {"scope": translatable("Scope"), "denied": translatable("Commands denied")}
"""The sections of the files column that list a fact."""
_MOST = 40


def evidence_lines(name: str, work: ReviewedWork, files: Sequence[FileChange]) -> list[str]:
    """What stands behind a fact."""
    match name:
        case "scope":
            outside = [tr("Outside: {path}", path=file.path) for file in files if file.is_outside_scope]
            lines = [*outside, *(tr("Declared: {pattern}", pattern=pattern) for pattern in work.scope)]
        case "denied":
            lines = [
                ", ".join(filter(None, (one.command, one.reason, clock_minute(one.at))))
                for one in work.denied
            ]
        case "attempts":
            lines = [attempt.label for attempt in work.attempts]
        case _:
            lines = []
    return [escape_invisible(line) for line in lines[:_MOST]]


def open_evidence(parent: QWidget, name: str, work: ReviewedWork, files: Sequence[FileChange]) -> bool:
    """Show what stands behind a fact at the pointer; False if nothing does."""
    lines = evidence_lines(name, work, files)
    if lines:
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for line in lines:
            menu.addAction(line.replace("&", "&&"))
        menu.popup(QCursor.pos())
    return bool(lines)
