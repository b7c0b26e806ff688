"""A night of three workstreams in one repository: isolated, predicted to collide, reviewed, sent back, merged.

The coding tool is declared as a user declares one, and does what its task says; the command line does the rest.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import scripted_tool
from tests.helpers.attempts import git_caller
from tests.helpers.command_line import CommandLine, until
from tests.helpers.shop_repository import CHECK, check_of, shop_repository


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A small shop whose own checkout has work that nobody has committed."""
    return shop_repository(tmp_path / "shop-repo")


@pytest.fixture
def night(signalbox: CommandLine, repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The night's run has ended: three workstreams wait for review."""
    config = tmp_path / "config"
    scripted_tool.declare(config)
    monkeypatch.setenv("SIGNALBOX_CONFIG", str(config))
    file = signalbox.file("night.json", pipeline(repo, heard=tmp_path / "heard"))
    ended = signalbox("run", file)
    assert "review" in ended.out
    return signalbox


def pipeline(repo: Path, heard: Path) -> dict[str, Any]:
    return {
        "title": "A night in the shop",
        "repo": str(repo),
        "defaults": {
            "tool": "scripted",
            "env": {"HEARD": str(heard)},
            "metadata": {"evidence": {"scope": "reported"}, "base": "main"},
        },
        "workstreams": [
            stream("rounding", ["shop/totals.py"], (
                "Round once.\n"
                "do: replace shop/totals.py return sum( => return round(sum(\n"
                "do: replace shop/totals.py in lines) => in lines), 2)"
            )),
            stream("shipping", ["shop/totals.py"], (
                "Add shipping.\n"
                "do: replace shop/totals.py in lines) => in lines) + 0\n"
                "do: ask git push origin HEAD"
            )),
            stream("rules", ["shop/prices.py"], (
                "Refuse silly discounts.\n"
                "do: replace shop/prices.py return price => if percent > 100:\\n        raise ValueError"
                "(percent)\\n    return price\n"
                "do: write README.md # A shop with rules"
            )),
        ],
    }  # fmt: skip


def stream(name: str, files: list[str], prompt: str) -> dict[str, Any]:
    return {"id": name, "title": name.capitalize(), "files": files, "steps": [
        {"name": "edit", "prompt": prompt},
        {"name": "test", "tool": "tests", "command": {"exe": CHECK[0], "args": CHECK[1:]}},
    ]}  # fmt: skip


def states(signalbox: CommandLine) -> dict[str, str]:
    with signalbox.store() as store:
        (run,) = store.list_recent_runs()
        return {one.ws_id: one.status.value for one in store.list_workstreams(run.run_id)}


def work(signalbox: CommandLine, name: str) -> Mapping[str, Any]:
    (found,) = [one for one in signalbox("review", "list", "--all", "--json").json if one["ws_id"] == name]
    return dict(found)


def engine_is_idle(signalbox: CommandLine) -> None:
    signalbox("engine", "--until-idle")


def in_main(repo: Path, name: str) -> str:
    return git_caller(repo)("show", f"main:{name}")


def test_w4_the_workstreams_work_in_trees_of_their_own_and_leave_the_users_alone(
    night: CommandLine, repo: Path, tmp_path: Path
) -> None:
    assert set(states(night).values()) == {"review"}
    git = git_caller(repo)
    assert git("status", "--porcelain").strip() == "?? notes.txt"
    assert git("branch", "--show-current").strip() == "mine"
    heard = [json.loads(line) for line in (tmp_path / "heard").read_text().splitlines()]
    places = {one["cwd"] for one in heard}
    assert len(places) == 3
    assert not any(place.startswith(str(repo)) for place in places)
    assert all((Path(place) / ".env").read_text() == "SHOP=here\n" for place in places)


def test_v1_the_evidence_names_what_is_off(night: CommandLine) -> None:
    rules = night("review", "show", "rules").out
    assert "1 file outside scope" in rules
    assert "README.md" in rules
    assert "1 command denied" in night("review", "show", "shipping").out
    assert "in scope" in night("review", "show", "rounding").out
    assert "passed" in night("review", "show", "rounding").out


def test_g2_the_two_that_collide_are_predicted_by_name(night: CommandLine) -> None:
    def predicted() -> str | None:
        shown = night("review", "show", "rounding").out
        return shown if "predicted with" in shown else None

    engine_is_idle(night)
    shown = until(predicted)
    assert "Shipping" in shown
    assert "shop/totals.py" in shown
    assert "predicted" not in night("review", "show", "rules").out


def test_g1_a_whole_night_is_reviewed_one_is_sent_back_and_the_rest_is_merged(
    night: CommandLine, repo: Path, tmp_path: Path
) -> None:
    night("review", "comment", "add", "rules", "do: replace shop/prices.py percent > 100 => percent >= 100",
          "--file", "shop/prices.py", "--line", "6")  # fmt: skip
    night("review", "send-back", "rules", "Also for a hundred.")
    assert states(night)["rules"] != "review"
    engine_is_idle(night)
    assert states(night)["rules"] == "review"
    last = json.loads((tmp_path / "heard").read_text().splitlines()[-1])
    first = next(
        one
        for line in (tmp_path / "heard").read_text().splitlines()
        if "silly" in (one := json.loads(line))["task"]
    )
    assert "shop/prices.py" in last["task"]
    assert "if percent > 100:" in last["task"]
    assert "Also for a hundred." in last["task"]
    assert last["session"] == first["session"]
    since = night("diff", "rules", "--since-review").out
    assert "+    if percent >= 100:" in since
    assert "README.md" not in since

    refused = night.result_of("review", "approve", "rules")
    assert refused.code != 0
    assert "README.md" in refused.err + refused.out
    night("review", "viewed", "rules", "README.md")
    night("review", "approve", "rules", "rounding", "shipping")
    engine_is_idle(night)
    assert states(night) == {"rules": "merged", "rounding": "merged", "shipping": "review"}
    assert "shop/totals.py" in night("review", "show", "shipping").out
    assert "percent >= 100" in in_main(repo, "shop/prices.py")
    assert "round(" in in_main(repo, "shop/totals.py")
    assert check_of(repo, tmp_path) == 0
    assert git_caller(repo)("status", "--porcelain").strip() == "?? notes.txt"

    night("review", "send-back", "shipping", "do: take in main")
    engine_is_idle(night)
    night("review", "approve", "shipping", "--anyway")
    engine_is_idle(night)
    assert states(night)["shipping"] == "merged"
    assert check_of(repo, tmp_path / "again") == 0
