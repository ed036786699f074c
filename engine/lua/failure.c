/* fail(message, options): what a check found, and where to point. */
#include "engine/lua/internal.h"

typedef struct failure_box {
    as_lua_head head;
    const as_failure *failure;
} failure_box;

void as_lua_push_failure(as_lua *lua, const as_failure *failure)
{
    failure_box *box = as_lua_new_object(lua->L, AS_LUA_FAILURE, sizeof *box);
    box->failure = failure;
}

/* The attribute as it stands, name and value, when both are in one place; else the value alone. */
static as_span span_with_key(const as_value *holder, const as_value *v)
{
    for (size_t i = 0; holder != NULL && holder->kind == AS_OBJECT && i < holder->as.object->n;
            i++) {
        const as_member *m = &holder->as.object->members[i];
        if (m->value == v && m->key_span.file == v->span.file && m->key_span.file != 0 &&
                m->key_span.begin <= v->span.begin) {
            return as_span_join(m->key_span, v->span);
        }
    }
    return v->span;
}

static size_t slot_of(const void *address, size_t n_slots)
{
    return (size_t)((uint64_t)(uintptr_t)address * 0x9e3779b97f4a7c15u >> 40) % n_slots;
}

/* The way to the value in the attributes of the entity. */
static as_str path_in(as_lua *lua, const as_entity *entity, const as_value *v)
{
    if (entity != lua->failures_of) {
        return as_lua_path_of(lua->arena, entity->raw, v);
    }
    as_lua_path *kept = &lua->paths[slot_of(v, AS_LUA_PATHS)];
    if (kept->value != v) {
        *kept = (as_lua_path){v, as_lua_path_of(lua->arena, entity->raw, v)};
    }
    return kept->path;
}

/* The text at `index`, made once as long as the rule goes on naming it. */
static as_str case_at(as_lua *lua, int index)
{
    as_str text = as_lua_str(lua->L, index);
    if (text.n == 0) {
        return AS_STR("");
    }
    as_str *kept = &lua->cases[slot_of(text.p, AS_LUA_CASES)];
    if (!as_str_eq(*kept, text)) {
        *kept = as_str_dup(lua->arena, text);
    }
    return *kept;
}

/* A value that came from elsewhere (a default, a generated list) may have no place of its own. */
static void locate(as_lua *lua, const as_track *track, as_failure *failure)
{
    const as_entity *entity = track->entity == NULL ? lua->entity : track->entity;
    failure->value = track->value;
    if (track->value != NULL && track->value->span.file != 0) {
        failure->span = span_with_key(track->holder, track->value);
        failure->subject = path_in(lua, entity, track->value);
        return;
    }
    const as_value *holder = track->holder;
    bool nested = holder != NULL && holder != entity->raw && holder->span.file != 0;
    failure->span = nested ? holder->span : entity->head;
    failure->subject = nested ? path_in(lua, entity, holder) : AS_STR("");
}

/* `at`: a proxy, or the name of a field or attribute as text. */
/* What a path text names: a field, or a way below the attributes, or below "extra." */
static as_reading read_at(as_lua *lua, as_str name)
{
    const as_entity *entity = lua->entity;
    const as_field *field = as_schema_field(entity->schema, name);
    if (field != NULL) {
        as_lua_need_field(lua, entity, field);
        return as_field_find(lua->graph, lua->arena, entity, field->sources, field->n_sources);
    }
    if (as_str_starts(name, "extra.")) {
        return as_place_walk(lua->arena, entity->extra, as_str_from_index(name, 6));
    }
    return as_place_walk(lua->arena, entity->raw,
            as_str_starts(name, "raw.") ? as_str_from_index(name, 4) : name);
}

