#include "parsers/live/aws/config_items.h"

#include "engine/base/limits.h"
#include "parsers/json/json.h"
#include "parsers/live/aws/scope.h"

/* Config writes members with a small first letter ("dBInstanceIdentifier"), the API with a capital.
 * Of the networks of security groups it has two lists, of which one is the API's. Empty: the member
 * is left out. */
static as_str api_name(as_arena *arena, as_str key)
{
    if (as_str_is(key, "ipv4Ranges")) {
        return AS_STR("IpRanges");
    }
    if (as_str_is(key, "ipRanges")) {
        return AS_STR("");
    }
    return as_str_join(
            arena, as_str_upper(arena, as_str_slice(key, 0, 1)), as_str_from_index(key, 1));
}

static const as_value *api_shape(as_arena *arena, const as_value *v, int depth);

/* Names of environment variables and tags are data, not members. */
static bool is_map(as_str key)
{
    return as_str_is(key, "variables") || as_str_is(key, "tags");
}

static void add_members(as_object_builder *b, const as_value *from, int depth)
{
    for (size_t i = 0; as_value_is(from, AS_OBJECT) && i < from->as.object->n; i++) {
        const as_member *m = &from->as.object->members[i];
        as_str name = api_name(b->arena, m->key);
        if (name.n > 0) {
            as_object_add(b, name, m->key_span,
                    is_map(m->key) ? m->value : api_shape(b->arena, m->value, depth + 1));
        }
    }
}

static const as_value *api_shape(as_arena *arena, const as_value *v, int depth)
{
    if (v == NULL || depth > AS_MAX_DEPTH) {
        return v;
    }
    if (v->kind == AS_LIST) {
        as_list_builder list;
        as_list_begin(&list, arena);
        for (size_t i = 0; i < v->as.list.n; i++) {
            as_list_add(&list, api_shape(arena, v->as.list.items[i], depth + 1));
        }
        return as_list_end(&list, v->span);
    }
    if (v->kind == AS_OBJECT) {
        as_object_builder b;
        as_object_begin(&b, arena);
        add_members(&b, v, depth);
        return as_object_end(&b, v->span);
    }
    return v;
}

/* Some parts are JSON in a text. */
static const as_value *unpacked(as_arena *arena, const as_value *v)
{
    as_str text = as_value_str(v);
    if (!as_str_starts(text, "{") && !as_str_starts(text, "[")) {
        return v;
    }
    as_diags ignored;
    as_diags_init(&ignored, arena);
    const as_value *tree = as_json_parse_text(arena, text, v->span, &ignored);
    return tree != NULL ? tree : v;
}

static const as_value *body_of(as_arena *arena, const as_value *item)
{
    const as_value *own = unpacked(arena, as_value_get(item, AS_STR("configuration")));
    const as_value *more = as_value_get(item, AS_STR("supplementaryConfiguration"));
    const as_value *tags = as_value_get(item, AS_STR("tags"));
    as_object_builder b;
    if (!as_value_is(own, AS_OBJECT)) {
        return NULL;
    }
    as_object_begin(&b, arena);
    add_members(&b, own, 0);
    for (size_t i = 0; as_value_is(more, AS_OBJECT) && i < more->as.object->n; i++) {
        const as_member *m = &more->as.object->members[i];
        as_object_add(&b, m->key, m->key_span, api_shape(arena, unpacked(arena, m->value), 1));
    }
    if (as_value_is(tags, AS_OBJECT)) {
        as_object_add(&b, AS_STR("tags"), tags->span, tags);
    }
    return as_object_end(&b, item->span);
}

void as_aws_config_take(as_live_estate *estate, as_arena *arena, const as_value *items)
{
    for (size_t i = 0; i < as_value_count(items); i++) {
        const as_value *item = as_value_index(items, i);
        as_str type = as_value_str(as_value_get(item, AS_STR("resourceType")));
        as_live_scope *scope = AS_NEW(arena, as_live_scope);
        scope->account = as_value_str(as_value_get(item, AS_STR("awsAccountId")));
        scope->region = as_value_str(as_value_get(item, AS_STR("awsRegion")));
        scope->partition = as_aws_partition_of(scope->region);
        bool is_global = as_str_is(scope->region, "global") || as_str_starts(type, "AWS::IAM::");
        as_snapshot_answer answer = {.op = as_str_fmt(arena, "config:%.*s", AS_STR_ARG(type)),
                .body = body_of(arena, item),
                .time = as_value_str(as_value_get(item, AS_STR("configurationItemCaptureTime"))),
                .last = true};
        if (answer.body != NULL) {
            as_live_estate_take(estate, scope, is_global, &answer);
        }
    }
}
