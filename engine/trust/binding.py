"""What a grant is bound to."""

from enum import StrEnum


class Binding(StrEnum):
    """What must be as it was for a grant to cover a launch plan, beyond the command itself."""

    ONCE = "once"
    """Everything that was seen, for the next start alone."""
    FILES = "files"
    """The contents of the files it names: it loads no others."""
    REPOSITORY = "repository"
    """The state of the whole repository, any file of which it may load, and the contents of the files it names."""
    ANYTHING = "anything"
    """Nothing more: the command is trusted whatever the repository holds."""
