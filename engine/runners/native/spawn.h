/* Starting a program, and saying in a sentence why it could not be started. */
#ifndef SPAWN_H
#define SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "launch_order.h"
#include "text.h"

/* Why a program could not be started, as the child reports it. */
struct spawn_report {
    int stage; /* one of the two below */
    int number; /* of the error */
};
enum { IN_FOLDER = 1, IN_EXEC = 2 };

/* Start a program in a session of its own, and in this control group where one is named, that dies with this process.
   `stdio` are its first three descriptors. Nothing here waits for the program: a folder on a dead network drive may
   take for ever. Returns 0 with its process id, and a descriptor from which `spawn_failed` reads once it has ended;
   otherwise an error number. */
int spawn_program(const struct program *program, const char *group, const int stdio[3], pid_t *pid, int *descriptor);

/* Whether the child reported that it could not become the program. */
bool spawn_failed(int descriptor, struct spawn_report *report);

/* Append why the program could not be started. */
void spawn_say_why(const struct spawn_report *report, const struct program *program, struct text *sentence);

#endif
