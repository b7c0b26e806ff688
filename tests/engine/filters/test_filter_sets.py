"""Saved filter sets: their files, what they match, and which patterns are refused."""

import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.errors import CommandRefusedError, JobFileError
from engine.filters.filter_folder import FilterFolder, import_filter, read_filter, refused_filters
from engine.jobfile.filter_set import AlarmAction, FilterSet, LineFacts, LineSelection, SetMatcher, SoughtText
from engine.system.bounded_pattern import LOOKED_AT, BoundedPattern, bounded_pattern

NETWORK = FilterSet(
    title="Flaky network",
    show=LineSelection(
        text=(SoughtText(find="reset|timed? out", regex=True), SoughtText(find="DNS", case=True))
    ),
    hide=LineSelection(workstreams=("docs",)),
    time="day",
    alarm=AlarmAction.HOLD,
)


def matches(text: str, *, level: str = "output", ws_id: str = "") -> bool:
    return SetMatcher(NETWORK).matches(LineFacts(text, level, ws_id=ws_id))


def test_a_filter_set_is_a_file_that_reads_back_as_it_was_saved(tmp_path: Path) -> None:
    folder = FilterFolder(tmp_path)
    before = folder.stamp()
    folder.save("flaky network", NETWORK)
    assert read_filter(tmp_path / "filters" / "flaky network.yaml") == NETWORK
    assert [one.name for one in folder.find().filters] == ["flaky network"]
    assert folder.stamp() != before


def test_a_filter_set_is_renamed_deleted_and_saved_again_and_a_taken_name_is_refused(tmp_path: Path) -> None:
    folder = FilterFolder(tmp_path)
    folder.save("a", NETWORK)
    folder.save("b", FilterSet())
    with pytest.raises(CommandRefusedError, match="already"):
        folder.rename("a", "b")
    folder.rename("a", "c")
    deleted = folder.delete("c")
    with pytest.raises(CommandRefusedError, match="There is no filter set 'c'"):
        folder.named("c")
    folder.save("c", deleted, replaces=False)
    assert folder.named("c") == NETWORK
    for name in ("../x", "", " a", ".hidden"):
        with pytest.raises(CommandRefusedError, match="cannot be the name"):
            folder.save(name, NETWORK)


def test_an_imported_filter_set_is_no_alarm_until_it_was_tested_here(tmp_path: Path) -> None:
    shared, folder = FilterFolder(tmp_path / "there"), FilterFolder(tmp_path / "here")
    shared.save("flaky", NETWORK)
    assert import_filter(folder, shared.path / "flaky.yaml") == "flaky"
    assert folder.named("flaky") == NETWORK.model_copy(update={"alarm": None})
    with pytest.raises(CommandRefusedError, match="already"):
        import_filter(folder, shared.path / "flaky.yaml")


def test_a_mistake_in_a_filter_set_is_named_with_file_line_and_field(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(
        "version: 1\nshow:\n  text:\n    - find: (a+)+b\n      regex: true\n  levels: [eror]\nalarm: hold\n"
    )
    with pytest.raises(JobFileError) as refused:
        read_filter(path)
    texts = [str(error.in_file) for error in refused.value.every]
    assert any(text.startswith("line 4: show.text[0].find: '(a+)+b' repeats") for text in texts), texts
    assert any("line 6: show.levels[0]" in text and "did you mean error" in text for text in texts), texts
    path.write_text("alarm: notify\n")
    with pytest.raises(JobFileError, match="needs a text or a level"):
        read_filter(path)


def test_a_filter_set_matches_as_the_filter_of_the_logs_does() -> None:
    assert matches("Connection RESET by peer")
    assert matches("time out")
    assert matches("DNS failed")
    assert not matches("dns failed")
    assert not matches("all fine")
    assert not matches("reset", ws_id="docs")


@pytest.mark.parametrize(
    "text", ["(a+)+b", "(a|aa)*c", "(a?){30}", "(?:x*y)*", ".*a.*b.*c", "a?" * 9, "(", "(x{1,9})+"]
)
def test_a_pattern_that_may_never_end_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"regular expression|repeats|too long"):
        bounded_pattern(text)


@pytest.mark.parametrize("text", ["(?:a|a)" * 8 + ".*.*x", "(a+)(?#c)+b", "(?x)(a+) +b"])
def test_a_pattern_that_only_shows_on_a_line_how_slow_it_is_is_refused_too(text: str) -> None:
    with pytest.raises(ValueError, match=r"too long|take for ever"):
        bounded_pattern(text)


