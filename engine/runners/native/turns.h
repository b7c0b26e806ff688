/* The steps of a supervised run: what comes from outside, the passing of time, and the end. For `supervised_run.c`. */
#ifndef TURNS_H
#define TURNS_H

#include "supervised_run.h"

/* Leave an error of our own, unless there is one already; 0 is none. */
void run_fail(struct supervised_run *run, int number);

/* Catch the signals that end this process, which then only ends its tool; they arrive while a turn waits. */
void run_catch_ends(void);

/* Monotonic seconds, less those in which this process did not run. */
double run_now(struct supervised_run *run);

/* How long the next turn may wait. */
double run_patience(struct supervised_run *run);

/* Wait for something to happen, read what came and collect what ended. */
void run_turn(struct supervised_run *run, double patience);

/* Read what is still in the pipes; who else holds them open is not waited for. */
void run_drain(struct supervised_run *run);

/* Let go of what is left of a program that has ended. */
void run_close_program(struct supervised_run *run);

/* See whether the run has come to an end, and go one step on with ending it. */
void run_decide(struct supervised_run *run, double now);

/* Kill the whole tree, again and again until nothing is left. */
void run_kill(struct supervised_run *run);

/* Whether the system has requested the end of this process. */
bool run_is_ended_by_signal(void);

#endif
