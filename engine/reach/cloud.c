#include "engine/reach/cloud.h"

#include "engine/reach/aws_filter.h"
#include "engine/reach/gcp_filter.h"

uint32_t as_cloud_node_of(const as_cloud *cloud, const as_entity *entity)
{
    for (uint32_t i = 0; i < cloud->n; i++) {
        if (cloud->nodes[i] == entity) {
            return i;
        }
    }
    return UINT32_MAX;
}

size_t as_clouds_read(as_arena *arena, const as_graph *graph, as_cloud *out)
{
    size_t n = 0;
    out[n] = as_aws_cloud(as_aws_network_read(arena, graph));
    n += out[n].n > 0;
    out[n] = as_gcp_cloud(as_gcp_network_read(arena, graph));
    n += out[n].n > 0;
    return n;
}

as_truth as_cloud_verdict(
        const as_cloud *cloud, const as_cloud_answer *answer, const as_ports *asked)
{
    const as_ports *sure = answer->ports.sure, *most = answer->ports.most;
    if (asked != NULL && !as_ports_is_empty(sure) && !as_ports_subset(cloud->space, asked, sure)) {
        return AS_MAYBE;
    }
    return !as_ports_is_empty(sure) ? AS_YES : !as_ports_is_empty(most) ? AS_MAYBE : AS_NO;
}

typedef struct lister {
    const as_cloud *cloud;
    AS_VEC(as_connection) list;
} lister;

static void add(lister *l, as_str from, as_str to, as_cloud_answer answer)
{
    if (!as_ports_is_empty(answer.ports.most)) {
        as_connection c = {.from = from,
                .to = to,
                .ports = answer.ports,
                .reason = answer.ports.sure == answer.ports.most ? AS_STR("") : answer.reason};
        AS_VEC_PUSH(l->cloud->arena, &l->list, c);
    }
}

as_connections as_cloud_connections(const as_cloud *cloud)
{
    lister l = {.cloud = cloud};
    for (uint32_t to = 0; to < cloud->n; to++) {
        const as_entity *b = cloud->nodes[to];
        add(&l, AS_STR("internet"), b->address, cloud->from_internet(cloud->network, to, NULL));
        add(&l, b->address, AS_STR("internet"), cloud->to_internet(cloud->network, to, NULL));
        for (uint32_t from = 0; from < cloud->n; from++) {
            const as_entity *a = cloud->nodes[from];
            if (from != to && a->unit == b->unit) {
                add(&l, a->address, b->address, cloud->between(cloud->network, from, to, NULL));
            }
        }
    }
    as_connections_sort(l.list.items, l.list.n);
    return (as_connections){l.list.items, l.list.n};
}
