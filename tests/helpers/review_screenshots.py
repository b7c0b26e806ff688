"""Draws the review into a folder: `python -m tests.helpers.review_screenshots resources/screenshots`.

The repository and its commits are real, and so is the diff; what is recorded around them is `ReviewScene`.
"""

import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything imports Qt

from PySide6.QtCore import QEventLoop, QSize
from PySide6.QtGui import QImageWriter, QTextCursor
from PySide6.QtWidgets import QApplication

from engine.review.comment_answers import CommentAnswer
from engine.review.comment_lines import LineFate, LineNow
from gui.app import ControlRoom
from gui.panels.review.diff_lines import Line
from gui.panels.review.review_panel import ReviewPanel
from gui.window.screenshot import Screenshot
from state.records import AttemptStatus
from state.worktree_records import CommentState, DiffSide
from tests.helpers.review_scene import ReviewScene, commits_in
from tests.helpers.screenshots import few_colours

SIZES = {"": QSize(1600, 1000), "-small": QSize(1280, 800), "-large": QSize(1920, 1080)}
LARGEST = 180_000
"""Bytes a picture may have: they are in the repository for ever."""
_WORDS = 'An empty cart must keep its currency too: please add a test for Cart([], "EUR").total'


def take_review(room: ControlRoom, out: Path, scene: ReviewScene) -> None:
    """Every picture of the review: dark as it is written, light as it is decided."""
    panel = room.panels["review"]
    assert isinstance(panel, ReviewPanel)
    panel.use(_answered(scene), scene)
    room.window.resize(SIZES[""])
    room.window.dock_area.open("review")
    _settle(room)
    panel.reviewing.show_file("shop/cart/totals.py")
    _settle(room)
    panel.reviewing.begin_comment(Line(DiffSide.NEW, 43, 43, "        return amount"))
    for card in panel.reviewing._cards.values():
        if card.editor is not None:
            card.editor.setPlainText(_WORDS)
            card.editor.moveCursor(QTextCursor.MoveOperation.End)
    for theme in ("dark", "light"):
        room.theme.set_preference(theme)
        light = theme == "light"
        panel.reviewing.show_unified(light)
        panel.reviewing.compare(whole=light)
        panel.view.open_merges(shown=light)
        for name, size in SIZES.items():
            room.window.resize(size)
            _settle(room)
            panel.reviewing.show_file("shop/cart/totals.py")
            panel._refresh()
            _settle(room)
            _save(room, out / f"review{name}-{theme}.png")


def _answered(scene: ReviewScene) -> ReviewScene:
    """Its first comment was sent back, and the coding tool has answered."""
    sent = replace(scene.comments[0], state=CommentState.SENT, attempt=2, sent_at=scene.now)
    scene.comments = [sent, *scene.comments[1:]]
    scene.changes["answers"] = {
        sent.id: CommentAnswer(
            attempt=2,
            tool="claude",
            status=AttemptStatus.COMPLETED,
            words="Done; `test_three_lines` covers it.",
            at=scene.now - 51 * 60,
        )
    }
    scene.changes["lines_now"] = {sent.id: LineNow(LineFate.CHANGED, 42)}
    return scene


def _settle(room: ControlRoom) -> None:
    loop = QEventLoop()
    Screenshot(room.panels, room).wait(loop.quit)
    loop.exec()


def _save(room: ControlRoom, file: Path) -> None:
    picture = few_colours(room.window.grab().toImage())
    writer = QImageWriter(str(file), b"png")
    writer.setQuality(0)
    assert writer.write(picture), writer.errorString()
    print(f"{file.name}: {picture.width()}x{picture.height()}, {file.stat().st_size / 1000:.0f} kB")
    assert file.stat().st_size <= LARGEST, file


def main() -> int:
    out = Path(sys.argv[1]).absolute()
    out.mkdir(exist_ok=True)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("signalbox")
    with tempfile.TemporaryDirectory(prefix="signalbox-") as folder:
        repo = Path(folder, "shop")
        scene = ReviewScene(repo, time.time(), *commits_in(repo))
        room = ControlRoom(Path(folder, "home"), remember=False)
        room.theme.reduce_motion = True
        try:
            take_review(room, out, scene)
        finally:
            room.close("stop")
    return 0


if __name__ == "__main__":
    sys.exit(main())
