/* The userdata of the sandbox. */
#include "engine/lua/internal.h"

static const char *const NAMES[AS_LUA_N_KINDS] = {[AS_LUA_VALUE] = "value",
        [AS_LUA_ENTITY] = "entity",
        [AS_LUA_PREFIX] = "fields",
        [AS_LUA_FAILURE] = "failure"};

void *as_lua_new_object(lua_State *L, as_lua_class class, size_t size)
{
    as_lua_head *head = lua_newuserdatauv(L, size, 0);
    head->class = class;
    lua_rawgeti(L, LUA_REGISTRYINDEX, as_lua_of(L)->metatables[class]);
    lua_setmetatable(L, -2);
    return head;
}

void *as_lua_test_object(lua_State *L, int index, as_lua_class class)
{
    if (lua_type(L, index) != LUA_TUSERDATA) {
        return NULL;
    }
    as_lua_head *head = lua_touserdata(L, index);
    return head->class == class ? head : NULL;
}

void *as_lua_check_object(lua_State *L, int index, as_lua_class class)
{
    void *object = as_lua_test_object(L, index, class);
    if (object == NULL) {
        luaL_typeerror(L, index, NAMES[class]);
    }
    return object;
}

void as_lua_new_class(lua_State *L, as_lua_class class, const luaL_Reg *meta)
{
    lua_newtable(L);
    luaL_setfuncs(L, meta, 0);
    lua_pushstring(L, NAMES[class]);
    lua_setfield(L, -2, "__metatable");
    lua_pushstring(L, NAMES[class]);
    lua_setfield(L, -2, "__name");
    lua_pushvalue(L, -1);
    as_lua_of(L)->metatables[class] = luaL_ref(L, LUA_REGISTRYINDEX);
}
