/* Judging one entity by one rule. */
#include "engine/lua/internal.h"

static const int64_t FUEL = 20000000; /* instructions of one check */

typedef struct job {
    int rule;
    const as_entity *entity;
    as_verdict verdict;
} job;

/* Calls the rule's function `name` with the entity; false when the rule has none. */
static bool call(lua_State *L, int table, const char *name, const as_entity *entity)
{
    if (lua_getfield(L, table, name) != LUA_TFUNCTION) {
        lua_pop(L, 1);
        return false;
    }
    as_lua_push_entity(as_lua_of(L), entity);
    lua_call(L, 1, 1);
    return true;
}

static int l_judge(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    job *j = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, lua->rule_refs.items[j->rule]);
    int table = lua_gettop(L);
    if (call(L, table, "where", j->entity) && !lua_toboolean(L, -1)) {
        j->verdict.kind = AS_VERDICT_SKIP;
        return 0;
    }
    lua->track = (as_track){.holder = j->entity->raw, .entity = j->entity};
    call(L, table, "check", j->entity);
    as_lua_collect(lua, lua_gettop(L), &j->verdict.failures, &j->verdict.n_failures);
    j->verdict.kind = j->verdict.n_failures > 0 ? AS_VERDICT_FAIL : AS_VERDICT_PASS;
    return 0;
}

static void judge(as_lua *lua, job *j)
{
    lua_State *L = lua->L;
    lua_pushcfunction(L, l_judge);
    lua_pushlightuserdata(L, j);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK) {
        if (lua->leaked && j->verdict.kind == AS_VERDICT_PASS) {
            j->verdict.kind = AS_VERDICT_UNKNOWN;
            j->verdict.reason = AS_STR("known() was not called with what it was asked for");
        }
        return;
    }
    if (as_lua_is_unknown_error(L, -1)) {
        j->verdict.kind = AS_VERDICT_UNKNOWN;
        j->verdict.reason = lua->unknown_reason;
        j->verdict.span = lua->unknown == NULL ? AS_SPAN_NONE : lua->unknown->span;
    } else {
        as_str text = as_lua_str(L, -1);
        j->verdict.kind = AS_VERDICT_ERROR;
        j->verdict.reason = text.p == NULL ? AS_STR("an error that is no text")
                                           : as_str_dup(lua->arena, text);
    }
    lua_pop(L, 1);
}

as_verdict as_lua_check(as_lua *lua, int rule, const as_entity *entity, as_arena *arena)
{
    job j = {.rule = rule, .entity = entity};
    lua->arena = arena;
    lua->entity = entity;
    lua->frozen = lua->armed = lua->leaked = false;
    lua->fuel = FUEL;
    as_lua_collect_garbage(lua);
    lua->unknown = NULL;
    lua->secrets.items = NULL;
    lua->secrets.n = lua->secrets.cap = 0;
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, arena)) {
        judge(lua, &j);
        as_guard_leave(&guard);
    } else {
        /* Control jumped over Lua's frames: the state may only be closed now. */
        lua->broken = true;
        j.verdict = (as_verdict){.kind = AS_VERDICT_ERROR,
                .reason = as_str_from(as_cause_text(guard.cause))};
    }
    lua->entity = NULL;
    lua->arena = lua->keep;
    return j.verdict;
}
