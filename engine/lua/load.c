/* Loading a rule: running its chunk once, checking its metadata, keeping its functions. */
#include <stdlib.h>

#include "engine/lua/internal.h"

typedef struct loading {
    const as_chunk *chunk;
    as_arena *arena;
    as_rule *rule; /* may be NULL: only the functions are wanted */
    const as_rule_example **examples;
    size_t *n_examples;
    int number;
} loading;

static const char *const KNOWN_KEYS[] = {"id", "title", "severity", "category", "aliases",
        "frameworks", "for_each", "where", "check", "fix", "tests", "description", "remediation",
        "references", "deprecated", "version", "changes", "classes", "parameters", "yields_to",
        NULL};

static void reject_unknown_keys(lua_State *L, int table)
{
    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        bool known = false;
        for (size_t i = 0; KNOWN_KEYS[i] != NULL && lua_type(L, -2) == LUA_TSTRING; i++) {
            known = known || as_str_is(as_lua_str(L, -2), KNOWN_KEYS[i]);
        }
        if (!known) {
            luaL_error(L, "a rule has no key '%s'", luaL_tolstring(L, -2, NULL));
        }
        lua_pop(L, 1);
    }
}

static as_str read_text(lua_State *L, as_arena *arena, int table, const char *key, bool needed)
{
    int type = lua_getfield(L, table, key);
    if (type != LUA_TSTRING && (needed || type != LUA_TNIL)) {
        luaL_error(L, "%s of a rule must be a text", key);
    }
    as_str text = as_str_dup(arena, as_lua_str(L, -1));
    lua_pop(L, 1);
    return text;
}

/* A text, or a list of texts. */
static as_strs read_texts(lua_State *L, as_arena *arena, int table, const char *key)
{
    as_strs list = {0};
    int type = lua_getfield(L, table, key);
    if (type == LUA_TSTRING) {
        as_str *one = AS_NEW(arena, as_str);
        *one = as_str_dup(arena, as_lua_str(L, -1));
        list = (as_strs){one, 1};
    } else if (type == LUA_TTABLE) {
        lua_Integer n = luaL_len(L, -1);
        as_str *items = AS_NEW_ARRAY(arena, as_str, (size_t)n);
        for (lua_Integer i = 1; i <= n; i++) {
            if (lua_geti(L, -1, i) != LUA_TSTRING) {
                luaL_error(L, "%s of a rule holds something that is no text", key);
            }
            items[i - 1] = as_str_dup(arena, as_lua_str(L, -1));
            lua_pop(L, 1);
        }
        list = (as_strs){items, (size_t)n};
    } else if (type != LUA_TNIL) {
        luaL_error(L, "%s of a rule must be a list of texts", key);
    }
    lua_pop(L, 1);
    return list;
}

static int compare_aliases(const void *a, const void *b)
{
    const as_alias *x = a, *y = b;
    int by_id = as_str_cmp(x->id, y->id);
    return by_id != 0 ? by_id : as_str_cmp(x->fail_case, y->fail_case);
}

typedef AS_VEC(as_alias) alias_list;

/* The member of the table `aliases` whose key and value are on top of the stack. */
static void read_alias(lua_State *L, as_arena *arena, alias_list *list)
{
    int type = lua_type(L, -1);
    bool plain = lua_type(L, -2) == LUA_TNUMBER;
    if (type == LUA_TSTRING) {
        as_str value = as_str_dup(arena, as_lua_str(L, -1));
        as_str key = plain ? AS_STR("") : as_str_dup(arena, as_lua_str(L, -2));
        AS_VEC_PUSH(arena, list, plain ? (as_alias){value, key} : (as_alias){key, value});
        return;
    }
    if (type != LUA_TTABLE || plain) {
        luaL_error(L, "an alias is a text");
    }
    as_str id = as_str_dup(arena, as_lua_str(L, -2));
    lua_Integer n = luaL_len(L, -1);
    for (lua_Integer i = 1; i <= n; i++) {
        if (lua_geti(L, -1, i) != LUA_TSTRING) {
            luaL_error(L, "the cases of an alias are texts");
        }
        AS_VEC_PUSH(arena, list, (as_alias){id, as_str_dup(arena, as_lua_str(L, -1))});
        lua_pop(L, 1);
    }
}

