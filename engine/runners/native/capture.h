/* Keeping what the programs print: streams apart, one index over them, each capped to its head and its end.

   The first bytes of a stream lie in a file of its name, the later ones in segments "<name>.<offset>" of which only the
   last two stay. Writing never fails: what a full disk refuses is counted as lost. `engine.runners.output` reads it. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <stddef.h>

enum { LONGEST_SEGMENT_NAME = 64 };

/* A file in the current folder (mode 0600) that keeps its head and the last one to two tails. */
struct rolling_file {
    const char *name;
    long long offset;   /* how many bytes were kept until now, those of segments that are gone included */
    long long lost;     /* how many could not be kept */
    long long boundary; /* the offset at which the next segment begins */
    long long tail;
    int segments;       /* how many there are behind the head: at most two */
    int descriptor;     /* -1 while there is none */
    char segment[LONGEST_SEGMENT_NAME], previous[LONGEST_SEGMENT_NAME];
};

enum { STREAM_COUNT = 4 };

/* The streams of one attempt and the index over them, which holds for each piece when it came. */
struct capture {
    struct rolling_file files[STREAM_COUNT], index;
};

/* Begin; no file is made before there is something to keep. At most `cap` bytes are kept of each stream. */
void capture_begin(struct capture *capture, long long cap);

/* Keep a piece of a stream that came at this moment, in nanoseconds since the epoch. */
void capture_keep(struct capture *capture, int stream, const void *data, size_t length, long long at_ns);

/* How many bytes could not be kept, other than by the cap. */
long long capture_lost(const struct capture *capture);

/* Close the files. */
void capture_close(struct capture *capture);

#endif
