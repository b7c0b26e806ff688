/* The control group of an attempt, which no process leaves by forking, and the note by which its processes are found
   where neither parent nor environment shows whose they are. */
#ifndef DETACHED_H
#define DETACHED_H

#include <stdbool.h>

#include "text.h"

/* Make the group of an attempt below our own, and leave its folder in `group`; empty where the system refuses.
   `within` is the text of /proc/self/cgroup. */
void group_make(const char *name, const struct text *within, struct text *group);

/* Move this process there, and so all that it will start; right after a fork. Failing changes nothing. */
void group_enter(const char *group);

/* Remove a group with the groups in it, as far as no process is left there. */
void group_remove(const char *group);

/* What is needed to find the processes of the attempt later, whose shim has started at this time; 0 where that is not
   known. Returns whether the system says which of its starts this is. */
bool group_note(const struct text *group, const struct text *within, unsigned long long since, struct text *note);

#endif
