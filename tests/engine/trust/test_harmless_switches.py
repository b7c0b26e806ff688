"""What a job file adds to the command line or environment of a tool needs a grant, unless it is known as harmless."""

import json
import random
import stat
from pathlib import Path
from typing import Any

import pytest

from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.trust.binding import Binding
from engine.trust.harmless_switches import HARMLESS_SWITCHES, not_harmless
from engine.trust.launch import launch_plan
from engine.trust.launch_card import trust_card_text
from tests.helpers.command_line import CommandLine
from tests.helpers.trusted_repository import change, facts, grant, preview, repository

HOOKS = json.dumps({"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "touch started"}]}]}})
REPORTED = {
    "aider --test-cmd": ("aider", ["--auto-test", "--test-cmd", "touch started"], "--auto-test"),
    "claude --settings": ("claude", ["--settings", HOOKS], "--settings"),
    "codex -c notify": ("codex", ["-c", 'notify=["touch", "started"]'], "-c notify"),
    "codex -c model_providers": (
        *("codex", ["-c", 'model_providers.p={base_url="http://localhost:9"}', "-c", "model_provider=p"]),
        "-c model_providers.p",
    ),
}
SIBLINGS = {
    "aider --lint-cmd": ("aider", ["--lint-cmd", "touch started"], "--lint-cmd"),
    "aider --notifications-command": (
        "aider",
        ["--notifications-command=touch x"],
        "--notifications-command",
    ),
    "an abbreviation": ("aider", ["--test-c", "touch started"], "--test-c"),
    "an abbreviation of a harmless switch": ("aider", ["--mod", "x"], "--mod"),
    "aider --message": ("aider", ["-m", "!touch started"], "-m"),
    "aider --load": ("aider", ["--load", "commands.txt"], "--load"),
    "aider --set-env": ("aider", ["--set-env", "PATH=/tmp"], "--set-env"),
    "aider --config": ("aider", ["-c", "other.yml"], "-c"),
    "aider --openai-api-base": ("aider", ["--openai-api-base", "http://localhost:9"], "--openai-api-base"),
    "aider --no-verify-ssl": ("aider", ["--no-verify-ssl"], "--no-verify-ssl"),
    "a file of aider elsewhere": ("aider", ["/etc/hostname"], "/etc/hostname"),
    "claude --mcp-config": ("claude", ["--mcp-config", "{}"], "--mcp-config"),
    "claude --settings=": ("claude", [f"--settings={HOOKS}"], "--settings"),
    "claude --plugin-dir": ("claude", ["--plugin-dir", "plugin"], "--plugin-dir"),
    "claude --allowedTools": ("claude", ["--allowedTools", "Bash(*)"], "--allowedTools"),
    "claude --add-dir": ("claude", ["--add-dir", "/"], "--add-dir"),
    "a subcommand of claude": ("claude", ["mcp", "list"], "mcp"),
    "a subcommand of codex": ("codex", ["resume", "--last"], "resume"),
    "codex --config=": ("codex", ["--config=mcp_servers.x.command=touch"], "--config mcp_servers.x.command"),
    "codex -cKEY": ("codex", ['-cnotify=["touch"]'], "-cnotify"),
    "codex --profile": ("codex", ["-p", "other"], "-p"),
    "codex --image": ("codex", ["-i", "/etc/hostname"], "-i"),
    "codex -c with a key that hides": ("codex", ["-c", 'model.x=["touch"]'], "-c model.x"),
    "codex -c with a list": ("codex", ["-c", 'model=["a"]'], "-c model"),
    "codex --enable": ("codex", ["--enable", "codex_hooks"], "--enable"),
    "gemini -e": ("gemini", ["-e", "theirs"], "-e"),
    "gemini --policy": ("gemini", ["--policy", "x.toml"], "--policy"),
    "gemini --sandbox": ("gemini", ["--sandbox"], "--sandbox"),
    "a subcommand of gemini": ("gemini", ["mcp", "add", "x", "touch"], "mcp"),
    "short switches in one": ("gemini", ["-dy"], "-dy"),
    "the end of the switches": ("claude", ["--", "task"], "--"),
    "a switch as the value of another": ("claude", ["--model", "--mcp-config"], "--model"),
    "a switch without its value": ("codex", ["--model"], "--model"),
    "a value for a switch that has none": ("gemini", ["--debug=x"], "--debug"),
    "an empty word": ("claude", [""], "''"),
    "an invisible character": ("claude", ["--verb\u202eose"], "'--verb\\u202eose'"),
}
HARMLESS: dict[str, tuple[str, list[str]]] = {
    "aider": (
        "aider",
        ["--no-auto-commits", "--no-stream", "--model", "openai/gpt-5", "--map-tokens", "1024"],
    ),
    "aider with =": ("aider", ["--model=sonnet", "--edit-format=diff", "--reasoning-effort=high"]),
    "claude": ("claude", ["--model", "sonnet[1m]", "--max-turns", "5", "--max-budget-usd", "1.50"]),
    "claude with =": ("claude", ["--effort=high", "--permission-mode=plan", "--verbose"]),
    "claude's prompt": ("claude", ["--append-system-prompt", "Answer briefly.\nIn French."]),
    "codex": ("codex", ["--model", "gpt-5-codex", "-c", "model_reasoning_effort=high"]),
    "codex with quotes": ("codex", ["--config", 'model_reasoning_effort="high"', "-s", "read-only"]),
    "gemini": ("gemini", ["--model", "gemini-2.5-pro", "--approval-mode", "plan", "-e", "none"]),
}
VARIABLES = (
    *("AIDER_TEST_CMD", "AIDER_AUTO_TEST", "ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "CODEX_HOME", "HOME"),
    *("CLAUDE_CONFIG_DIR", "GEMINI_CLI_HOME", "GEMINI_SANDBOX", "GIT_SSH_COMMAND", "PYTHONSTARTUP", "PATH"),
    *("PYTHONPATH", "NODE_OPTIONS", "LD_PRELOAD", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "HTTPS_PROXY"),
    *("https_proxy", "SSL_CERT_FILE", "XDG_CONFIG_HOME", "CLAUDE_CODE_SHELL_PREFIX", "SHELL", "TERMINFO"),
    *("lang", "LANG_X", "NOBODY_KNOWS_THIS"),
)
PYTEST = {
    "-p": (["-p", "evil"], "-p"),
    "-pX": (["-pevil"], "-pevil"),
    "-c": (["-c", "other.ini"], "-c"),
    "--rootdir": (["--rootdir=/tmp"], "--rootdir"),
    "-o": (["-o", "addopts=-pevil"], "-o"),
    "--cov-config": (["--cov-config=x"], "--cov-config"),
    "--confcutdir": (["--confcutdir", "/"], "--confcutdir"),
    "--basetemp": (["--basetemp=/tmp/x"], "--basetemp"),
    "--pastebin": (["--pastebin=all"], "--pastebin"),
    "--pyargs": (["--pyargs", "evil"], "--pyargs"),
    "a path elsewhere": (["/tmp/test_x.py"], "/tmp/test_x.py"),
    "a file of arguments": (["@more"], "@more"),
    "-k with code": (["-k", "__import__('x')"], "-k"),
    "-W": (["-W", "error::evil.Warning"], "-W"),
}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path)


def data(repo: Path, tool: str, **fields: Any) -> dict[str, Any]:
    task = {} if tool in {"tests", "git"} or "command" in fields else {"prompt": "Mend it."}
    return {"tool": tool, "job_id": "j", **task, "paths": {"repo_root": str(repo)}, **fields}


def job(repo: Path, tool: str, **fields: Any) -> JobSpec:
    return job_from_mapping(data(repo, tool, **fields))


def concerns_of(repo: Path, tool: str, **fields: Any) -> tuple[str, ...]:
    return launch_plan(job(repo, tool, **fields)).concerns


def pretend(folder: Path, name: str, marker: Path) -> Path:
    """A tool of this name that shows by a file that it was started."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\ntouch {marker}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def is_refused_and_starts_nothing(tmp_path: Path, content: dict[str, Any], reason: str) -> None:
    """Nobody is at the terminal: neither command queues the job; through the inbox it is held with the reason."""
    signalbox, marker = CommandLine(tmp_path), tmp_path / "started"
    program = pretend(tmp_path / "bin", content["tool"], marker)
    signalbox("settings", "set", "tool_paths", content["tool"], program)
    file = signalbox.file("a.json", content)
    for word in ("submit", "run"):
        assert reason in signalbox(word, file, code=3, trust=False).err
    inbox = signalbox.home.root / "inbox"
    inbox.mkdir(exist_ok=True)
    (inbox / "j.json").write_text(json.dumps(content), encoding="utf-8")
    signalbox("engine", "--until-idle", code=3)
    assert reason in (signalbox.job("j").hold_reason or "")
    assert not marker.exists()


# --- switches -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tool", "words", "named"), REPORTED.values(), ids=REPORTED)
def test_a03_a_switch_that_starts_a_program_starts_nothing_without_a_grant(
    tmp_path: Path, repo: Path, tool: str, words: list[str], named: str
) -> None:
    content = data(repo, tool, extra_args=words)
    is_refused_and_starts_nothing(tmp_path, content, f"gives {tool} {named}")


@pytest.mark.parametrize(("tool", "words", "named"), (REPORTED | SIBLINGS).values(), ids=REPORTED | SIBLINGS)
def test_a03_every_switch_that_is_not_known_to_be_harmless_is_named(
    repo: Path, tool: str, words: list[str], named: str
) -> None:
    found = [each for each in concerns_of(repo, tool, extra_args=words) if each.startswith("gives ")]
    assert len(found) == 1
    assert found[0].startswith(f"gives {tool} {named}")
    assert found[0].endswith("not known to be harmless")


@pytest.mark.parametrize(("tool", "words"), HARMLESS.values(), ids=HARMLESS)
def test_a03_a_harmless_switch_needs_no_grant(repo: Path, tool: str, words: list[str]) -> None:
    assert concerns_of(repo, tool, extra_args=words) == ()


def test_a03_many_switches_are_one_concern_of_bounded_length(repo: Path) -> None:
    (found,) = concerns_of(repo, "codex", extra_args=[f"--{letter}{'x' * 500}" for letter in "abcde"])
    assert found.endswith("and 2 more, which are not known to be harmless")
    assert len(found) < 300


@pytest.mark.parametrize("tool", HARMLESS_SWITCHES)
def test_a03_what_counts_as_harmless_is_made_of_nothing_but_known_words(tool: str) -> None:
    known = HARMLESS_SWITCHES[tool]
    chance = random.Random(7)  # noqa: S311 - the same words in each run
    words = [
        *known,
        "high",
        "plan",
        "5",
        "-",
        "--",
        "x",
        "-x",
        "--test-cmd",
        "a=b",
        "",
        "notify=[1]",
        "--model=-x",
    ]
    for _ in range(20_000):
        given = [chance.choice(words).removesuffix("=") for _ in range(chance.randrange(4))]
        if not_harmless(tool, given):
            continue
        switches = [word for word in given if word.startswith("-")]
        assert all(word.partition("=")[0] in known or word in known for word in switches)
        assert len(given) <= 2 * len(switches)


@pytest.mark.parametrize("tool", HARMLESS_SWITCHES)
def test_a03_no_value_is_harmless_that_a_tool_could_read_as_a_switch(tool: str) -> None:
    for switch in HARMLESS_SWITCHES[tool]:
        assert not_harmless(tool, [switch, "-evil"])
        assert not_harmless(tool, [switch, "--"])


def test_a03_a_lasting_grant_is_bound_to_what_a_switch_may_run(repo: Path) -> None:
    granted = job(repo, "aider", extra_args=["--auto-test", "--test-cmd", "make"])
    grant(granted)
    assert preview(granted).lasting is Binding.REPOSITORY
    change(repo / "other.sh")
    assert not preview(granted).granted


def test_a03_a_lasting_grant_is_bound_to_a_file_elsewhere_that_a_switch_names(
    tmp_path: Path, repo: Path
) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text("{}", encoding="utf-8")
    for words in (["--settings", str(settings)], ["--settings=../settings.json"]):
        granted = job(repo, "claude", extra_args=words)
        grant(granted)
        change(settings)
        assert "settings.json has changed" in preview(granted).changed


def test_a03_one_grant_covers_a_night_with_harmless_switches(repo: Path) -> None:
    granted = job(repo, "codex", extra_args=["-c", "model_reasoning_effort=high"], env={"LANG": "C.UTF-8"})
    grant(granted)
    change(repo / "other.py")
    assert preview(granted).granted


# --- other fields ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", VARIABLES)
def test_a03_a_variable_that_is_not_known_to_be_harmless_needs_a_grant(repo: Path, name: str) -> None:
    assert f"sets {name}" in concerns_of(repo, "aider", env={name: "1"})
    assert f"sets {name}" in concerns_of(repo, "tests", env={name: "env:SOMETHING"})
    one, other = (launch_plan(job(repo, "aider", env={name: value})) for value in "12")
    assert one.digest != other.digest


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANG", "C.UTF-8"),
        ("LC_ALL", "de_DE.UTF-8"),
        ("TZ", "Europe/Berlin"),
        ("NO_COLOR", "1"),
        ("CI", "true"),
    ],
)
def test_a03_a_harmless_variable_needs_no_grant(repo: Path, name: str, value: str) -> None:
    assert concerns_of(repo, "aider", env={name: value}) == ()
    for other in ("../evil", "env:OTHER"):
        assert f"sets {name}" in concerns_of(repo, "aider", env={name: other})


def test_a03_a_tool_gets_its_own_key_without_a_grant_and_no_other_secret(repo: Path) -> None:
    assert concerns_of(repo, "codex", env={"OPENAI_API_KEY": "env:OPENAI_API_KEY"}) == ()
    assert concerns_of(repo, "codex", env={"OPENAI_API_KEY": "env:WORK_OPENAI_KEY"}) == ()
    other = concerns_of(repo, "codex", env={"OPENAI_API_KEY": "env:AWS_SECRET_ACCESS_KEY"})
    assert other == ("reads AWS_SECRET_ACCESS_KEY from the environment",)
    tests = concerns_of(repo, "tests", env={"OPENAI_API_KEY": "env:OPENAI_API_KEY"})
    assert tests == ("reads OPENAI_API_KEY from the environment",)


def test_a03_a_variable_starts_nothing_without_a_grant(tmp_path: Path, repo: Path) -> None:
    content = data(repo, "aider", env={"AIDER_TEST_CMD": "touch started", "AIDER_AUTO_TEST": "1"})
    is_refused_and_starts_nothing(tmp_path, content, "sets AIDER_AUTO_TEST and AIDER_TEST_CMD")


@pytest.mark.parametrize(("words", "named"), PYTEST.values(), ids=PYTEST)
def test_a03_an_argument_of_pytest_that_is_not_known_to_be_harmless_needs_a_grant(
    repo: Path, words: list[str], named: str
) -> None:
    assert concerns_of(repo, "tests", tests={"args": words})[0].startswith(f"gives pytest {named}")


def test_a03_a_path_of_tests_that_pytest_reads_as_a_switch_needs_a_grant(repo: Path) -> None:
    for path in ("-pevil", "--rootdir=x", "@more"):
        assert concerns_of(repo, "tests", tests={"paths": ["tests", path]})[0].startswith("gives pytest ")


def test_a03_harmless_arguments_of_pytest_need_no_grant(repo: Path) -> None:
    words = [
        "-q",
        "-x",
        "-k",
        "not slow",
        "-m",
        "unit",
        "--maxfail=2",
        "--tb",
        "short",
        "-p",
        "no:randomly",
        "-n",
        "4",
    ]
    assert concerns_of(repo, "tests", tests={"args": words, "paths": ["tests/test_it.py::test_it"]}) == ()


@pytest.mark.parametrize("tool", ["aider", "claude", "codex", "gemini", "tests", "git"])
def test_a03_a_command_of_its_own_starts_nothing_without_a_grant_whatever_the_tool(
    tmp_path: Path, repo: Path, tool: str
) -> None:
    command = {"exe": "touch", "args": [str(tmp_path / "started")]}
    is_refused_and_starts_nothing(tmp_path, data(repo, tool, command=command), "runs a command of its own")
    own = job(repo, tool, command=command)
    assert trust_card_text(preview(own), "j").title == "j wants to run a command of its own"
    assert "the keys of" not in facts(own)["May read"]


@pytest.mark.parametrize(
    ("tool", "rules"),
    [
        ("aider", ".aider.conf.yml"),
        ("aider", ".env"),
        ("claude", ".claude/settings.json"),
        ("claude", ".mcp.json"),
        ("codex", ".codex/config.toml"),
        ("gemini", ".gemini/settings.json"),
        ("gemini", ".gemini/policies/x.toml"),
    ],
)
def test_a03_what_a_repository_configures_for_a_coding_tool_needs_a_grant(
    tmp_path: Path, repo: Path, tool: str, rules: str
) -> None:
    change(repo / rules)
    reason = f"may load {rules} of the repository, which can name programs to start"
    is_refused_and_starts_nothing(tmp_path, data(repo, tool), reason)
    signalbox = CommandLine(tmp_path)
    later = signalbox.file("later.json", data(repo, tool, job_id="later"))
    signalbox("trust", "grant", later)
    signalbox("submit", later, trust=False)
    change(repo / rules)
    assert "has changed" in signalbox("submit", later, "--copy", code=3, trust=False).err


def test_a03_a_model_is_never_read_as_a_switch(tmp_path: Path, repo: Path) -> None:
    signalbox = CommandLine(tmp_path)
    refused = signalbox("submit", signalbox.file("a.json", data(repo, "aider", model="--test-cmd=x")), code=2)
    assert "model" in refused.err
