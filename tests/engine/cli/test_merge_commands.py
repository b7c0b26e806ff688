"""The merge queue on the real command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.approved_work import ApprovedWork
from tests.helpers.command_line import CommandLine
from tests.helpers.small_repository import small_repository


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def work(signalbox: CommandLine, tmp_path: Path) -> Iterator[ApprovedWork]:
    with signalbox.store() as store:
        work = ApprovedWork(store, small_repository(tmp_path / "repo"))
        work.git("switch", "-q", "--detach")
        work.approve("a", {"same.txt": "a\n"})
        work.approve("b", {"b.txt": "b\n"})
        yield work


def names(signalbox: CommandLine) -> list[str]:
    return [merge["ws_id"] for merge in signalbox("merge", "list", "--json").json]


def test_the_queue_is_listed_in_its_order_with_what_each_waits_for(
    signalbox: CommandLine, work: ApprovedWork
) -> None:
    work.approve("c", {"c.txt": "c\n"}, after=["b"])
    first, _, last = signalbox("merge", "--json").json
    assert (first["ws_id"], first["state"], first["target"], first["waits_for"]) == (
        "a",
        "waiting",
        "main",
        "",
    )
    assert last["waits_for"] == "It comes after Work of b, which is merged first."
    lines = signalbox("merge").out.splitlines()
    assert lines[0].split() == ["NAME", "WORKSTREAM", "INTO", "STATE", "PRIORITY", "DETAIL"]
    assert lines[1].split() == ["Work", "of", "a", "r1/a", "main", "waiting", "0"]


def test_a_dry_run_of_the_queue_says_what_would_happen_to_each(
    signalbox: CommandLine, work: ApprovedWork
) -> None:
    tree = work.repo.parent / "ours"
    work.git("worktree", "add", "-q", str(tree), "main")
    (tree / "same.txt").write_text("ours\n")
    work.git("-C", str(tree), "add", "-A")
    work.git("-C", str(tree), "commit", "-qm", "Ours")
    refs, events = work.git("for-each-ref"), len(work.store.list_events())
    conflict, clean = signalbox("merge", "--dry-run", "--json").json
    assert (conflict["would"]["state"], conflict["would"]["files"]) == ("conflict", ["same.txt"])
    assert (clean["would"]["state"], clean["would"]["method"]) == ("checking", "merge")
    assert signalbox("merge", "--dry-run").out.splitlines() == [
        "r1/a would conflict (merge into main): signalbox/r1/a conflicts with main in same.txt.",
        "r1/b would be merged, as the project has no check (merge into main).",
    ]
    (work.repo / ".signalbox.yaml").write_text("check: {exe: 'true'}\n")
    assert signalbox("merge", "--dry-run").out.splitlines()[1] == (
        "r1/b would be checked and merged (merge into main)."
    )
    assert (work.git("for-each-ref"), len(work.store.list_events())) == (refs, events)


def test_merges_are_held_released_moved_and_withdrawn_by_name(
    signalbox: CommandLine, work: ApprovedWork
) -> None:
    assert signalbox("merge", "hold", "a").out == "The merge of r1/a into main was held.\n"
    assert (
        signalbox("merge", "list", "--json").json[0]["waits_for"]
        == "It is held. Release it to have it merged."
    )
    assert signalbox("merge", "release", "r1/a", "--json").json[0]["held"] is False
    signalbox("merge", "move", "b", "--top")
    assert names(signalbox) == ["b", "a"]
    signalbox("merge", "move", "a", "--before", "b")
    assert names(signalbox) == ["a", "b"]
    signalbox("merge", "move", "b", "--priority", "3")
    assert names(signalbox) == ["b", "a"]
    signalbox("merge", "withdraw", "b")
    assert names(signalbox) == ["a"]
    assert [merge["state"] for merge in signalbox("merge", "list", "--all", "--json").json] == [
        "withdrawn",
        "waiting",
    ]
    assert work.stream("b").review == "waiting"


def test_what_is_no_merge_is_refused_in_words(signalbox: CommandLine, work: ApprovedWork) -> None:
    del work
    assert "No merge of nothing waits" in signalbox("merge", "hold", "nothing", code=2).err
    signalbox("merge", "move", "a", code=2)
    itself = signalbox("merge", "move", "a", "--before", "r1/a", code=2).err
    assert "r1/a cannot be moved before itself" in itself
    signalbox("merge", "move", "a", "--top", "--priority", "1", code=2)


def test_an_engine_that_runs_until_it_is_idle_merges_what_is_approved(
    signalbox: CommandLine, work: ApprovedWork
) -> None:
    with signalbox.process("engine", "--until-idle") as engine:
        assert engine.wait(120) == 0
    assert work.merge("a").state == work.merge("b").state == "merged"
    assert signalbox("merge").out == "Nothing waits to be merged.\n"


@pytest.mark.usefixtures("work")
def test_of_several_merges_none_is_changed_where_one_of_the_names_is_unknown(signalbox: CommandLine) -> None:
    refused = signalbox("merge", "hold", "a", "nobody", "nothing", "b", code=2)
    assert refused.out == ""
    assert "No merge of nobody waits" in refused.err
    assert "No merge of nothing waits" in refused.err
    assert "Nothing was changed." in refused.err
    held = signalbox("merge", "hold", "a", "r1/a", "b").out.splitlines()
    assert held == ["The merge of r1/a into main was held.", "The merge of r1/b into main was held."]
    withdrawn = signalbox("merge", "withdraw", "a", "b", "--json").json
    assert [(one["ws_id"], one["state"]) for one in withdrawn] == [("a", "withdrawn"), ("b", "withdrawn")]
