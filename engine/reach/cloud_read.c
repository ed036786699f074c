#include "engine/reach/cloud_read.h"

as_cloud_reader as_cloud_reader_new(as_arena *arena, const as_graph *graph)
{
    as_cloud_reader r = {.arena = arena, .graph = graph, .space = as_packet_space_new(arena)};
    r.universe = as_ports_all(r.space.ports);
    return r;
}

bool as_cloud_is_live(const as_entity *entity)
{
    return entity->origin == AS_ORIGIN_LIVE;
}

bool as_cloud_is(const as_entity *entity, const char *type)
{
    return as_str_is(entity->type, type);
}

const as_value *as_cloud_at(const as_cloud_reader *r, const as_entity *entity, const as_value *v,
        const char *terraform, const char *live)
{
    const char *path = as_cloud_is_live(entity) ? live : terraform;
    if (path == NULL || v == NULL) {
        return NULL;
    }
    v = as_place_walk(r->arena, v, as_str_from(path)).value;
    bool left_out =
            entity->origin == AS_ORIGIN_PLAN && as_value_is_unknown(v) && as_value_refs(v) == NULL;
    return as_value_is_null(v) || left_out ? NULL : v;
}

const as_value *as_cloud_get(
        const as_cloud_reader *r, const as_entity *entity, const char *terraform, const char *live)
{
    return as_cloud_at(r, entity, entity->raw, terraform, live);
}

size_t as_cloud_n(const as_value *v)
{
    return as_value_is(v, AS_LIST) ? as_value_count(v) : !as_value_is_null(v);
}

const as_value *as_cloud_item(const as_value *v, size_t i)
{
    return as_value_is(v, AS_LIST) ? as_value_index(v, i) : v;
}

const as_entity *as_cloud_target(
        const as_cloud_reader *r, const as_entity *from, const as_value *v, const char *kind)
{
    size_t n;
    const as_entity *const *found = as_graph_targets(r->graph, r->arena, from, v, &n);
    for (size_t i = 0; i < n; i++) {
        if (as_str_is(found[i]->kind, kind)) {
            return found[i];
        }
    }
    return NULL;
}

as_str as_cloud_key(const as_value *v)
{
    const as_ref *ref = as_value_refs(v);
    return as_value_is(v, AS_STRING) ? v->as.str : ref != NULL ? ref->address : as_value_reason(v);
}

bool as_cloud_refers_to(const as_value *v, const char *type)
{
    for (const as_ref *ref = as_value_refs(v); ref != NULL; ref = ref->next) {
        size_t at = as_str_find(ref->address, as_str_from(type));
        size_t end = at + strlen(type);
        bool begins = at < ref->address.n && (at == 0 || ref->address.p[at - 1] == '.');
        if (begins && end < ref->address.n && ref->address.p[end] == '.') {
            return true;
        }
    }
    return false;
}

as_str as_cloud_doubt(const as_value *v, const char *otherwise)
{
    as_str reason = as_value_is_unknown(v) ? as_value_reason(v) : AS_STR_NONE;
    for (size_t i = 0; reason.n == 0 && as_value_is(v, AS_LIST) && i < as_value_count(v); i++) {
        const as_value *item = as_value_index(v, i);
        reason = as_value_is_unknown(item) ? as_value_reason(item) : AS_STR_NONE;
    }
    return reason.n > 0 ? reason : as_str_from(otherwise);
}

as_truth as_cloud_truth(const as_value *v, as_truth fallback)
{
    return as_value_is_unknown(v)       ? AS_MAYBE
           : as_value_is_null(v)        ? fallback
           : as_value_bool_or(v, false) ? AS_YES
                                        : AS_NO;
}

bool as_cloud_number(const as_value *v, int64_t *out)
{
    *out = as_value_int_or(v, -1);
    return as_value_is_number(v) || (as_value_is(v, AS_STRING) && as_str_to_int(v->as.str, out));
}

/* The networks of a list at once: a list may have thousands. */
void as_cloud_add_cidrs(
        const as_cloud_reader *r, const as_value *v, as_addresses *out, as_str *unsure)
{
    AS_VEC(as_address_range) ranges = {0};
    for (size_t i = 0; i < as_cloud_n(v); i++) {
        const as_value *item = as_cloud_item(v, i);
        as_cidr cidr;
        if (as_value_is(item, AS_STRING) && item->as.str.n == 0) {
            continue;
        }
        if (!as_value_is(item, AS_STRING) || !as_cidr_parse(item->as.str, &cidr)) {
            *unsure = as_cloud_doubt(item, "a network of a rule cannot be read");
            continue;
        }
        as_addresses one = as_addresses_cidr(r->arena, &cidr);
        for (size_t k = 0; k < one.n; k++) {
            AS_VEC_PUSH(r->arena, &ranges, one.ranges[k]);
        }
    }
    if (ranges.n > 0) {
        as_addresses all = as_addresses_of_ranges(r->arena, ranges.items, ranges.n);
        *out = as_addresses_union(r->arena, *out, all);
    }
}

as_addresses as_cloud_v4(as_arena *arena, as_addresses a)
{
    return as_addresses_intersect(arena, a, as_addresses_all_v4());
}

as_addresses as_cloud_v6(as_arena *arena, as_addresses a)
{
    return as_addresses_subtract(arena, a, as_addresses_all_v4());
}
