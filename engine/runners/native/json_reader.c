#include "json_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { DEEPEST = 32, LONGEST_NUMBER = 64 };

struct reader {
    const char *at, *end;
    const char *problem; /* the first one; NULL as long as there is none */
    int depth;
};

static bool read_value(struct reader *reader, struct json_value *value);

static bool fails(struct reader *reader, const char *problem)
{
    if (reader->problem == NULL)
        reader->problem = problem;
    return false;
}

static void skip_spaces(struct reader *reader)
{
    while (reader->at < reader->end && strchr(" \t\n\r", *reader->at) && *reader->at)
        reader->at++;
}

/* The next byte without taking it; -1 at the end. */
static int peek(const struct reader *reader)
{
    return reader->at < reader->end ? (unsigned char)*reader->at : -1;
}

static bool takes(struct reader *reader, int byte)
{
    if (peek(reader) != byte)
        return false;
    reader->at++;
    return true;
}

static bool takes_word(struct reader *reader, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0)
        return false;
    reader->at += length;
    return true;
}

/* Four hexadecimal digits; -1 where there are none. */
static long read_unit(struct reader *reader)
{
    long unit = 0;

    if (reader->end - reader->at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int byte = (unsigned char)*reader->at++;

        if (byte >= '0' && byte <= '9')
            unit = unit * 16 + byte - '0';
        else if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f')
            unit = unit * 16 + (byte | 0x20) - 'a' + 10;
        else
            return -1;
    }
    return unit;
}

/* A code point after a backslash and u, of one or two units; -1 where there is none. */
static long read_code_point(struct reader *reader)
{
    long unit = read_unit(reader);
    const char *before = reader->at;
    long low;

    if (unit < 0xd800 || unit > 0xdbff || !takes_word(reader, "\\u"))
        return unit;
    low = read_unit(reader);
    if (low >= 0xdc00 && low <= 0xdfff)
        return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    reader->at = before; /* half a character, and what follows is another one, or wrong */
    return unit;
}

static void add_utf8(struct text *text, unsigned long code)
{
    char bytes[4];
    size_t count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = count - 1; i > 0; i--, code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3f));
    bytes[0] = (char)(first[count] | code);
    text_add(text, bytes, count);
}

/* Add the code point that has this number in its string. */
static void add_code_point(struct json_string *string, struct text *text, unsigned long code, size_t number)
{
    bool is_half = code >= 0xd800 && code <= 0xdfff;

    /* Python reports a whole run of halves, raw bytes within it included. */
    if (is_half && string->bad_count && string->bad_at + string->bad_count == number)
        string->bad_count++;
    if (is_half && code >= 0xdc80 && code <= 0xdcff) {
        char byte = (char)(code - 0xdc00);

        text_add(text, &byte, 1);
        return;
    }
    if (is_half && string->bad_count == 0) {
        string->first_bad = (unsigned)code;
        string->bad_at = number;
        string->bad_count = 1;
    }
    string->has_nul |= code == 0;
    add_utf8(text, code);
}

/* The code point behind a backslash; -1 where there is none. */
static long read_escape(struct reader *reader)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    int byte = peek(reader);
    const char *found = byte > 0 ? strchr(letters, byte) : NULL;

    if (byte < 0)
        return -1;
    reader->at++;
    if (byte == 'u')
        return read_code_point(reader);
    return found ? meant[found - letters] : -1;
}

static bool read_letters(struct reader *reader, struct json_string *string, struct text *text)
{
    for (size_t number = 0;; number++) {
        long code = peek(reader);

        if (code < 0)
            return fails(reader, "a string without an end");
        reader->at++;
        if (code == '"')
            return true;
        if (code < 0x20 || code > 0x7f)
            return fails(reader, "a byte that must be escaped");
        if (code == '\\' && (code = read_escape(reader)) < 0)
            return fails(reader, "an unknown escape");
        add_code_point(string, text, (unsigned long)code, number);
    }
}

/* A string whose first quotation mark was taken. */
static bool read_string(struct reader *reader, struct json_string *string)
{
    struct text text = {0};
    bool is_whole = read_letters(reader, string, &text);

    text_add(&text, "", 0);
    string->data = text.data;
    string->length = text.length;
    return is_whole;
}

static bool is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

static bool takes_digits(struct reader *reader)
{
    if (!is_digit(peek(reader)))
        return false;
    while (is_digit(peek(reader)))
        reader->at++;
    return true;
}

