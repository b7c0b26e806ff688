"""Pages of the documentation in pieces that are quick to show."""

from gui.data.help_page import heading, page_text, pieces, slug


def test_a_page_is_cut_between_paragraphs_and_long_tables_keep_their_head() -> None:
    rows = [f"| `field{number}` | words |" for number in range(20)]
    text = "\n".join(["# Title", "", "First.", "", "Second.", "", "| field | meaning |", "|---|---|", *rows])
    found = pieces(text)
    assert found[:2] == ["# Title", "First.\n\nSecond."]
    tables = found[2:]
    assert len(tables) == 3
    assert all(table.startswith("| field | meaning |\n|---|---|\n") for table in tables)
    assert [line for table in tables for line in table.split("\n")[2:]] == rows


def test_the_installed_page_loses_no_word_and_its_links_lead_to_its_headings() -> None:
    text = page_text("job-file.md")
    found = pieces(text)
    assert {word for piece in found for word in piece.split()} == set(text.split())
    slugs = {slug(words) for level, words in map(heading, found) if level}
    assert {"what-needs-a-grant", "scopes", "evidence", "tests-after-the-edit"} <= slugs
