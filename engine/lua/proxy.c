/* Entities and values as rules see them. A proxy is a userdata with a pointer into the graph; what
 * it gives is read when it is asked for, and each read is noted. */
#include <stdio.h>

#include "engine/base/limits.h"
#include "engine/lua/internal.h"

typedef struct value_proxy {
    as_lua_head head;
    const as_value *value;
    const as_entity *entity;
} value_proxy;

typedef struct entity_proxy {
    as_lua_head head;
    const as_entity *entity;
} entity_proxy;

/* A group of fields, `db.encryption`: the entity and the name so far. */
typedef struct prefix_proxy {
    as_lua_head head;
    const as_entity *entity;
    size_t n;
    char name[];
} prefix_proxy;

void as_lua_push_str(lua_State *L, as_str s)
{
    lua_pushlstring(L, s.p == NULL ? "" : s.p, s.n);
}

as_str as_lua_str(lua_State *L, int index)
{
    size_t n;
    const char *p = lua_tolstring(L, index, &n);
    return p == NULL ? AS_STR_NONE : (as_str){p, n};
}

void as_lua_note(as_lua *lua, const as_value *value, const as_value *holder,
        const as_entity *entity, bool defaulted)
{
    lua->n_notes++;
    if (!lua->frozen) {
        lua->track = (as_track){value, holder, entity, defaulted};
    }
}

/* --- values ------------------------------------------------------------------------------------- */

static void push_proxy(as_lua *lua, const as_value *v, const as_entity *entity)
{
    value_proxy *proxy = as_lua_new_object(lua->L, AS_LUA_VALUE, sizeof *proxy);
    proxy->value = v;
    proxy->entity = entity;
}

static void push_text(as_lua *lua, const as_value *v)
{
    if ((v->flags & AS_SENSITIVE) != 0) {
        AS_VEC_PUSH(lua->arena, &lua->secrets, v->as.str);
    }
    as_lua_push_str(lua->L, v->as.str);
}

static void push_from(as_lua *lua, const as_value *v, const as_entity *entity)
{
    lua_State *L = lua->L;
    if (as_value_is_null(v)) {
        lua_pushnil(L);
        return;
    }
    if (lua->armed && (v->kind == AS_UNKNOWN || v->kind == AS_STRING)) {
        lua->leaked = true;
        push_proxy(lua, v, entity);
        return;
    }
    switch ((as_kind)v->kind) {
    case AS_NULL:
        lua_pushnil(L);
        break;
    case AS_BOOL:
        lua_pushboolean(L, v->as.boolean);
        break;
    case AS_INT:
        lua_pushinteger(L, v->as.integer);
        break;
    case AS_FLOAT:
        if (as_value_int_or(v, INT64_MIN) != INT64_MIN) {
            lua_pushinteger(L, as_value_int_or(v, 0));
        } else {
            lua_pushnumber(L, v->as.number);
        }
        break;
    case AS_BIGNUM:
        lua_pushnumber(L, as_value_to_double(v));
        break;
    case AS_STRING:
        push_text(lua, v);
        break;
    case AS_LIST:
    case AS_OBJECT:
        push_proxy(lua, v, entity);
        break;
    case AS_UNKNOWN:
        as_lua_raise_unknown(lua, v, as_value_reason(v));
        break;
    }
}

void as_lua_push_value(as_lua *lua, const as_value *v)
{
    push_from(lua, v, lua->entity);
}

const as_value *as_lua_value_at(lua_State *L, int index)
{
    const value_proxy *proxy = as_lua_test_object(L, index, AS_LUA_VALUE);
    return proxy == NULL ? NULL : proxy->value;
}

/* What `v`, which is known, holds under the key at `index`; the read is noted. */
static const as_value *look_up(as_lua *lua, const as_value *v, const as_entity *entity, int index)
{
    lua_State *L = lua->L;
    const as_value *found = NULL;
    int type = lua_type(L, index);
    if (type == LUA_TNUMBER) {
        lua_Integer i = lua_tointeger(L, index);
        found = i < 1 ? NULL : as_value_index(v, (size_t)i - 1);
    } else if (type == LUA_TSTRING) {
        const as_value *holder = v->kind == AS_LIST ? as_value_index(v, 0) : v;
        if (as_value_is_unknown(holder)) {
            found = holder;
        } else {
            found = as_value_get(holder, as_lua_str(L, index));
        }
        v = holder == NULL ? v : holder;
    }
    as_lua_note(lua, found, v, entity, false);
    return found;
}

