/* Text functions for rules: regular expressions with match limits, globs, base64. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <openssl/evp.h>
#include <pcre2.h>

#include "engine/base/glob.h"
#include "engine/base/limits.h"
#include "engine/lua/internal.h"

/* A compiled pattern. Compiling it to machine code costs as much as matching some kilobytes, so
 * that waits until it is seen to pay. */
typedef struct pattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    size_t n_bytes; /* matched so far */
    bool is_native;
} pattern;

enum { NATIVE_AFTER = 8 << 10 };

static void free_pattern(void *object)
{
    pattern *p = object;
    pcre2_match_data_free(p->data);
    pcre2_match_context_free(p->limits);
    pcre2_code_free(p->code);
}

static bool is_ascii(as_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static pattern *compile(lua_State *L, as_str text)
{
    as_lua *lua = as_lua_of(L);
    pattern *p = as_map_get(&lua->patterns, text);
    if (p != NULL) {
        return p;
    }
    int error;
    PCRE2_SIZE at;
    /* What is pure ASCII matches bytes: no need to look whether the text is UTF-8. */
    uint32_t utf = is_ascii(text) ? 0 : PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
    p = AS_NEW(lua->keep, pattern);
    p->code = pcre2_compile((PCRE2_SPTR)text.p, text.n, utf, &error, &at, NULL);
    if (p->code == NULL) {
        luaL_error(L, "bad pattern at character %d", (int)at);
        return NULL;
    }
    as_arena_defer(lua->keep, free_pattern, p);
    p->data = pcre2_match_data_create_from_pattern(p->code, NULL);
    p->limits = pcre2_match_context_create(NULL);
    if (p->data == NULL || p->limits == NULL) {
        luaL_error(L, "not enough memory");
        return NULL;
    }
    pcre2_set_match_limit(p->limits, AS_PCRE2_MATCH_LIMIT);
    pcre2_set_heap_limit(p->limits, AS_PCRE2_HEAP_KIB);
    as_map_put(lua->keep, &lua->patterns, as_str_dup(lua->keep, text), p);
    return p;
}

static int run_match(pattern *p, as_str text)
{
    p->n_bytes += text.n;
    if (!p->is_native && p->n_bytes > NATIVE_AFTER) {
        p->is_native = true; /* where it cannot be had, matching goes on without */
        (void)pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
    }
    int n = pcre2_match(p->code, (PCRE2_SPTR)text.p, text.n, 0, 0, p->data, p->limits);
    if (n == PCRE2_ERROR_JIT_STACKLIMIT) {
        n = pcre2_match(p->code, (PCRE2_SPTR)text.p, text.n, 0, PCRE2_NO_JIT, p->data, p->limits);
    }
    return n;
}

/* The groups, or the whole match when there are none. */
static int push_match(lua_State *L, as_str text, pcre2_match_data *data, int n)
{
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(data);
    int first = n > 1 ? 1 : 0;
    luaL_checkstack(L, n, "too many groups");
    for (int i = first; i < n; i++) {
        if (at[2 * i] == PCRE2_UNSET) {
            lua_pushnil(L);
        } else {
            as_lua_push_str(L, as_str_slice(text, at[2 * i], at[2 * i + 1]));
        }
    }
    return n - first;
}

/* What is no text is an empty one: somebody wrote an object or nothing where the schema has a
 * string. */
static as_str text_at(lua_State *L, int index)
{
    return lua_isstring(L, index) ? (as_str){lua_tostring(L, index), lua_rawlen(L, index)}
                                  : AS_STR("");
}

/* match(text, pattern) */
static int l_match(lua_State *L)
{
    if (!lua_isstring(L, 1)) { /* nil, or an object where a text was expected: no match */
        lua_pushnil(L);
        return 1;
    }
    as_str text = {luaL_checkstring(L, 1), lua_rawlen(L, 1)};
    pattern *p = compile(L, (as_str){luaL_checkstring(L, 2), lua_rawlen(L, 2)});
    int n = run_match(p, text), pushed = 0;
    if (n > 0) {
        pushed = push_match(L, text, p->data, n);
    }
    if (n < 0 && n != PCRE2_ERROR_NOMATCH) {
        return luaL_error(L, "the pattern reached its match limit");
    }
    if (pushed == 0) {
        lua_pushnil(L);
        return 1;
    }
    return pushed;
}

/* glob(text, pattern) */
static int l_glob(lua_State *L)
{
    as_str text = text_at(L, 1);
    as_str wildcard = text_at(L, 2);
    lua_pushboolean(L, as_glob_match(wildcard, text));
    return 1;
}

/* b64decode(text): bytes, or nil when it is not base64 (RFC 4648 §4). */
static int l_b64decode(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_str text = as_str_trim(text_at(L, 1));
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

/* ASCII letters, as as_str_lower does, without leaving a copy in the arena. */
static int change_case(lua_State *L, char first, char last, int by)
{
    as_str text = text_at(L, 1);
    luaL_Buffer buffer;
    char *out = luaL_buffinitsize(L, &buffer, text.n);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        out[i] = c >= first && c <= last ? (char)(c + by) : c;
    }
    luaL_pushresultsize(&buffer, text.n);
    return 1;
}

static int l_lower(lua_State *L)
{
    return change_case(L, 'A', 'Z', 'a' - 'A');
}

static int l_upper(lua_State *L)
{
    return change_case(L, 'a', 'z', 'A' - 'a');
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
