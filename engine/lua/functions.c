/* The functions of the rule language that deal with values, lists and the graph. */
#include "engine/lua/internal.h"
#include "parsers/json/json.h"

static const char UNKNOWN_ERROR = 0; /* its address is the error object of "this is unknown" */

static void *unknown_token(void)
{
    union {
        const char *in;
        void *out;
    } token = {.in = &UNKNOWN_ERROR};
    return token.out;
}

int as_lua_raise_unknown(as_lua *lua, const as_value *v, as_str reason)
{
    lua->unknown = v;
    lua->unknown_reason = reason.n == 0 ? AS_STR("a value is not known") : reason;
    lua_pushlightuserdata(lua->L, unknown_token());
    return lua_error(lua->L);
}

bool as_lua_is_unknown_error(lua_State *L, int index)
{
    return lua_type(L, index) == LUA_TLIGHTUSERDATA && lua_touserdata(L, index) == unknown_token();
}

static void disarm(as_lua *lua)
{
    lua->armed = false;
    lua->leaked = false;
}

/* known(e.encryption.enabled): reading the global armed the read of the argument. */
static int l_known(lua_State *L)
{
    disarm(as_lua_of(L));
    const as_value *v = as_lua_value_at(L, 1);
    lua_pushboolean(L, !as_value_is_unknown(v));
    return 1;
}

static int l_unknown(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_str reason = {luaL_checkstring(L, 1), lua_rawlen(L, 1)};
    return as_lua_raise_unknown(lua, NULL, as_str_dup(lua->arena, reason));
}

/* --- json ----------------------------------------------------------------------------------------- */

/* A copy of the tree in which texts that hold a hole are unknown, with the text as `partial`. */
static const as_value *open_holes(as_arena *arena, const as_value *v, const as_value *from)
{
    if (v->kind == AS_STRING && as_str_contains(v->as.str, AS_HOLE)) {
        as_value *hole = as_value_copy(arena,
                as_value_unknown(arena, v->span, as_value_reason(from), as_value_refs(from)));
        as_meta *meta = AS_NEW(arena, as_meta);
        *meta = *hole->meta;
        meta->partial = v->as.str;
        hole->meta = meta;
        return hole;
    }
    if (v->kind == AS_LIST) {
        as_list_builder list;
        as_list_begin(&list, arena);
        for (size_t i = 0; i < v->as.list.n; i++) {
            as_list_add(&list, open_holes(arena, v->as.list.items[i], from));
        }
        return as_list_end(&list, v->span);
    }
    if (v->kind == AS_OBJECT) {
        as_object_builder object;
        as_object_begin(&object, arena);
        for (size_t i = 0; i < v->as.object->n; i++) {
            const as_member *m = &v->as.object->members[i];
            as_object_add(&object, m->key, m->key_span, open_holes(arena, m->value, from));
        }
        return as_object_end(&object, v->span);
    }
    return v;
}

static const as_value *decode_text(as_lua *lua, const as_value *v)
{
    if (v->kind != AS_STRING && v->kind != AS_UNKNOWN) {
        return v;
    }
    if (v->meta != NULL && v->meta->decoded != NULL) {
        return v->meta->decoded;
    }
    bool partial = v->kind == AS_UNKNOWN && v->meta != NULL && v->meta->partial.n > 0;
    if (v->kind == AS_UNKNOWN && !partial) {
        return v;
    }
    as_diags diags;
    as_diags_init(&diags, lua->arena);
    as_str text = partial ? v->meta->partial : v->as.str;
    const as_value *tree = as_json_parse_text(lua->arena, text, v->span, &diags);
    if (tree == NULL || diags.n_errors > 0) {
        if (partial) {
            return v;
        }
        /* What is no JSON says nothing, so that nothing is proven by it; of no text there is
         * nothing to say. */
        return as_str_trim(text).n == 0 ? NULL
                                        : as_value_unknown(lua->arena, v->span,
                                                  AS_STR("the text is no valid JSON"), NULL);
    }
    return partial ? open_holes(lua->arena, tree, v) : tree;
}