static int l_value_index(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_lua_tick(lua);
    const value_proxy *self = as_lua_check_object(L, 1, AS_LUA_VALUE);
    if (self->value->kind == AS_UNKNOWN) { /* only while armed: below an unknown all is unknown */
        lua_pushvalue(L, 1);
        return 1;
    }
    push_from(lua, look_up(lua, self->value, self->entity, 2), self->entity);
    return 1;
}

static bool is_tree(const as_value *v)
{
    return v != NULL && (v->kind == AS_LIST || v->kind == AS_OBJECT);
}

/* dig(object, "a", "b"): object.a.b, without a proxy for what lies between; nil where a step is
 * missing. */
static int l_dig(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_lua_tick(lua);
    int n = lua_gettop(L), i = 2;
    lua_pushvalue(L, 1);
    const value_proxy *self = as_lua_test_object(L, 1, AS_LUA_VALUE);
    if (self != NULL && is_tree(self->value) && n > 1) {
        const as_value *v = self->value;
        while (i <= n && is_tree(v)) {
            v = look_up(lua, v, self->entity, i++);
        }
        push_from(lua, v, self->entity);
    }
    for (; i <= n && !lua_isnil(L, -1); i++) {
        lua_pushvalue(L, i);
        lua_gettable(L, -2);
    }
    return 1;
}

static int l_value_len(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const value_proxy *self = as_lua_check_object(L, 1, AS_LUA_VALUE);
    as_lua_note(lua, self->value, self->value, self->entity, false);
    lua_pushinteger(L, (lua_Integer)as_value_count(self->value));
    return 1;
}

static int l_next(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const value_proxy *self = as_lua_check_object(L, lua_upvalueindex(1), AS_LUA_VALUE);
    size_t i = (size_t)lua_tointeger(L, lua_upvalueindex(2));
    const as_value *v = self->value, *item;
    while (true) {
        if (i >= as_value_count(v)) {
            return 0;
        }
        item = v->kind == AS_OBJECT ? v->as.object->members[i].value : as_value_index(v, i);
        if (!as_value_is_null(item)) {
            break;
        }
        i++;
    }
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_replace(L, lua_upvalueindex(2));
    if (v->kind == AS_OBJECT) {
        as_lua_push_str(L, v->as.object->members[i].key);
    } else {
        lua_pushinteger(L, (lua_Integer)i + 1);
    }
    as_lua_note(lua, item, v, self->entity, false);
    push_from(lua, item, self->entity);
    return 2;
}

static int l_value_pairs(lua_State *L)
{
    as_lua_check_object(L, 1, AS_LUA_VALUE);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, l_next, 2);
    return 1;
}

static int l_value_eq(lua_State *L)
{
    lua_pushboolean(L, as_value_equal(as_lua_value_at(L, 1), as_lua_value_at(L, 2)));
    return 1;
}

/* In messages, where a text was expected. */
static int l_value_concat(lua_State *L)
{
    luaL_tolstring(L, 1, NULL);
    luaL_tolstring(L, 2, NULL);
    lua_concat(L, 2);
    return 1;
}

static int l_value_tostring(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const value_proxy *self = as_lua_check_object(L, 1, AS_LUA_VALUE);
    as_buf buf;
    as_buf_init(&buf, lua->arena, 1 << 20);
    as_value_write_json(&buf, self->value, (as_json_style){0});
    as_lua_push_str(L, as_buf_view(&buf));
    return 1;
}

/* --- where a value lies --------------------------------------------------------------------------- */

/* A step on the way from the root to a value, the latest first. */
typedef struct step {
    const struct step *before;
    const as_value *holder;
    size_t i;
} step;

static void write_path(as_buf *path, const step *last)
{
    if (last == NULL) {
        return;
    }
    write_path(path, last->before);
    if (last->holder->kind == AS_LIST) {
        as_buf_char(path, '[');
        as_buf_size(path, last->i);
        as_buf_char(path, ']');
    } else {
        as_buf_cstr(path, path->n == 0 ? "" : ".");
        as_buf_str(path, last->holder->as.object->members[last->i].key);
    }
}

