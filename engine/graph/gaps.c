/* What could not be asked for, so that absence proves nothing. */
#include "engine/graph/internal.h"
#include "engine/schema/schema.h"

void as_graph_add_gap(as_graph *graph, const as_unit *unit, as_str kind, as_str reason)
{
    AS_VEC_PUSH(graph->arena, &graph->holes, (as_graph_hole){unit, kind, reason});
}

as_str as_graph_gap(const as_graph *graph, const as_unit *unit, as_str kind)
{
    for (size_t i = 0; i < graph->holes.n; i++) {
        const as_graph_hole *hole = &graph->holes.items[i];
        if ((unit == NULL || hole->unit == unit) && as_str_eq(hole->kind, kind)) {
            return hole->reason;
        }
    }
    return AS_STR("");
}

static bool has(as_strs list, as_str word)
{
    for (size_t i = 0; i < list.n; i++) {
        if (as_str_eq(list.items[i], word)) {
            return true;
        }
    }
    return false;
}

/* Whether a kind has edges of that type that leave it (or, `reversed`, reach it), to `other` where
 * it says to what. */
static bool may_have(const as_entity_schema *schema, as_str edge, bool reversed, as_str other)
{
    for (size_t i = 0; schema != NULL && i < schema->n_edges; i++) {
        const as_edge_rule *rule = &schema->edges[i];
        if (as_str_is(edge, as_edge_name(rule->type)) && rule->reverse == reversed &&
                (rule->to.n == 0 || has(rule->to, other))) {
            return true;
        }
    }
    return false;
}

as_str as_graph_edge_gap(const as_graph *graph, const as_entity *entity, as_str edge, bool incoming)
{
    for (size_t i = 0; i < graph->holes.n; i++) {
        const as_graph_hole *hole = &graph->holes.items[i];
        if (hole->unit != entity->unit) {
            continue;
        }
        /* Said by the other end, or by this one about kinds that it names. */
        const as_entity_schema *other = as_schema_of_kind(hole->kind);
        bool named = entity->schema != NULL && may_have(entity->schema, edge, incoming, hole->kind);
        if (may_have(other, edge, !incoming, entity->kind) || named) {
            return hole->reason;
        }
    }
    return AS_STR("");
}
