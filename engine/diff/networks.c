/* Connections and exposures of clusters and clouds. */
#include "engine/diff/internal.h"

#include <assert.h>

#include "engine/reach/cloud.h"

static as_str ports_text(
        diff_taking *t, as_port_bounds ports, const as_ports *universe, bool *unsure)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    *unsure = as_ports_is_empty(ports.sure);
    as_ports_write(&buf, *unsure ? ports.most : ports.sure, universe);
    return as_buf_view(&buf);
}

static void keep_connections(
        diff_taking *t, as_connections list, const as_ports *universe, as_str name)
{
    AS_VEC_PUSH(t->arena, &t->networks,
            (diff_network){.name = name, .list = list, .universe = universe});
}

static void take_exposures(diff_taking *t, const as_cluster *cluster, const as_exposures *exposures)
{
    for (size_t i = 0; i < exposures->n; i++) {
        const as_exposure *e = &exposures->items[i];
        bool unsure;
        as_str ports = ports_text(t, e->open, cluster->universe, &unsure);
        if (e->internal || as_ports_is_empty(e->open.most)) {
            continue;
        }
        as_str text = as_str_fmt(t->arena, "exposes %.*s : %.*s",
                AS_STR_ARG(cluster->endpoints.items[e->endpoint].title), AS_STR_ARG(ports));
        diff_add(t,
                (as_fact){.section = AS_DIFF_EXPOSURES,
                        .key = as_str_fmt(t->arena, "%.*s %.*s %.*s", AS_STR_ARG(cluster->name),
                                AS_STR_ARG(e->by->address), AS_STR_ARG(text)),
                        .subject = e->by->address,
                        .text = text,
                        .unsure = unsure},
                e->by->head);
    }
}

/* What load balancers hand on. */
static void take_forwards(diff_taking *t, const as_cloud *cloud)
{
    as_cloud_exposures all = as_cloud_exposures_list(cloud);
    for (size_t i = 0; i < all.n; i++) {
        const as_cloud_forward *forward = all.items[i].forward;
        bool unsure;
        as_str ports = ports_text(t, all.items[i].open, cloud->universe, &unsure);
        as_str node = cloud->nodes[forward->node]->address;
        as_str text =
                as_str_fmt(t->arena, "exposes %.*s : %.*s", AS_STR_ARG(node), AS_STR_ARG(ports));
        if (as_ports_is_empty(all.items[i].open.most)) {
            continue;
        }
        diff_add(t,
                (as_fact){.section = AS_DIFF_EXPOSURES,
                        .key = as_str_fmt(t->arena, "%.*s %.*s", AS_STR_ARG(forward->by->address),
                                AS_STR_ARG(text)),
                        .subject = forward->by->address,
                        .text = text,
                        .unsure = unsure},
                forward->by->head);
    }
}

static void take_clouds(diff_taking *t)
{
    as_cloud clouds[AS_N_CLOUDS];
    size_t n = as_clouds_read(t->arena, t->report->graph, clouds);
    for (size_t i = 0; i < n; i++) {
        as_connections all = as_cloud_connections(&clouds[i], AS_STR(""));
        as_connections inside = {.items = AS_NEW_ARRAY(t->arena, as_connection, all.n)};
        for (size_t c = 0; c < all.n; c++) {
            bool unsure;
            if (!as_str_is(all.items[c].from, "internet")) {
                inside.items[inside.n++] = all.items[c];
                continue;
            }
            as_str ports = ports_text(t, all.items[c].ports, clouds[i].universe, &unsure);
            diff_add(t,
                    (as_fact){.section = AS_DIFF_EXPOSURES,
                            .key = as_str_fmt(t->arena, "internet %.*s %.*s",
                                    AS_STR_ARG(all.items[c].to), AS_STR_ARG(ports)),
                            .subject = AS_STR("the internet"),
                            .text = as_str_fmt(t->arena, "reaches %.*s : %.*s",
                                    AS_STR_ARG(all.items[c].to), AS_STR_ARG(ports)),
                            .unsure = unsure},
                    AS_SPAN_NONE);
        }
        keep_connections(t, inside, clouds[i].universe, as_str_from(clouds[i].name));
        take_forwards(t, &clouds[i]);
    }
}