/* What is looked for, and at how many places still: each finding is looked for, and there may be as
 * many of them as places. */
typedef struct search {
    as_buf *path;
    const as_value *v;
    size_t left;
} search;

static bool find_path(search *s, const as_value *at, const step *before, int depth);

static bool find_below(search *s, const as_value *child, const step *here, int depth)
{
    if (child == s->v) {
        write_path(s->path, here);
        return true;
    }
    if (s->left == 0) {
        return false;
    }
    s->left--;
    return is_tree(child) && find_path(s, child, here, depth + 1);
}

/* Looks below `at`. The text is written once the value is found. */
static bool find_path(search *s, const as_value *at, const step *before, int depth)
{
    step here = {before, at, 0};
    if (depth > AS_MAX_DEPTH) {
        return false;
    }
    if (at->kind == AS_LIST) {
        for (; here.i < at->as.list.n && s->left > 0; here.i++) {
            if (find_below(s, at->as.list.items[here.i], &here, depth)) {
                return true;
            }
        }
        return false;
    }
    for (; here.i < at->as.object->n && s->left > 0; here.i++) {
        if (find_below(s, at->as.object->members[here.i].value, &here, depth)) {
            return true;
        }
    }
    return false;
}

as_str as_lua_path_of(as_arena *arena, const as_value *root, const as_value *v)
{
    enum { MOST_PLACES = 8192 };
    as_buf path;
    search s = {.path = &path, .v = v, .left = MOST_PLACES};
    as_buf_init(&path, arena, 0);
    bool found = v != NULL && v != root && is_tree(root) && find_path(&s, root, NULL, 0);
    return found ? as_buf_view(&path) : AS_STR("");
}

/* --- entities ------------------------------------------------------------------------------------- */

void as_lua_push_entity(as_lua *lua, const as_entity *entity)
{
    if (entity == NULL) {
        lua_pushnil(lua->L);
        return;
    }
    if (entity == lua->shown) {
        lua_rawgeti(lua->L, LUA_REGISTRYINDEX, lua->shown_proxy);
        return;
    }
    entity_proxy *proxy = as_lua_new_object(lua->L, AS_LUA_ENTITY, sizeof *proxy);
    proxy->entity = entity;
    if (entity == lua->entity) { /* its rules will ask for it again */
        lua_pushvalue(lua->L, -1);
        lua_rawseti(lua->L, LUA_REGISTRYINDEX, lua->shown_proxy);
        lua->shown = entity;
    }
}

void as_lua_push_entities(as_lua *lua, const as_entity *const *items, size_t n)
{
    lua_createtable(lua->L, n > 1 << 20 ? 0 : (int)n, 0);
    for (size_t i = 0; i < n; i++) {
        as_lua_push_entity(lua, items[i]);
        lua_rawseti(lua->L, -2, (lua_Integer)i + 1);
    }
}

const as_entity *as_lua_entity_at(lua_State *L, int index)
{
    const entity_proxy *proxy = as_lua_test_object(L, index, AS_LUA_ENTITY);
    return proxy == NULL ? NULL : proxy->entity;
}

const as_entity *as_lua_check_entity(lua_State *L, int index)
{
    return ((const entity_proxy *)as_lua_check_object(L, index, AS_LUA_ENTITY))->entity;
}

static void push_prefix(lua_State *L, const as_entity *entity, as_str name)
{
    prefix_proxy *proxy = as_lua_new_object(L, AS_LUA_PREFIX, sizeof *proxy + name.n);
    proxy->entity = entity;
    proxy->n = name.n;
    if (name.n > 0) {
        memcpy(proxy->name, name.p, name.n);
    }
}

/* Pushes the field or the group of that name; false when the schema has neither. */
static bool push_field(as_lua *lua, const as_entity *entity, as_str name)
{
    const as_field *field = as_schema_field(entity->schema, name);
    if (field == NULL) {
        if (as_schema_has_prefix(entity->schema, name)) {
            push_prefix(lua->L, entity, name);
            return true;
        }
        return false;
    }
    as_lua_need_field(lua, entity, field);
    as_reading r = as_field_read(lua->graph, lua->arena, entity, field);
    if (as_str_is(name, "name") && (as_value_is_null(r.value) || as_value_is_unknown(r.value))) {
        return false; /* then it is called as its address says */
    }
    bool identity = as_str_is(name, "name") || as_str_is(name, "id") || as_str_is(name, "arn");
    if (!identity) {
        as_lua_note(lua, r.defaulted ? NULL : r.value, r.holder, r.entity, r.defaulted);
    }
    push_from(lua, r.value, r.entity == NULL ? entity : r.entity);
    return true;
}