static const as_value *decode(as_lua *lua, const as_value *v)
{
    size_t i = (size_t)(((uint64_t)(uintptr_t)v * 0x9e3779b97f4a7c15u) >> 60) % AS_LUA_DECODED;
    as_lua_decoded *slot = &lua->decoded[i];
    if (slot->text != v || slot->arena != lua->arena) {
        const as_value *tree = decode_text(lua, v);
        *slot = (as_lua_decoded){v, tree, lua->arena};
    }
    return slot->tree;
}

/* json(e.raw.policy): the tree in the text; nil when there is none, unknown when it is no JSON. */
static int l_json(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    disarm(lua);
    const as_value *v = as_lua_value_at(L, 1);
    if (v == NULL && lua_type(L, 1) == LUA_TSTRING) {
        as_span at = lua->entity == NULL ? AS_SPAN_NONE : lua->entity->head;
        v = as_value_string(lua->arena, at, as_str_dup(lua->arena, as_lua_str(L, 1)));
    }
    const as_value *tree = v == NULL ? NULL : decode(lua, v);
    if (tree != NULL && v->kind != AS_UNKNOWN && lua->track.entity != NULL) {
        as_lua_note(lua, v, lua->track.holder, lua->track.entity, false);
    }
    as_lua_push_value(lua, tree);
    return 1;
}

/* --- lists ---------------------------------------------------------------------------------------- */

/* Calls each(list, fn)'s function for one item; the failures go to the table at `results`, also
 * those that it had made when it came to what is unknown. */
static void each_item(lua_State *L, int results, as_lua *lua, bool *unknown, lua_Integer i)
{
    /* Stack: … function, item */
    size_t before = lua->made.n;
    lua_pushinteger(L, i);
    int status = lua_pcall(L, 2, 1, 0);
    if (status == LUA_OK) {
        if (lua_type(L, -1) == LUA_TTABLE) {
            lua_Integer n = luaL_len(L, -1);
            for (lua_Integer k = 1; k <= n; k++) {
                lua_geti(L, -1, k);
                lua_seti(L, results, luaL_len(L, results) + 1);
            }
            lua_pop(L, 1);
        } else if (lua_isnil(L, -1)) {
            lua_pop(L, 1);
        } else {
            lua_seti(L, results, luaL_len(L, results) + 1);
        }
        return;
    }
    if (!as_lua_is_unknown_error(L, -1)) {
        lua_error(L);
    }
    lua_pop(L, 1);
    disarm(lua);
    lua->frozen = false;
    *unknown = true;
    for (size_t k = before; k < lua->made.n; k++) {
        as_lua_push_failure(lua, lua->made.items[k]);
        lua_seti(L, results, luaL_len(L, results) + 1);
    }
}

/* Pushes an item of a list where that cannot end the check. */
static bool push_item(as_lua *lua, lua_Integer i)
{
    lua_State *L = lua->L;
    if (lua_type(L, 1) == LUA_TTABLE && lua_getmetatable(L, 1) == 0) {
        lua_rawgeti(L, 1, i);
        return true;
    }
    lua_settop(L, 4); /* the metatable, and the function */
    return false;
}

static int l_get_item(lua_State *L)
{
    lua_geti(L, 1, lua_tointeger(L, 2));
    return 1;
}

