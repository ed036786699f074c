/* What sets of policies say of the actions of the methods, asked many times: only the statements
 * that speak of an action are looked at, and the commonest case (everything, on everything) not at
 * all. */
#include "engine/iam/escalate_internal.h"

static uint32_t intern_action(as_arena *arena, as_map *index, as_strs *actions, as_str action)
{
    union {
        uintptr_t number;
        void *pointer;
    } id = {.pointer = as_map_get(index, action)};
    if (id.number == 0) {
        union {
            const as_str *in;
            as_str *out;
        } items = {.in = actions->items};
        items.out[actions->n] = action;
        id.number = ++actions->n;
        as_map_put(arena, index, action, id.pointer);
    }
    return (uint32_t)id.number - 1;
}

void as_iam_search_init(as_iam_search *s, as_arena *arena, const as_iam_account *account)
{
    size_t n_needs = 0, at = 0;
    *s = (as_iam_search){.arena = arena, .account = account};
    for (size_t m = 0; m < as_iam_n_methods; m++) {
        n_needs += as_iam_methods[m].n_needs;
    }
    as_map index = {0};
    size_t *first = AS_NEW_ARRAY(arena, size_t, as_iam_n_methods);
    s->actions.items = AS_NEW_ARRAY(arena, as_str, n_needs);
    s->need_action = AS_NEW_ARRAY(arena, uint32_t, n_needs);
    for (size_t m = 0; m < as_iam_n_methods; m++) {
        first[m] = at;
        for (size_t k = 0; k < as_iam_methods[m].n_needs; k++) {
            s->need_action[at++] =
                    intern_action(arena, &index, &s->actions, as_iam_methods[m].needs[k].action);
        }
    }
    s->first_need = first;
    size_t n = (size_t)account->n_sets * s->actions.n;
    s->slices = AS_NEW_ARRAY(arena, as_iam_slice, n);
    s->limits = AS_NEW_ARRAY(arena, as_iam_slice *, account->n_sets);
    s->of_set = AS_NEW_ARRAY(arena, const as_iam_principal *, account->n_sets);
    for (size_t i = account->principals.n; i > 0; i--) {
        s->of_set[account->principals.items[i - 1]->set] = account->principals.items[i - 1];
    }
}

uint32_t as_iam_search_action(const as_iam_search *s, size_t method, size_t need)
{
    return s->need_action[s->first_need[method] + need];
}

static bool is_everything(const as_iam_statement *s)
{
    if (s->not_resource || s->n_conditions > 0 || s->problem.n > 0) {
        return false;
    }
    for (size_t i = 0; i < s->resources.n; i++) {
        if (as_str_is(s->resources.items[i], "*")) {
            return true;
        }
    }
    return false;
}

static void fill_slice(
        as_arena *arena, as_iam_slice *slice, as_iam_policies policies, as_str action)
{
    AS_VEC(const as_iam_statement *) allow = {0}, deny = {0};
    slice->made = true;
    for (size_t i = 0; i < policies.n; i++) {
        const as_iam_policy *policy = policies.items[i];
        slice->unknown = slice->unknown || policy->problem.n > 0;
        for (size_t k = 0; k < policy->n_statements; k++) {
            const as_iam_statement *s = &policy->statements[k];
            as_truth takes = as_iam_statement_takes(s, action);
            if (takes == AS_NO) {
                continue;
            }
            if (s->allow && takes == AS_YES && s->problem.n == 0) {
                AS_VEC_PUSH(arena, &allow, s);
                slice->unlimited = slice->unlimited || is_everything(s);
            }
            if (!s->allow) {
                AS_VEC_PUSH(arena, &deny, s);
            }
        }
    }
    slice->allow = allow.items;
    slice->n_allow = allow.n;
    slice->deny = deny.items;
    slice->n_deny = deny.n;
    slice->unlimited = slice->unlimited && deny.n == 0 && !slice->unknown;
}

