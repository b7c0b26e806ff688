"""Lines that have a text are counted alike by Python and by ripgrep, which is used only where it must be right."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.runners.indexed_output import IndexedOutput
from engine.streams import counted_lines
from engine.streams.line_search import text_search
from engine.streams.newest_lines import NewestLines
from engine.streams.ripgrep_count import count_with_ripgrep, ripgrep
from tests.helpers.attempts import keep

STANDS_IN = """#!/bin/sh
# ripgrep's part in counting, with what every machine has
for word; do
    [ "$word" = --ignore-case ] && i=-i
    [ "$before" = --regexp ] && text=$word
    before=$word
done
exec grep -a -c -F $i -e "$text"
"""


@pytest.fixture(params=["ripgrep", "a stand-in"])
def program(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The real one where it is installed; what it is called with is understood by a few lines of shell, too."""
    ripgrep.cache_clear()
    if request.param == "a stand-in":
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "rg").write_text(STANDS_IN)
        (tmp_path / "bin" / "rg").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    elif shutil.which("rg") is None:
        pytest.skip("ripgrep is not installed")
    yield
    ripgrep.cache_clear()


def counted(
    folder: Path, text: str, *, is_case: bool = False, until: int = 2**62, with_all: bool = False
) -> int:
    how = NewestLines(search=text_search(text, is_case=is_case), until=until, has_ended=True)
    with IndexedOutput(folder) as output:
        return sum(found for _, found in counted_lines.counted_lines(output, how, with_all=with_all))


@pytest.mark.usefixtures("program")
def test_plain_output_is_counted_by_ripgrep_and_any_other_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, coloured, unfinished = (tmp_path / name for name in ("plain", "coloured", "unfinished"))
    for folder in (plain, coloured, unfinished):
        folder.mkdir()
    keep(plain, ("stdout", b"an Error\nan error, an error\nthis\n" * 500, 1.0), ("stdout", b"error\n", 2.0))
    keep(coloured, ("stdout", b"an er\x1b[1mror\nnone\n" * 500, 1.0))
    keep(unfinished, ("stdout", b"none\nan error", 1.0))
    asked: list[str] = []

    def noted(descriptor: int, text: str, *, is_case: bool, is_regex: bool) -> object:
        asked.append(text)
        return count_with_ripgrep(descriptor, text, is_case=is_case, is_regex=is_regex)

    monkeypatch.setattr(counted_lines, "count_with_ripgrep", noted)
    assert (
        counted(plain, "ERROR", until=1_500_000_000, with_all=True) == 1_000
    )  # sees that what is older is plain
    assert not asked
    assert counted(plain, "ERROR") == 1_001
    assert counted(plain, "Error", is_case=True) == 500
    assert counted(plain, "nowhere") == 0
    assert counted(plain, "-e") == 0
    assert asked == ["error", "Error", "nowhere", "-e"]
    for folder, number in ((coloured, 500), (unfinished, 1)):
        counted(folder, "error", with_all=True)
        assert counted(folder, "error") == number
    assert counted(plain, "error", until=1_500_000_000) == 1_000
    for with_all in (False, True):
        assert counted(plain, "S", with_all=with_all) == 500
        assert counted(plain, "\u017f", with_all=with_all) == 0, "ripgrep takes a long s for an s"
    assert len(asked) == 5


@pytest.mark.parametrize("program", ["a stand-in"], indirect=True)
@pytest.mark.usefixtures("program")
def test_lines_that_come_while_ripgrep_counts_are_not_of_the_output_that_was_opened(tmp_path: Path) -> None:
    keep(tmp_path, ("stdout", b"an error\nnone\n" * 500, 1.0))
    counted(tmp_path, "error", with_all=True)  # sees that it is plain
    program = tmp_path / "bin" / "rg"
    grown = f"#!/bin/sh\necho an error >> '{tmp_path / 'stdout'}'\n"
    program.write_text(STANDS_IN.replace("#!/bin/sh\n", grown, 1))
    assert counted(tmp_path, "error") == 500
