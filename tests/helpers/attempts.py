"""An attempt as the runner makes it, on the spot: the adapter's invocation really started, its streams kept."""

import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.adapters import ADAPTERS
from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.runners import layout
from engine.runners.capture import Capture
from engine.tool_defaults import tool_run
from engine.types import (
    AttemptContext,
    AttemptEnd,
    AttemptRef,
    EndReason,
    EvidenceEnd,
    Invocation,
    JobResult,
    SetupEnd,
)
from tests.helpers.patience import PATIENCE_S

_CAP = 32 * 1024 * 1024


class Attempts:
    """Makes the folders of attempts, and runs one attempt from the job to the result."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._number = 0

    def context(self, **more: Any) -> AttemptContext:
        self._number += 1
        ref = AttemptRef(self._number, "token")
        folder = self._root / ref.folder_name
        folder.mkdir(mode=0o700, parents=True)
        return AttemptContext(ref=ref, number=self._number, folder=folder, **more)

    def ended(self, context: AttemptContext, code: int | None = 0, **more: Any) -> AttemptEnd:
        return AttemptEnd(
            ref=context.ref, reason=more.pop("reason", EndReason.EXITED), exit_code=code, **more
        )

    def prepare(self, job: Mapping[str, Any] | JobSpec, **more: Any) -> tuple[Invocation, AttemptContext]:
        spec = job if isinstance(job, JobSpec) else job_from_mapping(job)
        context = more.get("context") or self.context(**{"run": tool_run(spec, {}), **more})
        return ADAPTERS[spec.tool].prepare(spec, context), context

    def run(self, job: Mapping[str, Any] | JobSpec, **more: Any) -> JobResult:
        spec = job if isinstance(job, JobSpec) else job_from_mapping(job)
        invocation, context = self.prepare(spec, **more)
        begun = time.monotonic()
        setup = _setup_before(invocation, context.folder)
        if setup is not None and not setup.was_successful:
            return ADAPTERS[spec.tool].result(spec, context, self.ended(context, None, setup=setup))
        with (context.folder / "stdout").open("wb") as out, (context.folder / "stderr").open("wb") as err:
            done = subprocess.run(
                invocation.argv,
                cwd=invocation.cwd,
                env=dict(invocation.env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                timeout=PATIENCE_S,
                check=False,
            )
        tests = None if done.returncode else _tests_after(invocation, context.folder)
        end = self.ended(
            context, done.returncode, duration_s=time.monotonic() - begun, tests=tests, setup=setup
        )
        return ADAPTERS[spec.tool].result(spec, context, end)


def _setup_before(invocation: Invocation, folder: Path) -> SetupEnd | None:
    """What the runner does with the setup that comes before a tool."""
    if invocation.setup is None:
        return None
    with (folder / "setup").open("wb") as out:
        done = subprocess.run(
            invocation.setup.argv,
            cwd=invocation.setup.cwd,
            env=dict(invocation.setup.env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE_S,
            check=False,
        )
    return SetupEnd(exit_code=done.returncode, digest=invocation.setup.digest)


def _tests_after(invocation: Invocation, folder: Path) -> EvidenceEnd | None:
    """What the runner does with the tests that follow a tool."""
    if invocation.tests is None:
        return None
    with (folder / "tests").open("wb") as out:
        done = subprocess.run(
            invocation.tests.argv,
            cwd=invocation.cwd,
            env=dict(invocation.tests.env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE_S,
            check=False,
        )
    return EvidenceEnd(exit_code=done.returncode)


def keep(folder: Path, *pieces: tuple[str, bytes, float]) -> None:
    """Keep pieces of output as the runner does: the stream, what it printed, and when in epoch seconds."""
    streams = [str(folder / name) for name in layout.STREAMS]
    capture = Capture((streams[0], streams[1]), str(folder / layout.INDEX), cap=_CAP)
    for stream, data, at in pieces:
        capture.keep(layout.STREAMS.index(stream), data, round(at * 1e9))
    capture.close()


def git_caller(root: Path) -> Callable[..., str]:
    """Calls the git of this machine in `root` and returns what it printed."""

    def call(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    return call
