"""When the trams of a line leave."""

from tramline.clock import DAY, minutes


def departures(first, last, every):
    """The minutes at which trams leave from the first to the last one, also past midnight."""
    start, end = minutes(first), minutes(last)
    if end < start:
        end += DAY
    return list(range(start, end + 1, every))
