/* What the files of this folder share. */
#ifndef AS_LUA_INTERNAL_H
#define AS_LUA_INTERNAL_H

#include <lauxlib.h>
#include <lua.h>

#include "engine/base/map.h"
#include "engine/base/vec.h"
#include "engine/lua/lua.h"
#include "engine/lua/shelf.h"
#include "engine/schema/schema.h"

/* What a userdata of the sandbox is. There are no others: no library that a rule has makes any.
 * Each begins with an as_lua_head, which tells them apart without asking the registry for a
 * metatable by name. */
typedef enum as_lua_class {
    AS_LUA_VALUE,
    AS_LUA_ENTITY,
    AS_LUA_PREFIX, /* a group of fields */
    AS_LUA_FAILURE,
    AS_LUA_N_KINDS,
} as_lua_class;

typedef struct as_lua_head {
    as_lua_class class;
} as_lua_head;

/* The functions of a rule, in the registry. */
typedef struct as_rule_refs {
    int where, check; /* where: LUA_NOREF when the rule has none */
    bool watched;
} as_rule_refs;

/* Where a value lies: rules point at the same few, one after the other. */
typedef struct as_lua_path {
    const as_value *value; /* NULL: none is kept here */
    as_str path;
} as_lua_path;

enum { AS_LUA_PATHS = 16, AS_LUA_CASES = 64 };

/* What json() gave for a value: rules ask for the same policy one after the other. */
typedef struct as_lua_decoded {
    const as_value *text, *tree;
    const as_arena *arena; /* in which the tree lies */
} as_lua_decoded;

enum { AS_LUA_DECODED = 16, AS_LUA_WATCHED = 4 };
enum { AS_LUA_FREE_CALLS = 1000 }; /* see as_lua_tick */
enum { AS_LUA_CLASSES = 16 };      /* of small objects: up to 256 bytes */

struct as_lua {
    lua_State *L;
    void *small[AS_LUA_CLASSES]; /* free objects of each class */
    struct as_lua_large *large;  /* all the others */
    bool collecting;             /* garbage; not from the start */
    size_t collect_at;           /* bytes in use from which garbage is collected next */
    size_t held;                 /* bytes in use after all garbage had been collected */
    as_lua_host host;
    const as_graph *graph;
    int once; /* registry: the results of once() by unit; for once_graph */
    const as_graph *once_graph;
    size_t used, limit; /* bytes of Lua memory */
    bool broken;
    as_shelf memos, fields;
    const as_entity *shown; /* the entity whose proxy is kept */
    int shown_proxy;        /* registry */
    size_t n_notes;         /* reads that were noted, or would have been */
    as_lua_decoded decoded[AS_LUA_DECODED];
    int metatables[AS_LUA_N_KINDS];  /* registry: metatable of each class */
    as_map patterns;                 /* compiled regular expressions, in keep */
    as_arena *keep;                  /* lives as long as the state */
    struct as_secret_finder *finder; /* in keep; from the first text on */

    /* The check under way. */
    as_arena *arena;
    const as_entity *entity;
    as_track track;
    const char *watched[AS_LUA_WATCHED]; /* names whose reading counts: `fail`, those that arm */
    bool frozen;    /* between `fail` and its call: reads for the message do not count */
    bool armed;     /* between `known` or `json` and its call: unknown and text come as proxies */
    bool leaked;    /* a proxy was handed out while armed */
    int64_t fuel;   /* instructions left */
    size_t longest; /* text that was made, in bytes; 0 when none is very long */
    bool counting;  /* instructions */
    uint32_t calls; /* of our functions, until counting begins */
    const as_value *unknown; /* what ended the check */
    as_str unknown_reason;
    bool open; /* beside failures something was unknown */
    AS_VEC(const as_failure *)
    made; /* by fail(), in order: what is unknown afterwards takes none of them back */
    AS_VEC(const as_failure *) collected; /* of what the check returned */
    AS_VEC(as_str) secrets;               /* sensitive texts that were read */

    /* Failures are used again for the next entity; the first n_failures are of this one. */
    AS_VEC(as_failure *) failures;
    size_t n_failures;
    const as_entity *failures_of;
    as_lua_path paths[AS_LUA_PATHS]; /* in failures_of; by the value's address */
    as_str cases[AS_LUA_CASES];      /* names of cases, by the address that Lua has them at */

