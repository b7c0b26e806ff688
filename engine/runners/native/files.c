#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared_constants.h"

enum { STEP = 16384 };

const char *error_sentence(int number)
{
    static const struct {
        int number;
        const char *sentence;
    } known[] = ERROR_SENTENCES;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].number == number)
            return known[i].sentence;
    return strerror(number);
}

void log_error(int number, const char *name)
{
    if (name == NULL)
        dprintf(STDERR_FILENO, "[Errno %d] %s\n", number, error_sentence(number));
    else
        dprintf(STDERR_FILENO, "[Errno %d] %s: '%s'\n", number, error_sentence(number), name);
}

static int read_all(int descriptor, struct text *text)
{
    char piece[STEP];
    ssize_t count;

    while ((count = read(descriptor, piece, sizeof piece)) > 0)
        text_add(text, piece, (size_t)count);
    return count == 0 ? 0 : errno;
}

int file_read(const char *path, struct text *text)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    int problem;

    if (descriptor < 0)
        return errno;
    problem = read_all(descriptor, text);
    close(descriptor);
    return problem;
}

void file_read_if_any(const char *path, struct text *text)
{
    if (file_read(path, text) != 0)
        text_clear(text);
}

int file_write(int descriptor, const void *data, size_t length)
{
    const char *at = data;

    while (length) {
        ssize_t count = write(descriptor, at, length);

        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count < 0 ? errno : ENOSPC;
        at += count;
        length -= (size_t)count;
    }
    return 0;
}

bool file_exists(const char *name)
{
    struct stat found;

    return lstat(name, &found) == 0;
}
