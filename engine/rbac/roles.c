/* Roles, and what aggregation puts into them: Kubernetes, "Aggregated ClusterRoles". */
#include "engine/base/limits.h"
#include "engine/rbac/gather.h"
#include "engine/rbac/tables.h"
#include "engine/schema/schema.h"

#define RBAC_PREFIX "rbac.authorization.k8s.io/"

typedef struct draft {
    as_rbac_role *role;
    const as_value *labels;     /* of an entity */
    const as_rbac_builtin *own; /* of what every cluster has */
    const as_value *selectors;  /* aggregationRule.clusterRoleSelectors; or NULL */
    as_str aggregates;          /* the label, of what every cluster has */
    bool cluster, done;
} draft;

typedef AS_VEC(draft) drafts;
typedef AS_VEC(as_rbac_rule) rule_list;

as_str as_rbac_space_of(as_arena *arena, const as_entity *entity)
{
    as_str space =
            as_value_str(as_place_walk(arena, entity->raw, AS_STR("metadata.namespace")).value);
    /* The module path of a Terraform resource is no namespace. */
    bool terraform = as_str_starts(entity->type, "kubernetes_");
    space = space.n == 0 && !terraform ? entity->space : space;
    return space.n == 0 ? AS_STR("default") : space;
}

as_str as_rbac_name_of(as_arena *arena, const as_entity *entity)
{
    as_str name = as_value_str(as_place_walk(arena, entity->raw, AS_STR("metadata.name")).value);
    return name.n > 0 ? name : entity->name;
}

bool as_rbac_is_cluster_kind(const as_entity *entity)
{
    return as_str_ends(entity->type, "/ClusterRole") ||
           as_str_ends(entity->type, "/ClusterRoleBinding") ||
           as_str_starts(entity->type, "kubernetes_cluster_role");
}

static void read_rules(as_arena *arena, const as_value *raw, rule_list *rules, as_str *doubt)
{
    static const char *const names[] = {"rules", "rule"};
    for (size_t i = 0; i < 2; i++) {
        const as_value *list = as_value_get(raw, as_str_from(names[i]));
        if (as_value_is_unknown(list)) {
            *doubt = as_value_reason(list);
        }
        for (size_t k = 0; k < as_value_count(list); k++) {
            const as_value *rule = as_value_index(list, k);
            if (as_value_is(rule, AS_OBJECT) || as_value_is_unknown(rule)) {
                AS_VEC_PUSH(arena, rules, as_rbac_rule_read(arena, rule));
            }
        }
    }
}

static void add_entity(as_rbac_gathering *g, drafts *all, const as_entity *e)
{
    as_arena *arena = g->arena;
    as_rbac_role *role = AS_NEW(arena, as_rbac_role);
    bool cluster = as_rbac_is_cluster_kind(e);
    as_str name = as_rbac_name_of(arena, e), space = as_rbac_space_of(arena, e);
    rule_list rules = {0};
    role->entity = e;
    role->shown =
            cluster ? as_str_fmt(arena, "ClusterRole/%.*s", AS_STR_ARG(name))
                    : as_str_fmt(arena, "Role/%.*s/%.*s", AS_STR_ARG(space), AS_STR_ARG(name));
    read_rules(arena, e->raw, &rules, &role->doubt);
    role->rules = rules.items;
    role->n_rules = rules.n;
    as_map_put(arena, &g->roles, role->shown, role);
    draft d = {.role = role, .cluster = cluster};
    d.labels = as_place_walk(arena, e->raw, AS_STR("metadata.labels")).value;
    d.selectors =
            as_place_walk(arena, e->raw, AS_STR("aggregationRule.clusterRoleSelectors")).value;
    if (d.selectors == NULL) {
        d.selectors =
                as_place_walk(arena, e->raw, AS_STR("aggregation_rule.cluster_role_selectors"))
                        .value;
    }
    AS_VEC_PUSH(arena, all, d);
}

static void add_builtins(as_rbac_gathering *g, drafts *all)
{
    for (size_t i = 0; i < as_rbac_n_builtins; i++) {
        const as_rbac_builtin *b = &as_rbac_builtins[i];
        as_str shown = as_str_fmt(g->arena, "ClusterRole/%.*s", AS_STR_ARG(b->name));
        if (as_map_has(&g->roles, shown)) {
            continue; /* a snapshot has it, or somebody replaced it */
        }
        as_rbac_role *role = AS_NEW(g->arena, as_rbac_role);
        *role = (as_rbac_role){.shown = shown, .rules = b->rules, .n_rules = b->n_rules};
        as_map_put(g->arena, &g->roles, shown, role);
        AS_VEC_PUSH(g->arena, all,
                (draft){.role = role, .own = b, .cluster = true, .aggregates = b->aggregates});
    }
}

/* --- aggregation ---------------------------------------------------------------------------------
 */

/* "true" where the role has the label; maybe where its labels are not known. */
static as_truth label_is(const draft *d, as_str key, const as_value *wanted)
{
    if (d->own != NULL) {
        as_str rest = key;
        size_t prefix = sizeof RBAC_PREFIX - 1;
        if (!as_str_starts(key, RBAC_PREFIX) || !as_str_is(as_value_str(wanted), "true")) {
            return AS_NO;
        }
        rest = as_str_from_index(rest, prefix);
        for (size_t i = 0; i < d->own->labels.n; i++) {
            if (as_str_eq(d->own->labels.items[i], rest)) {
                return AS_YES;
            }
        }
        return AS_NO;
    }
    const as_value *label = as_value_get(d->labels, key);
    if (as_value_is_unknown(d->labels) || as_value_is_unknown(label) ||
            as_value_is_unknown(wanted)) {
        return AS_MAYBE;
    }
    return as_truth_of(label != NULL && as_value_equal(label, wanted));
}

