#include "removal.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

/* The names of what lies in a folder, each ended by a NUL, folders apart from the others. */
struct entries {
    struct text folders, others;
};

/* Names that nothing has yet. */
struct new_names {
    unsigned long long prefix;
    unsigned long number;
};

static void entries_free(struct entries *entries)
{
    text_free(&entries->folders);
    text_free(&entries->others);
}

static bool is_folder(int folder, const struct dirent *entry)
{
    struct stat found;

    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_DIR;
    return fstatat(folder, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(found.st_mode);
}

/* List a folder as it is now; what cannot be listed is empty. */
static void list(int folder, struct entries *entries)
{
    int own = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = own < 0 ? NULL : fdopendir(own);
    struct dirent *entry;

    *entries = (struct entries){0};
    if (stream == NULL) {
        if (own >= 0)
            close(own);
        return;
    }
    while ((entry = readdir(stream)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        text_add(is_folder(folder, entry) ? &entries->folders : &entries->others, entry->d_name,
                 strlen(entry->d_name) + 1);
    }
    closedir(stream);
}

/* Let the owner into a folder that the tool closed even to itself; what a link names is left alone. */
static bool open_up(int folder, const char *name)
{
    struct stat found;

    if (fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    if (S_ISDIR(found.st_mode) && (found.st_mode & S_IRWXU) != S_IRWXU)
        return fchmodat(folder, name, S_IRWXU, 0) == 0;
    return true;
}

static int open_folder(int folder, const char *name)
{
    return open_up(folder, name) ? openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
}

/* Remove files, links and what else is no folder; whether one could be. */
static bool remove_others(int folder, const struct text *names)
{
    const char *name = text_string(names), *end = name + names->length;
    bool has_changed = false;

    for (; name < end; name += strlen(name) + 1)
        has_changed |= unlinkat(folder, name, 0) == 0;
    return has_changed;
}

/* Move a folder up into `top`, or remove it where it is empty. */
static bool move_up(int folder, const char *name, int top, struct new_names *names)
{
    char new_name[64];

    if (unlinkat(folder, name, AT_REMOVEDIR) == 0)
        return true;
    snprintf(new_name, sizeof new_name, ".%012llx.%lu", names->prefix, ++names->number);
    /* a folder that is moved must be writable itself */
    return open_up(folder, name) && renameat(folder, name, top, new_name) == 0;
}

/* Remove one folder in `top`; its folders are moved up into `top`. Whether anything has changed. */
static bool flatten(int top, const char *name, struct new_names *names)
{
    int folder = open_folder(top, name);
    bool has_changed;
    struct entries entries;
    const char *child, *end;

    if (folder < 0)
        return false;
    list(folder, &entries);
    has_changed = remove_others(folder, &entries.others);
    child = text_string(&entries.folders);
    for (end = child + entries.folders.length; child < end; child += strlen(child) + 1)
        has_changed |= move_up(folder, child, top, names);
    entries_free(&entries);
    close(folder);
    return unlinkat(top, name, AT_REMOVEDIR) == 0 || has_changed;
}

/* Move up what lies deeper until nothing does: neither the stack nor the descriptors grow with the depth. */
static void empty(int top)
{
    struct new_names names = {0};
    bool has_changed = true;

    if (getrandom(&names.prefix, 6, 0) != 6)
        names.prefix = (unsigned long long)getpid();
    while (has_changed) {
        struct entries entries;
        const char *name, *end;

        list(top, &entries);
        has_changed = remove_others(top, &entries.others);
        name = text_string(&entries.folders);
        for (end = name + entries.folders.length; name < end; name += strlen(name) + 1)
            has_changed |= flatten(top, name, &names);
        entries_free(&entries);
    }
}

void remove_tree(const char *name)
{
    int folder = open_folder(AT_FDCWD, name);

    if (folder < 0) {
        unlink(name);
        return;
    }
    empty(folder);
    close(folder);
    rmdir(name);
}
