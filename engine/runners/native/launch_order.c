#include "launch_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared_constants.h"

/* What the functions below need to read one program, and where they leave what is wrong. */
struct reading {
    struct launch_order *order;
    char **environ;
    char *problem;
    size_t problem_size;
};

static bool fails(struct reading *reading, const char *name, const char *expected)
{
    snprintf(reading->problem, reading->problem_size, "%s is no %s", name, expected);
    return false;
}

static const struct json_value *optional(const struct json_value *fields, const char *name)
{
    const struct json_value *found = json_member(fields, name);

    return found == NULL || found->kind == JSON_NULL ? NULL : found;
}

static bool read_string(struct reading *reading, const struct json_value *fields, const char *name,
                        const struct json_string **string)
{
    const struct json_value *found = json_member(fields, name);

    if (found == NULL || found->kind != JSON_STRING)
        return fails(reading, name, "string");
    *string = &found->text;
    return true;
}

static bool read_text(struct reading *reading, const struct json_value *fields, const char *name, struct text *text)
{
    const struct json_string *string;

    if (!read_string(reading, fields, name, &string))
        return false;
    text_add(text, string->data, string->length);
    return true;
}

/* A limit in seconds, or null. */
static bool read_seconds(struct reading *reading, const struct json_value *fields, const char *name, bool *is_there,
                         double *seconds)
{
    const struct json_value *found = json_member(fields, name);

    *is_there = found != NULL && found->kind != JSON_NULL;
    if (found == NULL || (*is_there && !json_real(found, seconds)))
        return fails(reading, name, "number of seconds");
    return true;
}

static bool read_whole(struct reading *reading, const struct json_value *fields, const char *name, long long *number)
{
    const struct json_value *found = json_member(fields, name);

    if (found == NULL || !json_whole(found, number))
        return fails(reading, name, "whole number");
    return true;
}

static const struct json_value *read_list(struct reading *reading, const struct json_value *fields, const char *name)
{
    const struct json_value *found = json_member(fields, name);

    if (found == NULL || found->kind != JSON_ARRAY) {
        fails(reading, name, "list");
        return NULL;
    }
    return found;
}

static size_t count_items(const struct json_value *list)
{
    size_t count = 0;

    for (const struct json_value *each = list->first; each != NULL; each = each->next)
        count++;
    return count;
}

/* Say in Python's words why no program can be given these arguments, if so. */
static void find_unusable(struct program *program)
{
    struct text *why = &program->unusable;

    if (program->arguments[0].length == 0) {
        text_add_string(why, "execve: argv first element cannot be empty");
        return;
    }
    for (size_t i = 0; i < program->argument_count && why->length == 0; i++) {
        const struct json_string *each = &program->arguments[i];

        if (each->bad_count == 1)
            text_format(why, "'utf-8' codec can't encode character '\\u%04x' in position %zu: surrogates not allowed",
                        each->first_bad, each->bad_at);
        else if (each->bad_count)
            text_format(why, "'utf-8' codec can't encode characters in position %zu-%zu: surrogates not allowed",
                        each->bad_at, each->bad_at + each->bad_count - 1);
        else if (each->has_nul)
            text_add_string(why, "embedded null byte");
    }
}

static bool read_arguments(struct reading *reading, const struct json_value *fields, struct program *program)
{
    const struct json_value *list = read_list(reading, fields, "argv");
    size_t count = 0;

    if (list == NULL)
        return false;
    if (list->first == NULL)
        return fails(reading, "argv", "list with a program in it");
    program->arguments = allocate(count_items(list) * sizeof *program->arguments);
    program->argv = allocate((count_items(list) + 1) * sizeof *program->argv);
    for (const struct json_value *each = list->first; each != NULL; each = each->next, count++) {
        if (each->kind != JSON_STRING)
            return fails(reading, "argv", "list of strings");
        program->arguments[count] = each->text;
        program->argv[count] = each->text.data;
    }
    program->argument_count = count;
    find_unusable(program);
    return true;
}

/* The variable `prefix` and `name` together name, as "name=value" stands in the environment; NULL where there is none.
   Returns only what follows the prefix. */
static char *find_variable(char **environ, const char *prefix, const struct json_string *name)
{
    size_t prefix_length = strlen(prefix);

    if (memchr(name->data, '=', name->length) || memchr(name->data, '\0', name->length))
        return NULL; /* no variable has such a name */
    for (char **each = environ; *each != NULL; each++) {
        char *rest = *each + prefix_length;

        if (strncmp(*each, prefix, prefix_length) == 0 && strncmp(rest, name->data, name->length) == 0 &&
            rest[name->length] == '=')
            return rest;
    }
    return NULL;
}

static bool is_ours(const struct json_string *name)
{
    return strcmp(name->data, LAYOUT_MARKER) == 0 || strcmp(name->data, "TMPDIR") == 0;
}

/* Whether this name stood in the list before. */
static bool is_repeated(const struct json_value *list, const struct json_value *name)
{
    for (const struct json_value *each = list->first; each != name; each = each->next)
        if (each->text.length == name->text.length &&
            memcmp(each->text.data, name->text.data, name->text.length) == 0)
            return true;
    return false;
}

/* The variables the order names, and our own; those under the prefix go before those of the tool. */
static bool read_environment(struct reading *reading, const struct json_value *fields, const char *prefix,
                             struct program *program)
{
    const struct json_value *list = read_list(reading, fields, "env_names");
    size_t count = 0;

