"""Choose the events of a night that are worth knowing, with a few words for each. Pure, without Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.system.plain_text import escape_invisible
from gui.panels.timeline.night_records import NotableEvent
from gui.translation import tr, tr_recorded, translatable
from state.records import HoldCause, HoldKind
from state.shown_names import ShownNames
from state.timeline_queries import TimelineEvent

_LOW, _MIDDLE, _HIGH, _HIGHEST = range(4)


def notable_events(
    events: Sequence[TimelineEvent],
    *,
    names: ShownNames,
) -> list[NotableEvent]:
    """Added runs, quarantines, limits and their ends, what a person did, merges, budgets, and what befell the host."""
    found: list[NotableEvent] = []
    had_engine = False
    for event in events:
        name = names.workstream((event.run_id or "", event.ws_id or ""))
        if event.event_type == "run.created":
            found.append(
                _notable(event, "queued", tr("{run} added", run=names.run(event.run_id or "")), _LOW)
            )
        elif event.event_type == "engine.started":
            began = tr("engine restarted") if had_engine else tr("engine started")
            found.append(_notable(event, "running", began, _MIDDLE))
        elif (one := _of_host(event) or _of_work(event, name) or _of_hold(event)) is not None:
            found.append(one)
        had_engine = had_engine or event.event_type in {"engine.started", "engine.stopped"}
    return [*found, *_ends_of_limits(events)]


_OF_HOST: Mapping[str, tuple[str, str, int]] = {
    "engine.slept": ("waiting", translatable("machine was asleep"), _HIGH),
    "engine.lost": ("failed", translatable("engine was killed"), _HIGH),
    "engine.clock_set_ahead": ("waiting", translatable("clock set ahead"), _MIDDLE),
    "engine.clock_set_back": ("waiting", translatable("clock set back"), _MIDDLE),
    "engine.disk_low": ("needsyou", translatable("disk low"), _HIGHEST),
    "engine.disk_free": ("completed", translatable("disk has room"), _LOW),
    "tool.version_changed": ("waiting", translatable("a tool was updated"), _MIDDLE),
}


def _of_host(event: TimelineEvent) -> NotableEvent | None:
    if (known := _OF_HOST.get(event.event_type)) is None:
        return None
    state, words, rank = known
    at = event.since if event.event_type == "engine.lost" and event.since is not None else event.at
    return replace(_notable(event, state, tr(words), rank), at=at)


def _ends_of_limits(events: Sequence[TimelineEvent]) -> list[NotableEvent]:
    """When the limits of accounts started anew: at their end, or earlier where a hold was lifted."""
    found: list[NotableEvent] = []
    waiting: dict[str, TimelineEvent] = {}
    for event in events:
        if event.hold_key is None or event.cause != HoldCause.QUOTA:
            continue
        before = waiting.pop(event.hold_key, None)
        if before is not None and before.until is not None and before.until <= event.at:
            found.append(_limit_over(before, before.until))
        elif event.event_type == "hold.lifted":
            found.append(_limit_over(event, event.at))
        if event.event_type == "hold.set":
            waiting[event.hold_key] = event
    return [*found, *(_limit_over(one, one.until) for one in waiting.values() if one.until is not None)]


def _limit_over(event: TimelineEvent, at: float) -> NotableEvent:
    key = escape_invisible(event.hold_key or "")
    sentence = tr("The usage limit of {name} started anew.", name=key)
    words = tr("{name} limit over", name=key)
    return NotableEvent(at=at, state="completed", words=words, sentence=sentence, rank=_MIDDLE)


_OF_WORK: Mapping[str, tuple[str, str, int]] = {
    "workstream.quarantined": ("quarantined", translatable("{name} quarantined"), _HIGHEST),
    "workstream.merged": ("completed", translatable("{name} merged"), _MIDDLE),
    "workstream.discarded": ("cancelled", translatable("{name} discarded by you"), _LOW),
    "workstream.sent_back": ("cancelled", translatable("{name} sent back by you"), _LOW),
    "job.cancelled": ("cancelled", translatable("{name} cancelled"), _LOW),
    "job.skipped": ("skipped", translatable("{name} accepted as is"), _LOW),
}


def _of_work(event: TimelineEvent, name: str) -> NotableEvent | None:
    if event.event_type == "job.held" and event.cause == HoldCause.PERSON:
        return _notable(event, "held", tr("{name} held by you", name=name), _LOW)
    if event.event_type == "job.queued" and event.waits_for == "quota":
        return _notable(event, "waiting", tr("{name} limit", name=event.tool), _HIGH)
    if (known := _OF_WORK.get(event.event_type)) is None:
        return None
    state, words, rank = known
    return _notable(event, state, tr(words, name=name), rank)


def _of_hold(event: TimelineEvent) -> NotableEvent | None:
    if event.event_type != "hold.set":
        return None
    if event.hold_kind == HoldKind.BUDGET:
        return _notable(event, "needsyou", tr("budget used up"), _HIGHEST)
    if event.cause == HoldCause.QUOTA:
        return _notable(event, "waiting", tr("{name} limit", name=event.hold_key), _HIGH)
    if event.hold_kind == HoldKind.ENGINE:
        return _notable(
            event, "held", tr("draining") if event.cause == HoldCause.DRAIN else tr("paused"), _MIDDLE
        )
    return _notable(event, "held", tr("{name} on hold", name=event.hold_key), _MIDDLE)


def _notable(event: TimelineEvent, state: str, words: str, rank: int) -> NotableEvent:
    return NotableEvent(
        at=event.at,
        state=state,
        words=words,
        sentence=escape_invisible(tr_recorded(event.message)) or words,
        rank=rank,
    )
