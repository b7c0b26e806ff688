"""The list of changed files says everything that a person must know before opening one."""

import os
import stat
from pathlib import Path

import pytest

from engine.errors import GitError
from engine.review.changed_files import LARGE_BYTES, LARGE_LINES, changed_files
from engine.review.diff_records import ChangeLetter
from engine.system.git import changed_files as git_changed_files
from tests.engine.review.conftest import TwoCommits
from tests.helpers.attempts import git_caller

TEXT = "one\ntwo\nthree\nfour\n"


def test_v1_modified_added_deleted_and_renamed_files_have_their_letters_and_counts(
    commits: TwoCommits,
) -> None:
    commits.commit({"kept": TEXT, "gone": TEXT + "gone\n", "sub/old name": TEXT * 3})
    commits.commit(
        {
            "kept": TEXT + "five\n",
            "gone": None,
            "sub/old name": None,
            "new\nname": TEXT * 3 + "x\n",
            "fresh": "a\n",
        }
    )
    found = {file.path: (file.letter, file.old_path, file.added, file.removed) for file in commits.files()}
    assert found == {
        "fresh": (ChangeLetter.ADDED, None, 1, 0),
        "gone": (ChangeLetter.DELETED, None, 0, 5),
        "kept": (ChangeLetter.MODIFIED, None, 1, 0),
        "new\nname": (ChangeLetter.RENAMED, "sub/old name", 1, 0),
    }


def test_v1_a_copy_is_an_added_file_with_all_its_lines(commits: TwoCommits) -> None:
    commits.commit({"a": TEXT})
    commits.commit({"a": TEXT + "more\n", "b": TEXT})
    assert [(file.path, file.letter, file.added) for file in commits.files()] == [
        ("a", ChangeLetter.MODIFIED, 1),
        ("b", ChangeLetter.ADDED, 4),
    ]


def test_v1_a_name_that_is_no_utf8_leads_back_to_its_file(commits: TwoCommits) -> None:
    commits.commit({"a": ""})
    commits.commit({os.fsdecode(b"caf\xe9"): TEXT})
    (file,) = commits.files()
    assert os.fsencode(file.path) == b"caf\xe9"
    assert len(commits.patch().hunks[0].rows) == 4


def test_v1_changes_of_mode_and_type_are_told(commits: TwoCommits) -> None:
    commits.commit({"run": TEXT, "link": TEXT})
    (commits.root / "run").chmod(0o755)
    (commits.root / "link").unlink()
    (commits.root / "link").symlink_to("run")
    commits.commit()
    link, run = commits.files()
    assert (run.old_mode, run.new_mode, run.is_mode_changed, run.is_type_changed) == (
        "100644",
        "100755",
        True,
        False,
    )
    assert (link.letter, link.is_type_changed, link.new_mode) == (ChangeLetter.MODIFIED, True, "120000")


def test_v1_a_submodule_is_two_commits_and_no_text(commits: TwoCommits) -> None:
    inner = TwoCommits(commits.root / "inner")
    inner.commit({"x": "1"})
    commits.commit()
    inner.commit({"x": "2"})
    commits.commit()
    (file,) = commits.files()
    assert (file.path, file.is_submodule, file.added, file.removed) == ("inner", True, 1, 1)
    assert [row.text for row in commits.patch().hunks[0].rows] == [
        f"Subproject commit {inner.before}",
        f"Subproject commit {inner.after}",
    ]


def test_v1_a_file_with_a_nul_is_binary_and_has_no_counts(commits: TwoCommits) -> None:
    commits.commit({"picture": b"\x89PNG\0\1"})
    commits.commit({"picture": b"\x89PNG\0\2"})
    (file,) = commits.files()
    assert (file.is_binary, file.added, file.removed, file.new_size) == (True, 0, 0, 6)
    assert commits.patch().hunks == []


def test_v1_texts_that_an_attribute_calls_binary_have_their_counts_whatever_their_lines_are(
    commits: TwoCommits,
) -> None:
    odd = "@@ -1,9 +1,9 @@\nindex 123..456\n\\ No newline at end of file\n-\n+\n"
    commits.commit({"a": f"1\n2\n{odd}3\n", "b": "x", "c": "x\n", "d": "x\n"})
    commits.commit(
        {".gitattributes": "* -diff\n", "a": f"1\n{odd}3\n{odd}", "b": "y", "c": "x", "d": None, "e": odd}
    )
    counts = {file.path: (file.added, file.removed) for file in commits.files()}
    assert counts == {
        ".gitattributes": (1, 0),
        "a": (5, 1),
        "b": (1, 1),
        "c": (1, 1),
        "d": (0, 1),
        "e": (5, 0),
    }


