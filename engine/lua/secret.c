/* The detectors of secrets for rules. */
#include "engine/lua/internal.h"
#include "engine/secrets/secrets.h"

/* secret_kind(text): what kind of credential a text holds by its form ("an AWS access key id"), or
 * nil. What only its name or its randomness tells is not asked. */
static int l_secret_kind(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_secrets found = {0};

    if (!lua_isstring(L, 1)) {
        lua_pushnil(L);
        return 1;
    }
    as_str text = as_lua_str(L, 1);
    if (lua->finder == NULL) {
        lua->finder = as_secret_finder_new(lua->keep);
    }
    as_secret_find(lua->finder, lua->arena, text, AS_SECRET_PROSE, &found, NULL);
    if (found.n == 0) {
        lua_pushnil(L);
    } else {
        lua_pushstring(L, found.items[0].what);
    }
    return 1;
}

void as_lua_open_secret(as_lua *lua)
{
    lua_register(lua->L, "secret_kind", l_secret_kind);
}
