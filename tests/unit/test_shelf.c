/* The shelf of an entity (engine/lua/shelf.h): what is kept, for whom, and what reads leave behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/lua/internal.h"

typedef struct world {
    as_lua *lua;
    as_shelf shelf;
    as_entity one, other;
    as_value value;
} world;

enum { TABLE = 1, KEY = 2 };

/* The key stands at KEY, what is kept above it. */
static void keep(world *w, const char *key, lua_Integer number, bool noted)
{
    lua_State *L = w->lua->L;

    lua_settop(L, TABLE);
    lua_pushstring(L, key);
    lua_pushinteger(L, number);
    as_shelf_keep(w->lua, &w->shelf, TABLE, KEY, noted);
}

/* -1: it is not there. */
static lua_Integer take(world *w, const char *key)
{
    lua_State *L = w->lua->L;

    lua_settop(L, TABLE);
    lua_pushstring(L, key);
    return as_shelf_take(w->lua, &w->shelf, TABLE, KEY, false) ? lua_tointeger(L, -1) : -1;
}

static void test_shelf__things_belong_to_one_entity(void **state)
{
    world *w = *state;

    as_shelf_turn(&w->shelf, &w->one);
    assert_int_equal(take(w, "a"), -1);
    keep(w, "a", 1, false);
    keep(w, "b", 2, false);
    assert_int_equal(take(w, "a"), 1);
    assert_int_equal(take(w, "b"), 2);
    keep(w, "a", 3, false);
    assert_int_equal(take(w, "a"), 3);
    as_shelf_turn(&w->shelf, &w->one);
    assert_int_equal(take(w, "a"), 3);
    as_shelf_turn(&w->shelf, &w->other);
    assert_int_equal(take(w, "a"), -1);
}

/* What has no room is computed again; what has some is found all the same. */
static void test_shelf__a_full_shelf_keeps_what_it_has(void **state)
{
    world *w = *state;
    char key[16];
    size_t kept = 0;

    as_shelf_turn(&w->shelf, &w->one);
    for (int i = 0; i < 2 * AS_SHELF_SLOTS; i++) {
        snprintf(key, sizeof key, "key%d", i);
        keep(w, key, i, false);
    }
    for (int i = 0; i < 2 * AS_SHELF_SLOTS; i++) {
        snprintf(key, sizeof key, "key%d", i);
        lua_Integer found = take(w, key);
        assert_true(found == i || found == -1);
        kept += found == i;
    }
    assert_true(kept >= AS_SHELF_SLOTS / 2 && kept < AS_SHELF_SLOTS);
    assert_int_equal(take(w, "key0"), 0);
}

/* A failure points at what was read last, also when it was read from the shelf. */
static void test_shelf__what_was_noted_is_noted_again(void **state)
{
    world *w = *state;
    as_lua *lua = w->lua;

    as_shelf_turn(&w->shelf, &w->one);
    lua->track = (as_track){.value = &w->value, .entity = &w->one, .defaulted = true};
    keep(w, "noted", 1, true);
    keep(w, "silent", 2, false);
    lua->track = (as_track){.entity = &w->other};
    assert_int_equal(take(w, "silent"), 2);
    assert_ptr_equal(lua->track.entity, &w->other);
    assert_int_equal(take(w, "noted"), 1);
    assert_ptr_equal(lua->track.entity, &w->one);
    assert_ptr_equal(lua->track.value, &w->value);
    assert_true(lua->track.defaulted);
}

static void test_shelf__text_is_passed_over_where_it_may_be_unknown(void **state)
{
    world *w = *state;
    lua_State *L = w->lua->L;

    as_shelf_turn(&w->shelf, &w->one);
    lua_settop(L, TABLE);
    lua_pushliteral(L, "text");
    lua_pushliteral(L, "what was read");
    as_shelf_keep(w->lua, &w->shelf, TABLE, KEY, false);
    lua_settop(L, KEY);
    assert_false(as_shelf_take(w->lua, &w->shelf, TABLE, KEY, true));
    assert_int_equal(lua_gettop(L), KEY);
    assert_true(as_shelf_take(w->lua, &w->shelf, TABLE, KEY, false));
    assert_string_equal(lua_tostring(L, -1), "what was read");
}

static int set_up(void **state)
{
    world *w = calloc(1, sizeof *w);
    as_lua_host host = {0};

    if (w == NULL || (w->lua = as_lua_new(&host)) == NULL) {
        free(w);
        return -1;
    }
    lua_settop(w->lua->L, 0);
    as_shelf_push_table(w->lua->L);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;

    as_lua_free(w->lua);
    free(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(
                    test_shelf__things_belong_to_one_entity, set_up, tear_down),
            cmocka_unit_test_setup_teardown(
                    test_shelf__a_full_shelf_keeps_what_it_has, set_up, tear_down),
            cmocka_unit_test_setup_teardown(
                    test_shelf__what_was_noted_is_noted_again, set_up, tear_down),
            cmocka_unit_test_setup_teardown(
                    test_shelf__text_is_passed_over_where_it_may_be_unknown, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("shelf", tests, NULL, NULL);
}
