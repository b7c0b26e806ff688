"""The board of workstreams: lanes of cards, how they are laid out and drawn."""
