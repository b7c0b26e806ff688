/* Keeps in the current folder what comes on stdin, as the compiled shim keeps output; for tests alone.

   The argument is the cap. A piece is the number of its stream in one byte, nanoseconds in eight, its length in four,
   all with the lowest byte first, and its bytes. What was lost is printed at the end. */
#include <stdio.h>
#include <stdlib.h>

#include "capture.h"
#include "text.h"

static long long number_of(const unsigned char *bytes, int count)
{
    long long number = 0;

    while (count-- > 0)
        number = number << 8 | bytes[count];
    return number;
}

int main(int argc, char **argv)
{
    unsigned char head[13];
    struct capture capture;

    if (argc != 2)
        return 1;
    capture_begin(&capture, atoll(argv[1]));
    while (fread(head, sizeof head, 1, stdin) == 1) {
        size_t length = (size_t)number_of(head + 9, 4);
        struct text piece = {.data = allocate(length)};

        if (fread(piece.data, 1, length, stdin) != length)
            return 1;
        capture_keep(&capture, head[0], piece.data, length, number_of(head + 1, 8));
        text_free(&piece);
    }
    printf("%lld", capture_lost(&capture));
    capture_close(&capture);
    return 0;
}