static int l_each(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_lua_tick(lua);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_newtable(L); /* 3: results */
    if (lua_isnil(L, 1)) {
        return 1;
    }
    bool unknown = false;
    const as_value *why = NULL;
    as_str reason = AS_STR("");
    lua_Integer n = luaL_len(L, 1);
    for (lua_Integer i = 1; i <= n; i++) {
        bool now = false;
        lua_pushvalue(L, 2);
        int status = LUA_OK;
        if (!push_item(lua, i)) {
            lua_pushcfunction(L, l_get_item);
            lua_pushvalue(L, 1);
            lua_pushinteger(L, i);
            status = lua_pcall(L, 2, 1, 0);
        }
        if (status != LUA_OK) { /* the element itself is unknown */
            if (!as_lua_is_unknown_error(L, -1)) {
                return lua_error(L);
            }
            lua_pop(L, 2);
            now = true;
        } else if (lua_isnil(L, -1)) {
            lua_pop(L, 2);
        } else {
            each_item(L, 3, lua, &now, i);
        }
        if (now && !unknown) {
            unknown = true;
            why = lua->unknown;
            reason = lua->unknown_reason;
        }
    }
    if (unknown && luaL_len(L, 3) == 0) {
        return as_lua_raise_unknown(lua, why, reason);
    }
    lua->open = lua->open || unknown;
    return 1;
}

/* once(key, fn): what fn returns, called once for each unit of the graph: an index that every check
 * of a rule may use. What it returns may hold entities and scalars; values read from fields live no
 * longer than the check. */
static int l_once(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    luaL_checkstring(L, 1);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    if (lua->once_graph != lua->graph) {
        lua_newtable(L);
        lua_rawseti(L, LUA_REGISTRYINDEX, lua->once);
        lua->once_graph = lua->graph;
    }
    uint32_t unit = lua->entity == NULL || lua->entity->unit == NULL ? 0 : lua->entity->unit->id;
    lua_rawgeti(L, LUA_REGISTRYINDEX, lua->once);
    if (lua_rawgeti(L, 3, unit) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_rawseti(L, 3, unit);
    }
    lua_replace(L, 3); /* the unit's results */
    lua_pushvalue(L, 1);
    if (lua_rawget(L, 3) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_pushvalue(L, 2);
        lua_call(L, 0, 1);
        lua_pushvalue(L, 1);
        lua_pushvalue(L, -2);
        lua_rawset(L, 3);
    }
    return 1;
}

/* list(x): nil → {}, a list → itself, anything else → { x }. */
static int l_list(lua_State *L)
{
    const as_value *v = as_lua_value_at(L, 1);
    bool is_list = (v != NULL && v->kind == AS_LIST) || lua_type(L, 1) == LUA_TTABLE;
    if (is_list) {
        lua_settop(L, 1);
        return 1;
    }
    lua_newtable(L);
    if (!lua_isnoneornil(L, 1)) {
        lua_pushvalue(L, 1);
        lua_rawseti(L, -2, 1);
    }
    return 1;
}

/* items(x): as list(x), but what is unknown becomes a list with an unknown element. */
static int l_items(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    disarm(lua);
    const as_value *v = as_lua_value_at(L, 1);
    if (v != NULL && (v->kind == AS_STRING || v->kind == AS_UNKNOWN)) {
        const as_value **one = AS_NEW_ARRAY(lua->arena, const as_value *, 1);
        one[0] = v;
        as_lua_push_value(lua, as_value_list(lua->arena, v->span, one, 1));
        return 1;
    }
    return l_list(L);
}

