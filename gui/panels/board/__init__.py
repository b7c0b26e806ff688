"""The board of workstreams: lays out and draws cards in columns and lanes."""
