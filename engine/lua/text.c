/* Text functions for rules: regular expressions with match limits, globs, base64. */
#include <openssl/evp.h>

#include "engine/base/glob.h"
#include "engine/base/limits.h"
#include "engine/base/regex.h"
#include "engine/lua/internal.h"

static const as_regex *compile(lua_State *L, as_str pattern)
{
    as_lua *lua = as_lua_of(L);
    union {
        const as_regex *in;
        void *out;
    } re = {.out = as_map_get(&lua->patterns, pattern)};
    if (re.in != NULL) {
        return re.in;
    }
    as_regex_error error;
    as_str kept = as_str_dup(lua->keep, pattern);
    re.in = as_regex_compile(lua->keep, kept, &error);
    if (re.in == NULL) {
        as_lua_push_str(L, as_regex_error_text(lua->arena, &error));
        lua_error(L);
    }
    as_map_put(lua->keep, &lua->patterns, kept, re.out);
    return re.in;
}

/* match(text, pattern): the groups, or the whole match when there are none; nil without a match. */
static int l_match(lua_State *L)
{
    if (lua_isnoneornil(L, 1)) {
        lua_pushnil(L);
        return 1;
    }
    as_str text = {luaL_checkstring(L, 1), lua_rawlen(L, 1)};
    as_str pattern = {luaL_checkstring(L, 2), lua_rawlen(L, 2)};
    as_regex_scan scan;
    as_regex_scan_begin(&scan, compile(L, pattern), text);
    if (!as_regex_next(&scan)) {
        if (scan.status == AS_REGEX_LIMIT) {
            return luaL_error(L, "the pattern reached its match limit");
        }
        lua_pushnil(L);
        return 1;
    }
    size_t n = as_regex_groups(scan.re);
    luaL_checkstack(L, (int)n + 1, "too many groups");
    for (size_t i = n > 0 ? 1 : 0; i <= n; i++) {
        if (scan.groups[i].begin == AS_REGEX_UNSET) {
            lua_pushnil(L);
        } else {
            as_lua_push_str(L, as_str_slice(text, scan.groups[i].begin, scan.groups[i].end));
        }
    }
    return n > 0 ? (int)n : 1;
}

/* glob(text, pattern) */
static int l_glob(lua_State *L)
{
    as_str text = {luaL_checkstring(L, 1), lua_rawlen(L, 1)};
    as_str pattern = {luaL_checkstring(L, 2), lua_rawlen(L, 2)};
    lua_pushboolean(L, as_glob_match(pattern, text));
    return 1;
}

/* b64decode(text): bytes, or nil when it is not base64 (RFC 4648 §4). */
static int l_b64decode(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_str text = as_str_trim((as_str){luaL_checkstring(L, 1), lua_rawlen(L, 1)});
    if (text.n % 4 != 0 || text.n > AS_MAX_TEXT_BYTES) {
        lua_pushnil(L);
        return 1;
    }
    unsigned char *out = as_arena_alloc(lua->arena, text.n / 4 * 3 + 1);
    int n = EVP_DecodeBlock(out, (const unsigned char *)text.p, (int)text.n);
    if (n < 0) {
        lua_pushnil(L);
        return 1;
    }
    size_t padding = as_str_ends(text, "==") ? 2 : as_str_ends(text, "=") ? 1 : 0;
    lua_pushlstring(L, (const char *)out, (size_t)n - padding);
    return 1;
}

static as_str text_at(lua_State *L, int index)
{
    return (as_str){luaL_checkstring(L, index), lua_rawlen(L, index)};
}

static int l_lower(lua_State *L)
{
    as_lua_push_str(L, as_str_lower(as_lua_of(L)->arena, text_at(L, 1)));
    return 1;
}

static int l_upper(lua_State *L)
{
    as_lua_push_str(L, as_str_upper(as_lua_of(L)->arena, text_at(L, 1)));
    return 1;
}

static int l_trim(lua_State *L)
{
    as_lua_push_str(L, as_str_trim(text_at(L, 1)));
    return 1;
}

/* nil starts and ends with nothing. */
static int l_starts(lua_State *L)
{
    lua_pushboolean(L, lua_isstring(L, 1) && as_str_starts(text_at(L, 1), luaL_checkstring(L, 2)));
    return 1;
}

static int l_ends(lua_State *L)
{
    lua_pushboolean(L, lua_isstring(L, 1) && as_str_ends(text_at(L, 1), luaL_checkstring(L, 2)));
    return 1;
}

static int l_split(lua_State *L)
{
    as_str rest = text_at(L, 1), part;
    const char *separator = luaL_checkstring(L, 2);
    luaL_argcheck(L, separator[0] != '\0' && separator[1] == '\0', 2, "one character expected");
    lua_newtable(L);
    for (lua_Integer i = 1; as_str_split(&rest, separator[0], &part); i++) {
        as_lua_push_str(L, part);
        lua_rawseti(L, -2, i);
    }
    return 1;
}

void as_lua_open_text(as_lua *lua)
{
    static const luaL_Reg functions[] = {{"match", l_match}, {"glob", l_glob},
            {"b64decode", l_b64decode}, {"lower", l_lower}, {"upper", l_upper}, {"trim", l_trim},
            {"starts", l_starts}, {"ends", l_ends}, {"split", l_split}, {NULL, NULL}};
    lua_pushglobaltable(lua->L);
    luaL_setfuncs(lua->L, functions, 0);
    lua_pop(lua->L, 1);
}
