#include "turns.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "files.h"

/* All that a signal can change. */
static struct {
    volatile sig_atomic_t is_ended, is_stop_announced;
} by_signal;

static void on_signal(int number)
{
    if (number == SIGURG)
        by_signal.is_stop_announced = 1;
    else
        by_signal.is_ended = 1;
}

void run_listen(void)
{
    catch_signal(SIGURG, on_signal);
}

void run_catch_ends(void)
{
    catch_signal(SIGHUP, on_signal);
    catch_signal(SIGINT, on_signal);
    catch_signal(SIGTERM, on_signal);
}

bool run_is_ended_by_signal(void)
{
    return by_signal.is_ended;
}

void run_fail(struct supervised_run *run, int number)
{
    if (run->own_error == 0)
        run->own_error = number;
}

double run_now(struct supervised_run *run)
{
    double now = clock_monotonic(), gap = now - run->turned;

    run->turned = now;
    if (gap > SUSPENDED_S)
        run->slept += gap;
    return now - run->slept;
}

static double at_most(double wait, double limit)
{
    return limit < wait ? limit : wait;
}

double run_patience(struct supervised_run *run)
{
    double now, wait = CHECK_EVERY_S;

    if (run->outcome.reason != NO_REASON || !run->is_exit_watched)
        return BUSY_CHECK_S;
    now = run_now(run);
    if (run->has_timeout)
        wait = at_most(wait, run->begun + run->timeout_s - now);
    if (run->has_silence_timeout)
        wait = at_most(wait, run->heard + run->silence_timeout_s - now);
    return wait > 0.0 ? wait : 0.0;
}

static void close_stream(struct open_stream *stream)
{
    if (stream->descriptor >= 0)
        close(stream->descriptor);
    stream->descriptor = -1;
}

/* Let a pipe of which much comes hold more; the usual size does as well, only more slowly. */
static void widen(struct open_stream *stream)
{
    if (!stream->is_wide)
        fcntl(stream->descriptor, F_SETPIPE_SZ, READ_SIZE);
    stream->is_wide = true;
}

/* Keep one piece of output; false where there is none at this moment. */
static bool read_stream(struct supervised_run *run, struct open_stream *stream)
{
    ssize_t count = read(stream->descriptor, run->buffer, sizeof run->buffer);

    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (count <= 0) {
        close_stream(stream);
        return false;
    }
    run->heard = run_now(run);
    capture_keep(run->capture, stream->number, run->buffer, (size_t)count, clock_epoch_ns());
    if (count > READ_SIZE / 8)
        widen(stream);
    return true;
}

static void close_exit_descriptor(struct supervised_run *run)
{
    if (run->exit_descriptor >= 0)
        close(run->exit_descriptor);
    run->exit_descriptor = -1;
}

static void look_for_announced_stop(struct supervised_run *run)
{
    if (!by_signal.is_stop_announced)
        return;
    by_signal.is_stop_announced = 0; /* before looking: another one may come meanwhile */
    run->is_stop_requested |= file_exists(LAYOUT_STOP);
}

/* Read why the program could not be started, if so. */
static void read_report(struct supervised_run *run)
{
    if (run->report_descriptor < 0)
        return;
    run->has_report = spawn_failed(run->report_descriptor, &run->report);
    close(run->report_descriptor);
    run->report_descriptor = -1;
}

static void on_exit_of_program(struct supervised_run *run, int status)
{
    run->outcome.exit_code.is_there = true;
    run->outcome.exit_code.code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    run->outcome.duration_s = clock_monotonic() - run->started;
    read_report(run);
    close_exit_descriptor(run);
}

/* Without a subreaper, what has lost its parent is not among our children. */
static bool is_nothing_left(struct supervised_run *run)
{
    struct process_set found = {0};
    bool is_empty;

    run_fail(run, add_descendants(getpid(), &found));
    run_fail(run, add_marked(run->order->marker.data, &found));
    is_empty = found.count == 0;
    process_set_free(&found);
    return is_empty;
}

/* Collect ended children: the program, and orphans that have become ours. */
static void reap(struct supervised_run *run)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        if (pid == run->pid)
            on_exit_of_program(run, status);
    if (pid < 0)
        run->is_alone = run->is_subreaper || is_nothing_left(run);
}

static void wait_for_events(struct pollfd *events, nfds_t count, double patience)
{
    double wait = patience + 0.001; /* rather a little late than twice */
    struct timespec time = {.tv_sec = (time_t)wait};
    sigset_t none;

    time.tv_nsec = (long)((wait - (double)time.tv_sec) * 1e9);
    sigemptyset(&none);
    if (ppoll(events, count, &time, &none) <= 0)
        for (nfds_t i = 0; i < count; i++)
            events[i].revents = 0;
}

void run_turn(struct supervised_run *run, double patience)
{
    struct pollfd events[] = {
        {.fd = run->exit_descriptor, .events = POLLIN},
        {.fd = run->streams[0].descriptor, .events = POLLIN},
        {.fd = run->streams[1].descriptor, .events = POLLIN},
    };

    wait_for_events(events, sizeof events / sizeof *events, patience);
    look_for_announced_stop(run);
    for (int i = 0; i < PIPE_COUNT; i++)
        if (events[1 + i].revents)
            read_stream(run, &run->streams[i]);
    if (events[0].revents)
        close_exit_descriptor(run);
    reap(run);
}

void run_drain(struct supervised_run *run)
{
    double deadline = clock_monotonic() + LEFTOVERS_KILLED_S;

    if (run->outcome.leftovers < run->killed.count)
        run->outcome.leftovers = run->killed.count;
    for (int i = 0; i < PIPE_COUNT; i++)
        while (run->streams[i].descriptor >= 0 && read_stream(run, &run->streams[i]) &&
               clock_monotonic() < deadline)
            ;
}

void run_close_program(struct supervised_run *run)
{
    for (int i = 0; i < PIPE_COUNT; i++)
        close_stream(&run->streams[i]);
    read_report(run);
    close_exit_descriptor(run);
}
