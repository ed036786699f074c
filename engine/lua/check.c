/* Judging one entity by one rule. */
#include "engine/lua/internal.h"

static const int64_t FUEL = 20000000; /* instructions of one check */

typedef struct job {
    int rule;
    const as_entity *entity;
    as_verdict verdict;
} job;

static void call(as_lua *lua, int function, const as_entity *entity)
{
    lua_rawgeti(lua->L, LUA_REGISTRYINDEX, function);
    as_lua_push_entity(lua, entity);
    lua_call(lua->L, 1, 1);
}

static int l_judge(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    job *j = lua_touserdata(L, 1);
    as_rule_refs rule = lua->rules.items[j->rule];
    /* What `where` computes with memo() keeps this: not what an earlier check has read. */
    lua->track = (as_track){.holder = j->entity->raw, .entity = j->entity};
    if (rule.where != LUA_NOREF) {
        call(lua, rule.where, j->entity);
        if (!lua_toboolean(L, -1)) {
            j->verdict.kind = AS_VERDICT_SKIP;
            return 0;
        }
    }
    lua->track = (as_track){.holder = j->entity->raw, .entity = j->entity};
    call(lua, rule.check, j->entity);
    as_lua_collect(lua, lua_gettop(L));
    j->verdict.failures = lua->collected.items;
    j->verdict.n_failures = lua->collected.n;
    j->verdict.open = lua->open;
    j->verdict.kind = j->verdict.n_failures > 0 ? AS_VERDICT_FAIL : AS_VERDICT_PASS;
    return 0;
}

/* The check came to what is unknown: what had failed by then has failed. */
static void take_unknown(as_lua *lua, as_verdict *verdict)
{
    if (lua->made.n == 0) {
        verdict->kind = AS_VERDICT_UNKNOWN;
        verdict->reason = lua->unknown_reason;
        verdict->span = lua->unknown == NULL ? AS_SPAN_NONE : lua->unknown->span;
        return;
    }
    *verdict = (as_verdict){.kind = AS_VERDICT_FAIL,
            .failures = lua->made.items,
            .n_failures = lua->made.n,
            .open = true};
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
        take_unknown(lua, &j->verdict);
    } else if (as_lua_is_deferral(L, -1)) {
        j->verdict.kind = AS_VERDICT_DEFERRED;
    } else {
        as_str text = as_lua_str(L, -1);
        j->verdict.kind = AS_VERDICT_ERROR;
        j->verdict.reason =
                text.p == NULL ? AS_STR("an error that is no text") : as_str_dup(lua->arena, text);
    }
    lua_pop(L, 1);
}

as_verdict as_lua_check(as_lua *lua, int rule, const as_entity *entity, as_arena *arena)
{
    job j = {.rule = rule, .entity = entity};
    lua->arena = arena;
    lua->entity = entity;
    lua->frozen = lua->armed = lua->leaked = lua->open = false;
    lua->fuel = FUEL;
    lua->calls = 0;
    lua->longest = 0;
    as_lua_count(lua, lua->rules.items[rule].watched);
    as_lua_collect_garbage(lua);
    lua->unknown = NULL;
    lua->secrets.n = lua->made.n = lua->collected.n = 0;
    if (lua->failures_of != entity) {
        lua->failures_of = entity;
        lua->n_failures = 0;
        memset(lua->paths, 0, sizeof lua->paths);
    }
    as_guard guard;
    if (AS_GUARD_ENTER(&guard, arena)) {
        judge(lua, &j);
        as_guard_leave(&guard);
    } else {
        /* Control jumped over Lua's frames: the state may only be closed now. */
        lua->broken = true;
        j.verdict = (as_verdict){
                .kind = AS_VERDICT_ERROR, .reason = as_str_from(as_cause_text(guard.cause))};
    }
    lua->entity = NULL;
    lua->arena = lua->keep;
    return j.verdict;
}
