"""Mark the fixed sentences that are recorded: a window looks them up when it shows them. Translates nothing."""


def recordable(text: str, /) -> str:
    """A whole sentence without values that is recorded in English, so that it can be collected for translation."""
    return text
