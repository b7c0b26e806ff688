"""The docks of the window: their names, titles and icons, and what they show while they are empty. No widgets."""

from gui.translation import translatable

DETAILS, REVIEW, NIGHT, JOBS = "details", "review", "night", "jobs"
HIDDEN = frozenset({DETAILS, REVIEW, NIGHT, JOBS})
"""What is shown only where a person opens it."""
EMPTY_PANELS = {
    "dashboard": (
        translatable("No runs yet."),
        translatable("Drop job files on this window, or press Add jobs."),
    ),
    "radar": (
        translatable("No files in the pipeline."),
        translatable("Files appear here when a job declares or changes them."),
    ),
    "logs": (translatable("No output yet."), translatable("Lines appear when the first job starts.")),
    "workstreams": (
        translatable("No workstreams."),
        translatable("Each workstream of a run becomes a card."),
    ),
    REVIEW: (
        translatable("Nothing waits for review."),
        translatable("Finished work comes here with its diff and its evidence."),
    ),
    JOBS: (translatable("No jobs."), translatable("Drop job files on this window, or press Add jobs.")),
    NIGHT: (
        translatable("Nothing ran in this time."),
        translatable("Attempts appear here when the first job starts."),
    ),
    DETAILS: (translatable("Nothing is selected."), translatable("Select a card, a file or a line.")),
}
"""What they say, to be translated where it is shown."""
DOCKS = {
    "dashboard": (translatable("Dashboard"), "dashboard"),
    "radar": (translatable("Pipeline Radar"), "radar"),
    "logs": (translatable("Logs"), "logs"),
    "workstreams": (translatable("Workstreams"), "kanban"),
    DETAILS: (translatable("Job details"), "file"),
    REVIEW: (translatable("Review"), "review"),
    NIGHT: (translatable("Night"), "timeline"),
    JOBS: (translatable("Jobs"), "table"),
}
FILLING = frozenset({REVIEW, NIGHT, JOBS})
"""What takes the whole area when it is opened: it needs the width."""
