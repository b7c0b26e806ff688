"""The levels of log lines in the language of the window; a filter that is kept has the engine's word."""

from engine.streams.entries import Level
from gui.translation import tr, translatable

_WORDS = {
    Level.OUTPUT: translatable("output"),
    Level.DEBUG: translatable("debug"),
    Level.EVENT: translatable("event"),
    Level.INFO: translatable("info"),
    Level.WARNING: translatable("warning"),
    Level.ERROR: translatable("error"),
}


def level_caption(level: Level) -> str:
    """The word for a level: ``error``, ``warning``."""
    return tr(_WORDS[level])
