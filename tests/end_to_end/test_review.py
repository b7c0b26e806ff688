"""Finished work of a real run is reviewed on the command line: sent back in its session, approved, merged."""

import subprocess
from pathlib import Path

import pytest

from tests.helpers.claude_job import ClaudeJob


@pytest.fixture
def greet(tmp_path: Path) -> ClaudeJob:
    return ClaudeJob(tmp_path)


def head_of(repo: Path, branch: str) -> str:
    argv = ["git", "-C", str(repo), "rev-parse", branch]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()


def test_v12_work_is_sent_back_in_its_session_reviewed_again_and_merged(greet: ClaudeJob) -> None:
    before = head_of(greet.repo, "HEAD")
    greet.run(workstream_id="hello", run_id="r1")
    review = greet.signalbox
    [waiting] = review("review", "list", "--json").json
    assert (waiting["ws_id"], waiting["review"], waiting["blocked"]) == ("hello", "waiting", [])
    first = waiting["head"]
    assert head_of(greet.repo, waiting["branch"]) == first
    [file] = review("review", "show", "hello", "--json").json["files"][:1]
    review("review", "comment", "add", "hello", "Use a comma.", "--file", file["path"], "--line", "1")
    review("review", "send-back", "hello", "Nearly there.")
    greet.finish()
    heard = greet.heard()[1]
    assert heard["resumed"] == greet.attempts()[0].session_id
    assert "Nearly there." in heard["prompt"]
    assert f"{file['path']}, line 1:" in heard["prompt"]
    [again] = review("review", "list", "--json").json
    assert (again["review"], again["reviewed_commit"]) == ("waiting", first)
    assert again["head"] != first
    assert head_of(greet.repo, "HEAD") == before
    review("review", "approve", "hello")
    greet.finish()
    shown = review("show", "r1/hello", "--json").json
    assert (shown["status"], shown["review"]) == ("merged", "merged")
    assert head_of(greet.repo, "HEAD") != before


def test_v12_discarded_work_leaves_the_target_alone_and_comes_back_whole(greet: ClaudeJob) -> None:
    before = head_of(greet.repo, "HEAD")
    greet.run(workstream_id="hello", run_id="r1")
    [waiting] = greet.signalbox("review", "list", "--json").json
    greet.signalbox("review", "discard", "hello")
    greet.finish()
    assert head_of(greet.repo, "HEAD") == before
    greet.signalbox("review", "restore", "hello")
    [restored] = greet.signalbox("review", "list", "--json").json
    assert (restored["review"], restored["head"]) == ("waiting", waiting["head"])
    assert [one["path"] for one in greet.signalbox("review", "show", "hello", "--json").json["files"]]
    greet.signalbox("review", "send-back", "hello", "Once more.")
    greet.finish()
    assert "Once more." in greet.heard()[1]["prompt"]
    greet.signalbox("review", "approve", "hello")
    greet.finish()
    assert greet.signalbox("show", "r1/hello", "--json").json["review"] == "merged"
