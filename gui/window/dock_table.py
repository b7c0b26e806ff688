"""The docks of the window: their names, titles and icons, and what they show while they are empty. No widgets."""

DETAILS, REVIEW, NIGHT, JOBS = "details", "review", "night", "jobs"
HIDDEN = frozenset({DETAILS, REVIEW, NIGHT, JOBS})
"""What is shown only where a person opens it."""
EMPTY_PANELS = {
    "dashboard": ("No runs yet.", "Drop job files on this window, or press Add jobs."),
    "radar": ("No files in the pipeline.", "Files appear here when a job declares or changes them."),
    "logs": ("No output yet.", "Lines appear when the first job starts."),
    "workstreams": ("No workstreams.", "Each workstream of a run becomes a card."),
    REVIEW: ("Nothing waits for review.", "Finished work comes here with its diff and its evidence."),
    JOBS: ("No jobs.", "Drop job files on this window, or press Add jobs."),
    NIGHT: ("Nothing ran in this time.", "Attempts appear here when the first job starts."),
    DETAILS: ("Nothing is selected.", "Select a card, a file or a line."),
}
DOCKS = {
    "dashboard": ("Dashboard", "dashboard"),
    "radar": ("Pipeline Radar", "radar"),
    "logs": ("Logs", "logs"),
    "workstreams": ("Workstreams", "kanban"),
    DETAILS: ("Job details", "file"),
    REVIEW: ("Review", "review"),
    NIGHT: ("Night", "timeline"),
    JOBS: ("Jobs", "table"),
}
FILLING = frozenset({REVIEW, NIGHT, JOBS})
"""What takes the whole area when it is opened: it needs the width."""
