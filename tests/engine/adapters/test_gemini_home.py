"""Gemini gets settings of ours and sees what the user has set: MCP servers, GEMINI.md, extensions; theirs stay."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.gemini_home import forget_settings, own_home

SETTINGS = """{
  // my servers
  "mcpServers": {"docs": {"command": "docs-server", "args": ["http://x//y"]}}, /* and more */
  "general": {"vimMode": true, "maxAttempts": 9},
  "security": {"auth": {"selectedType": "oauth-personal"}, "folderTrust": {"enabled": true}}
}"""


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / ".gemini"
    (folder / "extensions" / "one").mkdir(parents=True)
    (folder / "GEMINI.md").write_text("Be brief.\n")
    (folder / "oauth_creds.json").write_text("{}")
    (folder / "settings.json").write_text(SETTINGS)
    return folder


def made(theirs: Path, tmp_path: Path) -> Path:
    found = own_home(tmp_path / "attempt", {"HOME": str(theirs.parent)}, turns=7)
    return Path(found["GEMINI_CLI_HOME"]) / ".gemini"


def settings_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "settings.json").read_text())
    return found


def test_gemini_sees_the_users_settings_with_ours_over_them(theirs: Path, tmp_path: Path) -> None:
    settings = settings_of(made(theirs, tmp_path))
    assert settings["mcpServers"] == {"docs": {"command": "docs-server", "args": ["http://x//y"]}}
    assert settings["general"]["vimMode"] is True
    assert settings["general"]["maxAttempts"] == 2
    assert settings["security"] == {
        "auth": {"selectedType": "gemini-api-key"},
        "folderTrust": {"enabled": True},
    }
    assert settings["model"]["maxSessionTurns"] == 7


def test_gemini_sees_the_users_gemini_md_and_extensions_and_not_their_log_in(
    theirs: Path, tmp_path: Path
) -> None:
    folder = made(theirs, tmp_path)
    assert (folder / "GEMINI.md").read_text() == "Be brief.\n"
    assert (folder / "extensions" / "one").is_dir()
    assert not (folder / "oauth_creds.json").exists()


def test_what_gemini_writes_in_its_home_is_not_the_users(theirs: Path, tmp_path: Path) -> None:
    folder = made(theirs, tmp_path)
    (folder / "GEMINI.md").write_text("Remember this.\n")
    (folder / "settings.json").write_text("{}")
    assert (theirs / "GEMINI.md").read_text() == "Be brief.\n"
    assert (theirs / "settings.json").read_text() == SETTINGS


@pytest.mark.parametrize("text", ["", "[]", "{", "\udcff"])
def test_settings_that_cannot_be_read_are_none(theirs: Path, tmp_path: Path, text: str) -> None:
    (theirs / "settings.json").write_bytes(text.encode(errors="surrogateescape"))
    assert "mcpServers" not in settings_of(made(theirs, tmp_path))


def test_a_user_without_a_folder_of_gemini_gets_our_settings(tmp_path: Path) -> None:
    found = own_home(tmp_path / "attempt", {"HOME": str(tmp_path / "nowhere")}, turns=7)
    assert settings_of(Path(found["GEMINI_CLI_HOME"]) / ".gemini")["general"]["maxAttempts"] == 2


def test_the_copies_are_gone_after_the_attempt(theirs: Path, tmp_path: Path) -> None:
    folder = made(theirs, tmp_path)
    (folder / "tmp").mkdir()
    forget_settings(tmp_path / "attempt")
    assert sorted(file.name for file in folder.iterdir()) == ["extensions", "tmp"]
    assert (theirs / "settings.json").exists()
