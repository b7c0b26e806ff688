"""Qt models folded from events, and the Qt-free projection they all read."""
