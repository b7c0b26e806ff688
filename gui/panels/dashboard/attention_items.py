"""Everything that cannot proceed without a person, one item for each cause, made from cards. Pure, without Qt."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath

from engine.host.commands import ReleaseJobs, RetryJobs
from engine.intake.refusals import Refusal
from engine.scheduling.buckets import was_interrupted
from engine.system.plain_text import escape_invisible
from engine.trust.waiting import waits_for_trust
from gui.data import captions
from gui.data.card import BoardColumn, Card, CardButton
from gui.data.cost_captions import cost_text
from gui.data.failure_cause import cause_of
from gui.data.job_actions import SHOW_LINE, decisions, is_held_by_alarm
from gui.translation import tr, tr_count, translatable
from state.costs import Cost
from state.lifecycle import FINAL
from state.records import Job, JobStatus, Origin

_CHECK_LOG = "show_check_log"
_DECIDE = CardButton(command="show_details", label=translatable("Decide"))
_LOOK = CardButton(command="show_details", label=translatable("Look"))
_OPEN_REFUSED = CardButton(command="open_refused", label=translatable("Open"))
_DISMISS_REFUSED = CardButton(command="dismiss_refused", label=translatable("Dismiss"))
_REVIEW_WORK = CardButton(command="show_review", label=translatable("Review"))
_ONE_NEEDS = {
    "failed": translatable("{name} failed"),
    "timeout": translatable("{name} timed out"),
    "quarantined": translatable("{name} is quarantined"),
    "interrupted": translatable("{name} was interrupted"),
}
_ACTS_ON_SEVERAL = {
    RetryJobs.kind.name: (translatable("Retry both"), translatable("Retry all {number:,}")),
    ReleaseJobs.kind.name: (translatable("Release both"), translatable("Release all {number:,}")),
}
_OTHER_ACTS = (translatable("{verb} both"), translatable("{verb} all {number:,}"))
_NAMED = 2
"""So many names stand in a reason; the others are counted."""


class AttentionRow(StrEnum):
    """What a row of the list is: a need, a workstream of the need above, or a way to see more or fewer needs."""

    NEED = "need"
    MEMBER = "member"
    MORE = "more"
    FEWER = "fewer"


@dataclass(frozen=True, kw_only=True, slots=True)
class AttentionItem:
    """One cause for which workstreams need a person, or one of these workstreams (`AttentionRow.MEMBER`).

    `key` stays the same while workstreams join and leave. `job_ids` is what the button applies to. `holds_up` counts
    the other workstreams that wait for these. `is_settled` marks a row that is only kept because the pointer is over
    the list: nobody is needed for it any more.
    """

    key: tuple[object, ...] = ()
    kind: AttentionRow = AttentionRow.NEED
    state: str = "needsyou"
    title: str = ""
    reason: str = ""
    since: float | None = None
    button: CardButton | None = None
    dismissal: CardButton | None = None
    """A second button, which removes the row."""
    look: CardButton | None = None
    """A second button, which shows why."""
    workstream: tuple[str, str] | None = None
    job_ids: tuple[str, ...] = ()
    members: tuple["AttentionItem", ...] = field(default=(), repr=False)
    holds_up: int = 0
    is_unread: bool = False
    is_settled: bool = False
    is_open: bool = False

    @property
    def second(self) -> CardButton | None:
        """The button left of the other one."""
        return self.dismissal or self.look

    @property
    def can_open(self) -> bool:
        """Whether it stands for several workstreams, which can be listed below it."""
        return self.kind is AttentionRow.NEED and len(self.members) > 1


def needs_of(cards: Iterable[Card], jobs: Mapping[str, Job]) -> list[AttentionItem]:
    """The needs of these cards, one for each cause: what holds up most other workstreams first, then the oldest."""
    groups: defaultdict[tuple[object, ...], list[Card]] = defaultdict(list)
    for card in cards:
        if card.needs_you:
            groups[_cause_key(card)].append(card)
    if not groups:
        return []
    waiting = _dependents(jobs.values())
    needs = (_need(key, members, jobs, waiting) for key, members in groups.items())
    return sorted(needs, key=lambda need: (-need.holds_up, need.since or 0.0, need.title))


def refusals_need(refusals: Sequence[Refusal]) -> list[AttentionItem]:
    """The need for the files that the inbox has refused, or nothing; it stands for no workstream."""
    if not refusals:
        return []
    first, more = refusals[0], len(refusals) - 1
    name, reason = escape_invisible(first.name), escape_invisible(first.reason.partition("\n")[0])
    if more:
        title = tr_count("{n} file was refused", "{n} files were refused", len(refusals))
        reason = tr("in the inbox: {reason}; and {number:,} more", reason=reason, number=more)
    else:
        title = tr("{name} was refused", name=name)
        reason = tr("in the inbox: {reason}", reason=reason.removeprefix(f"{name}: "))
    item = AttentionItem(
        key=("refused",),
        state="failed",
        title=title,
        reason=reason,
        since=first.at,
        button=_OPEN_REFUSED,
        dismissal=_DISMISS_REFUSED,
        job_ids=tuple(one.name for one in refusals),
    )
    return [item]


def workstreams_in(needs: Iterable[AttentionItem]) -> int:
    """How many workstreams need a person."""
    return sum(len(need.members) for need in needs)


def _cause_key(card: Card) -> tuple[object, ...]:
    """What the cards of one row have in common."""
    focus = card.focus
    if card.column is BoardColumn.REVIEW:
        return ("review", any(button.command == _CHECK_LOG for button in card.buttons))
    if focus is None:
        return ("workstream", *card.key)
    if waits_for_trust(focus):
        return ("trust",)
    cause = cause_of(focus)
    return ("held", focus.hold_cause, focus.hold_reason) if cause is None else (card.state, cause)


def _need(
    key: tuple[object, ...],
    cards: Sequence[Card],
    jobs: Mapping[str, Job],
    waiting: Mapping[str, Sequence[Job]],
) -> AttentionItem:
    ordered = sorted(cards, key=lambda card: (card.since or 0.0, card.key))
    is_trust = key == ("trust",)
    ids = [
        job_id
        for card in ordered
        for job_id in card.target_ids
        if not is_trust or (job_id in jobs and waits_for_trust(jobs[job_id]))
    ]
    title, reason = (
        _trust_words(ordered, [jobs[job_id] for job_id in ids]) if is_trust else _words(ordered, len(ids))
    )
    return AttentionItem(
        key=key,
        state=ordered[0].state,
        title=title,
        reason=reason or _facts(ordered),
        since=ordered[0].since,
        button=_button(ordered, len(ids)),
        look=_look(ordered[0]),
        workstream=ordered[0].key,
        job_ids=tuple(ids),
        members=tuple(_member(card) for card in ordered),
        holds_up=_held_up(ids, {card.key for card in ordered}, waiting),
    )


def _member(card: Card) -> AttentionItem:
    return AttentionItem(
        key=card.key,
        kind=AttentionRow.MEMBER,
        state=card.state,
        title=card.distinct_name,
        reason=_own_words(card),
        since=card.since,
        button=_button((card,), len(card.target_ids)),
        look=_look(card),
        workstream=card.key,
        job_ids=card.target_ids,
    )


def _own_words(card: Card) -> str:
    """What the need above does not say of one of its workstreams."""
    if card.focus is not None and cause_of(card.focus) is not None:
        return ", ".join(part for part in (card.repo, card.progress) if part)
    return card.sentence or _facts((card,))


def _words(cards: Sequence[Card], jobs: int) -> tuple[str, str]:
    """The title and the reason of a need: what happened to how many, and the cause with their names."""
    first, number = cards[0], len(cards)
    names = _listed([card.distinct_name for card in cards])
    if first.column is BoardColumn.REVIEW:
        if number == 1:
            return tr("{name} waits for review", name=first.distinct_name), first.sentence
        return tr_count("{n} workstream waits for review", "{n} workstreams wait for review", number), names
    kind = "interrupted" if first.focus is not None and was_interrupted(first.focus) else first.state
    if number == 1:
        one = _ONE_NEEDS.get(kind, translatable("{name} needs you"))
        return tr(one, name=first.distinct_name), first.sentence
    cause = None if first.focus is None else cause_of(first.focus)
    why = first.sentence.rstrip(".") if cause is None else cause.text
    return _several_need(kind, jobs), tr("{why}, in {names}", why=why, names=names) if why else names


def _several_need(kind: str, jobs: int) -> str:
    match kind:
        case "failed":
            return tr_count("{n} job failed the same way", "{n} jobs failed the same way", jobs)
        case "timeout":
            return tr_count("{n} job timed out the same way", "{n} jobs timed out the same way", jobs)
        case "quarantined":
            return tr_count("{n} job is quarantined", "{n} jobs are quarantined", jobs)
        case "interrupted":
            return tr_count("{n} job was interrupted", "{n} jobs were interrupted", jobs)
        case _:
            return tr_count("{n} job needs you", "{n} jobs need you", jobs)


def _facts(cards: Sequence[Card]) -> str:
    """What finished work has changed and cost, where nothing about it is off: ``6 files, +138 -27, $1.02``."""
    card = cards[0]
    lines = " ".join(filter(None, (captions.added(card.added), captions.removed(card.removed))))
    files = tr_count("{n} file", "{n} files", card.files) if card.files else ""
    return ", ".join(filter(None, (files, lines, cost_text(Cost.of(card.cost, card.cost_source)))))


def _trust_words(cards: Sequence[Card], jobs: Sequence[Job]) -> tuple[str, str]:
    files = {job.source_path for job in jobs if job.source_path}
    number = len(files) or len(jobs)
    # The inbox has moved its files since, so their folder says nothing.
    by_inbox = all(job.origin is Origin.INBOX for job in jobs)
    folders = list(dict.fromkeys(PurePath(file).parent.name for file in sorted(files)))
    names = _listed([card.distinct_name for card in cards])
    title = tr_count("{n} job file waits for your trust", "{n} job files wait for your trust", number)
    if by_inbox:
        return title, tr("from the inbox: {names}", names=names)
    if folders:
        return title, tr("from {folders}: {names}", folders=", ".join(folders), names=names)
    return title, names


def _listed(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and 3 more``."""
    named, others = list(names[:_NAMED]), len(names) - _NAMED
    if others > 0:
        return tr("{names} and {number:,} more", names=", ".join(named), number=others)
    last = named.pop()
    return tr("{names} and {last}", names=", ".join(named), last=last) if named else last


