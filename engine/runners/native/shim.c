/* The compiled shim: does what `shim.py` does, sooner. Started as "signalbox-shim <folder>"; without a
   folder it prints which sources it was built of. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shared_constants.h"
#include "shim_process.h"

#ifndef SYS_close_range
#define SYS_close_range 436 /* on every architecture */
#endif

extern char **environ;

/* Close what a library of the engine has left open. */
static void close_inherited(void)
{
    if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0) == 0)
        return;
    for (int descriptor = STDERR_FILENO + 1; descriptor < 1024; descriptor++) /* before Linux 5.9 */
        close(descriptor);
}

int main(int argc, char **argv)
{
    if (argc == 1)
        return puts(SOURCES_DIGEST) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argc ? argv[0] : "signalbox-shim");
        return EXIT_FAILURE;
    }
    close_inherited();
    if (getenv(LAYOUT_SECRETS) != NULL) {
        fprintf(stderr, "The output has values to mask, which only the shim in Python does.\n");
        return EXIT_FAILURE;
    }
    return shim_live(argv[1], environ);
}
