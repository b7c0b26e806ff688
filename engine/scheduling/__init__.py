"""The rules of the queue, without a store: order, limits, retries, back-offs and overlapping path scopes."""