/* keys(object): its names in order, also of members whose values are unknown. */
static int l_keys(lua_State *L)
{
    const as_value *v = as_lua_value_at(L, 1);
    bool is_object = v != NULL && v->kind == AS_OBJECT;
    lua_newtable(L);
    for (size_t i = 0; is_object && i < v->as.object->n; i++) {
        as_lua_push_str(L, v->as.object->members[i].key);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* Members whose values are known, as pairs of name and text: what a loop over keys reads one by
 * one.
 */
static int l_entries(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const as_value *v = as_lua_value_at(L, 1);
    size_t n = v != NULL && v->kind == AS_OBJECT ? v->as.object->n : 0;
    disarm(lua);
    lua_createtable(L, (int)(n < 256 ? n : 256), 0);
    for (size_t i = 0, at = 0; i < n; i++) {
        const as_value *item = v->as.object->members[i].value;
        if (as_value_is_null(item) || as_value_is_unknown(item)) {
            continue;
        }
        lua_createtable(L, 2, 0);
        as_lua_push_str(L, v->as.object->members[i].key);
        lua_rawseti(L, -2, 1);
        as_lua_push_value(lua, item);
        luaL_tolstring(L, -1, NULL);
        lua_rawseti(L, -3, 2);
        lua_pop(L, 1);
        lua_rawseti(L, -2, (lua_Integer)++at);
    }
    return 1;
}

static int l_one_of(lua_State *L)
{
    bool found = false;
    for (int i = 2; i <= lua_gettop(L) && !found; i++) {
        found = lua_compare(L, 1, i, LUA_OPEQ);
    }
    lua_pushboolean(L, found);
    return 1;
}

/* has(list, x): an unknown element leaves it open only when no other one is x. */
static int l_has(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    if (lua_isnoneornil(L, 1)) {
        lua_pushboolean(L, false);
        return 1;
    }
    if (lua_type(L, 1) == LUA_TSTRING || lua_type(L, 1) == LUA_TNUMBER) {
        lua_pushboolean(L, lua_compare(L, 1, 2, LUA_OPEQ));
        return 1;
    }
    const as_value *v = as_lua_value_at(L, 1), *open = NULL;
    lua_Integer n = luaL_len(L, 1);
    for (lua_Integer i = 1; i <= n; i++) {
        const as_value *item = as_value_index(v, (size_t)i - 1);
        if (as_value_is_unknown(item)) {
            open = item;
            continue;
        }
        lua_geti(L, 1, i);
        if (lua_compare(L, -1, 2, LUA_OPEQ)) {
            lua_pushboolean(L, true);
            return 1;
        }
        lua_pop(L, 1);
    }
    if (open != NULL) {
        return as_lua_raise_unknown(lua, open, as_value_reason(open));
    }
    lua_pushboolean(L, false);
    return 1;
}

/* --- configuration, modules, graph ------------------------------------------------------------------ */

/* A value as Lua's own tables: what a rule reads of its parameters is not what it judges, so it
 * must not become the place of the failure. */
static void push_plain(as_lua *lua, const as_value *v)
{
    lua_State *L = lua->L;
    luaL_checkstack(L, 4, "parameters are nested too deep");
    if (as_value_is(v, AS_LIST)) {
        lua_newtable(L);
        for (size_t i = 0; i < as_value_count(v); i++) {
            push_plain(lua, as_value_index(v, i));
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        }
    } else if (as_value_is(v, AS_OBJECT)) {
        lua_newtable(L);
        for (size_t i = 0; i < v->as.object->n; i++) {
            as_lua_push_str(L, v->as.object->members[i].key);
            push_plain(lua, v->as.object->members[i].value);
            lua_rawset(L, -3);
        }
    } else {
        as_lua_push_value(lua, v);
    }
}

/* param("tagging.required", default) */
static int l_param(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_str name = {luaL_checkstring(L, 1), lua_rawlen(L, 1)};
    const as_value *v = lua->host.parameter == NULL
                                ? NULL
                                : lua->host.parameter(lua->host.self, name, lua->entity);
    if (as_value_is_null(v)) {
        lua_settop(L, 2);
        return 1;
    }
    push_plain(lua, v);
    return 1;
}

static int l_lib(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_str name = {luaL_checkstring(L, 1), lua_rawlen(L, 1)};
    lua_getfield(L, LUA_REGISTRYINDEX, "as.libs");
    lua_pushvalue(L, 1);
    if (lua_rawget(L, -2) != LUA_TNIL) {
        return 1;
    }
    lua_pop(L, 1);
    as_chunk chunk;
    if (lua->host.find_lib == NULL || !lua->host.find_lib(lua->host.self, name, &chunk)) {
        return luaL_error(L, "there is no rules/lib/%s.lua", lua_tostring(L, 1));
    }
    char *label = as_str_cstr(lua->arena, as_str_join(lua->arena, AS_STR("@"), chunk.name));
    if (luaL_loadbufferx(L, chunk.code.p, chunk.code.n, label, chunk.bytecode ? "b" : "t") !=
            LUA_OK) {
        return lua_error(L);
    }
    if (chunk.watched) {
        as_lua_count(lua, true);
    }
    as_lua_push_env(lua, &chunk);
    lua_setupvalue(L, -2, 1);
    lua_call(L, 0, 1);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
    return 1;
}

/* Entities of the unit of the entity under check; all of them where there is none. */
static int push_same_unit(lua_State *L, const as_entity *const *items, size_t n)
{
    as_lua *lua = as_lua_of(L);
    const as_unit *unit = lua->entity == NULL ? NULL : lua->entity->unit;
    lua_newtable(L);
    lua_Integer count = 0;
    for (size_t i = 0; i < n; i++) {
        if (unit == NULL || items[i]->unit == unit) {
            as_lua_push_entity(lua, items[i]);
            lua_rawseti(L, -2, ++count);
        }
    }
    return 1;
}

/* Ends the check where entities of the kind could not be asked for. */
static void require_all(as_lua *lua, as_str kind, bool everywhere)
{
    bool here = !everywhere && lua->entity != NULL;
    as_str reason = as_graph_gap(lua->graph, here ? lua->entity->unit : NULL, kind);
    if (reason.n > 0) {
        as_lua_raise_unknown(lua, NULL, reason);
    }
}

static int l_graph_all(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_lua_need_unit(lua, lua->entity);
    as_str kind = {luaL_checkstring(L, 1), lua_rawlen(L, 1)};
    size_t n;
    require_all(lua, kind, false);
    const as_entity *const *items = as_graph_of_kind(lua->graph, kind, &n);
    return push_same_unit(L, items, n);
}

/* graph.everywhere(kind): the entities of a kind in all units. */
static int l_graph_everywhere(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_lua_need_all(lua);
    as_str kind = {luaL_checkstring(L, 1), lua_rawlen(L, 1)};
    size_t n;
    require_all(lua, kind, true);
    const as_entity *const *items = as_graph_of_kind(lua->graph, kind, &n);
    as_lua_push_entities(lua, items, n);
    return 1;
}

static int l_graph_of_type(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_lua_need_unit(lua, lua->entity);
    as_str type = {luaL_checkstring(L, 1), lua_rawlen(L, 1)};
    size_t n;
    const as_entity_schema *schema = as_schema_of_type(type);
    if (schema != NULL) {
        require_all(lua, schema->kind, false);
    }
    const as_entity *const *items = as_graph_of_type(lua->graph, type, &n);
    return push_same_unit(L, items, n);
}

/* graph.find(kind, space, name): the first of that name, or nil. */
static int l_graph_find(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_str kind = {luaL_checkstring(L, 1), lua_rawlen(L, 1)};
    if (!lua_isstring(L, 2) || !lua_isstring(L, 3)) { /* an object where a name was expected */
        lua_pushnil(L);
        return 1;
    }
    as_str space = {luaL_checkstring(L, 2), lua_rawlen(L, 2)};
    as_str name = {luaL_checkstring(L, 3), lua_rawlen(L, 3)};
    as_lua_need_unit(lua, lua->entity);
    size_t n;
    const as_entity *const *items = as_graph_at(lua->graph, lua->arena, kind, space, name, &n);
    for (size_t i = 0; i < n; i++) {
        if (lua->entity == NULL || items[i]->unit == lua->entity->unit) {
            as_lua_push_entity(lua, items[i]);
            return 1;
        }
    }
    require_all(lua, kind, false);
    lua_pushnil(L);
    return 1;
}

/* --- the environment of a chunk ------------------------------------------------------------------- */

/* `fail`, `known`, `json` and `items` are looked up here each time, before their arguments are
 * evaluated: that is the moment to stop noting reads, or to let the unknown through. */
static int l_env_index(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(1));
    /* Lua has each short text once. */
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : NULL;
    for (size_t i = 0; i < AS_LUA_WATCHED; i++) {
        if (name == lua->watched[i]) {
            *(i == 0 ? &lua->frozen : &lua->armed) = true;
        }
    }
    return 1;
}

/* What a chunk asks for the first time is its own from then on; upvalue 1 holds the shared globals.
 */
static int l_env_take(lua_State *L)
{
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) {
        lua_pushvalue(L, 2);
        lua_pushvalue(L, 3);
        lua_rawset(L, 1);
        return 1;
    }
    lua_pop(L, 1);
    lua_gettable(L, lua_upvalueindex(1));
    return 1;
}

