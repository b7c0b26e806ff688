#include "shim_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture.h"
#include "detached.h"
#include "fault_injection.h"
#include "files.h"
#include "json_writer.h"
#include "launch_order.h"
#include "process_tree.h"
#include "removal.h"
#include "result.h"
#include "shared_constants.h"
#include "supervised_run.h"

enum { FAILED = 1, LAST_STANDARD_STREAM = 2 };

/* What one attempt needs besides its run. */
struct attempt {
    struct launch_order order;
    struct capture capture;
    struct text within; /* the control group of this process */
    int draft;
};

/* Lock the current folder without waiting; it is held until this process is gone and inherited by nobody. Returns 0,
   EWOULDBLOCK where somebody else has it, or another error number. */
static int take_lock(void)
{
    int descriptor = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (descriptor < 0)
        return errno;
    if (descriptor <= LAST_STANDARD_STREAM)
        return EBADF; /* a standard stream is closed: a program's output would go where it does not belong */
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
}

/* Log what is wrong, and return the exit code that says it, too: the disk may be full. */
static int cannot_prepare(int number, const char *name)
{
    log_error(number, name);
    return LAYOUT_PREPARING_FAILED + (number ? number : EIO);
}

/* Take the folder for this process; returns 0, or the exit code where nothing may be started. */
static int take_folder(const char *folder)
{
    int problem;

    if (chdir(folder) != 0)
        return LAYOUT_PREPARING_FAILED + errno;
    fault("before_lock");
    problem = take_lock();
    if (problem == EWOULDBLOCK)
        return LAYOUT_LOCK_TAKEN;
    if (problem)
        return cannot_prepare(problem, folder);
    fault("after_lock");
    if (file_exists(LAYOUT_ABANDONED) && !mutant("no_tombstone"))
        return LAYOUT_GIVEN_UP;
    return file_exists(LAYOUT_RESULT) ? LAYOUT_ALREADY_ENDED : 0;
}

/* Read the order; returns 0, or the exit code where there is none that can be carried out. */
static int read_order(struct attempt *attempt, const char *folder, char **environ)
{
    struct text text = {0};
    char problem[200];
    int number = file_read(LAYOUT_INVOCATION, &text), code = 0;

    if (number) {
        code = cannot_prepare(number, LAYOUT_INVOCATION);
    } else if (!order_read(&attempt->order, text_string(&text), text.length, folder, environ, problem,
                           sizeof problem)) {
        log_line("%s is no order: %s", LAYOUT_INVOCATION, problem);
        code = FAILED;
    }
    text_free(&text);
    return code;
}

/* End the attempt before its tool was started. */
static void cannot_start(struct outcome *outcome, int number, bool of_our_folder)
{
    outcome->reason = SPAWN_FAILED;
    outcome->error = number;
    outcome->of_our_folder = of_our_folder;
}

static void folder_is_unusable(struct outcome *outcome, int number)
{
    char folder[PATH_MAX] = "";

    if (getcwd(folder, sizeof folder) == NULL)
        strcpy(folder, ".");
    text_format(&outcome->detail, "The attempt's folder %s cannot be written: %s.", folder, error_sentence(number));
    cannot_start(outcome, number, true);
}

/* The file beside the folder of all attempts that has the name of this one. */
static void path_of_start(const char *folder, struct text *path)
{
    const char *name = strrchr(folder, '/');
    const char *attempts = name;

    while (attempts != NULL && attempts > folder && *--attempts != '/')
        ;
    if (attempts != NULL)
        text_add(path, folder, (size_t)(attempts - folder) + 1);
    text_format(path, "%s%s", LAYOUT_STARTS, name != NULL ? name : "");
}

/* Note where it stays, if the tool removes or empties the folder, that it may run. After a start of the system nobody
   relies on the note, so it needs no sync where that can be noticed. Returns 0 or an error number. */
