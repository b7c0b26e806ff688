"""The look of the window: colours, fonts, the style, and the painting of glyphs, text and movement."""
