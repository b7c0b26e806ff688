"""A diff is shown whole: nothing in a changed file hides or reorders the text beside it."""

from gui.panels.details.diff import parse_diff

PATCH = """diff --git a/check.py b/check.py
--- a/check.py
+++ b/check.py
@@ -1 +1 @@ def \u202echeck
-if user == "ad\u202emin":
+\tif user == "a\x1b[8mdmin":\rreturn
"""


def test_invisible_characters_are_escaped_and_nothing_is_removed() -> None:
    (file,) = parse_diff(PATCH)
    assert [line.text for line in file.lines] == [
        "@@ -1 +1 @@ def \\u202echeck",
        'if user == "ad\\u202emin":',
        '    if user == "a\\x1b[8mdmin":\\x0dreturn',
    ]