static const as_value *tags_of(as_lua *lua, const as_entity *entity)
{
    as_reading r = as_tags_read(lua->arena, entity);
    as_lua_note(lua, r.value, r.holder, entity, false);
    return r.value;
}

/* What every entity has beside its schema, sorted by name. */
typedef enum builtin {
    ACCOUNT,
    ADDRESS,
    CLASSIFICATION,
    ENVIRONMENT,
    EXTRA,
    KIND,
    NAME,
    NAMESPACE,
    ORIGIN,
    PROVIDER,
    RAW,
    REGION,
    SPACE,
    TAGS,
    TYPE,
    N_BUILTINS,
} builtin;

static builtin find_builtin(as_str key)
{
    static const as_str names[N_BUILTINS] = {[ACCOUNT] = AS_STR_INIT("account"),
            [ADDRESS] = AS_STR_INIT("address"),
            [CLASSIFICATION] = AS_STR_INIT("classification"),
            [ENVIRONMENT] = AS_STR_INIT("environment"),
            [EXTRA] = AS_STR_INIT("extra"),
            [KIND] = AS_STR_INIT("kind"),
            [NAME] = AS_STR_INIT("name"),
            [NAMESPACE] = AS_STR_INIT("namespace"),
            [ORIGIN] = AS_STR_INIT("origin"),
            [PROVIDER] = AS_STR_INIT("provider"),
            [RAW] = AS_STR_INIT("raw"),
            [REGION] = AS_STR_INIT("region"),
            [SPACE] = AS_STR_INIT("space"),
            [TAGS] = AS_STR_INIT("tags"),
            [TYPE] = AS_STR_INIT("type")};
    for (size_t i = 0; i < N_BUILTINS; i++) {
        if (key.n == names[i].n && memcmp(key.p, names[i].p, key.n) == 0) {
            return (builtin)i;
        }
    }
    return N_BUILTINS;
}

static as_str builtin_text(const as_entity *entity, builtin which)
{
    switch (which) {
    case ACCOUNT:
        return entity->account;
    case ADDRESS:
        return entity->address;
    case ENVIRONMENT:
        return entity->unit == NULL ? AS_STR("") : entity->unit->environment;
    case KIND:
        return entity->kind;
    case NAME:
        return entity->name;
    case ORIGIN:
        return as_str_from(as_origin_name(entity->origin));
    case PROVIDER:
        return entity->provider;
    case REGION:
        return entity->region;
    case SPACE:
    case NAMESPACE:
        return entity->space;
    case TYPE:
        return entity->type;
    default:
        return AS_STR("");
    }
}

static bool push_builtin(as_lua *lua, const as_entity *entity, as_str key)
{
    builtin which = find_builtin(key);
    switch (which) {
    case N_BUILTINS:
        return false;
    case RAW:
        push_from(lua, entity->raw, entity);
        break;
    case EXTRA:
        push_from(lua, entity->extra, entity);
        break;
    case CLASSIFICATION:
        as_lua_need_namespace(lua, entity);
        as_lua_push_str(lua->L, lua->host.classify == NULL
                                        ? AS_STR("")
                                        : lua->host.classify(lua->host.self, entity));
        break;
    case TAGS:
        push_from(lua, tags_of(lua, entity), entity);
        break;
    default:
        as_lua_push_str(lua->L, builtin_text(entity, which));
        break;
    }
    return true;
}

