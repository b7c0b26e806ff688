"""The named points of a merge at which tests kill an engine, in the order in which a merge passes them."""

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
