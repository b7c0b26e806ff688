"""Two attempts of a job are compared by the real command line."""

from dataclasses import replace
from pathlib import Path

from engine.streams.attempt_comparison import (
    ComparedAttempts,
    Topic,
    compare_attempts,
    comparison_lines,
    default_pair,
)
from tests.engine.cli.test_diff_command import Cart


def _keep(cart: Cart, number: int, task: str, *names: str) -> None:
    with cart.signalbox.store() as store:
        attempt = store.list_attempts("edit")[number - 1]
        folder = store.home.attempts / attempt.folder_name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "task.md").write_text(task)
    quoted = ", ".join(f'"{name}"' for name in names)
    (folder / "invocation.json").write_text(f'{{"env_names": [{quoted}], "cwd": "/"}}')


def test_two_attempts_of_a_job_are_compared_in_prompt_environment_results_and_output(tmp_path: Path) -> None:
    cart = Cart(tmp_path)
    _keep(cart, 1, "Edit the cart.\n", "HOME", "OLD")
    _keep(cart, 2, "Edit the whole cart.\n", "HOME", "NEW")
    found = cart.signalbox("compare", "edit", "--json").json
    assert found["attempts"] == [1, 2]
    assert found["differs"]["environment"] == ["only here OLD", "only here NEW"]
    assert {"of": "second", "text": "whole"} in found["prompt"]
    assert {"of": "first", "text": "-x = 1"} in found["result"]
    assert {"of": "second", "text": "+x = 2"} in found["result"]
    assert found["output"] == [{"of": "note", "text": "Neither has printed anything."}]
    shown = cart.signalbox("compare", "edit", "--attempts", "2,1").out
    assert "Attempts 2 and 1 of edit" in shown
    assert "- whole" in shown.splitlines()


def test_what_cannot_be_compared_is_said(tmp_path: Path) -> None:
    cart = Cart(tmp_path)
    assert "A prompt was not kept" in cart.signalbox("compare", "edit").out
    refused = cart.signalbox("compare", "edit", "--attempts", "1,7", code=2)
    assert "does not name two of its 2 attempts" in refused.err
    assert "There is no job 'none' here" in cart.signalbox("compare", "none", code=2).err
    assert default_pair(()) is None


def test_where_one_attempt_alone_had_a_prompt_it_is_named(tmp_path: Path) -> None:
    cart = Cart(tmp_path)
    with cart.signalbox.store() as store:
        first, second = store.list_attempts("edit")
    escalated = ComparedAttempts(
        first=replace(first, tool="tests"), second=second, folder_of=lambda _: tmp_path / "none"
    )
    assert [str(line.text) for line in compare_attempts(escalated).prompt] == ["Only attempt 2 had a prompt."]
    plain = compare_attempts(replace(escalated, has_prompt=False))
    assert not plain.prompt
    assert Topic.PROMPT not in dict(comparison_lines(plain))
