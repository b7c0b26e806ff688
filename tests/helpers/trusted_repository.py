"""A repository in which many kinds of files can run, and what a test does with grants in it."""

from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from engine.cli.root import app
from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.trust.binding import Binding
from engine.trust.launch import launch_plan
from engine.trust.launch_card import trust_card_text
from engine.trust.policy import LaunchPreview, preview_launch
from engine.trust.trust_store import TrustStore
from tests.helpers.attempts import git_caller

FILES = {
    "Makefile": "all:\n\t@true\n",
    "rules.mk": "all:\n\t@true\n",
    "sub/Makefile": "all:\n\t@true\n",
    "sub/run.py": "pass\n",
    "pre.sh": "true\n",
    "run.sh": ". ./other.sh\n",
    "other.sh": "true\n",
    "run.py": "import other\n",
    "other.py": "pass\n",
    "pkg/__init__.py": "",
    "pkg/__main__.py": "pass\n",
    "prog": "#!/bin/sh\ntrue\n",
    "x.awk": "BEGIN { exit 0 }\n",
    "lib/Mod.pm": "1;\n",
    "x.js": "\n",
    "app.jar": "jar\n",
    "main.go": "package main\n",
    "tox.ini": "[tox]\n",
    "noxfile.py": "\n",
    "Cargo.toml": "[package]\n",
    "build.rs": "fn main() {}\n",
    "src/main.rs": "fn main() {}\n",
    "package.json": '{"scripts": {"x": "node tools/x.js"}}\n',
    "tools/x.js": "\n",
    "args": "-x\n",
    "conf/site.py": "\n",
    "evil.so": "so\n",
    "tests/test_it.py": "def test_it(): pass\n",
}


def repository(tmp_path: Path, *, has_git: bool = True) -> Path:
    repo = tmp_path / "repo"
    for name, content in FILES.items():
        file = repo / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    (repo / "prog").chmod(0o755)
    return committed_repository(repo) if has_git else repo


def git_in(repo: Path, *words: str) -> None:
    git_caller(repo)("-c", "user.name=A", "-c", "user.email=a@b", *words)


def git_output(repo: Path, *words: str) -> str:
    return git_caller(repo)(*words)


def committed_repository(repo: Path) -> Path:
    git_in(repo, "init", "--quiet", "--initial-branch=main")
    git_in(repo, "add", "--all")
    git_in(repo, "commit", "--quiet", "--message", "first")
    return repo


def shell(repo: Path, words: list[str], **fields: Any) -> dict[str, Any]:
    command = {"exe": words[0], "args": words[1:]}
    return {"tool": "shell", "job_id": "j", "command": command, "paths": {"repo_root": str(repo)}, **fields}


def spec(repo: Path, *words: str, **fields: Any) -> JobSpec:
    return job_from_mapping(shell(repo, list(words), **fields))


def preview(of: JobSpec) -> LaunchPreview:
    return preview_launch(of, TrustStore())


def grant(of: JobSpec, binding: Binding | None = None) -> None:
    TrustStore().grant([launch_plan(of)], binding=binding)
    assert preview(of).granted


def listed(*options: str) -> str:
    return CliRunner().invoke(app, ["trust", "list", *options]).stdout


def change(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_bytes() if file.exists() else b""
    file.write_bytes(before + b"\n")


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def facts(of: JobSpec) -> dict[str, str]:
    return dict(trust_card_text(preview(of), "j").facts)
