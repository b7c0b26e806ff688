/* Memory that is always there, and text that grows. */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>

/* A growing run of bytes, which may hold NUL bytes; all zero is an empty one. A NUL that does not count follows. */
struct text {
    char *data;
    size_t length;
    size_t room;
};

/* Memory for so many bytes, all zero. Where there is none, ends this process with PREPARING_FAILED + ENOMEM. */
void *allocate(size_t size);

/* The same memory in another size; what is new is not cleared. Ends this process as `allocate` does. */
void *reallocate(void *memory, size_t size);

/* The text as a string of C: never NULL, and cut at the first NUL byte in it. */
const char *text_string(const struct text *text);

/* Append bytes. */
void text_add(struct text *text, const void *data, size_t length);

/* Append a string. */
void text_add_string(struct text *text, const char *string);

/* Append what printf would print. */
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Make it empty, and keep its memory. */
void text_clear(struct text *text);

/* Make room for so many more bytes behind the end, and return where they go; `length` stays as it is. */
char *text_reserve(struct text *text, size_t more);

/* Give its memory back; it is empty then. */
void text_free(struct text *text);

#endif
