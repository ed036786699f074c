#include "parsers/live/aws/organization.h"

/* Organizations nests units five deep (Organizations User Guide, "Quotas"). */
enum { MAX_LEVELS = 8 };

typedef AS_VEC(const as_value *) values;

/* What is attached to a root, a unit or an account. */
typedef struct attached {
    values policies;
    as_str problem;
} attached;

typedef struct organization {
    as_arena *arena;
    as_map parents;  /* id of an account or unit → as_value: the parent's id */
    as_map targets;  /* id → attached */
    as_map contents; /* id of a policy → as_value: what it says */
    values accounts;
    bool asked;               /* at least one question about attached policies */
    as_map resource_policies; /* id of a resource control policy → as_value: its summary */
    as_map resource_targets;  /* id of a target → values: ids of policies */
    as_str resource_problem;  /* why not all of these are known */
    bool lists_resource_policies, enables_resource_policies;
} organization;

#define RESOURCE_POLICY "RESOURCE_CONTROL_POLICY"

union pointer {
    const void *in;
    void *out;
};

static void put(organization *o, as_map *map, as_str key, const as_value *v)
{
    union pointer p = {.in = v};
    if (key.n > 0 && v != NULL) {
        as_map_put(o->arena, map, key, p.out);
    }
}

static as_str text_at(const as_value *v, const char *path)
{
    return as_value_str(as_value_path(v, path));
}

static void note_children(organization *o, const as_snapshot_answer *a, const char *list)
{
    const as_value *parent = as_value_get(a->params, AS_STR("ParentId"));
    const as_value *children = as_value_get(a->body, as_str_from(list));
    for (size_t i = 0; i < as_value_count(children); i++) {
        put(o, &o->parents, text_at(as_value_index(children, i), "Id"), parent);
    }
}

static void note_attached(organization *o, const as_snapshot_answer *a)
{
    as_str target = text_at(a->params, "TargetId"), filter = text_at(a->params, "Filter");
    if (target.n == 0 || !as_str_is(filter, "SERVICE_CONTROL_POLICY")) {
        return;
    }
    o->asked = true;
    attached *at = as_map_get(&o->targets, target);
    if (at == NULL) {
        at = AS_NEW(o->arena, attached);
        as_map_put(o->arena, &o->targets, target, at);
    }
    /* Where the type is switched off nothing binds. */
    bool off = a->absent || as_str_is(a->error, "PolicyTypeNotEnabledException");
    at->problem = a->error.n > 0 && !off ? a->error : at->problem;
    const as_value *list = as_value_get(a->body, AS_STR("Policies"));
    for (size_t i = 0; i < as_value_count(list); i++) {
        AS_VEC_PUSH(o->arena, &at->policies, as_value_index(list, i));
    }
}

/* What a policy is attached to. */
static void note_targets(organization *o, const as_snapshot_answer *a)
{
    const as_value *policy = as_value_get(a->params, AS_STR("PolicyId"));
    const as_value *list = as_value_get(a->body, AS_STR("Targets"));
    for (size_t i = 0; i < as_value_count(list); i++) {
        as_str target = text_at(as_value_index(list, i), "TargetId");
        values *at = as_map_get(&o->resource_targets, target);
        if (at == NULL) {
            at = AS_NEW(o->arena, values);
            as_map_put(o->arena, &o->resource_targets, target, at);
        }
        AS_VEC_PUSH(o->arena, at, policy);
    }
}

static void note_types(organization *o, const as_snapshot_answer *a)
{
    const as_value *roots = as_value_get(a->body, AS_STR("Roots"));
    for (size_t i = 0; i < as_value_count(roots); i++) {
        const as_value *types = as_value_get(as_value_index(roots, i), AS_STR("PolicyTypes"));
        for (size_t k = 0; k < as_value_count(types); k++) {
            const as_value *type = as_value_index(types, k);
            o->enables_resource_policies |= as_str_is(text_at(type, "Type"), RESOURCE_POLICY) &&
                                            as_str_is(text_at(type, "Status"), "ENABLED");
        }
    }
}

