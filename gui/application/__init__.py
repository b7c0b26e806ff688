"""What the process of the window needs: one instance, signals, garbage collection, and a way on without a database."""
