"""Each isolated workstream has a git worktree of its own: made, snapshot, restored, archived and removed here."""
