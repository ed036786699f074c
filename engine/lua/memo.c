/* memo(e, key, fn): what fn(e) returns, computed once for the entity under check, whatever number
 * of rules ask. What is computed while unknown values or sensitive texts pass is not kept. */
#include "engine/lua/internal.h"

static int l_memo(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_lua_tick(lua);
    const as_entity *entity = as_lua_check_entity(L, 1);
    luaL_checktype(L, 2, LUA_TSTRING);
    luaL_checktype(L, 3, LUA_TFUNCTION);
    lua_settop(L, 3);
    bool kept = entity == lua->entity && !lua->armed;
    if (kept) {
        as_shelf_turn(&lua->memos, entity);
        if (as_shelf_take(lua, &lua->memos, lua_upvalueindex(1), 2, false)) {
            return 1;
        }
    }
    size_t n_secrets = lua->secrets.n, n_notes = lua->n_notes;
    /* Within the arguments of `fail` reads do not count, but they do for who asks next. */
    bool frozen = lua->frozen;
    as_track track = lua->track;
    lua->frozen = false;
    lua_pushvalue(L, 3);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (kept && !lua->armed && !lua->frozen && lua->secrets.n == n_secrets) {
        as_shelf_keep(lua, &lua->memos, lua_upvalueindex(1), 2, lua->n_notes != n_notes);
    }
    if (frozen) {
        lua->frozen = true;
        lua->track = track;
    }
    return 1;
}

void as_lua_open_memo(as_lua *lua)
{
    lua_State *L = lua->L;
    lua_pushglobaltable(L);
    as_shelf_push_table(L);
    lua_pushcclosure(L, l_memo, 1);
    lua_setfield(L, -2, "memo");
    lua_pop(L, 1);
}