static void locate_at(as_lua *lua, int index, as_failure *failure)
{
    lua_State *L = lua->L;
    as_track track = {.entity = lua->entity};
    const as_value *v = as_lua_value_at(L, index);
    const as_entity *other = as_lua_entity_at(L, index);
    if (v != NULL) {
        track.value = v;
        if (lua->track.value == v) {
            track = lua->track;
        }
    } else if (other != NULL) {
        failure->span = other->head;
        failure->subject =
                as_str_eq(other->address, lua->entity->address) ? AS_STR("") : other->address;
        return;
    } else if (lua_type(L, index) == LUA_TSTRING) {
        as_str name = as_str_dup(lua->arena, as_lua_str(L, index));
        as_reading r = read_at(lua, name);
        track = (as_track){r.value, r.holder, r.entity == NULL ? lua->entity : r.entity, false};
    }
    locate(lua, &track, failure);
    /* Where `at` is a block, the scalar in it that was read last decided: its way is the evidence.
     */
    const as_value *decided = lua->track.value;
    bool is_block = v != NULL && (v->kind == AS_OBJECT || v->kind == AS_LIST);
    if (is_block && decided != NULL && as_value_trail(decided) != NULL &&
            as_lua_path_of(lua->arena, v, decided).n > 0) {
        failure->value = decided;
    }
}

/* Sensitive texts that the check has read do not reach its message. */
static as_str redact(as_lua *lua, as_str message)
{
    for (size_t i = 0; i < lua->secrets.n; i++) {
        if (lua->secrets.items[i].n >= 3) {
            message = as_str_replace(
                    lua->arena, message, lua->secrets.items[i], AS_STR("(sensitive)"));
        }
    }
    return message;
}

static void read_evidence(as_lua *lua, int index, as_failure *failure)
{
    lua_State *L = lua->L;
    lua_Integer n = luaL_len(L, index);
    as_evidence *list = AS_NEW_ARRAY(lua->arena, as_evidence, (size_t)n);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_geti(L, index, i);
        lua_geti(L, -1, 1);
        lua_geti(L, -2, 2);
        const as_value *v = as_lua_value_at(L, -2);
        const as_entity *e = as_lua_entity_at(L, -2);
        as_evidence *evidence = &list[failure->n_evidence++];
        evidence->span = e != NULL ? e->head : v != NULL ? v->span : AS_SPAN_NONE;
        evidence->note = redact(lua, as_str_dup(lua->arena, as_lua_str(L, -1)));
        lua_pop(L, 3);
    }
    failure->evidence = list;
}

static void read_options(as_lua *lua, as_failure *failure, bool *located)
{
    lua_State *L = lua->L;
    luaL_checktype(L, 2, LUA_TTABLE);
    if (lua_getfield(L, 2, "at") != LUA_TNIL) {
        locate_at(lua, lua_gettop(L), failure);
        *located = true;
    }
    lua_getfield(L, 2, "within");
    failure->within = as_lua_value_at(L, lua_gettop(L));
    lua_getfield(L, 2, "case");
    failure->fail_case = case_at(lua, -1);
    if (lua_getfield(L, 2, "severity") == LUA_TSTRING &&
            !as_severity_parse(as_lua_str(L, -1), &failure->severity)) {
        luaL_error(L, "there is no severity '%s'", lua_tostring(L, -1));
    }
    if (lua_getfield(L, 2, "evidence") == LUA_TTABLE) {
        read_evidence(lua, lua_gettop(L), failure);
    }
    lua_settop(L, 2);
}

static as_failure *new_failure(as_lua *lua)
{
    if (lua->n_failures == lua->failures.n) {
        AS_VEC_PUSH(lua->arena, &lua->failures, AS_NEW(lua->arena, as_failure));
    }
    as_failure *failure = lua->failures.items[lua->n_failures++];
    *failure = (as_failure){0};
    return failure;
}

static int l_fail(lua_State *L)
{
    as_lua *lua = as_lua_of(L);
    if (lua->entity == NULL) {
        return luaL_error(L, "fail() belongs in a check");
    }
    as_str message = {luaL_checkstring(L, 1), lua_rawlen(L, 1)};
    as_failure *failure = new_failure(lua);
    failure->message = redact(lua, as_str_dup(lua->arena, message));
    bool located = false;
    if (!lua_isnoneornil(L, 2)) {
        read_options(lua, failure, &located);
    }
    if (!located) {
        locate(lua, &lua->track, failure);
    }
    lua->frozen = false;
    AS_VEC_PUSH(lua->arena, &lua->made, failure);
    as_lua_push_failure(lua, failure);
    return 1;
}

