"""Times of day, as minutes since midnight; a night's service goes on counting past 24 hours."""

DAY = 24 * 60


def minutes(time):
    """Minutes since midnight of a time such as ``7:05`` or ``23:40``."""
    hours, _, rest = time.partition(":")
    return int(hours) * 60 + int(rest)


def shown(minute):
    """The time as a traveller reads it, such as ``07:05``."""
    hours, rest = divmod(minute % DAY, 60)
    return f"{hours:02}:{rest:02}"
