#include "engine/reach/aws_filter.h"

typedef struct lister {
    as_aws_network *network;
    AS_VEC(as_connection) list;
} lister;

static void add(lister *l, as_str from, as_str to, as_aws_answer answer)
{
    if (!as_ports_is_empty(answer.ports.most)) {
        as_connection c = {.from = from,
                .to = to,
                .ports = answer.ports,
                .reason = answer.ports.sure == answer.ports.most ? AS_STR("") : answer.reason};
        AS_VEC_PUSH(l->network->arena, &l->list, c);
    }
}

as_connections as_aws_connections(as_aws_network *network)
{
    lister l = {.network = network};
    for (uint32_t to = 0; to < network->nodes.n; to++) {
        const as_aws_node *b = &network->nodes.items[to];
        add(&l, AS_STR("internet"), b->title, as_aws_from_internet(network, to, NULL));
        for (uint32_t from = 0; from < network->nodes.n; from++) {
            const as_aws_node *a = &network->nodes.items[from];
            if (from != to && a->entity->unit == b->entity->unit) {
                add(&l, a->title, b->title, as_aws_between(network, from, to, NULL));
            }
        }
    }
    as_connections_sort(l.list.items, l.list.n);
    return (as_connections){l.list.items, l.list.n};
}
