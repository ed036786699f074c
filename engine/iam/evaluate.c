#include "engine/iam/evaluate.h"

#include "engine/base/vec.h"

/* How a resource policy names the caller; the more exact, the more it allows. */
typedef enum naming {
    NAMED_NOT,
    NAMED_ACCOUNT, /* the account: its identity policies decide */
    NAMED_ROLE, /* the role of a session, or everyone: boundary and session policies still count */
    NAMED_SELF, /* the user, the session */
    N_NAMINGS
} naming;

const char *as_iam_layer_name(as_iam_layer layer)
{
    static const char *const names[] = {"identity policies", "the resource policy",
            "the permissions boundary", "the session policy", "service control policies",
            "resource control policies", "the VPC endpoint policy"};
    return names[layer];
}

/* --- statements ----------------------------------------------------------------------------------
 */

as_truth as_iam_statement_takes(const as_iam_statement *s, as_str action)
{
    as_truth any = s->open_actions || s->actions.n == 0 ? AS_MAYBE : AS_NO;
    for (size_t i = 0; i < s->actions.n && any != AS_YES; i++) {
        any = as_truth_or(any, as_iam_match(s->actions.items[i], action, true));
    }
    return s->not_action ? as_truth_not(any) : any;
}

static as_truth match_one_resource(
        const as_iam_statement *s, const as_iam_request *r, as_str pattern)
{
    if (!r->choose) {
        return as_iam_match_resource(pattern, r->resource);
    }
    /* An Allow is enough somewhere, a Deny must hold everywhere; with NotResource it is the
     * reverse. */
    return s->allow != s->not_resource ? as_iam_overlaps(pattern, r->resource)
                                       : as_truth_of(as_iam_covers(pattern, r->resource));
}

static as_truth match_resource(as_arena *arena, const as_iam_statement *s, const as_iam_request *r)
{
    if (!s->has_resource) {
        return AS_YES;
    }
    as_truth any = s->open_resources ? AS_MAYBE : AS_NO;
    for (size_t i = 0; i < s->resources.n && any != AS_YES; i++) {
        as_truth found = AS_YES;
        as_str pattern = s->resources.items[i];
        if (s->variables) {
            pattern = as_iam_expand(arena, pattern, &r->context, &found);
        }
        if (found != AS_NO) {
            any = as_truth_or(any, as_truth_and(found, match_one_resource(s, r, pattern)));
        }
    }
    return s->not_resource ? as_truth_not(any) : any;
}

static as_truth match_conditions(
        as_arena *arena, const as_iam_statement *s, const as_iam_request *r)
{
    as_truth all = AS_YES;
    for (size_t i = 0; i < s->n_conditions && all != AS_NO; i++) {
        as_truth one = as_iam_condition_holds(arena, &s->conditions[i], s->variables, &r->context);
        if (one == AS_MAYBE && r->caller_chooses && as_iam_key_is_chosen(s->conditions[i].key)) {
            one = as_truth_of(s->allow);
        }
        all = as_truth_and(all, one);
    }
    return all;
}

as_truth as_iam_statement_applies(
        as_arena *arena, const as_iam_statement *s, const as_iam_request *r)
{
    as_truth all = match_resource(arena, s, r);
    if (all != AS_NO) {
        all = as_truth_and(all, match_conditions(arena, s, r));
    }
    return s->problem.n > 0 ? as_truth_and(all, AS_MAYBE) : all;
}

as_truth as_iam_statement_matches(
        as_arena *arena, const as_iam_statement *s, const as_iam_request *r)
{
    as_truth takes = as_iam_statement_takes(s, r->action);
    return takes == AS_NO ? AS_NO : as_truth_and(takes, as_iam_statement_applies(arena, s, r));
}

static bool is_account(as_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return as_str_starts(text, AS_IAM_MARK) && as_str_ends(text, AS_IAM_MARK);
        }
    }
    return text.n == 12;
}

/* The account that a principal stands for: its number, or the ARN of its root. */
static as_str account_of(as_str text)
{
    if (is_account(text)) {
        return text;
    }
    return as_str_is(as_iam_arn_part(text, 5), "root") ? as_iam_arn_part(text, 4) : AS_STR("");
}

