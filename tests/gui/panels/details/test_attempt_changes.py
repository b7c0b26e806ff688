"""A diff is shown whole: nothing in a changed file hides or reorders the text beside it."""

from pathlib import Path

from engine.review.diff_records import ChangeLetter, FileChange, FilePatch
from engine.review.patch_parser import parse_patch
from gui.panels.details.attempt_changes import DiffRequest, lines_of, read_changes
from tests.engine.review.conftest import TwoCommits

PATCH = """diff --git a/check.py b/check.py
index 1111..2222 100644
--- a/check.py
+++ b/check.py
@@ -1 +1 @@ def \u202echeck
-if user == "ad\u202emin":
+\tif user == "a\x1b[8mdmin":\rreturn
"""


def test_invisible_characters_are_escaped_and_nothing_is_removed() -> None:
    (parsed,) = parse_patch(PATCH.encode()).values()
    file = FileChange(path="check.py", letter=ChangeLetter.MODIFIED)
    assert [line.text for line in lines_of(FilePatch(file=file, hunks=parsed.hunks))] == [
        "@@ -1,1 +1,1 @@ def \\u202echeck",
        'if user == "ad\\u202emin":',
        '    if user == "a\\x1b[8mdmin":\\x0dreturn',
    ]


def test_the_changes_of_a_running_attempt_are_not_said_to_be_lost(tmp_path: Path) -> None:
    request = DiffRequest(folder=tmp_path, running=True, metadata={})
    assert read_changes(request).problem == "The changes of this attempt are not recorded yet."


def test_the_changes_of_a_commit_are_those_the_review_shows(tmp_path: Path) -> None:
    commits = TwoCommits(tmp_path / "repo")
    commits.commit({"old name.py": "one\ntwo\nthree\n", "plain.txt": "a\n", "image": b"\0\1"})
    (commits.root / "old name.py").rename(commits.root / "tab\tname.py")
    (commits.root / ".gitattributes").write_text("*.txt -diff\n")
    after = commits.commit({"plain.txt": "b", "image": b"\0\2"})
    request = DiffRequest(folder=tmp_path, running=False, metadata={"commit": after}, repo=commits.root)
    changes = read_changes(request)
    assert changes.problem == ""
    shown = {file.path: [line.text for line in file.lines] for file in changes.files}
    assert shown["tab\tname.py"] == ["Only its name or mode differs."]
    assert shown["image"] == ["Binary file; it has no lines to show."]
    assert shown["plain.txt"] == ["@@ -1,1 +1,1 @@", "a", "b", "No newline at end of file"]
