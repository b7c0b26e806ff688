/* One attempt: start the programs, read what they print, stop them when they must be, end their whole tree.

   Exactly one reason is given for the end: the first that is seen, and the program's own exit is looked for first. What
   goes wrong here itself is left in `own_error`, an error number; the run must then be ended with `run_end_all`. */
#ifndef SUPERVISED_RUN_H
#define SUPERVISED_RUN_H

#include <stdbool.h>
#include <sys/types.h>

#include "capture.h"
#include "launch_order.h"
#include "process_tree.h"
#include "result.h"
#include "shared_constants.h"
#include "spawn.h"

/* A pipe from a program, and the number of the stream it is. */
struct open_stream {
    int descriptor; /* -1 once it is at its end */
    int number;
    bool is_wide;
};

enum { PIPE_COUNT = 2 };

struct supervised_run {
    const struct launch_order *order;
    struct capture *capture;
    struct outcome outcome;
    int own_error;

    const struct program *program; /* what runs now, and its limits */
    double timeout_s, silence_timeout_s;
    bool has_timeout, has_silence_timeout;

    struct open_stream streams[PIPE_COUNT];
    pid_t pid;
    bool is_exit_watched;  /* where the system reports it at once */
    int exit_descriptor;   /* readable once the program has ended; else -1 */
    int report_descriptor; /* from which a program that could not be started says why */
    struct spawn_report report;
    bool has_report;

    struct process_set killed; /* what the programs left running and was ended */
    bool is_subreaper, is_alone, is_signalled, is_stop_requested;

    /* in seconds of `run_now` but for the first two, which are monotonic */
    double started, turned;
    double slept, begun, heard, exited_at, signalled_at, checked_at;

    char buffer[READ_SIZE];
};

/* A run of the order that has not begun; end it with `run_free`. */
struct supervised_run *run_new(const struct launch_order *order, struct capture *capture);

/* Hear from now on when a stop is requested; until now the signal that says so was ignored. */
void run_listen(void);

/* Let the duration count from now, and signals end the tool before this process. */
void run_begin(struct supervised_run *run);

/* Start the setup and see it to its end; the outcome has no reason where the tool may follow. */
void run_setup(struct supervised_run *run);

/* Start the tool, with this input, and see it to its end. */
void run_tool(struct supervised_run *run, int input);

/* Whether tests are to be started now, in place of the tool that ended well. */
bool run_has_tests(const struct supervised_run *run);

/* Start the tests, within the time limits of the whole attempt, and see them to their end. */
void run_tests(struct supervised_run *run);

/* Kill whatever there is of the attempt, for the case that something went wrong here; again `own_error` is set where
   that fails, too. */
void run_end_all(struct supervised_run *run);

/* End the attempt as one whose stop was requested: by a person, or by an engine that stops. */
void run_set_stopped(struct supervised_run *run);

/* Give its memory back. */
void run_free(struct supervised_run *run);

#endif
