/* The process beside one attempt: starts the tool, keeps its output, ends its whole tree, writes down how it ended. */
#ifndef SHIM_PROCESS_H
#define SHIM_PROCESS_H

/* Live through the attempt in this folder, with this environment; returns the exit code of this process. */
int shim_live(const char *folder, char **environ);

#endif