/* "arn:aws:sts::1:assumed-role/Name/session" of a role with that name. */
static bool is_session_of(as_str text, as_str role)
{
    as_str resource = as_iam_arn_part(text, 5), name = as_iam_arn_part(role, 5);
    as_str kind;
    if (!as_str_split(&resource, '/', &kind) || !as_str_is(kind, "assumed-role")) {
        return false;
    }
    size_t slash = as_str_rfind_char(name, '/');
    as_str own = as_str_from_index(name, slash == (size_t)-1 ? 0 : slash + 1), named;
    return as_str_split(&resource, '/', &named) && as_str_eq(own, named) &&
           as_str_eq(as_iam_arn_part(text, 4), as_iam_arn_part(role, 4));
}

static void match_aws_principal(const as_iam_identity *who, as_str text, as_truth found[N_NAMINGS])
{
    as_str account = account_of(text);
    if (account.n > 0) {
        naming as = who->type == AS_IAM_ROOT ? NAMED_SELF : NAMED_ACCOUNT;
        found[as] = as_truth_or(found[as], as_iam_equal(account, who->account, false));
        return;
    }
    if (who->arn.n > 0) {
        found[NAMED_SELF] = as_truth_or(found[NAMED_SELF], as_iam_equal(text, who->arn, false));
    }
    if (who->type == AS_IAM_ROLE) {
        found[NAMED_ROLE] = as_truth_or(found[NAMED_ROLE], as_iam_equal(text, who->role, false));
        if (who->arn.n == 0 && is_session_of(text, who->role)) {
            found[NAMED_SELF] = as_truth_or(found[NAMED_SELF], AS_MAYBE);
        }
    }
}

static void match_principals(
        const as_iam_statement *s, const as_iam_identity *who, as_truth found[N_NAMINGS])
{
    bool aws = who->type == AS_IAM_USER || who->type == AS_IAM_ROLE || who->type == AS_IAM_ROOT;
    for (size_t i = 0; i < s->n_principals; i++) {
        as_iam_principal_item item = s->principals[i];
        if (item.type == AS_IAM_PRINCIPAL_ANY) {
            found[who->type == AS_IAM_ROLE ? NAMED_ROLE : NAMED_SELF] = AS_YES;
        } else if (item.type == AS_IAM_PRINCIPAL_AWS && aws) {
            match_aws_principal(who, item.text, found);
        } else if ((item.type == AS_IAM_PRINCIPAL_SERVICE && who->type == AS_IAM_SERVICE) ||
                   (item.type == AS_IAM_PRINCIPAL_FEDERATED && who->type == AS_IAM_FEDERATED)) {
            found[NAMED_SELF] =
                    as_truth_or(found[NAMED_SELF], as_iam_equal(item.text, who->arn, true));
        }
    }
    if (s->open_principals) {
        found[NAMED_SELF] = as_truth_or(found[NAMED_SELF], AS_MAYBE);
    }
}

/* How the statement names the caller, as a truth for each way. */
static void match_caller(
        const as_iam_statement *s, const as_iam_identity *who, as_truth found[N_NAMINGS])
{
    for (int i = 0; i < N_NAMINGS; i++) {
        found[i] = AS_NO;
    }
    if (!s->has_principal) {
        return; /* such a statement is refused in a resource policy */
    }
    match_principals(s, who, found);
    if (s->not_principal) {
        /* The list must name the caller itself to except it; a session, its role as well. */
        as_truth named = as_truth_or(found[NAMED_SELF], found[NAMED_ROLE]);
        for (int i = 0; i < N_NAMINGS; i++) {
            found[i] = AS_NO;
        }
        found[NAMED_SELF] = as_truth_not(named);
    }
}

/* --- sets of policies ----------------------------------------------------------------------------
 */

static void note(
        as_truth *total, as_truth one, const as_iam_statement *s, const as_iam_statement **by)
{
    if (one == AS_NO || *total == AS_YES) {
        return;
    }
    if (*by == NULL || one == AS_YES) {
        *by = s;
    }
    *total = as_truth_or(*total, one);
}

