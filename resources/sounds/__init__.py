"""The sounds of notifications, and the program that makes them: `python -m resources.sounds` writes the files again."""
