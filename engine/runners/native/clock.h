/* The clocks, in seconds. */
#ifndef CLOCK_H
#define CLOCK_H

/* Seconds that only go forward, from an unknown moment on. */
double clock_monotonic(void);

/* Seconds since the epoch, and nanoseconds since then. */
double clock_epoch(void);
long long clock_epoch_ns(void);

/* Wait for so long, and longer where a signal does not end it. */
void clock_sleep(double seconds);

#endif
