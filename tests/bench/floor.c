/* The floor of a scan: the files below PATH… are read, and of what is in them no more is made than
 * tokens. YAML and JSON (also a document a line) become bare events of libyaml, HCL becomes tokens
 * of our lexer, one after the other in one thread. A file that libyaml refuses (a template) counts
 * up to there.
 *
 *     floor PATH… */
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "parsers/hcl/lex.h"

enum { OPEN_FOLDERS = 32 };

typedef struct totals {
    size_t files, n_bytes, events, tokens, refused;
} totals;

static totals sum; /* nftw hands its callback nothing of the caller's */

static bool ends_with(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    return n >= m && strcmp(name + n - m, suffix) == 0;
}

static bool one_of(const char *name, const char *const *suffixes)
{
    for (; *suffixes; suffixes++)
        if (ends_with(name, *suffixes))
            return true;
    return false;
}

static void count_events(const char *text, size_t n)
{
    yaml_parser_t parser;
    yaml_event_t event;
    bool more = true;
    if (!yaml_parser_initialize(&parser))
        return;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, n);
    while (more) {
        if (!yaml_parser_parse(&parser, &event)) {
            sum.refused++;
            break;
        }
        more = event.type != YAML_STREAM_END_EVENT;
        sum.events++;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

/* A document a line. */
static void count_lines(const char *text, size_t n)
{
    const char *end = text + n;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop ? stop : end;
        count_events(text, (size_t)(stop - text));
        text = stop + 1;
    }
}

static void count_tokens(const char *text, size_t n)
{
    as_arena *arena = as_arena_new(0);
    as_guard guard;
    if (!arena)
        return;
    if (AS_GUARD_ENTER(&guard, arena)) {
        as_tokens tokens = {0};
        as_lex(arena, (as_str){text, n}, 0, false, &tokens);
        sum.tokens += tokens.n;
        as_guard_leave(&guard);
    } else {
        sum.refused++;
    }
    as_arena_free(arena);
}

static int visit(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    static const char *const yaml[] = {".yaml", ".yml", ".json", ".tfstate", NULL};
    static const char *const hcl[] = {".tf", ".tfvars", ".hcl", NULL};
    void (*count)(const char *text, size_t n) = one_of(path, yaml)           ? count_events
                                                : ends_with(path, ".ndjson") ? count_lines
                                                : one_of(path, hcl)          ? count_tokens
                                                                             : NULL;
    (void)where;
    if (kind != FTW_F || st->st_size <= 0 || !count)
        return 0;
    FILE *file = fopen(path, "rb");
    char *text = malloc((size_t)st->st_size);
    if (file && text) {
        size_t n = fread(text, 1, (size_t)st->st_size, file);
        sum.files++;
        sum.n_bytes += n;
        count(text, n);
    }
    free(text);
    if (file)
        fclose(file);
    return 0;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (nftw(argv[i], visit, OPEN_FOLDERS, FTW_PHYS) != 0) {
            fprintf(stderr, "floor: %s: %s\n", argv[i], strerror(errno));
            return 2;
        }
    printf("%zu files, %zu bytes: %zu events, %zu tokens; %zu files refused\n", sum.files,
            sum.n_bytes, sum.events, sum.tokens, sum.refused);
    return argc < 2 ? 2 : 0;
}