static as_iam_slice *slice_of(
        as_iam_search *s, const as_iam_principal *p, uint32_t action, bool limit)
{
    as_iam_slice **limits = &s->limits[p->set];
    if (limit && *limits == NULL) { /* few principals have a boundary */
        *limits = AS_NEW_ARRAY(s->arena, as_iam_slice, s->actions.n);
    }
    as_iam_slice *slice =
            limit ? &(*limits)[action] : &s->slices[(size_t)p->set * s->actions.n + action];
    if (!slice->made) {
        as_iam_policies boundary = {&p->boundary, p->boundary != NULL};
        fill_slice(s->arena, slice, limit ? boundary : p->policies, s->actions.items[action]);
    }
    return slice;
}

const as_iam_statement *const *as_iam_search_allowing(
        as_iam_search *s, const as_iam_principal *p, uint32_t action, size_t *n)
{
    const as_iam_slice *slice = slice_of(s, p, action, false);
    *n = slice->n_allow;
    return slice->allow;
}

bool as_iam_search_grants(as_iam_search *s, const as_iam_principal *p, uint32_t action)
{
    const as_iam_slice *slice = slice_of(s, p, action, false);
    return slice->n_allow > 0;
}

static as_str caveat_of(as_iam_search *s, const as_iam_statement *by)
{
    if (by != NULL && by->n_conditions > 0) {
        return as_str_fmt(s->arena, "the condition %.*s on %.*s holds",
                AS_STR_ARG(by->conditions[0].written), AS_STR_ARG(by->conditions[0].key));
    }
    return AS_STR("a value in the policy is what it must be");
}

/* The same logic as as_iam_outcome_of, over a slice; but what is not known allows nothing here: it
 * would open every way there is. Who has such policies is said apart (as_iam_paths.unknown). */
static as_iam_answer ask_slice(
        as_iam_search *s, const as_iam_slice *slice, const as_iam_request *request)
{
    as_iam_answer a = {.truth = AS_NO};
    as_truth deny = slice->unknown ? AS_MAYBE : AS_NO;
    const as_iam_statement *denied_by = NULL;
    for (size_t i = 0; i < slice->n_deny && deny != AS_YES; i++) {
        as_truth one = as_iam_statement_applies(s->arena, slice->deny[i], request);
        if (one != AS_NO) { /* of a Deny the actions may be unknown */
            one = as_truth_and(one, as_iam_statement_takes(slice->deny[i], request->action));
        }
        denied_by = one != AS_NO ? slice->deny[i] : denied_by;
        deny = as_truth_or(deny, one);
    }
    if (deny == AS_YES) {
        return (as_iam_answer){.truth = AS_NO};
    }
    for (size_t i = 0; i < slice->n_allow && a.truth != AS_YES; i++) {
        as_truth one = as_iam_statement_applies(s->arena, slice->allow[i], request);
        if (one != AS_NO && request->choose && slice->n_deny > 0) {
            one = as_truth_and(one, as_truth_not(as_iam_denies_choice(s->arena, request,
                                            slice->allow[i], slice->deny, slice->n_deny)));
        }
        if (one == AS_YES || (one == AS_MAYBE && a.by == NULL)) {
            a.by = slice->allow[i];
        }
        a.truth = as_truth_or(a.truth, one);
    }
    if (a.truth == AS_MAYBE) {
        a.caveat = caveat_of(s, a.by);
    } else if (a.truth == AS_YES && deny == AS_MAYBE) {
        a.truth = AS_MAYBE;
        a.caveat =
                denied_by == NULL ? AS_STR("no policy that is not known denies it")
                : denied_by->n_conditions > 0
                        ? as_str_fmt(s->arena, "the condition %.*s on %.*s of a Deny does not hold",
                                  AS_STR_ARG(denied_by->conditions[0].written),
                                  AS_STR_ARG(denied_by->conditions[0].key))
                        : AS_STR("a Deny does not hold");
    }
    return a;
}

as_iam_answer as_iam_answer_and(as_iam_answer a, as_iam_answer b)
{
    return (as_iam_answer){.truth = as_truth_and(a.truth, b.truth),
            .by = a.by != NULL ? a.by : b.by,
            .caveat = a.caveat.n > 0 ? a.caveat : b.caveat};
}

