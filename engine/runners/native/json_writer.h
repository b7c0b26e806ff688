/* Flat JSON objects as Python's json module writes them: ASCII only. */
#ifndef JSON_WRITER_H
#define JSON_WRITER_H

#include <stddef.h>

#include "text.h"

/* What becomes of a byte that is no UTF-8. */
enum invalid_bytes {
    INVALID_ESCAPED, /* half a character from U+DC80 to U+DCFF, as with os.fsdecode */
    INVALID_REPLACED /* U+FFFD, as where Python decodes with errors="replace" */
};

/* Begin and end an object; the fields come between the two. */
void json_begin(struct text *out);
void json_end(struct text *out);

/* A string of at most so many code points; the rest is left out. */
void json_add_string(struct text *out, const char *name, const struct text *value, enum invalid_bytes invalid,
                     size_t at_most);

/* A number, or null where `number` is NULL. */
void json_add_number(struct text *out, const char *name, const int *number);

/* A number that is larger, or of microseconds. */
void json_add_long(struct text *out, const char *name, long long number);
void json_add_seconds(struct text *out, const char *name, double seconds);

#endif
