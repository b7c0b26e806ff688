/* Reads orders as the compiled shim does and prints what it made of them, one line each; for tests alone.

   An order comes on stdin as four bytes of its length, the lowest first, and its text. A line is "refused" and why, or
   the fields with a space between them: text in hexadecimal digits, a list as its length and its items. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "launch_order.h"

extern char **environ;

static void print_bytes(const char *data, size_t length)
{
    putchar('x');
    for (size_t i = 0; i < length; i++)
        printf("%02x", (unsigned char)data[i]);
    putchar(' ');
}

static void print_string(const struct json_string *string)
{
    print_bytes(string->data, string->length);
}

static void print_text(const struct text *text)
{
    print_bytes(text_string(text), text->length);
}

static void print_limit(bool is_there, double seconds)
{
    if (is_there)
        printf("%.17g ", seconds + 0.0); /* no negative zero */
    else
        printf("none ");
}

static void print_program(const struct program *program)
{
    size_t count = 0;

    print_string(&program->cwd);
    printf("%lld ", program->stop_signal);
    print_text(&program->unusable);
    printf("%zu ", program->argument_count);
    for (size_t i = 0; i < program->argument_count; i++)
        print_string(&program->arguments[i]);
    while (program->env[count] != NULL)
        count++;
    printf("%zu ", count);
    for (size_t i = 0; i < count; i++)
        print_bytes(program->env[i], strlen(program->env[i]));
}

static void print_order(const struct launch_order *order)
{
    print_text(&order->token);
    print_text(&order->name);
    if (order->has_stdin_file)
        print_string(&order->stdin_file);
    else
        printf("none ");
    print_limit(order->has_timeout, order->timeout_s);
    print_limit(order->has_silence_timeout, order->silence_timeout_s);
    print_limit(true, order->grace_s);
    printf("%lld ", order->output_cap);
    print_program(&order->tool);
    printf("%d ", order->has_setup);
    if (order->has_setup) {
        print_program(&order->setup);
        print_limit(order->has_setup_timeout, order->setup_timeout_s);
        print_text(&order->setup_digest);
    }
    printf("%d ", order->has_tests);
    if (order->has_tests) {
        print_program(&order->tests);
        printf("%zu ", order->tests_after_count);
        for (size_t i = 0; i < order->tests_after_count; i++)
            printf("%lld ", order->tests_after[i]);
    }
}

static void read_one(const char *text, size_t length)
{
    struct launch_order order;
    char problem[200];

    if (order_read(&order, text, length, "/home/attempts/1-abc", environ, problem, sizeof problem))
        print_order(&order);
    else
        printf("refused %s", problem);
    putchar('\n');
    fflush(stdout);
    order_free(&order);
}

int main(void)
{
    unsigned char size[4];

    while (fread(size, sizeof size, 1, stdin) == 1) {
        size_t length = size[0] | size[1] << 8 | size[2] << 16 | (size_t)size[3] << 24;
        char *text = allocate(length); /* as long as the order: what reads on is noticed */
        struct text owner = {.data = text};

        if (fread(text, 1, length, stdin) != length)
            return 1;
        read_one(text, length);
        text_free(&owner);
    }
    return 0;
}
