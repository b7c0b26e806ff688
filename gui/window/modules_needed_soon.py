"""The modules that sheets and hidden panels need, in the order to load them after the first paint of a window."""

from importlib import import_module

from gui.loading import LOADING

SLOW = (
    "engine.adapters",
    "engine.jobfile.job_file_reader",
    "engine.settings",
    "engine.trust.policy",
    "engine.trust.launch_card",
    "engine.worktrees.placed_launch",
    "engine.jobfile.isolation_choice",
    "engine.review.changed_files",
    "engine.review.comment_answers",
    "engine.review.display_text",
    "engine.review.file_diffs",
    "engine.review.word_marks",
    "engine.review.evidence_summary",
    "engine.review.approval_reasons",
    "engine.review.viewed_marks",
    "engine.review.compared_commits",
    "engine.scheduling.merge_proposal",
    "engine.scheduling.forecast_words",
    "engine.streams.attempt_progress",
    "engine.streams.first_error",
    "engine.streams.raw_lines",
    "engine.system.merged_part",
    "engine.system.snapshots",
    "engine.system.terminal_colors",
    "state.attempt_result",
    "state.callback_queries",
    "state.merge_queries",
    "state.review_queries",
    "gui.window.palette_ranks",
)
"""Without Qt, with all that these load: for a background thread."""
OF_DROPS = (
    "gui.sheets.intake.dropped_files",
    "gui.sheets.intake.file_checks",
    "gui.widgets.key_values",
    "gui.sheets.intake.trust_card",
    "gui.sheets.intake.dropped_files_model",
    "gui.sheets.intake.dropped_file_delegate",
    "gui.sheets.intake.dropped_files_reader",
    "gui.sheets.intake.drop_sheet",
)
"""Of the sheet for drops: each is loaded in a turn of its own, and so are those below."""
OF_PANELS = (
    "gui.data.attempts_model",
    "gui.panels.details.attempts_view",
    "gui.panels.details.isolation_facts",
    "gui.panels.details.job_header",
    "gui.panels.details.steps_view",
    "gui.panels.details.attempt_changes",
    "gui.panels.details.diff_view",
    "gui.panels.details.output_text",
    "gui.panels.details.tabs",
    "gui.panels.details.details_panel",
    "gui.panels.jobs.job_row",
    "gui.panels.jobs.jobs_model",
    "gui.panels.jobs.jobs_view",
    "gui.panels.jobs.jobs_panel",
    "gui.panels.timeline.time_axis",
    "gui.panels.timeline.bar_layout",
    "gui.panels.timeline.night_row_painter",
    "gui.panels.timeline.named_night",
    "gui.panels.timeline.night_accessible",
    "gui.panels.timeline.night_rows",
    "gui.panels.timeline.night_groups",
    "gui.panels.timeline.night_builder",
    "gui.panels.timeline.night_tools",
    "gui.panels.timeline.night_panel",
    "gui.panels.review.check_watch",
    "gui.panels.review.diff_lines",
    "gui.panels.review.drafts",
    "gui.panels.review.evidence_words",
    "gui.panels.review.action_bar",
    "gui.panels.review.diff_area",
    "gui.panels.review.file_words",
    "gui.panels.review.diff_pane",
    "gui.panels.review.merge_strip",
    "gui.panels.review.queue_view",
    "gui.panels.review.side_model",
    "gui.panels.review.side_view",
    "gui.panels.review.words_field",
    "gui.panels.review.diff_client",
    "gui.panels.review.threads",
    "gui.panels.review.reviewing",
    "gui.panels.review.decisions",
    "gui.panels.review.order_proposal",
    "gui.panels.review.returned_work",
    "gui.panels.review.stored_reviews",
    "gui.panels.review.review_panel",
    "gui.panels.review.engine_reviews",
)
"""Of the panels that are hidden at first."""
OF_SETTINGS = (
    "gui.control.tool_probes",
    "gui.sheets.level_rules_page",
    "gui.sheets.settings_more",
    "gui.sheets.tools_page",
    "gui.sheets.settings_sheet",
)
"""Of the settings."""


def load_slow() -> None:
    """Load those for a background thread, after an engine that loads most of them itself."""
    for name in SLOW:
        with LOADING:
            import_module(name)
