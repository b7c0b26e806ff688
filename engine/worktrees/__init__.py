"""The worktrees of isolated workstreams: make, snapshot, restore, archive and remove them, and lose nothing."""
