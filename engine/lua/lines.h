/* Which lines of rules have run: for `assay test --coverage`. One recorder serves one thread at a
 * time. */
#ifndef AS_LUA_LINES_H
#define AS_LUA_LINES_H

#include "engine/base/map.h"

typedef struct as_lua_lines {
    as_arena *arena;
    as_map chunks; /* name → its lines, private */
} as_lua_lines;

struct lua_State;
struct lua_Debug;

/* The line or the call that a hook of Lua reports. */
void as_lua_lines_event(as_lua_lines *lines, struct lua_State *L, struct lua_Debug *event);
/* The function at `index`, and the functions that it sees: they have lines that could run. */
void as_lua_lines_expect(as_lua_lines *lines, struct lua_State *L, int index);

typedef enum as_line_state { AS_LINE_NONE, AS_LINE_MISSED, AS_LINE_RUN } as_line_state;
/* Of line `line` (from 1) of a chunk: no code of a function that is known, code that never ran,
 * code that has. */
as_line_state as_lua_line(const as_lua_lines *lines, as_str chunk, uint32_t line);

#endif
