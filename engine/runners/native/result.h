/* How an attempt ended, and writing that down. */
#ifndef RESULT_H
#define RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "launch_order.h"
#include "text.h"

/* The words of `engine.types.EndReason` that a shim uses. */
enum end_reason {
    NO_REASON, /* it has not ended */
    EXITED,
    SPAWN_FAILED,
    CANCELLED,
    STOPPED,
    INTERRUPTED,
    TIMEOUT,
    SILENCE
};

/* The exit code of a program, or minus the signal that ended it. */
struct exit_code {
    bool is_there;
    int code;
};

/* `detail` is a sentence for people, `started_at` in seconds since the epoch, and `duration_s` what passed until the
   tool itself had ended. `error` is why it could not be started, else 0. `tests_ran` where the tests after it ended by
   themselves, with `tests_exit_code`, or could not be started; `setup_ran` is the same of the setup before it, also
   where that took too long. */
struct outcome {
    enum end_reason reason;
    struct text detail;
    struct exit_code exit_code;
    int error;
    bool of_our_folder;
    size_t leftovers;
    double started_at, duration_s;
    bool setup_ran, tests_ran;
    struct exit_code setup_exit_code, tests_exit_code;
    struct text setup_detail, tests_detail;
};

/* Make the file over which the result will be written, so that it needs no room of its own then. Returns 0 with its
   descriptor, or an error number, with the file it concerns in `name`; NULL where it is the disk. */
int result_set_aside(int *draft, const char **name);

/* Write the result over the draft and give it its name, durably. Returns 0 or an error number. */
int result_write(int draft, const struct outcome *outcome, const struct launch_order *order, long long lost_bytes);

/* Give the memory of an outcome back. */
void outcome_free(struct outcome *outcome);

#endif
