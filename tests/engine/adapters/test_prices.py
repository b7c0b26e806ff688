"""The prices of models: shipped and dated, found by the names that tools use, and the user's own before them."""

import os
from pathlib import Path

import pytest

from engine.adapters import prices
from engine.maintenance.doctor import examine
from engine.system.home import Home


def own(text: str) -> None:
    file = prices.own_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_the_shipped_prices_are_dated() -> None:
    assert prices.shipped().date is not None
    assert len(prices.shipped().models) > 20


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("openai/gpt-5-codex", "gpt-5-codex"),
        ("gpt-4o-2024-11-20", "gpt-4o"),
        ("claude-opus-4-6[1m]", "claude-opus-4-5"),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ("openrouter/anthropic/claude-opus-5-5", "claude-opus-5-5"),
        ("gemini/gemini-3-pro-preview-11-2025", "gemini-3-pro"),
        ("Gemini-2.5-Pro", "gemini-2.5-pro"),
    ],
)
def test_a_model_is_found_by_the_names_its_providers_give_it(name: str, same: str) -> None:
    assert prices.price_of(name) == prices.price_of(same)
    assert prices.price_of(name) is not None


@pytest.mark.parametrize("name", ["", "fake-model", "gpt-5.5-pro-max", "claude", "gpt", "o", "*"])
def test_a_model_that_nobody_priced_has_no_price(name: str) -> None:
    assert prices.price_of(name) is None


def test_capitals_make_no_difference_in_the_users_own_names_either() -> None:
    own("models: {GPT-5: {input: 7, output: 9}, My-*: {input: 1, output: 2}}\n")
    for name in ("gpt-5", "GPT-5", "openai/gpt-5"):
        assert prices.price_of(name) == prices.Price(input=7, output=9)
    assert prices.price_of("my-model") == prices.Price(input=1, output=2)


def test_a_price_of_the_users_own_comes_before_the_shipped_one() -> None:
    own("models:\n  gpt-5: {input: 7, output: 9}\n  local-*: {input: 0, output: 0}\n")
    found, free = prices.price_of("openai/gpt-5"), prices.price_of("ollama/local-7b")
    assert found is not None
    assert (found.input, found.cached, found.output) == (7, None, 9)
    assert found.cost(input_tokens=1_000_000, cached=500_000, written=0, output=0) == 7
    assert free is not None
    assert free.cost(input_tokens=10, cached=0, written=0, output=10) == 0
    assert prices.price_of("gpt-5-mini") is not None
    assert prices.problem() == ""


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("models:\n  gpt-5:\n    input: cheap\n    output: 1\n", "line 3: models.gpt-5.input"),
        ("models:\n  gpt-5: {input: 1}\n", "models.gpt-5.output"),
        ("models:\n  gpt-5: {input: 1, output: 1, cashed: 1}\n", "did you mean cached?"),
        ("models:\n  gpt-5: {input: -1, output: 1}\n", "models.gpt-5.input"),
        ("models:\n  gpt-5: {input: .nan, output: 1}\n", "models.gpt-5.input"),
        ("models: [\n", "line"),
        ("", "is empty"),
    ],
)
def test_a_file_of_prices_that_is_not_valid_breaks_nothing_and_says_where(text: str, where: str) -> None:
    own(text)
    assert prices.price_of("gpt-5") == prices.shipped().models["gpt-5"]
    assert prices.FILE in prices.problem()
    assert where in prices.problem()


def test_a_changed_file_of_prices_is_read_again() -> None:
    own("models:\n  mine: {input: 1, output: 1}\n")
    first = prices.price_of("mine")
    own("models:\n  mine: {input: 22, output: 1}\n")
    assert first != prices.price_of("mine")
    prices.own_file().unlink()
    assert prices.price_of("mine") is None


def test_a_file_of_prices_that_never_ends_is_not_waited_for() -> None:
    prices.own_file().parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(prices.own_file())
    assert prices.price_of("gpt-5") is not None
    assert "prices.yaml" in prices.problem()


def test_doctor_names_the_place_of_a_price_that_is_not_valid(tmp_path: Path) -> None:
    found = {finding.topic: finding for finding in examine(Home.at(tmp_path / "home"))}
    assert found["prices"].level == "ok"
    assert str(prices.own_file()) in found["prices"].text
    own("models:\n  gpt-5:\n    input: cheap\n    output: 1\n")
    found = {finding.topic: finding for finding in examine(Home.at(tmp_path / "home"))}
    assert found["prices"].level == "problem"
    assert f"{prices.own_file()}: line 3: models.gpt-5.input" in found["prices"].text
