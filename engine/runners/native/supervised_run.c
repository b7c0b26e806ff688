#include "supervised_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "files.h"
#include "turns.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434 /* on every architecture */
#endif

struct supervised_run *run_new(const struct launch_order *order, struct capture *capture)
{
    struct supervised_run *run = allocate(sizeof *run);

    run->order = order;
    run->capture = capture;
    run->exit_descriptor = run->report_descriptor = -1;
    for (int i = 0; i < PIPE_COUNT; i++)
        run->streams[i].descriptor = -1;
    run->is_subreaper = become_subreaper();
    run->outcome.started_at = clock_epoch();
    run->started = run->turned = clock_monotonic();
    return run;
}

void run_free(struct supervised_run *run)
{
    run_close_program(run);
    process_set_free(&run->killed);
    outcome_free(&run->outcome);
    free(run);
}

void run_begin(struct supervised_run *run)
{
    run_catch_ends();
    run->outcome.started_at = clock_epoch();
    run->started = clock_monotonic();
    run->checked_at = run_now(run);
}

/* Make the pipes of a program, one where both its streams are the same. Returns 0 or an error number. */
static int open_pipes(struct supervised_run *run, const int streams[2], int stdio[3])
{
    for (int i = 0; i < PIPE_COUNT; i++) {
        int ends[2];

        if (i == 1 && streams[1] == streams[0]) {
            stdio[2] = stdio[1];
            return 0;
        }
        if (pipe2(ends, O_CLOEXEC) != 0)
            return errno;
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        run->streams[i] = (struct open_stream){.descriptor = ends[0], .number = streams[i]};
        stdio[1 + i] = ends[1];
    }
    return 0;
}

static void close_stdio(const int stdio[3])
{
    for (int i = 0; i < 3; i++)
        if (stdio[i] >= 0 && (i == 0 || stdio[i] != stdio[i - 1]))
            close(stdio[i]);
}

static void watch_exit(struct supervised_run *run)
{
    run->exit_descriptor = (int)syscall(SYS_pidfd_open, run->pid, 0);
    run->is_exit_watched = run->exit_descriptor >= 0; /* else the exit is looked for in short turns */
}

/* Start a program whose input is `input`, which is closed; the outcome says so where that fails. */
static void start(struct supervised_run *run, int input, const int streams[2])
{
    int stdio[3] = {input, -1, -1};
    int problem = input < 0 ? errno : open_pipes(run, streams, stdio);

    if (problem == 0)
        problem = spawn_program(run->program, text_string(&run->order->group), stdio, &run->pid,
                                &run->report_descriptor);
    close_stdio(stdio);
    if (problem == 0) {
        watch_exit(run);
        return;
    }
    run->outcome.reason = SPAWN_FAILED;
    run->outcome.error = problem;
    run->is_alone = true;
    text_clear(&run->outcome.detail);
    text_add(&run->outcome.detail, run->program->arguments[0].data, run->program->arguments[0].length);
    text_format(&run->outcome.detail, " cannot be started: %s.", error_sentence(problem));
}

/* Start the program of the run and see it to its end. */
static void see_through(struct supervised_run *run, int input, int first_stream, int second_stream)
{
    const int streams[2] = {first_stream, second_stream};

    start(run, input, streams);
    while (!run->is_alone && run->own_error == 0) {
        run_turn(run, run_patience(run));
        run_decide(run, run_now(run));
    }
    if (run->own_error == 0)
        run_drain(run);
}

static int open_nothing(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Forget what is of the program that has ended, before another takes its place. */
static void begin_next(struct supervised_run *run, const struct program *program)
{
    run_close_program(run); /* its pipes may be held open by what could not be ended */
    run->outcome.exit_code = (struct exit_code){0};
    run->outcome.reason = NO_REASON;
    run->program = program;
    run->is_alone = run->is_signalled = run->is_exit_watched = run->has_report = false;
}

static void use_limits_of_tool(struct supervised_run *run)
{
    run->has_timeout = run->order->has_timeout;
    run->timeout_s = run->order->timeout_s;
    run->has_silence_timeout = run->order->has_silence_timeout;
    run->silence_timeout_s = run->order->silence_timeout_s;
}

void run_tool(struct supervised_run *run, int input)
{
    run->program = &run->order->tool;
    use_limits_of_tool(run);
    run->begun = run->heard = run_now(run);
    see_through(run, input, LAYOUT_STDOUT, LAYOUT_STDERR);
}

/* Take the text of another, which is empty then. */
static void move_text(struct text *to, struct text *from)
{
    text_free(to);
    *to = *from;
    *from = (struct text){0};
}

static void take_end_of_setup(struct supervised_run *run, enum end_reason reason, struct exit_code exit_code)
{
    struct outcome *outcome = &run->outcome;

    outcome->setup_ran = true;
    outcome->error = 0;
    if (reason == EXITED)
        outcome->setup_exit_code = exit_code;
    move_text(&outcome->setup_detail, &outcome->detail);
    if (!outcome->setup_exit_code.is_there || outcome->setup_exit_code.code != 0)
        outcome->reason = EXITED;
    else if (file_exists(LAYOUT_STOP))
        run_set_stopped(run);
}

void run_setup(struct supervised_run *run)
{
    enum end_reason reason;
    struct exit_code exit_code;

    run->program = &run->order->setup;
    run->has_timeout = run->order->has_setup_timeout;
    run->timeout_s = run->order->setup_timeout_s;
    run->has_silence_timeout = false;
    run->begun = run->heard = run_now(run);
    see_through(run, open_nothing(), LAYOUT_SETUP, LAYOUT_SETUP);
    if (run->own_error)
        return;
    reason = run->outcome.reason;
    exit_code = run->outcome.exit_code;
    begin_next(run, &run->order->tool);
    if (reason == EXITED || reason == SPAWN_FAILED || reason == TIMEOUT) {
        take_end_of_setup(run, reason, exit_code);
        return;
    }
    run->outcome.reason = reason;
    text_add_string(&run->outcome.detail, " Its setup was running.");
}

static bool is_among(const long long *numbers, size_t count, int number)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

bool run_has_tests(const struct supervised_run *run)
{
    const struct launch_order *order = run->order;
    const struct exit_code *exit_code = &run->outcome.exit_code;

    if (!order->has_tests || run->outcome.reason != EXITED || !exit_code->is_there)
        return false;
    if (order->tests_after_count == 0)
        return exit_code->code >= 0;
    return is_among(order->tests_after, order->tests_after_count, exit_code->code);
}

void run_tests(struct supervised_run *run)
{
    struct outcome *outcome = &run->outcome;
    struct exit_code exit_code = outcome->exit_code;

    if (file_exists(LAYOUT_STOP)) {
        run_set_stopped(run);
        return;
    }
    begin_next(run, &run->order->tests);
    run->heard = run_now(run);
    see_through(run, open_nothing(), LAYOUT_TESTS, LAYOUT_TESTS);
    outcome->tests_exit_code = outcome->exit_code;
    outcome->exit_code = exit_code;
    if (outcome->reason == EXITED || outcome->reason == SPAWN_FAILED) {
        outcome->tests_ran = true;
        outcome->reason = EXITED;
        outcome->error = 0;
        move_text(&outcome->tests_detail, &outcome->detail);
    } else {
        text_add_string(&outcome->detail, " Its tests were running.");
    }
}

void run_end_all(struct supervised_run *run)
{
    run->own_error = 0;
    run_kill(run);
}
