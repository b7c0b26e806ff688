"""The user's own rules for the levels of lines: their file, what they apply to, and that none ever loses a line."""

from pathlib import Path

import pytest

from engine.errors import JobFileError
from engine.maintenance.doctor import examine
from engine.streams.attempt_output import AttemptOutput, reader_in, recorded_entries
from engine.streams.entries import Level
from engine.streams.level_rules import checked_rules, current_rules, rules_file
from engine.system.home import Home
from tests.gui.panels.logs.output_printer import Printer

RULES = """version: 1
rules:
  - {pattern: '^WARN', level: info}
  - {pattern: 'disk (full|slow)', level: error, case: false}
  - {pattern: '^ERROR: harmless', level: output}
"""
LINES = "WARN one\nDISK FULL\nERROR: harmless\nERROR: real\nplain\n"
GUESSED = [Level.WARNING, Level.OUTPUT, Level.ERROR, Level.ERROR, Level.OUTPUT]
RULED = [Level.INFO, Level.ERROR, Level.OUTPUT, Level.ERROR, Level.OUTPUT]


def write(text: str) -> None:
    path = rules_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def levels(folder: Path) -> list[Level]:
    return [entry.level for _, entry in AttemptOutput(folder, reader_in(folder, "shell")).read()]


def test_level_rules_decide_the_level_of_a_line_wherever_it_is_read_and_follow_their_file(
    tmp_path: Path,
) -> None:
    printer = Printer(tmp_path / "1-abc")
    printer.print(LINES)
    printer.close()
    assert levels(tmp_path / "1-abc") == GUESSED
    write(RULES)
    assert levels(tmp_path / "1-abc") == RULED
    assert [entry.level for entry in recorded_entries("shell", {"stdout": LINES})] == RULED
    rules_file().unlink()
    assert levels(tmp_path / "1-abc") == GUESSED


def test_a_bad_file_of_level_rules_is_reported_and_loses_no_line(tmp_path: Path) -> None:
    write("version: 1\nrules:\n  - {pattern: '(a+)+b', level: warning}\n  - {pattern: x, level: warn}\n")
    with pytest.raises(JobFileError) as refused:
        checked_rules(rules_file().read_bytes(), "levels.yaml")
    texts = [str(error) for error in refused.value.every]
    assert any(text.startswith("levels.yaml: line 3: rules[0].pattern: '(a+)+b' repeats") for text in texts)
    assert any("line 4: rules[1].level" in text and "did you mean warning" in text for text in texts)
    printer = Printer(tmp_path / "1-abc")
    printer.print(LINES)
    printer.close()
    assert levels(tmp_path / "1-abc") == GUESSED
    assert "levels.yaml: line 3" in current_rules().problem
    found = [one for one in examine(Home.at(tmp_path / "home")) if one.topic == "level rules"]
    assert [(one.level, one.text) for one in found] == [("problem", current_rules().problem)]
    for text in ("\x00", "- 1\n", "rules: 3\n", "{", "a" * 2_000_000):
        write(text)
        assert levels(tmp_path / "1-abc") == GUESSED
        assert current_rules().problem


def test_level_rules_leave_what_an_agent_does_as_it_is() -> None:
    write("rules:\n  - {pattern: 'said', level: error}\n")
    said = '{"type":"assistant","message":{"content":[{"type":"text","text":"said so"}]}}'
    (entry,) = [one for one in recorded_entries("claude", {"stdout": said}) if "said" in one.text]
    assert entry.level is not Level.ERROR
