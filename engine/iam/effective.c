#include "engine/iam/effective.h"

const char as_iam_levels[AS_IAM_N_LEVELS] = {'P', 'W', 'T', 'R', 'L'};

typedef AS_VEC(as_str) str_list;

static size_t level_index(char level)
{
    for (size_t i = 0; i < AS_IAM_N_LEVELS; i++) {
        if (as_iam_levels[i] == level) {
            return i;
        }
    }
    return 0;
}

/* Whether the action is allowed on some resource, or (certainly) on all. */
static bool allows(as_arena *arena, const as_iam_principal *p, as_str action, bool all)
{
    as_iam_request request = {.who = p->identity,
            .action = action,
            .resource = AS_STR(AS_HOLE),
            .choose = !all,
            .caller_chooses = true,
            .context = p->context};
    as_iam_policies boundary = {&p->boundary, p->boundary != NULL};
    as_iam_outcome o = as_iam_outcome_of(arena, &request, p->policies);
    as_truth truth = as_truth_and(o.allow, as_truth_not(o.deny));
    if (truth != AS_NO && boundary.n > 0) {
        o = as_iam_outcome_of(arena, &request, boundary);
        truth = as_truth_and(truth, as_truth_and(o.allow, as_truth_not(o.deny)));
    }
    return all ? truth == AS_YES : truth != AS_NO;
}

static void add_unknown(as_arena *arena, str_list *list, const as_iam_policy *policy)
{
    if (policy == NULL) {
        return;
    }
    if (policy->problem.n > 0) {
        AS_VEC_PUSH(arena, list, policy->problem);
    }
    for (size_t i = 0; i < policy->n_statements; i++) {
        if (policy->statements[i].problem.n > 0) {
            AS_VEC_PUSH(arena, list,
                    as_str_fmt(arena, "%.*s: %.*s", AS_STR_ARG(policy->name),
                            AS_STR_ARG(policy->statements[i].problem)));
        }
    }
}

/* The actions of one service, from `at` on; returns where the next service begins. */
static size_t take_service(as_arena *arena, const as_iam_principal *p,
        const as_iam_actions *actions, size_t at, as_iam_service_grants *out, size_t *n_granted)
{
    str_list names[AS_IAM_N_LEVELS] = {{0}};
    out->service = actions->items[at].service;
    for (; at < actions->n && as_str_eq(actions->items[at].service, out->service); at++) {
        const as_iam_action *action = &actions->items[at];
        size_t level = level_index(action->level);
        as_str full = as_str_fmt(
                arena, "%.*s:%.*s", AS_STR_ARG(action->service), AS_STR_ARG(action->name));
        out->levels[level].of++;
        if (allows(arena, p, full, false)) {
            AS_VEC_PUSH(arena, &names[level], action->name);
            ++*n_granted;
            out->levels[level].everywhere =
                    out->levels[level].everywhere || allows(arena, p, full, true);
        }
    }
    for (size_t i = 0; i < AS_IAM_N_LEVELS; i++) {
        out->levels[i].names = (as_strs){names[i].items, names[i].n};
        out->levels[i].n = names[i].n;
    }
    return at;
}

as_iam_effective as_iam_effective_of(
        as_arena *arena, const as_iam_account *account, const as_iam_principal *p)
{
    AS_VEC(as_iam_service_grants) services = {0};
    as_iam_actions actions = as_iam_actions_load(arena);
    as_iam_effective e = {.n_actions = 0};
    str_list unknown = {0};
    bool known_policies = p->policies.n > 0;
    (void)account;
    for (size_t i = 0; i < p->policies.n; i++) {
        add_unknown(arena, &unknown, p->policies.items[i]);
        known_policies = known_policies && p->policies.items[i]->problem.n == 0;
    }
    add_unknown(arena, &unknown, p->boundary);
    for (size_t at = 0; at < actions.n;) {
        as_iam_service_grants one = {0};
        size_t n = 0;
        at = take_service(arena, p, &actions, at, &one, &n);
        /* Of a policy that is not known nothing can be listed. */
        if (n > 0 && known_policies) {
            e.n_actions += n;
            AS_VEC_PUSH(arena, &services, one);
        }
    }
    e.services = services.items;
    e.n_services = services.n;
    e.unknown = (as_strs){unknown.items, unknown.n};
    return e;
}
