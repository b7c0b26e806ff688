#include "fault_injection.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "clock.h"

static bool happens(double chance)
{
    unsigned number = 0;

    return getrandom(&number, sizeof number, 0) == sizeof number && number < chance * 4294967296.0;
}

static void die(const char *name)
{
    const char *log = getenv("SIGNALBOX_FAULT_LOG");
    int descriptor = log && *log ? open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;

    if (descriptor >= 0)
        dprintf(descriptor, "%s\n", name);
    kill(getpid(), SIGKILL);
}

/* One of the parts between the commas: "point", "point:chance" or "delay:point:seconds". */
static void apply(const char *part, size_t length, const char *name)
{
    const char *colon = memchr(part, ':', length);
    size_t point = colon ? (size_t)(colon - part) : length, name_length = strlen(name);

    if (point == 5 && memcmp(part, "delay", 5) == 0 && length > name_length + 7 &&
        memcmp(part + 6, name, name_length) == 0 && part[6 + name_length] == ':')
        clock_sleep(strtod(part + 7 + name_length, NULL));
    if ((point == name_length && memcmp(part, name, point) == 0) || (point == 1 && *part == '*'))
        if (happens(colon ? strtod(colon + 1, NULL) : 1.0))
            die(name);
}

void fault(const char *name)
{
    const char *part = getenv("SIGNALBOX_FAULT");

    while (part != NULL) {
        size_t length = strcspn(part, ",");

        apply(part, length, name);
        part = part[length] ? part + length + 1 : NULL;
    }
}

bool mutant(const char *name)
{
    const char *part = getenv("SIGNALBOX_MUTANT");

    while (part != NULL) {
        size_t length = strcspn(part, ",");

        if (length == strlen(name) && memcmp(part, name, length) == 0)
            return true;
        part = part[length] ? part + length + 1 : NULL;
    }
    return false;
}
