"""Small widgets shared by several panels and sheets."""
