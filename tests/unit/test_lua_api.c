/* The table of what rules may call (engine/lua/api.def) against what a sandbox really has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/base/map.h"
#include "engine/lua/api.h"
#include "engine/lua/internal.h"

typedef struct world {
    as_arena *arena;
    as_lua *lua;
    as_map there; /* "fail", "iam.can", "e:satellites", "string.rep" */
} world;

/* Adds the names of the table on top, each after `prefix`. */
static void add_names(world *w, const char *prefix)
{
    lua_State *L = w->lua->L;

    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        if (lua_type(L, -2) == LUA_TSTRING && !lua_istable(L, -1))
            as_map_put(w->arena, &w->there,
                    as_str_fmt(w->arena, "%s%s", prefix, lua_tostring(L, -2)), w);
        lua_pop(L, 1);
    }
}

/* The libraries stand behind tables that cannot be written to. */
static void add_libraries(world *w)
{
    lua_State *L = w->lua->L;

    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        if (lua_istable(L, -1) && lua_getmetatable(L, -1)) {
            lua_pushliteral(L, "__index");
            lua_rawget(L, -2);
            assert_true(lua_istable(L, -1));
            add_names(w, as_str_fmt(w->arena, "%s.", lua_tostring(L, -4)).p);
            lua_pop(L, 2);
        }
        lua_pop(L, 1);
    }
}

/* Globals that are watched when they are called are found through a closure. */
static void add_hidden(world *w)
{
    lua_State *L = w->lua->L;

    lua_pushglobaltable(L);
    assert_true(lua_getmetatable(L, -1));
    lua_pushliteral(L, "__index");
    lua_rawget(L, -2);
    assert_non_null(lua_getupvalue(L, -1, 1));
    add_names(w, "");
    lua_settop(L, 0);
}

static void add_methods(world *w)
{
    lua_State *L = w->lua->L;

    lua_rawgeti(L, LUA_REGISTRYINDEX, w->lua->metatables[AS_LUA_ENTITY]);
    lua_pushliteral(L, "__index");
    lua_rawget(L, -2);
    assert_non_null(lua_getupvalue(L, -1, 1));
    add_names(w, "e:");
    lua_settop(L, 0);
}

static int set_up(void **state)
{
    static as_lua_host host;
    as_arena *arena = as_arena_new(0);
    world *w = AS_NEW(arena, world);

    w->arena = arena;
    w->lua = as_lua_new(&host);
    assert_non_null(w->lua);
    lua_pushglobaltable(w->lua->L);
    add_names(w, "");
    add_libraries(w);
    lua_settop(w->lua->L, 0);
    add_hidden(w);
    add_methods(w);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;

    as_lua_free(w->lua);
    as_arena_free(w->arena);
    return 0;
}

/* Every name of the table. */
static void described(world *w, as_map *out)
{
    for (size_t i = 0; i < as_lua_apis_n; i++) {
        const as_lua_api *api = &as_lua_apis[i];
        as_str rest = as_str_from(api->params), member;
        if (api->kind == AS_LUA_API_FUNCTION)
            as_map_put(w->arena, out, as_str_from(api->name), w);
        if (api->kind == AS_LUA_API_METHOD)
            as_map_put(w->arena, out, as_str_fmt(w->arena, "e:%s", api->name), w);
        while (api->kind == AS_LUA_API_LIBRARY && as_str_split(&rest, ' ', &member))
            as_map_put(w->arena, out,
                    as_str_fmt(w->arena, "%s.%.*s", api->name, AS_STR_ARG(member)), w);
    }
}

static size_t missing(const as_map *from, const as_map *in, const char *words)
{
    size_t n = 0;

    for (size_t i = 0; i < from->n; i++) {
        if (as_map_has(in, from->entries[i].key))
            continue;
        print_error("%s: %.*s\n", words, AS_STR_ARG(from->entries[i].key));
        n++;
    }
    return n;
}

static void test_lua_api__all_are_described(void **state)
{
    world *w = *state;
    as_map known = {0};

    described(w, &known);
    assert_true(w->there.n > 80);
    assert_int_equal(missing(&w->there, &known, "engine/lua/api.def lacks"), 0);
}

static void test_lua_api__all_that_are_described_are_there(void **state)
{
    world *w = *state;
    as_map known = {0};

    described(w, &known);
    assert_int_equal(missing(&known, &w->there, "no such function"), 0);
}

static void test_lua_api__annotations(void **state)
{
    world *w = *state;
    as_buf out;

    as_buf_init(&out, w->arena, 0);
    as_lua_api_functions(&out);
    assert_true(as_str_contains(as_buf_view(&out),
            "---@param principal assay.entity\n---@param action string\n---@param resource? "
            "assay.entity|string\n"
            "---@return boolean\nfunction iam.can(principal, action, resource) end\n"));
    assert_true(as_str_contains(as_buf_view(&out),
            "---@param check fun(item: any, i: integer): any\n---@return "
            "assay.failure[]?\nfunction each(list, check) end\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(test_lua_api__all_are_described, set_up, tear_down),
            cmocka_unit_test_setup_teardown(
                    test_lua_api__all_that_are_described_are_there, set_up, tear_down),
            cmocka_unit_test_setup_teardown(test_lua_api__annotations, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
