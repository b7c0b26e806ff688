"""What was done in the window as words for the command line, which understands each of them."""

import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from engine.cli.root import app
from engine.host.command_words import command_line, command_words
from engine.host.commands import (
    CancelJobs,
    ChangeSetting,
    Drain,
    EngineCommand,
    FollowUpJobs,
    HoldJobs,
    LiftHold,
    MoveInQueue,
    Pause,
    ReleaseJobs,
    RemoveLimit,
    Resume,
    RetryJobs,
    SaveCopy,
    SetHold,
    SetLimit,
    SetPriority,
    SkipJobs,
    StopStarting,
)  # fmt: skip
from engine.host.merge_commands import HoldMerges, MoveMerge, ReleaseMerges
from engine.host.review_commands import (
    ApproveWorkstreams,
    DiscardWorkstreams,
    RestoreWorkstreams,
    SeenWorkstream,
    SendBackWorkstream,
    WithdrawApprovals,
)
from engine.types import QueuePosition
from state.records import Hold, HoldKind, Limit, LimitKind

IDS = ("cart-totals", "cart-test")
CART = SeenWorkstream("r1", "cart", "abc")
LINES: tuple[tuple[EngineCommand, str], ...] = (
    (HoldJobs(job_ids=IDS), "hold cart-totals cart-test"),
    (ReleaseJobs(job_ids=IDS), "release cart-totals cart-test"),
    (RetryJobs(job_ids=IDS[:1], tool="codex"), "retry cart-totals --with codex"),
    (RetryJobs(job_ids=IDS[:1], dependents=True), "retry cart-totals --dependents"),
    (
        FollowUpJobs(job_ids=IDS[:1], words="Mend it, too", fresh=True),
        "follow-up cart-totals 'Mend it, too' --fresh",
    ),
    (SkipJobs(job_ids=IDS[:1], reason="by hand"), "skip cart-totals --reason 'by hand'"),
    (CancelJobs(job_ids=IDS), "cancel cart-totals cart-test"),
    (SetPriority(job_ids=IDS[:1], priority=-5), "priority cart-totals --to -5"),
    (MoveInQueue(job_ids=IDS[:1], position=QueuePosition(where="top")), "move cart-totals --top"),
    (
        MoveInQueue(job_ids=IDS[:1], position=QueuePosition(where="before", job_id="x")),
        "move cart-totals --before x",
    ),
    (Pause(reason="lunch"), "pause --reason lunch"),
    (Drain(), "drain"),
    (Resume(), "resume"),
    (SetHold(hold=Hold(kind=HoldKind.TOOL, key="codex", reason="", since=0.0)), "pause --tool codex"),
    (LiftHold(hold_kind=HoldKind.GROUP, key="night"), "resume --group night"),
    (SetLimit(limit=Limit(kind=LimitKind.GLOBAL, key="", value=3)), "limits set global 3"),
    (SetLimit(limit=Limit(kind=LimitKind.TOOL, key="codex", value=1)), "limits set tool codex 1"),
    (RemoveLimit(limit_kind=LimitKind.TOOL, key="codex"), "limits remove tool codex"),
    (ApproveWorkstreams(workstreams=(CART,), target="main"), "review approve r1/cart --target main"),
    (WithdrawApprovals(workstreams=(CART,)), "review withdraw r1/cart"),
    (DiscardWorkstreams(workstreams=(CART,)), "review discard r1/cart"),
    (RestoreWorkstreams(workstreams=(CART,)), "review restore r1/cart"),
    (SendBackWorkstream(workstream=CART, words="No."), "review send-back r1/cart No."),
    (HoldMerges(workstreams=(CART,)), "merge hold r1/cart"),
    (ReleaseMerges(workstreams=(CART,)), "merge release r1/cart"),
    (MoveMerge(workstream=CART), "merge move r1/cart --top"),
    (MoveMerge(workstream=CART, priority=7), "merge move r1/cart --priority 7"),
    (ChangeSetting(key="keep_awake", value=True), "settings set keep_awake true"),
    (ChangeSetting(key="callback", value=["say", "{title}"]), "settings set callback say '{title}'"),
    (ChangeSetting(key="callback", value=None), "settings reset callback"),
    (SaveCopy(target=Path("a copy.db")), "backup 'a copy.db'"),
)


@pytest.mark.parametrize(("command", "words"), LINES, ids=[words for _, words in LINES])
def test_what_the_window_did_is_a_line_that_the_command_line_understands(
    command: EngineCommand, words: str
) -> None:
    assert command_line(command) == f"signalbox {words}"
    group: Any = typer.main.get_command(app)
    rest = list(command_words(command))
    while hasattr(group, "get_command"):
        with group.make_context(group.name or "signalbox", list(rest), allow_extra_args=True) as context:
            name, group, rest = group.resolve_command(context, rest)
            assert name is not None
    with group.make_context(group.name, rest):
        pass  # a wrong word or option would have been refused


def test_what_only_the_window_can_do_has_no_line_and_another_home_is_named() -> None:
    assert command_line(StopStarting()) == ""
    assert command_line(ChangeSetting(key="tools", value={"claude": {}})) == ""
    line = command_line(Drain(), Path("/the other/home"))
    assert shlex.split(line) == ["signalbox", "drain", "--home", "/the other/home"]
