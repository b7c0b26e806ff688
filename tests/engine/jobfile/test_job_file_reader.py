"""Job files: what they may contain, the errors of a wrong one, and that a job survives the store."""

import json
import pickle
import random
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from engine.errors import JobFileError
from engine.jobfile.job_file_reader import (
    job_from_mapping,
    read_file,
    read_job_bytes,
    read_job_file,
    read_source,
)
from engine.jobfile.priorities import PRIORITIES
from engine.jobfile.spec import JobSpec
from state.records import Stage

SHELL: dict[str, Any] = {"tool": "shell", "command": {"exe": "true"}}


def errors_of(text: str, name: str = "a.yaml") -> list[tuple[int | None, str, str]]:
    with pytest.raises(JobFileError) as caught:
        read_job_bytes(text.encode(), name)
    return [(error.line, error.field, error.reason) for error in caught.value.every]


def job(**more: Any) -> JobSpec:
    return job_from_mapping({**SHELL, **more})


def test_the_smallest_job_has_a_readable_id() -> None:
    spec = job()
    assert spec.job_id.startswith("shell-")
    assert len(spec.job_id) == len("shell-") + 8
    assert spec.job_id != job().job_id
    assert (spec.name, spec.title, spec.workstream_id, spec.max_attempts) == ("shell", "true", "main", 1)


def test_a_job_survives_the_store_unchanged(tmp_path: Path) -> None:
    spec = job_from_mapping(
        {
            "tool": "aider",
            "prompt": "Mend it.\n",
            "model": "openai/m",
            "files": ["a.py"],
            "env": {"OPENAI_API_KEY": "env:MY_KEY", "DEBUG": "1"},
            "paths": {"repo_root": "sub", "working_dir": "src"},
            "metadata": {
                "priority": -7,
                "depends_on": ["other"],
                "retry": {"limit": 3, "backoff": "fibonacci", "exit_code": [1, -9]},
                "escalate_to": ["codex", "claude"],
                "start_at": "2030-01-01T10:00:00+02:00",
                "limits": {"max_cost_usd": 1.5},
                "stage": "review",
            },
        },
        base=tmp_path,
    )
    again = job_from_mapping(json.loads(json.dumps(spec.to_json())))
    assert again == spec
    assert again.digest() == spec.digest()
    assert spec.repo_root == tmp_path / "sub"
    assert spec.working_dir == tmp_path / "sub" / "src"
    assert spec.start_at == 1893484800.0
    assert (spec.priority_value, spec.max_attempts, spec.resolved_stage) == (-7, 4, Stage.REVIEW)


def test_a_job_cannot_be_changed_but_evolved() -> None:
    spec = job()
    with pytest.raises(ValidationError):
        spec.tool = "git"
    other = spec.evolve(step_name="check")
    assert (other.name, other.job_id, other.paths) == ("check", spec.job_id, spec.paths)
    with pytest.raises(ValidationError):
        spec.evolve(tool="gti")


def test_the_digest_depends_on_what_a_job_does_and_not_on_its_id() -> None:
    assert job(job_id="a").digest() == job(job_id="b", run_id="r").digest()
    assert job().digest() != job(command={"exe": "false"}).digest()


def test_a_copy_does_the_same_under_another_id() -> None:
    spec = job(job_id="build")
    assert spec.as_copy().digest() == spec.digest()
    assert spec.as_copy().job_id.startswith("build-")
    assert job(job_id="x" * 64).as_copy().job_id.startswith("x" * 50)


def test_a_ladder_hands_the_task_on_without_the_first_tools_model() -> None:
    spec = job_from_mapping({"tool": "aider", "prompt": "Mend it.", "model": "openai/m", "files": ["a.py"]})
    next_one = spec.for_tool("codex")
    assert (next_one.tool, next_one.model, next_one.prompt, next_one.files) == (
        "codex",
        None,
        "Mend it.",
        ("a.py",),
    )
    assert next_one.job_id == spec.job_id
    assert spec.for_tool("aider") is spec


@pytest.mark.parametrize(("given", "value"), [*PRIORITIES.items(), (5, 5), ("-100", -100), ("High", 10)])
def test_a_priority_is_a_word_or_a_number(given: object, value: int) -> None:
    assert job(metadata={"priority": given}).priority_value == value


@pytest.mark.parametrize("given", [101, -101, "1e9", 1e9, True, None, "", "urgently", 10**9, [1], 0.5])
def test_any_other_priority_is_refused(given: object) -> None:
    with pytest.raises(JobFileError, match=r"metadata\.priority"):
        job(metadata={"priority": given})


