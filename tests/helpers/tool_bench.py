"""Runs a real coding tool through its adapter and a real engine, against the loopback model, and measures it.

The tool has a home and settings of its own in the folder of the test; no log-in of the user is seen.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.runners import layout
from state.records import Attempt
from tests.helpers.command_line import CommandLine, until
from tests.helpers.loopback_model.conversation import Protocol
from tests.helpers.loopback_model.server import LoopbackModel

TOOLS: Mapping[str, Protocol] = {
    "aider": "chat",
    "codex": "responses",
    "claude": "messages",
    "gemini": "gemini",
    "opencode": "chat",
}
"""The coding tools that have an adapter, and how each speaks to its model."""
_MODELS = {
    "aider": "openai/played",
    "codex": "played",
    "claude": "claude-played",
    "gemini": "gemini-2.5-flash",
    "opencode": "loopback/played",
}
_PATIENCE_S = 400.0
"""A tool that retries by itself may take minutes."""
KEY = "sk-test-0123456789"
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY")
_CODEX_SETTINGS = """model_provider = "loopback"

[model_providers.loopback]
name = "loopback"
base_url = "{url}/v1"
env_key = "OPENAI_API_KEY"
wire_api = "responses"
"""


_OPENCODE_SETTINGS = """{"provider": {"loopback": {
  "npm": "@ai-sdk/openai-compatible",
  "options": {"baseURL": "{url}/v1", "apiKey": "{env:OPENAI_API_KEY}"},
  "models": {"played": {}}
}}}"""


@dataclass(frozen=True)
class Measured:
    """An attempt as the ledger has it, and what it cost: wall seconds, and requests to the model."""

    attempt: Attempt
    seconds: float
    requests: int

    @property
    def outcome(self) -> str:
        """The failure class, or the status of an attempt that did not fail."""
        return self.attempt.failure_class or self.attempt.status.value


class ToolBench:
    """A repository, a home and a command line for jobs of real tools."""

    def __init__(self, folder: Path, repo: Path) -> None:
        self.folder, self.repo = folder, repo
        self.command_line = CommandLine(folder)

    def environment(self, tool: str, url: str) -> dict[str, str]:
        """The variables by which a tool finds its model at `url`, as a user would set them."""
        match tool:
            case "aider":
                return {"OPENAI_API_KEY": KEY, "OPENAI_API_BASE": f"{url}/v1"}
            case "codex":
                return {"OPENAI_API_KEY": KEY, "CODEX_HOME": str(self._codex_home(url))}
            case "claude":
                return {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": url}
            case "opencode":
                return {
                    "OPENAI_API_KEY": KEY,
                    "OPENCODE_CONFIG_CONTENT": _OPENCODE_SETTINGS.replace("{url}", url),
                    "OPENCODE_DISABLE_MODELS_FETCH": "1",
                }
            case _:
                return {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": url}

    def connect(self, tool: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have a tool find its model at `url` until the test ends."""
        for name, value in self.environment(tool, url).items():
            monkeypatch.setenv(name, value)

    def _codex_home(self, url: str) -> Path:
        home = self.folder / "codex"
        home.mkdir(exist_ok=True)
        (home / "config.toml").write_text(_CODEX_SETTINGS.format(url=url), encoding="utf-8")
        return home

    def job(self, tool: str, **fields: Any) -> dict[str, Any]:
        """A job file for a tool that edits hello.py, in the repository itself if its `metadata` say nothing else."""
        return {
            "tool": tool,
            "job_id": tool,
            "model": _MODELS[tool],
            "prompt": "Make hello() greet the world.",
            "files": ["hello.py"],
            "paths": {"repo_root": str(self.repo)},
            **fields,
            "metadata": {"isolation": "in_place", **fields.get("metadata", {})},
        }

    @contextmanager
    def running(self, job: Mapping[str, Any]) -> Iterator["subprocess.Popen[str]"]:
        """`signalbox run` on the job; what still runs when the context ends is stopped by it."""
        file = self.command_line.file(f"{job['job_id']}.json", job)
        with self.command_line.process("run", file) as process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                process.communicate()

    def measured(self, job: Mapping[str, Any], model: LoopbackModel | None = None) -> Measured:
        """Run a job until its first attempt has ended, whatever it waits for then."""
        begun = time.monotonic()
        with self.running(job) as process:
            attempt = self.ended(str(job["job_id"]), process)
            seconds = time.monotonic() - begun
        requests = 0 if model is None else len(model.requests)
        return Measured(attempt, attempt.duration_s or seconds, requests)

    def ended(self, job_id: str, process: "subprocess.Popen[str]", number: int = 1) -> Attempt:
        """The attempt of this number, as soon as it has ended."""
        with self.command_line.store() as store:

            def found() -> Attempt | None:
                attempts = store.list_attempts(job_id)
                assert process.poll() is None or len(attempts) >= number, process.communicate()
                done = [each for each in attempts[number - 1 :] if each.completed_at is not None]
                return done[0] if done else None

            return until(found, patience_s=_PATIENCE_S)

    def processes(self) -> list[psutil.Process]:
        """The processes of the attempts of this home, by the marker in their environment."""
        folders = {folder.name for folder in self.command_line.home.attempts.glob("*")}
        return [each for each in psutil.process_iter() if _marker_of(each) in folders]

    def tool_processes(self) -> list[psutil.Process]:
        """The same without the shim, which is no process of a tool."""
        return [each for each in self.processes() if "shim" not in " ".join(each.cmdline())]


def _marker_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(layout.MARKER)
    except (psutil.Error, OSError):
        return None


def closed_url() -> str:
    """An address on loopback at which nothing listens."""
    with LoopbackModel() as gone:
        return gone.url


def path_with(folders: list[Path]) -> str:
    """PATH with these folders in front."""
    return os.pathsep.join([*map(str, folders), os.environ["PATH"]])
