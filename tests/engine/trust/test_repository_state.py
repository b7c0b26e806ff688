"""What is bound where a command may load any file of a repository: no change of it can be hidden."""

import hashlib
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.trust.named_files import named_files
from engine.trust.trust_store import TrustStore
from tests.helpers.command_line import CommandLine
from tests.helpers.trusted_repository import (
    change,
    committed_repository,
    facts,
    git_in,
    git_output,
    grant,
    preview,
    repository,
    shell,
    spec,
    write,
)

_FACTS = 62
"""How many bytes of an entry of the index are before its name."""


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


def forge_the_index(repo: Path) -> None:
    """Have the index hold the size and times that the changed file has now."""
    file, index = repo / "other.py", repo / ".git" / "index"
    file.write_bytes(b"raise")
    now, content = file.stat(), bytearray(index.read_bytes()[:-20])
    facts = content.index(b"other.py\0") - _FACTS
    times = (now.st_ctime_ns, now.st_mtime_ns)
    numbers = [part for time in times for part in divmod(time, 10**9)]
    numbers += [now.st_dev, now.st_ino, now.st_mode, now.st_uid, now.st_gid, now.st_size]
    struct.pack_into(">10I", content, facts, *(number & 0xFFFFFFFF for number in numbers))
    index.write_bytes(bytes(content) + hashlib.sha1(content, usedforsecurity=False).digest())
    os.utime(
        index, (now.st_mtime + 60, now.st_mtime + 60)
    )  # else git reads a file as recent as its index again
    assert git_output(repo, "status", "--porcelain") == ""


def forge_the_object_of_the_tree(repo: Path) -> None:
    """Have the commit list another file than it did."""
    write(repo / "other.py", "raise\n")
    changed = git_output(repo, "hash-object", "-w", "other.py").strip()
    tree = git_output(repo, "rev-parse", "HEAD^{tree}").strip()
    original = git_output(repo, "rev-parse", "HEAD:other.py").strip()
    file = repo / ".git" / "objects" / tree[:2] / tree[2:]
    file.chmod(0o644)
    content = zlib.decompress(file.read_bytes())
    file.write_bytes(zlib.compress(content.replace(bytes.fromhex(original), bytes.fromhex(changed))))


def hide_behind_the_ident_of_attributes(repo: Path) -> None:
    write(repo / "ident.py", f"$Id: {'b' * 40} $\n")


def hide_behind_a_filter_of_the_user(repo: Path) -> None:
    write(repo / "filtered.py", "evil\n")


def hide_behind_line_endings(repo: Path) -> None:
    write(repo / "ends.sh", "true\r\n")


def make_executable(repo: Path) -> None:
    (repo / "other.sh").chmod(0o755)


def hide_behind_an_entry_marked_valid(repo: Path) -> None:
    change(repo / "other.py")
    git_in(repo, "update-index", "--fsmonitor-valid", "other.py")


def put_a_file_where_a_sparse_checkout_has_none(repo: Path) -> None:
    write(repo / "sub" / "run.py", "raise\n")


def add_an_ignored_file_by_force(repo: Path) -> None:
    write(repo / "left_out.log", "changed\n")


def change_in_a_folder_with_an_odd_name(repo: Path) -> None:
    write(repo / '"odd\nname".py', "raise\n")


def empty_the_index(repo: Path) -> None:
    git_in(repo, "read-tree", "--empty")
    write(repo / ".git" / "info" / "exclude", "*\n")
    change(repo / "other.py")


def add_a_submodule_to_the_index_alone(repo: Path) -> None:
    write(repo / "hidden" / "x.py", "raise\n")
    git_in(repo, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},hidden")


