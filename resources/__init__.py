"""Icons, colour tokens, the style sheet and the demo project; read through importlib.resources."""
