"""A home in which `tests.helpers.talking_tool` plays claude, with one job for it."""

import json
import sys
from pathlib import Path
from typing import Any

from state.records import Attempt, Job
from tests.helpers import talking_tool
from tests.helpers.command_line import CommandLine
from tests.helpers.small_repository import small_repository


class ClaudeJob:
    """The job `greet`, whose attempts end as planned, and what they have heard."""

    def __init__(self, folder: Path) -> None:
        self.signalbox = CommandLine(folder)
        self.talk, self.config = folder / "talk", folder / "config"
        programs = folder / "bin"
        for made in (self.talk, programs):
            made.mkdir()
        script = programs / "claude"
        script.write_text(f"#!{sys.executable}\n{Path(talking_tool.__file__).read_text()}")
        script.chmod(0o755)
        self.signalbox("settings", "set", "tool_paths", "claude", script)
        self.repo = small_repository(folder / "repo")

    def run(self, *plan: str, code: int = 0, **more: Any) -> None:
        self.plan(*plan)
        env = {"TALK": str(self.talk), "CLAUDE_CONFIG_DIR": str(self.config)}
        job = {
            "job_id": "greet", "tool": "claude", "prompt": "Greet the world.", "env": env,
            "paths": {"repo_root": str(self.repo)}, **more,
        }  # fmt: skip
        self.signalbox("run", self.signalbox.file("greet.json", job), code=code)

    def plan(self, *steps: str) -> None:
        (self.talk / "plan").write_text("\n".join(steps))

    def finish(self) -> None:
        self.signalbox.result_of("engine", "--until-idle")

    def heard(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.talk / "heard").read_text().splitlines()]

    def job(self) -> Job:
        with self.signalbox.store() as store:
            job = store.get_job("greet")
        assert job is not None
        return job

    def attempts(self) -> list[Attempt]:
        with self.signalbox.store() as store:
            return store.list_attempts("greet")

    def folder_of(self, place: int) -> Path:
        """The folder of one of the attempts."""
        return self.signalbox.home.attempts / self.attempts()[place].folder_name
