/* How a supervised run comes to its end. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <unistd.h>

#include "clock.h"
#include "files.h"
#include "turns.h"

/* Signal the program's whole group: a process it forks meanwhile is not missed. False where there is none. */
static bool signal_group(struct supervised_run *run, int number)
{
    if (kill(-run->pid, number) == 0)
        return true;
    if (errno != ESRCH && errno != EPERM)
        run_fail(run, errno);
    return false;
}

static void send_to_tree(struct supervised_run *run, const struct process_set *tree, int number)
{
    bool is_grouped = !run->outcome.exit_code.is_there && signal_group(run, number);

    for (size_t i = 0; i < tree->count && run->own_error == 0; i++)
        if (!is_grouped || tree->items[i].group != run->pid)
            run_fail(run, process_send(&tree->items[i], number));
}

/* Send a signal to every process of the tree once, and wake those that are stopped; `counted` gets them all. */
static void signal_tree(struct supervised_run *run, int number, struct process_set *counted)
{
    struct process_set tree = {0};

    run->is_signalled = true;
    run_fail(run, add_descendants(getpid(), &tree));
    send_to_tree(run, &tree, number);
    send_to_tree(run, &tree, SIGCONT);
    for (size_t i = 0; counted != NULL && i < tree.count; i++)
        process_set_add(counted, &tree.items[i]);
    process_set_free(&tree);
}

static void stop(struct supervised_run *run, enum end_reason reason, double now)
{
    long long number = run->program->stop_signal;

    run->outcome.reason = reason;
    run->signalled_at = now;
    signal_tree(run, number > 0 && number < INT_MAX ? (int)number : INT_MAX, NULL);
}

void run_set_stopped(struct supervised_run *run)
{
    bool is_of_engine = file_exists(LAYOUT_STOP_OF_ENGINE);

    run->outcome.reason = is_of_engine ? STOPPED : CANCELLED;
    text_clear(&run->outcome.detail);
    text_add_string(&run->outcome.detail,
                    is_of_engine ? "It was stopped because its engine stopped." : "It was cancelled.");
}

/* Look for the request in the folder now and then: it need not have been rung for. */
static bool is_stop_file_found(struct supervised_run *run, double now)
{
    if (now - run->checked_at < CHECK_EVERY_S)
        return false;
    run->checked_at = now;
    return file_exists(LAYOUT_STOP);
}

static void find_exit(struct supervised_run *run, double now)
{
    struct outcome *outcome = &run->outcome;

    run->exited_at = now;
    outcome->reason = EXITED;
    if (!run->has_report)
        return;
    outcome->reason = SPAWN_FAILED;
    outcome->exit_code.is_there = false;
    outcome->error = run->report.number;
    text_clear(&outcome->detail);
    spawn_say_why(&run->report, run->program, &outcome->detail);
}

static void find_end_by_time(struct supervised_run *run, double now)
{
    struct text *detail = &run->outcome.detail;

    if (run->has_timeout && now >= run->begun + run->timeout_s) {
        text_clear(detail);
        text_format(detail, "It ran longer than %g s.", run->timeout_s);
        stop(run, TIMEOUT, now);
    } else if (run->has_silence_timeout && now >= run->heard + run->silence_timeout_s) {
        text_clear(detail);
        text_format(detail, "It printed nothing for %g s.", run->silence_timeout_s);
        stop(run, SILENCE, now);
    }
}

static void find_reason(struct supervised_run *run, double now)
{
    bool is_ended = run_is_ended_by_signal();

    if (run->outcome.exit_code.is_there) {
        find_exit(run, now);
    } else if (run->is_stop_requested || is_stop_file_found(run, now) || (is_ended && file_exists(LAYOUT_STOP))) {
        run_set_stopped(run); /* a signal may only repeat the request that lies in the folder */
        stop(run, run->outcome.reason, now);
    } else if (is_ended) {
        text_clear(&run->outcome.detail);
        text_add_string(&run->outcome.detail, "The system requested its end.");
        stop(run, INTERRUPTED, now);
    } else {
        find_end_by_time(run, now);
    }
}

void run_decide(struct supervised_run *run, double now)
{
    enum end_reason reason;

    if (run->outcome.reason == NO_REASON)
        find_reason(run, now);
    reason = run->outcome.reason;
    if (run->is_alone || run->own_error || reason == NO_REASON)
        return;
    if (reason == EXITED || reason == SPAWN_FAILED) {
        if (now - run->exited_at >= LEFTOVERS_KILLED_S)
            run_kill(run);
        else if (now - run->exited_at >= LEFTOVERS_SIGNALLED_S && !run->is_signalled)
            signal_tree(run, SIGTERM, &run->killed);
    } else if (now - run->signalled_at >= run->order->grace_s) {
        run_kill(run);
    }
}

static void find_remaining(struct supervised_run *run, struct process_set *found)
{
    run_fail(run, add_descendants(getpid(), found));
    run_fail(run, add_marked(run->order->marker.data, found));
}

/* One look and one round of kills. What was there together with the living program is no leftover of it. */
static void kill_once(struct supervised_run *run, struct process_set *together)
{
    struct process_set found = {0};

    find_remaining(run, &found);
    for (size_t i = 0; i < found.count && run->own_error == 0; i++) {
        if (!run->outcome.exit_code.is_there)
            process_set_add(together, &found.items[i]);
        else if (!process_set_has(together, &found.items[i]))
            process_set_add(&run->killed, &found.items[i]);
    }
    /* The group first, as one: a tool whose child were killed before it could still end by itself, and well. The group is
       also all there is where the system shows no processes. */
    if (!run->outcome.exit_code.is_there && run->pid > 0 && run->own_error == 0)
        signal_group(run, SIGKILL);
    for (size_t i = 0; i < found.count && run->own_error == 0; i++)
        run_fail(run, process_send(&found.items[i], SIGKILL));
    process_set_free(&found);
}

static void say_what_is_left(struct supervised_run *run)
{
    struct process_set found = {0};

    find_remaining(run, &found);
    if (found.count)
        text_format(&run->outcome.detail, " %zu of its processes could not be ended.", found.count);
    else /* the system does not show them */
        text_add_string(&run->outcome.detail, " Some of its processes could not be ended.");
    process_set_free(&found);
}

void run_kill(struct supervised_run *run)
{
    double deadline = clock_monotonic() + KILL_PATIENCE_S;
    struct process_set together = {0};
    size_t swept = 0, left = 0;

    while (!run->is_alone && run->own_error == 0 && clock_monotonic() < deadline) {
        kill_once(run, &together);
        run_turn(run, BUSY_CHECK_S / 4);
    }
    process_set_free(&together);
    if (run->own_error)
        return;
    run_fail(run, process_sweep(run->order->marker.data, KILL_PATIENCE_S, &swept, &left));
    run->outcome.leftovers = run->killed.count + swept;
    if (!run->is_alone || left)
        say_what_is_left(run);
    run->is_alone = true;
}
