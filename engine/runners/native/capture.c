#include "capture.h"

#include <endian.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared_constants.h"

/* One entry of the index. */
struct record {
    int64_t at_ns, offset;
    uint32_t length;
    uint8_t stream, padding[3];
};

_Static_assert(sizeof(struct record) == RECORD_SIZE, "the index has one form");

static void rolling_begin(struct rolling_file *file, const char *name, long long head, long long tail)
{
    *file = (struct rolling_file){.name = name, .boundary = head, .tail = tail, .descriptor = -1};
    snprintf(file->segment, sizeof file->segment, "%s", name);
}

static void rolling_close(struct rolling_file *file)
{
    if (file->descriptor >= 0)
        close(file->descriptor);
    file->descriptor = -1;
}

/* Go on in a new segment, and remove the oldest one where there are three. */
static void roll(struct rolling_file *file)
{
    rolling_close(file);
    if (file->segments == 2)
        unlink(file->previous); /* unless somebody has taken it away already */
    else
        file->segments++;
    if (file->segments == 2)
        memcpy(file->previous, file->segment, sizeof file->previous);
    snprintf(file->segment, sizeof file->segment, "%s.%015lld", file->name, file->offset);
    file->boundary = file->offset + file->tail;
}

/* Write to the segment; returns how many bytes were written. */
static size_t put(struct rolling_file *file, const void *data, size_t length)
{
    ssize_t written;

    if (file->descriptor < 0)
        file->descriptor =
            open(file->segment, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file->descriptor < 0)
        return 0;
    written = write(file->descriptor, data, length);
    return written > 0 ? (size_t)written : 0;
}

/* Keep the data; returns how many bytes of it were kept. */
static size_t rolling_write(struct rolling_file *file, const void *data, size_t length)
{
    const char *at = data, *end = at + length;

    while (at < end) {
        size_t step = (size_t)(end - at), done;

        if (file->offset == file->boundary)
            roll(file);
        if (step > (size_t)(file->boundary - file->offset))
            step = (size_t)(file->boundary - file->offset);
        done = put(file, at, step);
        if (done == 0) {
            file->lost += end - at;
            break;
        }
        file->offset += (long long)done;
        at += done;
    }
    return (size_t)(at - (const char *)data);
}

/* Forget the last bytes kept, which lie in the segment being written. */
static void take_back(struct rolling_file *file, size_t count)
{
    struct stat found;

    if (count == 0 || file->descriptor < 0 || fstat(file->descriptor, &found) != 0)
        return;
    if (ftruncate(file->descriptor, found.st_size - (off_t)count) == 0)
        file->offset -= (long long)count;
}

void capture_begin(struct capture *capture, long long cap)
{
    static const char *const names[] = LAYOUT_STREAMS;
    long long tail = cap / 4 < OUTPUT_TAIL ? cap / 4 : OUTPUT_TAIL;

    _Static_assert(sizeof names / sizeof *names == STREAM_COUNT, "each stream has a file");
    tail = tail < 1 ? 1 : tail;
    for (int i = 0; i < STREAM_COUNT; i++)
        rolling_begin(&capture->files[i], names[i], cap > 2 * tail ? cap - 2 * tail : 0, tail);
    rolling_begin(&capture->index, LAYOUT_INDEX, INDEX_HEAD, INDEX_TAIL);
}

void capture_keep(struct capture *capture, int stream, const void *data, size_t length, long long at_ns)
{
    struct rolling_file *file = &capture->files[stream];
    struct record record = {.at_ns = (int64_t)htole64((uint64_t)at_ns), .stream = (uint8_t)stream};
    size_t kept;

    record.offset = (int64_t)htole64((uint64_t)file->offset);
    kept = rolling_write(file, data, length);
    if (kept == 0)
        return;
    record.length = htole32((uint32_t)kept);
    take_back(&capture->index, rolling_write(&capture->index, &record, sizeof record) % sizeof record);
}

long long capture_lost(const struct capture *capture)
{
    long long lost = 0;

    for (int i = 0; i < STREAM_COUNT; i++)
        lost += capture->files[i].lost;
    return lost;
}

void capture_close(struct capture *capture)
{
    for (int i = 0; i < STREAM_COUNT; i++)
        rolling_close(&capture->files[i]);
    rolling_close(&capture->index);
}
