"""One merge at a time: rehearse it, check it in a tree of its own, and only then move the target branch."""