@pytest.mark.parametrize(
    "hide",
    [
        forge_the_index,
        forge_the_object_of_the_tree,
        hide_behind_the_ident_of_attributes,
        hide_behind_a_filter_of_the_user,
        hide_behind_line_endings,
        make_executable,
        hide_behind_an_entry_marked_valid,
        put_a_file_where_a_sparse_checkout_has_none,
        add_an_ignored_file_by_force,
        change_in_a_folder_with_an_odd_name,
        empty_the_index,
        add_a_submodule_to_the_index_alone,
    ],
)
def test_a02_nothing_that_git_takes_for_unchanged_is_hidden(
    repo: Path, hide: Callable[[Path], None], user_folders: Path
) -> None:
    write(user_folders / ".gitconfig", "[filter \"same\"]\n\tclean = printf 'pass\\\\n'\n")
    git_in(repo, "config", "core.fileMode", "false")
    git_in(repo, "config", "core.autocrlf", "input")
    git_in(repo, "config", "core.safecrlf", "false")
    write(repo / ".gitattributes", "ident.py ident\nfiltered.py filter=same\nends.sh text\n")
    write(repo / ".gitignore", "*.log\n")
    write(repo / "ident.py", f"$Id: {'a' * 40} $\n")
    write(repo / "filtered.py", "pass\n")
    write(repo / "ends.sh", "true\n\n")
    write(repo / "left_out.log", "as it was\n")
    write(repo / '"odd\nname".py', "pass\n")
    git_in(repo, "add", "--all")
    git_in(repo, "add", "--force", "left_out.log")
    git_in(repo, "commit", "--quiet", "--message", "second")
    git_in(repo, "sparse-checkout", "set", "--no-cone", "/*", "!/sub/")
    granted = spec(repo, "python3", "run.py")
    grant(granted)
    assert preview(granted).granted
    hide(repo)
    assert not preview(granted).granted
    assert preview(granted).changed


def test_a02_a_file_is_not_taken_for_another_whose_name_lacks_the_carriage_return(repo: Path) -> None:
    for name in ("same.py", "same.py\r"):
        write(repo / name, "pass\n")
    git_in(repo, "add", "--all")
    git_in(repo, "commit", "--quiet", "--message", "second")
    granted = spec(repo, "python3", "run.py")
    grant(granted)
    git_in(repo, "update-index", "--assume-unchanged", "same.py\r")
    change(repo / "same.py\r")
    assert not preview(granted).granted


def test_a02_what_git_does_to_its_index_changes_nothing(repo: Path) -> None:
    git_in(repo, "config", "core.fileMode", "false")
    git_in(repo, "sparse-checkout", "set", "--no-cone", "/*", "!/sub/")
    granted = spec(repo, "python3", "run.py")
    grant(granted)
    (repo / "other.py").touch()
    git_in(repo, "update-index", "--refresh", "--split-index", "--assume-unchanged", "run.sh")
    assert preview(granted).granted


def test_a02_what_a_partial_clone_lacks_is_not_fetched_by_a_program_of_the_repository(
    repo: Path, tmp_path: Path
) -> None:
    write(tmp_path / "fetch.sh", f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    (tmp_path / "fetch.sh").chmod(0o755)
    tree = git_output(repo, "rev-parse", "HEAD^{tree}").strip()
    (repo / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": "ssh://nowhere/x",
        "remote.origin.promisor": "true",
        "core.sshCommand": str(tmp_path / "fetch.sh"),
        "protocol.ssh.allow": "always",
    }.items():
        git_in(repo, "config", key, value)
    plan = preview(spec(repo, "python3", "run.py")).plans[0]
    assert plan.lasting is None
    assert not (tmp_path / "ran").exists()


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
    monkeypatch.setattr("engine.trust.repository_reading.MOST_FILES", 1)
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


def test_a_pattern_that_leads_far_is_given_up_in_good_time_and_counts_as_unknown(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}").symlink_to(tmp_path)
    (tmp_path / "a.sh").touch()
    (tmp_path / ".hidden.sh").touch()
    root = str(tmp_path)
    assert not named_files(["cat", "*/*/*/*/*/*/*/*/nothing"], root, root).is_complete
    found = named_files(["cat", "1?/*.sh"], root, root)
    assert found.is_complete
    assert found.perhaps.keys() == {f"{root}/a.sh", *(f"{root}/{number}/a.sh" for number in range(10, 20))}