    AS_VEC(as_rule_refs) rules; /* by number */
};

as_lua *as_lua_of(lua_State *L);

/* A new userdata of `size` bytes on top of the stack, its head set. */
void *as_lua_new_object(lua_State *L, as_lua_class class, size_t size);
/* The userdata at `index` when it is of that class; else NULL, or an error. */
void *as_lua_test_object(lua_State *L, int index, as_lua_class class);
void *as_lua_check_object(lua_State *L, int index, as_lua_class class);
/* Makes the metatable of a class and leaves it on the stack. */
void as_lua_new_class(lua_State *L, as_lua_class class, const luaL_Reg *meta);

/* Ends the check as unknown. Does not return. */
int as_lua_raise_unknown(as_lua *lua, const as_value *v, as_str reason);
/* Pushes what fail() gave for the failure. */
void as_lua_push_failure(as_lua *lua, const as_failure *failure);
bool as_lua_is_unknown_error(lua_State *L, int index);

/* Ends the check as deferred where the graph is a shard: because it looks at all that is scanned,
 * or at the unit of `entity` (NULL: of all), of which another shard has a part, or at a field that
 * may lie in other entities of the unit, or at what tells the entity's classification. */
void as_lua_need_all(as_lua *lua);
void as_lua_need_unit(as_lua *lua, const as_entity *entity);
void as_lua_need_field(as_lua *lua, const as_entity *entity, const as_field *field);
void as_lua_need_namespace(as_lua *lua, const as_entity *entity);
bool as_lua_is_deferral(lua_State *L, int index);
/* A table of functions that look at all that is scanned, left on the stack. */
void as_lua_new_wide_library(as_lua *lua, const luaL_Reg *functions);

/* Pushes a value as a rule sees it: scalars as Lua's own, trees as proxies; raises unknowns. */
void as_lua_push_value(as_lua *lua, const as_value *v);
void as_lua_push_entity(as_lua *lua, const as_entity *entity);
/* A list (table) of entity proxies. */
void as_lua_push_entities(as_lua *lua, const as_entity *const *items, size_t n);
/* The value or entity behind a proxy, or NULL. */
const as_value *as_lua_value_at(lua_State *L, int index);
const as_entity *as_lua_entity_at(lua_State *L, int index);
const as_entity *as_lua_check_entity(lua_State *L, int index);
void as_lua_push_str(lua_State *L, as_str s);
as_str as_lua_str(lua_State *L, int index); /* borrowed from the Lua string */
void as_lua_note(as_lua *lua, const as_value *value, const as_value *holder,
        const as_entity *entity, bool defaulted);

/* Where a value lies within an entity: "ingress[0].cidr_blocks"; empty when it is not inside. */
as_str as_lua_path_of(as_arena *arena, const as_value *root, const as_value *v);

void as_lua_collect_garbage(as_lua *lua); /* from a certain size on */
/* Switches the counting of instructions, which limits what a check may cost. */
void as_lua_count(as_lua *lua, bool on);
/* Our functions call this: a check that calls many of them is counted from then on. */
static inline void as_lua_tick(as_lua *lua)
{
    if (!lua->counting && ++lua->calls > AS_LUA_FREE_CALLS) {
        as_lua_count(lua, true);
    }
}
void as_lua_open_sandbox(as_lua *lua); /* standard library, bounded */
void as_lua_open_proxies(as_lua *lua);
void as_lua_open_functions(as_lua *lua);
void as_lua_open_memo(as_lua *lua);
void as_lua_open_failures(as_lua *lua);
void as_lua_open_text(as_lua *lua);
void as_lua_open_secret(as_lua *lua);
void as_lua_open_net(as_lua *lua);
void as_lua_open_reach(as_lua *lua);
void as_lua_open_paths(as_lua *lua); /* after functions: adds to graph.* */
void as_lua_open_drift(as_lua *lua); /* likewise */
void as_lua_open_iam(as_lua *lua);
void as_lua_seal(as_lua *lua); /* after all are open: builds the environments of chunks */
/* A new environment for a chunk: reads the shared globals, keeps its own assignments. */
void as_lua_push_env(as_lua *lua, const as_chunk *chunk);
/* Collects what a check returned (nil, a failure, a list) from the value at `index`. */
void as_lua_collect(as_lua *lua, int index);

#endif