as_truth as_iam_denies_choice(as_arena *arena, const as_iam_request *request,
        const as_iam_statement *allow, const as_iam_statement *const *deny, size_t n_deny)
{
    as_truth every = AS_YES;
    if (allow->not_resource || n_deny == 0) {
        return AS_NO;
    }
    for (size_t i = 0; i < allow->resources.n && every != AS_NO; i++) {
        as_truth found = AS_YES, any = AS_NO;
        as_str pattern = allow->variables ? as_iam_expand(arena, allow->resources.items[i],
                                                    &request->context, &found)
                                          : allow->resources.items[i];
        if (found == AS_NO || as_iam_overlaps(pattern, request->resource) == AS_NO) {
            continue;
        }
        as_iam_request narrow = *request;
        narrow.resource = as_iam_narrow(arena, pattern, request->resource);
        for (size_t k = 0; k < n_deny && any != AS_YES; k++) {
            any = as_truth_or(any, as_iam_statement_matches(arena, deny[k], &narrow));
        }
        every = as_truth_and(every, any);
    }
    return every;
}

/* Allow and Deny are looked at apart; where the caller chooses, the choice is the same for both. */
static void refine_choice(
        as_arena *arena, const as_iam_request *request, as_iam_policies policies, as_iam_outcome *o)
{
    AS_VEC(const as_iam_statement *) deny = {0};
    as_truth left = AS_NO;
    for (size_t i = 0; i < policies.n; i++) {
        for (size_t k = 0; k < policies.items[i]->n_statements; k++) {
            const as_iam_statement *s = &policies.items[i]->statements[k];
            if (!s->allow && as_iam_statement_takes(s, request->action) != AS_NO) {
                AS_VEC_PUSH(arena, &deny, s);
            }
        }
    }
    if (deny.n == 0) {
        return;
    }
    for (size_t i = 0; i < policies.n && left != AS_YES; i++) {
        for (size_t k = 0; k < policies.items[i]->n_statements; k++) {
            const as_iam_statement *s = &policies.items[i]->statements[k];
            as_truth one = s->allow ? as_iam_statement_matches(arena, s, request) : AS_NO;
            if (one != AS_NO) {
                left = as_truth_or(
                        left, as_truth_and(one, as_truth_not(as_iam_denies_choice(
                                                        arena, request, s, deny.items, deny.n))));
            }
        }
    }
    if (left == AS_NO && o->unknown == NULL) {
        o->deny = AS_YES;
        o->denied_by = deny.items[0];
    }
}

as_iam_outcome as_iam_outcome_of(
        as_arena *arena, const as_iam_request *request, as_iam_policies policies)
{
    as_iam_outcome o = {.allow = AS_NO, .deny = AS_NO};
    for (size_t i = 0; i < policies.n; i++) {
        const as_iam_policy *policy = policies.items[i];
        if (policy->problem.n > 0) {
            o.allow = as_truth_or(o.allow, AS_MAYBE);
            o.deny = as_truth_or(o.deny, AS_MAYBE);
            o.unknown = policy;
        }
        for (size_t k = 0; k < policy->n_statements; k++) {
            const as_iam_statement *s = &policy->statements[k];
            as_truth one = as_iam_statement_matches(arena, s, request);
            if (s->allow || s->either) {
                note(&o.allow, one, s, &o.allowed_by);
            }
            if (!s->allow) {
                note(&o.deny, one, s, &o.denied_by);
            }
        }
    }
    if (request->choose && o.allow != AS_NO && o.deny == AS_NO) {
        refine_choice(arena, request, policies, &o);
    }
    return o;
}

typedef struct resource_outcome {
    as_truth allow[N_NAMINGS], deny;
    const as_iam_statement *allowed_by[N_NAMINGS], *denied_by;
    const as_iam_policy *unknown;
} resource_outcome;

static resource_outcome of_resource_policy(
        as_arena *arena, const as_iam_request *request, const as_iam_policy *policy)
{
    resource_outcome o = {.deny = AS_NO};
    if (policy != NULL && policy->problem.n > 0) {
        o.allow[NAMED_SELF] = o.deny = AS_MAYBE;
        o.unknown = policy;
    }
    for (size_t k = 0; policy != NULL && k < policy->n_statements; k++) {
        const as_iam_statement *s = &policy->statements[k];
        as_truth named[N_NAMINGS], any = AS_NO;
        as_truth one = as_iam_statement_matches(arena, s, request);
        match_caller(s, &request->who, named);
        for (int i = 0; i < N_NAMINGS; i++) {
            any = as_truth_or(any, named[i]);
            if (s->allow || s->either) {
                note(&o.allow[i], as_truth_and(one, named[i]), s, &o.allowed_by[i]);
            }
        }
        if (!s->allow) {
            note(&o.deny, as_truth_and(one, any), s, &o.denied_by);
        }
    }
    return o;
}

