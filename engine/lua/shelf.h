/* What was read or computed of the entity under check, kept for the rules that come after. Private
 * to engine/lua.
 *
 * Entities are judged one after the other, each by all its rules, so a shelf holds the things of
 * one entity. A thing from the shelf leaves no other trace than one that was just read: the read
 * that was noted last is noted again. */
#ifndef AS_LUA_SHELF_H
#define AS_LUA_SHELF_H

#include <lua.h>

#include "engine/graph/graph.h"

struct as_lua;

/* The last read: where a failure without `at` points. */
typedef struct as_track {
    const as_value *value;  /* NULL: absent */
    const as_value *holder; /* what lacks it */
    const as_entity *entity;
    bool defaulted;
} as_track;

enum { AS_SHELF_SLOTS = 128 };

typedef struct as_shelf_slot {
    const char *key; /* of Lua's own string, which the shelf holds */
    as_track track;
    bool noted;
} as_shelf_slot;

typedef struct as_shelf {
    const as_entity *entity;
    size_t n;
    as_shelf_slot slots[AS_SHELF_SLOTS];
} as_shelf;

/* Pushes the table that a shelf keeps its things in; every call on the shelf names its index. */
void as_shelf_push_table(lua_State *L);
/* Clears the shelf for another entity. */
void as_shelf_turn(as_shelf *shelf, const as_entity *entity);
/* Pushes the thing under the string at `key`; false when there is none. Text is passed over where
 * the reader wants to see whether it is known. */
bool as_shelf_take(struct as_lua *lua, as_shelf *shelf, int table, int key, bool not_text);
/* Keeps the thing on top of the stack, with the track when one was noted; what has no room is not
 * kept. */
void as_shelf_keep(struct as_lua *lua, as_shelf *shelf, int table, int key, bool noted);

#endif