static int no_field(lua_State *L, const as_entity *entity, as_str name)
{
    as_str best = AS_STR("");
    size_t nearest = 3;
    for (size_t i = 0; entity->schema != NULL && i < entity->schema->n_fields; i++) {
        size_t distance = as_str_distance(name, entity->schema->fields[i].name, nearest);
        if (distance < nearest) {
            nearest = distance;
            best = entity->schema->fields[i].name;
        }
    }
    char text[400];
    (void)snprintf(text, sizeof text, "%.*s has no field '%.*s'%s%.*s%s",
            AS_STR_ARG(as_str_slice(entity->kind, 0, 100)), AS_STR_ARG(as_str_slice(name, 0, 100)),
            best.n > 0 ? "; did you mean '" : "", AS_STR_ARG(best), best.n > 0 ? "'?" : "");
    return luaL_error(L, "%s", text);
}

/* Upvalue 1 holds the methods, upvalue 2 what is on the shelf of fields. */
static int l_entity_index(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    as_lua_tick(lua);
    const as_entity *entity = as_lua_check_entity(L, 1);
    luaL_checktype(L, 2, LUA_TSTRING);
    bool kept = entity == lua->entity;
    if (kept) {
        as_shelf_turn(&lua->fields, entity);
        if (as_shelf_take(lua, &lua->fields, lua_upvalueindex(2), 2, lua->armed)) {
            return 1;
        }
    }
    size_t n_notes = lua->n_notes, n_secrets = lua->secrets.n;
    lua_pushvalue(L, 2);
    as_str key = as_lua_str(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) { /* methods */
        /* `e:targets(e.raw.key)` wants the value itself, known or not. */
        lua->armed = lua->armed || as_str_is(key, "targets");
        return 1;
    }
    if (!push_field(lua, entity, key) && !push_builtin(lua, entity, key)) {
        return no_field(L, entity, key);
    }
    bool noted = lua->n_notes != n_notes;
    if (kept && !lua->armed && lua->secrets.n == n_secrets && !(noted && lua->frozen)) {
        as_shelf_keep(lua, &lua->fields, lua_upvalueindex(2), 2, noted);
    }
    return 1;
}

static int l_prefix_index(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const prefix_proxy *self = as_lua_check_object(L, 1, AS_LUA_PREFIX);
    as_str key = {luaL_checkstring(L, 2), lua_rawlen(L, 2)};
    char name[256];
    if (self->n + 1 + key.n > sizeof name) {
        return no_field(L, self->entity, key);
    }
    memcpy(name, self->name, self->n);
    name[self->n] = '.';
    memcpy(name + self->n + 1, key.p, key.n);
    as_str full = {name, self->n + 1 + key.n};
    return push_field(lua, self->entity, full) ? 1 : no_field(L, self->entity, full);
}

static int l_entity_eq(lua_State *L)
{
    lua_pushboolean(L, as_lua_entity_at(L, 1) == as_lua_entity_at(L, 2));
    return 1;
}

static int l_entity_tostring(lua_State *L)
{
    as_lua_push_str(L, as_lua_check_entity(L, 1)->address);
    return 1;
}

/* --- methods -------------------------------------------------------------------------------------- */

static int l_satellites(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const as_entity *entity = as_lua_check_entity(L, 1);
    as_str name = {luaL_checkstring(L, 2), lua_rawlen(L, 2)};
    size_t n;
    bool unsure = false;
    as_lua_need_unit(lua, entity);
    const as_entity *const *found = as_graph_satellites(lua->graph, entity, name, &n, &unsure);
    as_lua_note(lua, NULL, entity->raw, entity, false);
    if (n == 0 && unsure) {
        as_lua_raise_unknown(lua, NULL,
                as_str_fmt(lua->arena,
                        "a resource that may be its %.*s is bound to something unknown",
                        AS_STR_ARG(name)));
    }
    as_lua_push_entities(lua, found, n);
    return 1;
}

static int l_targets(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    const as_entity *entity = as_lua_check_entity(L, 1);
    const as_value *v = as_lua_value_at(L, 2);
    lua->armed = false;
    lua->leaked = false;
    as_lua_need_unit(lua, entity);
    size_t n = 0;
    const as_entity *const *found = NULL;
    if (v == NULL && lua_type(L, 2) == LUA_TSTRING) {
        as_str text = as_str_dup(lua->arena, as_lua_str(L, 2));
        v = as_value_string(lua->arena, AS_SPAN_NONE, text);
    }
    if (v != NULL) {
        found = as_graph_targets(lua->graph, lua->arena, entity, v, &n);
    }
    as_lua_push_entities(lua, found, n);
    return 1;
}