def _button(cards: Sequence[Card], jobs: int) -> CardButton | None:
    """The one act for all of these cards; where only a person can tell which act is right, the way to decide."""
    first, is_one = cards[0], len(cards) == 1
    focus = first.focus
    if first.column is BoardColumn.REVIEW:
        return _REVIEW_WORK
    if focus is None:
        return None
    if waits_for_trust(focus):
        is_command = focus.tool in {"shell", "tests"}
        label = translatable("Review command") if is_command else translatable("Review job")
        return CardButton(command="show_details", label=label) if is_one else _LOOK
    if focus.status in {JobStatus.FAILED, JobStatus.TIMEOUT} and not (focus.quarantined and is_one):
        return _counted(RetryJobs.kind.name, translatable("Retry"), 1 if is_one else jobs)
    acts = decisions(focus)
    if is_one:
        return CardButton(acts[0].command, acts[0].label) if len(acts) == 1 else _DECIDE
    return _counted(acts[0].command, acts[0].label, jobs) if acts else _LOOK


def _look(card: Card) -> CardButton | None:
    """The way to the line of the alarm that holds a card."""
    is_held = card.focus is not None and is_held_by_alarm(card.focus)
    return CardButton(SHOW_LINE.command, SHOW_LINE.title) if is_held else None


