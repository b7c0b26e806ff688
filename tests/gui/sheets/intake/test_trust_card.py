"""The trust card: what it shows, that nothing is pressed by accident, and what its answers lead to."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import CommandRefusedError
from engine.host.commands import AddJobs, TrustJob
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.system.home import Home
from engine.trust.binding import Binding
from engine.trust.launch_card import trust_card_text
from engine.trust.policy import needs_trust, preview_launch
from engine.trust.trust_store import TrustStore
from gui.panels.details.details_panel import DetailsPanel
from gui.sheets.intake.drop_sheet import DropSheet
from gui.sheets.intake.dropped_files_model import DroppedFileRow
from gui.sheets.intake.trust_card import DELAY_MS, LABELS, TrustCard
from state.records import HoldCause, JobStatus, Origin
from tests.gui.window_parts import WindowParts, make_window_parts, write_job
from tests.helpers.patience import PATIENCE_MS

SCRIPT = "#!/bin/sh\necho generated\u202e\n"


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


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    made = tmp_path / "shop"
    (made / "tools").mkdir(parents=True)
    (made / "tools" / "gen.sh").write_text(SCRIPT, encoding="utf-8")
    return made


@pytest.fixture
def card(parts: WindowParts, qtbot: QtBot) -> Iterator[TrustCard]:
    around = QWidget()
    made = TrustCard(parts.theme, around)
    around.resize(700, 500)
    made.resize(700, 400)
    qtbot.addWidget(around)
    around.show()
    yield made
    made.stop_reading()


def runs_script(repo: Path, **fields: Any) -> dict[str, Any]:
    content = {"tool": "shell", "command": {"exe": "sh", "args": ["tools/gen.sh", "--all"]}}
    return {**content, "paths": {"repo_root": str(repo)}, **fields}


def write(repo: Path, name: str = "gen.json", **fields: Any) -> Path:
    return write_job(repo.with_name("drop"), name, **runs_script(repo, **fields))


def drop(qtbot: QtBot, sheet: DropSheet, *paths: Path) -> list[DroppedFileRow]:
    sheet.add(paths)
    qtbot.waitUntil(lambda: not sheet._reader.is_busy, timeout=PATIENCE_MS)
    return [sheet.model.row(number) for number in range(sheet.model.rowCount())]


def committed(qtbot: QtBot, sheet: DropSheet) -> AddJobs:
    with qtbot.waitSignal(sheet.committed) as caught:
        QTest.mouseClick(sheet.commit_button, Qt.MouseButton.LeftButton)
    commitment: AddJobs = caught.args[0]
    return commitment


def press(qtbot: QtBot, card: TrustCard, word: str) -> None:
    """Wait until the answer can be given, and give it."""
    button = {"reject": card.reject_button, "once": card.once_button, "trust": card.trust_button}[word]
    qtbot.waitUntil(button.isEnabled, timeout=PATIENCE_MS)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


# --- the card itself ------------------------------------------------------------------------------------------------


def test_nothing_can_be_pressed_for_a_second(card: TrustCard, repo: Path, qtbot: QtBot) -> None:
    answers: list[str] = []
    card.decided.connect(answers.append)
    card.show_previews([preview_launch(job_from_mapping(runs_script(repo)), TrustStore())], "gen.json")
    assert DELAY_MS == 1000
    for button in card.answers():
        assert not button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert answers == []
    press(qtbot, card, "once")
    assert answers == ["once"]


def test_no_button_has_the_focus_or_is_the_default_and_enter_presses_none(
    card: TrustCard, repo: Path, qtbot: QtBot
) -> None:
    answers: list[str] = []
    card.decided.connect(answers.append)
    card.show_previews([preview_launch(job_from_mapping(runs_script(repo)), TrustStore())], "gen.json")
    qtbot.waitUntil(card.trust_button.isEnabled, timeout=PATIENCE_MS)
    for button in card.answers():
        assert not button.hasFocus()
        assert not button.isDefault()
        assert not button.autoDefault()
        for target in (card, card.command, button):
            QTest.keyClick(target, Qt.Key.Key_Return)
            QTest.keyClick(target, Qt.Key.Key_Enter)
    assert answers == []
    assert not any("all" in button.text().lower().split() for button in card.answers())


def test_the_command_is_shown_one_word_per_line_with_all_other_facts(card: TrustCard, repo: Path) -> None:
    spec = job_from_mapping(runs_script(repo, env={"A": "1"}))
    card.show_previews([preview_launch(spec, TrustStore(), source="/drop/gen.json")], "gen.json")
    program, *words = card.command.toPlainText().splitlines()
    assert program.endswith("/sh")
    assert words == ["tools/gen.sh", "--all"]
    assert card.heading.text() == "gen.json wants to run a command from the repository"
    assert "It runs tools/gen.sh of the repository." in card.badges.text()
    facts = card.facts.values()
    assert (facts["From"], facts["Where"]) == ("/drop/gen.json", str(repo))
    assert facts["May read"] == "PATH, HOME, LANG and the like, and A=1"
    assert facts["Changed"] == "you have not trusted this before"


@pytest.mark.usefixtures("in_german")
def test_in_german_every_label_of_a_fact_is_german_and_the_sentences_are_those_of_the_engine(
    card: TrustCard, repo: Path
) -> None:
    spec = job_from_mapping(runs_script(repo, env={"A": "1"}))
    preview = preview_launch(spec, TrustStore(), source="/drop/gen.json")
    assert {label for label, _ in trust_card_text(preview, "gen.json").facts} <= LABELS
    card.show_previews([preview], "gen.json")
    facts = card.facts.values()
    assert (facts["Aus"], facts["Wo"]) == ("/drop/gen.json", str(repo))
    assert facts["Geändert"] == "you have not trusted this before"


def test_badges_do_not_repeat_the_title(card: TrustCard, repo: Path) -> None:
    content = {"tool": "shell", "command": {"exe": "true"}, "paths": {"repo_root": str(repo)}}
    card.show_previews([preview_launch(job_from_mapping(content), TrustStore())], "plain.json")
    assert card.heading.text() == "plain.json wants to run a command of its own"
    assert not card.badges.isVisible()
    assert "runs a command of its own" in card.accessibleDescription()


def test_markup_and_control_characters_show_as_what_they_are(card: TrustCard, repo: Path) -> None:
    bomb = "<b>bold</b>\x1b[31m\u202e"
    spec = job_from_mapping(runs_script(repo, command={"exe": "sh", "args": [bomb]}))
    card.show_previews([preview_launch(spec, TrustStore())], f"{bomb}.json")
    assert "<b>bold</b>\\e[31m\\u202e" in card.command.toPlainText()
    assert card.heading.text().startswith("<b>bold</b>\\e[31m\\u202e.json")
    assert all(
        label.textFormat() is Qt.TextFormat.PlainText for label in card.findChildren(QLabel) if label.text()
    )


def test_the_script_is_shown_and_a_changed_one_is_not(card: TrustCard, repo: Path, qtbot: QtBot) -> None:
    card.show_previews([preview_launch(job_from_mapping(runs_script(repo)), TrustStore())], "gen.json")
    assert card.script.isHidden()
    card.show_button.click()
    qtbot.waitUntil(lambda: not card.script.isHidden(), timeout=PATIENCE_MS)
    assert card.script.toPlainText() == "#!/bin/sh\necho generated\\u202e\n"
    card.clear()
    preview = preview_launch(job_from_mapping(runs_script(repo)), TrustStore())
    (repo / "tools" / "gen.sh").write_text("something else")
    card.show_previews([preview], "gen.json")
    card.show_button.click()
    qtbot.waitUntil(lambda: not card.script.isHidden(), timeout=PATIENCE_MS)
    assert card.script.toPlainText().startswith("The script has changed since this preview.")


def test_every_command_of_a_file_must_be_seen_before_it_can_be_trusted(
    card: TrustCard, repo: Path, qtbot: QtBot
) -> None:
    previews = [
        preview_launch(job_from_mapping(runs_script(repo, job_id=name)), TrustStore()) for name in ("a", "b")
    ]
    card.show_previews(previews, "two.yaml")
    assert card.place.text() == "1 of 2"
    qtbot.waitUntil(card.reject_button.isEnabled, timeout=PATIENCE_MS)
    assert not card.trust_button.isEnabled()
    assert not card.once_button.isEnabled()
    assert not card.unseen.isHidden()
    assert card.unseen.text() == (
        "You can trust this once you have looked at every command: 1 is left (Next command)."
    )
    card.next_button.click()
    qtbot.waitUntil(card.trust_button.isEnabled, timeout=PATIENCE_MS)


# --- in the drop sheet ----------------------------------------------------------------------------------------------


def test_a_file_that_runs_code_from_a_repository_is_shown_as_not_trusted(
    qtbot: QtBot, sheet: DropSheet, repo: Path
) -> None:
    [row] = drop(qtbot, sheet, write(repo))
    assert (row.check.word, row.check.state, row.ticked) == ("Not trusted", "needsyou", True)
    assert row.check.reason == "runs tools/gen.sh of the repository; you have not reviewed this yet"
    qtbot.waitUntil(sheet.trust_card.isVisible, timeout=PATIENCE_MS)
    assert sheet.trust_card.facts.values()["If you add it"] == "it runs this once, as shown here"
    assert QApplication.focusWidget() not in sheet.trust_card.answers()


def test_the_card_of_dropped_files_is_built_in_another_turn_than_their_rows(
    qtbot: QtBot, sheet: DropSheet, repo: Path
) -> None:
    with_the_rows: list[bool] = []
    sheet._reader.files_read.connect(lambda _files: with_the_rows.append(not sheet.trust_card.isHidden()))
    drop(qtbot, sheet, write(repo))
    qtbot.waitUntil(lambda: not sheet.trust_card.isHidden(), timeout=PATIENCE_MS)
    assert with_the_rows == [False]


def test_the_first_card_is_filled_before_it_is_shown_and_laid_out_once(
    qtbot: QtBot, sheet: DropSheet, repo: Path
) -> None:
    shown_when_laid_out: list[bool] = []
    sheet.trust_card.resized.connect(lambda: shown_when_laid_out.append(sheet.trust_card.isVisible()))
    drop(qtbot, sheet, write(repo))
    qtbot.waitUntil(sheet.trust_card.isVisible, timeout=PATIENCE_MS)
    assert shown_when_laid_out == [True]


@pytest.mark.parametrize("asks_more", [False, True])
def test_in_a_low_window_the_facts_scroll_and_none_is_cut_off(
    qtbot: QtBot, sheet: DropSheet, repo: Path, parts: WindowParts, *, asks_more: bool
) -> None:
    parts.window.resize(1024, 600)
    drop(qtbot, sheet, write(repo), write(repo, "long.json", env={f"MODE_{n}": "x" * 60 for n in range(9)}))
    sheet.list.setCurrentIndex(sheet.model.index(1))
    card = sheet.trust_card
    qtbot.waitUntil(lambda: "long.json" in card._name and card.isVisible(), timeout=PATIENCE_MS)
    if asks_more:
        qtbot.waitUntil(card.more_button.isEnabled, timeout=PATIENCE_MS)
        card.more_button.click()
    QApplication.processEvents()
    values = [label for _, label in card.facts._labels]
    assert all(label.height() >= label.heightForWidth(label.width()) for label in values if label.wordWrap())
    assert "MODE_8" in next(label.text() for label in values if "MODE_8" in label.text())
    for label, below in pairwise(values):
        assert label.geometry().bottom() < below.geometry().top()
    shown = card._shown
    assert 96 <= shown.height() < shown.widget().height()  # there is more, and it can be scrolled to
    assert all(card.rect().contains(button.geometry()) for button in card.answers() if button.isVisible())
    assert sheet.list.viewport().rect().intersects(sheet.list.visualRect(sheet.list.currentIndex()))


def test_where_there_is_room_nothing_scrolls(
    qtbot: QtBot, sheet: DropSheet, repo: Path, parts: WindowParts
) -> None:
    parts.window.resize(1600, 1000)
    drop(qtbot, sheet, write(repo))
    QApplication.processEvents()
    assert sheet.trust_card._shown.verticalScrollBar().maximum() == 0


def test_the_card_follows_the_selected_row(
    qtbot: QtBot, sheet: DropSheet, repo: Path, tmp_path: Path
) -> None:
    agent = write_job(tmp_path / "drop", "agent.json", tool="aider", prompt="Mend it.", command=None)
    content = agent.read_text().replace('"command": null,', "")
    agent.write_text(content)
    drop(qtbot, sheet, write(repo), agent)
    qtbot.waitUntil(sheet.trust_card.isVisible, timeout=PATIENCE_MS)
    sheet.list.setCurrentIndex(sheet.model.index(1))
    assert not sheet.trust_card.isVisible()
    sheet.list.setCurrentIndex(sheet.model.index(0))
    assert sheet.trust_card.isVisible()


def test_a_job_added_without_an_answer_runs_once_as_shown(qtbot: QtBot, sheet: DropSheet, repo: Path) -> None:
    [row] = drop(qtbot, sheet, write(repo, job_id="gen"))
    commitment = committed(qtbot, sheet)
    assert commitment.shown == {"gen": row.file.previews[0].digests}
    assert commitment.trusted == ()


def test_trust_is_sent_with_the_jobs_and_the_file_is_trusted_from_then_on(
    qtbot: QtBot, sheet: DropSheet, repo: Path, parts: WindowParts
) -> None:
    file = write(repo, job_id="gen")
    drop(qtbot, sheet, file)
    press(qtbot, sheet.trust_card, "trust")
    assert not sheet.trust_card.isVisible()
    assert (sheet.model.row(0).check.word, sheet.model.row(0).check.reason) == (
        "Valid",
        "trusted as it is now",
    )
    assert TrustStore().grants() == []  # nothing is granted before the button of the sheet
    commitment = committed(qtbot, sheet)
    engine = EngineService(Home.at(parts.home.root), kind="window")
    try:
        [job] = engine.carry_out(commitment).changed
    finally:
        engine.close()
    assert job.status is JobStatus.QUEUED
    assert [grant.source for grant in TrustStore().grants()] == [str(file)]
    sheet.answer("")
    (repo / "other.json").write_text(file.read_text().replace('"gen"', '"again"'))
    assert drop(qtbot, sheet, repo / "other.json")[0].check.word == "Valid"


def test_rejecting_unticks_the_file(qtbot: QtBot, sheet: DropSheet, repo: Path) -> None:
    drop(qtbot, sheet, write(repo))
    press(qtbot, sheet.trust_card, "reject")
    assert not sheet.model.row(0).ticked
    assert not sheet.commit_button.isEnabled()


def test_s02_a_script_that_changes_while_the_sheet_lies_open_is_held(
    qtbot: QtBot, sheet: DropSheet, repo: Path, parts: WindowParts
) -> None:
    drop(
        qtbot,
        sheet,
        write(repo, "a.json", job_id="a"),
        write(repo, "b.json", job_id="b", command={"exe": "true"}),
    )
    (repo / "tools" / "gen.sh").write_text("something else")
    engine = EngineService(Home.at(parts.home.root), kind="window")
    try:
        changed, same = engine.carry_out(committed(qtbot, sheet)).changed
    finally:
        engine.close()
    assert changed.status is JobStatus.HELD
    assert changed.hold_reason.startswith("needs trust: it changed while you reviewed it")
    assert same.status is JobStatus.QUEUED


def test_changes_since_the_file_was_trusted_are_shown(qtbot: QtBot, sheet: DropSheet, repo: Path) -> None:
    TrustStore().grant(preview_launch(job_from_mapping(runs_script(repo)), TrustStore()).plans)
    (repo / "tools" / "gen.sh").write_text("something else")
    [row] = drop(qtbot, sheet, write(repo))
    assert row.check.reason == "since you trusted it, gen.sh has changed"
    qtbot.waitUntil(sheet.trust_card.isVisible, timeout=PATIENCE_MS)
    assert sheet.trust_card.facts.values()["Changed"] == "since you trusted it, gen.sh has changed"


def test_s01_a_drop_alone_starts_nothing(qtbot: QtBot, sheet: DropSheet, repo: Path, tmp_path: Path) -> None:
    (repo / "tools" / "gen.sh").write_text(f"touch {tmp_path / 'sang'}")
    drop(qtbot, sheet, *(write(repo, f"{number}.json") for number in range(60)))  # so many are read elsewhere
    qtbot.waitUntil(sheet.trust_card.trust_button.isEnabled, timeout=PATIENCE_MS)
    assert sheet.model.row(59).check.word == "Not trusted"
    assert not (tmp_path / "sang").exists()


# --- on a held job --------------------------------------------------------------------------------------------------


@pytest.fixture
def details(parts: WindowParts, qtbot: QtBot) -> Iterator[DetailsPanel]:
    made = DetailsPanel(parts.panel_context())
    qtbot.addWidget(made)
    made.resize(640, 900)
    made.show()
    yield made
    made.stop_reading()


def enter_held(parts: WindowParts, repo: Path, **fields: Any) -> None:
    spec = job_from_mapping(runs_script(repo, job_id="gen", workstream_id="cart", **fields))
    held = {"status": JobStatus.HELD, "origin": Origin.INBOX, "hold_cause": HoldCause.INBOX}
    parts.enter(spec, **held)
    parts.selection.select_job("gen", ("0347", "cart"))


def test_a_held_job_shows_the_card_and_sends_the_digests_that_were_seen(
    qtbot: QtBot, details: DetailsPanel, parts: WindowParts, repo: Path
) -> None:
    seen: list[TrustJob] = []
    details.job_trusted.connect(seen.append)
    enter_held(parts, repo)
    qtbot.waitUntil(details.trust_part.card.isVisible, timeout=PATIENCE_MS)
    assert details.trust_part.card.heading.text() == "cart / gen wants to run a command from the repository"
    assert [button.objectName() for button in details.head.buttons] == [
        "cancel"
    ]  # the card has the word for release
    press(qtbot, details.trust_part.card, "once")
    press(qtbot, details.trust_part.card, "trust")
    digests = preview_launch(job_from_mapping(runs_script(repo)), TrustStore()).digests
    assert seen == [
        TrustJob(job_id="gen", digests=digests),
        TrustJob(job_id="gen", digests=digests, binding=Binding.REPOSITORY),
    ]


@pytest.mark.parametrize("width", [360, 420, 480, 900])
def test_every_button_of_the_card_is_whole_at_every_width_of_the_details(
    qtbot: QtBot, details: DetailsPanel, parts: WindowParts, repo: Path, width: int
) -> None:
    details.resize(width, 900)
    enter_held(parts, repo)
    card = details.trust_part.card
    qtbot.waitUntil(card.isVisible, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: are_whole(card, width), timeout=PATIENCE_MS)
    card._on_more_clicked()
    qtbot.waitUntil(lambda: are_whole(card, width), timeout=PATIENCE_MS)


def are_whole(card: TrustCard, width: int) -> bool:
    """Whether the card is no wider than its window, and none of its buttons is cut off or below another one."""
    buttons = [button for button in card.findChildren(QPushButton) if button.isVisible()]
    places = [QRect(button.mapTo(card, QPoint(0, 0)), button.size()) for button in buttons]
    return (
        card.mapTo(card.window(), card.rect().topRight()).x() <= width
        and len(places) >= 4
        and all(card.rect().contains(place) for place in places)
        and all(button.width() >= button.sizeHint().width() for button in buttons)
        and not any(one.intersects(other) for one, other in combinations(places, 2))
    )


def test_the_card_disappears_with_the_hold(
    qtbot: QtBot, details: DetailsPanel, parts: WindowParts, repo: Path
) -> None:
    enter_held(parts, repo)
    qtbot.waitUntil(details.trust_part.card.isVisible, timeout=PATIENCE_MS)
    parts.ledger.commands.release("gen")
    parts.follow()
    assert not details.trust_part.card.isVisible()


def test_rejecting_a_held_job_requests_its_cancellation(
    qtbot: QtBot, details: DetailsPanel, parts: WindowParts, repo: Path
) -> None:
    enter_held(parts, repo)
    qtbot.waitUntil(details.trust_part.card.isVisible, timeout=PATIENCE_MS)
    with qtbot.waitSignal(parts.actions.triggered) as caught:
        press(qtbot, details.trust_part.card, "reject")
    assert caught.args == ["cancel", ("gen",)]


def test_the_engine_starts_what_was_seen_and_nothing_else(repo: Path, tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    engine = EngineService(home, kind="window")
    try:
        spec = job_from_mapping(runs_script(repo, job_id="gen"))
        engine.carry_out(AddJobs(jobs=[_accepted(spec)], origin=Origin.INBOX))
        preview = engine.trust_policy.preview(spec)
        (repo / "tools" / "gen.sh").write_text("something else")
        with pytest.raises(CommandRefusedError, match="no longer what was shown"):
            engine.carry_out(TrustJob(job_id="gen", digests=preview.digests, binding=Binding.REPOSITORY))
        assert TrustStore().grants() == []
        fresh = engine.trust_policy.preview(spec)
        [job] = engine.carry_out(
            TrustJob(job_id="gen", digests=fresh.digests, binding=Binding.REPOSITORY)
        ).changed
        assert job.status is JobStatus.QUEUED
        assert [grant.start.shown_digest for grant in TrustStore().grants()] == list(fresh.digests)
    finally:
        engine.close()


def _accepted(spec: JobSpec) -> Accepted:
    return Accepted(spec=spec, digest=spec.digest(), held=needs_trust("it is new"))
