#include "engine/lua/lines.h"

#include "engine/base/vec.h"

#include <lauxlib.h>
#include <lua.h>

enum { MAX_LINES = 100000, MAX_NESTING = 20 };

typedef struct chunk_lines {
    uint8_t *state; /* as_line_state, by line */
    size_t n;
    uint8_t *ran; /* by line: also what no known function has */
} chunk_lines;

static chunk_lines *lines_of(as_lua_lines *lines, const char *source, int line)
{
    as_str name = as_str_from(source);
    name = as_str_starts(name, "@") ? as_str_from_index(name, 1) : name;
    if (line < 1 || line > MAX_LINES) {
        return NULL;
    }
    chunk_lines *c = as_map_get(&lines->chunks, name);
    if (c == NULL) {
        c = AS_NEW(lines->arena, chunk_lines);
        as_map_put(lines->arena, &lines->chunks, as_str_dup(lines->arena, name), c);
    }
    if ((size_t)line >= c->n) {
        size_t n = ((size_t)line + 1) * 2;
        c->state = as_arena_grow(lines->arena, c->state, c->n, n);
        c->ran = as_arena_grow(lines->arena, c->ran, c->n, n);
        c->n = n;
    }
    return c;
}

/* The table of lines on top of the stack, of the function that `info` describes. */
static void take_lines(as_lua_lines *lines, lua_State *L, const lua_Debug *info)
{
    if (info->what[0] == 'L' && lua_istable(L, -1)) { /* "Lua", not the main chunk */
        lua_pushnil(L);
        while (lua_next(L, -2) != 0) {
            int line = (int)lua_tointeger(L, -2);
            chunk_lines *c = lines_of(lines, info->source, line);
            if (c != NULL && c->state[line] == AS_LINE_NONE) {
                c->state[line] = AS_LINE_MISSED;
            }
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
}

/* Only texts have lines; asking for those of stripped bytecode crashes Lua 5.4.4. */
static bool is_text(const lua_Debug *info)
{
    return info->source[0] == '@';
}

void as_lua_lines_event(as_lua_lines *lines, lua_State *L, lua_Debug *event)
{
    if (lua_getinfo(L, "S", event) == 0 || !is_text(event)) {
        return;
    }
    if (event->event == LUA_HOOKLINE) {
        chunk_lines *c = lines_of(lines, event->source, event->currentline);
        if (c != NULL) {
            c->ran[event->currentline] = 1;
        }
    } else if (lua_checkstack(L, 4) && lua_getinfo(L, "L", event) != 0) {
        take_lines(lines, L, event);
    }
}

typedef AS_VEC(const void *) seen_list;

static bool seen_before(as_arena *arena, seen_list *seen, const void *function)
{
    for (size_t i = 0; i < seen->n; i++) {
        if (seen->items[i] == function) {
            return true;
        }
    }
    AS_VEC_PUSH(arena, seen, function);
    return false;
}

static void expect(as_lua_lines *lines, lua_State *L, int index, int depth, seen_list *seen)
{
    lua_Debug info;
    if (!lua_isfunction(L, index) || lua_iscfunction(L, index) || depth > MAX_NESTING ||
            !lua_checkstack(L, 8) || seen_before(lines->arena, seen, lua_topointer(L, index))) {
        return;
    }
    lua_pushvalue(L, index);
    lua_getinfo(L, ">S", &info);
    if (!is_text(&info)) {
        return;
    }
    lua_pushvalue(L, index);
    lua_getinfo(L, ">L", &info);
    take_lines(lines, L, &info);
    for (int i = 1; lua_getupvalue(L, index, i) != NULL; i++) {
        expect(lines, L, lua_gettop(L), depth + 1, seen);
        lua_pop(L, 1);
    }
}

void as_lua_lines_expect(as_lua_lines *lines, lua_State *L, int index)
{
    seen_list seen = {0};
    expect(lines, L, lua_absindex(L, index), 0, &seen);
}

as_line_state as_lua_line(const as_lua_lines *lines, as_str chunk, uint32_t line)
{
    const chunk_lines *c = as_map_get(&lines->chunks, chunk);
    if (c == NULL || line >= c->n || c->state[line] == AS_LINE_NONE) {
        return AS_LINE_NONE;
    }
    return c->ran[line] ? AS_LINE_RUN : AS_LINE_MISSED;
}