void as_lua_push_env(as_lua *lua, const as_chunk *chunk)
{
    lua_State *L = lua->L;
    if (chunk->builtin) { /* ours set no globals, and find them without a detour */
        lua_pushglobaltable(L);
        return;
    }
    lua_newtable(L);
    lua_getfield(L, LUA_REGISTRYINDEX, "as.env");
    lua_setmetatable(L, -2);
}

static void make_env(lua_State *L)
{
    static const char *const watched[AS_LUA_WATCHED] = {"fail", "known", "json", "items"};
    /* Globals that need no watching are found without a call, or taken once; the others are hidden
     * in the upvalue of l_env_index. */
    lua_createtable(L, 0, 2); /* the metatable of environments */
    lua_pushglobaltable(L);
    lua_newtable(L); /* the hidden ones */
    for (size_t i = 0; i < AS_LUA_WATCHED; i++) {
        as_lua_of(L)->watched[i] = lua_pushstring(L, watched[i]); /* the table below keeps it */
        lua_getfield(L, -3, watched[i]);
        lua_rawset(L, -3);
        lua_pushnil(L);
        lua_setfield(L, -3, watched[i]);
    }
    lua_pushcclosure(L, l_env_index, 1);
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "__index"); /* shared globals → hidden ones */
    lua_pushstring(L, "globals");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -3);
    lua_pop(L, 1);
    lua_pushcclosure(L, l_env_take, 1);
    lua_setfield(L, -2, "__index"); /* a chunk's environment → shared globals */
    lua_pushstring(L, "environment");
    lua_setfield(L, -2, "__metatable");
    lua_setfield(L, LUA_REGISTRYINDEX, "as.env");
}

