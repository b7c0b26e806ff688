"""What is bound where a command may load any file of a repository: no change of it can be hidden."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.trust.trust_store import TrustStore
from tests.helpers.command_line import CommandLine
from tests.helpers.trusted_repository import (
    change,
    committed_repository,
    facts,
    git_in,
    grant,
    preview,
    repository,
    shell,
    spec,
)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path)


# --- what is bound of a repository ----------------------------------------------------------------------------------


def hide_in_index(repo: Path) -> None:
    git_in(repo, "update-index", "--assume-unchanged", "other.py")
    change(repo / "other.py")


def hide_by_sparse_checkout(repo: Path) -> None:
    git_in(repo, "update-index", "--skip-worktree", "other.py")
    change(repo / "other.py")


def hide_by_rules_that_hide_themselves(repo: Path) -> None:
    (repo / ".gitignore").write_text("*\n", encoding="utf-8")
    change(repo / "random.py")


def hide_in_a_folder_that_hides_itself(repo: Path) -> None:
    (repo / "new").mkdir()
    (repo / "new" / ".gitignore").write_text("*\n", encoding="utf-8")
    change(repo / "new" / "x.py")


def hide_by_private_rules(repo: Path) -> None:
    (repo / ".git" / "info").mkdir(exist_ok=True)
    (repo / ".git" / "info" / "exclude").write_text("random.py\n", encoding="utf-8")
    change(repo / "random.py")


def hide_behind_the_same_size_and_time(repo: Path) -> None:
    file = repo / "other.py"
    before = file.stat()
    file.write_bytes(b"raise"[: before.st_size])
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def hide_behind_a_clean_filter(repo: Path) -> None:
    git_in(repo, "config", "filter.same.clean", "printf 'pass\\n'")
    (repo / ".git" / "info" / "attributes").write_text("other.py filter=same\n", encoding="utf-8")
    change(repo / "other.py")


def name_a_program_in_the_settings(repo: Path) -> None:
    git_in(repo, "config", "alias.hello", "!touch canary")


def name_a_program_in_included_settings(repo: Path) -> None:
    (repo / ".git" / "more").write_text("[alias]\n\thello = !touch canary\n", encoding="utf-8")


def add_a_hook(repo: Path) -> None:
    (repo / ".git" / "hooks").mkdir(exist_ok=True)
    change(repo / ".git" / "hooks" / "pre-commit")


def hide_by_rules_that_the_settings_name(repo: Path) -> None:
    (repo / ".git" / "rules").write_text("random.py\n", encoding="utf-8")
    change(repo / "random.py")


def change_what_git_compares(repo: Path) -> None:
    (repo / ".git" / "info").mkdir(exist_ok=True)
    (repo / ".git" / "info" / "attributes").write_text("*.py ident\n", encoding="utf-8")


def add_a_hook_that_is_ignored(repo: Path) -> None:
    change(repo / ".husky" / "_" / "pre-commit")


def commit(repo: Path) -> None:
    change(repo / "other.py")
    git_in(repo, "commit", "--quiet", "--all", "--message", "second")


def add_a_repository_inside(repo: Path) -> None:
    inner = repo / "inner"
    inner.mkdir()
    (inner / "x.py").write_text("", encoding="utf-8")
    committed_repository(inner)


def replace_by_a_link(repo: Path) -> None:
    (repo / "other.py").unlink()
    (repo / "other.py").symlink_to("/etc/hostname")


@pytest.mark.parametrize(
    "hide",
    [
        hide_in_index,
        hide_by_sparse_checkout,
        hide_by_rules_that_hide_themselves,
        hide_in_a_folder_that_hides_itself,
        hide_by_private_rules,
        hide_behind_the_same_size_and_time,
        hide_behind_a_clean_filter,
        name_a_program_in_the_settings,
        name_a_program_in_included_settings,
        add_a_hook,
        hide_by_rules_that_the_settings_name,
        change_what_git_compares,
        add_a_hook_that_is_ignored,
        commit,
        add_a_repository_inside,
        replace_by_a_link,
    ],
)
def test_no_change_of_a_repository_can_be_hidden(repo: Path, hide: Callable[[Path], None]) -> None:
    git_in(repo, "config", "include.path", "more")
    git_in(repo, "config", "core.excludesFile", str(repo / ".git" / "rules"))
    git_in(repo, "config", "core.hooksPath", ".husky/_")
    (repo / ".husky" / "_").mkdir(parents=True)
    (repo / ".husky" / "_" / ".gitignore").write_text("*\n", encoding="utf-8")
    granted = spec(repo, "python3", "run.py")
    grant(granted)
    hide(repo)
    assert not preview(granted).granted


def test_a_changed_file_that_stays_as_it_was_seen_is_covered(repo: Path) -> None:
    change(repo / "other.py")
    change(repo / "new.py")
    granted = spec(repo, "python3", "run.py")
    grant(granted)
    change(repo / "new.py")
    assert "new.py has changed" in preview(granted).changed


def test_a_change_in_a_submodule_is_seen_and_none_of_its_programs_runs(repo: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "x.py").write_text("", encoding="utf-8")
    committed_repository(inner)
    git_in(repo, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(inner), "inner")
    git_in(repo, "commit", "--quiet", "--message", "with a submodule")
    git_in(repo / "inner", "config", "core.fsmonitor", f"touch {tmp_path / 'ran'}")
    granted = spec(repo, "python3", "run.py")
    grant(granted)
    change(repo / "inner" / "x.py")
    assert "x.py has changed" in preview(granted).changed
    assert not (tmp_path / "ran").exists()


def test_an_ignored_file_is_bound_where_it_is_named_and_not_elsewhere(repo: Path) -> None:
    (repo / ".gitignore").write_text("build/\n*.log\n", encoding="utf-8")
    change(repo / "build" / "classes" / "Main.class")
    change(repo / "build" / "tool.sh")
    classes, script = spec(repo, "java", "-cp", "build/classes", "Main"), spec(repo, "sh", "build/tool.sh")
    for granted in (classes, script):
        grant(granted)
    change(repo / "x.log")
    assert preview(classes).granted
    assert "files that git ignores are not bound" in " ".join(facts(classes).values())
    change(repo / "build" / "classes" / "Main.class")
    assert not preview(classes).granted
    assert preview(script).granted
    change(repo / "build" / "tool.sh")
    assert not preview(script).granted


@pytest.mark.parametrize(
    ("words", "really_runs"),
    [
        (["node", "./build/main"], "build/main.js"),
        (["node", "-r", "./build/hook", "x.js"], "build/hook.js"),
        (["ruby", "-r./build/x", "-e", "1"], "build/x.rb"),
        (["lua", "-lbuild.x", "-e", "1"], "build/x.lua"),
        (["java", "-cp", "build/libs/*", "Main"], "build/libs/a.jar"),
        (["sh", "-c", "for f in build/*.sh; do . $f; done"], "build/a.sh"),
        (["sh", "-c", "sh b?ild/x.sh"], "build/x.sh"),
        (["sh", "-c", 'x=build/x; sh "${x}.sh"'], "build/x.sh"),
        (["sh", "-c", "sh $(pwd)/build/x.sh"], "build/x.sh"),
        (["bash", "-c", ". build/{a,b}.sh"], "build/a.sh"),
        (["sh", "-c", "cd sub && node gen"], "sub/gen.js"),
        (["make", "build/x"], "build/Makefile"),
        (["python3", "-c", "import gen_pb2"], "gen_pb2.py"),
        (["python3", "-c", "import build.gen"], "build/gen.py"),
        (["perl", "-I.", "-Mbuild::Y", "-e1"], "build/Y.pm"),
        (["uvicorn", "build.app:main"], "build/app.py"),
        (["gunicorn", "gen_pb2:app"], "gen_pb2.py"),
        (["npm", "run", "x"], ".env"),
        (["direnv", "exec", ".", "x"], ".envrc"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_an_ignored_file_is_bound_where_a_word_may_mean_it(
    repo: Path, words: list[str], really_runs: str
) -> None:
    (repo / ".gitignore").write_text("build/\n*_pb2.py\ngen.js\n*.log\n.env*\n", encoding="utf-8")
    change(repo / really_runs)
    granted = spec(repo, *words)
    grant(granted)
    change(repo / "x.log")
    assert preview(granted).granted
    change(repo / really_runs)
    assert f"{Path(really_runs).name} has changed" in preview(granted).changed


def test_a_link_is_bound_to_what_it_leads_to(repo: Path) -> None:
    (repo / "link.sh").symlink_to("run.sh")
    granted = spec(repo, "sh", "link.sh")
    grant(granted)
    (repo / "link.sh").unlink()
    (repo / "link.sh").symlink_to("/bin/true")
    assert not preview(granted).granted


@pytest.mark.parametrize("has_git", [True, False], ids=["git", "folder"])
def test_a_repository_too_large_to_compare_is_trusted_once_or_whatever_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_git: bool
) -> None:
    repo = repository(tmp_path, has_git=has_git)
    change(repo / "new.py")
    monkeypatch.setattr("engine.trust.repository_state.MOST_FILES", 1)
    signalbox = CommandLine(tmp_path)
    file = signalbox.file("a.json", shell(repo, ["python3", "run.py"]))
    refused = signalbox("trust", "grant", file, code=2)
    assert "more than 1 files to compare" in refused.err
    assert TrustStore().grants() == []
    signalbox("trust", "grant", file, "--once")
    signalbox("submit", file, trust=False)
    again = signalbox.file("b.json", shell(repo, ["python3", "run.py"], job_id="again"))
    signalbox("submit", again, code=3, trust=False)
    signalbox("trust", "grant", file, "--whatever-the-repository-holds")
    signalbox("submit", again, trust=False)
