"""What git sees of an attempt in repositories that are set up oddly: a change, none, or that it cannot say."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.adapters.test_evidence import Work, unverified
from tests.helpers.attempts import Attempts, git_caller

Prepare = Callable[[Path], object]


@pytest.fixture
def work(attempts: Attempts, repo: Path, tmp_path: Path) -> Work:
    git = git_in(repo)
    (repo / ".gitignore").write_text("*.log\nbuild/\n")
    (repo / "ends.txt").write_text("a\nb\n")
    (repo / "sub").mkdir()
    (repo / "sub" / "x.py").write_text("1\n")
    git("add", "--all")
    git("commit", "--quiet", "--message", "more")
    (repo / "old.log").write_text("as it was\n")
    (repo / "build").mkdir()
    return Work(attempts, repo, tmp_path / "bin")


def git_in(repo: Path) -> Callable[..., str]:
    return lambda *words: git_caller(repo)("-c", "user.name=A", "-c", "user.email=a@b", *words)


def setting(*words: str) -> Prepare:
    return lambda repo: git_in(repo)("config", *words)


def sparse(repo: Path) -> None:
    git_in(repo)("sparse-checkout", "set", "--no-cone", "/*", "!/sub/")


def sparse_index(repo: Path) -> None:
    git_in(repo)("sparse-checkout", "set", "--cone", "--sparse-index", "other")


def attributes(text: str) -> Prepare:
    def write(repo: Path) -> None:
        (repo / ".git" / "info").mkdir(exist_ok=True)
        (repo / ".git" / "info" / "attributes").write_text(text)

    return write


def excluding(name: str) -> Prepare:
    def write(repo: Path) -> None:
        (repo / ".git" / "info").mkdir(exist_ok=True)
        (repo / ".git" / "info" / "exclude").write_text(f"{name}\n")
        (repo / name).write_text("as it was\n")

    return write


def nothing(repo: Path) -> None:
    del repo


def clone(source: Path, target: Path, *words: str) -> Path:
    subprocess.run(["git", "clone", "--quiet", *words, f"file://{source}", str(target)], check=True)
    return target


COMMIT = "git -c user.name=A -c user.email=a@b commit --quiet --all --message x"
TO_CRLF = r"printf 'a\r\nb\r\n' > ends.txt"
CASES: dict[str, tuple[Prepare, str, list[str] | str]] = {
    "line endings git converts": (setting("core.autocrlf", "input"), TO_CRLF, []),
    "line endings git keeps": (nothing, TO_CRLF, ["ends.txt"]),
    "line endings, set by the tool": (nothing, f"git config core.autocrlf input; {TO_CRLF}", "settings"),
    "text in the attributes": (attributes("*.txt text eol=crlf\n"), TO_CRLF, []),
    "attributes written by the tool": (
        nothing,
        f"echo '*.txt text' > .git/info/attributes; {TO_CRLF}",
        "settings",
    ),
    "attributes removed by the tool": (attributes("*.txt text\n"), "rm .git/info/attributes", "settings"),
    "a filter set by the tool": (nothing, "git config filter.x.clean cat", "settings"),
    "modes git leaves alone": (setting("core.fileMode", "false"), "chmod +x hello.py", []),
    "modes git compares": (nothing, "chmod +x hello.py", ["hello.py"]),
    "modes, set by the tool": (nothing, "git config core.fileMode false; chmod +x hello.py", "settings"),
    "an edit where modes do not count": (setting("core.fileMode", "false"), "echo >> hello.py", ["hello.py"]),
    "an ignored file added by force": (nothing, "echo x > a.log; git add -f a.log", ["a.log"]),
    "an ignored file committed": (nothing, f"echo x > a.log; git add -f a.log; {COMMIT}", ["a.log"]),
    "an ignored file added as it was": (nothing, "git add -f old.log", []),
    "an ignored file committed as it was": (nothing, f"git add -f old.log; {COMMIT}", []),
    "an ignored file edited and added": (nothing, "echo x >> old.log; git add -f old.log", ["old.log"]),
    "an ignored file alone": (nothing, "echo x > a.log", []),
    "a file the tool has git ignore": (
        nothing,
        "echo new.py > .git/info/exclude; echo > new.py",
        "ignores files",
    ),
    "a file the tool has git ignore for the user": (
        nothing,
        'mkdir -p "$XDG_CONFIG_HOME/git"; echo new.py > "$XDG_CONFIG_HOME/git/ignore"; echo > new.py',
        "ignores files",
    ),
    "a file ignored by rules the settings name": (
        setting("core.excludesFile", "~/rules"),
        'echo new.py > "$HOME/rules"; echo > new.py',
        "ignores files",
    ),
    "attributes written by the tool for the user": (
        nothing,
        f'mkdir -p "$XDG_CONFIG_HOME/git"; echo "*.txt text" > "$XDG_CONFIG_HOME/git/attributes"; {TO_CRLF}',
        "settings",
    ),
    "a rule added to .gitignore": (nothing, "echo new.py >> .gitignore; echo > new.py", [".gitignore"]),
    "attributes added to .gitattributes": (nothing, "echo '*.txt text' > .gitattributes", [".gitattributes"]),
    "a rule taken out of .gitignore": (nothing, "echo build/ > .gitignore", [".gitignore"]),
    "an ignored file edited and no longer ignored": (
        nothing,
        "echo build/ > .gitignore; echo >> old.log",
        [".gitignore", "old.log"],
    ),
    "a rule taken out of git's own": (excluding("ends.old"), ": > .git/info/exclude", "ignores files"),
    "an edit beside a new rule": (nothing, "echo new.py > .git/info/exclude; echo >> hello.py", ["hello.py"]),
    "nothing in a sparse checkout": (sparse, "true", []),
    "a file put into a sparse checkout": (sparse, "mkdir sub; echo 2 > sub/x.py", ["sub/x.py"]),
    "a sparse checkout made whole": (sparse, "git sparse-checkout disable", []),
    "a checkout made sparse": (nothing, "git sparse-checkout set --no-cone '/*' '!/sub/'", []),
    "nothing with a sparse index": (sparse_index, "true", []),
    "a file put where the index is sparse": (sparse_index, "mkdir sub; echo 2 > sub/x.py", ["sub/x.py"]),
    "the tool has a GIT_DIR of its own": (
        nothing,
        "GIT_DIR=/nowhere; export GIT_DIR; echo >> hello.py",
        ["hello.py"],
    ),
    "git is set to have no files": (setting("core.bare", "true"), "echo >> hello.py", "core.bare false"),
}


@pytest.mark.parametrize("change", ["required", "forbidden"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a17_in_an_odd_repository_git_sees_what_changed_or_a_person_decides(
    work: Work, repo: Path, case: tuple[Prepare, str, list[str] | str], change: str
) -> None:
    prepare, does, seen = case
    prepare(repo)
    result = work(does, change=change)
    if isinstance(seen, str):
        assert seen in unverified(result)
    else:
        assert [file["path"] for file in result.metadata.get("changed_files", [])] == seen
        assert result.success == (bool(seen) == (change == "required"))


PLACES = {
    "bare": ("bare.git", "is a bare repository"),
    "in a bare one": ("bare.git/info", "is a bare repository"),
    "git's own folder": ("repo/.git", "git's own folder"),
    "an ignored folder": ("repo/build", "git ignores"),
}


@pytest.mark.parametrize("change", ["required", "forbidden"])
@pytest.mark.parametrize(("where", "words"), PLACES.values(), ids=PLACES)
def test_a17_where_git_compares_nothing_a_person_decides(
    work: Work, repo: Path, where: str, words: str, change: str
) -> None:
    clone(repo, repo.parent / "bare.git", "--bare")
    folder = repo.parent / where.replace("repo/", f"{repo.name}/")
    sentence = unverified(Work(work.attempts, folder, work.bin)("echo x > new.txt", change=change))
    assert words in sentence
    assert "git init" not in sentence


def test_a17_a_change_around_an_ignored_folder_is_seen(work: Work, repo: Path, attempts: Attempts) -> None:
    result = Work(attempts, repo / "build", work.bin)("echo >> ../hello.py")
    assert [file["path"] for file in result.metadata["changed_files"]] == ["hello.py"]


@pytest.mark.parametrize("kind", ["shallow", "partial", "a submodule", "a linked working tree"])
def test_a17_in_other_kinds_of_working_trees_changes_are_seen_and_nothing_else(
    work: Work, repo: Path, attempts: Attempts, tmp_path: Path, kind: str
) -> None:
    git, root = git_in(repo), tmp_path / "other"
    match kind:
        case "shallow":
            clone(repo, root, "--depth", "1")
        case "partial":
            git("config", "uploadpack.allowFilter", "true")
            clone(repo, root, "--filter=blob:none")
        case "a submodule":
            inner = clone(repo, tmp_path / "inner")
            git("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(inner), "module")
            root = repo / "module"
        case _:
            git("worktree", "add", "--quiet", str(root))
    there = Work(attempts, root, work.bin)
    assert [file["path"] for file in there("echo >> hello.py").metadata["changed_files"]] == ["hello.py"]
    assert there().metadata["failure_class"] == "no_change"


def test_a17_what_a_partial_clone_lacks_is_not_fetched_and_a_person_decides(
    work: Work, repo: Path, attempts: Attempts, tmp_path: Path
) -> None:
    git_in(repo)("config", "uploadpack.allowFilter", "true")
    root = clone(repo, tmp_path / "other", "--filter=blob:none", "--sparse")
    assert "partial clone" in unverified(Work(attempts, root, work.bin)("mkdir sub; echo 2 > sub/x.py"))


def test_a17_git_variables_of_the_environment_lead_nowhere(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, "/nowhere")
    assert work().metadata["failure_class"] == "no_change"
    assert work("echo >> hello.py").success


def test_a17_a_repository_moved_away_is_not_answered_for(work: Work, repo: Path) -> None:
    shutil.copytree(repo, repo.parent / "copy")
    assert "git" in unverified(work("mv .git ../elsewhere"))