def _counted(command: str, verb: str, jobs: int) -> CardButton:
    if jobs == 1:
        return CardButton(command, verb)
    both, several = _ACTS_ON_SEVERAL.get(command, _OTHER_ACTS)
    words = both if jobs == 2 else several  # noqa: PLR2004 - two are both
    return CardButton(command, tr(words, verb=tr(verb), number=jobs))


def _dependents(jobs: Iterable[Job]) -> Mapping[str, Sequence[Job]]:
    """The open jobs that depend on each job."""
    found: defaultdict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        if job.status not in FINAL:
            for other in job.depends_on:
                found[other].append(job)
    return found


def _held_up(job_ids: Iterable[str], own: set[tuple[str, str]], waiting: Mapping[str, Sequence[Job]]) -> int:
    """How many other workstreams wait for these jobs, directly or through others."""
    return len({(job.run_id, job.ws_id) for job in _behind(job_ids, waiting)} - own)


def _behind(job_ids: Iterable[str], waiting: Mapping[str, Sequence[Job]]) -> Iterator[Job]:
    seen, frontier = set(job_ids), list(job_ids)
    while frontier:
        for job in waiting.get(frontier.pop(), ()):
            if job.job_id not in seen:
                seen.add(job.job_id)
                frontier.append(job.job_id)
                yield job
