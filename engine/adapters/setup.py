"""Adds to the adapter of a tool the setup of a worktree, which its attempt runs there before the tool.

It is started by a small process of ours, which then compares the working tree anew: what the setup leaves there is no
edit of the tool.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePath

from engine.adapters import findings, invocations
from engine.adapters.setup_step import HEADING
from engine.adapters.step_request import without_account, write_request
from engine.interfaces import Adapter
from engine.jobfile.spec import JobSpec
from engine.runners import output
from engine.system.tool_paths import resolve
from engine.types import (
    AttemptContext,
    AttemptEnd,
    FailureClass,
    Invocation,
    JobResult,
    SetupCommand,
    SetupEnd,
    ToolProbe,
    TreeContext,
)

_REQUEST, _STREAM = "setup_request.json", "setup"
_STEP = Path(__file__).with_name("setup_step.py")


class WithSetup:
    """The adapter of a tool, whose attempts begin with the setup of their worktree where that is still to be run."""

    def __init__(self, adapter: Adapter) -> None:
        self.tool, self.tile = adapter.tool, adapter.tile
        self._adapter = adapter

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        """The command of the tool, with the setup before it.

        Raises:
            SpawnError: it cannot be built, or the program of the setup is missing.
        """
        invocation = self._adapter.prepare(spec, context)
        tree = context.worktree
        return invocation if tree is None or not tree.setup else _led(invocation, spec, context, tree)

    def result(self, spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> JobResult:
        """The result of the tool, or the failure of the setup before it."""
        if end.setup is None or end.setup.was_successful:
            return self._adapter.result(spec, context, end)
        failed = findings.Finding(summary=_sentence(context, end.setup), failure=FailureClass.SETUP_FAILED)
        folders = [context.folder] if context.worktree is None else [context.worktree.path, context.folder]
        finding = findings.for_want_of_room(failed, *folders)
        result = findings.finished(spec, context, end, finding)
        return replace(result, stdout=output.tail_text(context.folder, name=_STREAM))

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """As the adapter of the tool itself."""
        return self._adapter.probe(tool_paths)


def _led(invocation: Invocation, spec: JobSpec, context: AttemptContext, tree: TreeContext) -> Invocation:
    exe, *args = tree.setup
    found = resolve(
        exe,
        path=invocations.path_of(context),
        tool_paths=context.tool_paths,
        working_dir=tree.path,
        hint="Install it, or correct `setup` in the project file.",
    )
    own = invocations.invocation(
        spec.model_copy(update={"env": {}}), without_account(context), [str(found), *args]
    )
    request = context.folder / _REQUEST
    write_request(request, spec, context, own.argv)
    setup = SetupCommand(
        argv=(sys.executable, "-I", str(_STEP), str(request)),
        cwd=tree.path,
        env=own.env,
        timeout_s=tree.setup_timeout_s,
        digest=tree.setup_digest,
    )
    return replace(invocation, setup=setup, secrets=tuple({*invocation.secrets, *own.secrets}))


def _sentence(context: AttemptContext, end: SetupEnd) -> str:
    """How the setup failed, with the last line that it printed and where all of it is."""
    log = context.folder / _STREAM
    where = f" Its log is {log}." if log.exists() else ""
    if end.exit_code is None:
        return f"Setup failed: {end.detail}{where}"
    name = _program_of(context)
    code = end.exit_code
    how = f"was ended by {findings.signal_name(code)}" if code < 0 else f"ended with exit code {code}"
    line = findings.last_line_of(context, _STREAM)
    reason = f": {line.rstrip('.')}" if line and not line.startswith(HEADING) else ""
    return f"Setup failed: {name} {how}{reason}.{where}"


def _program_of(context: AttemptContext) -> str:
    try:
        argv = json.loads((context.folder / _REQUEST).read_bytes())["argv"]
        return PurePath(argv[0]).name
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return "it"
