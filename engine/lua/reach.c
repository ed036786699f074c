/* net.*: questions about reachability. A verdict that is not known ends the check, as reading an
 * unknown value does. */
#include "engine/lua/internal.h"
#include "engine/reach/reach.h"

/* { { place, "aws_security_group.db lets in TCP 5432" }, … }, as fail takes it. */
static void push_steps(as_lua *lua, const as_reach_answer *answer)
{
    lua_State *L = lua->L;
    lua_createtable(L, (int)answer->n_steps, 0);
    for (size_t i = 0; i < answer->n_steps; i++) {
        lua_createtable(L, 2, 0);
        as_lua_push_value(lua, as_value_object(lua->arena, answer->steps[i].span, NULL, 0));
        lua_rawseti(L, -2, 1);
        as_lua_push_str(L, answer->steps[i].text);
        lua_rawseti(L, -2, 2);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* Ends the check when the answer is open; else pushes what it is, and the steps of a yes. */
static int push_answer(as_lua *lua, as_reach_answer answer)
{
    if (answer.verdict == AS_MAYBE) {
        return as_lua_raise_unknown(lua, NULL, answer.reason);
    }
    lua_pushboolean(lua->L, answer.verdict == AS_YES);
    if (answer.verdict != AS_YES) {
        return 1;
    }
    push_steps(lua, &answer);
    lua_pushboolean(lua->L, answer.named);
    return 3;
}

static as_str port_at(lua_State *L, int index)
{
    return lua_isnoneornil(L, index) ? AS_STR("")
                                     : (luaL_checkstring(L, index), as_lua_str(L, index));
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

/* net.reaches(from, to [, port]): whether connections may be opened; the steps; whether rules name
 * the sender. */
static int l_reaches(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_reach *reach = reach_of(L);
    as_reach_side from = side_at(L, 1), to = side_at(L, 2);
    return push_answer(lua, as_reach_ask(reach, lua->arena, from, to, port_at(L, 3)));
}

/* net.exposed(entity [, port]): false, or what exposes it to the internet, the ports that are open,
 * and the steps. */
static int l_exposed(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_reach *reach = reach_of(L);
    const as_entity *entity = as_lua_check_entity(L, 1);
    as_reach_side internet = {.text = AS_STR_INIT("internet")}, to = {.entity = entity};
    as_reach_answer answer = as_reach_ask(reach, lua->arena, internet, to, port_at(L, 2));
    if (answer.verdict != AS_YES || answer.by == NULL) {
        return push_answer(lua, answer);
    }
    as_lua_push_entity(lua, answer.by);
    as_lua_push_str(L, answer.ports);
    push_steps(lua, &answer);
    return 3;
}

/* net.joined(from, to): false, or what in one network reaches what in the other, the ports, and the
 * steps. */
static int l_joined(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_reach *reach = reach_of(L);
    as_reach_answer answer = as_reach_joined(
            reach, lua->arena, as_lua_check_entity(L, 1), as_lua_check_entity(L, 2));
    if (answer.verdict != AS_YES) {
        return push_answer(lua, answer);
    }
    as_lua_push_entity(lua, answer.from);
    as_lua_push_entity(lua, answer.to);
    as_lua_push_str(L, answer.ports);
    push_steps(lua, &answer);
    return 4;
}

void as_lua_open_reach(as_lua *lua)
{
    static const luaL_Reg functions[] = {
            {"reaches", l_reaches}, {"exposed", l_exposed}, {"joined", l_joined}, {NULL, NULL}};
    as_lua_new_wide_library(lua, functions);
    lua_setglobal(lua->L, "net");
}
