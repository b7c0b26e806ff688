"""When something is due again: a cron expression or a few plain words, in a time zone. Pure; reads no clock.

Cron fields are matched against the clock on the wall. A time that the clock leaves out in spring counts as the next
one there is; of a time that comes twice in autumn the first counts, unless every hour is meant.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FORMS = (
    '"every night 22:00", "every weekday 09:00", "every monday 08:00", "every hour", "every 15 minutes" '
    'or a cron expression such as "0 22 * * 1-5"'
)
"""How a recurrence may be written, for messages."""
MOST_COUNTED = 100
"""So many due times are counted; more of them are just many to a person."""
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_FIELD_SIGNS = re.compile(r"[0-9A-Za-z*/,#-]+")
_RANDOM = re.compile(r"(^|[^A-Za-z])[HRhr]($|[^A-Za-z])")
_AT = r"(?:at )?(?P<hour>\d{1,2}):(?P<minute>\d{2})"
_DAILY = re.compile(rf"every (?P<days>[a-z, ]+?) {_AT}")
_HOURLY = re.compile(r"every (?:(?P<count>\d{1,2}) )?(?P<unit>hours?|minutes?)")
_GROUPS = {"day": "*", "night": "*", "weekday": "1-5", "weekend": "0,6"}
_LAST_HOUR, _LAST_MINUTE = 23, 59
_AROUND_S = 3 * 3600.0
"""No clock on a wall is changed by more: so far a later time on it can be an earlier moment."""
_AROUND = timedelta(seconds=_AROUND_S)
_FIELDS = 5


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """When something is due: a cron expression, read on the clock of a zone or, without one, of this computer."""

    cron: str
    zone: ZoneInfo | None = None

    def next_after(self, at: float) -> float:
        """The first due time later than `at`, in epoch seconds."""
        return next(self.due_after(at))

    def due_after(self, at: float) -> Iterator[float]:
        """The due times later than `at`, in their order and without an end."""
        while True:
            at = self._first_after(at)
            yield at

    def due_between(self, after: float, until: float) -> "DueTimes | None":
        """The due times later than `after` and not later than `until`; None if there is none."""
        count, latest = 0, None
        for due in islice(self.due_after(after), MOST_COUNTED):
            if due > until:
                break
            count, latest = count + 1, due
        if latest is None:
            return None
        if count == MOST_COUNTED:
            latest = self._last_until(until, latest)
        return DueTimes(latest=latest, count=count)

    def _last_until(self, until: float, least: float) -> float:
        """The last due time not later than `until`, found by looking back over longer and longer spans."""
        span = 60.0
        while until - span > least:
            found = [due for due in islice(self.due_after(until - span), MOST_COUNTED) if due <= until]
            if found:
                return found[-1]
            span *= 2
        return least

    def _first_after(self, at: float) -> float:
        shown = next(_shown_times(self.cron, self._wall(at)))
        moment = shown.replace(tzinfo=self.zone).timestamp()
        return moment if self._is_steady(at, moment) else self._first_near_a_change(at)

    def _is_steady(self, *moments: float) -> bool:
        """Whether the clock on the wall is not changed around these moments."""
        around = [moment + step for moment in moments for step in (-_AROUND_S, 0.0, _AROUND_S)]
        return (
            len(
                {datetime.fromtimestamp(each, self.zone).astimezone(self.zone).utcoffset() for each in around}
            )
            == 1
        )

    def _first_near_a_change(self, at: float) -> float:
        """The first due time where the clock on the wall leaves times out or shows them twice."""
        best: float | None = None
        best_shown = datetime.max  # noqa: DTZ901 - of the clock on the wall, which has no zone
        for shown in _shown_times(self.cron, self._wall(at) - _AROUND):
            if shown - _AROUND > best_shown:
                break
            for moment in self._moments(shown):
                if moment > at and (best is None or moment < best):
                    best, best_shown = moment, min(best_shown, shown)
        if best is None:
            raise ValueError("is never due")
        return best

    def _moments(self, shown: datetime) -> list[float]:
        """The moments at which a time on the clock counts as due: one, or two where every hour is meant."""
        first, second = (shown.replace(tzinfo=self.zone, fold=fold).timestamp() for fold in (0, 1))
        every_hour = _is_every_hour(self.cron)
        if first == second:
            return [first]
        if self._wall(first) == shown:  # the clock shows it twice
            return [first, second] if every_hour else [first]
        return [] if every_hour else [self._end_of_gap(shown, int(second), int(first))]

    def _end_of_gap(self, shown: datetime, before: int, after: int) -> float:
        return float(before + bisect_left(range(before, after + 1), shown, key=self._wall))

    def _wall(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, self.zone).replace(tzinfo=None)


@dataclass(frozen=True, kw_only=True)
class DueTimes:
    """How many due times there were in a span, up to `MOST_COUNTED`, and the latest of them."""

    latest: float
    count: int


def recurrence_of(every: str, timezone: str | None = None, *, at: float) -> Recurrence:
    """What a person has written, by words or as a cron expression; `at` is about now.

    Raises:
        ValueError: it is neither, or is never due; the message is the end of a sentence.
    """
    found = Recurrence(cron=_cron_of(" ".join(every.lower().split()), every), zone=zone_of(timezone))
    try:
        found.next_after(at)
    except ValueError as error:
        raise ValueError(f"{every!r} is never due: there is no such day") from error
    return found


def zone_of(name: str | None) -> ZoneInfo | None:
    """The time zone of this name; None for that of this computer.

    Raises:
        ValueError: there is none.
    """
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one such as Europe/Berlin or UTC") from error


def _cron_of(words: str, written: str) -> str:
    if match := _HOURLY.fullmatch(words):
        return _often(int(match["count"] or 1), is_hours=match["unit"].startswith("hour"))
    if match := _DAILY.fullmatch(words):
        return _on_days(match["days"], int(match["hour"]), int(match["minute"]))
    if not words.startswith("every"):
        return _checked_cron(words, written)
    raise ValueError(f"{written!r} is not understood; write {FORMS}")


def _often(count: int, *, is_hours: bool) -> str:
    whole, unit = (24, "hours") if is_hours else (60, "minutes")
    if count < 1 or count > whole or whole % count:
        fitting = ", ".join(str(each) for each in range(2, whole) if whole % each == 0)
        raise ValueError(
            f"should be one of {fitting} {unit}, which divide {'a day' if is_hours else 'an hour'} evenly"
        )
    step = "*" if count == 1 else f"*/{count}"
    if count == whole:
        return "0 0 * * *" if is_hours else "0 * * * *"
    return f"0 {step} * * *" if is_hours else f"{step} * * * *"


def _on_days(days: str, hour: int, minute: int) -> str:
    if hour > _LAST_HOUR or minute > _LAST_MINUTE:
        raise ValueError(f"should have a time from 00:00 to 23:59, not {hour}:{minute:02}")
    words = [word for word in re.split(r",| and | ", days) if word]
    numbers = [_day_number(word) for word in words]
    return f"{minute} {hour} * * {'*' if '*' in numbers else ','.join(dict.fromkeys(numbers))}"


def _day_number(word: str) -> str:
    for name, numbers in _GROUPS.items():
        if word in {name, f"{name}s"}:
            return numbers
    for number, day in enumerate(_DAYS):
        if word in {day, day[:3]}:
            return str(number)
    raise ValueError(f"{word!r} is no day; write day, night, weekday, weekend or a day such as monday")


def _checked_cron(words: str, written: str) -> str:
    fields = words.split()
    fits = len(fields) == _FIELDS and all(_FIELD_SIGNS.fullmatch(field) for field in fields)
    if not fits or _RANDOM.search(words):  # H and R stand for a time by chance
        raise ValueError(f"{written!r} is not understood; write {FORMS}")
    from croniter import CroniterError, croniter  # noqa: PLC0415 - only needed where something recurs

    try:
        croniter(words)
    except (CroniterError, ValueError) as error:
        raise ValueError(f"{written!r} is no cron expression of five fields: {error}") from error
    return words


@lru_cache(maxsize=256)
def _is_every_hour(cron: str) -> bool:
    """Whether the hours of a cron expression are all there are, however that is written: ``*``, ``*/1``, ``0-23``."""
    from croniter import croniter  # noqa: PLC0415 - as above

    return bool(croniter.expand(cron)[0][1] == ["*"])


def _shown_times(cron: str, start: datetime) -> Iterator[datetime]:
    """The matching times later than `start`, on a clock that is never changed."""
    from croniter import croniter  # noqa: PLC0415 - as above

    times = croniter(cron, start, max_years_between_matches=8)
    while True:
        found: datetime = times.get_next(datetime)
        yield found
