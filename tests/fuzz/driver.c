/* Fuzzing without a fuzzer: mutants of seeds, by the number.
 *
 *     driver --list
 *     driver --yaml FILE…      what each holds as JSON, a line each: a list of documents, or null
 * after an error driver TARGET [-n RUNS] [-seconds S] [-seed K] [-crash FILE] PATH…
 *
 * With neither number nor seconds the files are read as they are. Inputs lie in memory that is
 * shared with a child, which reads them; when the child dies, or takes longer than TIMEOUT_S for
 * one, the input is written to FILE and the exit code is 1. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/vec.h"
#include "parsers/yaml/yaml.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mutate.h"

enum { MAX_BYTES = 1 << 16, TIMEOUT_S = 20 };

typedef struct shared {
    size_t size;
    unsigned long runs;
    char data[MAX_BYTES];
} shared;

typedef AS_VEC(as_str) inputs;

typedef struct request {
    const as_fuzz_target *target;
    unsigned long runs;
    time_t until;
    uint64_t seed;
    const char *crash;
} request;

static void add(as_arena *arena, const char *path, inputs *out)
{
    struct stat st;
    FILE *file = stat(path, &st) == 0 && S_ISREG(st.st_mode) ? fopen(path, "rb") : NULL;
    if (!file)
        return;
    size_t want = st.st_size > MAX_BYTES ? MAX_BYTES : (size_t)st.st_size;
    char *data = as_arena_alloc(arena, want + 1);
    as_str text = {data, fread(data, 1, want, file)};
    fclose(file);
    AS_VEC_PUSH(arena, out, text);
}

static void add_all(as_arena *arena, const char *path, inputs *out)
{
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort);
    if (n < 0)
        add(arena, path, out);
    for (int i = 0; i < n; i++) {
        if (entries[i]->d_name[0] != '.')
            add(arena, as_str_fmt(arena, "%s/%s", path, entries[i]->d_name).p, out);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

/* The input as an allocation of exactly its size. */
static void read_one(const request *r, shared *s)
{
    uint8_t *exact = malloc(s->size ? s->size : 1);
    if (!exact)
        exit(3);
    memcpy(exact, s->data, s->size);
    alarm(TIMEOUT_S);
    as_fuzz_run(r->target, exact, s->size);
    alarm(0);
    free(exact);
    s->runs++;
}

static void put(shared *s, as_str text)
{
    s->size = text.n;
    if (text.n > 0)
        memcpy(s->data, text.p, text.n);
}

static void child(const request *r, shared *s, const inputs *seeds)
{
    as_random random = {r->seed};
    for (size_t i = 0; i < seeds->n && (r->until == 0 || time(NULL) < r->until); i++) {
        put(s, seeds->items[i]);
        read_one(r, s);
        if (r->runs > 0 && s->runs >= r->runs / 2)
            break;
    }
    while (seeds->n > 0 && (r->until > 0 ? time(NULL) < r->until : s->runs < r->runs)) {
        as_str from = seeds->items[as_random_next(&random, (uint32_t)seeds->n)];
        as_str other = seeds->items[as_random_next(&random, (uint32_t)seeds->n)];
        put(s, from);
        s->size = as_mutate(&random, s->data, s->size, MAX_BYTES, other);
        read_one(r, s);
    }
}

static int run(as_arena *arena, const request *r, const inputs *seeds)
{
    shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status = 0;
    if (s == MAP_FAILED)
        return 2;
    pid_t pid = fork();
    if (pid == 0) {
        child(r, s, seeds);
        as_arena_free(arena);
        exit(0); /* leaks are looked for */
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0)
        continue;
    if (pid < 0 || status != 0) {
        FILE *file = fopen(r->crash, "wb");
        if (file && fwrite(s->data, 1, s->size, file) == s->size && fclose(file) == 0)
            fprintf(stderr, "%s: status %x after %lu inputs: %s\n", r->target->name,
                    (unsigned)status, s->runs, r->crash);
        return 1;
    }
    printf("%s: %lu inputs from %zu seeds\n", r->target->name, s->runs, seeds->n);
    return s->runs == 0; /* a target without seeds tests nothing */
}

static void show_yaml(const char *path)
{
    const as_str name = AS_STR("a.yaml"), none = AS_STR("");
    as_arena *arena = as_arena_new(0);
    as_sources *sources = as_sources_new();
    as_yaml_docs docs = {0};
    inputs text = {0};
    as_guard guard;
    as_diags diags;
    as_buf out;

    if (AS_GUARD_ENTER(&guard, arena)) {
        add(arena, path, &text);
        as_diags_init(&diags, arena);
        as_buf_init(&out, arena, 0);
        const as_source *source =
                as_sources_add(sources, name, text.n > 0 ? text.items[0] : none, false);
        bool good = as_yaml_parse(
                arena, source, (as_yaml_options){.flavour = AS_YAML_CORE}, &diags, &docs);
        for (size_t i = 0; i < docs.n; i++) {
            as_buf_char(&out, i > 0 ? ',' : '[');
            as_value_write_json(&out, docs.items[i].value, (as_json_style){0});
        }
        as_buf_cstr(&out, docs.n > 0 ? "]" : "[]");
        puts(good ? as_buf_c(&out) : "null");
        as_guard_leave(&guard);
    }
    as_arena_free(arena);
    as_sources_free(sources);
}

int main(int argc, char **argv)
{
    request r = {.crash = "crash", .seed = 1};
    inputs seeds = {0};
    as_arena *arena = as_arena_new(0);

    if (argc > 1 && strcmp(argv[1], "--list") == 0) {
        as_fuzz_list();
        as_arena_free(arena);
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "--yaml") == 0) {
        for (int i = 2; i < argc; i++)
            show_yaml(argv[i]);
        as_arena_free(arena);
        return 0;
    }
    r.target = argc > 1 ? as_fuzz_find(argv[1]) : NULL;
    if (!arena || !r.target) {
        fprintf(stderr, "driver: which target? (--list)\n");
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        bool more = i + 1 < argc;
        if (more && strcmp(argv[i], "-n") == 0)
            r.runs = strtoul(argv[++i], NULL, 10);
        else if (more && strcmp(argv[i], "-seconds") == 0)
            r.until = time(NULL) + (time_t)strtoul(argv[++i], NULL, 10);
        else if (more && strcmp(argv[i], "-seed") == 0)
            r.seed = strtoul(argv[++i], NULL, 10);
        else if (more && strcmp(argv[i], "-crash") == 0)
            r.crash = argv[++i];
        else
            add_all(arena, argv[i], &seeds);
    }
    int code = run(arena, &r, &seeds);
    as_arena_free(arena);
    return code;
}
