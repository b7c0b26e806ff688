/* A small, strict reader of JSON as Python's json module writes it: ASCII only, with NaN and Infinity. */
#ifndef JSON_READER_H
#define JSON_READER_H

#include <stdbool.h>
#include <stddef.h>

/* Text as the operating system gets it. Code points are UTF-8, but for U+DC80 to U+DCFF, which each stand for one raw
   byte, as with os.fsencode. Half a character that is no such byte cannot be given to the system: it is kept in three
   bytes so that it can be shown, and `bad_count` of them are found from the code point number `bad_at` on. */
struct json_string {
    char *data; /* followed by a NUL that does not count */
    size_t length;
    bool has_nul;
    unsigned first_bad; /* the first code point that cannot be given */
    size_t bad_at, bad_count;
};

enum json_kind { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* A value; what is in an array or object is a list from `first` on by `next`, in the order of the file. */
struct json_value {
    enum json_kind kind;
    struct json_string text; /* of a string; of a number its letters */
    struct json_string name; /* under which it lies in its object */
    struct json_value *first, *next;
};

/* Read a whole text, which must be one value. Returns NULL where it is none, with where and why in `problem` (of
   `problem_size` bytes). Everything returned is given back by `json_free`. */
struct json_value *json_read(const char *text, size_t length, char *problem, size_t problem_size);

/* Give back what `json_read` returned; NULL is none. */
void json_free(struct json_value *value);

/* The value of this name in an object, the last one where there are more; NULL where there is none. */
const struct json_value *json_member(const struct json_value *object, const char *name);

/* A number as C knows it. False where the value is no number, or no whole one that fits. */
bool json_real(const struct json_value *value, double *number);
bool json_whole(const struct json_value *value, long long *number);

/* Whether no program can be given this text, because of a NUL or half a character in it. */
bool json_cannot_be_given(const struct json_string *text);

#endif
