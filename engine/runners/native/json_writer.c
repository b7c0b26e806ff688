#include "json_writer.h"

#include <stdbool.h>

static const unsigned long INVALID = 0xffffffff;

void json_begin(struct text *out)
{
    text_add_string(out, "{");
}

void json_end(struct text *out)
{
    text_add_string(out, "}\n");
}

static void add_name(struct text *out, const char *name)
{
    bool is_first = out->length && out->data[out->length - 1] == '{';

    text_format(out, "%s\"%s\": ", is_first ? "" : ", ", name);
}

/* The lowest and highest second byte of a sequence that begins with `first`, whose length is returned; 0 for none. */
static size_t sequence_of(unsigned char first, unsigned char *low, unsigned char *high)
{
    *low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    *high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* Take a code point from the bytes; where they are no UTF-8 it is INVALID, and what is taken the longest beginning of
   a character, at least one byte, as the Unicode standard advises. Returns how many bytes were taken. */
static size_t take_code_point(const unsigned char *bytes, size_t length, unsigned long *code)
{
    static const unsigned char kept[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    unsigned char low, high;
    size_t count = sequence_of(bytes[0], &low, &high), at = 1;

    *code = count ? (unsigned long)(bytes[0] & kept[count]) : INVALID;
    for (; at < count; at++) {
        if (at == length || bytes[at] < low || bytes[at] > high) {
            *code = INVALID;
            return at;
        }
        *code = *code << 6 | (bytes[at] & 0x3f);
        low = 0x80, high = 0xbf;
    }
    return at;
}

static void add_escaped(struct text *out, unsigned long code)
{
    if (code > 0xffff)
        text_format(out, "\\u%04lx\\u%04lx", 0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    else if (code < 0x20 || code > 0x7e || code == '"' || code == '\\')
        text_format(out, "\\u%04lx", code);
    else
        text_add(out, &(char){(char)code}, 1);
}

/* Half a character that `json_reader` kept in three bytes. */
static bool is_kept_half(const unsigned char *bytes, size_t length)
{
    return length >= 3 && bytes[0] == 0xed && bytes[1] >= 0xa0 && bytes[1] <= 0xbf && (bytes[2] & 0xc0) == 0x80;
}

static void add_invalid(struct text *out, const unsigned char *bytes, size_t count, enum invalid_bytes invalid)
{
    if (invalid == INVALID_REPLACED) {
        add_escaped(out, 0xfffd);
        return;
    }
    for (size_t i = 0; i < count; i++)
        add_escaped(out, 0xdc00 + bytes[i]);
}

void json_add_string(struct text *out, const char *name, const struct text *value, enum invalid_bytes invalid,
                     size_t at_most)
{
    const unsigned char *bytes = (const unsigned char *)text_string(value);
    size_t at = 0;

    add_name(out, name);
    text_add_string(out, "\"");
    for (size_t done = 0; at < value->length && done < at_most; done++) {
        unsigned long code;
        size_t count = take_code_point(bytes + at, value->length - at, &code);

        if (code != INVALID) {
            add_escaped(out, code);
        } else if (invalid == INVALID_ESCAPED && is_kept_half(bytes + at, value->length - at)) {
            add_escaped(out, 0xd000 | (unsigned long)(bytes[at + 1] & 0x3f) << 6 | (bytes[at + 2] & 0x3f));
            count = 3;
        } else {
            add_invalid(out, bytes + at, count, invalid);
        }
        at += count;
    }
    text_add_string(out, "\"");
}

void json_add_number(struct text *out, const char *name, const int *number)
{
    add_name(out, name);
    if (number == NULL)
        text_add_string(out, "null");
    else
        text_format(out, "%d", *number);
}

void json_add_long(struct text *out, const char *name, long long number)
{
    add_name(out, name);
    text_format(out, "%lld", number);
}

void json_add_seconds(struct text *out, const char *name, double seconds)
{
    add_name(out, name);
    text_format(out, "%.6f", seconds);
}
