#include "engine/reach/connections.h"

#include "engine/reach/udn.h"

#include <stdlib.h>

#include "engine/base/limits.h"

typedef struct lister {
    const as_cluster *cluster;
    as_filter *filter, *assuming; /* see as_filter_for_lists */
    AS_VEC(as_connection) list;
} lister;

/* The outside as a list of ranges, each with its text. */
typedef struct outside {
    as_address *first;
    as_str *text;
    size_t n;
} outside;

/* The verdict for one class on the outside: where it begins to hold. */
typedef struct verdicts {
    bool made;
    as_address_list borders;
    as_port_bounds *ports; /* by border */
} verdicts;

static void push(lister *l, as_connection c)
{
    if (l->list.n >= AS_MAX_CONNECTIONS) {
        as_arena_unwind(l->cluster->arena, AS_CAUSE_BUDGET);
    }
    AS_VEC_PUSH(l->cluster->arena, &l->list, c);
}

static int compare_addresses(const void *a, const void *b)
{
    const as_address *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static outside cut(const as_cluster *cluster, as_direction direction)
{
    AS_VEC(as_address) all = {0};
    outside out = {0};
    bool v6 = false;
    AS_VEC_PUSH(cluster->arena, &all, AS_ADDRESS_V4);
    for (size_t i = 0; i < cluster->blocks[direction].n; i++) {
        as_address_range r = cluster->blocks[direction].items[i];
        v6 |= !as_address_is_v4(r.first);
        AS_VEC_PUSH(cluster->arena, &all, r.first);
        if (r.last != AS_ADDRESS_MAX) {
            AS_VEC_PUSH(cluster->arena, &all, r.last + 1);
        }
    }
    AS_VEC_PUSH(cluster->arena, &all, (as_address)0);
    AS_VEC_PUSH(cluster->arena, &all, AS_ADDRESS_V4_LAST + 1);
    qsort(all.items, all.n, sizeof *all.items, compare_addresses);
    out.first = AS_NEW_ARRAY(cluster->arena, as_address, all.n);
    out.text = AS_NEW_ARRAY(cluster->arena, as_str, all.n);
    for (size_t i = 0; i < all.n; i++) {
        as_address last = AS_ADDRESS_MAX;
        if (i + 1 < all.n && all.items[i + 1] == all.items[i]) {
            continue;
        }
        if (i + 1 < all.n) {
            last = all.items[i + 1] - 1;
        }
        if (!v6 && !as_address_is_v4(all.items[i])) {
            continue;
        }
        as_buf buf;
        as_buf_init(&buf, cluster->arena, 0);
        as_address_range_write(&buf, (as_address_range){all.items[i], last});
        as_buf_cstr(&buf, "[External]");
        out.first[out.n] = all.items[i];
        out.text[out.n++] = as_buf_view(&buf);
    }
    return out;
}

/* The bounds with what the lists assume as certain. */
static as_port_bounds assume(const lister *l, as_port_bounds strict, as_port_bounds assumed)
{
    as_port_space *space = l->cluster->space.ports;
    return (as_port_bounds){assumed.sure, as_ports_union(space, strict.most, assumed.most)};
}

static as_str reason_of(const lister *l, uint32_t from, uint32_t to)
{
    as_filter *filter = l->filter;
    const as_endpoint *ends = l->cluster->endpoints.items;
    if (as_udn_joins(l->cluster, &ends[from], &ends[to]) == AS_MAYBE) {
        return AS_STR(AS_UDN_DOUBT);
    }
    as_steps steps = {0};
    (void)as_filter_connection(filter, from, to, &steps);
    for (size_t i = 0; i < steps.n; i++) {
        if (steps.items[i].unsure.n > 0) {
            return steps.items[i].unsure;
        }
    }
    return AS_STR("");
}

static as_str outside_reason(
        as_filter *filter, as_direction direction, uint32_t subject, as_address address)
{
    as_steps steps = {0};
    (void)as_filter_outside(filter, direction, subject, address, &steps);
    for (size_t i = 0; i < steps.n; i++) {
        if (steps.items[i].unsure.n > 0) {
            return steps.items[i].unsure;
        }
    }
    return AS_STR("");
}

static as_port_bounds verdict_at(const verdicts *v, as_address address)
{
    size_t low = 0, high = v->borders.n;
    while (high - low > 1) { /* the last border at or before the address */
        size_t middle = (low + high) / 2;
        if (v->borders.items[middle] <= address) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return v->ports[low];
}

static const verdicts *verdicts_for(
        lister *l, verdicts *by_class, as_direction direction, uint32_t subject)
{
    verdicts *v = &by_class[as_filter_class(l->filter, subject)];
    if (!v->made) {
        v->made = true;
        v->borders = as_filter_borders(l->filter, direction, subject);
        v->ports = AS_NEW_ARRAY(l->cluster->arena, as_port_bounds, v->borders.n);
        for (size_t i = 0; i < v->borders.n; i++) {
            as_address at = v->borders.items[i];
            v->ports[i] = assume(l, as_filter_outside(l->filter, direction, subject, at, NULL),
                    as_filter_outside(l->assuming, direction, subject, at, NULL));
        }
    }
    return v;
}

static void list_outside(lister *l, as_direction direction)
{
    outside ranges = cut(l->cluster, direction);
    verdicts *by_class = AS_NEW_ARRAY(l->cluster->arena, verdicts, as_filter_n_classes(l->filter));
    for (uint32_t i = 0; i < l->cluster->endpoints.n; i++) {
        const as_endpoint *e = &l->cluster->endpoints.items[i];
        if (e->is_virtual) {
            continue;
        }
        const verdicts *v = verdicts_for(l, by_class, direction, i);
        for (size_t r = 0; r < ranges.n; r++) {
            as_port_bounds ports = verdict_at(v, ranges.first[r]);
            if (as_ports_is_empty(ports.most)) {
                continue;
            }
            as_connection c = {.from = direction == AS_INGRESS ? ranges.text[r] : e->title,
                    .to = direction == AS_INGRESS ? e->title : ranges.text[r],
                    .ports = ports,
                    .v6 = !as_address_is_v4(ranges.first[r])};
            if (ports.sure != ports.most) {
                c.reason = outside_reason(l->filter, direction, i, ranges.first[r]);
            }
            push(l, c);
        }
    }
}

static void list_pairs(lister *l)
{
    const as_cluster *c = l->cluster;
    for (uint32_t from = 0; from < c->endpoints.n; from++) {
        const as_endpoint *a = &c->endpoints.items[from];
        for (uint32_t to = 0; !a->is_virtual && to < c->endpoints.n; to++) {
            const as_endpoint *b = &c->endpoints.items[to];
            if (from == to || b->is_virtual) {
                continue;
            }
            as_port_bounds ports = as_filter_connection(l->filter, from, to, NULL);
            if (l->assuming != l->filter) {
                ports = assume(l, ports, as_filter_connection(l->assuming, from, to, NULL));
            }
            if (as_ports_is_empty(ports.most) || as_str_eq(a->title, b->title)) {
                continue;
            }
            as_connection one = {.from = a->title, .to = b->title, .ports = ports};
            if (ports.sure != ports.most) {
                one.reason = reason_of(l, from, to);
            }
            push(l, one);
        }
    }
}

/* What an Ingress or a route forwards, and the policies let through. */
static void list_forwarded(lister *l, const as_exposures *exposures)
{
    const as_cluster *c = l->cluster;
    for (size_t i = 0; i < exposures->n; i++) {
        const as_exposure *e = &exposures->items[i];
        if ((e->kind != AS_EXPOSURE_INGRESS && e->kind != AS_EXPOSURE_GATEWAY) ||
                as_ports_is_empty(e->open.most)) {
            continue;
        }
        uint32_t from = e->kind == AS_EXPOSURE_INGRESS ? c->ingress_controller : c->gateway;
        as_connection one = {.from = c->endpoints.items[from].title,
                .to = c->endpoints.items[e->endpoint].title,
                .ports = e->open,
                .reason = e->unsure};
        push(l, one);
    }
}

static int compare_connections(const void *a, const void *b)
{
    const as_connection *x = a, *y = b;
    int order = as_str_cmp(x->from, y->from);
    return order != 0 ? order : as_str_cmp(x->to, y->to);
}

void as_connections_sort(as_connection *items, size_t n)
{
    if (n > 1) {
        qsort(items, n, sizeof *items, compare_connections);
    }
}

as_connections as_connections_list(
        const as_cluster *cluster, as_filter *filter, const as_exposures *exposures)
{
    lister l = {.cluster = cluster, .filter = filter, .assuming = as_filter_for_lists(filter)};
    list_outside(&l, AS_INGRESS);
    list_outside(&l, AS_EGRESS);
    list_pairs(&l);
    list_forwarded(&l, exposures);
    as_connections_sort(l.list.items, l.list.n);
    as_port_space *space = cluster->space.ports;
    size_t kept = 0;
    for (size_t i = 0; i < l.list.n;
            i++) { /* several routes, or pods with the same owner: one line */
        as_connection *last = kept > 0 ? &l.list.items[kept - 1] : NULL;
        if (last != NULL && compare_connections(last, &l.list.items[i]) == 0) {
            last->ports.sure = as_ports_union(space, last->ports.sure, l.list.items[i].ports.sure);
            last->ports.most = as_ports_union(space, last->ports.most, l.list.items[i].ports.most);
        } else {
            l.list.items[kept++] = l.list.items[i];
        }
    }
    return (as_connections){l.list.items, kept};
}
