"""The page on what real tools were measured at."""

from tests.helpers.tool_figures import PAGE, Figure, page_of


def test_of_two_figures_for_a_tool_and_a_case_the_page_has_the_later_one() -> None:
    first = Figure("codex", "1.0", "edit", "network", 9.0, 9)
    page = page_of([first, Figure("aider", "2.0", "edit", "completed", 4.0, 1), later(first)])
    rows = [line for line in page.splitlines() if line.startswith(("| aider", "| codex"))]
    assert rows == ["| aider | edit | completed | 4.0 | 1 |", "| codex | edit | completed | 1.3 | 2 |"]
    assert "Versions: aider 2.0, codex 1.1." in page


def later(figure: Figure) -> Figure:
    return Figure(figure.tool, "1.1", figure.case, "completed", 1.3, 2)


def test_the_page_that_is_kept_is_one_of_these() -> None:
    assert PAGE.read_text(encoding="utf-8").startswith(page_of([]).partition("Versions: ")[0])
