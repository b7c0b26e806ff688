"""What a configuration, an object or a check has prepared runs nothing and reaches no other tree."""

import subprocess
from pathlib import Path

import pytest

from state.worktree_records import MergeMethod, MergeState
from tests.engine.merging.conftest import BRANCH, Merging
from tests.helpers.attempts import git_caller

SIGNATURE = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ\n -----END PGP SIGNATURE-----"


@pytest.fixture
def canary(merging: Merging) -> Path:
    """A program that leaves a file when it is run."""
    program = merging.root / "program"
    program.write_text(f"#!/bin/sh\ntouch {program}.ran\nexec cat\n")
    program.chmod(0o755)
    return program


def has_run(program: Path) -> bool:
    return program.with_name(f"{program.name}.ran").exists()


def name_filter(merging: Merging, program: Path, key: str) -> None:
    """Have the configuration name a filter where this condition holds, for a file of the branch."""
    merging.commit(".gitattributes", "*.txt filter=x\n")
    named = merging.root / "named"
    named.write_text(f'[filter "x"]\n\tsmudge = {program}\n\tclean = {program}\n')
    merging.git("config", f"{key}.path", str(named))


def rewritten(merging: Merging, **headers: str) -> str:
    """The branch's commit with these headers, made by hand."""
    body = merging.git("cat-file", "commit", BRANCH)
    head, _, text = body.partition("\n\n")
    lines = [headers.pop(line.split()[0], line) for line in head.splitlines()]
    content = "\n".join([*lines, *headers.values()]) + f"\n\n{text}\n"
    words = ["git", "hash-object", "-t", "commit", "-w", "--literally", "--stdin"]
    made = subprocess.run(words, cwd=merging.repo, input=content, capture_output=True, text=True, check=True)
    merging.git("update-ref", f"refs/heads/{BRANCH}", made.stdout.strip())
    return made.stdout.strip()


@pytest.mark.parametrize("method", list(MergeMethod))
def test_the_program_that_checks_signatures_is_not_run(
    merging: Merging, canary: Path, method: MergeMethod
) -> None:
    merging.method = method
    rewritten(merging, gpgsig=SIGNATURE)
    merging.commit("main.txt", "main\n", branch="main")
    merging.git("config", "gpg.program", str(canary))
    merging.git("config", "log.showSignature", "true")
    assert merging.merged().state is MergeState.MERGED
    assert not has_run(canary)


@pytest.mark.parametrize("key", ["includeIf.gitdir:**/worktrees/**", "includeIf.onbranch:main"])
def test_a_program_named_for_the_tree_of_the_target_alone_is_not_run(
    merging: Merging, canary: Path, key: str
) -> None:
    merging.git("worktree", "add", "-q", str(merging.root / "of-main"), "main")
    name_filter(merging, canary, key)
    assert merging.merged().state is MergeState.BLOCKED
    assert not has_run(canary)


def test_a_program_named_for_the_tree_of_the_check_alone_is_not_run(merging: Merging, canary: Path) -> None:
    name_filter(merging, canary, "includeIf.gitdir:**/worktrees/**")
    merging.check = "open('work.txt')"
    assert merging.merged().state is MergeState.MERGED
    assert not has_run(canary)


def test_an_object_that_a_ref_puts_in_the_place_of_another_is_not_merged(merging: Merging) -> None:
    shown = merging.git("rev-parse", BRANCH)
    evil = merging.commit("work.txt", "evil\n", branch="evil")
    merging.git("replace", shown, evil)
    assert merging.merged().state is MergeState.MERGED
    assert merging.git("--no-replace-objects", "show", "main:work.txt") == "work"


def test_a_file_of_grafts_changes_no_history(merging: Merging) -> None:
    (merging.repo / ".git" / "info").mkdir(exist_ok=True)
    (merging.repo / ".git" / "info" / "grafts").write_text(merging.git("rev-parse", BRANCH) + "\n")
    assert merging.merged().state is MergeState.MERGED


def test_a_message_is_stored_as_utf_8_whatever_the_configuration_says(merging: Merging) -> None:
    merging.git("config", "i18n.commitEncoding", "ISO-8859-1")
    merging.git("config", "i18n.logOutputEncoding", "UTF-16")
    merging.method = MergeMethod.REBASE
    merging.commit("more.txt", "more\n")
    merging.commit("main.txt", "main\n", branch="main")
    assert merging.merged().state is MergeState.MERGED
    assert "encoding" not in merging.git("cat-file", "commit", "main")
    assert merging.git("-c", "i18n.logOutputEncoding=UTF-8", "log", "-1", "--format=%s", "main") == (
        "Write more.txt"
    )


