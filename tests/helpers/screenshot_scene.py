"""The work that the screenshots show: two small repositories and the job files of an evening in them.

The jobs really run; only the coding tools and the checks are played, by `pretend_tool`.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.helpers.played_agent import events

_FILES = {
    "shop": (
        "cart/totals.py", "cart/money.py", "cart/discounts.py", "pricing/rules.py", "pricing/tax.py",
        "search/index.py", "search/rank.py", "hooks/stripe.py", "hooks/replay.py", "ui/labels.html",
        "ui/focus.html", "locale/de.po", "locale/nl.po", "checkout/copy.html",
    ),
    "parser": (
        "src/lexer.py", "src/errors.py", "src/recover.py", "src/tokens.py", "src/idents.py", "fuzz/corpus.py",
        "fuzz/seeds.py",
    ),
}  # fmt: skip
_LINE = "value = {number}  # as it was\n"


@dataclass
class Scene:
    """Where everything lies, and the pipelines in the order in which they are queued."""

    folder: Path
    go: Path = field(init=False)
    tools: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.go = self.folder / "go"
        self.tools = {
            name: str(_pretend(self.folder / "bin" / name)) for name in ("aider", "claude", "check")
        }
        for name, files in _FILES.items():
            _repository(self.folder / name, files)

    def early(self) -> list[Path]:
        """Runs that end, or come to where a person must decide, before the picture is taken."""
        return [self._write("bumps", self._bumps()), self._write("parser", self._parser())]

    def late(self) -> Path:
        """The run that is under way in the picture: some of its jobs go on until `go` exists."""
        return self._write("checkout", self._checkout())

    def arrivals(self) -> list[Path]:
        """What is dropped on the window in the picture of the drop sheet: one file is wrong, one ran before."""
        wrong = self.folder / "drop" / "slow-query.yaml"
        wrong.parent.mkdir(exist_ok=True)
        wrong.write_text(
            "tool: aider\nprompt: Find the slow query.\nmetadata:\n  retry: {limt: 2}\n", encoding="utf-8"
        )
        files = [wrong]
        for job_id, prompt, name in (
            ("gift-cards", "Let a cart be paid by gift card.", "cart/money.py"),
            ("vat-rates", "Take the VAT rates of the new year.", "pricing/tax.py"),
            ("rank-fresh", "Rank fresh articles higher.", "search/rank.py"),
        ):
            fields: dict[str, Any] = {
                "job_id": job_id,
                "workstream_id": job_id,
                "step_name": "edit",
                "tool": "aider",
                "prompt": prompt,
            }
            fields |= {"files": [name], "paths": {"repo_root": str(self.folder / "shop")}}
            fields |= {
                "metadata": {
                    "files_scope": [name],
                    "depends_on": ["gift-cards"] if job_id == "rank-fresh" else [],
                }
            }
            files.append(self._dump(self.folder / "drop" / f"{job_id}.yaml", fields))
        return [*files, self.folder / "bumps.yaml"]

    def inbox_job(self, inbox: Path) -> None:
        """A job that came without a person: it waits for trust."""
        fields: dict[str, Any] = {
            "job_id": "nightly-audit",
            "workstream_id": "nightly-audit",
            "tool": "shell",
        }
        fields |= {
            "command": {"exe": self.tools["check"], "args": []},
            "paths": {"repo_root": str(self.folder / "shop")},
        }
        part = self._dump(self.folder / "nightly-audit.part", fields)
        part.rename(inbox / "nightly-audit.yaml")

    def _bumps(self) -> dict[str, Any]:
        return self._run(
            "shop",
            "Dependency bumps",
            [
                _line(
                    "bump-django",
                    ["locale/nl.po"],
                    [_edit("Bump Django to 5.2.", add=9, cut=4, cost=0.19), _test()],
                ),
                _line("bump-ruff", [], [_test("All checks passed!")]),
            ],
        )

    def _parser(self) -> dict[str, Any]:
        failing = (
            "tests/test_fuzz.py ....F\nFAILED test_seed_417 - RecursionError\n1 failed, 60 passed in 4.02s"
        )
        return self._run(
            "parser",
            "Parser: error recovery",
            [
                _line(
                    "unicode-idents",
                    ["src/idents.py", "src/tokens.py"],
                    [
                        _edit("Allow identifiers in any script.", add=28, cut=6, cost=0.66),
                        _test(),
                        _step("review", "review"),
                    ],
                ),
                _line(
                    "recovery",
                    ["src/lexer.py", "src/errors.py", "src/recover.py"],
                    [
                        _edit("Go on after an unclosed brace.", add=41, cut=12, cost=0.41),
                        _test(
                            "1 failed, 61 passed in 12.84s", code=1, retry={"limit": 3, "interval_sec": 900}
                        ),
                        _step("merge", "merge"),
                    ],
                ),
                _line(
                    "lexer-split",
                    ["src/lexer.py", "src/tokens.py"],
                    [
                        {**_step("plan", "check"), "after": ["recovery"]},
                        _edit("Split the lexer into modes.", add=1, cut=0, cost=0.1),
                    ],
                ),
                _line(
                    "fuzz-corpus",
                    ["fuzz/corpus.py", "fuzz/seeds.py"],
                    [_test(failing, code=1), _step("review", "review")],
                ),
            ],
        )

    def _checkout(self) -> dict[str, Any]:
        until = str(self.go)
        replays = "tests/hooks/test_replay.py F\nFAILED test_replay_twice - assert 2 == 1\n1 failed, 14 passed in 3.20s"
        return self._run(
            "shop",
            "Night: checkout v2",
            [
                _line(
                    "stripe-webhooks",
                    ["hooks/stripe.py", "hooks/replay.py"],
                    [
                        _edit("Accept each webhook once.", add=33, cut=8, cost=0.52),
                        _test(
                            replays, code=1, retry={"limit": 2, "interval_sec": 0.2, "backoff": "immediate"}
                        ),
                        _step("review", "review"),
                    ],
                ),
                _line(
                    "ui-a11y",
                    ["ui/labels.html", "ui/focus.html"],
                    [
                        _edit("Name every field for screen readers.", add=148, cut=12, cost=1.2),
                        _test(),
                        _step("merge", "merge"),
                    ],
                ),
                _line(
                    "price-rules",
                    ["pricing/rules.py", "pricing/tax.py"],
                    [
                        _edit("Move the tax into the rules.", add=20, cut=5, cost=0.12),
                        _test("Running: pytest -q tests/pricing", until=until),
                        _step("review", "review"),
                    ],
                ),
                _line(
                    "cart-totals",
                    ["cart/totals.py", "cart/money.py", "cart/discounts.py"],
                    [
                        _edit("Round in Money alone.", add=21, cut=7, cost=0.84),
                        _test("Running: ruff check shop/pricing\nAll checks passed!"),
                        _agent("Mend what the tests said.", str(self.folder / "shop"), until=until),
                        _step("review", "review"),
                    ],
                ),
                _line(
                    "search-index",
                    ["search/index.py", "search/rank.py"],
                    [
                        _test(
                            "usage limit reached, resets at 03:30",
                            code=3,
                            retry={"limit": 2, "interval_sec": 2580},
                        ),
                        _edit("Index by stem.", add=1, cut=0, cost=0.1),
                    ],
                ),
                _line(
                    "checkout-copy",
                    ["checkout/copy.html", "cart/totals.py"],
                    [
                        {
                            **_edit("Say what the total contains.", add=4, cut=1, cost=0.1),
                            "after": ["cart-totals"],
                        },
                        _test(),
                    ],
                ),
                _line(
                    "locale-de", ["locale/de.po"], [_edit("Translate the checkout.", add=60, cut=0, cost=0.1)]
                ),
                _line("load-test", [], [_test("Running: 200 carts a second", until=until)]),
            ],
        )

    def _run(self, repo: str, title: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
        for line in lines:
            for step in line["steps"]:
                if step["tool"] == "shell":
                    step["command"] = {"exe": self.tools["check"], "args": []}
        defaults = {"env": {"PYTHONDONTWRITEBYTECODE": "1"}, "metadata": {"timeout_seconds": 600}}
        return {"title": title, "repo": str(self.folder / repo), "defaults": defaults, "workstreams": lines}

    def _write(self, name: str, pipeline: dict[str, Any]) -> Path:
        return self._dump(self.folder / f"{name}.yaml", pipeline)

    @staticmethod
    def _dump(file: Path, fields: dict[str, Any]) -> Path:
        yaml = YAML()
        yaml.width = (
            1_000_000  # it may break a line within a pair of backslashes, and another text is read back
        )
        with file.open("w", encoding="utf-8") as out:
            yaml.dump(fields, out)
        return file


def _line(ws_id: str, files: list[str], steps: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": ws_id, "files": files, "steps": _named(steps)}


def _named(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    taken: set[str] = set()
    for step in steps:
        name = step["name"] if step["name"] not in taken else f"{step['name']} again"
        step["name"] = name
        taken.add(name)
    return steps


def _edit(prompt: str, *, add: int, cut: int, cost: float, until: str = "") -> dict[str, Any]:
    say = "Aider v0.86.1\nMain model: gpt-4.1 with diff edit format\nRepo-map: disabled"
    env = {"SAY": say, "ADD": str(add), "CUT": str(cut), "COST": str(cost)}
    if until:
        env["UNTIL"] = until
    return {"name": "edit", "tool": "aider", "prompt": prompt, "env": env}


def _agent(prompt: str, root: str, *, until: str) -> dict[str, Any]:
    return {"name": "edit", "tool": "claude", "prompt": prompt, "env": {"SAY": events(root), "UNTIL": until}}


def _test(
    say: str = "43 passed in 8.61s", *, code: int = 0, retry: dict[str, Any] | None = None, until: str = ""
) -> dict[str, Any]:
    step = _step("test", "test")
    step["env"] = {"SAY": say, "CODE": str(code)} | ({"UNTIL": until} if until else {})
    if retry is not None:
        step["metadata"]["retry"] = retry
    return step


def _step(name: str, stage: str) -> dict[str, Any]:
    return {"name": name, "tool": "shell", "metadata": {"writes": False, "stage": stage}}


def _pretend(program: Path) -> Path:
    program.parent.mkdir(exist_ok=True)
    source = Path(__file__).with_name("pretend_tool.py").read_text(encoding="utf-8")
    program.write_text(f"#!{sys.executable} -IS\n{source}", encoding="utf-8")
    program.chmod(0o755)
    return program


def _repository(folder: Path, files: tuple[str, ...]) -> None:
    for name in files:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(_LINE.format(number=number) for number in range(30)), encoding="utf-8")
    git = shutil.which("git")
    assert git is not None, "the screenshots need git"
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "-A"),
        ("-c", "user.name=Scene", "-c", "user.email=scene@signalbox.invalid", "commit", "-qm", "As it was"),
    ):
        subprocess.run([git, *words], cwd=folder, check=True)
