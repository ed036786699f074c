/* Running rules: one sandboxed Lua state a thread.
 *
 * A rule sees entities and values through proxies that read the graph in place. Each read is
 * recorded, so that a failure points at the attribute that decided it, or at the block that lacks
 * it; reading what is unknown ends the check. The sandbox has no files, processes, clock, loading
 * of code, or protected calls; memory and instructions are limited for each check.
 * The language that rules are written in: rules/README.md. */
#ifndef AS_LUA_LUA_H
#define AS_LUA_LUA_H

#include "engine/lua/lines.h"
#include "engine/rules/finding.h"

typedef struct as_lua as_lua;

/* Text or bytecode of a rule or helper module. */
typedef struct as_chunk {
    as_str name; /* "rules/aws/rds/storage-encrypted.lua" */
    as_str code;
    bool bytecode; /* only from the pack that is built in */
    bool builtin;
    /* Instructions are counted from the first on. Of what is built in and always comes back to a
     * function of ours they are only in checks that go on for long: counting takes a tenth of the
     * time. */
    bool watched;
} as_chunk;

typedef struct as_lua_host {
    const as_graph *graph;
    struct as_reach *reach;   /* answers net.*; NULL: nobody does */
    struct as_attack *attack; /* answers graph.paths; NULL: nobody does */
    as_sources *sources;
    /* A parameter of the configuration, as it holds for the entity; NULL when it is not set. */
    const as_value *(*parameter)(void *self, as_str name, const as_entity *entity);
    /* The classification of the entity's data, "" where not known; may be NULL. */
    as_str (*classify)(void *self, const as_entity *entity);
    /* The helper module `name` (rules/lib/NAME.lua), or false. */
    bool (*find_lib)(void *self, as_str name, as_chunk *out);
    as_lua_lines *lines; /* records what runs; NULL: nobody wants to know */
    /* The graph is a shard of what is scanned: a check that looks beyond what is whole in it ends
     * as AS_VERDICT_DEFERRED, to be judged where all shards are together. */
    bool narrow;
    void *self;
} as_lua_host;

/* NULL when memory is gone. The host must outlive it. */
as_lua *as_lua_new(const as_lua_host *host);
void as_lua_free(as_lua *lua);

/* An example of a rule, for `assay test`. */
typedef struct as_rule_example {
    as_status expected; /* AS_FAIL, AS_PASS, AS_UNSURE */
    as_str language;    /* "terraform", "yaml", "plan", "live", "file", "files", … */
    as_str text;        /* or the file's name; of "files" each one behind a line "-- NAME --" */
} as_rule_example;

/* Loads a rule. Returns its number in this state, or -1 with diagnostics. When `rule` is not NULL
 * its metadata is read into arena, and so are its examples when `examples` is not NULL. */
int as_lua_load(as_lua *lua, const as_chunk *chunk, as_arena *arena, as_diags *diags, as_rule *rule,
        const as_rule_example **examples, size_t *n_examples);

typedef struct as_failure {
    as_str message, fail_case;
    as_severity severity; /* NONE: the rule's own */
    as_span span;
    as_str subject;
    const as_value *value;  /* what decided; may be NULL */
    const as_value *within; /* where fixes "within.…" belong; may be NULL */
    const as_evidence *evidence;
    size_t n_evidence;
} as_failure;

typedef struct as_verdict {
    enum {
        AS_VERDICT_SKIP,
        AS_VERDICT_PASS,
        AS_VERDICT_FAIL,
        AS_VERDICT_UNKNOWN,
        AS_VERDICT_ERROR,
        AS_VERDICT_DEFERRED
    } kind;
    const as_failure *const *failures; /* until the next check */
    size_t n_failures;
    bool open;     /* beside the failures something was unknown: what did not fail has not passed */
    as_str reason; /* of unknown or error */
    as_span span;  /* of the unknown value */
} as_verdict;

/* Judges one entity; results live in arena, which is the same for all checks of a state. After an
 * error that the state cannot survive (memory) the verdict is an error and as_lua_broken() holds:
 * make a new state. */
as_verdict as_lua_check(as_lua *lua, int rule, const as_entity *entity, as_arena *arena);
bool as_lua_broken(const as_lua *lua);

/* The rule's proposed fix as field and value, or false. */
typedef struct as_set {
    as_str field, value;
} as_set;

#endif
