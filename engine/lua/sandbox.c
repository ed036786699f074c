/* The walls: what of Lua's library a rule has, and what its running may cost.
 *
 * Lua's count hook is silent inside C functions, so those whose cost grows faster than their input
 * (patterns, rep, format widths) are bounded before they run. Those that walk all of a text or a
 * list, and large allocations, cost instructions by size; so does having a very long text, since
 * comparing two of them is one instruction. */
#include <lualib.h>
#include <stdalign.h>
#include <stdlib.h>

#include "engine/base/num.h"
#include "engine/lua/internal.h"

enum { HOOK_STEP = 1000 };

/* What counts as one instruction, or as several. */
enum { BYTES_A_STEP = 16, STEPS_AN_ELEMENT = 4, COMPARED_BYTES_A_STEP = 4 };

static const size_t LONG_TEXT = (size_t)1 << 20;

static const size_t MEMORY_LIMIT = (size_t)256 << 20;
static const size_t TEXT_LIMIT = (size_t)8 << 20;

as_lua *as_lua_of(lua_State *L)
{
    return *(as_lua **)lua_getextraspace(L);
}

/* Lua makes and drops small objects by the thousand. Those come in classes of 16 bytes from the
 * state's arena, and go back to their class; larger ones are malloc's, in a list, so that a state
 * is dropped without Lua's walk over all its objects (none has a finalizer). */
enum { CLASS = 16, SMALL = AS_LUA_CLASSES * CLASS };

/* Below this a state is not worth collecting: most scans end before. */
static const size_t COLLECT_FROM = (size_t)8 << 20;
/* What is made between two collections of what is young. As much as stays in a processor's own
 * cache: left to itself Lua waits for a fifth of all that it holds, and comes back to memory that
 * has gone cold. */
static const size_t NURSERY = (size_t)512 << 10;

struct as_lua_large {
    struct as_lua_large *next, *previous;
    alignas(max_align_t) char bytes[];
};

typedef struct as_lua_large large_block;

static large_block *block_of(void *p)
{
    return (large_block *)((char *)p - offsetof(large_block, bytes));
}

static void link_block(as_lua *lua, large_block *block)
{
    block->previous = NULL;
    block->next = lua->large;
    if (lua->large != NULL) {
        lua->large->previous = block;
    }
    lua->large = block;
}

static void unlink_block(as_lua *lua, large_block *block)
{
    *(block->previous == NULL ? &lua->large : &block->previous->next) = block->next;
    if (block->next != NULL) {
        block->next->previous = block->previous;
    }
}

static void *take_large(as_lua *lua, size_t size)
{
    large_block *block = size > MEMORY_LIMIT ? NULL : malloc(sizeof *block + size);
    if (block == NULL) {
        return NULL;
    }
    link_block(lua, block);
    return block->bytes;
}

static void *resize_large(as_lua *lua, void *old, size_t size)
{
    large_block *block = block_of(old);
    unlink_block(lua, block);
    large_block *moved = size > MEMORY_LIMIT ? NULL : realloc(block, sizeof *block + size);
    link_block(lua, moved == NULL ? block : moved);
    return moved == NULL ? NULL : moved->bytes;
}

static void *take_small(as_lua *lua, size_t size)
{
    void **list = &lua->small[(size - 1) / CLASS];
    void *p = *list;
    if (p != NULL) {
        memcpy(list, p, sizeof *list); /* the next one is kept in the free object itself */
        return p;
    }
    return as_arena_try_alloc(lua->keep, (size + CLASS - 1) / CLASS * CLASS);
}

static void drop(as_lua *lua, void *p, size_t size)
{
    if (p == NULL) {
        return;
    }
    if (size > SMALL) {
        unlink_block(lua, block_of(p));
        free(block_of(p));
        return;
    }
    void **list = &lua->small[(size - 1) / CLASS];
    memcpy(p, list, sizeof *list);
    *list = p;
}

static void *resize(as_lua *lua, void *old, size_t before, size_t size)
{
    if (before > SMALL && size > SMALL) {
        return resize_large(lua, old, size);
    }
    if (before > 0 && size <= SMALL && (before - 1) / CLASS == (size - 1) / CLASS) {
        return old;
    }
    void *p = size > SMALL ? take_large(lua, size) : take_small(lua, size);
    if (p != NULL && before > 0) {
        memcpy(p, old, before < size ? before : size);
        drop(lua, old, before);
    }
    return p;
}