    if (list == NULL)
        return false;
    program->env = allocate((count_items(list) + 3) * sizeof *program->env);
    for (const struct json_value *each = list->first; each != NULL; each = each->next) {
        char *found;

        if (each->kind != JSON_STRING || each->text.bad_count)
            return fails(reading, "env_names", "list of names");
        if (is_ours(&each->text) || is_repeated(list, each))
            continue;
        found = find_variable(reading->environ, prefix, &each->text);
        if (found == NULL)
            found = find_variable(reading->environ, "", &each->text);
        if (found != NULL)
            program->env[count++] = found;
    }
    program->env[count++] = reading->order->marker.data;
    program->env[count++] = reading->order->tmpdir.data;
    return true;
}

/* `cwd` is that of the tool, for those that name none. */
static bool read_program(struct reading *reading, const struct json_value *fields, const char *prefix,
                         const struct json_string *cwd, struct program *program)
{
    if (json_member(fields, "cwd") != NULL && !read_string(reading, fields, "cwd", &cwd))
        return false;
    program->cwd = *cwd;
    return read_arguments(reading, fields, program) && read_environment(reading, fields, prefix, program) &&
           read_whole(reading, fields, "stop_signal", &program->stop_signal);
}

static bool read_setup(struct reading *reading, const struct json_string *cwd)
{
    struct launch_order *order = reading->order;
    const struct json_value *setup = optional(order->fields, "setup");

    if (setup == NULL)
        return true;
    order->has_setup = true;
    return read_program(reading, setup, LAYOUT_OF_SETUP, cwd, &order->setup) &&
           read_seconds(reading, setup, "timeout_s", &order->has_setup_timeout, &order->setup_timeout_s) &&
           read_text(reading, setup, "digest", &order->setup_digest);
}

static bool read_after(struct reading *reading, const struct json_value *tests)
{
    struct launch_order *order = reading->order;
    const struct json_value *list;

    if (json_member(tests, "after") == NULL) {
        order->tests_after = allocate(sizeof *order->tests_after);
        order->tests_after_count = 1; /* the exit code 0 */
        return true;
    }
    list = read_list(reading, tests, "after");
    if (list == NULL)
        return false;
    order->tests_after = allocate(count_items(list) * sizeof *order->tests_after);
    for (const struct json_value *each = list->first; each != NULL; each = each->next)
        if (!json_whole(each, &order->tests_after[order->tests_after_count++]))
            return fails(reading, "after", "list of exit codes");
    return true;
}

static bool read_tests(struct reading *reading, const struct json_string *cwd)
{
    struct launch_order *order = reading->order;
    const struct json_value *tests = optional(order->fields, "tests");

    if (tests == NULL)
        return true;
    order->has_tests = true;
    return read_program(reading, tests, LAYOUT_OF_TESTS, cwd, &order->tests) && read_after(reading, tests);
}

/* The names by which the processes of the attempt are found, and what of our own they get. */
static bool read_names(struct reading *reading)
{
    struct launch_order *order = reading->order;
    const struct json_string *name;

    if (!read_text(reading, order->fields, "token", &order->token) ||
        !read_string(reading, order->fields, "name", &name))
        return false;
    if (json_cannot_be_given(name))
        return fails(reading, "name", "name of a folder");
    text_add(&order->name, name->data, name->length);
    text_format(&order->marker, "%s=%s", LAYOUT_MARKER, name->data);
    text_format(&order->tmpdir, "TMPDIR=%s/%s", order->folder, LAYOUT_TMP);
    return true;
}

static bool read_limits(struct reading *reading)
{
    struct launch_order *order = reading->order;
    const struct json_value *fields = order->fields;
    bool has_grace;

    return read_seconds(reading, fields, "timeout_s", &order->has_timeout, &order->timeout_s) &&
           read_seconds(reading, fields, "silence_timeout_s", &order->has_silence_timeout,
                        &order->silence_timeout_s) &&
           read_seconds(reading, fields, "grace_s", &has_grace, &order->grace_s) &&
           read_whole(reading, fields, "output_cap", &order->output_cap);
}

static bool read_fields(struct reading *reading)
{
    struct launch_order *order = reading->order;
    const struct json_string *string;

    if (order->fields->kind != JSON_OBJECT)
        return fails(reading, "it", "object");
    if (!read_names(reading) || !read_limits(reading))
        return false;
    if (json_member(order->fields, "stdin_file") == NULL)
        return fails(reading, "stdin_file", "string");
    order->has_stdin_file = optional(order->fields, "stdin_file") != NULL;
    if (order->has_stdin_file) {
        if (!read_string(reading, order->fields, "stdin_file", &string))
            return false;
        order->stdin_file = *string;
    }
    return read_string(reading, order->fields, "cwd", &string) &&
           read_program(reading, order->fields, "", string, &order->tool) && read_setup(reading, string) &&
           read_tests(reading, string);
}

bool order_read(struct launch_order *order, const char *text, size_t length, const char *folder, char **environ,
                char *problem, size_t problem_size)
{
    struct reading reading = {order, environ, problem, problem_size};

    *order = (struct launch_order){.folder = folder};
    order->fields = json_read(text, length, problem, problem_size);
    return order->fields != NULL && read_fields(&reading);
}

static void free_program(struct program *program)
{
    free(program->arguments);
    free(program->argv);
    free(program->env);
    text_free(&program->unusable);
}

void order_free(struct launch_order *order)
{
    struct text *const texts[] = {&order->token,        &order->name,  &order->marker,
                                  &order->setup_digest, &order->group, &order->tmpdir};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_free(texts[i]);
    free_program(&order->tool);
    free_program(&order->setup);
    free_program(&order->tests);
    free(order->tests_after);
    json_free(order->fields);
    *order = (struct launch_order){0};
}
