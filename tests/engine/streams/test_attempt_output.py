"""The output of an attempt is read on from where the last call stopped, across gaps and from its end."""

import json
from pathlib import Path

from engine.runners import layout
from engine.streams.attempt_output import AttemptOutput, reader_for, reader_in, recorded_entries
from engine.streams.attempt_progress import AttemptProgress
from tests.gui.panels.logs.output_printer import Printer

SAID = '{"type":"item.completed","item":{"type":"agent_message","text":"%s"}}\n'


def test_only_what_is_new_is_read_again(tmp_path: Path) -> None:
    printer, output = Printer(tmp_path / "1-a"), AttemptOutput(tmp_path / "1-a", reader_for("codex"))
    printer.print(SAID % "one" + '{"type":"item.comp')
    assert [entry.text for _, entry in output.read()] == ["said: one"]
    printer.print('leted","item":{"type":"agent_message","text":"two"}}\n')
    ((_, entry),) = output.read()
    assert (entry.text, entry.offset) == ("said: two", len(SAID % "one"))
    printer.close()


def test_the_newest_sentence_and_the_plan_of_a_running_attempt_are_known(tmp_path: Path) -> None:
    printer, progress = Printer(tmp_path / "1-a"), AttemptProgress(tmp_path / "1-a", "codex")
    progress.refresh()
    assert (progress.line, progress.plan) == ("", None)
    todo = '{"type":"item.updated","item":{"type":"todo_list","items":[{"text":"a","completed":true}]}}\n'
    running = '{"type":"item.started","item":{"type":"command_execution","command":"pytest"}}\n'
    printer.print(todo + SAID % "now the tests" + running)
    progress.refresh()
    assert (progress.line, progress.plan) == ("running pytest", (1, 1))
    printer.close()


def test_of_text_the_last_line_counts(tmp_path: Path) -> None:
    printer, progress = Printer(tmp_path / "1-a"), AttemptProgress(tmp_path / "1-a", "shell")
    printer.print("one\ntwo\n\n")
    progress.refresh()
    assert progress.line == "two"
    printer.close()


def test_what_a_result_holds_is_read_the_same_way() -> None:
    result = {"stdout": SAID % "done", "stderr": "Reading additional input from stdin...\n"}
    assert recorded_entries("codex", result)[0].text == "said: done"


def test_an_event_that_a_gap_cut_is_left_out_and_the_next_is_read(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "1-a", cap=64 * 1024)
    event = SAID % ("word " * 200)
    for _ in range(400):
        printer.print(event)
    printer.print(SAID % "the end")
    output = AttemptOutput(tmp_path / "1-a", reader_for("codex"))
    entries = [entry for _, entry in (*output.read(), *output.rest())]
    assert entries[-1].text == "said: the end"
    assert not [entry for entry in entries if "{" in entry.text or "type" in entry.text]
    printer.close()


def test_a_plan_that_was_made_long_ago_is_found_without_reading_everything_since(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "1-a")
    items = [{"text": "a", "completed": True}, {"text": "b", "completed": False}]
    printer.print(json.dumps({"type": "item.updated", "item": {"type": "todo_list", "items": items}}) + "\n")
    for number in range(1000):
        printer.print(SAID % f"{number} {'word ' * 100}")
    progress = AttemptProgress(tmp_path / "1-a", "codex")
    progress.refresh()
    assert progress.plan == (1, 2)
    assert progress.line.startswith("said: 999 word")
    printer.close()


def test_the_newest_sentence_is_known_though_its_event_is_larger_than_what_is_read_at_first(
    tmp_path: Path,
) -> None:
    printer = Printer(tmp_path / "1-a")
    printer.print(SAID % "before")
    said = json.dumps({"type": "item.completed", "item": {"type": "agent_message", "text": "long " * 60_000}})
    for at in range(0, len(said), 60_000):
        printer.print(said[at : at + 60_000])
    printer.print("\n")
    progress = AttemptProgress(tmp_path / "1-a", "codex")
    progress.refresh()
    while progress.is_behind:
        progress.refresh()
    assert progress.line.startswith("said: long long")
    printer.close()


def test_paths_are_of_the_working_folder_however_early_an_attempt_is_followed(tmp_path: Path) -> None:
    folder = tmp_path / "1-a"
    followed = AttemptOutput(folder, reader_in(folder, "codex"))
    assert list(followed.read()) == list(followed.rest()) == []
    printer = Printer(folder)
    (folder / layout.INVOCATION).write_text(json.dumps({"cwd": "/repo"}))
    change = {
        "type": "file_change",
        "status": "completed",
        "changes": [{"path": "/repo/a.py", "kind": "update"}],
    }
    printer.print(json.dumps({"type": "item.completed", "item": change}) + "\n")
    assert [entry.text for _, entry in followed.read()] == ["edited a.py"]
    printer.close()


def test_no_refresh_reads_much_whatever_an_agent_has_printed(tmp_path: Path) -> None:
    printer = Printer(tmp_path / "1-a")
    many = (json.dumps({"type": "unheard.of"}) + "\n") * 3000
    for _ in range(20):
        printer.print(many)
    printer.print(SAID % "at last")
    for _ in range(10):
        printer.print(many)
    progress = AttemptProgress(tmp_path / "1-a", "codex")
    steps = []
    progress.refresh()
    while progress.is_behind:
        assert progress._output is not None
        before = progress._output.position
        progress.refresh()
        steps.append(progress._output.position - before)
    assert len(steps) > 3
    assert max(steps) < 400_000
    assert progress.line == "said: at last"
    printer.close()
