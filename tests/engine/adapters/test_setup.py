"""The setup of a worktree before the tool of an attempt: its failure is that of the attempt, its files are no edit."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS
from engine.errors import SpawnError
from engine.jobfile.job_file_reader import job_from_mapping
from engine.types import AttemptEnd, EndReason, JobResult, SetupEnd, ToolRun, TreeContext
from tests.engine.adapters.test_evidence import coding_tool
from tests.helpers.attempts import Attempts

VARIABLES = ("RUN", "WORKSTREAM", "JOB", "WORKTREE", "PORT_BASE")
SHOWN = f"env | grep -E '^SIGNALBOX_({'|'.join(VARIABLES)})=' | sort"


class Work:
    """Lets a coding tool do something in a worktree that is to be set up first."""

    def __init__(self, attempts: Attempts, repo: Path, bin_folder: Path) -> None:
        self.attempts, self.repo, self.bin = attempts, repo, bin_folder

    def tree(self, setup: str, **more: Any) -> TreeContext:
        words = ("/bin/sh", "-c", setup) if setup else ()
        return TreeContext(
            run_id="r", ws_id="w", job_id="j", path=self.repo, port_base=20480, setup=words,
            setup_digest="d", **more,
        )  # fmt: skip

    def job(self, **more: Any) -> dict[str, Any]:
        return {
            "tool": "claude",
            "job_id": "j",
            "prompt": "Mend it.",
            "paths": {"repo_root": str(self.repo)},
            **more,
        }

    def __call__(self, setup: str, does: str = "echo more >> hello.py", **more: Any) -> JobResult:
        tool = coding_tool(self.bin, does)
        return self.attempts.run(
            self.job(**more), tool_paths={"claude": str(tool)}, worktree=self.tree(setup)
        )


@pytest.fixture
def work(attempts: Attempts, repo: Path, tmp_path: Path) -> Work:
    return Work(attempts, repo, tmp_path / "bin")


def test_a_setup_that_fails_is_the_failure_of_the_job_in_words_with_its_log(work: Work) -> None:
    result = work("echo 'no such package: left-pad' >&2; exit 7", "touch ran")
    assert (result.success, result.metadata["failure_class"]) == (False, "setup_failed")
    (folder,) = (folder for folder in work.attempts._root.iterdir())
    assert result.metadata["summary"] == (
        f"Setup failed: sh ended with exit code 7: no such package: left-pad. Its log is {folder}/setup."
    )
    assert "no such package" in result.stdout
    assert not (work.repo / "ran").exists()


def test_a_setup_that_says_nothing_fails_with_its_exit_code_alone(work: Work) -> None:
    assert (
        work("exit 3").metadata["summary"].startswith("Setup failed: sh ended with exit code 3. Its log is ")
    )


def test_a_setup_that_was_too_slow_or_not_started_says_why(attempts: Attempts, work: Work) -> None:
    _, context = attempts.prepare(work.job(), worktree=work.tree("true"), tool_paths={"claude": "/bin/true"})
    end = AttemptEnd(
        ref=context.ref, reason=EndReason.EXITED, setup=SetupEnd(detail="It ran longer than 5 s.")
    )
    result = ADAPTERS["claude"].result(job_from_mapping(work.job()), context, end)
    assert result.metadata["summary"] == "Setup failed: It ran longer than 5 s."


def test_what_the_setup_leaves_in_the_tree_is_neither_a_change_of_the_tool_nor_outside_its_scope(
    work: Work,
) -> None:
    scope = {"files_scope": ["hello.py"]}
    result = work("echo x > generated.txt; echo more >> README.md", metadata=scope)
    assert result.success, result.metadata
    assert [file["path"] for file in result.metadata["changed_files"]] == ["hello.py"]


def test_a_tool_that_changes_nothing_after_a_setup_that_did_has_changed_nothing(work: Work) -> None:
    result = work("echo x > generated.txt", "true")
    assert result.metadata["failure_class"] == "no_change"


def test_the_setup_runs_at_the_top_of_the_worktree_and_knows_its_ids_and_ports(work: Work) -> None:
    (work.repo / "src").mkdir()
    paths = {"repo_root": str(work.repo), "working_dir": "src"}
    work(f"pwd > seen; {SHOWN} >> seen", "true", paths=paths, env={"SIGNALBOX_PORT_BASE": "1", "MINE": "x"})
    assert (work.repo / "seen").read_text().splitlines() == [
        str(work.repo),
        "SIGNALBOX_JOB=j",
        "SIGNALBOX_PORT_BASE=20480",
        "SIGNALBOX_RUN=r",
        "SIGNALBOX_WORKSTREAM=w",
        f"SIGNALBOX_WORKTREE={work.repo}",
    ]


def test_every_program_of_a_job_in_a_worktree_knows_its_ids_and_ports(attempts: Attempts, work: Work) -> None:
    tests = {"evidence": {"tests": {"command": {"exe": "/bin/true"}}}}
    invocation, _ = attempts.prepare(
        work.job(metadata=tests), worktree=work.tree("true"), tool_paths={"claude": "/bin/true"}
    )
    assert invocation.tests is not None
    assert invocation.setup is not None
    for env in (invocation.env, invocation.tests.env, invocation.setup.env):
        assert (env["SIGNALBOX_RUN"], env["SIGNALBOX_PORT_BASE"]) == ("r", "20480")


def test_a_job_in_place_knows_none_of_them(attempts: Attempts, work: Work) -> None:
    invocation, _ = attempts.prepare(work.job(), tool_paths={"claude": "/bin/true"})
    assert not [name for name in invocation.env if name.startswith("SIGNALBOX_")]
    assert invocation.setup is None


def test_the_setup_has_neither_the_jobs_variables_nor_the_keys_of_the_tool(
    attempts: Attempts, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret-key")
    invocation, context = attempts.prepare(
        work.job(env={"MINE": "x"}),
        worktree=work.tree("true"),
        tool_paths={"claude": "/bin/true"},
        run=ToolRun(account_env={"OF_ACCOUNT": "x"}, env_names=("WORK_PROXY",)),
    )
    assert invocation.env["ANTHROPIC_API_KEY"] == "secret-key"
    assert invocation.setup is not None
    assert not {"MINE", "ANTHROPIC_API_KEY", "OF_ACCOUNT"} & invocation.setup.env.keys()
    assert "secret-key" not in (context.folder / "setup_request.json").read_text()


def test_a_setup_whose_program_is_missing_starts_nothing_and_names_the_project_file(
    attempts: Attempts, work: Work
) -> None:
    tree = TreeContext(run_id="r", ws_id="w", job_id="j", path=work.repo, setup=("no-such-program",))
    with pytest.raises(SpawnError, match="correct `setup` in the project file"):
        attempts.prepare(work.job(), worktree=tree, tool_paths={"claude": "/bin/true"})


def test_a_setup_script_of_the_repository_is_that_of_the_worktree(attempts: Attempts, work: Work) -> None:
    script = work.repo / "setup.sh"
    script.write_text("#!/bin/sh\necho ran\n")
    script.chmod(0o755)
    tree = TreeContext(run_id="r", ws_id="w", job_id="j", path=work.repo, setup=("./setup.sh", "--quiet"))
    _, context = attempts.prepare(work.job(), worktree=tree, tool_paths={"claude": "/bin/true"})
    assert json.loads((context.folder / "setup_request.json").read_text())["argv"] == [str(script), "--quiet"]
    assert os.access(script, os.X_OK)


def test_the_tests_of_a_job_may_be_a_program_that_the_setup_makes(work: Work) -> None:
    made = (
        "mkdir -p .venv/bin; printf '#!/bin/sh\\necho checked\\n' > .venv/bin/check; chmod +x .venv/bin/check"
    )
    tests = {"evidence": {"tests": {"command": {"exe": ".venv/bin/check"}}}}
    result = work(f"{made}; echo .venv > .git/info/exclude", metadata=tests)
    assert result.success, result.metadata
    assert "checked" in result.stdout


def test_pytest_runs_with_the_python_that_the_setup_makes(work: Work) -> None:
    python = f'#!/bin/sh\\nexec {sys.executable} "$@"\\n'
    made = f"mkdir -p .venv/bin; printf '{python}' > .venv/bin/python; chmod +x .venv/bin/python"
    tests = {"evidence": {"tests": {"paths": ["test_it.py"]}}}
    test = 'import os\ndef test_it():\n    assert os.environ["SIGNALBOX_RUN"] == "r"\n'
    result = work(f"{made}; echo .venv > .git/info/exclude", f"echo '{test}' > test_it.py", metadata=tests)
    assert result.success, result.metadata
    assert result.metadata["tests"]["passed"] == 1


def test_a_program_of_the_worktree_that_no_setup_can_make_is_missing_before_the_start(
    attempts: Attempts, work: Work
) -> None:
    tests = {"evidence": {"tests": {"command": {"exe": ".venv/bin/check"}}}}
    for tree in (None, work.tree("")):
        with pytest.raises(SpawnError, match="There is no program at"):
            attempts.prepare(work.job(metadata=tests), worktree=tree, tool_paths={"claude": "/bin/true"})
    tests = {"evidence": {"tests": {"command": {"exe": "../outside"}}}}
    with pytest.raises(SpawnError, match="leads out of"):
        attempts.prepare(
            work.job(metadata=tests), worktree=work.tree("true"), tool_paths={"claude": "/bin/true"}
        )
