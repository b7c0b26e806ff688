/* What invocation.json and the environment ask for. */
#ifndef LAUNCH_ORDER_H
#define LAUNCH_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "json_reader.h"
#include "text.h"

/* What is started: the tool, the setup before it, or the tests after it. */
struct program {
    struct json_string *arguments;
    size_t argument_count;
    char **argv, **env;      /* the same arguments, and the environment, each ended by NULL */
    struct json_string cwd;  /* borrowed from the order */
    long long stop_signal;
    struct text unusable;    /* why no program can be given these arguments; empty where it can */
};

/* Limits in seconds; what has none is `has_...` false. */
struct launch_order {
    const char *folder;      /* of the attempt, as this process was given it */
    struct text token, name, marker, setup_digest;
    struct text group;       /* the folder of the tool's control group; empty where it has none */
    struct json_string stdin_file;
    bool has_stdin_file, has_timeout, has_silence_timeout, has_setup_timeout;
    double timeout_s, silence_timeout_s, setup_timeout_s, grace_s;
    long long output_cap;
    bool has_setup, has_tests;
    struct program tool, setup, tests;
    long long *tests_after;  /* the exit codes of the tool after which the tests run; none means any */
    size_t tests_after_count;
    struct json_value *fields; /* what the strings above are borrowed from */
    struct text tmpdir;      /* the variable TMPDIR as the programs get it; `marker` is another */
};

/* Read an order out of the text of its file. Returns false where it is none that the engine writes, with why in
   `problem` (of `problem_size` bytes); nothing may be started then. */
bool order_read(struct launch_order *order, const char *text, size_t length, const char *folder, char **environ,
                char *problem, size_t problem_size);

/* Give its memory back, also after `order_read` failed. */
void order_free(struct launch_order *order);

#endif