/* Where the type is switched off there are none. */
static void note_refused(organization *o, const as_snapshot_answer *a)
{
    bool listed = as_str_is(a->op, "organizations:ListPolicies") &&
                  as_str_is(text_at(a->params, "Filter"), RESOURCE_POLICY);
    o->lists_resource_policies |= listed;
    bool off = a->absent || as_str_is(a->error, "PolicyTypeNotEnabledException") ||
               as_str_is(a->error, "AWSOrganizationsNotInUseException");
    if (a->error.n > 0 && !off &&
            (listed || as_str_is(a->op, "organizations:ListTargetsForPolicy"))) {
        o->resource_problem = a->error;
    }
}

static void note(organization *o, const as_snapshot_answer *a)
{
    if (as_str_is(a->op, "organizations:ListAccountsForParent")) {
        note_children(o, a, "Accounts");
    } else if (as_str_is(a->op, "organizations:ListOrganizationalUnitsForParent")) {
        note_children(o, a, "OrganizationalUnits");
    } else if (as_str_is(a->op, "organizations:ListPoliciesForTarget")) {
        note_attached(o, a);
    } else if (as_str_is(a->op, "organizations:DescribePolicy")) {
        put(o, &o->contents, text_at(a->body, "Policy.PolicySummary.Id"),
                as_value_path(a->body, "Policy.Content"));
        if (as_str_is(text_at(a->body, "Policy.PolicySummary.Type"), RESOURCE_POLICY)) {
            put(o, &o->resource_policies, text_at(a->body, "Policy.PolicySummary.Id"),
                    as_value_path(a->body, "Policy.PolicySummary"));
        }
    } else if (as_str_is(a->op, "organizations:ListTargetsForPolicy")) {
        note_targets(o, a);
    } else if (as_str_is(a->op, "organizations:ListRoots")) {
        note_types(o, a);
    } else if (as_str_is(a->op, "organizations:ListAccounts")) {
        const as_value *list = as_value_get(a->body, AS_STR("Accounts"));
        for (size_t i = 0; i < as_value_count(list); i++) {
            AS_VEC_PUSH(o->arena, &o->accounts, as_value_index(list, i));
        }
    }
}

/* The policies of one level, with what they say. Empty: all are there; else what is missing. */
static as_str add_level(organization *o, as_str target, as_span span, as_list_builder *out)
{
    const attached *at = as_map_get(&o->targets, target);
    if (at == NULL) {
        return AS_STR("organizations:ListPoliciesForTarget was not asked");
    }
    for (size_t i = 0; i < at->policies.n; i++) {
        const as_value *policy = at->policies.items[i];
        as_str id = text_at(policy, "Id");
        const as_value *content = as_map_get(&o->contents, id);
        if (content == NULL) {
            return as_str_fmt(o->arena, "what the policy %.*s says is missing", AS_STR_ARG(id));
        }
        as_object_builder b;
        as_object_begin(&b, o->arena);
        as_object_add(&b, AS_STR("Id"), span, as_value_string(o->arena, span, id));
        as_object_add(
                &b, AS_STR("Name"), span, as_value_string(o->arena, span, text_at(policy, "Name")));
        as_object_add(&b, AS_STR("Content"), content->span, content);
        as_object_add(&b, AS_STR("TargetId"), span, as_value_string(o->arena, span, target));
        as_list_add(out, as_object_end(&b, policy->span));
    }
    return at->problem;
}

/* From the account up to the root ("r-…"). */
static as_str add_levels(organization *o, as_str account, as_span span, as_list_builder *out)
{
    as_str id = account;
    for (int level = 0; level < MAX_LEVELS; level++) {
        as_str problem = add_level(o, id, span, out);
        if (problem.n > 0 || as_str_starts(id, "r-")) {
            return problem;
        }
        const as_value *parent = as_map_get(&o->parents, id);
        if (parent == NULL) {
            return AS_STR("where the account hangs in the organisation is missing");
        }
        id = as_value_str(parent);
    }
    return AS_STR("the units of the organisation lie too deep");
}

