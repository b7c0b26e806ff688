"""The four panels: each a view and its wiring, without rules and without queries."""
