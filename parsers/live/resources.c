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
#include "parsers/live/resources.h"

#include "parsers/json/json.h"

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

/* The member that counts: of what was joined the last, else that of the body. */
static const as_value *member(const as_live_facts *facts, as_str name)
{
    for (size_t i = facts->n_more; i > 0; i--) {
        if (as_str_eq(facts->more[i - 1].key, name)) {
            return facts->more[i - 1].value;
        }
    }
    return as_value_get(facts->body, name);
}

/* Tags in whatever form, as a map; NULL where there are none. */
static const as_value *tags_of(as_arena *arena, const as_live_facts *facts)
{
    for (size_t i = 0; i < sizeof tag_lists / sizeof *tag_lists; i++) {
        const as_value *tags = member(facts, as_str_from(tag_lists[i]));
        const as_value *map = as_value_is(tags, AS_OBJECT) ? tags : tag_map(arena, tags);
        if (map != NULL) {
            return map;
        }
    }
    return NULL;
}

/* The body, with what could not be had and with tags in one form. */
static const as_value *attributes(as_arena *arena, const as_live_facts *facts)
{
    size_t n_body = as_value_is(facts->body, AS_OBJECT) ? facts->body->as.object->n : 0, n = 0;
    const as_value *tags = tags_of(arena, facts);
    as_member *members =
            AS_NEW_ARRAY(arena, as_member, n_body + facts->n_more + facts->n_unknown + 1);
    for (size_t i = 0; i < n_body; i++) {
        members[n++] = facts->body->as.object->members[i];
    }
    for (size_t i = 0; i < facts->n_more; i++) {
        members[n++] = facts->more[i];
    }
    if (tags != NULL) {
        members[n++] = (as_member){AS_STR("tags"), tags->span, tags};
    }
    for (size_t i = 0; i < facts->n_unknown; i++) {
        const as_member *m = &facts->unknown[i];
        members[n++] = (as_member){m->key, m->key_span,
                as_value_unknown(arena, m->value->span, as_value_str(m->value), NULL)};
    }
    return as_value_object(
            arena, facts->body != NULL ? facts->body->span : facts->span, members, n);
}

const as_value *as_live_around(as_arena *arena, const as_value *time, as_span span)
{
    as_object_builder b;
    as_object_begin(&b, arena);
    if (time != NULL) {
        as_object_add(&b, AS_STR("time"), time->span, time);
    }
    return as_object_end(&b, span);
}

void as_live_add(as_load *l, const as_live_facts *facts)
{
    as_resource r = {.origin = AS_ORIGIN_LIVE,
            .type = facts->type,
            .address = facts->id.n > 0 ? facts->id : facts->name,
            .name = facts->name.n > 0 ? facts->name : facts->id,
            .region = facts->region,
            .account = facts->account,
            .span = facts->span,
            .head = facts->head,
            .raw = attributes(l->arena, facts),
            .extra = facts->around != NULL ? facts->around
                                           : as_live_around(l->arena, facts->time, facts->span)};
    AS_VEC_PUSH(l->arena, &l->resources, r);
}

static void add(as_load *l, const as_value *item)
{
    const as_value *missing = as_value_get(item, AS_STR("unknown"));
    as_live_facts facts = {.type = as_value_str(as_value_get(item, AS_STR("type"))),
            .id = as_value_str(as_value_get(item, AS_STR("id"))),
            .name = as_value_str(as_value_get(item, AS_STR("name"))),
            .region = as_value_str(as_value_get(item, AS_STR("region"))),
            .account = as_value_str(as_value_get(item, AS_STR("account"))),
            .body = as_value_get(item, AS_STR("body")),
            .time = as_value_get(item, AS_STR("time")),
            .span = item->span};
    if (facts.type.n == 0 || (facts.id.n == 0 && facts.name.n == 0)) {
        as_diags_add(l->diags, AS_DIAG_WARNING, "live-resource", item->span,
                "a live resource has a type, and an id or a name");
        return;
    }
    if (as_value_is(missing, AS_OBJECT)) {
        facts.unknown = missing->as.object->members;
        facts.n_unknown = missing->as.object->n;
    }
    const as_member *head = as_value_member(item, facts.id.n > 0 ? AS_STR("id") : AS_STR("name"));
    facts.head = as_span_join(head->key_span, head->value->span);
    as_live_add(l, &facts);
}

/* All files of a scan are one estate. */
static void discover(as_discovery *d)
{
    as_unit *unit = NULL;
    for (size_t i = 0; i < d->n_inputs; i++) {
        as_input *input = &d->inputs[i];
        if (input->taken || input->kind != AS_FILE_LIVE) {
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
