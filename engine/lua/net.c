/* cidr.*: networks for rules. Text that is no network gives nil. */
#include "engine/base/cidr.h"
#include "engine/lua/internal.h"

static bool read_cidr(lua_State *L, int index, as_cidr *out)
{
    return lua_type(L, index) == LUA_TSTRING && as_cidr_parse(as_lua_str(L, index), out);
}

static int push_test(lua_State *L, bool (*test)(const as_cidr *))
{
    as_cidr c;
    if (!read_cidr(L, 1, &c)) {
        lua_pushnil(L);
    } else {
        lua_pushboolean(L, test(&c));
    }
    return 1;
}

static int l_any(lua_State *L)
{
    return push_test(L, as_cidr_is_any);
}

static int l_private(lua_State *L)
{
    return push_test(L, as_cidr_is_private);
}

static int l_contains(lua_State *L)
{
    as_cidr outer, inner;
    if (!read_cidr(L, 1, &outer) || !read_cidr(L, 2, &inner)) {
        lua_pushnil(L);
    } else {
        lua_pushboolean(L, as_cidr_contains(&outer, &inner));
    }
    return 1;
}

/* The number of addresses, as a float beyond 2^62. */
static int l_size(lua_State *L)
{
    as_cidr c;
    if (!read_cidr(L, 1, &c)) {
        lua_pushnil(L);
        return 1;
    }
    int bits = as_cidr_host_bits(&c);
    if (bits < 63) {
        lua_pushinteger(L, (lua_Integer)1 << bits);
        return 1;
    }
    lua_Number n = 1;
    for (int i = 0; i < bits; i++) {
        n *= 2;
    }
    lua_pushnumber(L, n);
    return 1;
}

void as_lua_open_net(as_lua *lua)
{
    static const luaL_Reg functions[] = {{"any", l_any}, {"private", l_private},
            {"contains", l_contains}, {"size", l_size}, {NULL, NULL}};
    luaL_newlib(lua->L, functions);
    lua_setglobal(lua->L, "cidr");
}
