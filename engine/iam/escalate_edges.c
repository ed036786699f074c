/* What a method needs, and who trusts whom. */
#include "engine/iam/escalate_internal.h"

static as_str fill(as_iam_search *s, as_str template)
{
    as_buf buf;
    as_buf_init(&buf, s->arena, 0);
    for (size_t i = 0; i < template.n; i++) {
        if (template.p[i] == '@') {
            as_buf_str(&buf, s->account->names.account);
        } else if (template.p[i] == '?') {
            as_buf_cstr(&buf, AS_HOLE);
        } else {
            as_buf_char(&buf, template.p[i]);
        }
    }
    return as_buf_view(&buf);
}

/* The condition key that goes with the need: of iam:PassRole the service, else the method's own. */
static as_iam_answer ask(
        as_iam_search *s, const as_iam_principal *p, size_t m, size_t k, as_str target)
{
    const as_iam_method *method = &as_iam_methods[m];
    const as_iam_need *need = &method->needs[k];
    bool pass = method->target == AS_IAM_TARGET_PASSED && k == 0;
    as_str key = pass ? AS_STR("iam:passedtoservice") : method->key;
    as_str value = pass ? method->service : method->key_value;
    uint32_t action = as_iam_search_action(s, m, k);
    switch (need->place) {
    case AS_IAM_PLACE_ANY:
        return as_iam_search_may(s, p, action, AS_STR(AS_HOLE), true, key, value);
    case AS_IAM_PLACE_TEMPLATE:
        return as_iam_search_may(s, p, action, fill(s, need->template), true, key, value);
    case AS_IAM_PLACE_TARGET:
        break;
    }
    return as_iam_search_may(s, p, action, target, false, key, value);
}

as_iam_answer as_iam_search_needs(
        as_iam_search *s, const as_iam_principal *p, size_t method, as_str target)
{
    as_iam_answer all = {.truth = AS_YES};
    for (size_t k = 0; k < as_iam_methods[method].n_needs && all.truth != AS_NO; k++) {
        if (as_iam_methods[method].needs[k].place == AS_IAM_PLACE_TARGET) {
            all = as_iam_answer_and(all, ask(s, p, method, k, target));
        }
    }
    return all;
}

as_iam_answer as_iam_search_rest(as_iam_search *s, const as_iam_principal *p, size_t method)
{
    as_iam_answer all = {.truth = AS_YES};
    for (size_t k = 0; k < as_iam_methods[method].n_needs && all.truth != AS_NO; k++) {
        if (as_iam_methods[method].needs[k].place != AS_IAM_PLACE_TARGET) {
            all = as_iam_answer_and(all, ask(s, p, method, k, AS_STR("")));
        } else if (!as_iam_search_grants(s, p, as_iam_search_action(s, method, k))) {
            all = (as_iam_answer){.truth = AS_NO};
        }
    }
    return all;
}

as_iam_answer as_iam_search_assumes(
        as_iam_search *s, const as_iam_principal *p, const as_iam_principal *role)
{
    as_iam_request request = {.who = p->identity,
            .action = AS_STR("sts:AssumeRole"),
            .resource = role->arn,
            .resource_account = s->account->names.account,
            .caller_chooses = true,
            .context = p->context};
    as_iam_inputs in = {.scp = s->account->scp,
            .n_scp = s->account->n_scp,
            .identity = p->policies,
            .boundary = p->boundary,
            .resource = role->trust,
            .resource_kind = AS_IAM_RESOURCE_TRUST};
    as_iam_verdict v = as_iam_evaluate(s->arena, &request, &in);
    as_iam_answer a = {.truth = v.decision == AS_IAM_ALLOWED   ? AS_YES
                                : v.decision == AS_IAM_UNKNOWN ? AS_MAYBE
                                                               : AS_NO,
            .by = v.statement,
            .caveat = v.reason};
    return a;
}

as_truth as_iam_search_trusts_service(
        as_iam_search *s, const as_iam_principal *role, as_str service)
{
    /* A service acts for resources of this account: what conditions ask of it is mostly that. */
    as_iam_key keys[] = {{.name = AS_STR("aws:sourceaccount"),
            .present = AS_YES,
            .values = {&s->account->names.account, 1}}};
    as_iam_request request = {.who = {.type = AS_IAM_SERVICE, .arn = service},
            .action = AS_STR("sts:AssumeRole"),
            .resource = role->arn,
            .resource_account = s->account->names.account,
            .caller_chooses = true,
            .context = {keys, 1, AS_MAYBE, NULL}};
    as_iam_inputs in = {.resource = role->trust, .resource_kind = AS_IAM_RESOURCE_TRUST};
    as_iam_verdict v = as_iam_evaluate(s->arena, &request, &in);
    return v.decision == AS_IAM_ALLOWED ? AS_YES : v.decision == AS_IAM_UNKNOWN ? AS_MAYBE : AS_NO;
}
