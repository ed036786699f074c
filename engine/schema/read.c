/* Reading fields: the first place that holds something counts; what is unknown stays so. */
#include "engine/base/num.h"
#include "engine/schema/schema.h"

/* Takes the next name off a path: "a[].b" → "a", with *each set. */
static bool next_step(as_str *path, as_str *name, bool *each)
{
    while (path->n > 0 && path->p[0] == '.') {
        *path = as_str_from_index(*path, 1);
    }
    if (path->n == 0) {
        return false;
    }
    size_t n = 0;
    while (n < path->n && path->p[n] != '.' && path->p[n] != '[') {
        n++;
    }
    *name = as_str_slice(*path, 0, n);
    *path = as_str_from_index(*path, n);
    *each = as_str_starts(*path, "[]");
    if (*each) {
        *path = as_str_from_index(*path, 2);
    }
    return true;
}

/* Takes "[3]" off a path. */
static bool next_index(as_str *path, size_t *index)
{
    size_t n = 1;

    if (!as_str_starts(*path, "["))
        return false;
    for (*index = 0; n < path->n && n < 8 && path->p[n] >= '0' && path->p[n] <= '9'; n++)
        *index = *index * 10 + (size_t)(path->p[n] - '0');
    if (n == 1 || n >= path->n || path->p[n] != ']')
        return false;
    *path = as_str_from_index(*path, n + 1);
    return true;
}

static as_reading walk(as_arena *arena, const as_value *from, as_str path, int depth);

static as_reading walk_each(as_arena *arena, const as_value *list, as_str path, int depth)
{
    as_reading reading = {.holder = list};
    as_list_builder all;
    as_list_begin(&all, arena);
    for (size_t i = 0; i < as_value_count(list); i++) {
        as_reading one = walk(arena, as_value_index(list, i), path, depth + 1);
        if (as_value_is_null(one.value)) {
            continue;
        }
        if (one.value->kind == AS_LIST && as_str_contains(path, "[]")) {
            for (size_t j = 0; j < one.value->as.list.n; j++) {
                as_list_add(&all, one.value->as.list.items[j]);
            }
        } else {
            as_list_add(&all, one.value);
        }
    }
    reading.value = all.n == 0 ? NULL : as_list_end(&all, list->span);
    return reading;
}

static as_reading walk(as_arena *arena, const as_value *from, as_str path, int depth)
{
    as_reading reading = {.value = from, .holder = from};
    as_str name;
    bool each;
    size_t index;
    while (!as_value_is_null(reading.value)) {
        if (reading.value->kind == AS_UNKNOWN) {
            return reading;
        }
        if (next_index(&path, &index)) {
            reading.value = as_value_index(reading.value, index);
            continue;
        }
        if (!next_step(&path, &name, &each)) {
            break;
        }
        if (reading.value->kind == AS_LIST) {
            reading.value = as_value_index(reading.value, 0);
            if (as_value_is_unknown(reading.value)) {
                return reading;
            }
        }
        if (reading.value != NULL && reading.value->kind == AS_OBJECT) {
            reading.holder = reading.value;
        }
        reading.value = as_value_get(reading.value, name);
        if (each && reading.value != NULL && reading.value->kind == AS_LIST && depth < 8) {
            return walk_each(arena, reading.value, path, depth);
        }
    }
    if (as_value_is_null(reading.value)) {
        reading.value = NULL;
    }
    return reading;
}

as_reading as_place_walk(as_arena *arena, const as_value *from, as_str path)
{
    return walk(arena, from, path, 0);
}

/* Scalars as text, for comparisons such as "status == Enabled" and "count != 0". */
static bool equals_text(const as_value *v, as_str text)
{
    char number[40];
    switch ((as_kind)v->kind) {
    case AS_BOOL:
        return as_str_is(text, v->as.boolean ? "true" : "false");
    case AS_INT:
    case AS_FLOAT:
        return as_str_eq(text,
                (as_str){number, as_double_write(as_value_to_double(v), number, sizeof number)});
    case AS_STRING:
    case AS_BIGNUM:
        return as_str_eq(v->as.str, text);
    default:
        return false;
    }
}

