"""The real command line for tests: in this process, or as a process of its own that can be signalled."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from typer.testing import CliRunner

from engine.cli.root import app
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.records import Job
from tests.helpers.patience import PATIENCE_S


@dataclass(frozen=True)
class CommandResult:
    """What a command printed and the code it ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class CommandLine:
    """Commands given to one home; files are written next to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = Home.at(folder / "home")

    def __call__(self, *words: str | Path, code: int = 0, trust: bool = True) -> CommandResult:
        """Give a command in this process and check its exit code."""
        answer = self.result_of(*words, trust=trust)
        assert answer.code == code, answer
        return answer

    def result_of(self, *words: str | Path, trust: bool = True) -> CommandResult:
        """Give a command in this process; what would be a traceback is raised."""
        result = CliRunner().invoke(app, self._words(words, trust=trust))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return CommandResult(result.exit_code, result.stdout, result.stderr)

    @contextmanager
    def process(self, *words: str | Path, trust: bool = True) -> "Iterator[subprocess.Popen[str]]":
        """The same as a process of its own; it is killed if it outlives the context."""
        argv = [sys.executable, "-m", "engine", *self._words(words, trust=trust)]
        pipe = subprocess.PIPE
        with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True) as started:
            try:
                yield started
            finally:
                started.kill()

    def _words(self, words: Sequence[str | Path], *, trust: bool) -> list[str]:
        """The command as given; `run` and `submit` get --trust, since nobody is at a terminal."""
        reviewed = ["--trust"] if trust and words[0] in {"run", "submit"} else []
        return [*map(str, words), *reviewed, "--home", str(self.home.root)]

    def file(self, name: str, content: Any) -> Path:
        """A job or pipeline file with this content."""
        path = self.folder / name
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    @contextmanager
    def store(self) -> Iterator[JobStateStore]:
        store = JobStateStore(home=self.home)
        try:
            yield store
        finally:
            store.close()

    def job(self, job_id: str) -> Job:
        with self.store() as store:
            job = store.get_job(job_id)
        assert job is not None, job_id
        return job

    def await_job(self, job_id: str, is_so: Callable[[Job], bool]) -> Job:
        """The job as soon as it is as it should be."""
        with self.store() as store:
            return until(lambda: job if (job := store.get_job(job_id)) is not None and is_so(job) else None)


T = TypeVar("T")


def until(look: Callable[[], T | None], *, patience_s: float = PATIENCE_S) -> T:
    """What `look` finds, asked again and again until it finds something."""
    deadline = time.monotonic() + patience_s
    while True:
        if (found := look()) is not None:
            return found
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)


def python(code: str, job_id: str | None = None, **more: Any) -> dict[str, Any]:
    """A job that runs a line of Python."""
    named = {} if job_id is None else {"job_id": job_id}
    return {"tool": "shell", **named, "command": {"exe": sys.executable, "args": ["-c", code]}, **more}
