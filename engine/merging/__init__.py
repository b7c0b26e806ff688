"""The merge queue: rehearse, check and move the target of approved workstreams, one after the other."""