void diff_read_networks(diff_taking *t)
{
    as_diags diags; /* the scan has said what is wrong with policies by rules of their own */
    as_diags_init(&diags, t->arena);
    as_clusters clusters = as_clusters_read(t->arena, t->report->graph, &diags);
    for (size_t i = 0; i < clusters.n; i++) {
        as_cluster *cluster = clusters.items[i];
        as_filter *filter = as_filter_new(cluster);
        as_exposures exposures = as_exposures_read(cluster, filter);
        keep_connections(t, as_connections_list(cluster, filter, &exposures), cluster->universe,
                cluster->name);
        take_exposures(t, cluster, &exposures);
    }
    take_clouds(t);
}

/* --- connections of both sides -------------------------------------------------------------------
 */

static as_str remembered(diff_taking *t, diff_network *n, const as_connection *c, bool *unsure)
{
    const as_ports *ports = as_ports_is_empty(c->ports.sure) ? c->ports.most : c->ports.sure;
    *unsure = ports != c->ports.sure;
    if (ports->id >= n->n_ports) {
        size_t room = ((size_t)ports->id + 1) * 2;
        n->ports = as_arena_grow(
                t->arena, n->ports, n->n_ports * sizeof *n->ports, room * sizeof *n->ports);
        n->n_ports = room;
    }
    as_str *text = &n->ports[ports->id];
    if (text->n == 0) {
        bool ignored;
        *text = ports_text(t, (as_port_bounds){ports, ports}, n->universe, &ignored);
    }
    return *text;
}

static void take_connection(diff_taking *t, diff_network *n, const as_connection *c)
{
    bool unsure;
    as_str ports = remembered(t, n, c, &unsure);
    as_str text = as_str_fmt(t->arena, "=> %.*s : %.*s", AS_STR_ARG(c->to), AS_STR_ARG(ports));
    as_fact fact = {.section = AS_DIFF_CONNECTIONS,
            .key = as_str_fmt(t->arena, "%.*s %.*s %.*s", AS_STR_ARG(n->name), AS_STR_ARG(c->from),
                    AS_STR_ARG(text)),
            .subject = c->from,
            .text = text,
            .unsure = unsure};
    diff_add(t, fact, AS_SPAN_NONE);
}

static int order_of(const as_connection *a, const as_connection *b)
{
    int order = as_str_cmp(a->from, b->from);
    return order != 0 ? order : as_str_cmp(a->to, b->to);
}

static void merge(diff_taking *before, diff_network *old, diff_taking *after, diff_network *new)
{
    size_t b = 0, a = 0;
    while (b < old->list.n || a < new->list.n) {
        const as_connection *x = b < old->list.n ? &old->list.items[b] : NULL;
        const as_connection *y = a < new->list.n ? &new->list.items[a] : NULL;
        int order = x == NULL ? 1 : y == NULL ? -1 : order_of(x, y);
        bool unsure_x = false, unsure_y = false;
        bool same = order == 0 &&
                    as_str_eq(remembered(before, old, x, &unsure_x),
                            remembered(after, new, y, &unsure_y)) &&
                    unsure_x == unsure_y;
        if (order <= 0 && !same) {
            take_connection(before, old, x);
        }
        if (order >= 0 && !same) {
            assert(y != NULL);
            take_connection(after, new, y);
        }
        b += order <= 0;
        a += order >= 0;
    }
}

/* The network of the same name that was not taken yet; NULL: none. */
static diff_network *partner(diff_taking *t, as_str name, bool *taken)
{
    for (size_t i = 0; i < t->networks.n; i++) {
        if (!taken[i] && as_str_eq(t->networks.items[i].name, name)) {
            taken[i] = true;
            return &t->networks.items[i];
        }
    }
    return NULL;
}

void diff_take_connections(diff_taking *before, diff_taking *after)
{
    static const diff_network none = {0};
    bool *taken = AS_NEW_ARRAY(after->arena, bool, after->networks.n + 1);
    for (size_t i = 0; i < before->networks.n; i++) {
        diff_network *old = &before->networks.items[i], nothing = none;
        diff_network *new = partner(after, old->name, taken);
        merge(before, old, after, new != NULL ? new : &nothing);
    }
    for (size_t i = 0; i < after->networks.n; i++) {
        diff_network nothing = none;
        if (!taken[i]) {
            merge(before, &nothing, after, &after->networks.items[i]);
        }
    }
}
