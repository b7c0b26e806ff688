"""Notes and labels on jobs, given to the real command line."""

import sys
from pathlib import Path

import pytest

from state.job_notes import LONGEST_LABEL, MOST_LABELS, MOST_NOTE
from tests.helpers.command_line import CommandLine, python


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def submitted(signalbox: CommandLine, *names: str) -> None:
    signalbox("submit", *(signalbox.file(f"{name}.json", python("print(1)", name)) for name in names))


def test_a_note_of_several_lines_is_written_printed_replaced_and_removed(
    signalbox: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(signalbox, "a")
    assert signalbox("note", "a").out == "a has no note.\n"
    assert signalbox("note", "a", "Look at it with Anna.\nShe knows the parser.").out == "a has a note.\n"
    assert signalbox("note", "a").out == "Look at it with Anna.\nShe knows the parser.\n"
    assert "Look at it with Anna. She knows the parser." in signalbox("show", "a").out
    (tmp_path / "note.txt").write_text("From a file.  \r\n\r\nIts end.\n\n")
    signalbox("note", "a", "--file", tmp_path / "note.txt")
    assert signalbox("note", "a", "--json").json == {"job_id": "a", "note": "From a file.\n\nIts end."}
    with (tmp_path / "note.txt").open() as source:
        monkeypatch.setattr(sys, "stdin", source)
        signalbox("note", "a", "-")
    signalbox("note", "a", "--clear")
    assert signalbox.job("a").note == ""
    assert "give one of" in signalbox("note", "a", "x", "--clear", code=2).err
    assert "There is no job 'z' here" in signalbox("note", "z", code=2).err


def test_jobs_are_labelled_and_found_by_their_labels(signalbox: CommandLine) -> None:
    submitted(signalbox, "a", "b", "c")
    assert signalbox("label", "a", "b", "--add", "Flaky").out == "a: flaky\nb: flaky\n"
    assert (
        signalbox("label", "--label", "flaky", "--state", "queued", "--add", "ask-anna").out.count("ask-anna")
        == 2
    )
    signalbox("label", "b", "--remove", "flaky", "--remove", "never-had")
    assert signalbox("label", "a", "b", "c").out == "a: ask-anna, flaky\nb: ask-anna\nc: no labels\n"
    assert [job["job_id"] for job in signalbox("jobs", "--label", "ask-anna", "--json").json] == ["a", "b"]
    both = signalbox("jobs", "--label", "ask-anna", "--label", "FLAKY", "--json").json
    assert [(job["job_id"], job["labels"]) for job in both] == [("a", ["ask-anna", "flaky"])]
    assert "LABELS" in signalbox("jobs").out
    assert signalbox("jobs", "--label", "flak").out == "No jobs match.\n"
    assert "b was cancelled" in signalbox("cancel", "--label", "ask-anna").out
    assert signalbox.job("c").status == "queued"
    assert "labels      ask-anna, flaky" in signalbox("show", "a").out


@pytest.mark.parametrize(
    "words",
    ["two words", "", "a,b", "-x", 'a"b', "a\x1b[2Jb", "a\u202eb", "a\u200b", "a" * (LONGEST_LABEL + 1)],
)
def test_what_is_no_label_is_refused_and_changes_nothing(signalbox: CommandLine, words: str) -> None:
    submitted(signalbox, "a")
    refused = signalbox("label", "a", "--add", words, code=2)
    assert "is not a label: one word" in refused.err
    assert "\x1b" not in refused.err
    assert signalbox.job("a").labels == ()


def test_a_job_has_a_limited_number_of_labels_and_a_note_a_limited_length(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    many = [word for number in range(MOST_LABELS) for word in ("--add", f"l{number}")]
    signalbox("label", "a", *many)
    assert f"a job can have {MOST_LABELS}" in signalbox("label", "a", "--add", "more", code=2).err
    assert "4,001 characters; 4,000 are the most" in signalbox("note", "a", "x" * (MOST_NOTE + 1), code=2).err
    job = signalbox.job("a")
    assert (len(job.labels), job.note) == (MOST_LABELS, "")


def test_control_characters_of_a_note_do_not_act_on_the_terminal(signalbox: CommandLine) -> None:
    submitted(signalbox, "a")
    signalbox("note", "a", "red \x1b[31malert\nturned \u202e round")
    for words in (("note", "a"), ("show", "a")):
        shown = signalbox(*words).out
        assert "\x1b" not in shown
        assert "turned \\u202e round" in shown


def test_notes_and_labels_go_along_with_an_export(signalbox: CommandLine, tmp_path: Path) -> None:
    signalbox("run", signalbox.file("a.json", python("print(1)", "a")))
    signalbox("note", "a", "Two\nlines.")
    signalbox("label", "a", "--add", "flaky")
    signalbox("export", signalbox.job("a").run_id, tmp_path / "out")
    other = CommandLine(tmp_path / "other")
    other("import", tmp_path / "out")
    assert (other.job("a").note, other.job("a").labels) == ("Two\nlines.", ("flaky",))
    assert [job["job_id"] for job in other("jobs", "--label", "flaky", "--json").json] == ["a"]
