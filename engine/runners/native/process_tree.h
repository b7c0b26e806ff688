/* Finding and ending every process of an attempt; knows nothing of attempts.

   Where listing the processes fails for a reason that says nothing of them (too few descriptors, too little memory),
   the functions return an error number: whoever ignores it takes the living for dead. */
#ifndef PROCESS_TREE_H
#define PROCESS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Process id and start time, in ticks since boot, together are never used again. */
struct process {
    pid_t pid, parent, group;
    unsigned long long start_time;
    bool is_zombie;
};

/* Processes, each once, in the order of their ids; all zero is an empty one. */
struct process_set {
    struct process *items;
    size_t count, room;
};

/* Make this process the new parent of every orphan among its descendants; false where the system refuses. */
bool become_subreaper(void);

/* Ask the kernel to kill this child when its parent is gone, and end it if that is so already; right after a fork. */
void die_with(pid_t parent);

/* Unblock every signal, and undo the ignoring that this process has inherited; ignore those that C does not need. */
void reset_signals(void);

/* Have a signal handled, but for the time in which it is blocked, as it is from now on. */
void catch_signal(int number, void (*handler)(int));

/* Undo all this in a child, so that its program gets every signal, those included that have come since the fork. */
void restore_signals(void);

/* Find a process. Returns 0, ESRCH where there is none, or an error that says nothing of it. */
int process_find(pid_t pid, struct process *found);

/* Add a process unless it is in the set. Returns whether it was added. */
bool process_set_add(struct process_set *set, const struct process *process);

/* Whether the process is in the set. */
bool process_set_has(const struct process_set *set, const struct process *process);

/* Give its memory back; it is empty then. */
void process_set_free(struct process_set *set);

/* Add every living descendant of a process to the set. */
int add_descendants(pid_t root, struct process_set *set);

/* Add every other living process of this user whose environment holds the marker, "name=value". */
int add_marked(const char *marker, struct process_set *set);

/* Send a signal unless the process is gone, whose number may meanwhile name another. Returns 0, also where it is gone
   or somebody else's, or an error number. */
int process_send(const struct process *process, int signal);

/* Kill what carries the marker until nothing is left: how many were found, and how many of them were still there after
   `patience` seconds. */
int process_sweep(const char *marker, double patience, size_t *swept, size_t *left);

#endif