/* set(field, value, case): what would mend a failure of the case, or any where none is named. */
static int l_set(lua_State *L)
{
    lua_settop(L, 3);
    lua_newtable(L);
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "field");
    lua_pushvalue(L, 2);
    lua_setfield(L, -2, "value");
    lua_pushvalue(L, 3);
    lua_setfield(L, -2, "case");
    return 1;
}

/* Examples in other languages than Terraform: yaml [[…]] and so on, upvalue 1 being the name. */
static int l_example(lua_State *L)
{
    luaL_checkstring(L, 1);
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setfield(L, -2, "language");
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "text");
    return 1;
}

/* An example of several files, files { ["a/b.yml"] = [[…]], … }: one text, in which a line
 * "-- a/b.yml --" stands before each, in the order of their names. */
static int l_files(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_newtable(L); /* 2: parts */
    lua_pushnil(L);
    while (lua_next(L, 1) != 0) {
        if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING) {
            return luaL_error(L, "files { [\"name\"] = [[text]], … } takes names and texts");
        }
        lua_pushfstring(L, "-- %s --\n%s\n", lua_tostring(L, -2), lua_tostring(L, -1));
        lua_rawseti(L, 2, (lua_Integer)lua_rawlen(L, 2) + 1);
        lua_pop(L, 1);
    }
    lua_getglobal(L, "table");
    lua_getfield(L, -1, "sort");
    lua_pushvalue(L, 2);
    lua_call(L, 1, 0);
    lua_getfield(L, -1, "concat");
    lua_pushvalue(L, 2);
    lua_call(L, 1, 1);
    lua_createtable(L, 0, 2);
    lua_pushstring(L, "files");
    lua_setfield(L, -2, "language");
    lua_insert(L, -2);
    lua_setfield(L, -2, "text");
    return 1;
}

static int l_rule(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    return 1;
}

static void collect(as_lua *lua, int index, int depth)
{
    lua_State *L = lua->L;
    const failure_box *box = as_lua_test_object(L, index, AS_LUA_FAILURE);
    if (box != NULL) {
        AS_VEC_PUSH(lua->arena, &lua->collected, box->failure);
    } else if (lua_type(L, index) == LUA_TTABLE && depth < 4) {
        lua_Integer n = luaL_len(L, index);
        for (lua_Integer i = 1; i <= n; i++) {
            lua_geti(L, index, i);
            collect(lua, lua_gettop(L), depth + 1);
            lua_pop(L, 1);
        }
    } else if (!lua_isnil(L, index)) {
        luaL_error(L, "a check returns nothing, fail(…) or a list of failures, not a %s",
                luaL_typename(L, index));
    }
}

void as_lua_collect(as_lua *lua, int index)
{
    collect(lua, index, 0);
}

void as_lua_open_failures(as_lua *lua)
{
    static const char *const languages[] = {"terraform", "yaml", "plan", "live", "assets", "file",
            "workflow", "gitlab", "ansible", NULL};
    static const luaL_Reg functions[] = {
            {"fail", l_fail}, {"set", l_set}, {"rule", l_rule}, {"files", l_files}, {NULL, NULL}};
    lua_State *L = lua->L;
    static const luaL_Reg none[] = {{NULL, NULL}};
    as_lua_new_class(L, AS_LUA_FAILURE, none);
    lua_pop(L, 1);
    lua_pushglobaltable(L);
    luaL_setfuncs(L, functions, 0);
    for (size_t i = 0; languages[i] != NULL; i++) {
        lua_pushstring(L, languages[i]);
        lua_pushcclosure(L, l_example, 1);
        lua_setfield(L, -2, languages[i]);
    }
    lua_pop(L, 1);
}
