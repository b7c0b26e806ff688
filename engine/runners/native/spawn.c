#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "detached.h"
#include "files.h"
#include "process_tree.h"

#ifndef SYS_clone3
#define SYS_clone3 435 /* on every architecture */
#endif

/* What the system call takes from Linux 5.7 on; no C library names it. */
struct clone_arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};
static const uint64_t INTO_GROUP = 0x200000000;

static _Noreturn void give_up(int descriptor, int stage, int number)
{
    struct spawn_report report = {stage, number};

    file_write(descriptor, &report, sizeof report);
    _exit(127);
}

/* All that happens in the child; asks for no memory. */
static _Noreturn void become(const struct program *program, const char *group, const int stdio[3], pid_t parent,
                             int report)
{
    setsid();
    die_with(parent);
    if (group != NULL)
        group_enter(group);
    restore_signals();
    for (int target = 0; target < 3; target++)
        if (dup2(stdio[target], target) < 0)
            give_up(report, IN_FOLDER, errno);
    if (json_cannot_be_given(&program->cwd))
        give_up(report, IN_FOLDER, EINVAL);
    if (chdir(program->cwd.data) != 0)
        give_up(report, IN_FOLDER, errno);
    if (program->unusable.length)
        give_up(report, IN_EXEC, EINVAL);
    execve(program->argv[0], program->argv, program->env);
    give_up(report, IN_EXEC, errno);
}

/* Fork, and let the child begin in this control group: entering it later would hold up every other fork of the machine.
   Returns as fork does; -1 also where the system cannot do that. */
static pid_t fork_into(const char *group)
{
    struct clone_arguments arguments = {.flags = INTO_GROUP, .exit_signal = SIGCHLD};
    int descriptor = open(group, O_PATH | O_DIRECTORY | O_CLOEXEC);
    long pid;

    if (descriptor < 0)
        return -1;
    arguments.cgroup = (uint64_t)descriptor;
    pid = syscall(SYS_clone3, &arguments, sizeof arguments);
    close(descriptor);
    return (pid_t)pid;
}

int spawn_program(const struct program *program, const char *group, const int stdio[3], pid_t *pid, int *descriptor)
{
    pid_t parent = getpid();
    int ends[2], problem = 0;

    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return errno;
    *pid = *group ? fork_into(group) : -1;
    if (*pid == 0)
        become(program, NULL, stdio, parent, ends[1]);
    if (*pid < 0) {
        *pid = fork();
        problem = *pid < 0 ? errno : 0;
    }
    if (*pid == 0)
        become(program, *group ? group : NULL, stdio, parent, ends[1]);
    close(ends[1]);
    if (problem)
        close(ends[0]);
    *descriptor = ends[0];
    return problem;
}

bool spawn_failed(int descriptor, struct spawn_report *report)
{
    return read(descriptor, report, sizeof *report) == sizeof *report;
}

static void say_about_folder(int number, const struct json_string *cwd, struct text *sentence)
{
    text_add_string(sentence, "The working folder ");
    text_add(sentence, cwd->data, cwd->length);
    if (number == ENOENT || number == ENOTDIR)
        text_add_string(sentence, " does not exist or is not a folder; correct working_dir in the job file.");
    else
        text_format(sentence, " cannot be entered: %s.", error_sentence(number));
}

static size_t size_of(const struct program *program)
{
    size_t size = 0;

    for (size_t i = 0; i < program->argument_count; i++)
        size += program->arguments[i].length + 1;
    return size;
}

/* What follows the name of the program in the sentence. */
static void say_about_program(int number, const struct program *program, struct text *sentence)
{
    const char *exe = program->argv[0];
    struct stat found;

    if (number == ENOENT && file_exists(exe))
        text_add_string(sentence,
                        " cannot be started: the interpreter in its first line, or what it links to, is missing.");
    else if (number == EACCES && stat(exe, &found) == 0 && S_ISDIR(found.st_mode))
        text_add_string(sentence, " is a folder, not a program.");
    else if (number == ENOENT || number == ENOTDIR)
        text_add_string(sentence, "; install it, or correct its path in Settings or in the job file.");
    else if (number == EACCES)
        text_format(sentence, " is not executable; make it so with: chmod +x %s", exe);
    else if (number == ENOEXEC)
        text_add_string(sentence, " is no program for this machine (wrong format, or a script without a first line).");
    else if (number == E2BIG)
        text_format(sentence, ": its arguments (%zu bytes) and environment are longer than the system allows.",
                    size_of(program));
    else
        text_format(sentence, " cannot be started: %s.", error_sentence(number));
}

void spawn_say_why(const struct spawn_report *report, const struct program *program, struct text *sentence)
{
    const struct json_string *exe = &program->arguments[0];
    int number = report->number;

    if (report->stage == IN_FOLDER) {
        say_about_folder(number, &program->cwd, sentence);
        return;
    }
    if (!program->unusable.length && (number == ENOTDIR || (number == ENOENT && !file_exists(exe->data))))
        text_add_string(sentence, "There is no program ");
    text_add(sentence, exe->data, exe->length);
    if (program->unusable.length)
        text_format(sentence, ": %s.", program->unusable.data);
    else
        say_about_program(number, program, sentence);
}
