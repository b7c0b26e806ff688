#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "shared_constants.h"

static void out_of_memory(void)
{
    log_line("too little memory is left for the shim");
    _exit(LAYOUT_PREPARING_FAILED + ENOMEM);
}

void *allocate(size_t size)
{
    void *memory = calloc(1, size ? size : 1);

    if (memory == NULL)
        out_of_memory();
    return memory;
}

void *reallocate(void *memory, size_t size)
{
    void *other = realloc(memory, size ? size : 1);

    if (other == NULL)
        out_of_memory();
    return other;
}

const char *text_string(const struct text *text)
{
    return text->data ? text->data : "";
}

char *text_reserve(struct text *text, size_t more)
{
    size_t needed;

    if (more > SIZE_MAX / 2 - text->length)
        out_of_memory();
    needed = text->length + more + 1;
    if (needed > text->room) {
        size_t room = text->room * 2 > needed ? text->room * 2 : needed;

        text->data = reallocate(text->data, room);
        text->room = room;
    }
    text->data[text->length] = '\0';
    return text->data + text->length;
}

void text_add(struct text *text, const void *data, size_t length)
{
    char *end = text_reserve(text, length);

    if (length)
        memcpy(end, data, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void text_add_string(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

void text_format(struct text *text, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        out_of_memory();
    text_reserve(text, (size_t)length);
    va_start(arguments, format);
    vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
}

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->data)
        text->data[0] = '\0';
}

void text_free(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}
