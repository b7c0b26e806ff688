"""Starting, watching and stopping one attempt."""