@pytest.mark.parametrize("given", ["a", "A.b_c-9", "0", "x" * 64])
def test_these_are_ids(given: str) -> None:
    assert job(job_id=given, run_id=given, workstream_id=given).job_id == given


@pytest.mark.parametrize(
    "given",
    [
        *[
            "",
            ".",
            "..",
            "../x",
            "/etc/x",
            "a/b",
            "a\\b",
            "-rf",
            "_x",
            "x" * 65,
            "a b",
            "a\n",
            "\na",
            "ä",
            "e\u0301",
        ],
        *["💥", "<b>", "%s", "a;b", "a\u202eb", "a\u200bb", "a:b", "*", "~", "$(x)", "a\tb"],
    ],
)
def test_these_are_not_ids(given: str) -> None:
    for field in ("job_id", "run_id", "workstream_id"):
        with pytest.raises(JobFileError) as caught:
            job(**{field: given})
        assert caught.value.field == field


# The errors of a wrong file


def test_every_error_of_a_file_is_reported_with_line_field_and_the_nearest_word() -> None:
    text = """tool: gti
comand: {exe: make}
metadata:
  timeout_seconds: -1
  retry:
    limit: many
    backof: linear
  depends_on: build
"""
    errors = errors_of(text)
    assert [(line, field) for line, field, _ in errors] == [
        (1, "tool"),
        (2, "comand"),
        (4, "metadata.timeout_seconds"),
        (6, "metadata.retry.limit"),
        (7, "metadata.retry.backof"),
        (8, "metadata.depends_on"),
    ]
    reasons = [reason for _, _, reason in errors]
    assert reasons[0].endswith("did you mean git?")
    assert reasons[1].endswith("did you mean command?")
    assert reasons[4].endswith("did you mean backoff?")


def test_the_error_itself_says_file_line_field_and_how_many_more() -> None:
    with pytest.raises(JobFileError) as caught:
        read_job_bytes(b'{"tool": "shell",\n "x": 1, "y": 2}', "build.json")
    assert str(caught.value) == "build.json: line 2: x: is not a known key (and 1 more)"
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - errors come back from the helper process
    assert (str(again), again.line, again.field, len(again.every)) == (str(caught.value), 2, "x", 2)


def test_keys_of_a_git_step_are_checked_by_its_action() -> None:
    errors = errors_of("tool: git\ngit:\n  action: apply\n  patch: x\n  thre_way: yes\n")
    assert errors == [(5, "git.thre_way", "is not a known key; did you mean three_way?")]
    assert errors_of("tool: git\ngit: {action: aply}\n")[0][1:] == (
        "git.action",
        "'aply' is not one of branch, apply, commit, diff, worktree, merge; did you mean apply?",
    )
    assert errors_of("tool: git\ngit: {}\n") == [(2, "git.action", "is missing")]


