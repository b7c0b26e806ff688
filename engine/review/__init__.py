"""What a workstream changed, as data for the review view and the command line: files, hunks, rows, marks, colours."""
