/* memo(e, key, fn): what fn(e) returns, computed once for the entity under check, whatever number of rules
 * ask. Entities are judged one after the other, so the results of one are enough.
 *
 * A result from memory must leave no trace that a computed one would not: the read that was noted last
 * is noted again. What is computed while unknown values or sensitive texts pass is not kept. */
#include "engine/lua/internal.h"

static void forget(as_lua *lua, const as_entity *entity)
{
    lua_State *L = lua->L;
    lua->memo_entity = entity;
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, lua->memo_values);
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, lua->memo_tracks);
}

/* Pushes what is kept under the key at index 2; false when there is nothing. */
static bool recall(as_lua *lua)
{
    lua_State *L = lua->L;
    lua_rawgeti(L, LUA_REGISTRYINDEX, lua->memo_tracks);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, -2) == LUA_TNIL) {
        lua_settop(L, 3);
        return false;
    }
    const as_track *track = lua_touserdata(L, -1);
    as_lua_note(lua, track->value, track->holder, track->entity, track->defaulted);
    lua_rawgeti(L, LUA_REGISTRYINDEX, lua->memo_values);
    lua_pushvalue(L, 2);
    lua_rawget(L, -2);
    return true;
}

/* Keeps the value on top of the stack. */
static void keep(as_lua *lua)
{
    lua_State *L = lua->L;
    as_track *track = AS_NEW(lua->arena, as_track);
    *track = lua->track;
    lua_rawgeti(L, LUA_REGISTRYINDEX, lua->memo_values);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -3);
    lua_rawset(L, -3);
    lua_rawgeti(L, LUA_REGISTRYINDEX, lua->memo_tracks);
    lua_pushvalue(L, 2);
    lua_pushlightuserdata(L, track);
    lua_rawset(L, -3);
    lua_pop(L, 2);
}

static int l_memo(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_lua_tick(lua);
    const as_entity *entity = as_lua_check_entity(L, 1);
    luaL_checkstring(L, 2);
    luaL_checktype(L, 3, LUA_TFUNCTION);
    lua_settop(L, 3);
    bool kept = entity == lua->entity && !lua->armed;
    if (kept && lua->memo_entity != entity) {
        forget(lua, entity);
    }
    if (kept && recall(lua)) {
        return 1;
    }
    size_t n_secrets = lua->secrets.n;
    lua_pushvalue(L, 3);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (kept && !lua->armed && !lua->frozen && lua->secrets.n == n_secrets) {
        keep(lua);
    }
    return 1;
}

void as_lua_open_memo(as_lua *lua)
{
    lua_State *L = lua->L;
    lua_pushglobaltable(L);
    lua_pushcfunction(L, l_memo);
    lua_setfield(L, -2, "memo");
    lua_pop(L, 1);
    lua_newtable(L);
    lua->memo_values = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_newtable(L);
    lua->memo_tracks = luaL_ref(L, LUA_REGISTRYINDEX);
}