@pytest.mark.parametrize(
    ("author", "kept"),
    [
        (" <a@b>", "a@b <a@b>"),
        ("... <a@b>", "a@b <a@b>"),
        ("A <>", "A <>"),
        ("<>", "unknown <>"),
        ("Jörg Ä <j@x>", "Jörg Ä <j@x>"),
    ],
)
def test_a_rebase_takes_no_other_author_for_one_without_a_name(
    merging: Merging, author: str, kept: str
) -> None:
    merging.method = MergeMethod.REBASE
    rewritten(merging, author=f"author {author} 1600000000 +0230")
    merging.commit("main.txt", "main\n", branch="main")
    assert merging.merged().state is MergeState.MERGED
    assert (
        merging.git("log", "-1", "--format=%an <%ae> %ad", "--date=raw", "main") == f"{kept} 1600000000 +0230"
    )


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_check_that_tells_git_to_overlook_its_changes_spoils_no_later_check(
    merging: Merging, flag: str
) -> None:
    merging.check = (
        f"import subprocess; subprocess.run(['git', 'update-index', '{flag}', 'hello.py'], check=True); "
        "open('hello.py', 'w').close()"
    )
    assert merging.merged().state is MergeState.MERGED
    merging.commit("more.txt", "more\n")
    merging.check = "import sys; sys.exit('hello' not in open('hello.py').read())"
    assert merging.merged().state is MergeState.MERGED


@pytest.mark.parametrize(
    "left",
    [
        "os.symlink('/nowhere/at/all', here)",
        "os.symlink(os.path.expanduser('~'), here)",
        "open(here, 'w').close()",
        "os.makedirs(here + '/.git')",
        "os.makedirs(here + '/closed/inner'); os.chmod(here + '/closed', 0)",
    ],
)
def test_whatever_a_check_leaves_in_the_place_of_its_tree_the_next_one_has_a_tree(
    merging: Merging, left: str
) -> None:
    merging.check = f"import os, shutil; here = os.getcwd(); os.chdir('/'); shutil.rmtree(here); {left}"
    assert merging.merged().state is MergeState.MERGED
    merging.commit("more.txt", "more\n")
    merging.check = "open('more.txt')"
    assert merging.merged().state is MergeState.MERGED


def test_a_tree_of_the_check_that_names_another_folder_is_made_anew(merging: Merging) -> None:
    other = merging.root / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine\n")
    merging.git("config", "extensions.worktreeConfig", "true")
    words = ["git", "config", "--worktree", "core.worktree", str(other)]
    merging.check = f"import subprocess; subprocess.run({words}, check=True)"
    assert merging.merged().state is MergeState.MERGED
    merging.commit("more.txt", "more\n")
    merging.check = "open('more.txt')"
    assert merging.merged().state is MergeState.MERGED
    assert [file.name for file in other.iterdir()] == ["mine.txt"]


def test_a_tree_of_the_check_that_claims_to_be_another_tree_is_made_anew(merging: Merging) -> None:
    other = merging.root / "other"
    merging.git("worktree", "add", "-q", "-b", "mine", str(other))
    merging.check = f"open('.git', 'w').write(open({str(other / '.git')!r}).read())"
    assert merging.merged().state is MergeState.MERGED
    merging.commit("more.txt", "more\n")
    merging.check = "open('more.txt')"
    assert merging.merged().state is MergeState.MERGED
    git = git_caller(other)
    assert (git("branch", "--show-current"), git("status", "--porcelain")) == ("mine", "")


def test_a_target_whose_tree_names_another_folder_is_left_alone(merging: Merging) -> None:
    other = merging.root / "other"
    other.mkdir()
    (other / "work.txt").write_text("mine\n")
    merging.git("switch", "-q", "main")
    merging.git("config", "core.worktree", str(other))
    step = merging.merged()
    assert step.state is MergeState.BLOCKED
    assert "core.worktree" in step.reason
    assert [(file.name, file.read_text()) for file in other.iterdir()] == [("work.txt", "mine\n")]


def test_a_target_that_is_checked_out_as_a_submodule_moves_there(merging: Merging) -> None:
    outer, part = merging.root / "outer", merging.root / "outer" / "part"
    outer.mkdir()
    git_caller(outer)("init", "-q")
    words = ("-c", "protocol.file.allow=always", "submodule", "add", "-q", "-b", "main")
    git_caller(outer)(*words, str(merging.repo), "part")
    git = git_caller(part)
    git("fetch", "-q", "origin", f"{BRANCH}:{BRANCH}")
    inner = Merging(part, merging.root, check="open('work.txt')")
    assert inner.merged().state is MergeState.MERGED
    assert ((part / "work.txt").read_text(), git("status", "--porcelain")) == ("work\n", "")
