/* Service control policies, and resource control policies. The management account is not bound by
 * them (Organizations User Guide, "Service control policies", "Resource control policies").
 * Configuration does not tell which account it is for, so that only answers of the API count. */
#include "engine/iam/gather.h"

static const as_entity *member_account(const as_iam_gathering *g)
{
    size_t n;
    const as_entity *const *list =
            as_graph_of_type(g->accounts->graph, AS_STR("aws:organizations:account"), &n);
    for (size_t i = 0; i < n; i++) {
        as_str id = as_value_str(as_value_get(list[i]->raw, AS_STR("Id")));
        if (as_str_eq(id, g->account->names.account)) {
            return list[i];
        }
    }
    return NULL;
}

static bool is_manager(const as_iam_gathering *g)
{
    size_t n;
    const as_entity *const *list =
            as_graph_of_type(g->accounts->graph, AS_STR("aws:organizations:organization"), &n);
    for (size_t i = 0; i < n; i++) {
        as_str id = as_value_str(as_value_get(list[i]->raw, AS_STR("MasterAccountId")));
        if (as_str_eq(id, g->account->names.account)) {
            return true;
        }
    }
    return false;
}

/* To what a policy is attached: the root, a unit, the account. Policies that do not say so share a
 * level. */
static as_str level_of(const as_value *policy)
{
    return as_value_str(as_value_get(policy, AS_STR("TargetId")));
}

static const as_iam_policy *read_policy(as_iam_gathering *g, const as_value *policy)
{
    return as_iam_policy_parse(g->arena, as_value_get(policy, AS_STR("Content")),
            as_value_str(as_value_get(policy, AS_STR("Name"))), NULL);
}

/* The policies of the list with the level of item `first`; none when an earlier item has that
 * level. */
static as_iam_policies read_level(as_iam_gathering *g, const as_value *list, size_t first)
{
    AS_VEC(const as_iam_policy *) found = {0};
    as_str level = level_of(as_value_index(list, first));
    for (size_t i = 0; i < as_value_count(list); i++) {
        if (!as_str_eq(level_of(as_value_index(list, i)), level)) {
            continue;
        }
        if (i < first) {
            return (as_iam_policies){NULL, 0};
        }
        AS_VEC_PUSH(g->arena, &found, read_policy(g, as_value_index(list, i)));
    }
    return (as_iam_policies){found.items, found.n};
}

/* Why the policies that bind an account are not known; empty: they are, or there are none. What
 * whoever asked was refused may be policies that deny. */
static as_str gap_of(const as_iam_gathering *g, const as_entity *account)
{
    static const char *const kinds[] = {
            "aws.organizations.account", "aws.organizations.organization"};
    as_str reason = AS_STR_NONE;
    bool asks = !g->account->open && account == NULL && !is_manager(g);
    for (size_t i = 0; asks && reason.n == 0 && i < sizeof kinds / sizeof *kinds; i++) {
        reason = as_graph_gap(g->accounts->graph, g->account->unit, as_str_from(kinds[i]));
    }
    return reason;
}

static as_iam_policies unknown_level(as_iam_gathering *g, const char *what, as_span span)
{
    const as_iam_policy **unknown = AS_NEW(g->arena, const as_iam_policy *);
    *unknown = as_iam_policy_unknown(g->arena, as_str_from(what), span,
            as_str_fmt(g->arena, "the %s of the account are not known", what));
    return (as_iam_policies){unknown, 1};
}

/* They only deny, so that their levels need not be told apart. */
static void gather_rcp(as_iam_gathering *g, const as_entity *account)
{
    const as_value *list = account == NULL || is_manager(g)
                                   ? NULL
                                   : as_value_get(account->raw, AS_STR("ResourceControlPolicies"));
    AS_VEC(const as_iam_policy *) found = {0};
    if (as_value_is_unknown(list)) {
        g->account->rcp = unknown_level(g, "resource control policies", list->span);
        return;
    }
    for (size_t i = 0; i < as_value_count(list); i++) {
        AS_VEC_PUSH(g->arena, &found, read_policy(g, as_value_index(list, i)));
    }
    g->account->rcp = (as_iam_policies){found.items, found.n};
}

void as_iam_gather_scp(as_iam_gathering *g)
{
    const as_entity *account = member_account(g);
    const as_value *list = account == NULL || is_manager(g)
                                   ? NULL
                                   : as_value_get(account->raw, AS_STR("ServiceControlPolicies"));
    size_t n = as_value_count(list), n_levels = 0;
    as_iam_policies *levels = AS_NEW_ARRAY(g->arena, as_iam_policies, n + 1);
    if (as_value_is_unknown(list)) { /* AccessDenied to whoever asked */
        levels[n_levels++] = unknown_level(g, "service control policies", list->span);
    } else if (gap_of(g, account).n > 0) {
        levels[n_levels++] = unknown_level(g, "service control policies", AS_SPAN_NONE);
    }
    for (size_t i = 0; i < n; i++) {
        as_iam_policies level = read_level(g, list, i);
        if (level.n > 0) {
            levels[n_levels++] = level;
        }
    }
    g->account->scp = levels;
    g->account->n_scp = n_levels;
    gather_rcp(g, account);
}