void as_lua_open_functions(as_lua *lua)
{
    static const luaL_Reg functions[] = {{"known", l_known}, {"unknown", l_unknown},
            {"json", l_json}, {"each", l_each}, {"list", l_list}, {"items", l_items},
            {"keys", l_keys}, {"entries", l_entries}, {"one_of", l_one_of}, {"has", l_has},
            {"once", l_once}, {"param", l_param}, {"lib", l_lib}, {NULL, NULL}};
    static const luaL_Reg graph[] = {{"all", l_graph_all}, {"of_type", l_graph_of_type},
            {"find", l_graph_find}, {"everywhere", l_graph_everywhere}, {NULL, NULL}};
    lua_State *L = lua->L;
    lua_pushglobaltable(L);
    luaL_setfuncs(L, functions, 0);
    luaL_newlib(L, graph);
    lua_setfield(L, -2, "graph");
    lua_pop(L, 1);
    lua_newtable(L);
    lua_setfield(L, LUA_REGISTRYINDEX, "as.libs");
    lua_newtable(L);
    lua->once = luaL_ref(L, LUA_REGISTRYINDEX);
}

static int l_read_only(lua_State *L)
{
    return luaL_error(L, "libraries cannot be changed");
}

/* A library behind a table that cannot be assigned to, so that no rule changes it for the others.
 */
static void protect(lua_State *L, const char *name)
{
    lua_createtable(L, 0, 0);
    lua_createtable(L, 0, 3);
    lua_getglobal(L, name);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, l_read_only);
    lua_setfield(L, -2, "__newindex");
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_setglobal(L, name);
}

void as_lua_seal(as_lua *lua)
{
    static const char *const libraries[] = {
            "string", "table", "math", "utf8", "graph", "cidr", "net", "iam", NULL};
    for (size_t i = 0; libraries[i] != NULL; i++) {
        protect(lua->L, libraries[i]);
    }
    make_env(lua->L);
}
