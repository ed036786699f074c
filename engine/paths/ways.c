/* Ways of Kubernetes and Google Cloud to more rights (engine/ways), as links. A way is a chain of
 * its own: what its stations may do besides is not asked again. */
#include "engine/paths/internal.h"
#include "engine/ways/worlds.h"

/* 0: of accounts of AWS, where the role itself says it. */
static uint32_t goal_of(as_attack *attack, const attack_vertex *vertex, const as_way_node *node)
{
    if (node->world == AS_WORLD_AWS) {
        return 0;
    }
    if (node->world == AS_WORLD_KUBERNETES && vertex->place > 0) {
        return attack_cluster_admin(attack, vertex->place, vertex->node.environment);
    }
    as_str key = as_str_fmt(attack->arena, "admin %.*s", AS_STR_ARG(node->name));
    return attack_add_named(attack, AS_ATTACK_ADMIN, key, node->name, vertex->node.environment)
            ->node.id;
}

static uint32_t station_of(as_attack *attack, const attack_vertex *vertex, const as_way_node *node)
{
    if (node->kind == AS_WAY_GOAL) {
        return goal_of(attack, vertex, node);
    }
    if (node->entity != NULL && node->world != AS_WORLD_KUBERNETES) {
        return attack_add(attack, AS_ATTACK_IDENTITY, node->entity)->node.id;
    }
    as_str key = as_str_fmt(attack->arena, "station %p", (const void *)node);
    return attack_add_named(attack, AS_ATTACK_IDENTITY, key, node->name, vertex->node.environment)
            ->node.id;
}

static void add_way(as_attack *attack, attack_vertex *vertex, const as_way *way)
{
    uint32_t from = vertex->node.id;
    for (size_t i = 0; i < way->n_steps; i++) {
        const as_way_step *step = &way->steps[i];
        uint32_t to = station_of(attack, vertex, step->to);
        if (to == 0) {
            return;
        }
        as_attack_link link = {.from = from,
                .to = to,
                .hop = AS_HOP_escalate,
                .certain = step->certain,
                .note = step->method,
                .reason = step->certain ? AS_STR("") : as_iam_shown(attack->arena, step->caveat),
                .span = step->span};
        attack_link(attack, link, false);
        from = to;
    }
}

/* The node of a subject that no object declares: the default account of a namespace. */
static uint32_t node_by_id(const as_ways *ways, as_str id)
{
    for (uint32_t i = 1; id.n > 0 && i <= as_ways_count(ways); i++) {
        const as_way_node *node = as_ways_node(ways, i);
        if (node->kind != AS_WAY_GOAL && as_str_eq(node->id, id)) {
            return i;
        }
    }
    return 0;
}

static void expand_ways(as_attack *attack, attack_vertex *vertex)
{
    const as_found_ways *found = as_worlds_shared(attack->graph);
    size_t n = 0;
    if (found == NULL) {
        attack_doubt(attack, "ways to more rights were not worked out: memory ran out");
        return;
    }
    uint32_t number = vertex->declared != NULL ? as_worlds_node_of(attack->graph, vertex->declared)
                                               : node_by_id(found->ways, vertex->subject);
    if (number == 0) {
        return;
    }
    const as_way *all = as_ways_of(found->ways, attack->arena, number, &n);
    for (size_t i = 0; i < n; i++) {
        add_way(attack, vertex, &all[i]);
    }
}

void attack_add_ways(
        as_attack *attack, attack_vertex *vertex, const as_entity *declared, as_str subject)
{
    vertex->declared = declared;
    vertex->subject = subject;
    attack_expand_with(attack, vertex, expand_ways);
}