/* What the organization lets its accounts do, on top of the rest. */
static as_iam_answer ask_organization(
        as_iam_search *s, const as_iam_request *request, as_iam_answer a)
{
    for (size_t i = 0; i < s->account->n_scp && a.truth != AS_NO; i++) {
        as_iam_outcome o = as_iam_outcome_of(s->arena, request, s->account->scp[i]);
        as_iam_answer level = {.truth = as_truth_and(o.allow, as_truth_not(o.deny))};
        if (level.truth == AS_MAYBE) {
            level.caveat = AS_STR("a service control policy lets it pass");
        }
        a = as_iam_answer_and(a, level);
    }
    return a;
}

as_iam_answer as_iam_search_may(as_iam_search *s, const as_iam_principal *p, uint32_t action,
        as_str resource, bool choose, as_str key, as_str value)
{
    const as_iam_slice *slice = slice_of(s, p, action, false);
    const as_iam_slice *limit = p->boundary != NULL ? slice_of(s, p, action, true) : NULL;
    if (slice->unlimited && (limit == NULL || limit->unlimited) && s->account->n_scp == 0) {
        return (as_iam_answer){.truth = AS_YES, .by = slice->n_allow > 0 ? slice->allow[0] : NULL};
    }
    if (slice->n_allow == 0) {
        return (as_iam_answer){.truth = AS_NO};
    }
    as_iam_key own[] = {{.name = key, .present = AS_YES, .values = {&value, 1}},
            {.name = AS_STR("aws:resourceaccount"),
                    .present = AS_YES,
                    .values = {&s->account->names.account, 1}}};
    as_iam_request request = {.who = p->identity,
            .action = s->actions.items[action],
            .resource = resource,
            .resource_account = s->account->names.account,
            .choose = choose,
            .caller_chooses = true,
            .context = {key.n > 0 ? own : own + 1, key.n > 0 ? 2 : 1, AS_MAYBE, &p->context}};
    as_iam_answer a = ask_slice(s, slice, &request);
    if (a.truth != AS_NO && limit != NULL) {
        a = as_iam_answer_and(a, ask_slice(s, limit, &request));
    }
    return ask_organization(s, &request, a);
}

/* --- administrators ------------------------------------------------------------------------------
 */

bool as_iam_allows_all(as_iam_policies policies, bool *unknown)
{
    for (size_t i = 0; i < policies.n; i++) {
        const as_iam_policy *policy = policies.items[i];
        *unknown = *unknown || policy->problem.n > 0;
        for (size_t k = 0; k < policy->n_statements; k++) {
            const as_iam_statement *s = &policy->statements[k];
            for (size_t a = 0; s->allow && !s->not_action && a < s->actions.n; a++) {
                as_str action = s->actions.items[a];
                if ((as_str_is(action, "*") || as_str_is(action, "*:*")) && is_everything(s)) {
                    return true;
                }
            }
        }
    }
    return false;
}

as_truth as_iam_search_is_admin(as_iam_search *s, const as_iam_principal *p, bool unbound)
{
    /* Everything on everything, of which no Deny takes what gives it back. */
    static const char *const kept[] = {"iam:AttachRolePolicy", "iam:AttachUserPolicy",
            "iam:CreatePolicyVersion", "iam:CreateAccessKey", "iam:PassRole", "sts:AssumeRole",
            "ec2:RunInstances", "lambda:CreateFunction"};
    bool unknown = false;
    as_iam_policies boundary = {&p->boundary, p->boundary != NULL && !unbound};
    if (!as_iam_allows_all(p->policies, &unknown) ||
            (boundary.n > 0 && !as_iam_allows_all(boundary, &unknown))) {
        return AS_NO;
    }
    as_truth all = AS_YES;
    for (size_t i = 0; i < sizeof kept / sizeof *kept && all != AS_NO; i++) {
        as_iam_request request = {.who = p->identity,
                .action = as_str_from(kept[i]),
                .resource = AS_STR(AS_HOLE),
                .resource_account = s->account->names.account,
                .choose = true,
                .caller_chooses = true,
                .context = p->context};
        as_iam_outcome o = as_iam_outcome_of(s->arena, &request, p->policies);
        all = as_truth_and(all, as_truth_and(o.allow, as_truth_not(o.deny)));
        if (boundary.n > 0) {
            o = as_iam_outcome_of(s->arena, &request, boundary);
            all = as_truth_and(all, as_truth_and(o.allow, as_truth_not(o.deny)));
        }
    }
    return all;
}
