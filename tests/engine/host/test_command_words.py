"""What was done in the window as words for the command line, which understands each of them."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer

from engine.cli.root import app
from engine.host.command_kind import CommandKind
from engine.host.command_words import command_line, command_words
from engine.host.commands import (
    AddJobs,
    CancelJobs,
    Drain,
    EngineCommand,
    FollowUpJobs,
    HoldJobs,
    LabelJobs,
    LiftHold,
    MoveInQueue,
    Pause,
    Redo,
    ReleaseJobs,
    RemoveLimit,
    Resume,
    RetryJobs,
    SetHold,
    SetLimit,
    SetNote,
    SetPriority,
    SkipJobs,
    TrustJob,
    Undo,
)
from engine.host.host_commands import ChangeSetting, DismissRefusals, SaveCopy, StopStarting
from engine.host.merge_commands import HoldMerges, MoveMerge, ReleaseMerges
from engine.host.review_commands import (
    AddComment,
    ApproveWorkstreams,
    DeleteComment,
    DiscardWorkstreams,
    EditComment,
    MarkViewed,
    RestoreWorkstreams,
    SeenWorkstream,
    SendBackWorkstream,
    SettleComment,
    WithdrawApprovals,
)
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.recurring.recurring_words import words_to_add
from engine.trust.binding import Binding
from engine.types import QueuePosition
from state.records import Hold, HoldKind, Job, Limit, LimitKind
from state.worktree_records import DiffSide, ReviewComment, ViewedFile

IDS = ("cart-totals", "cart-test")
CART = SeenWorkstream("r1", "cart", "abc")
SPEC = job_from_mapping(
    {"job_id": "a", "tool": "shell", "command": {"exe": "true"}, "paths": {"repo_root": "/r"}}
)


def added(*files: str | None, held: bool = False, run_id: str | None = None) -> AddJobs:
    return AddJobs(
        jobs=[Accepted(spec=SPEC, digest="", source_path=file) for file in files], held=held, run_id=run_id
    )


def waiting(priority: int = 0, hold_reason: str | None = None) -> list[Job]:
    return [
        Job(job_id=job_id, run_id="r1", ws_id="cart", priority=priority, hold_reason=hold_reason)
        for job_id in IDS
    ]


def written(*labels: str, note: str = "") -> list[Job]:
    return [replace(job, labels=labels, note=note) for job in waiting()]


def undone(kind: CommandKind, before: list[Job], after: list[Job] | None = None) -> Undo:
    return Undo(undone=kind, before=before, after=after or before)


def comment(text: str, **where: Any) -> AddComment:
    return AddComment(comment=ReviewComment(id=0, run_id="r1", ws_id="cart", text=text, **where))


VIEWED = ViewedFile(run_id="r1", ws_id="cart", path="src/a b.py", blob="1")
LINES: tuple[tuple[EngineCommand, str], ...] = (
    (HoldJobs(job_ids=IDS), "hold cart-totals cart-test"),
    (ReleaseJobs(job_ids=IDS), "release cart-totals cart-test"),
    (RetryJobs(job_ids=IDS[:1], tool="codex"), "retry cart-totals --with codex"),
    (RetryJobs(job_ids=IDS[:1], dependents=True), "retry cart-totals --dependents"),
    (
        FollowUpJobs(job_ids=IDS[:1], words="Mend it, too", fresh=True),
        "follow-up cart-totals 'Mend it, too' --fresh",
    ),
    (SetNote(job_ids=IDS[:1], note="Ask\nAnna"), "note cart-totals 'Ask\nAnna'"),
    (SetNote(job_ids=IDS[:1], note=""), "note cart-totals --clear"),
    (SetNote(job_ids=IDS[:1], note="- a"), "note cart-totals -- '- a'"),
    (
        LabelJobs(job_ids=IDS, add=["flaky"], remove=["x", "y"]),
        "label cart-totals cart-test --add flaky --remove x --remove y",
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
    (added("/jobs/a.yaml", "/jobs/b.yaml", "/jobs/a.yaml"), "submit /jobs/a.yaml /jobs/b.yaml"),
    (added("/my jobs/a.yaml", held=True), "submit '/my jobs/a.yaml' --hold"),
    (TrustJob(job_id="cart-test", digests=(), binding=Binding.ONCE), "trust grant cart-test --once"),
    (TrustJob(job_id="cart-test", digests=(), binding=Binding.FILES), "trust grant cart-test"),
    (TrustJob(job_id="cart-test", digests=(), binding=Binding.REPOSITORY), "trust grant cart-test"),
    (
        TrustJob(job_id="cart-test", digests=(), binding=Binding.ANYTHING),
        "trust grant cart-test --whatever-the-repository-holds",
    ),
    (undone(HoldJobs.kind, waiting()), "release cart-totals cart-test"),
    (undone(ReleaseJobs.kind, waiting()), "hold cart-totals cart-test"),
    (undone(CancelJobs.kind, waiting()), "retry cart-totals cart-test"),
    (undone(SetPriority.kind, waiting(5), waiting(9)), "priority cart-totals cart-test --to 5"),
    (Undo(undone=ApproveWorkstreams.kind, workstreams=(CART,)), "review withdraw r1/cart"),
    (Undo(undone=DiscardWorkstreams.kind, workstreams=(CART,)), "review restore r1/cart"),
    (
        undone(LabelJobs.kind, written("old"), written("new")),
        "label cart-totals cart-test --add old --remove new",
    ),
    (Redo(undo=undone(LabelJobs.kind, written(), written("new"))), "label cart-totals cart-test --add new"),
    (undone(SetNote.kind, written(note="No.")[:1], written()[:1]), "note cart-totals No."),
    (Redo(undo=undone(SetNote.kind, written(note="No.")[:1], written()[:1])), "note cart-totals --clear"),
    (Redo(undo=undone(HoldJobs.kind, waiting())), "hold cart-totals cart-test"),
    (Redo(undo=undone(CancelJobs.kind, waiting())), "cancel cart-totals cart-test"),
    (Redo(undo=undone(SetPriority.kind, waiting(5), waiting(9))), "priority cart-totals cart-test --to 9"),
    (Redo(undo=Undo(undone=ApproveWorkstreams.kind, workstreams=(CART,))), "review approve r1/cart"),
    (comment("Too long."), "review comment add r1/cart 'Too long.'"),
    (
        comment("Why?", path="a.py", line=3, last_line=5, side=DiffSide.OLD),
        "review comment add r1/cart --file a.py --line 3-5 --side old 'Why?'",
    ),
    (comment("-1 here", path="a.py", line=3), "review comment add r1/cart --file a.py --line 3 -- '-1 here'"),
    (EditComment(comment_id=7, text="No."), "review comment edit 7 No."),
    (DeleteComment(comment_id=7), "review comment delete 7"),
    (SettleComment(comment_id=7), "review comment settle 7"),
    (SettleComment(comment_id=7, settled=False), "review comment settle 7 --reopen"),
    (MarkViewed(file=VIEWED), "review viewed r1/cart 'src/a b.py'"),
    (MarkViewed(file=VIEWED, viewed=False), "review viewed r1/cart 'src/a b.py' --remove"),
)


@pytest.mark.parametrize(("command", "words"), LINES, ids=[words for _, words in LINES])
def test_what_the_window_did_is_a_line_that_the_command_line_understands(
    command: EngineCommand, words: str
) -> None:
    assert command_line(command) == f"signalbox {words}"
    understand(command_words(command))


def understand(words: Sequence[str]) -> None:
    """Let the command line take these words apart; it refuses a wrong one."""
    group: Any = typer.main.get_command(app)
    rest = list(words)
    while hasattr(group, "get_command"):
        with group.make_context(group.name or "signalbox", list(rest), allow_extra_args=True) as context:
            name, group, rest = group.resolve_command(context, rest)
            assert name is not None
    with group.make_context(group.name, rest):
        pass  # a wrong word or option would have been refused


def test_what_only_the_window_can_do_has_no_line_and_another_home_is_named() -> None:
    assert command_line(StopStarting()) == ""
    assert command_line(SetNote(job_ids=IDS, note="both")) == ""
    assert command_line(ChangeSetting(key="tools", value={"claude": {}})) == ""
    assert command_line(added("/jobs/a.yaml", None)) == "", "a job that is in no file"
    assert command_line(added("/jobs/a.yaml", run_id="r1")) == "", "submit begins a run of its own"
    assert command_line(undone(CancelJobs.kind, waiting(hold_reason="by hand"))) == "", "retry holds nothing"
    assert command_line(undone(MoveInQueue.kind, waiting())) == "", "its place has no name"
    assert command_line(DismissRefusals(names=("a.yaml",))) == ""
    line = command_line(Drain(), Path("/the other/home"))
    assert shlex.split(line) == ["signalbox", "drain", "--home", "/the other/home"]
    dashed = command_line(comment("-1"), Path("/h"))
    assert shlex.split(dashed)[-4:] == ["--home", "/h", "--", "-1"]


def test_a_recurring_run_that_the_window_added_is_a_line_that_the_command_line_understands() -> None:
    fields = {"template": "fix", "values": {"goal": "all green"}, "repo": "/r", "every": "every night 22:00"}
    words = words_to_add("nightly", fields)
    line = "schedules add nightly fix --every 'every night 22:00' --set 'goal=all green' --repo /r"
    assert shlex.join(words) == line
    understand(words)
