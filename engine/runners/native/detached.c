#include "detached.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "json_writer.h"
#include "shared_constants.h"

/* Take the next line from `at` on, without its end; false where there is none. */
static bool next_line(const char **at, const char **line, size_t *length)
{
    if (**at == '\0')
        return false;
    *line = *at;
    *length = strcspn(*at, "\n");
    *at += *length + ((*at)[*length] == '\n');
    return true;
}

/* The n-th word of a line, the first being 0. */
static bool word_of(const char *line, size_t length, int number, const char **word, size_t *word_length)
{
    const char *end = line + length;

    for (; number > 0; number--) {
        line = memchr(line, ' ', (size_t)(end - line));
        if (line == NULL)
            return false;
        line++;
    }
    *word = line;
    *word_length = 0;
    while (line + *word_length < end && line[*word_length] != ' ')
        ++*word_length;
    return true;
}

static bool is_word(const char *line, size_t length, int number, const char *expected)
{
    const char *word;
    size_t word_length;

    return word_of(line, length, number, &word, &word_length) && word_length == strlen(expected) &&
           memcmp(word, expected, word_length) == 0;
}

/* The kind of file system of a mount, which stands behind a lone hyphen. */
static bool is_of_groups(const char *line, size_t length)
{
    for (int number = 6; number < 64; number++)
        if (is_word(line, length, number, "-"))
            return is_word(line, length, number + 1, "cgroup2");
    return false;
}

/* Append where the control groups are mounted; false where they are not. */
static bool add_root(struct text *group)
{
    struct text mounts = {0};
    const char *at, *line, *word;
    size_t length, word_length;
    bool is_found = false;

    file_read_if_any("/proc/self/mountinfo", &mounts);
    at = text_string(&mounts);
    while (!is_found && next_line(&at, &line, &length)) {
        if (!is_word(line, length, 3, "/") || !is_of_groups(line, length))
            continue;
        is_found = word_of(line, length, 4, &word, &word_length);
        if (is_found)
            text_add(group, word, word_length);
    }
    text_free(&mounts);
    return is_found;
}

/* Append the group that this process is in, below the root; false where it is in none. */
static bool add_own(const struct text *within, struct text *group)
{
    const char *at = text_string(within), *line;
    size_t length;

    while (next_line(&at, &line, &length)) {
        if (length < 3 || memcmp(line, "0::", 3) != 0)
            continue;
        text_add(group, line + 3, length - 3);
        return true;
    }
    return false;
}

void group_make(const char *name, const struct text *within, struct text *group)
{
    struct text own = {0};

    if (add_own(within, &own) && add_root(group)) {
        bool has_slash = own.length && own.data[own.length - 1] == '/';

        text_format(group, "%s%s%s%s", text_string(&own), has_slash ? "" : "/", GROUP_PREFIX, name);
        if (mkdir(text_string(group), 0700) != 0)
            text_clear(group);
    }
    text_free(&own);
}

void group_enter(const char *group)
{
    char path[PATH_MAX];
    int descriptor;

    if (strlen(group) + sizeof "/cgroup.procs" > sizeof path)
        return;
    strcpy(path, group); /* no memory is allocated between fork and exec */
    strcat(path, "/cgroup.procs");
    descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        return; /* its processes are found by parent and environment, as where there are no groups */
    file_write(descriptor, "0", 1);
    close(descriptor);
}

static bool remove_groups_in(const char *group)
{
    DIR *folder = opendir(group);
    struct dirent *entry;
    bool is_done = true;

    if (folder == NULL)
        return true;
    while (is_done && (entry = readdir(folder)) != NULL) {
        struct text path = {0};

        if (entry->d_type != DT_DIR || strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        text_format(&path, "%s/%s", group, entry->d_name);
        is_done = remove_groups_in(text_string(&path)) && rmdir(text_string(&path)) == 0;
        text_free(&path);
    }
    closedir(folder);
    return is_done;
}

void group_remove(const char *group)
{
    if (rmdir(group) != 0 && remove_groups_in(group))
        rmdir(group);
}

bool group_note(const struct text *group, const struct text *within, unsigned long long since, struct text *note)
{
    struct text boot = {0};
    bool is_boot_known;

    file_read_if_any("/proc/sys/kernel/random/boot_id", &boot);
    while (boot.length && strchr(" \t\r\n", boot.data[boot.length - 1]))
        boot.data[--boot.length] = '\0';
    is_boot_known = boot.length > 0;
    json_begin(note);
    json_add_string(note, "group", group, INVALID_ESCAPED, SIZE_MAX);
    json_add_string(note, "boot", &boot, INVALID_REPLACED, SIZE_MAX);
    json_add_string(note, "within", within, INVALID_REPLACED, SIZE_MAX);
    if (since)
        json_add_long(note, "since", (long long)since);
    else
        json_add_number(note, "since", NULL);
    json_end(note);
    text_free(&boot);
    return is_boot_known;
}
