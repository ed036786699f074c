#include "engine/iam/outsiders.h"

typedef AS_VEC(as_iam_outsider) outsiders;

/* What stands for the policies of the other account. */
static as_iam_policies everything(as_arena *arena)
{
    as_str text =
            AS_STR("{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}");
    const as_iam_policy **items = AS_NEW(arena, const as_iam_policy *);
    *items = as_iam_policy_parse(
            arena, as_value_string(arena, AS_SPAN_NONE, text), AS_STR("its own account"), NULL);
    return (as_iam_policies){items, 1};
}

static bool is_digits(as_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return false;
        }
    }
    return text.n > 0;
}

/* Who it is that the policy names; false when it belongs to the account, or cannot call. */
static bool identify(
        const as_iam_account *account, const as_iam_principal_item *item, as_iam_identity *who)
{
    *who = (as_iam_identity){.type = AS_IAM_ANONYMOUS, .arn = item->text};
    switch (item->type) {
    case AS_IAM_PRINCIPAL_ANY:
        return true;
    case AS_IAM_PRINCIPAL_SERVICE:
        who->type = AS_IAM_SERVICE;
        return true;
    case AS_IAM_PRINCIPAL_FEDERATED:
        who->type = AS_IAM_FEDERATED;
        return true;
    case AS_IAM_PRINCIPAL_AWS:
        who->type = AS_IAM_USER;
        who->account = is_digits(item->text) ? item->text : as_iam_arn_part(item->text, 4);
        return as_iam_equal(who->account, account->names.account, false) != AS_YES &&
               who->account.n > 0;
    case AS_IAM_PRINCIPAL_CANONICAL:
    case AS_IAM_PRINCIPAL_OTHER:
        break;
    }
    return false;
}

static bool holds(const outsiders *list, as_str name)
{
    for (size_t i = 0; i < list->n; i++) {
        if (as_str_eq(list->items[i].name, name)) {
            return true;
        }
    }
    return false;
}

as_iam_outsiders as_iam_outsiders_of(
        as_arena *arena, const as_iam_account *account, as_str action, as_str resource)
{
    outsiders found = {0};
    as_iam_target_policy target = as_iam_target_of(arena, account, action, resource);
    const as_iam_policy *policy = target.policy;
    for (size_t i = 0; policy != NULL && i < policy->n_statements; i++) {
        const as_iam_statement *s = &policy->statements[i];
        for (size_t k = 0; s->allow && !s->not_principal && k < s->n_principals; k++) {
            as_iam_request request = {.action = action,
                    .resource = target.resource,
                    .choose = target.choose,
                    .caller_chooses = true,
                    .resource_account = AS_STR("this account"), /* not that of the outsider */
                    .context = {NULL, 0, AS_MAYBE, NULL}};
            as_iam_inputs in = {.identity = everything(arena),
                    .resource = policy,
                    .resource_kind = target.kind};
            if (holds(&found, s->principals[k].text) ||
                    !identify(account, &s->principals[k], &request.who)) {
                continue;
            }
            as_iam_verdict v = as_iam_evaluate(arena, &request, &in);
            if (v.decision == AS_IAM_ALLOWED || v.decision == AS_IAM_UNKNOWN) {
                if (v.layer ==
                        AS_IAM_LAYER_IDENTITY) { /* of the other account, taken for granted */
                    v.layer = AS_IAM_LAYER_RESOURCE;
                    v.statement = s;
                }
                AS_VEC_PUSH(arena, &found, (as_iam_outsider){s->principals[k].text, v});
            }
        }
    }
    return (as_iam_outsiders){found.items, found.n};
}
