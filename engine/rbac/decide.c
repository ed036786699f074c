#include "engine/rbac/cluster.h"

static bool counts(const as_rbac_grant *g, const as_rbac_request *r, int where, as_str space)
{
    if (g->space.n == 0) {
        return true;
    }
    /* Paths that are no resources, and whole clusters, are beyond a RoleBinding. */
    return r->url.n == 0 &&
           (where == AS_RBAC_ANYWHERE || (where == AS_RBAC_IN && as_str_eq(g->space, space)));
}

static void weigh(as_rbac_verdict *v, as_truth truth, const as_rbac_grant *g,
        const as_rbac_rule *rule, as_str reason)
{
    bool better = truth == AS_YES || (truth == AS_MAYBE && v->truth == AS_NO);
    if (v->truth != AS_YES && better) {
        *v = (as_rbac_verdict){truth, g, rule, truth == AS_MAYBE ? reason : AS_STR("")};
    }
}

as_rbac_verdict as_rbac_decide(
        const as_rbac_grants *grants, const as_rbac_request *r, int where, as_str space)
{
    as_rbac_verdict v = {.truth = AS_NO};
    for (size_t i = 0; i < grants->n && v.truth != AS_YES; i++) {
        const as_rbac_grant *g = grants->items[i];
        bool unplaced = g->doubt.n > 0;
        if (!unplaced && !counts(g, r, where, space)) {
            continue;
        }
        for (size_t k = 0; k < g->role->n_rules && v.truth != AS_YES; k++) {
            const as_rbac_rule *rule = &g->role->rules[k];
            as_truth t = as_rbac_rule_allows(rule, r);
            weigh(&v, t == AS_YES && unplaced ? AS_MAYBE : t, g, rule,
                    rule->doubt.n > 0 ? rule->doubt : g->doubt);
        }
        if (g->role->doubt.n > 0) {
            weigh(&v, AS_MAYBE, g, NULL, g->role->doubt);
        }
    }
    return v;
}

static bool is_everything(as_strs list)
{
    for (size_t i = 0; i < list.n; i++) {
        if (as_str_is(list.items[i], "*")) {
            return true;
        }
    }
    return false;
}

bool as_rbac_is_admin(const as_rbac_grants *grants, const as_rbac_grant **by)
{
    for (size_t i = 0; i < grants->n; i++) {
        const as_rbac_grant *g = grants->items[i];
        for (size_t k = 0; g->space.n == 0 && g->doubt.n == 0 && k < g->role->n_rules; k++) {
            const as_rbac_rule *r = &g->role->rules[k];
            if (is_everything(r->groups) && is_everything(r->resources) &&
                    is_everything(r->verbs) && r->names.n == 0 && r->doubt.n == 0) {
                *by = g;
                return true;
            }
        }
    }
    return false;
}