/* Applies the comparison; the result keeps place, references and trail of what was compared. */
static void compare(as_arena *arena, const as_place *place, as_reading *reading)
{
    const as_value *v = reading->value;
    if (place->compare == AS_COMPARE_NONE || v == NULL) {
        return;
    }
    if (v->kind == AS_UNKNOWN && place->compare != AS_COMPARE_PRESENT) {
        return;
    }
    bool is = true;
    if (place->compare == AS_COMPARE_PRESENT) {
        is = v->kind != AS_LIST || v->as.list.n > 0;
    } else {
        is = equals_text(v, place->literal) == (place->compare == AS_COMPARE_EQ);
    }
    as_value *verdict = as_value_copy(arena, v);
    verdict->kind = AS_BOOL;
    verdict->as.boolean = is;
    reading->value = verdict;
}

static as_reading read_place(
        const as_graph *graph, as_arena *arena, const as_entity *entity, const as_place *place)
{
    as_reading reading = {.holder = entity->raw, .entity = entity};
    if (place->satellite.n == 0) {
        reading = as_place_walk(arena, entity->raw, place->path);
        reading.entity = entity;
    } else if (as_str_is(place->satellite, "extra")) {
        reading = as_place_walk(arena, entity->extra, place->path);
        reading.entity = entity;
    } else {
        size_t n;
        bool unsure = false;
        const as_entity *const *found =
                as_graph_satellites(graph, entity, place->satellite, &n, &unsure);
        for (size_t i = 0; i < n && reading.value == NULL; i++) {
            reading = as_place_walk(arena, found[i]->raw, place->path);
            reading.entity = found[i];
        }
        if (reading.value == NULL && unsure) {
            reading.value = as_value_unknown(arena, entity->head,
                    as_str_fmt(arena, "a resource that may set %.*s is bound to something unknown",
                            AS_STR_ARG(place->satellite)),
                    NULL);
        }
    }
    compare(arena, place, &reading);
    return reading;
}

const as_field_source *as_field_source_of(
        const as_entity *entity, const as_field_source *sources, size_t n)
{
    const as_field_source *by_source = NULL, *for_all = NULL;
    as_str source = as_schema_source(entity);
    char buffer[256];
    as_str type = as_schema_short_type(entity->type, buffer, sizeof buffer);
    for (size_t i = 0; i < n; i++) {
        as_str key = sources[i].source;
        if (as_str_eq(key, type)) {
            return &sources[i];
        }
        by_source = as_str_eq(key, source) ? &sources[i] : by_source;
        for_all = key.n == 0 ? &sources[i] : for_all;
    }
    return by_source != NULL ? by_source : for_all;
}

as_reading as_field_find(const as_graph *graph, as_arena *arena, const as_entity *entity,
        const as_field_source *sources, size_t n_sources)
{
    as_reading first = {.holder = entity->raw, .entity = entity};
    const as_field_source *source = as_field_source_of(entity, sources, n_sources);
    if (source == NULL) {
        return first;
    }
    for (size_t i = 0; i < source->n_places; i++) {
        as_reading reading = read_place(graph, arena, entity, &source->places[i]);
        if (reading.value != NULL) {
            return reading;
        }
        if (i == 0 || reading.holder != entity->raw) {
            first = reading; /* the deepest place that is there is where to point */
        }
    }
    if (first.entity != entity && first.holder == NULL) {
        first.entity = entity;
    }
    return first;
}

/* --- types -------------------------------------------------------------------------------------
 */

/* Providers accept "true", "1" and the like for booleans and numbers (cty's conversions). */
static const as_value *to_bool(as_arena *arena, const as_value *v)
{
    as_str text = as_value_str(v);
    bool yes = as_str_ieq(text, AS_STR("true")) || as_str_is(text, "1");
    bool no = as_str_ieq(text, AS_STR("false")) || as_str_is(text, "0");
    if (v->kind != AS_STRING || (!yes && !no)) {
        return v;
    }
    as_value *copy = as_value_copy(arena, v);
    copy->kind = AS_BOOL;
    copy->as.boolean = yes;
    return copy;
}

