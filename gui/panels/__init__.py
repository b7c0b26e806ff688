"""The four panels and the details, each a folder with its models, views and wiring."""