@pytest.mark.parametrize("attribute", ["-diff", "binary", "diff=odd"])
def test_v1_no_attribute_makes_a_text_binary(commits: TwoCommits, attribute: str) -> None:
    commits.commit({"a.py": TEXT, "b.py": TEXT})
    commits.git("config", "diff.odd.binary", "true")
    commits.commit(
        {".gitattributes": f"*.py {attribute}\n", "a.py": TEXT + "five\n", "b.py": None, "c.py": TEXT + "c\n"}
    )
    found = {file.path: (file.is_binary, file.added, file.removed) for file in commits.files()}
    assert found["a.py"] == (False, 1, 0)
    assert found["c.py"] == (False, 1, 0)  # renamed
    assert [row.text for row in commits.patches(context=0)["a.py"].hunks[0].rows] == ["five"]


def test_v1_no_program_of_the_repository_runs(commits: TwoCommits, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    for name in ("diff.external", "diff.odd.command", "diff.odd.textconv", "core.fsmonitor"):
        commits.git("config", name, str(program))
    commits.commit({".gitattributes": "* diff=odd\n", "a": TEXT})
    commits.commit({"a": TEXT + "five\n"})
    (tmp_path / "ran").unlink(missing_ok=True)
    assert commits.patch().hunks[0].rows[-1].text == "five"
    assert not (tmp_path / "ran").exists()


def test_v1_a_submodule_that_is_to_be_ignored_is_listed(commits: TwoCommits) -> None:
    commits.commit({".gitmodules": '[submodule "lib"]\n\tpath = lib\n\turl = ../lib\n\tignore = all\n'})
    for commit in ("1" * 40, "2" * 40):
        commits.git("update-index", "--add", "--cacheinfo", f"160000,{commit},lib")
        commits.git("commit", "-q", "-m", "lib")
        commits.before, commits.after = commits.after, commits.git("rev-parse", "HEAD")
    assert [row.text[-40:] for row in commits.patch().hunks[0].rows] == ["1" * 40, "2" * 40]
    assert [file.path for file in git_changed_files(commits.root, commits.before, commits.after)] == ["lib"]


def test_v1_more_files_than_one_command_can_name_have_their_counts(
    commits: TwoCommits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.review.file_diffs._AT_ONCE", 2)
    commits.commit({".gitattributes": "* -diff\n"})
    commits.commit({f"{number}": TEXT for number in range(5)})
    assert [(file.added, file.is_binary) for file in commits.files()] == [(4, False)] * 5


def test_v1_no_setting_of_the_repository_changes_what_is_read(commits: TwoCommits) -> None:
    commits.commit({"a": "1\n\n2\n3\n", "b": TEXT})
    commits.commit({"a": "1\n\n2\n4\n", "b": None, "c": TEXT})
    usual = commits.patches()
    for name, value in {
        "diff.noprefix": "true", "diff.mnemonicPrefix": "true", "color.ui": "always", "color.diff": "always",
        "diff.context": "0", "diff.suppressBlankEmpty": "true", "diff.renames": "false", "core.quotePath": "false",
        "diff.algorithm": "patience", "diff.interHunkContext": "50", "diff.submodule": "log", "diff.wordRegex": ".",
        "diff.colorMoved": "zebra", "diff.ignoreSubmodules": "all", "diff.relative": "true", "core.abbrev": "4",
    }.items():  # fmt: skip
        commits.git("config", name, value)
    assert commits.patches() == usual
    assert usual["c"].file.old_path == "b"


def test_v1_contents_that_a_repository_names_in_place_of_others_are_not_shown(commits: TwoCommits) -> None:
    commits.commit({"a": TEXT})
    commits.commit({"a": TEXT + "five\n", "b": "2\n"})
    before = commits.patches()
    commits.git("replace", f"{commits.after}:a", f"{commits.before}:a")
    commits.git("replace", f"{commits.after}^{{tree}}", f"{commits.before}^{{tree}}")
    assert commits.patches() == before


def test_v1_a_repository_with_long_ids_is_read_alike(tmp_path: Path) -> None:
    commits = TwoCommits(tmp_path / "repo", object_format="sha256")
    commits.commit({"a": TEXT, "b": "1\n"})
    commits.commit({"a": TEXT + "five\n", "b": None})
    assert [(file.path, len(file.old_blob), file.new_blob == "") for file in commits.files()] == [
        ("a", 64, False),
        ("b", 64, True),
    ]
    assert commits.patches()["a"].hunks[0].rows[-1].text == "five"


def test_v1_where_white_space_is_ignored_a_file_that_differs_in_nothing_else_stays_listed(
    commits: TwoCommits,
) -> None:
    commits.commit({"a": "if x:\n  y\n", "b": "1\n"})
    commits.commit({"a": "if x:\n    y\n", "b": "2\n"})
    told = [
        (file.path, file.added, file.is_whitespace_only) for file in commits.files(ignore_whitespace=True)
    ]
    assert told == [("a", 0, True), ("b", 1, False)]
    assert [file.is_whitespace_only for file in commits.files()] == [False, False]


def test_v1_files_outside_the_scope_are_flagged_also_where_a_file_was_renamed(commits: TwoCommits) -> None:
    commits.commit({"src/a": TEXT, "src/b": TEXT + "b\n", "docs/c": TEXT + "c\n"})
    commits.commit(
        {"src/a": "x\n", "src/b": None, "docs/b": TEXT + "b\n", "docs/c": None, "src/c": TEXT + "c\n"}
    )
    told = {file.path: file.is_outside_scope for file in commits.files(scope=("src/**",))}
    assert told == {"src/a": False, "docs/b": True, "src/c": True}
    assert not any(file.is_outside_scope for file in commits.files())


def test_v1_generated_vendored_and_minified_files_are_folded_with_their_counts(commits: TwoCommits) -> None:
    names = [
        "uv.lock",
        "web/package-lock.json",
        "vendor/lib.py",
        "node_modules/x/y.js",
        "a.min.js",
        "x_pb2.py",
        "go.sum",
    ]
    marked = {
        "marked.py": "# @generated by a tool\n1\n",
        "go.go": "// Code generated by protoc. DO NOT EDIT.\n",
    }
    minified = {"bundle.js": "a" * 4000}
    own = {
        "lock.py": "1\n",
        "vendored.py": "1\n",
        "talks.py": "x = 'about @ generated'\n",
        "data.txt": "a" * 4000,
    }
    commits.commit({"a": ""})
    commits.commit({**dict.fromkeys(names, TEXT), **marked, **minified, **own})
    generated = {file.path for file in commits.files() if file.is_generated}
    assert generated == {*names, *marked, *minified}
    assert all(file.added for file in commits.files())


def test_v1_a_change_cannot_fold_its_own_files_away(commits: TwoCommits) -> None:
    commits.commit({"a.py": TEXT, "b.py": TEXT})
    commits.commit(
        {
            ".gitattributes": "*.py linguist-generated -diff\n",
            "a.py": f"# @generated\n{TEXT}",
            "b.py": TEXT + "x\n",
        }
    )
    assert [file.path for file in commits.files() if file.is_generated] == []


def test_v1_attributes_outside_of_the_commits_fold_nothing(commits: TwoCommits) -> None:
    commits.commit({".gitattributes": "*.txt text\n", "a.py": TEXT})
    commits.commit({"a.py": "x\n"})
    (commits.root / ".git/info/attributes").write_text("* linguist-generated -diff\n")
    (commits.root / "everything").write_text("* linguist-generated\n")
    commits.git("config", "core.attributesFile", str(commits.root / "everything"))
    (file,) = commits.files()
    assert (file.is_generated, file.is_binary, file.added, file.removed) == (False, False, 1, 4)


def test_v1_the_attributes_of_the_base_say_what_is_generated(commits: TwoCommits) -> None:
    told = "*.api linguist-generated\n*.bin.txt -diff\nuv.lock -linguist-generated\n"
    told += "vendor/own/** linguist-vendored=false\n"
    files = {
        "a.api": "1\n",
        "b.bin.txt": "1\n",
        "uv.lock": "1\n",
        "vendor/own/x": "1\n",
        "sub/c": "1\n",
        "d": "1\n",
    }
    commits.commit({".gitattributes": told, "sub/.gitattributes": "c linguist-vendored\n", **files})
    commits.commit({**dict.fromkeys(files, "2\n"), ".gitattributes": "", "sub/.gitattributes": ""})
    assert {file.path for file in commits.files() if file.is_generated} == {"a.api", "b.bin.txt", "sub/c"}


def test_v1_large_files_are_folded(commits: TwoCommits) -> None:
    commits.commit({"a": "", "wide": "x"})
    commits.commit(
        {"long": "x\n" * (LARGE_LINES + 1), "wide": "x" * (LARGE_BYTES + 1), "usual": "x\n" * LARGE_LINES}
    )
    assert {file.path: file.is_folded for file in commits.files()} == {
        "long": True,
        "usual": False,
        "wide": True,
    }


def test_v1_a_commit_that_does_not_exist_is_an_error_in_words(commits: TwoCommits) -> None:
    commits.commit({"a": TEXT})
    with pytest.raises(GitError, match="git diff-tree in"):
        changed_files(commits.root, "0" * 39 + "1", commits.after)
    with pytest.raises(GitError):
        changed_files(commits.root, "--output=/dev/null", commits.after)


def test_v1_reading_changes_nothing_in_the_repository(commits: TwoCommits) -> None:
    commits.commit({".gitattributes": "* text\n", "a": TEXT})
    commits.commit({"a": TEXT + "x\n"})
    git = git_caller(commits.root)
    index, refs = (commits.root / ".git/index").read_bytes(), git("for-each-ref")
    commits.patches()
    assert ((commits.root / ".git/index").read_bytes(), git("for-each-ref")) == (index, refs)
    assert git("count-objects") == git("count-objects")