/* { "CKV_AWS_16", CKV_AWS_150 = "deletion", CKV_GCP_39 = { "vtpm", "integrity" } } */
static void read_aliases(lua_State *L, as_arena *arena, int table, as_rule *rule)
{
    alias_list list = {0};
    if (lua_getfield(L, table, "aliases") == LUA_TTABLE) {
        lua_pushnil(L);
        while (lua_next(L, -2) != 0) {
            read_alias(L, arena, &list);
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
    if (list.n > 1) {
        qsort(list.items, list.n, sizeof *list.items, compare_aliases);
    }
    rule->aliases = list.items;
    rule->n_aliases = list.n;
}

/* Texts, integers, booleans and lists of them. */
static void write_json(lua_State *L, int index, as_buf *out, int depth)
{
    if (lua_type(L, index) == LUA_TSTRING) {
        as_buf_json_string(out, as_lua_str(L, index));
    } else if (lua_type(L, index) == LUA_TBOOLEAN) {
        as_buf_cstr(out, lua_toboolean(L, index) ? "true" : "false");
    } else if (lua_isinteger(L, index)) {
        as_buf_fmt(out, "%lld", (long long)lua_tointeger(L, index));
    } else if (lua_type(L, index) == LUA_TTABLE && depth < 4) {
        lua_Integer n = luaL_len(L, index);
        as_buf_char(out, '[');
        for (lua_Integer i = 1; i <= n; i++) {
            as_buf_cstr(out, i > 1 ? ", " : "");
            lua_geti(L, index, i);
            write_json(L, lua_gettop(L), out, depth + 1);
            lua_pop(L, 1);
        }
        as_buf_char(out, ']');
    } else {
        luaL_error(L, "a fix sets a text, an integer, a boolean or a list of them");
    }
}

/* fix = set("encryption.enabled", true), or a list of them. */
static void read_fix(lua_State *L, as_arena *arena, as_rule *rule)
{
    int table = lua_gettop(L);
    if (lua_getfield(L, table, "field") != LUA_TSTRING) {
        luaL_error(L, "fix of a rule is set(field, value) or a list of them");
    }
    as_fix fix = {.field = as_str_dup(arena, as_lua_str(L, -1))};
    as_buf json;
    as_buf_init(&json, arena, 0);
    bool is_text = lua_getfield(L, table, "value") == LUA_TSTRING;
    write_json(L, lua_gettop(L), &json, 0);
    fix.json = as_buf_view(&json);
    fix.value = is_text ? as_str_dup(arena, as_lua_str(L, -1)) : fix.json;
    as_str shown = fix.field; /* without what tells where it is looked for */
    if (as_str_starts(shown, "within.")) {
        shown = as_str_from_index(shown, sizeof "within." - 1);
    } else if (as_str_starts(shown, "raw.")) {
        shown = as_str_from_index(shown, sizeof "raw." - 1);
    } else if (as_str_starts(shown, "@")) {
        shown = as_str_from_index(shown, 1);
    }
    fix.title = as_str_fmt(arena, "set %.*s to %.*s", AS_STR_ARG(shown), AS_STR_ARG(fix.value));
    if (lua_getfield(L, table, "case") == LUA_TSTRING) {
        fix.fail_case = as_str_dup(arena, as_lua_str(L, -1));
    }
    as_fix *grown = AS_NEW_ARRAY(arena, as_fix, rule->n_fixes + 1);
    if (rule->n_fixes > 0) {
        memcpy(grown, rule->fixes, rule->n_fixes * sizeof fix);
    }
    grown[rule->n_fixes++] = fix;
    rule->fixes = grown;
    lua_settop(L, table);
}

static void read_fixes(lua_State *L, as_arena *arena, int table, as_rule *rule)
{
    if (lua_getfield(L, table, "fix") == LUA_TTABLE) {
        lua_Integer n = luaL_len(L, -1);
        for (lua_Integer i = 1; i <= n; i++) {
            lua_geti(L, -1, i);
            read_fix(L, arena, rule);
            lua_pop(L, 1);
        }
        if (n == 0) {
            read_fix(L, arena, rule);
        }
    }
    lua_settop(L, table);
}

static int compare_classes(const void *a, const void *b)
{
    return as_str_cmp(((const as_class_severity *)a)->name, ((const as_class_severity *)b)->name);
}

/* classes = { public = "none", regulated = "critical" } */
static void read_classes(lua_State *L, as_arena *arena, int table, as_rule *rule)
{
    AS_VEC(as_class_severity) list = {0};
    if (lua_getfield(L, table, "classes") == LUA_TTABLE) {
        lua_pushnil(L);
        while (lua_next(L, -2) != 0) {
            as_class_severity item = {0};
            if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING ||
                    !as_severity_parse(as_lua_str(L, -1), &item.severity)) {
                luaL_error(L, "classes of a rule are names with a severity or \"none\"");
            }
            item.name = as_str_dup(arena, as_lua_str(L, -2));
            AS_VEC_PUSH(arena, &list, item);
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
    if (list.n > 1) {
        qsort(list.items, list.n, sizeof *list.items, compare_classes);
    }
    rule->classes = list.items;
    rule->n_classes = list.n;
}

static void read_metadata(lua_State *L, loading *l, int table)
{
    as_rule *rule = l->rule;
    *rule = (as_rule){.file = as_str_dup(l->arena, l->chunk->name), .builtin = l->chunk->builtin};
    rule->id = read_text(L, l->arena, table, "id", true);
    rule->title = read_text(L, l->arena, table, "title", true);
    rule->category = read_text(L, l->arena, table, "category", true);
    as_str severity = read_text(L, l->arena, table, "severity", true);
    if (!as_severity_parse(severity, &rule->severity)) {
        luaL_error(L, "there is no severity '%s'", severity.p);
    }
    rule->description = read_text(L, l->arena, table, "description", false);
    rule->remediation = read_text(L, l->arena, table, "remediation", false);
    rule->references = read_texts(L, l->arena, table, "references");
    rule->frameworks = read_texts(L, l->arena, table, "frameworks");
    rule->targets = read_texts(L, l->arena, table, "for_each");
    if (rule->targets.n == 0) {
        luaL_error(L, "for_each names no kind");
    }
    read_aliases(L, l->arena, table, rule);
    read_fixes(L, l->arena, table, rule);
    read_classes(L, l->arena, table, rule);
    lua_getfield(L, table, "deprecated");
    rule->deprecated = lua_toboolean(L, -1);
    rule->version =
            lua_getfield(L, table, "version") == LUA_TNUMBER ? (int)lua_tointeger(L, -1) : 1;
    rule->changes = read_texts(L, l->arena, table, "changes");
    rule->yields_to = read_texts(L, l->arena, table, "yields_to");
    lua_getfield(L, table, "check");
    lua_Debug info;
    if (lua_getinfo(L, ">S", &info) != 0 && info.linedefined > 0) {
        rule->line = (uint32_t)info.linedefined;
    }
    lua_settop(L, table);
}

static void read_examples(lua_State *L, loading *l, int table)
{
    static const struct {
        const char *key;
        as_status status;
    } groups[] = {{"fail", AS_FAIL}, {"pass", AS_PASS}, {"unknown", AS_UNSURE}};
    AS_VEC(as_rule_example) list = {0};
    lua_getfield(L, table, "tests");
    for (size_t g = 0; g < sizeof groups / sizeof *groups && lua_istable(L, -1); g++) {
        lua_getfield(L, -1, groups[g].key);
        lua_Integer n = lua_istable(L, -1) ? luaL_len(L, -1) : 0;
        for (lua_Integer i = 1; i <= n; i++) {
            as_rule_example example = {
                    .expected = groups[g].status, .language = AS_STR("terraform")};
            if (lua_geti(L, -1, i) == LUA_TTABLE) {
                example.language = read_text(L, l->arena, lua_gettop(L), "language", true);
                example.text = read_text(L, l->arena, lua_gettop(L), "text", true);
            } else {
                example.text = as_str_dup(l->arena, as_lua_str(L, -1));
            }
            AS_VEC_PUSH(l->arena, &list, example);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    lua_settop(L, table);
    *l->examples = list.items;
    *l->n_examples = list.n;
}

static int l_load(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    loading *l = lua_touserdata(L, 1);
    const as_chunk *chunk = l->chunk;
    char *label = as_str_cstr(l->arena, as_str_join(l->arena, AS_STR("@"), chunk->name));
    const char *mode = chunk->bytecode ? "b" : "t";
    if (luaL_loadbufferx(L, chunk->code.p, chunk->code.n, label, mode) != LUA_OK) {
        return lua_error(L);
    }
    as_lua_push_env(lua, chunk);
    lua_setupvalue(L, -2, 1);
    lua_call(L, 0, 1);
    int table = lua_gettop(L);
    if (!lua_istable(L, table)) {
        return luaL_error(L, "a rule file returns rule { … }");
    }
    if (lua_getfield(L, table, "check") != LUA_TFUNCTION) {
        return luaL_error(L, "the rule has no check function");
    }
    if (lua->host.lines != NULL) {
        as_lua_lines_expect(lua->host.lines, L, -1);
        lua_getfield(L, table, "where");
        as_lua_lines_expect(lua->host.lines, L, -1);
    }
    lua_settop(L, table);
    if (l->rule != NULL) {
        reject_unknown_keys(L, table);
        lua_settop(L, table);
        read_metadata(L, l, table);
    }
    if (l->examples != NULL) {
        read_examples(L, l, table);
    }
    as_rule_refs refs = {.where = LUA_NOREF, .watched = chunk->watched};
    if (lua_getfield(L, table, "where") == LUA_TFUNCTION) {
        refs.where = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    lua_getfield(L, table, "check");
    refs.check = luaL_ref(L, LUA_REGISTRYINDEX);
    l->number = (int)lua->rules.n;
    AS_VEC_PUSH(lua->keep, &lua->rules, refs);
    return 0;
}

int as_lua_load(as_lua *lua, const as_chunk *chunk, as_arena *arena, as_diags *diags, as_rule *rule,
        const as_rule_example **examples, size_t *n_examples)
{
    loading l = {chunk, arena, rule, examples, n_examples, -1};
    lua->fuel = 10000000;
    lua->arena = arena;
    as_lua_count(lua, chunk->watched);
    lua_pushcfunction(lua->L, l_load);
    lua_pushlightuserdata(lua->L, &l);
    if (lua_pcall(lua->L, 1, 0, 0) != LUA_OK) {
        as_str text = as_lua_str(lua->L, -1);
        as_diags_add_path(diags, AS_DIAG_ERROR, "rule-load", chunk->name, "%.*s",
                AS_STR_ARG(text.p == NULL ? AS_STR("the rule could not be loaded") : text));
        lua_pop(lua->L, 1);
        l.number = -1;
    }
    lua->arena = lua->keep;
    return l.number;
}
