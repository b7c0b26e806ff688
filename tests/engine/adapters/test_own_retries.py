"""A coding tool's own retries are few: aider is started with few, codex gets switches for a provider of the user's."""

import sys
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.aider_start import start_command
from engine.adapters.codex_retries import retry_switches
from tests.helpers.attempts import Attempts

OWN = 'model_provider = "mine"\n[model_providers.mine]\nname = "mine"\n'


@pytest.fixture
def codex_home(tmp_path: Path) -> Path:
    home = tmp_path / "codex"
    home.mkdir()
    return home


def switches(home: Path, settings: str) -> list[str]:
    (home / "config.toml").write_text(settings, encoding="utf-8")
    return list(retry_switches({"CODEX_HOME": str(home)}))


def test_a_provider_of_the_users_own_retries_once(codex_home: Path) -> None:
    assert switches(codex_home, OWN) == [
        *("-c", "model_providers.mine.request_max_retries=1"),
        *("-c", "model_providers.mine.stream_max_retries=1"),
    ]


def test_what_the_user_set_for_the_provider_stays(codex_home: Path) -> None:
    assert switches(codex_home, OWN + "request_max_retries = 7\n") == [
        *("-c", "model_providers.mine.stream_max_retries=1")
    ]


@pytest.mark.parametrize(
    "settings", ["", 'model_provider = "openai"\n', "model_provider = 3\nmodel_providers = 4\n", "no toml"]
)
def test_a_provider_built_into_codex_cannot_be_changed_and_gets_no_switch(
    codex_home: Path, settings: str
) -> None:
    assert switches(codex_home, settings) == []


def test_without_settings_there_is_no_switch(codex_home: Path) -> None:
    assert list(retry_switches({"CODEX_HOME": str(codex_home)})) == []
    assert list(retry_switches({"HOME": str(codex_home)})) == []


def test_the_switches_stand_in_the_command(
    attempts: Attempts, repo: Path, codex_home: Path, tmp_path: Path
) -> None:
    switches(codex_home, OWN)
    program = pretend(tmp_path / "bin" / "codex")
    invocation = prepared(attempts, repo, "codex", program, {"CODEX_HOME": str(codex_home)})
    assert "model_providers.mine.request_max_retries=1" in invocation.argv


def test_an_aider_in_an_environment_of_its_own_is_started_by_its_python(
    attempts: Attempts, repo: Path, tmp_path: Path
) -> None:
    program = pretend(tmp_path / "env" / "bin" / "aider")
    pretend(tmp_path / "env" / "bin" / "python")
    models = tmp_path / "env" / "lib" / "python3.11" / "site-packages" / "aider" / "models.py"
    models.parent.mkdir(parents=True)
    models.touch()
    argv = prepared(attempts, repo, "aider", program, {}).argv
    assert argv[0] == str(tmp_path / "env" / "bin" / "python")
    assert "RETRY_TIMEOUT" in Path(argv[1]).read_text(encoding="utf-8")
    assert "--message-file" in argv


def test_any_other_aider_is_started_as_it_is(tmp_path: Path) -> None:
    program = pretend(tmp_path / "bin" / "aider")
    assert list(start_command(str(program), tmp_path)) == [str(program)]


def pretend(program: Path) -> Path:
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!{sys.executable}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def prepared(attempts: Attempts, repo: Path, tool: str, program: Path, env: dict[str, str]) -> Any:
    job = {"tool": tool, "prompt": "Greet the world.", "paths": {"repo_root": str(repo)}}
    base_env = {"PATH": str(program.parent), **env}
    invocation, _ = attempts.prepare(job, base_env=base_env)
    return invocation