/* --- the decision --------------------------------------------------------------------------------
 */

typedef struct decider {
    as_arena *arena;
    const as_iam_request *request;
    as_truth allow, deny;
    as_iam_layer deny_layer, blocked_layer, open_layer;
    const as_iam_statement *denied_by, *open_by, *allowed_by;
    as_iam_layer allow_layer;
    const as_iam_policy *unknown;
    bool blocked, open; /* a layer allows nothing; it is not known what one allows */
} decider;

static void add_deny(decider *d, as_iam_layer layer, as_truth deny, const as_iam_statement *by)
{
    if (deny == AS_NO || d->deny == AS_YES) {
        return;
    }
    if (deny == AS_YES || d->denied_by == NULL) {
        d->denied_by = by;
        d->deny_layer = layer;
    }
    d->deny = as_truth_or(d->deny, deny);
}

/* A layer that must allow as well. */
static as_truth must_allow(decider *d, as_iam_layer layer, const as_iam_outcome *o)
{
    if (o->allow == AS_NO && !d->blocked) {
        d->blocked = true;
        d->blocked_layer = layer;
    }
    if (o->allow == AS_MAYBE && !d->open) {
        d->open = true;
        d->open_by = o->allowed_by;
        d->open_layer = layer;
        d->unknown = o->unknown != NULL ? o->unknown : d->unknown;
    }
    return o->allow;
}

static as_truth filter(decider *d, as_iam_layer layer, as_iam_policies policies)
{
    as_iam_outcome o = as_iam_outcome_of(d->arena, d->request, policies);
    add_deny(d, layer, o.deny, o.denied_by);
    if (o.deny == AS_MAYBE && o.unknown != NULL) {
        d->unknown = o.unknown;
    }
    return must_allow(d, layer, &o);
}

static as_truth filter_one(decider *d, as_iam_layer layer, const as_iam_policy *policy)
{
    return policy == NULL ? AS_YES : filter(d, layer, (as_iam_policies){&policy, 1});
}

static as_truth filter_levels(
        decider *d, as_iam_layer layer, const as_iam_policies *levels, size_t n)
{
    as_truth all = AS_YES;
    for (size_t i = 0; i < n; i++) {
        all = as_truth_and(all, filter(d, layer, levels[i]));
    }
    return all;
}

static as_iam_verdict conclude(const decider *d)
{
    as_iam_verdict v = {.decision = AS_IAM_UNKNOWN};
    if (d->deny == AS_YES) {
        return (as_iam_verdict){AS_IAM_DENIED_EXPLICITLY, d->deny_layer, d->denied_by, AS_STR("")};
    }
    if (d->allow == AS_NO) {
        return (as_iam_verdict){AS_IAM_DENIED_IMPLICITLY,
                d->blocked ? d->blocked_layer : AS_IAM_LAYER_IDENTITY, NULL, AS_STR("")};
    }
    if (d->allow == AS_YES && d->deny == AS_NO) {
        return (as_iam_verdict){AS_IAM_ALLOWED, d->allow_layer, d->allowed_by, AS_STR("")};
    }
    bool by_allow = d->allow == AS_MAYBE && (d->open || d->deny == AS_NO);
    v.layer = by_allow ? d->open_layer : d->deny_layer;
    v.statement = by_allow ? d->open_by : d->denied_by;
    if (v.statement != NULL && v.statement->problem.n > 0) {
        v.reason = v.statement->problem;
    } else if (v.statement == NULL && d->unknown != NULL) {
        v.reason = d->unknown->problem;
    } else if (v.statement != NULL && v.statement->n_conditions > 0) {
        v.reason = as_str_fmt(d->arena, "it hangs on the condition %.*s on %.*s",
                AS_STR_ARG(v.statement->conditions[0].written),
                AS_STR_ARG(v.statement->conditions[0].key));
    } else {
        v.reason = AS_STR("a value in the policy is not known");
    }
    return v;
}

static void allow_by(decider *d, as_truth truth, as_iam_layer layer, const as_iam_statement *by)
{
    if (truth == AS_NO || d->allow == AS_YES) {
        return;
    }
    if (truth == AS_YES) {
        d->allowed_by = by;
        d->allow_layer = layer;
    } else if (!d->open) {
        d->open = true;
        d->open_by = by;
        d->open_layer = layer;
    }
    d->allow = as_truth_or(d->allow, truth);
}