static void *allocate(void *self, void *old, size_t old_size, size_t size)
{
    as_lua *lua = self;
    size_t before = old == NULL ? 0 : old_size;
    if (size == 0) {
        drop(lua, old, before);
        lua->used -= before;
        return NULL;
    }
    if (size > before && size - before > lua->limit - lua->used) {
        return NULL; /* becomes "not enough memory" in the check */
    }
    if (size > SMALL) {
        lua->fuel -= (int64_t)(size / BYTES_A_STEP);
        if (size > LONG_TEXT && lua->fuel < 0) {
            return NULL;
        }
        if (old == NULL && old_size == LUA_TSTRING && size > LONG_TEXT && size > lua->longest) {
            lua->longest = size;
        }
    }
    void *p = resize(lua, old, before, size);
    if (p != NULL) {
        lua->used += size - before;
    }
    return p;
}

void as_lua_collect_garbage(as_lua *lua)
{
    if (lua->used < lua->collect_at) {
        return;
    }
    if (!lua->collecting) {
        lua->collecting = true;
        lua_gc(lua->L, LUA_GCRESTART);
    }
    if (lua->used > 2 * lua->held) {
        lua_gc(lua->L, LUA_GCCOLLECT);
        lua->held = lua->used;
    } else {
        lua_gc(lua->L, LUA_GCSTEP, 0);
    }
    lua->collect_at = lua->used + NURSERY;
}

static void burn(lua_State *L, int64_t steps)
{
    as_lua *lua = as_lua_of(L);
    lua->fuel -= steps;
    if (lua->fuel < 0) {
        luaL_error(L, "the check used up its instructions");
    }
}

static void hook(lua_State *L, lua_Debug *info)
{
    if (info->event != LUA_HOOKCOUNT) {
        as_lua_lines_event(as_lua_of(L)->host.lines, L, info);
        return;
    }
    as_lua_collect_garbage(as_lua_of(L));
    burn(L, HOOK_STEP + (int64_t)(as_lua_of(L)->longest / COMPARED_BYTES_A_STEP));
}

/* A pattern with q repetitions over n bytes may take about n^q steps: charge them beforehand. */
static void charge_pattern(lua_State *L, size_t n, const char *pattern, size_t n_pattern)
{
    int repeats = 1;
    for (size_t i = 0; i < n_pattern; i++) {
        char c = pattern[i];
        repeats += i > 0 && (c == '*' || c == '+' || c == '-');
        repeats += c == '%' && i + 1 < n_pattern && pattern[i + 1] == 'b'; /* %b() walks on */
        i += c == '%';
    }
    double cost = 1;
    for (int i = 0; i < repeats && cost < 1e12; i++) {
        cost *= (double)(n + 1);
    }
    if (cost > 1e9) {
        luaL_error(L, "this pattern may take too long over %d bytes; use match()", (int)n);
    }
    burn(L, (int64_t)(cost / 100));
}

