"""How the window looks: colours, fonts, the style, and what paints glyphs, text and movement."""
