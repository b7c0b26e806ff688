"""The settings of a home: defaults, what is refused, and what is done with stored values that cannot be used."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.errors import CommandRefusedError
from engine.host.engine_service import EngineService
from engine.maintenance.doctor import examine
from engine.settings import Settings, check_setting, most, read_settings
from engine.system.home import Home
from engine.types import Permission


def test_every_setting_says_what_it_is_and_does() -> None:
    for key, field in Settings.model_fields.items():
        assert field.title, key
        assert (field.description or "").endswith((".", "}")) or ":" in (field.description or ""), key


@pytest.mark.parametrize("key", ["keep_history_days", "free_floor_mb"])
def test_the_largest_value_of_a_setting_is_the_last_that_is_not_refused(key: str) -> None:
    check_setting(key, most(key))
    with pytest.raises(CommandRefusedError):
        check_setting(key, most(key) + 1)


def test_nothing_stored_means_the_defaults() -> None:
    read = read_settings({})
    assert (read.settings, read.stored, read.problems) == (Settings(), frozenset(), ())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("inbox", "/srv/inbox"),
        ("tool_paths", {"aider": "/opt/aider"}),
        ("callback", ["notify-send", "{title}"]),
        ("keep_awake", False),
        ("keep_history_days", 0),
        ("keep_output_days", 7),
        ("free_floor_mb", 0),
        ("budget_usd", 20),
        ("ladders", {"aider": ["codex", "claude"]}),
    ],
)
def test_what_is_stored_is_read_and_would_be_stored_the_same_way(key: str, value: object) -> None:
    read = read_settings({key: json.dumps(value)})
    assert read.problems == ()
    assert read.settings.json_value(key) == value
    assert Settings().changes_since(read.settings) == {key: None}
    assert read.settings.changes_since(Settings()) == {key: value}


@pytest.mark.parametrize(
    ("key", "stored", "reason"),
    [
        ("keep_history_days", "-1", "it must be at least 0"),
        ("keep_history_days", "true", "it must be a whole number"),
        ("keep_awake", '"no"', "it must be on or off"),
        ("budget_usd", "NaN", "it must be a finite number"),
        ("budget_usd", "-2", "it must be above 0"),
        ("callback", '"rm -rf"', "valid tuple"),
        ("ladders", '{"aider": ["make"]}', "make is no rung of a ladder"),
        ("inbox", "{", "is not JSON"),
        ("colour", '"red"', "unknown to this version"),
    ],
)
def test_a_stored_value_that_cannot_be_used_has_its_default_and_is_a_problem(
    key: str, stored: str, reason: str
) -> None:
    read = read_settings({key: stored, "keep_output_days": "3"})
    assert read.settings == Settings(keep_output_days=3)
    [problem] = read.problems
    assert key in problem
    assert reason in problem


def test_a_change_is_checked_before_it_is_stored() -> None:
    check_setting("keep_history_days", 12)
    check_setting("keep_history_days", None)
    with pytest.raises(CommandRefusedError, match="did you mean keep_awake"):
        check_setting("keep_awak", "on")
    with pytest.raises(CommandRefusedError, match="keep_history_days cannot be 'soon'"):
        check_setting("keep_history_days", "soon")


def test_an_engine_starts_on_broken_settings_and_doctor_reports_them(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    with closing(EngineService(home)) as engine, engine.store.transaction():
        joined = engine.store.database.joined
        assert joined is not None
        for key, value in (("inbox", "{"), ("tool_paths", "7"), ("keep_awake", '"x"'), ("old", "1")):
            joined.execute(text("INSERT INTO settings VALUES (:key, :value)"), {"key": key, "value": value})
    with closing(EngineService(home)) as engine:
        engine.step()
        assert engine.store.settings() == Settings()
    found = [one for one in examine(home) if one.topic == "settings"]
    assert [one.level for one in found] == ["problem"] * 4
    assert "signalbox settings reset inbox" in found[0].text


def test_a_default_of_a_tool_that_cannot_be_used_costs_no_other() -> None:
    stored = {
        "claude": {"permission": "read", "from_a_later_release": 1, "model": 7},
        "codex": {"env": "PATH", "permission": "read"},
        "gemini": [1],
        "aider": {"permission": "FULL"},
    }
    read = read_settings({"tools": json.dumps(stored)})
    permissions = {tool: defaults.permission for tool, defaults in read.settings.tools.items()}
    assert permissions == {"claude": Permission.READ, "codex": Permission.READ}
    assert [problem.partition(" cannot")[0] for problem in read.problems] == [
        "The default 'env' of codex",
        "The default 'from_a_later_release' of claude",
        "The default 'model' of claude",
        "The default 'permission' of aider",
        "The default [1] of gemini",
    ]