/* Wraps string.find, match, gmatch and gsub, which is upvalue 1. */
static int l_bounded_pattern(lua_State *L)
{
    as_lua_tick(as_lua_of(L));
    size_t n, n_pattern;
    if (!lua_isstring(L, 1)) { /* an object where a text was expected holds no match */
        lua_pushstring(L, "");
        lua_replace(L, 1);
    }
    if (lua_isuserdata(L, 2)) {
        lua_pushnil(L);
        return 1;
    }
    luaL_checklstring(L, 1, &n);
    const char *pattern = luaL_checklstring(L, 2, &n_pattern);
    charge_pattern(L, n, pattern, n_pattern);
    if (lua_type(L, 3) == LUA_TSTRING && n * lua_rawlen(L, 3) > TEXT_LIMIT) {
        return luaL_error(L, "the resulting text is too long");
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* Wraps what walks all of its texts and lists, which is upvalue 1; with no more arguments than
 * upvalue 2 it does not (a list grows and shrinks at its end). */
static int l_charged(lua_State *L)
{
    int64_t steps = 0;
    int n = lua_gettop(L);
    as_lua_tick(as_lua_of(L));
    for (int i = 1; i <= n && n > lua_tointeger(L, lua_upvalueindex(2)); i++) {
        int type = lua_type(L, i);
        int64_t size = (int64_t)lua_rawlen(L, i);
        steps += type == LUA_TSTRING  ? size / BYTES_A_STEP
                 : type == LUA_TTABLE ? size * STEPS_AN_ELEMENT
                                      : 0;
    }
    burn(L, steps);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, n, LUA_MULTRET);
    return lua_gettop(L);
}

static int l_bounded_rep(lua_State *L)
{
    size_t n, total;
    luaL_checklstring(L, 1, &n);
    lua_Integer times = luaL_checkinteger(L, 2);
    size_t separator = lua_isnoneornil(L, 3) ? 0 : lua_rawlen(L, 3);
    if (times > 0 && (!as_size_mul(n + separator, (size_t)times, &total) || total > TEXT_LIMIT)) {
        return luaL_error(L, "the resulting text is too long");
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

/* pairs and ipairs of nil, a number or a text go through nothing: what is absent, or something else
 * than it should be, has no elements. Upvalue 1 is Lua's own. */
static int l_lenient_pairs(lua_State *L)
{
    as_lua_tick(as_lua_of(L));
    if (!lua_istable(L, 1) && !lua_isuserdata(L, 1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* Upvalue 1 is the function that Lua's own gives: with the list and 0 it is all that this gives. */
static int l_lenient_ipairs(lua_State *L)
{
    as_lua_tick(as_lua_of(L));
    lua_pushvalue(L, lua_upvalueindex(1));
    if (lua_istable(L, 1) || lua_isuserdata(L, 1)) {
        lua_pushvalue(L, 1);
    } else {
        lua_newtable(L);
    }
    lua_pushinteger(L, 0);
    return 3;
}

static void wrap(lua_State *L, const char *name, lua_CFunction wrapper)
{
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, wrapper, 1);
    lua_setfield(L, -2, name);
}

typedef struct charged {
    const char *name; /* NULL ends a table */
    lua_Integer free; /* with so many arguments */
} charged;

static void charge(lua_State *L, const charged *functions)
{
    for (; functions->name != NULL; functions++) {
        lua_getfield(L, -1, functions->name);
        lua_pushinteger(L, functions->free);
        lua_pushcclosure(L, l_charged, 2);
        lua_setfield(L, -2, functions->name);
    }
}

static void open_library(
        lua_State *L, const char *name, lua_CFunction open, const char *const *remove)
{
    luaL_requiref(L, name, open, 1);
    for (; *remove != NULL; remove++) {
        lua_pushnil(L);
        lua_setfield(L, -2, *remove);
    }
}

void as_lua_open_sandbox(as_lua *lua)
{
    static const char *const base[] = {"collectgarbage", "dofile", "load", "loadfile", "pcall",
            "print", "xpcall", "getmetatable", "setmetatable", "rawset", "rawget", "rawequal",
            "rawlen", "warn", "_G", "_VERSION", NULL};
    static const char *const string[] = {"dump", NULL};
    /* After randomseed: what Lua has only when it was built for older programs
     * (LUA_COMPAT_MATHLIB). */
    static const char *const math[] = {"random", "randomseed", "cosh", "sinh", "tanh", "pow",
            "frexp", "ldexp", "log10", "atan2", NULL};
    static const char *const table[] = {"move", NULL}; /* walks any range in C, past the hook */
    static const char *const none[] = {NULL};
    static const charged texts[] = {
            {"byte", 0}, {"format", 0}, {"pack", 0}, {"unpack", 0}, {NULL, 0}};
    static const charged lists[] = {
            {"concat", 0}, {"insert", 2}, {"remove", 1}, {"sort", 0}, {"unpack", 0}, {NULL, 0}};
    static const charged utf8[] = {
            {"codepoint", 0}, {"codes", 0}, {"len", 0}, {"offset", 0}, {NULL, 0}};
    lua_State *L = lua->L;
    open_library(L, "_G", luaopen_base, base);
    wrap(L, "pairs", l_lenient_pairs);
    lua_getfield(L, -1, "ipairs");
    lua_newtable(L);
    lua_call(L, 1, 1);
    lua_pushcclosure(L, l_lenient_ipairs, 1);
    lua_setfield(L, -2, "ipairs");
    open_library(L, LUA_STRLIBNAME, luaopen_string, string);
    wrap(L, "find", l_bounded_pattern);
    wrap(L, "match", l_bounded_pattern);
    wrap(L, "gmatch", l_bounded_pattern);
    wrap(L, "gsub", l_bounded_pattern);
    wrap(L, "rep", l_bounded_rep);
    charge(L, texts);
    open_library(L, LUA_TABLIBNAME, luaopen_table, table);
    charge(L, lists);
    open_library(L, LUA_MATHLIBNAME, luaopen_math, math);
    open_library(L, LUA_UTF8LIBNAME, luaopen_utf8, none);
    charge(L, utf8);
    /* `require` does not exist here; nothing may find the loaded modules either. */
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_settop(L, 0);
}

void as_lua_count(as_lua *lua, bool on)
{
    if (on != lua->counting) {
        lua->counting = on;
        int mask = (on ? LUA_MASKCOUNT : 0) |
                   (lua->host.lines != NULL ? LUA_MASKLINE | LUA_MASKCALL : 0);
        lua_sethook(lua->L, mask != 0 ? hook : NULL, mask, HOOK_STEP);
    }
}

/* Reading below nil gives nil, so that `pod.securityContext.runAsNonRoot` needs no checks between;
 * so does reading below a number or a boolean, which stands there when somebody wrote the wrong
 * thing. */
static int l_nil_index(lua_State *L)
{
    lua_pushnil(L);
    return 1;
}

static int l_no_length(lua_State *L)
{
    lua_pushinteger(L, 0);
    return 1;
}

/* Messages show whatever stands there: `"port " .. server.port`. */
static int l_concat(lua_State *L)
{
    luaL_tolstring(L, 1, NULL);
    luaL_tolstring(L, 2, NULL);
    lua_concat(L, 2);
    return 1;
}

/* The metatable of all values of the type of the one on top, which is popped. */
static void make_lenient(lua_State *L, bool has_length)
{
    lua_createtable(L, 0, 3);
    lua_pushcfunction(L, l_nil_index);
    lua_setfield(L, -2, "__index");
    if (has_length) {
        lua_pushcfunction(L, l_no_length);
        lua_setfield(L, -2, "__len");
    }
    lua_pushcfunction(L, l_concat);
    lua_setfield(L, -2, "__concat");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

static int l_setup(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_lua_open_sandbox(lua);
    as_lua_open_proxies(lua);
    as_lua_open_functions(lua);
    as_lua_open_memo(lua);
    as_lua_open_failures(lua);
    as_lua_open_text(lua);
    as_lua_open_secret(lua);
    lua_pushglobaltable(L);
    charge(L, (const charged[]){{"secret_kind", 0}, {NULL, 0}});
    lua_pop(L, 1);
    as_lua_open_net(lua);
    as_lua_open_reach(lua);
    as_lua_open_paths(lua);
    as_lua_open_drift(lua);
    as_lua_open_iam(lua);
    as_lua_seal(lua);
    lua_pushnil(L);
    make_lenient(L, false);
    lua_pushboolean(L, false);
    make_lenient(L, true);
    lua_pushinteger(L, 0);
    make_lenient(L, true);
    return 0;
}

static void free_state(void *object)
{
    as_lua *lua = object;
    while (lua->large != NULL) {
        large_block *block = lua->large;
        lua->large = block->next;
        free(block);
    }
}

as_lua *as_lua_new(const as_lua_host *host)
{
    as_arena *keep = as_arena_new(0);
    as_guard guard;
    as_lua *volatile made = NULL;
    if (keep == NULL) {
        return NULL;
    }
    if (AS_GUARD_ENTER(&guard, keep)) {
        as_lua *lua = AS_NEW(keep, as_lua);
        lua->keep = keep;
        lua->arena = keep;
        lua->host = *host;
        lua->graph = host->graph;
        lua->limit = MEMORY_LIMIT;
        lua->collect_at = COLLECT_FROM;
        lua->fuel = INT64_MAX;
        as_arena_defer(keep, free_state, lua);
        lua->L = lua_newstate(allocate, lua);
        if (lua->L != NULL) {
            *(as_lua **)lua_getextraspace(lua->L) = lua;
            lua_gc(lua->L, LUA_GCGEN, 0, 0);
            lua_gc(lua->L, LUA_GCSTOP);
            lua_pushcfunction(lua->L, l_setup);
            if (lua_pcall(lua->L, 0, 0, 0) == LUA_OK) {
                made = lua;
                if (host->lines != NULL) {
                    lua_sethook(lua->L, hook, LUA_MASKLINE | LUA_MASKCALL, 0);
                }
            }
        }
        as_guard_leave(&guard);
    }
    if (made == NULL) {
        as_arena_free(keep);
    }
    return made;
}

void as_lua_free(as_lua *lua)
{
    if (lua != NULL) {
        as_arena_free(lua->keep);
    }
}

bool as_lua_broken(const as_lua *lua)
{
    return lua->broken;
}
