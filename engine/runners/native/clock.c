#include "clock.h"

#include <time.h>

static const double NS_PER_S = 1e9;

double clock_monotonic(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / NS_PER_S;
}

long long clock_epoch_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (long long)now.tv_sec * 1000000000 + now.tv_nsec;
}

double clock_epoch(void)
{
    return (double)clock_epoch_ns() / NS_PER_S;
}

void clock_sleep(double seconds)
{
    struct timespec time = {.tv_sec = (time_t)seconds};

    time.tv_nsec = (long)((seconds - (double)time.tv_sec) * NS_PER_S);
    nanosleep(&time, NULL);
}