def test_a_file_that_is_neither_job_nor_pipeline_says_so() -> None:
    assert "neither" in errors_of("tol: shell\n")[0][2]
    assert "did you mean tool?" in errors_of("tol: shell\n")[0][2]
    for text in ("[]", "null", '"x"', "3"):
        assert "is not a mapping" in errors_of(text, "a.json")[0][2]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"tool": "shell"}, "command"),
        ({"tool": "git"}, "git"),
        ({"tool": "aider"}, "prompt"),
        ({"tool": "aider", "prompt": "  \n"}, "prompt"),
        ({"tool": "aider", "prompt": "x", "metadata": {"message_file": "task.md"}}, "prompt"),
        ({**SHELL, "prompt": "x"}, "prompt"),
        ({**SHELL, "model": "m"}, "model"),
        ({**SHELL, "tests": {}}, "tests"),
        ({**SHELL, "git": {"action": "diff"}}, "git"),
        ({**SHELL, "schema_version": 2}, "schema_version"),
        ({**SHELL, "job_id": "a", "metadata": {"depends_on": ["a"]}}, "metadata.depends_on"),
        ({**SHELL, "command": {"exe": "a\nb"}}, "command.exe"),
        ({**SHELL, "command": {"exe": "a", "args": [1]}}, "command.args[0]"),
        ({**SHELL, "command": {"exe": "a", "args": "x y"}}, "command.args"),
        ({**SHELL, "command": {"exe": "a", "args": ["x" * 200_000]}}, "command.args[0]"),
        ({**SHELL, "env": {"A=B": "1"}}, "env.A=B"),
        ({**SHELL, "env": {"API_KEY": "sk-123"}}, "env.API_KEY"),
        ({**SHELL, "env": {"GITHUB_TOKEN": "x"}}, "env.GITHUB_TOKEN"),
        ({**SHELL, "files": ["../secret"]}, "files[0]"),
        ({**SHELL, "files": ["/etc/passwd"]}, "files[0]"),
        ({**SHELL, "paths": {"working_dir": ".."}}, "paths.working_dir"),
        ({**SHELL, "paths": {"repo_root": "/a", "working_dir": "/b"}}, "paths.working_dir"),
        ({**SHELL, "metadata": {"files_scope": ["/**"]}}, "metadata.files_scope[0]"),
        ({**SHELL, "metadata": {"files_scope": ["a/../../b"]}}, "metadata.files_scope[0]"),
        ({**SHELL, "metadata": {"message_file": "../x"}}, "metadata.message_file"),
        ({**SHELL, "metadata": {"timeout_seconds": 0}}, "metadata.timeout_seconds"),
        ({**SHELL, "metadata": {"retry": {"limit": 10**6}}}, "metadata.retry.limit"),
        ({**SHELL, "metadata": {"retry": {"limit": -1}}}, "metadata.retry.limit"),
        ({**SHELL, "metadata": {"retry": {"limit": 1.5}}}, "metadata.retry.limit"),
        ({**SHELL, "metadata": {"start_at": "2030-01-01T10:00:00"}}, "metadata.start_at"),
        ({**SHELL, "metadata": {"escalate_to": ["gpt"]}}, "metadata.escalate_to[0]"),
        ({**SHELL, "metadata": {"escalate_to": ["aider"]}}, "metadata.escalate_to"),
        ({"tool": "aider", "prompt": "x", "metadata": {"escalate_to": ["shell"]}}, "metadata.escalate_to"),
        ({"tool": "git", "git": {"action": "apply"}}, "git"),
        ({"tool": "git", "git": {"action": "apply", "patch": "x", "patch_file": "y"}}, "git"),
        ({"tool": "git", "git": {"action": "branch", "name": "--force"}}, "git.name"),
        ({"tool": "git", "git": {"action": "worktree", "path": "x"}}, "git"),
        ({"tool": "git", "git": {"action": "commit", "message": " "}}, "git.message"),
    ],
)
def test_a_field_that_does_not_fit_is_named(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(JobFileError) as caught:
        job_from_mapping(wrong)
    assert field in [error.field for error in caught.value.every]


def test_a_secret_is_read_from_the_environment_and_never_stored() -> None:
    spec = job(env={"OPENAI_API_KEY": "env:OPENAI_API_KEY", "MONKEY": "banana", "DB_PASSWORD": ""})
    assert spec.to_json()["env"] == {
        "OPENAI_API_KEY": "env:OPENAI_API_KEY",
        "MONKEY": "banana",
        "DB_PASSWORD": "",
    }


def test_a_hundred_random_changes_of_a_good_job_are_read_or_refused() -> None:
    rng = random.Random(7)  # noqa: S311 - a fixed seed
    good = {
        **SHELL,
        "job_id": "a",
        "env": {"A": "b"},
        "paths": {"repo_root": "/tmp"},
        "metadata": {"retry": {"limit": 1}, "priority": "high", "depends_on": ["b"], "files_scope": ["c"]},
    }
    odd: list[Any] = [None, [], {}, -1, 1e308, "x", "", True, ["a"], {"a": 1}, "\u202e", 2**53]
    read, errors = 0, list[str]()
    for _ in range(100):
        data = json.loads(json.dumps(good))
        holder = rng.choice(
            [data, data["metadata"], data["metadata"]["retry"], data["paths"], data["command"]]
        )
        holder[rng.choice([*holder, "new"])] = rng.choice(odd)
        try:
            job_from_mapping(data)
            read += 1
        except JobFileError as error:
            errors.append(error.field)
    assert 0 < read < 60
    assert all(errors)


# Where a job works


def test_paths_are_relative_to_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    file = tmp_path / "jobs" / "a.json"
    file.write_text(json.dumps({**SHELL, "paths": {"repo_root": "../repo", "working_dir": "src"}}))
    (spec,) = read_job_file(file)
    assert (spec.repo_root, spec.working_dir) == (tmp_path / "repo", tmp_path / "repo" / "src")
    (elsewhere,) = read_job_file(file, base=tmp_path / "other" / "x")
    assert elsewhere.repo_root == tmp_path / "other" / "repo"


def test_a_job_without_paths_works_in_the_folder_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("tool: shell\ncommand: {exe: make}\n")
    found = read_file(tmp_path / "a.yaml")
    assert (found.kind, found.path, found.jobs[0].working_dir) == ("job", tmp_path / "a.yaml", tmp_path)


def test_the_home_folder_may_be_written_as_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert job(paths={"repo_root": "~/src"}).repo_root == tmp_path / "src"
    stranger = job_from_mapping({**SHELL, "paths": {"repo_root": "~nobody-of-that-name/x"}}, base=tmp_path)
    assert stranger.repo_root == tmp_path / "~nobody-of-that-name" / "x"


def test_an_absolute_working_dir_alone_is_its_own_root(tmp_path: Path) -> None:
    spec = job(paths={"working_dir": str(tmp_path)})
    assert spec.repo_root == spec.working_dir == tmp_path


def test_the_same_bytes_have_the_same_digest() -> None:
    one, two = (read_source(b"tool: tests\n", "a.yaml") for _ in range(2))
    assert one.digest == two.digest != read_source(b"tool: tests\n\n", "a.yaml").digest


def test_a_writer_holds_the_working_tree_and_a_reader_holds_nothing(tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    (repo / "src").mkdir(parents=True)
    (repo / ".git").mkdir()
    (tmp_path / "link").symlink_to(repo)
    here = {"paths": {"repo_root": str(tmp_path / "link"), "working_dir": "src"}}
    assert job(**here).tree == str(repo)
    assert job(**here, metadata={"writes": False}).tree is None
    assert job_from_mapping({"tool": "tests", **here}).tree is None
    assert job_from_mapping({"tool": "git", "git": {"action": "diff"}, **here}).tree is None
    assert job_from_mapping({"tool": "git", "git": {"action": "commit", "message": "x"}, **here}).tree == str(
        repo
    )


def test_plain_commands_outside_any_repository_do_not_wait_for_each_other(tmp_path: Path) -> None:
    here = {"paths": {"repo_root": str(tmp_path)}}
    assert job(**here).tree is None
    assert job(**here, metadata={"writes": True}).tree == str(tmp_path)
    assert job_from_mapping({"tool": "aider", "prompt": "x", **here}).tree == str(tmp_path)


@pytest.mark.parametrize(
    ("data", "stage"),
    [
        ({"tool": "shell", "command": {"exe": "x"}}, Stage.CHECK),
        ({"tool": "tests"}, Stage.TEST),
        ({"tool": "aider", "prompt": "x"}, Stage.EDIT),
        ({"tool": "git", "git": {"action": "apply", "patch": "x"}}, Stage.EDIT),
        ({"tool": "git", "git": {"action": "diff"}}, Stage.REVIEW),
        ({"tool": "git", "git": {"action": "merge", "branch": "x"}}, Stage.MERGE),
    ],
)
def test_a_job_is_in_the_usual_stage_of_its_tool(data: dict[str, Any], stage: Stage) -> None:
    assert job_from_mapping(data).resolved_stage is stage


def test_harmless_jobs_are_rerun_after_an_interruption_and_all_others_are_held() -> None:
    assert job_from_mapping({"tool": "tests"}).when_interrupted == "rerun"
    assert job_from_mapping({"tool": "git", "git": {"action": "diff"}}).when_interrupted == "rerun"
    assert job().when_interrupted == "hold"
    assert job(metadata={"on_interrupted": "fail"}).when_interrupted == "fail"


def test_who_looks_for_the_title_of_a_job_is_led_to_both_titles_there_are() -> None:
    with pytest.raises(JobFileError) as caught:
        read_job_bytes(b'{"tool": "shell", "title": "Feed", "command": {"exe": "true"}}', "feed.json")
    assert caught.value.reason == (
        "is not a known key; a job is named by metadata.title, its workstream by workstream_title"
    )


def test_a_file_is_called_by_the_title_of_its_job_else_by_its_own_name() -> None:
    def title(metadata: str) -> str:
        data = (
            f'{{"tool": "shell", "step_name": "build", "command": {{"exe": "true"}}, "metadata": {metadata}}}'
        )
        return read_source(data.encode(), "rss-feed.json").title

    assert [title("{}"), title('{"title": "The feed"}')] == ["rss-feed", "The feed"]
