/* graph.drift: how a live thing differs from code, for rules. */
#include "engine/lua/internal.h"
#include "engine/drift/drift.h"

static void set_str(lua_State *L, const char *name, as_str text)
{
    as_lua_push_str(L, text);
    lua_setfield(L, -2, name);
}

static void push_change(lua_State *L, as_lua *lua, const as_drift_change *change)
{
    lua_createtable(L, 0, 5);
    set_str(L, "field", change->field);
    set_str(L, "code", change->code);
    set_str(L, "live", change->live);
    lua_pushboolean(L, change->is_tag);
    lua_setfield(L, -2, "tag");
    if (change->live_span.file != 0) {
        as_lua_push_value(lua, as_value_object(lua->arena, change->live_span, NULL, 0));
        lua_setfield(L, -2, "at");
    }
}

static const as_entity *declarer(const as_graph *graph, const as_entity *live)
{
    size_t n;
    const as_edge *const *edges = as_graph_edges_to(graph, live->id, &n);
    for (size_t i = 0; i < n; i++) {
        if (edges[i]->type == AS_EDGE_declares) {
            return as_graph_get(graph, edges[i]->from);
        }
    }
    return NULL;
}

/* graph.drift(e): nil when code says nothing about such things; { unmanaged = true }; or { code,
 * changes }. */
static int l_graph_drift(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const as_entity *live = as_lua_check_entity(L, 1);
    const as_graph *graph = lua->host.graph;
    const as_drift_change *changes;
    as_str doubt;
    if (graph == NULL) {
        return luaL_error(L, "graph.drift is there in checks only");
    }
    as_lua_tick(lua);
    as_lua_need_all(lua);
    const as_entity *code = live->origin == AS_ORIGIN_LIVE ? declarer(graph, live) : NULL;
    if (code == NULL) {
        if (!as_drift_is_unmanaged(graph, live)) {
            return 0;
        }
        lua_createtable(L, 0, 1);
        lua_pushboolean(L, true);
        lua_setfield(L, -2, "unmanaged");
        return 1;
    }
    size_t n = as_drift_compare(graph, lua->arena, live, &changes, &doubt);
    lua_createtable(L, 0, 2);
    as_lua_push_entity(lua, code);
    lua_setfield(L, -2, "code");
    lua_createtable(L, (int)n, 0);
    for (size_t i = 0; i < n; i++) {
        push_change(L, lua, &changes[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "changes");
    if (doubt.n > 0) {
        set_str(L, "doubt", doubt);
    }
    return 1;
}

/* After functions: adds to graph.*. */
void as_lua_open_drift(as_lua *lua)
{
    lua_getglobal(lua->L, "graph");
    lua_pushcfunction(lua->L, l_graph_drift);
    lua_setfield(lua->L, -2, "drift");
    lua_pop(lua->L, 1);
}
