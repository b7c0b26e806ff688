"""Every command by name: where it is defined, and its help. Imports none of them.

The help stands here and nowhere else, so that listing and completing the commands costs no import of them.
"""

from collections.abc import Mapping

from engine.cli.lazy_commands import LazyCommand

_MANY = 10_000

COMMANDS: Mapping[str, LazyCommand] = {
    "run": LazyCommand(
        "run_commands",
        "run",
        "Queue files and run their jobs to the end, with live progress. "
        "Ctrl-C cancels them, SIGTERM queues them again.",
    ),
    "submit": LazyCommand(
        "submit_command",
        "submit",
        "Queue files for the running engine, or for the next one, and print the ids of their jobs.",
    ),
    "new": LazyCommand(
        "template_commands",
        "new",
        "Make a job or pipeline file of a template and put it into the inbox; list the templates.",
    ),
    "schedules": LazyCommand(
        "schedule_commands",
        "app",
        "List recurring runs with their next due times; add, remove, rename, pause, resume, run-now.",
    ),
    "engine": LazyCommand(
        "engine_command",
        "engine",
        "Run the queue without a window. A signal stops its jobs, which stay queued; a second ends it at once.",
    ),
    "status": LazyCommand(
        "status_commands",
        "status",
        "Show what is running, what waits and why.",
    ),
    "jobs": LazyCommand(
        "status_commands",
        "jobs",
        "List jobs, each with the reason why it waits or with its result.",
    ),
    "show": LazyCommand(
        "show_command",
        "show",
        "Show one job, run or workstream in full.",
        jobs=1,
    ),
    "diff": LazyCommand(
        "diff_command",
        "diff",
        "Show what a workstream or a job changed; into a pipe or a file as a patch that git can apply.",
        jobs=1,
    ),
    "compare": LazyCommand(
        "compare_command",
        "compare",
        "Show what differs between two attempts of a job: tool, prompt, results, outcome and output.",
        jobs=1,
    ),
    "logs": LazyCommand(
        "log_commands",
        "logs",
        "Print events and what jobs print, merged by time; what an agent does is shown as sentences.",
        jobs=_MANY,
    ),
    "validate": LazyCommand(
        "validate_commands",
        "validate",
        "Check files of jobs, pipelines, templates, tools and projects; report every error with file, line and field.",
    ),
    "doctor": LazyCommand(
        "validate_commands",
        "doctor",
        "Check tools, database, inbox and window; with --strict every invariant of the home.",
    ),
    "support-bundle": LazyCommand(
        "support_command",
        "support_bundle",
        "Write versions, the findings of doctor, settings, events, counts and the schema for a report, "
        "without secrets.",
    ),
    "demo": LazyCommand(
        "run_commands",
        "demo",
        "Watch recorded agents work on a small repository, in a home of its own; in the terminal without a display.",
    ),
    "backup": LazyCommand(
        "maintenance_commands",
        "backup",
        "Back up the database, even while it is in use, or restore a backup.",
    ),
    "prune": LazyCommand(
        "maintenance_commands",
        "prune",
        "Delete old history: closed runs, their output, and events. Whatever is open or still needed stays.",
    ),
    "export": LazyCommand(
        "maintenance_commands",
        "export",
        "Export a run with all its records and output to a folder; --json without a folder prints the records.",
    ),
    "cancel": LazyCommand(
        "job_commands",
        "cancel",
        "Cancel jobs: waiting jobs at once, running jobs as soon as their processes are gone.",
        jobs=_MANY,
    ),
    "retry": LazyCommand(
        "job_commands",
        "retry",
        "Queue failed, timed out or cancelled jobs again, or a completed one that is named.",
        jobs=_MANY,
    ),
    "follow-up": LazyCommand(
        "follow_up_command",
        "follow_up",
        "Give a job another attempt with your words, in the session of its coding tool.",
        jobs=1,
    ),
    "hold": LazyCommand(
        "job_commands",
        "hold",
        "Keep queued jobs from starting.",
        jobs=_MANY,
    ),
    "release": LazyCommand(
        "job_commands",
        "release",
        "Let held jobs start.",
        jobs=_MANY,
    ),
    "skip": LazyCommand(
        "job_commands",
        "skip",
        "Accept jobs as they are: jobs that depend on them may start.",
        jobs=_MANY,
    ),
    "priority": LazyCommand(
        "queue_commands",
        "priority",
        "Change the priority of waiting jobs: a higher priority starts first.",
        jobs=_MANY,
    ),
    "move": LazyCommand(
        "queue_commands",
        "move",
        "Move waiting jobs in the queue, all of them or none. They take the priority found at their new position.",
        jobs=_MANY,
    ),
    "note": LazyCommand(
        "note_commands",
        "note",
        "Write a note on a job, print it, or remove it.",
        jobs=1,
    ),
    "label": LazyCommand(
        "note_commands",
        "label",
        "Give jobs labels such as flaky, take labels from them, or print those they have.",
        jobs=_MANY,
    ),
    "edit": LazyCommand(
        "edit_command",
        "edit",
        "Edit a waiting job in $VISUAL or $EDITOR; it is checked like any job file.",
        jobs=1,
    ),
    "pause": LazyCommand(
        "hold_commands",
        "pause",
        "Start no more jobs, or none of a group, a tool or an account, until `resume`; running jobs continue.",
    ),
    "resume": LazyCommand(
        "hold_commands",
        "resume",
        "Lift the pause, or the hold on a group, a tool or an account, whether it was set by hand, by a quota, or "
        "after too many failures in a row.",
    ),
    "drain": LazyCommand(
        "hold_commands",
        "drain",
        "Pause, and wait until the running jobs have ended. Ctrl-C stops waiting; the pause stays.",
    ),
    "wait": LazyCommand(
        "wait_command",
        "wait",
        "Wait until jobs have ended, or cannot go on without a person.\n\n"
        "Exit codes: 0 all completed or accepted as they are, 1 a job failed, 4 one was cancelled, 5 one is held or "
        "its queue is paused, 6 one is blocked by another job, 7 no job matches, 124 the timeout passed, "
        "130 interrupted.",
        jobs=_MANY,
    ),
    "import": LazyCommand(
        "maintenance_commands",
        "import_",
        "Import an exported run into this home as finished history. None of its jobs is started.",
    ),
    "review": LazyCommand(
        "review_app",
        "app",
        "Review finished work: look, comment, approve, send back, discard.",
    ),
    "trust": LazyCommand(
        "trust_commands",
        "app",
        "Decide what may start without your review: list, show, grant, revoke.",
    ),
    "merge": LazyCommand(
        "merge_queue_commands",
        "app",
        "Show and order the merge queue: approved work, merged one after the other.",
    ),
    "conflicts": LazyCommand(
        "conflict_command",
        "conflicts",
        "List which unmerged branches would conflict, with one another and with their targets.",
    ),
    "limits": LazyCommand(
        "hold_commands",
        "limits",
        "Limit how many jobs run at once: in total, per tool, per account or per group.",
    ),
    "ladders": LazyCommand(
        "hold_commands",
        "ladders",
        "Define which tools take over when one fails, for jobs that name none themselves.",
    ),
    "tools": LazyCommand(
        "tool_commands",
        "app",
        "List the coding tools, or set how they run where a job does not say.",
    ),
    "settings": LazyCommand(
        "settings_commands",
        "app",
        "List, set or reset the settings of this home. A running engine applies changes at once.",
    ),
    "worktrees": LazyCommand(
        "worktree_commands",
        "worktrees",
        "List the worktrees of workstreams, archive and restore them, or prune those that are no longer needed.",
    ),
    "snapshot": LazyCommand(
        "worktree_commands",
        "snapshot",
        "List the snapshots of a worktree, or bring it back to one.",
    ),
}
