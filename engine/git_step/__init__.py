"""One git step in a process of its own: all or nothing, and repeatable. Standard library and its like only."""