static const as_value *to_number(as_arena *arena, const as_value *v)
{
    const as_value *number;
    if (v->kind != AS_STRING || !as_value_number(arena, v->span, v->as.str, &number)) {
        return v;
    }
    as_value *copy = as_value_copy(arena, number);
    copy->meta = v->meta;
    copy->flags = v->flags;
    return copy;
}

static const as_value *to_list(as_arena *arena, const as_value *v)
{
    if (v->kind == AS_LIST || v->kind == AS_UNKNOWN) {
        return v;
    }
    const as_value **items = AS_NEW_ARRAY(arena, const as_value *, 1);
    items[0] = v;
    return as_value_list(arena, v->span, items, 1);
}

static const as_value *to_string(as_arena *arena, const as_value *v)
{
    if (v->kind != AS_INT && v->kind != AS_FLOAT && v->kind != AS_BOOL) {
        return v;
    }
    as_buf buf;
    as_buf_init(&buf, arena, 64);
    as_value_write_json(&buf, v, (as_json_style){.show_sensitive = true});
    as_value *copy = as_value_copy(arena, v);
    copy->kind = AS_STRING;
    copy->as.str = as_buf_view(&buf);
    return copy;
}

static const as_value *convert(as_arena *arena, as_field_type type, const as_value *v)
{
    switch (type) {
    case AS_FIELD_BOOL:
        return to_bool(arena, v);
    case AS_FIELD_NUMBER:
        return to_number(arena, v);
    case AS_FIELD_STRING:
        return to_string(arena, v);
    case AS_FIELD_LIST:
        return to_list(arena, v);
    case AS_FIELD_MAP: /* a block that may stand once is a list of one object */
        return v->kind == AS_LIST && v->as.list.n > 0 ? v->as.list.items[0] : v;
    case AS_FIELD_ANY:
        break;
    }
    return v;
}

/* Whether the field lies somewhere else only: what live answers do not show is not at its default.
 */
static bool is_out_of_sight(const as_entity *entity, const as_field *field)
{
    return entity->origin == AS_ORIGIN_LIVE && field->n_sources > 0 &&
           as_field_source_of(entity, field->sources, field->n_sources) == NULL;
}

as_reading as_field_read(
        const as_graph *graph, as_arena *arena, const as_entity *entity, const as_field *field)
{
    as_reading reading = as_field_find(graph, arena, entity, field->sources, field->n_sources);
    if (reading.value != NULL) {
        reading.value = convert(arena, field->type, reading.value);
    } else if (is_out_of_sight(entity, field)) {
        reading.value = as_value_unknown(arena, entity->head,
                as_str_fmt(arena, "live answers do not show %.*s", AS_STR_ARG(field->name)), NULL);
    } else if (field->fallback != NULL) {
        reading.value = field->fallback;
        reading.defaulted = true;
    } else if (field->unsure.n > 0) {
        reading.value = as_value_unknown(arena, entity->head, field->unsure, NULL);
    }
    return reading;
}

/* "settings.userLabels" of "settings.user_labels": Google's answers spell in camel case what
 * Terraform spells in snake case. */
static as_str camel_case(as_arena *arena, as_str path)
{
    char *out = as_arena_alloc(arena, path.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < path.n; i++) {
        bool joint = path.p[i] == '_' && i + 1 < path.n;
        char c = path.p[joint ? ++i : i];
        out[n++] = joint && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return (as_str){out, n};
}

as_reading as_tags_read(as_arena *arena, const as_entity *entity)
{
    as_str path = entity->schema == NULL ? AS_STR("") : entity->schema->tags;
    as_reading r = {0};
    if (path.n == 0) {
        path = AS_STR("tags");
    }
    if (as_str_is(path, "tags")) {
        r = as_place_walk(arena, entity->raw, AS_STR("tags_all"));
    } else if (as_str_is(path, "labels") || as_str_is(path, "resource_labels")) {
        r = as_place_walk(arena, entity->raw, AS_STR("effective_labels"));
    }
    r = r.value != NULL ? r : as_place_walk(arena, entity->raw, path);
    bool respell = r.value == NULL && entity->origin == AS_ORIGIN_LIVE &&
                   as_str_find_char(path, '_') != (size_t)-1;
    return respell ? as_place_walk(arena, entity->raw, camel_case(arena, path)) : r;
}
