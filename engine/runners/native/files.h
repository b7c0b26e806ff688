/* Reading and writing whole files, and saying what was wrong with one. */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

/* What Python says of an error number. */
const char *error_sentence(int number);

/* Add a line to the log of the attempt, which is made only then. */
__attribute__((format(printf, 1, 2))) void log_line(const char *format, ...);

/* Log what is wrong, as Python prints an OSError; `name` may be NULL. */
void log_error(int number, const char *name);

/* Append a whole file to a text. Returns 0, or the error number; what was read until then is there. */
int file_read(const char *path, struct text *text);

/* The same for a file that may be missing: what cannot be read is empty. */
void file_read_if_any(const char *path, struct text *text);

/* Write all of it, however many steps that takes. Returns 0, or the error number. */
int file_write(int descriptor, const void *data, size_t length);

/* Whether anything has this name in the current folder, be it a link that leads nowhere. */
bool file_exists(const char *name);

#endif
