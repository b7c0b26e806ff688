#include "result.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "json_writer.h"
#include "shared_constants.h"

static const char *const words[] = {
    [NO_REASON] = "",          [EXITED] = "exited",           [SPAWN_FAILED] = "spawn_failed",
    [CANCELLED] = "cancelled", [STOPPED] = "stopped",         [INTERRUPTED] = "interrupted",
    [TIMEOUT] = "timeout",     [SILENCE] = "silence",
};

int result_set_aside(int *draft, const char **name)
{
    char spaces[DRAFT_SIZE];
    ssize_t written;

    *name = LAYOUT_DRAFT;
    *draft = open(LAYOUT_DRAFT, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (*draft < 0)
        return errno;
    *name = NULL;
    memset(spaces, ' ', sizeof spaces);
    written = write(*draft, spaces, sizeof spaces);
    if (written < 0)
        return errno;
    return written < (ssize_t)sizeof spaces ? ENOSPC : 0;
}

static const int *number_of(const struct exit_code *exit_code)
{
    return exit_code->is_there ? &exit_code->code : NULL;
}

static void add_detail(struct text *out, const char *name, const struct text *detail)
{
    json_add_string(out, name, detail, INVALID_ESCAPED, DETAIL_AT_MOST);
}

static void add_text(struct text *out, const char *name, const struct text *value)
{
    json_add_string(out, name, value, INVALID_ESCAPED, value->length);
}

static void add_fields(struct text *out, const struct outcome *outcome, const struct launch_order *order,
                       long long lost_bytes)
{
    const char *word = words[outcome->reason];
    const struct text reason = {.data = (char *)word, .length = strlen(word)};

    add_text(out, "token", &order->token);
    add_text(out, "reason", &reason);
    json_add_number(out, "exit_code", number_of(&outcome->exit_code));
    json_add_long(out, "errno", outcome->error);
    json_add_long(out, "of_our_folder", outcome->of_our_folder);
    json_add_seconds(out, "duration_s", outcome->duration_s);
    json_add_long(out, "leftovers", (long long)outcome->leftovers);
    add_detail(out, "detail", &outcome->detail);
    json_add_seconds(out, "started_at", outcome->started_at);
    json_add_seconds(out, "ended_at", clock_epoch());
    json_add_long(out, "lost_bytes", lost_bytes);
    json_add_long(out, "setup_ran", outcome->setup_ran);
    json_add_number(out, "setup_exit_code", number_of(&outcome->setup_exit_code));
    add_detail(out, "setup_detail", &outcome->setup_detail);
    add_text(out, "setup_digest", &order->setup_digest);
    json_add_long(out, "tests_ran", outcome->tests_ran);
    json_add_number(out, "tests_exit_code", number_of(&outcome->tests_exit_code));
    add_detail(out, "tests_detail", &outcome->tests_detail);
}

static int sync_folder(void)
{
    int folder = open(".", O_RDONLY | O_CLOEXEC);
    int problem;

    if (folder < 0)
        return errno;
    problem = fsync(folder) == 0 ? 0 : errno;
    close(folder);
    return problem;
}

static int put(int draft, const struct text *out)
{
    ssize_t written = pwrite(draft, out->data, out->length, 0);

    if (written != (ssize_t)out->length)
        return written < 0 ? errno : ENOSPC;
    if (fsync(draft) != 0 || rename(LAYOUT_DRAFT, LAYOUT_RESULT) != 0)
        return errno;
    return sync_folder();
}

int result_write(int draft, const struct outcome *outcome, const struct launch_order *order, long long lost_bytes)
{
    struct text out = {0};
    int problem;

    json_begin(&out);
    add_fields(&out, outcome, order, lost_bytes);
    json_end(&out);
    problem = put(draft, &out);
    text_free(&out);
    return problem;
}

void outcome_free(struct outcome *outcome)
{
    text_free(&outcome->detail);
    text_free(&outcome->setup_detail);
    text_free(&outcome->tests_detail);
}