as_iam_verdict as_iam_evaluate(
        as_arena *arena, const as_iam_request *request, const as_iam_inputs *in)
{
    decider d = {.arena = arena, .request = request, .allow = AS_NO, .deny = AS_NO};
    const as_iam_identity *who = &request->who;
    bool has_identity =
            who->type == AS_IAM_USER || who->type == AS_IAM_ROLE || who->type == AS_IAM_ROOT;

    as_truth scp = has_identity ? filter_levels(&d, AS_IAM_LAYER_SCP, in->scp, in->n_scp) : AS_YES;
    for (size_t i = 0; i < in->n_rcp;
            i++) { /* they only deny: RCPFullAWSAccess cannot be detached */
        as_iam_outcome o = as_iam_outcome_of(arena, request, in->rcp[i]);
        add_deny(&d, AS_IAM_LAYER_RCP, o.deny, o.denied_by);
        d.unknown = o.deny == AS_MAYBE && o.unknown != NULL ? o.unknown : d.unknown;
    }
    as_truth endpoint = filter_one(&d, AS_IAM_LAYER_ENDPOINT, in->endpoint);
    as_truth outer = as_truth_and(scp, endpoint);

    as_iam_outcome identity = as_iam_outcome_of(arena, request, in->identity);
    if (who->type == AS_IAM_ROOT) {
        identity.allow = AS_YES;
    }
    if (has_identity) {
        add_deny(&d, AS_IAM_LAYER_IDENTITY, identity.deny, identity.denied_by);
        d.unknown = identity.unknown != NULL ? identity.unknown : d.unknown;
    }
    as_truth boundary = has_identity ? filter_one(&d, AS_IAM_LAYER_BOUNDARY, in->boundary) : AS_YES;
    as_truth session = has_identity ? filter_one(&d, AS_IAM_LAYER_SESSION, in->session) : AS_YES;
    as_truth limits = as_truth_and(boundary, session);

    resource_outcome resource = of_resource_policy(arena, request, in->resource);
    add_deny(&d, AS_IAM_LAYER_RESOURCE, resource.deny, resource.denied_by);
    d.unknown = resource.unknown != NULL ? resource.unknown : d.unknown;

    as_truth same =
            !has_identity ? AS_YES : as_iam_equal(who->account, request->resource_account, false);
    as_truth by_identity = has_identity ? as_truth_and(identity.allow, limits) : AS_NO;
    as_truth self = resource.allow[NAMED_SELF];
    as_truth role = resource.allow[NAMED_ROLE];
    as_truth account = resource.allow[NAMED_ACCOUNT];

    /* Within the account: a resource policy that names the caller is enough; one that names the
     * role is limited by boundary and session policy; one that names the account leaves it to the
     * identity. */
    if (same != AS_NO) {
        as_truth s = as_truth_and(same, outer);
        allow_by(&d, as_truth_and(s, self), AS_IAM_LAYER_RESOURCE, resource.allowed_by[NAMED_SELF]);
        allow_by(&d, as_truth_and(s, as_truth_and(role, limits)), AS_IAM_LAYER_RESOURCE,
                resource.allowed_by[NAMED_ROLE]);
        as_truth needs = in->resource_kind == AS_IAM_RESOURCE_PLAIN ? AS_YES : account;
        allow_by(&d, as_truth_and(s, as_truth_and(by_identity, needs)), AS_IAM_LAYER_IDENTITY,
                identity.allowed_by);
    }
    /* Across accounts both must allow. */
    if (same != AS_YES) {
        as_truth any = as_truth_or(self, as_truth_or(role, account));
        as_truth s = as_truth_and(as_truth_not(same), outer);
        allow_by(&d, as_truth_and(s, as_truth_and(by_identity, any)), AS_IAM_LAYER_IDENTITY,
                identity.allowed_by);
    }
    if (d.allow == AS_NO && outer != AS_NO) {
        d.blocked = true;
        d.blocked_layer = has_identity && identity.allow == AS_NO ? AS_IAM_LAYER_IDENTITY
                          : boundary == AS_NO                     ? AS_IAM_LAYER_BOUNDARY
                          : session == AS_NO                      ? AS_IAM_LAYER_SESSION
                                                                  : AS_IAM_LAYER_RESOURCE;
    }
    return conclude(&d);
}