/* A label selector (meta/v1): matchLabels and matchExpressions, all of them. */
static as_truth selects(const as_value *selector, const draft *d, const as_value *yes)
{
    const as_value *labels = as_value_get(selector, AS_STR("matchLabels"));
    labels = labels != NULL ? labels : as_value_get(selector, AS_STR("match_labels"));
    const as_value *expressions = as_value_get(selector, AS_STR("matchExpressions"));
    expressions =
            expressions != NULL ? expressions : as_value_get(selector, AS_STR("match_expressions"));
    as_truth all = AS_YES;
    for (size_t i = 0; i < as_value_count(labels) && labels->kind == AS_OBJECT; i++) {
        const as_member *m = &labels->as.object->members[i];
        all = as_truth_and(all, label_is(d, m->key, m->value));
    }
    for (size_t i = 0; i < as_value_count(expressions); i++) {
        const as_value *e = as_value_index(expressions, i);
        as_str op = as_value_str(as_value_get(e, AS_STR("operator")));
        as_str key = as_value_str(as_value_get(e, AS_STR("key")));
        const as_value *values = as_value_get(e, AS_STR("values"));
        as_truth in = AS_NO;
        for (size_t k = 0; k < as_value_count(values); k++) {
            in = as_truth_or(in, label_is(d, key, as_value_index(values, k)));
        }
        bool exists = d->own != NULL ? label_is(d, key, yes) == AS_YES
                                     : as_value_get(d->labels, key) != NULL;
        as_truth t = as_str_is(op, "In")             ? in
                     : as_str_is(op, "NotIn")        ? as_truth_not(in)
                     : as_str_is(op, "Exists")       ? as_truth_of(exists)
                     : as_str_is(op, "DoesNotExist") ? as_truth_of(!exists)
                                                     : AS_MAYBE;
        all = as_truth_and(all, t);
    }
    return all;
}

static as_truth takes_in(as_arena *arena, const draft *into, const draft *d, const as_value *yes)
{
    if (!d->cluster || d == into) {
        return AS_NO;
    }
    if (into->aggregates.n > 0) {
        as_str key = as_str_fmt(arena, RBAC_PREFIX "%.*s", AS_STR_ARG(into->aggregates));
        return label_is(d, key, yes);
    }
    as_truth any = as_value_is_unknown(into->selectors) ? AS_MAYBE : AS_NO;
    for (size_t i = 0; i < as_value_count(into->selectors); i++) {
        any = as_truth_or(any, selects(as_value_index(into->selectors, i), d, yes));
    }
    return any;
}

/* What a role takes in may be put together itself ("admin" of "edit" of "view"): `depth` bounds it.
 */
static void aggregate(
        as_rbac_gathering *g, drafts *all, draft *into, int depth, const as_value *yes)
{
    enum { MAX_AGGREGATION = 8 };
    if (into->done || (into->selectors == NULL && into->aggregates.n == 0)) {
        return;
    }
    into->done = true;
    rule_list rules = {0};
    for (size_t i = 0; i < all->n; i++) {
        draft *d = &all->items[i];
        as_truth t = takes_in(g->arena, into, d, yes);
        if (t == AS_NO) {
            continue;
        }
        if (depth < MAX_AGGREGATION) {
            aggregate(g, all, d, depth + 1, yes);
        }
        if (t == AS_MAYBE || d->role->doubt.n > 0) {
            into->role->doubt = as_str_fmt(
                    g->arena, "whether %.*s joins it is not known", AS_STR_ARG(d->role->shown));
        }
        if (t == AS_YES && d->role->n_rules > AS_MAX_AGGREGATED_RULES - g->n_aggregated) {
            into->role->doubt = AS_STR("more rules are aggregated than are looked at");
            continue;
        }
        for (size_t k = 0; k < d->role->n_rules && t == AS_YES; k++) {
            AS_VEC_PUSH(g->arena, &rules, d->role->rules[k]);
            g->n_aggregated++;
        }
    }
    /* In a cluster the controller has written the rules down already. */
    bool live = into->role->entity != NULL && into->role->entity->origin == AS_ORIGIN_LIVE;
    if (!live || into->role->n_rules == 0) {
        into->role->rules = rules.items;
        into->role->n_rules = rules.n;
    }
}

void as_rbac_gather_roles(as_rbac_gathering *g, const as_entity *const *entities, size_t n_entities)
{
    drafts all = {0};
    for (size_t i = 0; i < n_entities; i++) {
        if (as_str_is(entities[i]->kind, "k8s.role")) {
            add_entity(g, &all, entities[i]);
        }
    }
    add_builtins(g, &all);
    const as_value *yes = as_value_string(g->arena, AS_SPAN_NONE, AS_STR("true"));
    for (size_t i = 0; i < all.n; i++) {
        aggregate(g, &all, &all.items[i], 0, yes);
    }
}

const as_rbac_role *as_rbac_gather_role(as_rbac_gathering *g, as_str shown)
{
    as_rbac_role *role = as_map_get(&g->roles, shown);
    if (role == NULL) {
        role = AS_NEW(g->arena, as_rbac_role);
        role->shown = shown;
        role->doubt = as_str_fmt(g->arena, "%.*s is not declared here", AS_STR_ARG(shown));
        as_map_put(g->arena, &g->roles, shown, role);
    }
    return role;
}
