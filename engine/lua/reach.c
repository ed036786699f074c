/* net.*: questions about reachability. A verdict that is not known ends the check, as reading an
 * unknown value does. */
#include "engine/lua/internal.h"
#include "engine/reach/reach.h"

/* Ends the check when the answer is open; else pushes what it is. */
static int push_answer(as_lua *lua, as_reach_answer answer)
{
    if (answer.verdict == AS_MAYBE) {
        return as_lua_raise_unknown(lua, NULL, answer.reason);
    }
    lua_pushboolean(lua->L, answer.verdict == AS_YES);
    return 1;
}

static as_reach_side side_at(lua_State *L, int index)
{
    as_reach_side side = {.entity = as_lua_entity_at(L, index)};
    if (side.entity == NULL) {
        luaL_argcheck(
                L, lua_type(L, index) == LUA_TSTRING, index, "an entity or a text is expected");
        side.text = as_lua_str(L, index);
    }
    return side;
}

static as_reach *reach_of(lua_State *L)
{
    as_reach *reach = as_lua_of(L)->host.reach;
    if (reach == NULL) {
        (void)luaL_error(L, "net.* is there in checks only");
    }
    return reach;
}

/* net.reaches(from, to [, port]): whether connections may be opened. */
static int l_reaches(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_reach *reach = reach_of(L);
    as_reach_side from = side_at(L, 1), to = side_at(L, 2);
    as_str port = lua_isnoneornil(L, 3) ? AS_STR("") : (luaL_checkstring(L, 3), as_lua_str(L, 3));
    return push_answer(lua, as_reach_ask(reach, lua->arena, from, to, port));
}

/* net.exposed(entity): false, or what exposes it to the internet and the ports that are open. */
static int l_exposed(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_reach *reach = reach_of(L);
    const as_entity *entity = as_lua_check_entity(L, 1);
    as_reach_answer answer = as_reach_exposed(reach, lua->arena, entity);
    if (answer.verdict != AS_YES || answer.by == NULL) {
        return push_answer(lua, answer);
    }
    as_lua_push_entity(lua, answer.by);
    as_lua_push_str(L, answer.ports);
    return 2;
}

void as_lua_open_reach(as_lua *lua)
{
    static const luaL_Reg functions[] = {
            {"reaches", l_reaches}, {"exposed", l_exposed}, {NULL, NULL}};
    luaL_newlib(lua->L, functions);
    lua_setglobal(lua->L, "net");
}
