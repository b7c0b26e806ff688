"""Rules of the queue without a store: order, retries, back-offs, and which paths may meet."""
