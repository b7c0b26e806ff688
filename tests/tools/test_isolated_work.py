"""Real coding tools in git worktrees of their own: at once, reviewed, sent back in the same session, merged."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from state.records import Attempt
from tests.helpers import tool_figures
from tests.helpers.attempts import git_caller
from tests.helpers.command_line import CommandLine, until
from tests.helpers.loopback_model.scenario import Edit, Scenario
from tests.helpers.loopback_model.script import Request
from tests.helpers.loopback_model.server import LoopbackModel
from tests.helpers.real_tools import version_under_test
from tests.helpers.shop_repository import CHECK, check_of, shop_repository
from tests.helpers.tool_bench import Measured, ToolBench
from tests.helpers.tool_cases import EDIT

pytestmark = pytest.mark.tools
RUN = "night"
FIRST = "Done for now, says the first attempt."
COMMENT = "Greet louder."
LOUDER = Edit(path="hello.py", search=EDIT.replace, replace='    return "hello, world!"\n')
LISTS = "git status --porcelain --ignored; git log -1 --format=%s"
COMMITS = "echo made > made.txt; git add made.txt; git commit -qm 'by the agent'; git tag by-the-agent"
TOTAL = "    return sum(price * count for price, count in lines)\n"
PRICE = "    return price * (100 - percent) / 100\n"
REFUSES = f"    if percent > 100:\n        raise ValueError(percent)\n{PRICE}"
NIGHT: Mapping[str, tuple[str, ...]] = {
    "aider": ("shop/prices.py",),
    "codex": ("shop/totals.py",),
    "claude": ("shop/totals.py",),
    "gemini": ("shop/taxes.py",),
}
"""The workstreams of the night, named for their tools, and what each declares: two collide."""
EDITS: Mapping[str, tuple[Edit, ...]] = {
    "aider": (Edit(path="shop/prices.py", search=PRICE, replace=REFUSES),),
    "codex": (Edit(path="shop/totals.py", search=TOTAL, replace=TOTAL.replace("sum(", "0 + sum(")),),
    "claude": (Edit(path="shop/totals.py", search=TOTAL, replace=TOTAL.replace("sum(", "0.0 + sum(")),),
    "gemini": (
        Edit(path="shop/taxes.py", content="RATE = 19\n"),
        Edit(path="README.md", content="# A shop with taxes\n"),
    ),
}
GIVES_WAY = (
    Edit(path="shop/totals.py", search="0.0 + sum(", replace="0 + sum("),
    Edit(path="shop/totals.py", search="Adds up a cart.", replace="Adds up any cart."),
)
STRICTER = Edit(path="shop/prices.py", search="    if percent > 100:\n", replace="    if percent >= 100:\n")


def tree_of(bench: ToolBench, workstream: str) -> Path:
    return bench.command_line.home.root / "worktrees" / RUN / workstream


def branch_of(workstream: str) -> str:
    return f"signalbox/{RUN}/{workstream}"


def remembers(request: Request) -> bool:
    """Whether the model is shown the words of the first attempt as its own."""
    own = [message for message in request.messages if message.role in {"assistant", "model"}]
    return any(FIRST in message.text for message in own)


def isolated(bench: ToolBench, tool: str, **fields: Any) -> dict[str, Any]:
    """A job in a worktree of its own."""
    return bench.job(tool, run_id=RUN, workstream_id=tool, metadata={"isolation": "worktree"}, **fields)


def run(bench: ToolBench, job: Mapping[str, Any]) -> None:
    bench.command_line("run", bench.command_line.file("job.json", job))


def keep(attempt: Attempt, case: str, requests: int) -> None:
    """Keep what an attempt was measured at for the page of figures."""
    found = Measured(attempt, attempt.duration_s or 0, requests)
    version = version_under_test(attempt.tool)
    tool_figures.keep(
        tool_figures.Figure(attempt.tool, version, case, found.outcome, found.seconds, requests)
    )


def last_attempts(bench: ToolBench) -> list[Attempt]:
    """The last attempt of each job of the night."""
    with bench.command_line.store() as store:
        return [store.list_attempts(job.job_id)[-1] for job in store.list_jobs(run_id=RUN)]


def engine_is_idle(signalbox: CommandLine) -> None:
    signalbox("engine", "--until-idle")


def test_a_branch_has_the_work_alone_and_a_comment_continues_the_session(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    root, signalbox = str(tree_of(bench, tool)), bench.command_line
    connected.play(
        Scenario(root=root, edits=(EDIT,), command=LISTS, final=FIRST), Scenario(root=root, edits=(LOUDER,))
    )
    run(bench, isolated(bench, tool))
    keep(last_attempts(bench)[0], "edit in a worktree", len(connected.requests))
    git, user = git_caller(tree_of(bench, tool)), git_caller(bench.repo)
    assert user("diff", "--name-only", "main", branch_of(tool)) == "hello.py"
    assert git("status", "--porcelain", "--ignored") == ""
    signalbox("review", "comment", "add", tool, COMMENT, "--file", "hello.py", "--line", "2")
    before = len(connected.requests)
    signalbox("review", "send-back", tool)
    engine_is_idle(signalbox)
    keep(last_attempts(bench)[0], "sent back with a comment on a line", len(connected.requests) - before)
    asked = connected.requests[before]
    assert remembers(asked)
    assert asked.contains(COMMENT)
    assert asked.contains('>     return "hello, world"')
    assert user("diff", "--name-only", "main", branch_of(tool)) == "hello.py"
    signalbox("review", "approve", tool)
    engine_is_idle(signalbox)
    assert user("show", "main:hello.py").endswith('"hello, world!"')
    assert user("status", "--porcelain", "--ignored") == ""


def subjects(bench: ToolBench, branch: str) -> list[str]:
    """The subjects of the commits of a branch since main, the newest first."""
    return git_caller(bench.repo)("log", "--format=%s", f"main..{branch}").splitlines()


def test_a_tool_that_may_edit_cannot_write_into_the_repository_of_its_worktree(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    connected.play(Scenario(root=str(tree_of(bench, tool)), edits=(EDIT,), command=COMMITS))
    run(bench, isolated(bench, tool))
    assert len(subjects(bench, branch_of(tool))) == 1
    assert "by the agent" not in subjects(bench, branch_of(tool))
    assert git_caller(bench.repo)("tag") == ""


def test_the_commits_of_a_tool_that_may_do_everything_are_on_its_branch(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    if tool == "aider":
        pytest.skip("aider runs no commands of its model")
    connected.play(Scenario(root=str(tree_of(bench, tool)), edits=(EDIT,), command=COMMITS))
    more = {"permission": "full", "env": {"IS_SANDBOX": "1"}}  # else claude refuses root
    run(bench, isolated(bench, tool, **more))
    assert subjects(bench, branch_of(tool))[-1] == "by the agent"
    changed = git_caller(bench.repo)("diff", "--name-only", "main", branch_of(tool)).split()
    assert changed == ["hello.py", "made.txt"]


def test_the_map_that_aider_makes_of_the_code_is_no_work(
    bench: ToolBench, model: LoopbackModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    version_under_test("aider")
    bench.connect("aider", model.url, monkeypatch)
    model.play(Scenario(edits=(EDIT,)))
    (bench.repo / "other.py").write_text("def other():\n    return 1\n")
    git = git_caller(bench.repo)
    git("add", "-A")
    git("commit", "-qm", "another module")
    run(bench, isolated(bench, "aider", extra_args=["--map-tokens", "1024"]))
    assert git("diff", "--name-only", "main", branch_of("aider")) == "hello.py"


@pytest.fixture
def models(bench: ToolBench, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, LoopbackModel]]:
    """A model of its own for every tool of the night, which edits in the worktree of its workstream."""
    with ExitStack() as stack:
        serving = {tool: stack.enter_context(LoopbackModel()) for tool in NIGHT}
        for tool, model in serving.items():
            version_under_test(tool)
            bench.connect(tool, model.url, monkeypatch)
            model.play(Scenario(root=str(tree_of(bench, tool)), edits=EDITS[tool], final=FIRST))
        yield serving


@pytest.fixture
def night(bench: ToolBench, models: dict[str, LoopbackModel], tmp_path: Path) -> CommandLine:
    """Every workstream of the night waits for review."""
    assert models.keys() == NIGHT.keys()
    repo = shop_repository(tmp_path / "shop-repo")
    tests = {"command": {"exe": CHECK[0], "args": CHECK[1:]}}
    pipeline = {
        "title": "A night of real tools",
        "run_id": RUN,
        "repo": str(repo),
        "defaults": {"metadata": {"evidence": {"scope": "reported", "tests": tests}, "base": "main"}},
        "workstreams": [stream(tool, bench.job(tool)) for tool in NIGHT],
    }
    signalbox = bench.command_line
    assert "4 workstreams wait for review" in signalbox("run", signalbox.file("night.json", pipeline)).out
    return signalbox


def stream(tool: str, job: Mapping[str, Any]) -> dict[str, Any]:
    """A workstream with one step."""
    step = {"name": "edit", "tool": tool, "model": job["model"], "prompt": f"Work on {NIGHT[tool][0]}."}
    return {"id": tool, "title": tool.capitalize(), "files": list(NIGHT[tool]), "steps": [step]}


def states(signalbox: CommandLine) -> dict[str, str]:
    with signalbox.store() as store:
        return {one.ws_id: one.status.value for one in store.list_workstreams(RUN)}


def shown(signalbox: CommandLine, workstream: str) -> str:
    return signalbox("review", "show", workstream).out


def test_four_tools_work_a_night_in_one_repository_and_what_is_approved_is_merged(
    bench: ToolBench, night: CommandLine, models: dict[str, LoopbackModel], tmp_path: Path
) -> None:
    repo = tmp_path / "shop-repo"
    git = git_caller(repo)

    attempts = last_attempts(bench)
    assert max(each.started_at for each in attempts) < min(each.completed_at or 0 for each in attempts)
    assert all("passed" in shown(night, tool) for tool in NIGHT)
    for each in attempts:
        keep(each, "edit in a worktree, four tools at once", len(models[each.tool].requests))
    assert "1 file outside scope" in shown(night, "gemini")
    assert all("in scope" in shown(night, tool) for tool in ("aider", "codex", "claude"))

    engine_is_idle(night)
    until(lambda: "predicted with" in shown(night, "codex") or None)
    assert "claude" in shown(night, "codex")
    assert "predicted" not in shown(night, "aider")

    root = str(tree_of(bench, "aider"))
    models["aider"].play(Scenario(root=root, edits=(STRICTER,)))
    words = ("Also for a hundred.", "--file", "shop/prices.py", "--line", "6")
    night("review", "comment", "add", "aider", *words)
    before = len(models["aider"].requests)
    night("review", "send-back", "aider")
    engine_is_idle(night)
    asked = models["aider"].requests[before]
    assert remembers(asked)
    assert asked.contains(">     if percent > 100:")
    assert "+    if percent >= 100:" in night("diff", "aider", "--since-review").out

    night("review", "viewed", "gemini", "README.md")
    night("review", "approve", "gemini", "aider", "codex", "claude")
    engine_is_idle(night)
    assert states(night) == {"aider": "merged", "gemini": "merged", "codex": "merged", "claude": "review"}
    assert "shop/totals.py" in shown(night, "claude")
    assert check_of(repo, tmp_path / "merged") == 0

    root = str(tree_of(bench, "claude"))
    models["claude"].play(Scenario(root=root, edits=GIVES_WAY))
    before = len(models["claude"].requests)
    night("review", "send-back", "claude")
    engine_is_idle(night)
    asked = models["claude"].requests[before]
    assert remembers(asked)
    assert asked.contains("could not be merged into main")
    assert asked.contains("Files: shop/totals.py.")
    night("review", "approve", "claude")
    engine_is_idle(night)
    assert set(states(night).values()) == {"merged"}
    assert check_of(repo, tmp_path / "all") == 0
    assert "Adds up any cart." in git("show", "main:shop/totals.py")

    assert git("status", "--porcelain") == "?? notes.txt"
    assert git("branch", "--show-current") == "mine"
