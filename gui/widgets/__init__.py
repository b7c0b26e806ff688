"""Small widgets that several panels and sheets share."""
