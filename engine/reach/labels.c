/* A pair of label and value is known by a hash of it and of the namespace: the lists by hash are
 * slices of one sorted array. They only narrow down; the selector decides. Endpoints of which a
 * label is not known may have any, and are asked every time. */
#include "engine/reach/labels.h"

#include "engine/base/radix.h"

enum { FEW = 8 }; /* pods of a namespace that are asked one after the other */

typedef AS_VEC(as_keyed) as_keyed_list;

struct as_label_index {
    as_keyed *pairs; /* hash → endpoint; sorted, then in the order of endpoints */
    size_t n;
};

typedef struct slice {
    const as_keyed *items;
    size_t n;
} slice;

static uint64_t mix(uint64_t hash, uint64_t with)
{
    return (hash ^ with) * 0x9e3779b97f4a7c15u;
}

static uint64_t hash_pair(uint32_t in_namespace, as_str key, as_str value)
{
    return mix(mix(mix(1, in_namespace), as_str_hash(key)), as_str_hash(value));
}

static uint64_t hash_unsure(uint32_t in_namespace)
{
    return mix(mix(2, in_namespace), 0);
}

static bool is_unsure(const as_value *labels)
{
    bool unsure = as_value_is_unknown(labels);
    for (size_t i = 0; as_value_is(labels, AS_OBJECT) && i < labels->as.object->n; i++) {
        unsure = unsure || as_value_is_unknown(labels->as.object->members[i].value);
    }
    return unsure;
}

static void index_endpoint(as_arena *arena, as_keyed_list *out, const as_endpoint *e)
{
    const as_value *labels = e->labels;
    if (is_unsure(labels)) {
        AS_VEC_PUSH(arena, out, (as_keyed){hash_unsure(e->in_namespace), e->index});
        return;
    }
    for (size_t i = 0; as_value_is(labels, AS_OBJECT) && i < labels->as.object->n; i++) {
        const as_member *m = &labels->as.object->members[i];
        if (as_value_is(m->value, AS_STRING)) {
            uint64_t hash = hash_pair(e->in_namespace, m->key, m->value->as.str);
            AS_VEC_PUSH(arena, out, (as_keyed){hash, e->index});
        }
    }
}

static const as_label_index *index_of(as_cluster *cluster)
{
    if (cluster->labels == NULL) {
        as_keyed_list pairs = {0};
        for (size_t i = 0; i < cluster->endpoints.n; i++) {
            index_endpoint(cluster->arena, &pairs, &cluster->endpoints.items[i]);
        }
        as_radix_sort(pairs.items, AS_NEW_ARRAY(cluster->arena, as_keyed, pairs.n), pairs.n);
        cluster->labels = AS_NEW(cluster->arena, as_label_index);
        *cluster->labels = (as_label_index){pairs.items, pairs.n};
    }
    return cluster->labels;
}

/* The first place whose hash is at least that. */
static size_t lower_bound(const as_label_index *index, uint64_t hash)
{
    size_t low = 0, high = index->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (index->pairs[middle].key < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static slice find(const as_label_index *index, uint64_t hash)
{
    if (index->n == 0) {
        return (slice){0};
    }
    size_t begin = lower_bound(index, hash);
    size_t end = hash == UINT64_MAX ? index->n : lower_bound(index, hash + 1);
    return (slice){index->pairs + begin, end - begin};
}

/* What stands for something outside the scan has no labels: a selector that names some is taken not
 * to mean it. */
static as_truth match(const as_endpoint *endpoint, const as_selector *selector)
{
    if (endpoint->is_virtual && selector->requirements.n > 0) {
        return AS_NO;
    }
    return as_selector_match(selector, endpoint->labels);
}

static void take(
        as_cluster *cluster, const as_selector *selector, uint32_t endpoint, as_selection *out)
{
    as_truth truth = match(&cluster->endpoints.items[endpoint], selector);
    if (truth != AS_NO) {
        AS_VEC_PUSH(cluster->arena, out, (as_selected){endpoint, truth});
    }
}

/* The shortest list by a pair that the selector asks for; false when it asks for none. */
static bool narrow(
        as_cluster *cluster, uint32_t in_namespace, const as_selector *selector, slice *shortest)
{
    bool found = false;
    for (size_t i = 0; i < selector->requirements.n; i++) {
        const as_requirement *r = &selector->requirements.items[i];
        if (r->op == AS_SELECTOR_IN && r->n_values == 1) {
            slice one = find(index_of(cluster), hash_pair(in_namespace, r->key, r->values[0]));
            *shortest = !found || one.n < shortest->n ? one : *shortest;
            found = true;
        }
    }
    return found;
}

/* Two lists that have no endpoint in common, as one; a hash may be that of two pairs of an
 * endpoint. */
static void take_both(
        as_cluster *cluster, const as_selector *selector, slice a, slice b, as_selection *out)
{
    uint32_t last = UINT32_MAX;
    for (size_t i = 0, k = 0; i < a.n || k < b.n;) {
        bool first = k == b.n || (i < a.n && a.items[i].item < b.items[k].item);
        uint32_t endpoint = first ? a.items[i++].item : b.items[k++].item;
        if (endpoint != last) {
            take(cluster, selector, endpoint, out);
        }
        last = endpoint;
    }
}

as_selection as_labels_select(
        as_cluster *cluster, const as_namespace *ns, const as_selector *selector)
{
    as_selection out = {0};
    slice some;
    uint32_t number = (uint32_t)(ns - cluster->namespaces.items);
    if (selector->nothing) {
        return out;
    }
    if (ns->endpoints.n > FEW && narrow(cluster, number, selector, &some)) {
        take_both(cluster, selector, some, find(index_of(cluster), hash_unsure(number)), &out);
        return out;
    }
    for (size_t i = 0; i < ns->endpoints.n; i++) {
        take(cluster, selector, ns->endpoints.items[i], &out);
    }
    return out;
}
