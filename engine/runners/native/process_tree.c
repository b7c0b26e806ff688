#include "process_tree.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "clock.h"
#include "files.h"
#include "shared_constants.h"
#include "text.h"

static const int ignored_signals[] = IGNORED_SIGNALS;
static const int caught_signals[] = {SIGHUP, SIGINT, SIGTERM, SIGURG};
enum {
    IGNORED_COUNT = sizeof ignored_signals / sizeof *ignored_signals,
    CAUGHT_COUNT = sizeof caught_signals / sizeof *caught_signals
};

bool become_subreaper(void)
{
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
}

void die_with(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent)
        _exit(1);
}

void reset_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number <= SIGRTMAX; number++)
        signal(number, SIG_DFL); /* fails only for those that cannot be ignored either */
    for (int i = 0; i < IGNORED_COUNT; i++)
        signal(ignored_signals[i], SIG_IGN);
}

void catch_signal(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigset_t blocked;

    sigemptyset(&action.sa_mask);
    sigemptyset(&blocked);
    sigaddset(&blocked, number);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    sigaction(number, &action, NULL);
}

void restore_signals(void)
{
    sigset_t none;

    for (int i = 0; i < IGNORED_COUNT; i++)
        signal(ignored_signals[i], SIG_DFL);
    for (int i = 0; i < CAUGHT_COUNT; i++)
        signal(caught_signals[i], SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Whether an error says nothing of the process that was to be read. */
static bool is_of_reader(int number)
{
    return number == EMFILE || number == ENFILE || number == ENOMEM;
}

/* Read a file of a process; it is empty where that is gone, a kernel thread or somebody else's. */
static int read_of_process(pid_t pid, const char *name, struct text *text)
{
    char path[64];
    int problem;

    text_clear(text);
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    problem = file_read(path, text);
    if (problem == 0 || is_of_reader(problem))
        return problem;
    text_clear(text);
    return 0;
}

/* What stands behind the name of the program in /proc/<pid>/stat, which may hold anything itself. */
static bool parse_stat(const char *stat, struct process *found)
{
    static const char form[] = " %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu";
    const char *name_end = strrchr(stat, ')');
    char state;
    int parent, group;

    if (name_end == NULL || sscanf(name_end + 1, form, &state, &parent, &group, &found->start_time) != 4)
        return false;
    found->parent = parent;
    found->group = group;
    found->is_zombie = state == 'Z' || state == 'X';
    return true;
}

static int find(pid_t pid, struct text *buffer, struct process *found)
{
    int problem = read_of_process(pid, "stat", buffer);

    found->pid = pid;
    if (problem)
        return problem;
    return parse_stat(text_string(buffer), found) ? 0 : ESRCH;
}

int process_find(pid_t pid, struct process *found)
{
    struct text buffer = {0};
    int problem = find(pid, &buffer, found);

    text_free(&buffer);
    return problem;
}

/* Where the process stands in the set, or would stand. */
static size_t place_of(const struct process_set *set, const struct process *process)
{
    size_t low = 0, high = set->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct process *other = &set->items[middle];

        if (other->pid < process->pid || (other->pid == process->pid && other->start_time < process->start_time))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool process_set_has(const struct process_set *set, const struct process *process)
{
    size_t place = place_of(set, process);

    return place < set->count && set->items[place].pid == process->pid &&
           set->items[place].start_time == process->start_time;
}

bool process_set_add(struct process_set *set, const struct process *process)
{
    size_t place = place_of(set, process);

    if (process_set_has(set, process))
        return false;
    if (set->count == set->room) {
        set->room = set->room ? set->room * 2 : 64;
        set->items = reallocate(set->items, set->room * sizeof *set->items);
    }
    memmove(&set->items[place + 1], &set->items[place], (set->count - place) * sizeof *set->items);
    set->items[place] = *process;
    set->count++;
    return true;
}

void process_set_free(struct process_set *set)
{
    free(set->items);
    *set = (struct process_set){0};
}

/* The id that an entry of /proc names; 0 for the others. */
static pid_t pid_of(const struct dirent *entry)
{
    char *end;
    long pid = strtol(entry->d_name, &end, 10);

    return *end == '\0' && pid > 0 ? (pid_t)pid : 0;
}

/* Call `add` with each process there is, until one returns an error. */
static int for_each_process(int (*add)(pid_t pid, struct text *buffer, void *context), void *context)
{
    struct text buffer = {0};
    struct dirent *entry;
    DIR *folder = opendir("/proc");
    int problem = 0;

    if (folder == NULL)
        return errno;
    while (problem == 0 && (entry = readdir(folder)) != NULL)
        if (pid_of(entry))
            problem = add(pid_of(entry), &buffer, context);
    closedir(folder);
    text_free(&buffer);
    return problem;
}

static int add_living(pid_t pid, struct text *buffer, void *context)
{
    struct process found;
    int problem = find(pid, buffer, &found);

    if (problem == 0 && !found.is_zombie)
        process_set_add(context, &found);
    return problem == ESRCH ? 0 : problem;
}

static int by_parent(const void *left, const void *right)
{
    const struct process *one = left, *other = right;

    return (one->parent > other->parent) - (one->parent < other->parent);
}

/* The first child of a process among all, which are in the order of their parents. */
static size_t first_child(const struct process_set *all, pid_t parent)
{
    size_t low = 0, high = all->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (all->items[middle].parent < parent)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int add_descendants(pid_t root, struct process_set *set)
{
    struct process_set all = {0};
    int problem = for_each_process(add_living, &all);
    pid_t *parents = allocate((all.count + 1) * sizeof *parents);
    size_t count = 1;

    if (all.count)
        qsort(all.items, all.count, sizeof *all.items, by_parent);
    parents[0] = root;
    for (size_t done = 0; problem == 0 && done < count; done++)
        for (size_t i = first_child(&all, parents[done]); i < all.count && all.items[i].parent == parents[done]; i++)
            if (process_set_add(set, &all.items[i]) && count <= all.count)
                parents[count++] = all.items[i].pid;
    free(parents);
    process_set_free(&all);
    return problem;
}

/* A search for a marker, and what it has found. */
struct search {
    const char *marker;
    struct process_set *set;
};

/* Whether one of the variables of an environment is "name=value". */
static bool has_entry(const struct text *environment, const char *entry)
{
    const char *at = text_string(environment), *end = at + environment->length;

    for (; at < end; at += strlen(at) + 1)
        if (strcmp(at, entry) == 0)
            return true;
    return false;
}

static int add_if_marked(pid_t pid, struct text *buffer, void *context)
{
    struct search *search = context;
    int problem;

    if (pid == getpid())
        return 0;
    problem = read_of_process(pid, "environ", buffer);
    if (problem || !has_entry(buffer, search->marker))
        return problem;
    return add_living(pid, buffer, search->set);
}

int add_marked(const char *marker, struct process_set *set)
{
    struct search search = {marker, set};

    return for_each_process(add_if_marked, &search);
}

int process_send(const struct process *process, int signal)
{
    struct process now;
    int problem = process_find(process->pid, &now);

    if (problem)
        return problem == ESRCH ? 0 : problem;
    if (now.start_time != process->start_time || kill(process->pid, signal) == 0)
        return 0;
    return errno == ESRCH || errno == EPERM ? 0 : errno;
}

/* One look and one round of kills. */
static int sweep_once(const char *marker, struct process_set *seen, size_t *found_count)
{
    struct process_set found = {0};
    int problem = add_marked(marker, &found);

    for (size_t i = 0; problem == 0 && i < found.count; i++) {
        process_set_add(seen, &found.items[i]);
        problem = process_send(&found.items[i], SIGKILL);
    }
    *found_count = found.count;
    process_set_free(&found);
    return problem;
}

int process_sweep(const char *marker, double patience, size_t *swept, size_t *left)
{
    struct process_set seen = {0};
    double deadline = clock_monotonic() + patience;
    int clean = 0, problem = 0;

    *left = 0;
    while (problem == 0 && clean < CLEAN_PASSES) {
        problem = sweep_once(marker, &seen, left);
        clean = *left ? 0 : clean + 1;
        if (*left && clock_monotonic() > deadline)
            break;
        clock_sleep(BETWEEN_PASSES_S);
    }
    *swept = seen.count;
    process_set_free(&seen);
    return problem;
}
