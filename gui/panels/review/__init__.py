"""The review: what finished workstreams changed, with its evidence, and the decision about it."""