/* Resource control policies of one target. */
static void add_resource_policies(
        organization *o, as_str target, as_span span, as_list_builder *out)
{
    const values *at = as_map_get(&o->resource_targets, target);
    for (size_t i = 0; at != NULL && i < at->n; i++) {
        as_str id = as_value_str(at->items[i]);
        const as_value *summary = as_map_get(&o->resource_policies, id);
        const as_value *content = as_map_get(&o->contents, id);
        if (summary == NULL || content == NULL) {
            continue; /* of another type */
        }
        as_object_builder b;
        as_object_begin(&b, o->arena);
        as_object_add(&b, AS_STR("Id"), span, as_value_string(o->arena, span, id));
        as_object_add(&b, AS_STR("Name"), span,
                as_value_string(o->arena, span, text_at(summary, "Name")));
        as_object_add(&b, AS_STR("Content"), content->span, content);
        as_object_add(&b, AS_STR("TargetId"), span, as_value_string(o->arena, span, target));
        as_list_add(out, as_object_end(&b, span));
    }
}

static void take_resource_policies(organization *o, as_live_estate *estate,
        const as_live_scope *scope, const as_value *account)
{
    as_str id = text_at(account, "Id"), at = id;
    as_list_builder policies;
    as_object_builder params, body;
    as_snapshot_answer answer = {.op = AS_STR("organizations:ResourcePoliciesOfAccount"),
            .last = true,
            .error = o->resource_problem};
    as_list_begin(&policies, o->arena);
    for (int level = 0; level < MAX_LEVELS && at.n > 0; level++) {
        add_resource_policies(o, at, account->span, &policies);
        const as_value *parent = as_map_get(&o->parents, at);
        if (parent == NULL && !as_str_starts(at, "r-") && answer.error.n == 0) {
            answer.error = AS_STR("where the account hangs in the organisation is missing");
        }
        at = as_value_str(parent);
    }
    as_object_begin(&params, o->arena);
    as_object_add(&params, AS_STR("AccountId"), account->span,
            as_value_string(o->arena, account->span, id));
    answer.params = as_object_end(&params, account->span);
    as_object_begin(&body, o->arena);
    as_object_add(&body, AS_STR("Policies"), account->span, as_list_end(&policies, account->span));
    answer.body = as_object_end(&body, account->span);
    as_live_estate_take(estate, scope, true, &answer);
}

static void take_account(organization *o, as_live_estate *estate, const as_live_scope *scope,
        const as_value *account)
{
    as_str id = text_at(account, "Id");
    const as_value *parent = as_map_get(&o->parents, id);
    as_list_builder policies;
    as_object_builder params, body;
    as_list_begin(&policies, o->arena);
    as_snapshot_answer answer = {.op = AS_STR("organizations:PoliciesOfAccount"), .last = true};
    answer.error = add_levels(o, id, account->span, &policies);
    as_object_begin(&params, o->arena);
    as_object_add(&params, AS_STR("AccountId"), account->span,
            as_value_string(o->arena, account->span, id));
    answer.params = as_object_end(&params, account->span);
    as_object_begin(&body, o->arena);
    if (parent != NULL) {
        as_object_add(&body, AS_STR("ParentId"), parent->span, parent);
    }
    as_object_add(&body, AS_STR("Policies"), account->span, as_list_end(&policies, account->span));
    answer.body = as_object_end(&body, account->span);
    as_live_estate_take(estate, scope, true, &answer);
}

void as_aws_organization_take(as_live_estate *estate, as_arena *arena, const as_live_scope *scope,
        const as_snapshot_answer *answers, size_t n)
{
    organization o = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        if (as_str_starts(answers[i].op, "organizations:")) {
            note(&o, &answers[i]);
            note_refused(&o, &answers[i]);
        }
    }
    if (o.enables_resource_policies && !o.lists_resource_policies) {
        o.resource_problem = AS_STR("organizations:ListPolicies was not asked");
    }
    for (size_t i = 0; o.asked && i < o.accounts.n; i++) {
        take_account(&o, estate, scope, o.accounts.items[i]);
        take_resource_policies(&o, estate, scope, o.accounts.items[i]);
    }
}
