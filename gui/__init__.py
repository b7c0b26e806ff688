"""The window: the only room that knows Qt. It shows what the database says and asks the engine to act."""
