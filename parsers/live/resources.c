/* Live resources as JSON: what readers of snapshots hand over, one object a resource.
 *
 *   [{"type": "aws:acm:certificate", "id": "arn:aws:acm:…", "name": "web", "account":
 * "123456789012", "region": "eu-west-1", "time": "2026-01-31T00:00:00Z", "body": {…}, "unknown":
 * {"InUseBy": "AccessDenied"}}]
 *
 * `body` is the API's answer in the shape of the AWS CLI (members of later calls merged in under
 * the name of the call: "Policy", "Versioning"); `unknown` names members that could not be asked
 * for, with the reason, so that their absence proves nothing; `time` is that of the answer
 * (`e.extra.time`). Lists of {Key, Value} become the map `tags`. Files are named *.assay-live.json.
 */
#include "parsers/json/json.h"
#include "parsers/parser.h"

extern const as_parser as_parser_live;

static const char *const tag_lists[] = {"Tags", "TagList", "TagSet", "tags"};

/* [{Key, Value}] as a map; NULL when v is no such list. */
static const as_value *tag_map(as_arena *arena, const as_value *v)
{
    if (!as_value_is(v, AS_LIST)) {
        return NULL;
    }
    as_object_builder b;
    as_object_begin(&b, arena);
    for (size_t i = 0; i < as_value_count(v); i++) {
        const as_value *tag = as_value_index(v, i);
        const as_value *key = as_value_get(tag, AS_STR("Key"));
        const as_value *value = as_value_get(tag, AS_STR("Value"));
        key = key != NULL ? key : as_value_get(tag, AS_STR("key"));
        value = value != NULL ? value : as_value_get(tag, AS_STR("value"));
        if (as_value_is(key, AS_STRING) && value != NULL) {
            as_object_add(&b, key->as.str, key->span, value);
        }
    }
    return as_object_end(&b, v->span);
}

/* The body, with what could not be had and with tags in one form. */
static const as_value *attributes(as_arena *arena, const as_value *item)
{
    const as_value *body = as_value_get(item, AS_STR("body"));
    const as_value *missing = as_value_get(item, AS_STR("unknown"));
    as_object_builder b;
    as_object_begin(&b, arena);
    for (size_t i = 0; as_value_is(body, AS_OBJECT) && i < body->as.object->n; i++) {
        const as_member *m = &body->as.object->members[i];
        as_object_add(&b, m->key, m->key_span, m->value);
    }
    for (size_t i = 0; i < sizeof tag_lists / sizeof *tag_lists; i++) {
        const as_value *tags = as_value_get(body, as_str_from(tag_lists[i]));
        const as_value *map = as_value_is(tags, AS_OBJECT) ? tags : tag_map(arena, tags);
        if (map != NULL) {
            as_object_add(&b, AS_STR("tags"), tags->span, map);
            break;
        }
    }
    for (size_t i = 0; as_value_is(missing, AS_OBJECT) && i < missing->as.object->n; i++) {
        const as_member *m = &missing->as.object->members[i];
        as_object_add(&b, m->key, m->key_span,
                as_value_unknown(arena, m->value->span, as_value_str(m->value), NULL));
    }
    return as_object_end(&b, body != NULL ? body->span : item->span);
}

/* What stands around the body. */
static const as_value *around(as_arena *arena, const as_value *item)
{
    const as_member *time = as_value_member(item, AS_STR("time"));
    as_object_builder b;
    as_object_begin(&b, arena);
    if (time != NULL) {
        as_object_add(&b, time->key, time->key_span, time->value);
    }
    return as_object_end(&b, item->span);
}

static void add(as_load *l, const as_value *item)
{
    as_str type = as_value_str(as_value_get(item, AS_STR("type")));
    as_str id = as_value_str(as_value_get(item, AS_STR("id")));
    as_str name = as_value_str(as_value_get(item, AS_STR("name")));
    if (type.n == 0 || (id.n == 0 && name.n == 0)) {
        as_diags_add(l->diags, AS_DIAG_WARNING, "live-resource", item->span,
                "a live resource has a type, and an id or a name");
        return;
    }
    const as_member *head = as_value_member(item, id.n > 0 ? AS_STR("id") : AS_STR("name"));
    as_resource r = {.origin = AS_ORIGIN_LIVE,
            .type = type,
            .address = id.n > 0 ? id : name,
            .name = name.n > 0 ? name : id,
            .region = as_value_str(as_value_get(item, AS_STR("region"))),
            .account = as_value_str(as_value_get(item, AS_STR("account"))),
            .span = item->span,
            .head = as_span_join(head->key_span, head->value->span),
            .raw = attributes(l->arena, item),
            .extra = around(l->arena, item)};
    AS_VEC_PUSH(l->arena, &l->resources, r);
}

/* All files of a scan are one estate. */
static void discover(as_discovery *d)
{
    as_unit *unit = NULL;
    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->kind != AS_FILE_LIVE || input->taken) {
            continue;
        }
        if (unit == NULL) {
            /* Not "live": that word stands for production in paths. */
            unit = as_discovery_unit(d, AS_STR("collected"), AS_STR(""), AS_ORIGIN_LIVE);
        }
        as_discovery_add(d, &as_parser_live, input->path, AS_STR(""), AS_ORIGIN_LIVE, unit);
        input->taken = true;
    }
}

static void load(as_load *l)
{
    const as_source *source;
    as_fs_error error = as_fs_read(l->fs, l->target->path, &source);
    if (error != AS_FS_OK) {
        as_diags_add_path(l->diags, AS_DIAG_ERROR, "file-read", l->target->path,
                "cannot be read: %s", as_fs_error_text(error));
        return;
    }
    const as_value *all = as_json_parse(l->arena, source, l->diags);
    if (all == NULL) {
        return;
    }
    if (!as_value_is(all, AS_LIST)) {
        as_diags_add(l->diags, AS_DIAG_ERROR, "live-resource", all->span,
                "live resources are a list of objects");
        return;
    }
    l->n_files++;
    for (size_t i = 0; i < as_value_count(all); i++) {
        add(l, as_value_index(all, i));
    }
}

const as_parser as_parser_live = {"live", discover, load};
