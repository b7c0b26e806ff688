"""The sheets over the window: settings, limits, maintenance, a new job, an edited job."""
