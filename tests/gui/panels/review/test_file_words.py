"""What is said of a file names what its rows do not show."""

import pytest

from engine.review.diff_records import ChangeLetter, FileChange, FilePatch
from gui.panels.review.file_words import sentences_of


@pytest.mark.parametrize(
    ("old_mode", "new_mode", "note"),
    [
        ("", "100644", ""),
        ("", "120000", "It is a link."),
        ("120000", "120000", "It is a link."),
        ("120000", "", "It is a link."),
        ("100644", "120000", "It became a link."),
        ("120000", "100755", "It is no longer a link."),
        ("", "100755", "It may be executed."),
        ("100644", "100755", "It may now be executed."),
        ("100755", "100644", "It may no longer be executed."),
    ],
)
def test_v1_links_and_programs_are_called_so_whether_they_are_new_or_not(
    old_mode: str, new_mode: str, note: str
) -> None:
    file = FileChange(path="a", letter=ChangeLetter.MODIFIED, old_mode=old_mode, new_mode=new_mode)
    assert sentences_of(FilePatch(file=file)).note == note
