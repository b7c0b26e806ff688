"""Parts the panels are made of: delegates, chips, charts, sheets."""
