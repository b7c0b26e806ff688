"""The request to the small process of ours that runs before or after a tool: its command, and the attempt.

The setup of a worktree comes before the tool, the tests after it. Each compares the working tree for itself.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.jobfile.spec import JobSpec
from engine.system.git import INHERITED
from engine.system.private_files import write_private
from engine.system.tool_paths import search_path
from engine.types import AttemptContext, AttemptRef


def without_account(context: AttemptContext) -> AttemptContext:
    """The account and the further variables of a tool are for that tool, not for what runs before or after it."""
    return replace(context, run=replace(context.run, account_env={}, env_names=()))


def write_request(file: Path, spec: JobSpec, context: AttemptContext, argv: Sequence[str]) -> None:
    """Write the command, the job, and the environment of git's calls as it is before the tool begins."""
    env = {name: os.environ[name] for name in INHERITED if name in os.environ}
    request = {
        "argv": list(argv),
        "job": spec.to_json(),
        "attempt": {"id": context.ref.attempt_id, "token": context.ref.token, "number": context.number},
        "git_env": {**env, "PATH": search_path(), "SHELL": ""},
    }
    write_private(file, json.dumps(request))


def attempt_of(request: Mapping[str, Any], folder: Path) -> tuple[JobSpec, AttemptContext]:
    """The job and the attempt of a request that lies in this folder."""
    attempt = request["attempt"]
    ref = AttemptRef(attempt["id"], attempt["token"])
    context = AttemptContext(ref=ref, number=attempt["number"], folder=folder)
    return JobSpec.model_validate(request["job"]), context
