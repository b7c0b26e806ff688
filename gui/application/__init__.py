"""What the window's process needs: a single instance, signals, garbage collection, and recovery of the database."""