@pytest.mark.parametrize(
    "text",
    ["(?:(?:a{999}){999}){9}", "a{4000000000}", "(?x)(?:ab) # c\n {99999}", "(?:(?:a{999})(?#c){999}){9}"],
)
def test_a_pattern_that_would_fill_the_memory_is_refused_before_it_is_compiled(text: str) -> None:
    with pytest.raises(ValueError, match=r"repeats what itself|repeats too much|not a regular expression"):
        bounded_pattern(text)


def test_a_bracket_in_the_comment_of_a_pattern_closes_nothing() -> None:
    assert bounded_pattern("(?x)a # )").finds("a")


def test_a_search_that_takes_too_long_ends_and_finds_nothing_from_then_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    slow = BoundedPattern("(?:a|a)" * 8 + ".*.*x", is_case=True)
    with caplog.at_level(logging.CRITICAL):
        assert not slow.finds("a" * LOOKED_AT)
    assert not slow.finds("aaaaaaaax")


@pytest.mark.parametrize(
    "text",
    [
        r"error \d+: .*",
        "fail|panic|fatal|refused",
        r"(?:ab)+c",
        r"[*+]\*\+?",
        r"(foo|bar)?x",
        "^E[a-z]{2}$",
        r"[0-9a-f]{64} {4}x{400}",
    ],
)
def test_an_ordinary_pattern_is_accepted(text: str) -> None:
    assert bounded_pattern(text).pattern == text


def test_a_link_to_nothing_hides_no_other_filter_set(tmp_path: Path) -> None:
    folder = FilterFolder(tmp_path)
    folder.save("network", NETWORK)
    (tmp_path / "filters" / ".#network.yaml").symlink_to("me@host.1")
    assert [one.name for one in folder.find().filters] == ["network"]


def test_a_file_whose_name_can_be_no_name_is_reported_in_plain_text_and_hides_no_other(
    tmp_path: Path,
) -> None:
    folder = FilterFolder(tmp_path)
    folder.save("network", NETWORK)
    for name in ("evil\u202e.yaml", "two\nlines.yaml", " blank.yaml", os.fsdecode(b"\xff.yaml")):
        (folder.path / name).write_text("version: 1\n")
    found = folder.find()
    assert [one.name for one in found.filters] == ["network"]
    assert len(found.refused) == 4
    assert all("its name cannot be that of a filter set" in str(error) for error in found.refused)
    sentence = refused_filters(found.refused)
    assert sentence.isprintable()
    assert "So are 3 more" in sentence
    assert refused_filters(()) == ""


def test_a_file_whose_time_is_yet_to_come_counts_from_now(tmp_path: Path) -> None:
    folder = FilterFolder(tmp_path)
    folder.save("network", NETWORK)
    os.utime(folder.path / "network.yaml", (time.time() + 9e6,) * 2)
    assert folder.find().filters[0].changed_at <= time.time()


def test_a_rename_never_replaces_a_filter_set_that_was_saved_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = FilterFolder(tmp_path)
    folder.save("a", NETWORK)
    link = os.link

    def late(source: Path, target: Path) -> None:
        target.write_text("version: 1\ntitle: mine\n")
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(CommandRefusedError, match="already"):
        folder.rename("a", "b")
    assert folder.named("b").title == "mine"
    assert folder.named("a") == NETWORK


def test_a_folder_that_cannot_be_listed_is_a_problem_that_says_where_and_what_to_do(tmp_path: Path) -> None:
    """Without what lets root read every folder."""
    filters, schedules = tmp_path / "filters", tmp_path / "schedules"
    code = (
        "import sys; from pathlib import Path; from engine.filters.filter_folder import FilterFolder, refused_filters;"
        "from engine.recurring.recurring_folder import find_recurring_runs\n"
        "home = Path(sys.argv[1]); folder = FilterFolder(home)\n"
        "for name in ('filters', 'schedules'): (home / name).mkdir(); (home / name).chmod(0)\n"
        "print(refused_filters(folder.find().refused), folder.stamp() == ())\n"
        "print([(str(one.path), str(one.error)) for one in find_recurring_runs(home)])\n"
        "try: folder.named('mine')\n"
        "except Exception as error: print(error)\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path)]
    if os.geteuid() == 0:
        dropped = "-dac_override,-dac_read_search"
        words = ["setpriv", f"--bounding-set={dropped}", f"--inh-caps={dropped}", *words]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    closed = "cannot be listed: Permission denied; let your user read it, with chmod or chown"
    assert done.stdout.splitlines() == [
        f"No filter set is known, so none is an alarm: {filters} {closed}. False",
        f"[({str(schedules)!r}, '{schedules} {closed}')]",
        f"{filters} {closed}",
    ], done.stderr