static bool takes_number(struct reader *reader)
{
    takes(reader, '-');
    if (takes_word(reader, "Infinity"))
        return true;
    if (!takes(reader, '0') && !takes_digits(reader))
        return false;
    if (takes(reader, '.') && !takes_digits(reader))
        return false;
    if (peek(reader) == 'e' || peek(reader) == 'E') {
        reader->at++;
        if (!takes(reader, '+'))
            takes(reader, '-');
        return takes_digits(reader);
    }
    return true;
}

static bool read_number(struct reader *reader, struct json_value *value)
{
    const char *begin = reader->at;
    struct text letters = {0};

    if (!takes_word(reader, "NaN") && !takes_number(reader))
        return fails(reader, "no value");
    if (reader->at - begin > LONGEST_NUMBER)
        return fails(reader, "a number that is too long");
    text_add(&letters, begin, (size_t)(reader->at - begin));
    value->kind = JSON_NUMBER;
    value->text.data = letters.data;
    value->text.length = letters.length;
    return true;
}

/* One item, or one name and its value, at the end of a list. */
static bool read_item(struct reader *reader, struct json_value ***tail, bool is_named)
{
    struct json_value *item = allocate(sizeof *item);

    **tail = item;
    *tail = &item->next;
    skip_spaces(reader);
    if (is_named) {
        if (!takes(reader, '"'))
            return fails(reader, "no name");
        if (!read_string(reader, &item->name))
            return false;
        skip_spaces(reader);
        if (!takes(reader, ':'))
            return fails(reader, "no colon behind a name");
    }
    return read_value(reader, item);
}

static bool read_items(struct reader *reader, struct json_value *value, int closing)
{
    struct json_value **tail = &value->first;

    skip_spaces(reader);
    if (takes(reader, closing))
        return true;
    do {
        if (!read_item(reader, &tail, closing == '}'))
            return false;
        skip_spaces(reader);
    } while (takes(reader, ','));
    return takes(reader, closing) || fails(reader, "a list without an end");
}

static bool read_container(struct reader *reader, struct json_value *value, enum json_kind kind)
{
    bool is_read;

    reader->at++;
    value->kind = kind;
    if (++reader->depth > DEEPEST)
        return fails(reader, "lists in lists, too deep");
    is_read = read_items(reader, value, kind == JSON_OBJECT ? '}' : ']');
    reader->depth--;
    return is_read;
}

static bool read_value(struct reader *reader, struct json_value *value)
{
    skip_spaces(reader);
    if (peek(reader) == '{')
        return read_container(reader, value, JSON_OBJECT);
    if (peek(reader) == '[')
        return read_container(reader, value, JSON_ARRAY);
    if (takes(reader, '"')) {
        value->kind = JSON_STRING;
        return read_string(reader, &value->text);
    }
    if (takes_word(reader, "null"))
        return true;
    if (takes_word(reader, "true") || takes_word(reader, "false")) {
        value->kind = JSON_BOOLEAN;
        return true;
    }
    return read_number(reader, value);
}

struct json_value *json_read(const char *text, size_t length, char *problem, size_t problem_size)
{
    struct reader reader = {.at = text, .end = text + length};
    struct json_value *value = allocate(sizeof *value);

    if (read_value(&reader, value)) {
        skip_spaces(&reader);
        if (reader.at == reader.end)
            return value;
        fails(&reader, "more than one value");
    }
    json_free(value);
    snprintf(problem, problem_size, "%s at byte %zu", reader.problem, (size_t)(reader.at - text));
    return NULL;
}

void json_free(struct json_value *value)
{
    while (value != NULL) {
        struct json_value *next = value->next;

        json_free(value->first); /* no deeper than DEEPEST */
        free(value->text.data);
        free(value->name.data);
        free(value);
        value = next;
    }
}

const struct json_value *json_member(const struct json_value *object, const char *name)
{
    const struct json_value *found = NULL;
    size_t length = strlen(name);

    if (object->kind != JSON_OBJECT)
        return NULL;
    for (const struct json_value *each = object->first; each != NULL; each = each->next)
        if (each->name.length == length && memcmp(each->name.data, name, length) == 0)
            found = each;
    return found;
}

bool json_real(const struct json_value *value, double *number)
{
    if (value->kind != JSON_NUMBER)
        return false;
    *number = strtod(value->text.data, NULL); /* NaN and Infinity included */
    return true;
}

bool json_whole(const struct json_value *value, long long *number)
{
    char *end;

    if (value->kind != JSON_NUMBER)
        return false;
    errno = 0;
    *number = strtoll(value->text.data, &end, 10);
    return errno == 0 && *end == '\0' && end != value->text.data;
}

bool json_cannot_be_given(const struct json_string *text)
{
    return text->has_nul || text->bad_count;
}
