"""A whole night in a German window: nothing that a person sees or hears in a panel is English."""

import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.app import ControlRoom
from gui.translation import use_language
from gui.window import panel_registry
from tests.gui.panels.timeline.night_scene import NightScene
from tests.gui.window_parts import make_window_parts
from tests.helpers import translations
from tests.helpers.accessible_tree import nodes
from tests.helpers.control_room import until

PANELS = ("dashboard", "radar", "logs", "workstreams", "details", "review", "night", "jobs")
FUNCTION_WORDS = re.compile(
    r"\b(the|is|are|were|of|and|with|by|from|has|have|waits?|needs?|nothing|failed|running|queued|held|blocked"
    r"|waiting|needsyou|quarantined|timeout|cancelled|unknown|shown|show|hide|press|older|oldest)\b"
)
"""Words that German has not; one of them is enough to know an English sentence."""
ENGLISH = ("LogTableView", "CommandStrip")
"""What shows recorded lines, and command lines to copy: the same in every language."""


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[ControlRoom]:
    parts = make_window_parts(tmp_path, qtbot)
    NightScene(parts).play()
    parts.window.hide()
    parts.close()
    home = tmp_path / "home"
    (home / "window.json").write_text(json.dumps({"format": 1, "language": "de"}), encoding="utf-8")
    room = ControlRoom(home, engine=False)
    room.theme.reduce_motion = True
    room.window.resize(1600, 1000)
    qtbot.waitExposed(room.window)
    until(qtbot, lambda: len(room.projection.jobs) > 0)
    yield room
    room.close("leave")
    use_language("en")


def test_a_night_in_a_german_window_has_no_english_text_in_any_panel(room: ControlRoom, qtbot: QtBot) -> None:
    recorded = recorded_texts(room)
    english = dict(english_patterns())
    found: dict[str, str] = {}
    room.actions.run("show_details", ["stripe-webhooks-test"])
    for name in PANELS:
        room.actions.run(f"panel_{name}")
        until(qtbot, lambda: panel_registry.are_settled(room.panels))
        for text in texts_of(room.window):
            said = without(text, recorded)
            source = next((source for source, pattern in english.items() if pattern.fullmatch(said)), None)
            if source is not None or FUNCTION_WORDS.search(said):
                found.setdefault(text, f"{name}: {text!r} {'' if source is None else source}")
        room.actions.run("reset_layout")
    assert not found, "\n".join(found.values())


def test_the_words_that_tell_english_are_in_no_german_text() -> None:
    german = translations.messages(translations.FOLDER / "signalbox_de.ts").values()
    plain = [re.sub(r"\{[^}]*\}|`[^`]*`", "", form) for message in german for form in message.forms]
    assert [form for form in plain if FUNCTION_WORDS.search(form)] == []


def english_patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Each text of the window that is another one in German, as a pattern for the texts with its values."""
    for source, message in translations.messages(translations.FOLDER / "signalbox_de.ts").items():
        words = re.findall(r"[A-Za-z]{2,}", re.sub(r"\{[^}]*\}", "", source.text))
        if source.text not in message.forms and (len(words) > 1 or "{" not in source.text):
            parts = string.Formatter().parse(source.text)
            pattern = "".join(
                re.escape(text) + (".+?" if name is not None else "") for text, name, _, _ in parts
            )
            yield source.text, re.compile(pattern, re.DOTALL)


def texts_of(window: QWidget) -> set[str]:
    """What can be seen, read in a tip or heard in a window."""
    found = {node.name for node in nodes(window) if not any(name in node.path for name in ENGLISH)}
    for child in window.findChildren(QWidget):
        if child.isVisible() and not is_english(child):
            found |= {child.toolTip(), child.accessibleDescription()}
            found |= {child.text()} if isinstance(child, QLabel) else set()
    return found - {""}


def is_english(widget: QWidget | None) -> bool:
    """Whether a widget is one of those that are English in every language, or in one."""
    return widget is not None and (type(widget).__name__ in ENGLISH or is_english(widget.parentWidget()))


def recorded_texts(room: ControlRoom) -> list[str]:
    """What jobs, tools and people have written, the longest first: no word of the window."""
    jobs = room.projection.jobs.values()
    streams = room.projection.workstreams.values()
    texts = {
        text for job in jobs for text in (job.job_id, job.step_name, job.tool, job.summary, job.hold_reason)
    }
    texts |= {text for stream in streams for text in (stream.ws_id, stream.title)}
    texts |= {text for run in room.projection.runs.values() for text in (run.run_id, run.title, run.repo)}
    whole = {text for text in texts if text}
    return sorted(whole | {text.rstrip(".") for text in whole}, key=len, reverse=True)


def without(text: str, recorded: list[str]) -> str:
    """The text without what is recorded."""
    for each in recorded:
        text = text.replace(each, "·")
    return text
