"""What befell the host is worth knowing: an engine killed, a clock that was set, a full disk, a used-up limit."""

from gui.panels.timeline.notable_events import notable_events
from state.records import HoldCause, HoldKind
from state.shown_names import ShownNames
from state.timeline_queries import TimelineEvent


def words(*events: TimelineEvent) -> list[tuple[float, str]]:
    found = notable_events(events, names=ShownNames({}, {}))
    return sorted((event.at, event.words) for event in found)


def quota(number: int, at: float, until: float | None, what: str = "hold.set") -> TimelineEvent:
    return TimelineEvent(
        id=number,
        at=at,
        event_type=what,
        cause=HoldCause.QUOTA,
        hold_kind=HoldKind.ACCOUNT,
        hold_key="work",
        until=until,
    )


def test_what_befell_the_host_is_worth_knowing() -> None:
    types = (
        "engine.disk_low",
        "engine.disk_free",
        "engine.clock_set_ahead",
        "engine.clock_set_back",
        "tool.version_changed",
    )
    happened = [TimelineEvent(id=n, at=float(n), event_type=one) for n, one in enumerate(types)]
    assert [word for _, word in words(*happened)] == [
        "disk low",
        "disk has room",
        "clock set ahead",
        "clock set back",
        "a tool was updated",
    ]


def test_an_engine_that_was_killed_stands_where_it_last_did_something() -> None:
    started = TimelineEvent(id=1, at=5.0, event_type="engine.started")
    again = TimelineEvent(id=2, at=90.0, event_type="engine.started")
    lost = TimelineEvent(id=3, at=90.0, event_type="engine.lost", since=40.0)
    assert words(started, again, lost) == [
        (5.0, "engine started"),
        (40.0, "engine was killed"),
        (90.0, "engine restarted"),
    ]


def test_a_limit_is_over_at_its_end_or_when_it_was_lifted_but_not_where_it_was_extended() -> None:
    over = [(100.0, "work limit"), (200.0, "work limit over")]
    assert words(quota(1, 100.0, 200.0)) == over
    assert words(quota(1, 100.0, 900.0), quota(2, 200.0, 900.0, "hold.lifted")) == over
    extended = words(quota(1, 100.0, 200.0), quota(2, 150.0, 300.0))
    assert [one for one in extended if one[1].endswith("over")] == [(300.0, "work limit over")]
    again = words(quota(1, 100.0, 200.0), quota(2, 400.0, 500.0))
    assert [at for at, word in again if word.endswith("over")] == [200.0, 500.0]
