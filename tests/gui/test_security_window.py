"""Attacks on the window: markup in everything that is shown (S9), text a filter could misread (S13), drags (S14)."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    Qt,
    QUrl,
)
from PySide6.QtWidgets import QAbstractItemView, QLabel, QMessageBox, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from engine.streams.entries import Level
from engine.system.home import Home
from engine.trust.waiting import waits_for_trust
from engine.types import JobResult
from gui.app import ControlRoom
from gui.control.action_effects import SheetAction
from gui.panels.details.details_panel import DetailsPanel
from gui.panels.logs.filter import Chip, LineFilter, Query
from gui.panels.logs.line_store import LineStore, LogEntry, Source
from gui.sheets.intake.drop_sheet import DropSheet
from gui.window.drop_target import MOST_FILES, local_paths
from state.records import HoldCause, Job, JobHold, Origin
from tests.gui.window_parts import WindowParts, make_window_parts, write_job
from tests.helpers.control_room import until
from tests.helpers.patience import PATIENCE_MS

BOMB = "<table><tr><td>" * 16 + "<img src='file:///etc/passwd'><a href='https://example.org'>x</a>"
"""Read as markup it freezes a label for seconds, and asks for a file and a page."""


@pytest.fixture
def bombed(tmp_path: Path) -> Home:
    """A home in which everything a file, a tool or a person can name is a bomb."""
    home = Home.at(tmp_path / "home")
    store = JobStateStore(home=home)
    fields = {"workstream_title": BOMB, "metadata": {"title": BOMB, "files_scope": ["<b>bold<b>.py"]}}
    fields |= {
        "command": {"exe": sys.executable, "args": ["-c", BOMB]},
        "tool": "shell",
        "paths": {"repo_root": str(tmp_path)},
    }
    for job_id, origin, held in (
        ("failed", Origin.WINDOW, None),
        ("held", Origin.INBOX, JobHold(HoldCause.INBOX, f"needs trust: {BOMB}")),
    ):
        spec = job_from_mapping({**fields, "job_id": job_id, "workstream_id": job_id})
        item = Accepted(spec=spec, digest=spec.digest(), source_path=f"/drop/{BOMB[:100]}.json", held=held)
        store.accept([item], origin=origin, title=BOMB)
    store.mark_job_running("failed")
    metadata = {
        "summary": BOMB,
        "failure_class": "failed",
        "changed_files": [{"path": "<i>a</i>.py", "added": 1, "removed": 0}],
    }
    store.update_job_result({"job_id": "failed"}, JobResult(exit_code=1, stderr=BOMB, metadata=metadata))
    store.record_event("note.added", {"text": BOMB, "level": "error"})
    store.close()
    return home


@pytest.fixture
def room(qtbot: QtBot, bombed: Home) -> Iterator[ControlRoom]:
    assert qtbot is not None
    made = ControlRoom(bombed.root, engine=False)
    made.theme.reduce_motion = True
    yield made
    made.close("stop")


def carriers(root: QWidget) -> list[str]:
    """What in this window could be read as markup."""
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        if _takes_markup(widget):
            found.append(f"{type(widget).__name__} shows {_shown(widget)[:60]!r}")
        if _is_markup(widget.toolTip()):
            found.append(f"the tool tip of {type(widget).__name__}: {widget.toolTip()[:60]!r}")
    return found


def _is_markup(tip: str) -> bool:
    """Tool tips always interpret markup; `plain_tip` wraps what holds any, escaped."""
    return "<" in tip and not tip.startswith("<span>")


def _takes_markup(widget: QWidget) -> bool:
    if isinstance(widget, QLabel | QMessageBox):
        return bool(widget.text()) and widget.textFormat() is not Qt.TextFormat.PlainText
    is_ours = (
        widget.objectName() == "ownPage"
    )  # a page of the program itself, which shows nothing from outside
    return isinstance(widget, QTextEdit) and widget.acceptRichText() and not is_ours


def _shown(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QMessageBox) else widget.accessibleName()


def tips_of(model: QAbstractItemModel, parent: QModelIndex = QModelIndex()) -> Iterator[str]:  # noqa: B008
    listed = isinstance(model, QAbstractListModel)
    flat = listed or isinstance(model, QAbstractTableModel)
    for row in range(model.rowCount(parent)):
        for column in range(1 if listed else model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
            if column == 0 and not flat and model.hasChildren(index):
                yield from tips_of(model, index)


def shows(room: ControlRoom, job: Job) -> Callable[[], bool]:
    """Whether the details show this job, with its trust card where it waits for trust."""
    details = room.panels["details"]
    assert isinstance(details, DetailsPanel)

    def found() -> bool:
        there = details.isVisible() and details.job is not None and details.job.job_id == job.job_id
        return there and details.trust_part.card.isVisible() == waits_for_trust(job)

    return found


def test_s09_markup_in_everything_that_is_shown_stays_text(
    room: ControlRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    until(qtbot, lambda: len(room.projection.jobs) == 2)
    for job in list(room.projection.jobs.values()):
        room.selection.select_job(job.job_id, (job.run_id, job.ws_id))
        room.window.dock_area.open_details()
        until(qtbot, shows(room, job))
        assert carriers(room.window) == []
    room.problem_banners.show_refusal(BOMB)
    room.sheets.drop.add(
        [write_job(tmp_path / "drop", "b.json", metadata={"title": BOMB}, workstream_title=BOMB)]
    )
    until(qtbot, lambda: not room.sheets.drop._reader.is_busy)
    for form in (SheetAction.NEW_JOB, SheetAction.NEW_PIPELINE, SheetAction.NEW_FROM_TEMPLATE):
        room.sheets.open(form)
    assert room.sheets.new_pipeline.is_open
    assert room.sheets.new_from_template.is_open
    room.window.open_palette()
    assert carriers(room.window) == []
    for view in room.window.findChildren(QAbstractItemView):
        if view.model() is not None:
            bad = [tip for tip in tips_of(view.model()) if _is_markup(tip)]
            assert bad == []


def test_s09_the_bomb_takes_no_time(room: ControlRoom, qtbot: QtBot) -> None:
    until(qtbot, lambda: len(room.projection.jobs) == 2)
    job = room.projection.jobs["failed"]
    room.window.grab()  # what is drawn for the first time is drawn once
    begun = time.thread_time()
    room.selection.select_job(job.job_id, (job.run_id, job.ws_id))
    room.window.grab()
    assert time.thread_time() - begun < 2.0  # read as markup, one such label alone takes 5.7 s


def test_s09_the_search_for_markup_finds_it(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    label = QLabel("<b>bold</b>", window)
    label.setToolTip("<b>bold</b>")
    assert len(carriers(window)) == 2


@pytest.mark.parametrize("text", ["(a+)+$", "a' OR '1'='1", "%", "_", "[", "\\", "*", "a" * 1_000_000])
def test_s13_what_is_typed_into_the_log_filter_is_looked_for_as_it_is(text: str) -> None:
    lines = ["a" * 50_000 + "!", f"before {text[:100]} behind"]
    store = LineStore()
    source = store.sources.number(
        Source(run_id="r", ws_id="w", job_id="j", tool="shell", attempt=1, label="w")
    )
    store.append([LogEntry(float(n), Level.OUTPUT, source, 0, line) for n, line in enumerate(lines)])
    begun = time.thread_time()
    for query in (Query(needle=text), Query((Chip("text", text),))):
        found = LineFilter(query).apply(store, store.base, store.end)
        assert [store.text(serial) for serial in found.passing] == [line for line in lines if text in line]
    assert time.thread_time() - begun < 1.0


# --- S14 ------------------------------------------------------------------------------------------------------------


def dragged(*urls: QUrl) -> QMimeData:
    mime = QMimeData()
    mime.setUrls(list(urls))
    return mime


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a.json",
        "ftp://example.org/a.json",
        "smb://host/a.json",
        "data:,x",
        "javascript:1",
        "",
    ],
)
def test_s14_nothing_but_local_files_comes_in(url: str) -> None:
    assert local_paths(dragged(QUrl(url))) == []


def test_s14_text_that_looks_like_a_path_is_not_a_file() -> None:
    mime = QMimeData()
    mime.setText("/etc/passwd")
    mime.setHtml("<a href='file:///etc/passwd'>x</a>")
    assert local_paths(mime) == []


def test_s14_a_huge_list_is_cut(tmp_path: Path) -> None:
    urls = [QUrl.fromLocalFile(str(tmp_path / f"{number}.json")) for number in range(MOST_FILES + 500)]
    begun = time.thread_time()
    assert len(local_paths(dragged(*urls))) == MOST_FILES
    assert time.thread_time() - begun < 5.0


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


@pytest.fixture
def sheet(parts: WindowParts) -> Iterator[DropSheet]:
    made = DropSheet(parts.projection, parts.theme, sources=parts.sources, parent=parts.window)
    yield made
    made.stop_reading()


def a_folder_that_contains_itself(place: Path) -> Path:
    (place / "loop").symlink_to(place)
    write_job(place, "good.json")
    return place


def a_link_to_a_job_elsewhere(place: Path) -> Path:
    elsewhere = write_job(place.with_name("elsewhere"), "far.json")
    (place / "far.json").symlink_to(elsewhere)
    (place / "folder").symlink_to(elsewhere.parent)
    write_job(place, "good.json")
    return place


def things_that_are_no_files(place: Path) -> Path:
    os.mkfifo(place / "pipe.json")
    (place / "folder.json").mkdir()
    (place / "start.desktop").write_text("[Desktop Entry]\nExec=true\n")
    write_job(place, "good.json")
    return place


@pytest.mark.parametrize(
    "make", [a_folder_that_contains_itself, a_link_to_a_job_elsewhere, things_that_are_no_files]
)
def test_s14_of_a_dropped_folder_only_its_own_job_files_are_read(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    place = tmp_path / "dropped"
    place.mkdir()
    sheet.add([make(place)])
    qtbot.waitUntil(lambda: not sheet._reader.is_busy, timeout=PATIENCE_MS)
    rows = [sheet.model.row(number) for number in range(sheet.model.rowCount())]
    assert [row.file.path.name for row in rows if row.check.can_add] == ["good.json"]


@pytest.mark.parametrize("name", ["start.desktop", "/dev/zero", "/dev/stdin", "/proc/self/mem"])
def test_s14_what_is_not_a_job_file_is_reported_and_never_blocks(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path, name: str
) -> None:
    (tmp_path / "start.desktop").write_text("[Desktop Entry]\nExec=true\n")
    sheet.add([tmp_path / name])
    qtbot.waitUntil(lambda: not sheet._reader.is_busy, timeout=PATIENCE_MS)
    assert [sheet.model.row(number).check.can_add for number in range(sheet.model.rowCount())] == [False]
