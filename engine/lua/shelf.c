/* Lua makes each short text once, so that a key is known by its address as long as the shelf holds
 * it: a long one is merely kept again. Slots are probed one after the other; things and keys lie in
 * a table side by side. */
#include "engine/lua/shelf.h"

#include "engine/lua/internal.h"

enum { MAX_KEPT = AS_SHELF_SLOTS / 4 * 3 };

void as_shelf_push_table(lua_State *L)
{
    lua_createtable(L, 2 * AS_SHELF_SLOTS, 0);
}

void as_shelf_turn(as_shelf *shelf, const as_entity *entity)
{
    if (shelf->entity != entity) {
        shelf->entity = entity;
        if (shelf->n > 0) {
            memset(shelf->slots, 0, sizeof shelf->slots);
            shelf->n = 0;
        }
    }
}

/* The slot of the key, or the free one where it would be. */
static size_t find(const as_shelf *shelf, const char *key)
{
    size_t i = (size_t)(((uint64_t)(uintptr_t)key * 0x9e3779b97f4a7c15u) >> 57) % AS_SHELF_SLOTS;
    while (shelf->slots[i].key != NULL && shelf->slots[i].key != key) {
        i = (i + 1) % AS_SHELF_SLOTS;
    }
    return i;
}

bool as_shelf_take(as_lua *lua, as_shelf *shelf, int table, int key, bool not_text)
{
    lua_State *L = lua->L;
    size_t i = find(shelf, lua_tostring(L, key));
    const as_shelf_slot *slot = &shelf->slots[i];
    if (slot->key == NULL) {
        return false;
    }
    if (lua_rawgeti(L, table, 2 * (lua_Integer)i + 1) == LUA_TSTRING && not_text) {
        lua_pop(L, 1);
        return false;
    }
    if (slot->noted) {
        as_lua_note(lua, slot->track.value, slot->track.holder, slot->track.entity,
                slot->track.defaulted);
    }
    return true;
}

void as_shelf_keep(as_lua *lua, as_shelf *shelf, int table, int key, bool noted)
{
    lua_State *L = lua->L;
    const char *text = lua_tostring(L, key);
    size_t i = find(shelf, text);
    as_shelf_slot *slot = &shelf->slots[i];
    if (slot->key == NULL && shelf->n >= MAX_KEPT) {
        return;
    }
    shelf->n += slot->key == NULL;
    *slot = (as_shelf_slot){.key = text, .track = lua->track, .noted = noted};
    lua_pushvalue(L, -1);
    lua_rawseti(L, table, 2 * (lua_Integer)i + 1);
    lua_pushvalue(L, key);
    lua_rawseti(L, table, 2 * (lua_Integer)i + 2);
}
