"""What is known of the quotas of accounts, as bands: windows, use so far, when one was used up. Pure, without Qt."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from engine.system.formatting import clock_minute
from gui.panels.timeline.night_records import QuotaBand, QuotaWindow, UsedUp
from gui.translation import tr, tr_count
from state.records import HoldCause, HoldKind, Job, JobStatus
from state.timeline_queries import TimelineEvent, UsageSample

MOST_BANDS = 3
_SAME_WINDOW_S = 600.0
_STEADY = 0.02
_Account = tuple[str, str]


def quota_bands(
    usage: Iterable[UsageSample], events: Iterable[TimelineEvent], jobs: Iterable[Job], *, now: float
) -> list[QuotaBand]:
    """A band for each account of which anything is known, those with nothing left first."""
    samples: dict[_Account, list[UsageSample]] = defaultdict(list)
    for sample in usage:
        samples[sample.tool, sample.account or ""].append(sample)
    used_up = _used_up(events, samples.keys())
    waiting = _waiting(jobs)
    bands = [
        _band(account, samples.get(account, ()), used_up.get(account, ()), waiting.get(account, 0), now)
        for account in {**dict.fromkeys(samples), **dict.fromkeys(used_up)}
    ]
    return sorted(
        bands, key=lambda band: (not band.is_used_up(now), not band.used_up, band.tool, band.account)
    )


def _band(
    account: _Account, samples: Sequence[UsageSample], used_up: Sequence[UsedUp], waiting: int, now: float
) -> QuotaBand:
    windows = _windows(samples, now)
    band = QuotaBand(
        tool=account[0],
        account=account[1],
        windows=tuple(windows),
        use=tuple((sample.at, min(1.0, max(0.0, sample.used))) for sample in samples),
        used_up=tuple(used_up),
    )
    return QuotaBand(
        tool=band.tool,
        account=band.account,
        windows=band.windows,
        use=band.use,
        used_up=band.used_up,
        fact=_fact(band, samples, waiting, now),
    )


def _windows(samples: Sequence[UsageSample], now: float) -> list[QuotaWindow]:
    """The windows that samples name by their ends; each begins where the one before ended, or at its first sample."""
    found: list[QuotaWindow] = []
    for sample in samples:
        if found and abs(sample.resets_at - found[-1].end) < _SAME_WINDOW_S:
            continue
        if sample.resets_at > sample.at:
            start = min(sample.at, found[-1].end) if found else sample.at
            found.append(QuotaWindow(max(start, found[-1].end if found else start), sample.resets_at))
    if found and found[-1].end > now:
        last = found[-1]
        found.append(QuotaWindow(last.end, last.end + (last.end - last.start), is_next=True))
    return [window for window in found if window.end > window.start]


def _used_up(events: Iterable[TimelineEvent], accounts: Iterable[_Account]) -> dict[_Account, list[UsedUp]]:
    """When quotas were used up, by holds and by jobs that wait for one; overlapping times are joined."""
    known = list(accounts)
    spans: dict[_Account, list[UsedUp]] = defaultdict(list)
    for event in events:
        if event.until is None or event.until <= event.at:
            continue
        account: _Account | None = None
        if event.event_type == "hold.set" and event.cause == HoldCause.QUOTA and event.hold_key:
            account = _account_of(event, known)
        elif event.event_type == "job.queued" and event.waits_for == "quota" and event.tool:
            account = next((one for one in known if one[0] == event.tool), (event.tool, ""))
        if account is not None:
            spans[account].append(UsedUp(event.at, event.until))
    return {account: _merged(found) for account, found in spans.items()}


def _account_of(event: TimelineEvent, known: Sequence[_Account]) -> _Account:
    key = event.hold_key or ""
    if event.hold_kind == HoldKind.ACCOUNT:
        return next((one for one in known if one[1] == key), (key, key))
    return next((one for one in known if one[0] == key), (key, ""))


def _merged(spans: Iterable[UsedUp]) -> list[UsedUp]:
    found: list[UsedUp] = []
    for span in sorted(spans, key=lambda one: one.start):
        if found and span.start <= found[-1].end:
            found[-1] = UsedUp(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _waiting(jobs: Iterable[Job]) -> dict[_Account, int]:
    found: dict[_Account, int] = defaultdict(int)
    for job in jobs:
        if job.status is JobStatus.QUEUED and job.waits_for == "quota":
            found[job.tool, job.account or ""] += 1
    return found


def _fact(band: QuotaBand, samples: Sequence[UsageSample], waiting: int, now: float) -> str:
    if band.is_used_up(now):
        if waiting:
            return tr_count("{n} job waits for it", "{n} jobs wait for it", waiting)
        return tr("used up")
    window = next((one for one in band.windows if one.start <= now < one.end and not one.is_next), None)
    if window is None:
        return ""
    inside = [sample for sample in samples if window.start <= sample.at < window.end]
    if not inside:
        return ""
    first, last = inside[0], inside[-1]
    growth = (last.used - first.used) / (last.at - first.at) if last.at > first.at else 0.0
    pace = min(1.0, last.used + growth * (window.end - last.at))
    if pace - last.used > _STEADY:
        share = f"{pace:.0%}".replace("%", " %")
        return tr("at this pace {share} by {at}", share=share, at=clock_minute(window.end))
    share = f"{last.used:.0%}".replace("%", " %")
    return tr("{share} until {at}", share=share, at=clock_minute(window.end))
