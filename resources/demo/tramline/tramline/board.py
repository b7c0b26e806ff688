"""What the board at a stop shows."""

from tramline.clock import shown
from tramline.layout import row


def board(services, now, rows=5):
    """The next departures, soonest first; `services` maps (line, place) to minutes of departure."""
    coming = [
        (minute, line, place)
        for (line, place), times in services.items()
        for minute in times
        if minute >= now
    ]
    return [row(shown(minute), line, place) for minute, line, place in sorted(coming)[:rows]]
