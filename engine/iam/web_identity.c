#include "engine/iam/web_identity.h"

enum { MAX_KEYS = 16 };

as_iam_verdict as_iam_trusts_service_account(as_arena *arena, const as_iam_account *account,
        const as_iam_principal *role, as_str space, as_str name)
{
    const as_iam_policy *trust = role->trust;
    as_str subject = as_str_fmt(
            arena, "system:serviceaccount:%.*s:%.*s", AS_STR_ARG(space), AS_STR_ARG(name));
    as_str audience = AS_STR("sts.amazonaws.com");
    as_iam_key keys[MAX_KEYS];
    size_t n = 0;
    as_iam_verdict best = {.decision = AS_IAM_DENIED_IMPLICITLY};
    for (size_t s = 0; s < trust->n_statements; s++) {
        for (size_t c = 0; c < trust->statements[s].n_conditions && n < MAX_KEYS; c++) {
            as_str key = trust->statements[s].conditions[c].key;
            const as_str *value = as_str_ends(key, ":sub")   ? &subject
                                  : as_str_ends(key, ":aud") ? &audience
                                                             : NULL;
            if (value != NULL) {
                keys[n++] = (as_iam_key){.name = key, .present = AS_YES, .values = {value, 1}};
            }
        }
    }
    for (size_t s = 0; s < trust->n_statements && best.decision != AS_IAM_ALLOWED; s++) {
        for (size_t i = 0; i < trust->statements[s].n_principals; i++) {
            const as_iam_principal_item *item = &trust->statements[s].principals[i];
            if (item->type != AS_IAM_PRINCIPAL_FEDERATED ||
                    as_str_contains(item->text, "githubusercontent.com")) {
                continue;
            }
            as_iam_request request = {.who = {.type = AS_IAM_FEDERATED, .arn = item->text},
                    .action = AS_STR("sts:AssumeRoleWithWebIdentity"),
                    .resource = role->arn,
                    .resource_account = account->names.account,
                    .context = {keys, n, AS_MAYBE, NULL}};
            as_iam_inputs in = {.resource = trust, .resource_kind = AS_IAM_RESOURCE_TRUST};
            as_iam_verdict v = as_iam_evaluate(arena, &request, &in);
            best = v.decision == AS_IAM_ALLOWED || v.decision == AS_IAM_UNKNOWN ? v : best;
        }
    }
    return best;
}