/* Whether edges of that type, or with entities of that kind at their other end, may lead to other
 * units. Two kinds do: those of pipelines (graph/pipelines.c) and those from code to what is live
 * (graph/declare.c). */
static bool leaves_unit(const as_entity *entity, as_str wanted, bool by_kind)
{
    if (by_kind) {
        return wanted.n == 0 || as_str_starts(wanted, "ci.") || as_str_eq(wanted, entity->kind);
    }
    return wanted.n == 0 || as_str_is(wanted, as_edge_name(AS_EDGE_declares)) ||
           as_str_is(wanted, as_edge_name(AS_EDGE_assumes)) ||
           as_str_is(wanted, as_edge_name(AS_EDGE_deploys));
}

static int push_ends(lua_State *L, bool incoming, bool by_kind)
{
    as_lua *lua = as_lua_of(L);
    const as_entity *entity = as_lua_check_entity(L, 1);
    as_str wanted = {luaL_optstring(L, 2, ""), lua_isnoneornil(L, 2) ? 0 : lua_rawlen(L, 2)};
    as_str kind = {luaL_optstring(L, 3, ""), lua_isnoneornil(L, 3) ? 0 : lua_rawlen(L, 3)};
    size_t n;
    if (leaves_unit(entity, wanted, by_kind)) {
        as_lua_need_all(lua);
    }
    as_lua_need_unit(lua, entity);
    const as_edge *const *edges = incoming ? as_graph_edges_to(lua->graph, entity->id, &n)
                                           : as_graph_edges_from(lua->graph, entity->id, &n);
    as_str gap = by_kind ? as_graph_gap(lua->graph, entity->unit, wanted)
                         : as_graph_edge_gap(lua->graph, entity, wanted, incoming);
    if (gap.n > 0 && wanted.n > 0) {
        as_lua_raise_unknown(lua, NULL, gap);
    }
    lua_newtable(L);
    lua_Integer count = 0;
    uint32_t last = 0;
    for (size_t i = 0; i < n; i++) {
        const as_entity *end = as_graph_get(lua->graph, incoming ? edges[i]->from : edges[i]->to);
        as_str is = by_kind ? end->kind : as_str_from(as_edge_name(edges[i]->type));
        if ((wanted.n == 0 || as_str_eq(is, wanted)) && end->id != last &&
                (kind.n == 0 || as_str_eq(end->kind, kind))) {
            as_lua_push_entity(lua, end);
            lua_rawseti(L, -2, ++count);
            last = end->id;
        }
    }
    return 1;
}

static int l_referrers(lua_State *L)
{
    return push_ends(L, true, true);
}

static int l_edges_to(lua_State *L)
{
    return push_ends(L, true, false);
}

static int l_edges_from(lua_State *L)
{
    return push_ends(L, false, false);
}

void as_lua_open_proxies(as_lua *lua)
{
    static const luaL_Reg value[] = {{"__index", l_value_index}, {"__len", l_value_len},
            {"__pairs", l_value_pairs}, {"__eq", l_value_eq}, {"__tostring", l_value_tostring},
            {"__concat", l_value_concat}, {NULL, NULL}};
    static const luaL_Reg entity[] = {
            {"__eq", l_entity_eq}, {"__tostring", l_entity_tostring}, {NULL, NULL}};
    static const luaL_Reg prefix[] = {{"__index", l_prefix_index}, {NULL, NULL}};
    static const luaL_Reg methods[] = {{"satellites", l_satellites}, {"referrers", l_referrers},
            {"targets", l_targets}, {"edges_to", l_edges_to}, {"edges_from", l_edges_from},
            {NULL, NULL}};
    lua_State *L = lua->L;
    lua_pushcfunction(L, l_dig);
    lua_setglobal(L, "dig");
    as_lua_new_class(L, AS_LUA_VALUE, value);
    as_lua_new_class(L, AS_LUA_PREFIX, prefix);
    as_lua_new_class(L, AS_LUA_ENTITY, entity);
    luaL_newlib(L, methods);
    as_shelf_push_table(L);
    lua_pushcclosure(L, l_entity_index, 2);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 3);
    lua_pushboolean(L, false);
    lua->shown_proxy = luaL_ref(L, LUA_REGISTRYINDEX);
}
