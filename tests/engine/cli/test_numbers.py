"""Numbers on the command line: ASCII digits within bounds, at every entrance."""

import json
from pathlib import Path

import pytest

from engine.settings import Settings
from engine.system.numbers import decimal_number, whole_number
from tests.helpers.command_line import CommandLine

OTHER_DIGITS = ["\N{FULLWIDTH DIGIT TWO}", "\N{ARABIC-INDIC DIGIT TWO}", "\N{SUPERSCRIPT TWO}"]
ENTRANCES = {
    "prune": ["prune", "--older-than", "{}d"],
    "limits": ["limits", "set", "global", "{}"],
    "settings": ["settings", "set", "keep_history_days", "{}"],
    "budget": ["settings", "set", "budget_usd", "{}"],
    "jobs": ["jobs", "--limit", "{}"],
    "wait": ["wait", "--run", "x", "--timeout", "{}"],
    "logs": ["logs", "x", "--lines", "{}"],
    "demo": ["demo", "--pace", "{}"],
}


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.mark.parametrize("number", [*OTHER_DIGITS, "1_0", " 2", "2 ", "", "nan", "0x2"])
@pytest.mark.parametrize("words", ENTRANCES.values(), ids=ENTRANCES)
def test_a19_what_only_looks_like_a_number_is_refused(
    signalbox: CommandLine, words: list[str], number: str
) -> None:
    signalbox(*(word.format(number) for word in words), code=2)


@pytest.mark.parametrize("number", OTHER_DIGITS)
def test_a19_a_priority_has_ascii_digits(signalbox: CommandLine, number: str) -> None:
    file = signalbox.file(
        "a.json", {"tool": "shell", "command": {"exe": "true"}, "metadata": {"priority": number}}
    )
    assert "metadata.priority" in signalbox("validate", file, code=2).err


def test_a19_numbers_are_read_as_they_are_written() -> None:
    assert [whole_number(text) for text in ("0", "-7", "+12", "1.0", "1e3", "")] == [
        0,
        -7,
        12,
        None,
        None,
        None,
    ]
    assert [decimal_number(text) for text in ("2", "2.", ".5", "-1e3", "inf", "1,5")] == [
        2,
        2,
        0.5,
        -1000,
        None,
        None,
    ]


def test_a19_every_number_among_the_settings_has_bounds(signalbox: CommandLine) -> None:
    found = 0
    for key, schema in Settings.model_json_schema()["properties"].items():
        for kind in schema.get("anyOf", [schema]):
            if kind.get("type") in {"integer", "number"}:  # one of some words is a reference
                found += 1
                assert {"maximum", "exclusiveMaximum"} & kind.keys(), key
                assert {"minimum", "exclusiveMinimum"} & kind.keys(), key
                refused = signalbox("settings", "set", key, str(kind["maximum"] + 1), code=2).err
                assert key in refused or str(kind["maximum"]) in refused.replace(",", "")
                signalbox("settings", "set", key, json.dumps(kind["maximum"]))
    assert found >= 4
