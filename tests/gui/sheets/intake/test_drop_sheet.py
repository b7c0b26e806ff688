"""The drop sheet: the dropped files, their checks, and the command that committing it sends."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import JobExistsError
from engine.host.commands import AddJobs
from engine.jobfile.job_file_reader import job_from_mapping, read_file
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from gui.data.projection import EngineFacts
from gui.sheets.intake import dropped_files
from gui.sheets.intake.drop_sheet import DropSheet
from gui.sheets.intake.dropped_file_delegate import ONE_LINE, TWO_LINES
from gui.sheets.intake.dropped_files_model import DroppedFileRow, DroppedFilesModel
from gui.widgets.banner import Banner
from state.records import HoldCause, JobHold, JobStatus
from tests.gui.window_parts import WindowParts, make_window_parts, write_job, write_json
from tests.helpers.patience import PATIENCE_MS
from tests.helpers.small_repository import small_repository


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


def drop(qtbot: QtBot, sheet: DropSheet, *paths: Path) -> list[DroppedFileRow]:
    sheet.add(paths)
    qtbot.waitUntil(lambda: not sheet._reader.is_busy, timeout=PATIENCE_MS)
    return rows(sheet)


def rows(sheet: DropSheet) -> list[DroppedFileRow]:
    return [sheet.model.row(number) for number in range(sheet.model.rowCount())]


def committed(qtbot: QtBot, sheet: DropSheet) -> AddJobs:
    with qtbot.waitSignal(sheet.committed) as caught:
        QTest.mouseClick(sheet.commit_button, Qt.MouseButton.LeftButton)
    commitment: AddJobs = caught.args[0]
    return commitment


@contextmanager
def focus_changes() -> Iterator[list[QWidget | None]]:
    app = QApplication.instance()
    found: list[QWidget | None] = []
    assert isinstance(app, QApplication)

    def note(_old: QWidget | None, now: QWidget | None) -> None:
        found.append(now)

    app.focusChanged.connect(note)
    yield found
    app.focusChanged.disconnect(note)


def tick(sheet: DropSheet, number: int, state: Qt.CheckState = Qt.CheckState.Checked) -> bool:
    return sheet.model.setData(sheet.model.index(number), state, Qt.ItemDataRole.CheckStateRole)


def banners(sheet: DropSheet) -> list[str]:
    return [one.sentence for one in sheet.findChildren(Banner) if one.isVisible()]


def test_the_jobs_to_add_carry_the_digest_of_their_file_as_it_was_shown(
    qtbot: QtBot, parts: WindowParts, tmp_path: Path
) -> None:
    sheet = DropSheet(parts.projection, parts.theme, sources=parts.sources, parent=parts.window)
    file = write_job(tmp_path, "lint.json")
    drop(qtbot, sheet, file)
    assert [job.file_digest for job in committed(qtbot, sheet).jobs] == [
        hashlib.sha256(file.read_bytes()).hexdigest()
    ]
    sheet.stop_reading()


def test_an_engine_that_started_before_the_first_file_was_read_is_noticed(
    qtbot: QtBot, parts: WindowParts, tmp_path: Path
) -> None:
    parts.projection.observe_engine(EngineFacts(running=False))
    sheet = DropSheet(parts.projection, parts.theme, sources=parts.sources, parent=parts.window)
    parts.projection.observe_engine(EngineFacts(running=True))
    [row] = drop(qtbot, sheet, write_job(tmp_path, "lint.json"))
    assert (row.when, row.workstream) == ("at once", "lint")
    rows = drop(qtbot, sheet, write_job(tmp_path, "types.json"))
    assert {row.workstream for row in rows} == {"lint and 1 more"}  # as their run, whose steps they are
    sheet.stop_reading()


def test_the_number_of_jobs_in_a_file_is_grouped(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    steps = [{"name": f"s{n}", "tool": "shell", "command": {"exe": "true"}} for n in range(2)]
    lines = [{"id": f"w{n}", "steps": steps} for n in range(600)]
    file = write_json(tmp_path, "many.json", {"title": "Many", "repo": str(tmp_path), "workstreams": lines})
    [row] = drop(qtbot, sheet, file)
    assert (row.name, row.workstream) == ("many.json, 1,200 jobs", "600 workstreams")


def test_the_sheet_says_while_nothing_is_read_yet(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    sheet.add([write_job(tmp_path, "lint.json")])
    assert sheet.heading.text() == "Reading…"
    sheet._late.stop()
    sheet._on_late()
    assert "0 of 0" not in sheet.sentence.text(), "nobody has counted them"
    qtbot.waitUntil(lambda: sheet.heading.text() == "1 file, 1 job to add")


def test_a_valid_file_shows_tool_workstream_and_start(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    file = write_job(tmp_path, "lint.json", workstream_id="parser")
    [row] = drop(qtbot, sheet, file)
    assert (row.check.word, row.workstream, row.tools, row.when, row.ticked) == (
        "Valid",
        "parser",
        ("shell",),
        "at once",
        True,
    )
    assert sheet.isVisible()
    assert sheet.heading.text() == "1 file, 1 job to add"
    assert sheet.commit_button.text() == "Add 1 job"
    assert sheet.objectName() == "dropSheet"
    assert sheet.commit_button.objectName() == "commitButton"


def test_a_file_whose_project_file_is_not_valid_says_that_it_will_be_held_and_why(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path
) -> None:
    repo = small_repository(tmp_path / "repo")
    (repo / ".signalbox.yaml").write_text("chek: {exe: make}\n")
    file = write_job(tmp_path, "job.json", paths={"repo_root": str(repo)})
    [row] = drop(qtbot, sheet, file)
    assert (row.check.word, row.check.can_add) == ("Will be held", True)
    assert row.check.reason.startswith(".signalbox.yaml: line 1: chek: is not a known key")


def test_a_screen_reader_gets_everything_that_is_painted(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path
) -> None:
    drop(qtbot, sheet, write_job(tmp_path, "lint.json", workstream_id="parser"))
    text = sheet.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert text == "lint.json, Valid, parser, shell, at once"


def test_an_invalid_file_names_line_and_field_and_cannot_be_ticked(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path
) -> None:
    fields = {"tool": "shell", "command": {"exe": "true"}, "metadata": {"retry": {"limit": "three"}}}
    [row] = drop(qtbot, sheet, write_json(tmp_path, "seo.json", fields))
    assert row.check.word == "Not valid"
    assert row.check.reason.startswith("line 8: metadata.retry.limit ")
    assert "'three'" in row.check.reason
    assert row.when == "not added"
    assert not tick(sheet, 0)
    assert not sheet.model.flags(sheet.model.index(0)) & Qt.ItemFlag.ItemIsUserCheckable
    assert not sheet.commit_button.isEnabled()
    assert "stays where it is" in sheet.sentence.text()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[1, 2", b"null", b"{}", b"a: &x 1"])
def test_whatever_a_file_holds_it_becomes_a_row(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path, content: bytes
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(content)
    [row] = drop(qtbot, sheet, broken)
    assert row.check.word == "Not valid"
    assert row.check.reason


def test_a_deleted_file_is_reported(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    [row] = drop(qtbot, sheet, tmp_path / "gone.json")
    assert "cannot be read" in row.check.reason


def test_a_folder_brings_its_job_files_and_no_link_is_followed(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path
) -> None:
    jobs, outside = tmp_path / "jobs", tmp_path / "outside"
    write_job(jobs, "b.json")
    write_job(jobs / "deep", "a.yaml")
    write_job(jobs / ".hidden", "c.json")
    (jobs / "notes.txt").write_text("not a job", encoding="utf-8")
    write_job(outside, "d.json")
    (jobs / "link").symlink_to(outside)
    (jobs / "linked.json").symlink_to(outside / "d.json")
    names = [row.file.path.name for row in drop(qtbot, sheet, jobs)]
    assert names == ["b.json", "a.yaml"]


def test_a_sheet_over_another_takes_the_focus_and_restores_it(
    qtbot: QtBot, sheet: DropSheet, parts: WindowParts, tmp_path: Path
) -> None:
    drop(qtbot, sheet, write_job(tmp_path, "lint.json"))
    over = DropSheet(parts.projection, parts.theme, sources=parts.sources, parent=parts.window)
    over.add([write_job(tmp_path, "other.json")])
    qtbot.waitUntil(lambda: not over._reader.is_busy, timeout=PATIENCE_MS)
    assert QApplication.focusWidget() is over.list
    over.dismiss()
    assert QApplication.focusWidget() is sheet.list
    over.stop_reading()


def test_a_folder_without_job_files_says_so(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert drop(qtbot, sheet, tmp_path / "empty") == []
    assert "no job file" in sheet.sentence.text()
    assert not sheet.commit_button.isEnabled()


def test_more_files_than_the_limit_are_cut_and_reported(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dropped_files, "MAX_FILES", 3)
    for number in range(5):
        write_job(tmp_path / "jobs", f"{number}.json")
    assert len(drop(qtbot, sheet, tmp_path / "jobs")) == 3
    assert "Only the first 3 files" in sheet.sentence.text()


def test_many_files_are_read_in_a_process_of_their_own(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path
) -> None:
    for number in range(dropped_files.MANY + 20):
        write_job(tmp_path / "jobs", f"{number:03}.json", job_id=f"job-{number}")
    write_json(tmp_path / "jobs", "zz.json", {"tool": "shell"})
    found = drop(qtbot, sheet, tmp_path / "jobs")
    assert [row.check.word for row in found] == ["Valid"] * (dropped_files.MANY + 20) + ["Not valid"]
    assert [one.spec.job_id for one in committed(qtbot, sheet).jobs] == [
        f"job-{number}" for number in range(dropped_files.MANY + 20)
    ]


def test_closing_the_sheet_stops_the_reading(sheet: DropSheet, tmp_path: Path) -> None:
    for number in range(dropped_files.MANY * 4):
        write_job(tmp_path / "jobs", f"{number:03}.json")
    sheet.add([tmp_path / "jobs"])
    sheet.dismiss()
    sheet.stop_reading()
    QApplication.processEvents()
    assert sheet.model.rowCount() == 0


def test_a_link_a_person_points_at_is_read(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    file = write_job(tmp_path, "real.json")
    link = tmp_path / "link.json"
    link.symlink_to(file)
    [row] = drop(qtbot, sheet, link)
    assert row.check.word == "Valid"


def test_a_job_that_ran_before_is_not_ticked_and_runs_again_as_a_copy(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    file = write_job(tmp_path, "lint.json", job_id="lint")
    parts.enter(*read_file(file).jobs)
    parts.end(parts.start("lint"))
    [row] = drop(qtbot, sheet, file)
    assert row.check.word == "Ran before"
    assert "lint completed" in row.check.reason
    assert not row.ticked
    assert not sheet.commit_button.isEnabled()
    assert tick(sheet, 0)
    [copy] = committed(qtbot, sheet).jobs
    assert copy.spec.job_id != "lint"
    assert copy.spec.command == read_file(file).jobs[0].command


def test_a_file_without_an_id_is_recognised_by_its_content_and_path(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    file = write_job(tmp_path, "lint.json")
    parts.enter(*read_file(file).jobs, source_path=str(file))
    again, twin = drop(qtbot, sheet, file, write_job(tmp_path, "twin.json"))
    assert (again.check.word, twin.check.word) == ("Already here", "Valid")


def test_a_job_that_waits_here_is_called_already_here(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    file = write_job(tmp_path, "lint.json", job_id="lint")
    parts.enter(*read_file(file).jobs)
    [row] = drop(qtbot, sheet, file)
    assert (row.check.word, row.check.reason.split(";")[0]) == ("Already here", "lint is queued")


def test_an_id_of_another_job_is_reported_and_replaced(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    parts.enter(*read_file(write_job(tmp_path, "one.json", job_id="lint")).jobs)
    other = write_job(tmp_path, "two.json", job_id="lint", command={"exe": "false"})
    [row] = drop(qtbot, sheet, other)
    assert row.check.word == "Id is taken"
    tick(sheet, 0)
    [copy] = committed(qtbot, sheet).jobs
    assert copy.spec.job_id.startswith("lint-")


def test_what_depends_on_a_copied_job_depends_on_the_copy(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    first = write_job(tmp_path, "a.json", job_id="a")
    second = write_job(tmp_path, "b.json", job_id="b", metadata={"depends_on": ["a"]})
    parts.enter(*read_file(first).jobs)
    drop(qtbot, sheet, first, second)
    tick(sheet, 0)
    copy, follower = committed(qtbot, sheet).jobs
    assert follower.spec.metadata.depends_on == (copy.spec.job_id,)


def test_the_same_job_twice_in_one_drop_is_added_once(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    first, second = (write_job(tmp_path, name, job_id="lint") for name in ("a.json", "b.json"))
    third = write_job(tmp_path, "c.json", job_id="lint", command={"exe": "false"})
    words = [row.check.word for row in drop(qtbot, sheet, first, second, third)]
    assert words == ["Valid", "Twice here", "Not valid"]
    assert len(committed(qtbot, sheet).jobs) == 1


def test_a_file_another_open_workstream_works_on_is_a_conflict(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    repo = str(tmp_path)
    scope = {"files_scope": ["shop/bundles.py"]}
    parts.enter(spec(repo, job_id="rules", workstream_id="price-rules", metadata=scope))
    wide = {"files_scope": ["shop/*.py"]}
    exact = write_job(tmp_path, "a.json", workstream_id="price-bundles", metadata=scope)
    glob = write_job(tmp_path, "b.json", workstream_id="price-all", metadata=wide)
    same = write_job(tmp_path, "c.json", workstream_id="price-rules", metadata=scope)
    found = drop(qtbot, sheet, exact, glob, same)
    assert found[0].check.reason == "shares shop/bundles.py with price-rules"
    assert found[1].check.reason.startswith("shares shop/*.py with price-")
    assert found[0].ticked
    assert committed(qtbot, sheet).jobs


def test_a_workstream_that_is_done_is_no_conflict(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    scope = {"files_scope": ["shop/bundles.py"]}
    parts.enter(spec(str(tmp_path), job_id="rules", workstream_id="price-rules", metadata=scope))
    parts.end(parts.start("rules"))
    [row] = drop(qtbot, sheet, write_job(tmp_path, "a.json", workstream_id="price-bundles", metadata=scope))
    assert row.check.word == "Valid"


def test_a_parent_that_does_not_exist_yet_is_named(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    file = write_job(tmp_path, "b.json", metadata={"depends_on": ["nowhere"]})
    [row] = drop(qtbot, sheet, file)
    assert row.check.reason == "waits for nowhere, which does not exist yet"
    assert row.when == "after nowhere"


def test_what_a_file_waits_for_is_named_as_people_call_it(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    parts.enter(spec(str(tmp_path), job_id="cart-4f21"), step_name="round once")
    after = write_job(tmp_path, "a.json", metadata={"depends_on": ["cart-4f21"]})
    parent = write_job(
        tmp_path, "b.json", job_id="p-9d0e", workstream_id="ws-2", workstream_title="Price rules"
    )
    child = write_job(tmp_path, "c.json", job_id="c-0", metadata={"depends_on": ["p-9d0e"]})
    titled = write_job(tmp_path, "d.json", job_id="t-77ab", metadata={"title": "Read the stops"})
    last = write_job(tmp_path, "e.json", job_id="l-1", metadata={"depends_on": ["t-77ab"]})
    found = drop(qtbot, sheet, after, parent, child, titled, last)
    assert [found[number].when for number in (0, 2, 4)] == [
        "after Night: checkout v2 / round once", "after Price rules", "after Read the stops",
    ]  # fmt: skip


def test_a_parent_that_follows_in_the_same_drop_exists(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path
) -> None:
    child = write_job(tmp_path, "a.json", job_id="child", metadata={"depends_on": ["parent"]})
    parent = write_job(tmp_path, "b.json", job_id="parent")
    found = drop(qtbot, sheet, child, parent)
    assert [row.check.reason for row in found] == ["", ""]
    assert found[0].when == "after parent"


def test_a_job_scheduled_for_tomorrow_blocks_nothing_in_its_tree_today(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    later = write_job(tmp_path, "a.json", workstream_id="later", metadata={"start_at": tomorrow})
    now = write_job(tmp_path, "b.json", workstream_id="now")
    assert [row.when for row in drop(qtbot, sheet, later, now)][1] == "at once"


def test_the_start_depends_on_slots_queue_and_pause(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    for number in range(2):
        parts.enter(spec(str(tmp_path), job_id=f"run-{number}"))
        parts.start(f"run-{number}")
    files = [write_job(tmp_path, f"{number}.json") for number in range(3)]
    assert [row.when for row in drop(qtbot, sheet, *files)] == [
        "at once",
        "next free slot",
        "second in queue",
    ]
    tick(sheet, 0, Qt.CheckState.Unchecked)
    assert [row.when for row in rows(sheet)] == ["not added", "at once", "next free slot"]
    parts.enter(spec(str(tmp_path), job_id="waiting"))
    assert [row.when for row in rows(sheet)] == ["not added", "next free slot", "second in queue"]


def test_two_files_that_write_one_tree_follow_each_other(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    one, two = (write_job(tmp_path, f"{name}.json", workstream_id=name) for name in ("one", "two"))
    assert [row.when for row in drop(qtbot, sheet, one, two)] == ["at once", "after one"]
    tick(sheet, 0, Qt.CheckState.Unchecked)
    assert rows(sheet)[1].when == "at once"


def test_isolated_workstreams_of_one_repository_start_side_by_side_and_block_none(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path
) -> None:
    repo = small_repository(tmp_path / "repo")
    agent: dict[str, Any] = {"tool": "claude", "prompt": "Do it.", "command": None, "files": ["a.py"]}
    agent["paths"] = {"repo_root": str(repo)}
    named = (("one", "one"), ("two", "two"), ("more", "two"))
    files = [write_job(tmp_path, f"{name}.json", workstream_id=ws_id, **agent) for name, ws_id in named]
    found = drop(qtbot, sheet, *files)
    assert [(row.check.word, row.when) for row in found] == [
        ("Valid", "at once"),
        ("Valid", "at once"),
        ("Valid", "after two"),
    ]


def test_a_pipeline_is_one_row_of_several_jobs(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    steps = [{"name": f"step-{number}", "tool": "shell", "command": {"exe": "true"}} for number in range(4)]
    fields = {"title": "Sweep", "repo": ".", "workstreams": [{"id": "i18n", "steps": steps}]}
    [row] = drop(qtbot, sheet, write_json(tmp_path, "sweep.json", fields))
    assert (row.name, row.workstream) == ("sweep.json, 4 jobs", "i18n")
    commitment = committed(qtbot, sheet)
    assert (len(commitment.jobs), commitment.title) == (4, "Sweep")


def test_a_pipeline_dropped_again_is_recognised_by_its_bytes(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    steps = [{"name": name, "tool": "shell", "command": {"exe": "true"}} for name in ("one", "two")]
    fields = {"title": "Sweep", "workstreams": [{"id": "i18n", "steps": steps}]}
    file = write_json(tmp_path, "sweep.json", fields)
    drop(qtbot, sheet, file)
    commitment = committed(qtbot, sheet)
    for one in commitment.jobs:
        parts.enter(one.spec, digest=one.digest)
    sheet.answer("")
    [row] = drop(qtbot, sheet, file)
    assert row.check.word == "Already here"


def test_two_pipelines_keep_their_own_titles(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    steps = [{"tool": "shell", "command": {"exe": "true"}}]
    fields = ({"title": title, "workstreams": [{"id": "one", "steps": steps}]} for title in ("Day", "Night"))
    files = [write_json(tmp_path, f"{number}.json", one) for number, one in enumerate(fields)]
    drop(qtbot, sheet, *files, write_job(tmp_path, "plain.json"))
    commitment = committed(qtbot, sheet)
    assert [one.run_title for one in commitment.jobs] == ["Day", "Night", ""]
    store = JobStateStore(home=Home.at(tmp_path / "other"))
    entered = store.accept(commitment.jobs, origin=commitment.origin, title=commitment.title)
    titles = {run.run_id: run.title for run in store.list_recent_runs()}
    assert [titles[job.run_id] for job in entered] == ["Day", "Night", commitment.title]
    store.close()


def test_the_sheet_is_as_high_as_what_it_shows(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    files = [write_job(tmp_path, f"{number}.json") for number in range(6)]
    drop(qtbot, sheet, *files, write_json(tmp_path, "broken.json", {}))
    assert sheet.list.height() == 6 * ONE_LINE + TWO_LINES
    assert not sheet.list.verticalScrollBar().maximum()
    sheet.theme.set_text_size(150)
    assert sheet.list.rowHeight(0) == sheet.theme.grown(ONE_LINE) > ONE_LINE
    assert sheet.list.rowHeight(6) == sheet.theme.grown(TWO_LINES, 2)
    sheet.theme.set_text_size(100)
    drop(qtbot, sheet, *(write_job(tmp_path / "more", f"{number}.json") for number in range(40)))
    assert sheet.geometry().bottom() <= sheet.window().height()
    assert sheet.list.verticalScrollBar().maximum()


def test_hold_all_is_shown_and_sent(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    drop(qtbot, sheet, write_job(tmp_path, "a.json"))
    sheet.hold_box.click()
    assert rows(sheet)[0].when == "held"
    assert committed(qtbot, sheet).held


def test_jobs_can_join_a_run_that_is_still_open(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    parts.enter(spec(str(tmp_path), job_id="open"), run_id="r1", title="Night")
    parts.enter(spec(str(tmp_path), job_id="done"), run_id="r2", title="Day")
    parts.end(parts.start("done"))
    drop(qtbot, sheet, write_job(tmp_path, "a.json"))
    assert [sheet.run_box.itemText(row) for row in range(sheet.run_box.count())] == [
        "New run",
        "Add to Night",
    ]
    sheet.run_box.setCurrentIndex(1)
    commitment = committed(qtbot, sheet)
    assert commitment.run_id == "r1"
    assert {one.spec.run_id for one in commitment.jobs} == {"r1"}


def test_an_error_of_the_engine_is_shown_and_nothing_is_lost(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path
) -> None:
    drop(qtbot, sheet, write_job(tmp_path, "a.json"))
    sheet.list.setFocus()
    with focus_changes() as focused:
        committed(qtbot, sheet)
    assert set(focused) <= {sheet.commit_button, sheet}, "it goes from none that is disabled to the next"
    assert not sheet.commit_button.isEnabled()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.is_open, "it waits for the answer"
    sheet.answer(str(JobExistsError("a")))
    assert banners(sheet) == [str(JobExistsError("a"))]
    assert rows(sheet)[0].ticked
    assert committed(qtbot, sheet).jobs
    assert banners(sheet) == []
    with qtbot.waitSignal(sheet.closed):
        sheet.answer("")
    assert not sheet.isVisible()


def test_the_sheet_of_an_unresponsive_engine_can_be_closed_and_its_error_still_comes(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path
) -> None:
    sheet.patience_ms = 1
    drop(qtbot, sheet, write_job(tmp_path, "a.json"))
    committed(qtbot, sheet)
    qtbot.waitUntil(lambda: bool(banners(sheet)))
    QTest.mouseClick(sheet.cancel_button, Qt.MouseButton.LeftButton)
    assert not sheet.is_open
    sheet.answer(str(JobExistsError("a")))
    assert sheet.is_open
    assert sheet.model.job_count == 1


def test_files_that_come_while_the_engine_answers_are_shown_after_it(
    qtbot: QtBot, sheet: DropSheet, tmp_path: Path
) -> None:
    drop(qtbot, sheet, write_job(tmp_path, "a.json"))
    committed(qtbot, sheet)
    sheet.add([write_job(tmp_path, "b.json")])
    sheet.answer("")
    qtbot.waitUntil(lambda: [row.file.path.name for row in rows(sheet)] == ["b.json"])


def test_more_files_join_those_on_the_sheet(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    first = write_job(tmp_path, "a.json")
    drop(qtbot, sheet, first)
    assert len(drop(qtbot, sheet, first, write_job(tmp_path, "b.json"))) == 2


def test_escape_closes_and_restores_the_focus(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    behind = QLineEdit(parts.window)
    behind.show()
    parts.window.activateWindow()
    behind.setFocus()
    qtbot.waitUntil(behind.hasFocus)
    drop(qtbot, sheet, write_job(tmp_path, "a.json"))
    behind.setFocus()
    assert sheet.list.hasFocus(), "what lies behind the scrim takes no keys"
    QTest.keyClick(sheet.list, Qt.Key.Key_Escape)
    assert not sheet.is_open
    assert behind.hasFocus()


def test_tab_cycles_within_the_sheet(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    QLineEdit(parts.window).show()
    parts.window.activateWindow()
    drop(qtbot, sheet, write_job(tmp_path, "a.json"))
    seen = []
    for _ in range(12):
        now = QApplication.focusWidget()
        assert now is not None
        assert sheet.isAncestorOf(now)
        seen.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    assert {sheet.list, sheet.hold_box, sheet.run_box, sheet.cancel_button, sheet.commit_button} <= set(seen)


def test_space_and_a_click_on_the_box_toggle_the_tick(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    drop(qtbot, sheet, write_job(tmp_path, "a.json"))
    QTest.keyClick(sheet.list, Qt.Key.Key_Space)
    assert not rows(sheet)[0].ticked
    assert sheet.commit_button.text() == "Add 0 jobs"
    place = sheet.list.visualRect(sheet.model.index(0)).topLeft()
    viewport = sheet.list.viewport()
    place.setX(22)
    place.setY(place.y() + 18)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert rows(sheet)[0].ticked


def test_the_model_keeps_the_rules_of_its_kind(
    qtbot: QtBot, qtmodeltester: Any, sheet: DropSheet, tmp_path: Path
) -> None:
    model: DroppedFilesModel = sheet.model
    qtmodeltester.check(model)
    drop(qtbot, sheet, write_job(tmp_path, "a.json"), write_json(tmp_path, "b.json", {}))
    tick(sheet, 0, Qt.CheckState.Unchecked)
    model.set_held(True)
    qtmodeltester.check(model)
    model.clear()
    assert model.rowCount() == 0


def test_no_text_of_a_file_is_read_as_markup(qtbot: QtBot, sheet: DropSheet, tmp_path: Path) -> None:
    drop(qtbot, sheet, write_job(tmp_path, "<b>a<br>.json", metadata={"title": "<table><tr><td>"}))
    labels = sheet.findChildren(QLabel)
    assert labels
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels if label.text())


def test_the_sheet_is_painted_in_both_themes(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    drop(qtbot, sheet, write_job(tmp_path, "a.json"), write_json(tmp_path, "b.json", {}))
    qtbot.waitUntil(sheet.list.updatesEnabled)  # it is painted in a turn of its own
    for name in ("light", "dark"):
        parts.theme.set_preference(name)
        painted = sheet.grab().toImage()
        assert painted.pixelColor(300, 12) == parts.theme.color("bg1")
        row = sheet.list.viewport().mapTo(sheet, sheet.list.visualRect(sheet.model.index(0)).topLeft())
        assert painted.pixelColor(row.x() + 400, row.y() + 3) == parts.theme.color("sel")


def spec(repo: str, **fields: Any) -> Any:
    values = {"tool": "shell", "command": {"exe": "true"}, "paths": {"repo_root": repo}} | fields
    return job_from_mapping(values)


def test_a_held_status_is_shown_as_held(
    qtbot: QtBot, parts: WindowParts, sheet: DropSheet, tmp_path: Path
) -> None:
    file = write_job(tmp_path, "lint.json", job_id="lint")
    parts.enter(*read_file(file).jobs)
    parts.ledger.commands.hold("lint", JobHold(HoldCause.PERSON, "not now"))
    parts.follow()
    assert parts.projection.jobs["lint"].status is JobStatus.HELD
    [row] = drop(qtbot, sheet, file)
    assert row.check.reason.startswith("lint is held")
