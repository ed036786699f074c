/* What a check may look at where the graph is a shard of what is scanned. Whole in a shard are its
 * entities, and those units of which no other shard has a part; names, references, satellites and
 * most edges stay within a unit. What looks further ends the check, which is then judged where all
 * shards are together. */
#include "engine/lua/internal.h"

static const char DEFERRAL = 0; /* its address is the error object */

static void *token(void)
{
    union {
        const char *in;
        void *out;
    } token = {.in = &DEFERRAL};

    return token.out;
}

static int defer(lua_State *L)
{
    lua_pushlightuserdata(L, token());
    return lua_error(L);
}

bool as_lua_is_deferral(lua_State *L, int index)
{
    return lua_type(L, index) == LUA_TLIGHTUSERDATA && lua_touserdata(L, index) == token();
}

void as_lua_need_all(as_lua *lua)
{
    if (lua->host.narrow)
        defer(lua->L);
}

void as_lua_need_unit(as_lua *lua, const as_entity *entity)
{
    if (lua->host.narrow && (entity == NULL || entity->unit == NULL || entity->unit->split))
        defer(lua->L);
}

void as_lua_need_field(as_lua *lua, const as_entity *entity, const as_field *field)
{
    if (!lua->host.narrow)
        return;
    const as_field_source *source = as_field_source_of(entity, field->sources, field->n_sources);
    for (size_t i = 0; source != NULL && i < source->n_places; i++) {
        as_str satellite = source->places[i].satellite;
        if (satellite.n > 0 && !as_str_is(satellite, "extra"))
            as_lua_need_unit(lua, entity);
    }
}

/* Tags of its own, else those of its namespace (rules/classify.h). */
void as_lua_need_namespace(as_lua *lua, const as_entity *entity)
{
    if (as_str_starts(entity->kind, "k8s.") && entity->space.n > 0)
        as_lua_need_all(lua);
}

void as_lua_new_wide_library(as_lua *lua, const luaL_Reg *functions)
{
    lua_newtable(lua->L);
    for (size_t i = 0; functions[i].name != NULL; i++) {
        lua_pushcfunction(lua->L, lua->host.narrow ? defer : functions[i].func);
        lua_setfield(lua->L, -2, functions[i].name);
    }
}