static int note_start(struct attempt *attempt)
{
    struct text note = {0}, path = {0};
    struct process me;
    int descriptor, problem = process_find(getpid(), &me);
    bool is_boot_known;

    if (problem == ESRCH)
        me.start_time = 0; /* the system shows no processes */
    else if (problem)
        return problem;
    path_of_start(attempt->order.folder, &path);
    is_boot_known = group_note(&attempt->order.group, &attempt->within, me.start_time, &note);
    descriptor = open(text_string(&path), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    problem = descriptor < 0 ? errno : file_write(descriptor, note.data, note.length);
    if (problem == 0 && !is_boot_known && fsync(descriptor) != 0)
        problem = errno;
    if (descriptor >= 0)
        close(descriptor);
    text_free(&path);
    text_free(&note);
    return problem;
}

/* Open what the tool reads; -1 where that is not possible, which the outcome says then. */
static int open_input(const struct launch_order *order, struct outcome *outcome)
{
    const struct json_string *file = &order->stdin_file;
    const char *path = order->has_stdin_file ? file->data : "/dev/null";
    int number = order->has_stdin_file && json_cannot_be_given(file) ? EINVAL : 0, descriptor = -1;

    if (number == 0) {
        descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a FIFO would make us wait */
        number = errno;
    }
    if (descriptor >= 0)
        return descriptor;
    text_add_string(&outcome->detail, "The input ");
    text_add(&outcome->detail, path, order->has_stdin_file ? file->length : strlen(path));
    text_format(&outcome->detail, " cannot be read: %s.", error_sentence(number));
    cannot_start(outcome, number, false);
    return -1;
}

/* Find a group for the tool, and note that it may run from now on. Returns 0 or an error number. */
static int begin_tool(struct attempt *attempt)
{
    file_read_if_any("/proc/self/cgroup", &attempt->within);
    if (!mutant("no_group"))
        group_make(text_string(&attempt->order.name), &attempt->within, &attempt->order.group);
    return note_start(attempt);
}

static void run_programs(struct supervised_run *run, int input)
{
    if (run->order->has_setup) {
        fault("before_setup");
        run_setup(run);
    }
    if (run->outcome.reason == NO_REASON && run->own_error == 0) {
        fault("before_tool");
        run_tool(run, input);
    }
    if (run->own_error == 0 && run_has_tests(run)) {
        fault("before_tests");
        run_tests(run);
    }
}

/* Prepare and run everything there is to run. */
static void run_attempt(struct attempt *attempt, struct supervised_run *run)
{
    int input, problem;

    if (mkdir(LAYOUT_TMP, 0700) != 0) {
        folder_is_unusable(&run->outcome, errno);
        return;
    }
    run_listen();
    if (file_exists(LAYOUT_STOP)) {
        run_set_stopped(run);
        return;
    }
    input = open_input(&attempt->order, &run->outcome);
    if (input < 0)
        return;
    problem = begin_tool(attempt);
    if (problem) {
        folder_is_unusable(&run->outcome, problem);
        return;
    }
    run_begin(run);
    run_programs(run, input);
}

/* End an attempt in which this process itself failed; returns 0 or an error number. */
static int end_of_own_error(struct supervised_run *run)
{
    struct outcome *outcome = &run->outcome;

    log_error(run->own_error, NULL);
    run_end_all(run); /* whatever it is, the tool must not be left alone */
    outcome->reason = INTERRUPTED;
    text_clear(&outcome->detail);
    text_format(&outcome->detail, "An error of Signalbox itself ended it, see %s in its folder.", LAYOUT_LOG);
    return run->own_error;
}

/* Take away what only a running attempt needs. */
static void tidy(void)
{
    if (rmdir(LAYOUT_TMP) != 0)
        remove_tree(LAYOUT_TMP); /* most tools leave nothing behind */
}

/* Run the attempt and write down how it ended; returns the exit code of this process. */
static int live(struct attempt *attempt)
{
    struct supervised_run *run = run_new(&attempt->order, &attempt->capture);
    int problem = 0;

    capture_begin(&attempt->capture, attempt->order.output_cap);
    run_attempt(attempt, run);
    if (run->own_error)
        problem = end_of_own_error(run);
    capture_close(&attempt->capture);
    fault("before_result");
    if (problem == 0)
        problem = result_write(attempt->draft, &run->outcome, &attempt->order, capture_lost(&attempt->capture));
    run_free(run);
    if (problem) { /* whoever takes the lock next ends the attempt */
        log_error(problem, LAYOUT_RESULT);
        return FAILED;
    }
    fault("after_result");
    if (attempt->order.group.length)
        group_remove(text_string(&attempt->order.group));
    tidy();
    return 0;
}

int shim_live(const char *folder, char **environ)
{
    struct attempt attempt = {0};
    const char *name;
    int code, problem;

    reset_signals();
    code = take_folder(folder);
    if (code)
        return code;
    problem = result_set_aside(&attempt.draft, &name);
    if (problem)
        return cannot_prepare(problem, name);
    code = read_order(&attempt, folder, environ);
    if (code == 0)
        code = live(&attempt);
    text_free(&attempt.within);
    order_free(&attempt.order);
    return code;
}
