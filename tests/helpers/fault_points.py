"""The named points of merges and worktrees at which tests kill an engine, in the order in which they are passed."""

MERGE_QUEUE_POINTS = ("merge_green", "merge_noted")
"""Between both steps of a merge, where the queue writes down what the target is moved to."""

MERGE_POINTS = (
    "merge_candidate_made",
    "merge_tree_ready",
    "merge_checked",
    "merge_move_noted",
    "merge_files_moved",
    "merge_target_moved",
    "merge_index_moved",
    "merge_moved",
)

TREE_POINTS = ("tree_moved", "index_linked", "tree_aside", "tree_proved", "tree_deleted")

ISOLATION_POINTS = (
    "tree_pinned",
    "tree_made",
    "tree_restored",
    "tree_kept",
    "tree_furnished",
    "tree_finished",
)
