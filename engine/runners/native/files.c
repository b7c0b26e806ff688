#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
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

void log_line(const char *format, ...)
{
    int log = open(LAYOUT_LOG, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    va_list arguments;

    if (log < 0)
        return; /* the exit code says what it can */
    va_start(arguments, format);
    vdprintf(log, format, arguments);
    va_end(arguments);
    dprintf(log, "\n");
    close(log);
}

void log_error(int number, const char *name)
{
    if (name == NULL)
        log_line("[Errno %d] %s", number, error_sentence(number));
    else
        log_line("[Errno %d] %s: '%s'", number, error_sentence(number), name);
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
