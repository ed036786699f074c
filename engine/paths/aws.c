/* Identities of AWS: what runs with which role, who becomes whom, who may use which data, and what
 * policies open to everybody. */
#include "engine/paths/internal.h"

#define STRANGER "999999999999"

/* The account of a resource as a stranger sees it: another one than his own, known or not. */
static as_str foreign_account(const as_iam_account *account)
{
    return as_iam_has_hole(account->names.account) ? AS_STR("000000000000")
                                                   : account->names.account;
}

/* What counts as having the data of a resource. Several actions are alternatives. */
typedef struct attack_use {
    const char *kind;
    as_attack_kind node;
    const char *actions[3];
    const char *only_type; /* of raw.type; NULL: any */
} attack_use;

static const attack_use uses[] = {
        {"aws.s3.bucket", AS_ATTACK_STORE, {"s3:GetObject"}, NULL},
        {"aws.dynamodb.table", AS_ATTACK_STORE,
                {"dynamodb:GetItem", "dynamodb:Scan", "dynamodb:Query"}, NULL},
        {"aws.secretsmanager.secret", AS_ATTACK_SECRET, {"secretsmanager:GetSecretValue"}, NULL},
        {"aws.ssm.parameter", AS_ATTACK_SECRET, {"ssm:GetParameter", "ssm:GetParameters"},
                "SecureString"},
        {"aws.sqs.queue", AS_ATTACK_STORE, {"sqs:ReceiveMessage"}, NULL},
        {"aws.kinesis.stream", AS_ATTACK_STORE, {"kinesis:GetRecords"}, NULL},
};

enum { N_USES = sizeof uses / sizeof *uses, N_ACTIONS = 3 };

static const attack_use *use_of(const as_entity *entity)
{
    for (size_t i = 0; i < N_USES; i++) {
        if (as_str_is(entity->kind, uses[i].kind)) {
            as_str type = as_value_str(as_value_get(entity->raw, AS_STR("type")));
            return uses[i].only_type == NULL || as_str_is(type, uses[i].only_type) ? &uses[i]
                                                                                   : NULL;
        }
    }
    return NULL;
}

/* --- who may use which data ----------------------------------------------------------------------
 */

/* The statements that allow a request, of a caller or of the resource; *one is the first. */
static size_t n_allowing(as_arena *arena, const as_iam_request *request, as_iam_policies policies,
        const as_iam_statement **one)
{
    size_t n = 0;
    for (size_t p = 0; p < policies.n; p++) {
        for (size_t s = 0; s < policies.items[p]->n_statements; s++) {
            const as_iam_statement *statement = &policies.items[p]->statements[s];
            if (statement->allow && !statement->either &&
                    as_iam_statement_matches(arena, statement, request) != AS_NO) {
                *one = n++ == 0 ? statement : *one;
            }
        }
    }
    return n;
}

static as_iam_request request_of(
        as_arena *arena, const as_iam_principal *p, const char *action, const as_iam_resource *r)
{
    as_iam_request request = {.who = p->identity,
            .action = as_str_from(action),
            .resource = r->arn,
            .caller_chooses = true,
            .context = p->context};
    if (as_str_starts(r->arn, "arn:aws:s3:::")) { /* any object of the bucket */
        request.resource = as_str_fmt(arena, "%.*s/" AS_HOLE, AS_STR_ARG(r->arn));
        request.choose = true;
    }
    return request;
}

static void ask_store(
        as_attack *attack, attack_vertex *vertex, const attack_store *store, const char *action)
{
    const as_iam_principal *p = vertex->principal;
    bool same = vertex->account == store->account;
    as_iam_request request = request_of(attack->arena, p, action, store->resource);
    request.resource_account = store->account->names.account;
    as_iam_inputs in = {.identity = p->policies,
            .boundary = p->boundary,
            .scp = vertex->account->scp,
            .n_scp = vertex->account->n_scp,
            .resource = store->resource->policy,
            .resource_kind = store->resource->kind};
    as_iam_verdict v = as_iam_evaluate(attack->arena, &request, &in);
    if (v.decision != AS_IAM_ALLOWED && v.decision != AS_IAM_UNKNOWN) {
        return;
    }
    if (!same && v.decision == AS_IAM_UNKNOWN) {
        attack_doubt(attack,
                "whether identities of %.*s may use data of %.*s is not known: their accounts are "
                "not",
                AS_STR_ARG(vertex->account->unit->name), AS_STR_ARG(store->account->unit->name));
        return;
    }
    const as_iam_statement *by = v.statement, *one = NULL, *other = NULL;
    as_iam_policies own = {&store->resource->policy, store->resource->policy != NULL};
    size_t n = n_allowing(attack->arena, &request, p->policies, &one);
    /* Within one account the resource's policy alone is enough, a key's and a foreign one are
     * needed beside. */
    n += same && store->resource->kind == AS_IAM_RESOURCE_PLAIN
                 ? n_allowing(attack->arena, &request, own, &other)
                 : 0;
    by = one != NULL ? one : by;
    as_attack_link link = {.from = vertex->node.id,
            .to = store->node,
            .hop = AS_HOP_grant,
            .certain = v.decision == AS_IAM_ALLOWED,
            .note = as_str_from(action),
            .reason = as_iam_shown(attack->arena, v.reason),
            .span = by != NULL ? by->span : p->entity->head};
    attack_link(attack, link, n > 1);
}

static void expand_data(as_attack *attack, attack_vertex *vertex)
{
    for (size_t i = 0; i < attack->stores.n; i++) {
        const attack_store *store = &attack->stores.items[i];
        if (store->account != vertex->account && store->resource->policy == NULL &&
                (as_iam_has_hole(store->account->names.account) ||
                        as_iam_has_hole(vertex->account->names.account))) {
            continue;
        }
        for (size_t a = 0; a < N_ACTIONS && store->use->actions[a] != NULL; a++) {
            if (!attack_may_ask(attack, "pairs of identities and data")) {
                return;
            }
            ask_store(attack, vertex, store, store->use->actions[a]);
        }
    }
}

/* --- who becomes whom ----------------------------------------------------------------------------
 */

static bool takes_assume(const as_iam_principal *p)
{
    for (size_t i = 0; i < p->policies.n; i++) {
        const as_iam_policy *policy = p->policies.items[i];
        if (policy->problem.n > 0) {
            return true;
        }
        for (size_t s = 0; s < policy->n_statements; s++) {
            if (policy->statements[s].allow && as_iam_statement_takes(&policy->statements[s],
                                                       AS_STR("sts:AssumeRole")) != AS_NO) {
                return true;
            }
        }
    }
    return false;
}

static as_iam_verdict ask_assume(as_attack *attack, as_iam_identity who, as_iam_policies identity,
        const as_iam_policy *boundary, as_iam_context context, const attack_role *role,
        const char *action)
{
    as_iam_request request = {.who = who,
            .action = as_str_from(action),
            .resource = role->principal->arn,
            .resource_account = as_str_is(who.account, STRANGER) ? foreign_account(role->account)
                                                                 : role->account->names.account,
            .caller_chooses = true,
            .context = context};
    as_iam_inputs in = {.identity = identity,
            .boundary = boundary,
            .resource = role->principal->trust,
            .resource_kind = AS_IAM_RESOURCE_TRUST};
    return as_iam_evaluate(attack->arena, &request, &in);
}

static void link_assumed(as_attack *attack, attack_vertex *vertex, const attack_role *role)
{
    const as_iam_principal *p = vertex->principal;
    if (role->principal == p || !attack_may_ask(attack, "pairs of identities")) {
        return;
    }
    as_iam_verdict v = ask_assume(
            attack, p->identity, p->policies, p->boundary, p->context, role, "sts:AssumeRole");
    if (v.decision != AS_IAM_ALLOWED && v.decision != AS_IAM_UNKNOWN) {
        return;
    }
    as_attack_link link = {.from = vertex->node.id,
            .to = attack->by_entity[role->principal->entity->id],
            .hop = AS_HOP_assume,
            .certain = v.decision == AS_IAM_ALLOWED,
            .note = AS_STR("sts:AssumeRole"),
            .reason = as_iam_shown(attack->arena, v.reason),
            .span = v.statement != NULL ? v.statement->span : role->principal->entity->head};
    attack_link(attack, link, false);
}

static void expand_roles(as_attack *attack, attack_vertex *vertex)
{
    const as_iam_principal *p = vertex->principal;
    const attack_trust *named = as_map_get(&attack->trusting, p->arn);
    for (; named != NULL; named = named->next) {
        link_assumed(attack, vertex, named->role);
    }
    for (size_t i = 0; takes_assume(p) && i < attack->trusting_account.n; i++) {
        if (attack->trusting_account.items[i]->account == vertex->account) {
            link_assumed(attack, vertex, attack->trusting_account.items[i]);
        }
    }
}

/* By whom a role may be assumed: indexed, as every pair of an account would be too many. */
static void index_trust(as_attack *attack, attack_role *role)
{
    const as_iam_policy *trust = role->principal->trust;
    bool account = trust != NULL && trust->problem.n > 0;
    for (size_t s = 0; trust != NULL && s < trust->n_statements; s++) {
        const as_iam_statement *statement = &trust->statements[s];
        account = account || statement->open_principals || statement->not_principal ||
                  statement->problem.n > 0;
        for (size_t i = 0; i < statement->n_principals; i++) {
            as_iam_principal_item item = statement->principals[i];
            bool exact = as_iam_is_arn(item.text) && as_str_contains(item.text, "/") &&
                         !as_str_contains(item.text, "*") && !as_str_contains(item.text, AS_HOLE);
            if (item.type == AS_IAM_PRINCIPAL_AWS && as_iam_is_arn(item.text) &&
                    as_str_contains(item.text, "/")) {
                attack_trust *one = AS_NEW(attack->arena, attack_trust);
                *one = (attack_trust){role, as_map_get(&attack->trusting, item.text)};
                as_map_put(attack->arena, &attack->trusting, item.text, one);
            }
            account = account || (item.type != AS_IAM_PRINCIPAL_SERVICE &&
                                         item.type != AS_IAM_PRINCIPAL_FEDERATED && !exact);
        }
    }
    if (account) {
        AS_VEC_PUSH(attack->arena, &attack->trusting_account, role);
    }
}

static attack_vertex *admin_of(as_attack *attack, const as_iam_account *account)
{
    const as_unit *unit = account->unit;
    as_str number = account->names.account;
    as_str name = as_iam_has_hole(number) || number.n == 0 ? unit->name : number;
    as_str key = as_str_fmt(attack->arena, "admin aws %u", unit->id);
    return attack_add_named(attack, AS_ATTACK_ADMIN, key,
            attack_title(attack, "administration of the AWS account", name),
            attack_environment(unit->environment));
}

static void link_admin(as_attack *attack, attack_vertex *vertex)
{
    const as_iam_principal *p = vertex->principal;
    const as_iam_statement *by = NULL;
    as_iam_request request = {.who = p->identity,
            .action = AS_STR("iam:PutUserPolicy"),
            .resource = AS_STR(AS_HOLE),
            .caller_chooses = true,
            .context = p->context};
    size_t n = n_allowing(attack->arena, &request, p->policies, &by);
    as_span span = by != NULL && by->span.file != 0 ? by->span
                   : p->grants.n == 1               ? p->grants.items[0].span
                                                    : AS_SPAN_NONE;
    for (size_t i = 0; by != NULL && span.file == 0 && i < p->grants.n; i++) {
        span = p->grants.items[i].policy == by->policy ? p->grants.items[i].span : span;
    }
    as_attack_link link = {.from = vertex->node.id,
            .to = admin_of(attack, vertex->account)->node.id,
            .hop = AS_HOP_grant,
            .certain = true,
            .note = AS_STR("administrator"),
            .span = span};
    attack_link(attack, link, n > 1 || span.file == 0);
}

static void link_step(as_attack *attack, const as_iam_account *account, const as_iam_step *step)
{
    uint32_t from = attack->by_entity[step->from->entity->id];
    uint32_t to = step->to != NULL ? attack->by_entity[step->to->entity->id]
                                   : admin_of(attack, account)->node.id;
    bool assume = as_str_is(step->method->id, "sts:AssumeRole");
    as_attack_link link = {.from = from,
            .to = to,
            .hop = assume ? AS_HOP_assume : AS_HOP_escalate,
            .certain = step->certain,
            .note = step->method->id,
            .reason = step->certain ? AS_STR("") : as_iam_shown(attack->arena, step->caveat),
            .span = step->by != NULL ? step->by->span : step->from->entity->head};
    attack_link(attack, link, false);
}

static void expand_escalations(as_attack *attack, attack_vertex *vertex)
{
    const as_iam_entry *entry = as_iam_entry_of(attack->graph, vertex->node.entity);
    if (entry == NULL) {
        attack_doubt(attack, "ways to more rights were not worked out: memory ran out");
        return;
    }
    if (entry->admin) {
        link_admin(attack, vertex);
    } else if (entry->doubt.n > 0) {
        attack_doubt(attack, "what %.*s may do is not known in full: %.*s",
                AS_STR_ARG(vertex->node.title), AS_STR_ARG(entry->doubt));
    }
    for (size_t i = 0; i < entry->n_paths; i++) {
        const as_iam_path *path = &entry->paths[i];
        for (size_t s = 0; s < path->n_steps; s++) {
            if (path->steps[s].from == vertex->principal) {
                link_step(attack, entry->account, &path->steps[s]);
            }
        }
    }
}

/* --- everybody -----------------------------------------------------------------------------------
 */

/* Somebody with an account of AWS: nothing that a policy can know of its own people fits. */
static const as_iam_key stranger_keys[] = {
        {.name = AS_STR_INIT("aws:principalorgid"),
                .present = AS_YES,
                .values = {&AS_STR("o-stranger00"), 1}},
        {.name = AS_STR_INIT("aws:principalaccount"),
                .present = AS_YES,
                .values = {&AS_STR(STRANGER), 1}},
        {.name = AS_STR_INIT("aws:principalarn"),
                .present = AS_YES,
                .values = {&AS_STR("arn:aws:iam::" STRANGER ":user/stranger"), 1}},
        {.name = AS_STR_INIT("aws:sourceip"),
                .present = AS_YES,
                .values = {&AS_STR("198.18.0.1"), 1}},
        {.name = AS_STR_INIT("aws:sourcevpc"), .present = AS_NO},
        {.name = AS_STR_INIT("aws:sourcevpce"), .present = AS_NO},
        {.name = AS_STR_INIT("aws:sourcearn"), .present = AS_NO},
        {.name = AS_STR_INIT("aws:sourceaccount"), .present = AS_NO},
        {.name = AS_STR_INIT("sts:externalid"), .present = AS_NO},
        {.name = AS_STR_INIT("aws:multifactorauthpresent"),
                .present = AS_YES,
                .values = {&AS_STR("true"), 1}},
        {.name = AS_STR_INIT("aws:securetransport"),
                .present = AS_YES,
                .values = {&AS_STR("true"), 1}},
};

/* The token of a workflow in a repository of somebody else. */
static const as_iam_key repository_keys[] = {
        {.name = AS_STR_INIT("token.actions.githubusercontent.com:sub"),
                .present = AS_YES,
                .values = {&AS_STR("repo:stranger/stranger:ref:refs/heads/main"), 1}},
        {.name = AS_STR_INIT("token.actions.githubusercontent.com:aud"),
                .present = AS_YES,
                .values = {&AS_STR("sts.amazonaws.com"), 1}},
        {.name = AS_STR_INIT("token.actions.githubusercontent.com:repository_owner"),
                .present = AS_YES,
                .values = {&AS_STR("stranger"), 1}},
};

static const as_iam_context stranger_context = {
        stranger_keys, sizeof stranger_keys / sizeof *stranger_keys, AS_MAYBE, NULL};
static const as_iam_identity stranger = {.type = AS_IAM_USER,
        .arn = AS_STR_INIT("arn:aws:iam::" STRANGER ":user/stranger"),
        .account = AS_STR_INIT(STRANGER)};

/* The stranger's own policies allow everything. */
static as_iam_policies everything(as_attack *attack)
{
    const as_iam_policy **items = AS_NEW_ARRAY(attack->arena, const as_iam_policy *, 1);
    items[0] = as_iam_policy_parse(attack->arena,
            as_value_string(attack->arena, AS_SPAN_NONE,
                    AS_STR("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
                           "\"Action\":\"*\",\"Resource\":\"*\"}}")),
            AS_STR("everything"), NULL);
    return (as_iam_policies){items, 1};
}

static bool names_everybody(const as_iam_policy *policy)
{
    for (size_t s = 0; policy != NULL && s < policy->n_statements; s++) {
        const as_iam_statement *statement = &policy->statements[s];
        for (size_t i = 0; statement->allow && i < statement->n_principals; i++) {
            const as_iam_principal_item *item = &statement->principals[i];
            if (item->type == AS_IAM_PRINCIPAL_ANY || as_str_is(item->text, "*")) {
                return true;
            }
        }
    }
    return false;
}

/* Whether the bucket, or the account, refuses policies that are open to everybody. Without a word
 * about it AWS has refused them since April 2023, for new buckets. */
static as_truth refuses_public(as_attack *attack, const as_entity *bucket)
{
    bool unsure = false;
    size_t n = 0, n_account = 0;
    const as_entity *const *blocks =
            as_graph_satellites(attack->graph, bucket, AS_STR("public_access_block"), &n, &unsure);
    const as_entity *const *all = as_graph_of_kind(
            attack->graph, AS_STR("aws.s3.account_public_access_block"), &n_account);
    const as_value *live = as_value_path(
            bucket->raw, "PublicAccessBlock.PublicAccessBlockConfiguration.RestrictPublicBuckets");
    as_truth refused = live != NULL ? as_truth_of(as_value_bool_or(live, false)) : AS_NO;
    for (size_t i = 0; i < n + n_account; i++) {
        const as_entity *e = i < n ? blocks[i] : all[i - n];
        const as_value *v = as_value_get(e->raw, AS_STR("restrict_public_buckets"));
        if (e->unit == bucket->unit) {
            refused = as_truth_or(refused,
                    as_value_is_unknown(v) ? AS_MAYBE : as_truth_of(as_value_bool_or(v, false)));
        }
    }
    bool said = n > 0 || live != NULL;
    return refused == AS_NO && (unsure || !said) && bucket->origin != AS_ORIGIN_LIVE ? AS_MAYBE
                                                                                     : refused;
}

static void link_public_store(as_attack *attack, const attack_store *store, as_iam_policies all)
{
    const as_iam_policy *policy = store->resource->policy;
    as_iam_principal nobody = {.identity = stranger, .context = stranger_context};
    if (!names_everybody(policy)) {
        return;
    }
    as_iam_request request =
            request_of(attack->arena, &nobody, store->use->actions[0], store->resource);
    request.resource_account = foreign_account(store->account);
    as_iam_inputs in = {
            .identity = all, .resource = policy, .resource_kind = store->resource->kind};
    as_iam_verdict v = as_iam_evaluate(attack->arena, &request, &in);
    as_truth refused = as_str_is(store->resource->entity->kind, "aws.s3.bucket")
                               ? refuses_public(attack, store->resource->entity)
                               : AS_NO;
    if ((v.decision != AS_IAM_ALLOWED && v.decision != AS_IAM_UNKNOWN) || refused == AS_YES) {
        return;
    }
    as_attack_link link = {.from = attack->internet,
            .to = store->node,
            .hop = AS_HOP_grant,
            .certain = v.decision == AS_IAM_ALLOWED && refused == AS_NO,
            .note = as_str_fmt(attack->arena, "%s for everybody", store->use->actions[0]),
            .reason = v.decision == AS_IAM_ALLOWED
                              ? AS_STR("nothing says whether public policies are refused")
                              : as_iam_shown(attack->arena, v.reason),
            .span = v.statement != NULL && v.statement->span.file != 0 ? v.statement->span
                                                                       : policy->span};
    attack_link(attack, link, false);
}

/* Trust that anybody fits: every account of AWS, or every repository of GitHub. */
static void link_open_role(as_attack *attack, const attack_role *role, as_iam_policies all)
{
    const as_iam_policy *trust = role->principal->trust;
    as_iam_verdict v = {.decision = AS_IAM_DENIED_IMPLICITLY};
    const char *who = "every account of AWS";
    if (names_everybody(trust)) {
        v = ask_assume(attack, stranger, all, NULL, stranger_context, role, "sts:AssumeRole");
    }
    for (size_t s = 0; trust != NULL && v.decision != AS_IAM_ALLOWED && s < trust->n_statements;
            s++) {
        for (size_t i = 0; i < trust->statements[s].n_principals; i++) {
            const as_iam_principal_item *item = &trust->statements[s].principals[i];
            if (item->type != AS_IAM_PRINCIPAL_FEDERATED ||
                    !as_str_contains(item->text, "token.actions.githubusercontent.com")) {
                continue;
            }
            as_iam_identity federated = {.type = AS_IAM_FEDERATED, .arn = item->text};
            as_iam_context context = {repository_keys, 3, AS_MAYBE, NULL};
            v = ask_assume(attack, federated, (as_iam_policies){NULL, 0}, NULL, context, role,
                    "sts:AssumeRoleWithWebIdentity");
            who = "every repository of GitHub";
        }
    }
    if (v.decision != AS_IAM_ALLOWED) {
        return;
    }
    as_attack_link link = {.from = attack->internet,
            .to = attack->by_entity[role->principal->entity->id],
            .hop = AS_HOP_assume,
            .certain = true,
            .note = as_str_fmt(attack->arena, "%s is trusted", who),
            .span = v.statement != NULL ? v.statement->span : role->principal->entity->head};
    attack_link(attack, link, false);
}

/* --- reading -------------------------------------------------------------------------------------
 */

static void add_principal(
        as_attack *attack, const as_iam_account *account, const as_iam_principal *p)
{
    attack_vertex *v = attack_add(attack, AS_ATTACK_IDENTITY, p->entity);
    v->account = account;
    v->principal = p;
    if (p->kind == AS_IAM_KIND_GROUP) {
        return;
    }
    attack_expand_with(attack, v, expand_data);
    attack_expand_with(attack, v, expand_roles);
    attack_expand_with(attack, v, expand_escalations);
    if (p->kind == AS_IAM_KIND_ROLE) {
        attack_role *role = AS_NEW(attack->arena, attack_role);
        *role = (attack_role){account, p, as_map_get(&attack->roles, p->name)};
        as_map_put(attack->arena, &attack->roles, p->name, role);
        index_trust(attack, role);
    }
}

static void add_running(as_attack *attack, const as_iam_running *running)
{
    attack_vertex *v = attack_add(attack, AS_ATTACK_WORKLOAD, running->entity);
    if (running->role == NULL) {
        return;
    }
    size_t n = 0;
    as_span span = running->entity->head;
    const as_edge *const *edges = as_graph_edges_from(attack->graph, running->entity->id, &n);
    for (size_t i = 0; i < n; i++) {
        span = edges[i]->type == AS_EDGE_runs_as ? edges[i]->span : span;
    }
    as_attack_link link = {.from = v->node.id,
            .to = attack->by_entity[running->role->entity->id],
            .hop = AS_HOP_runs_as,
            .certain = true,
            .note = as_str_from("its role"),
            .span = span};
    attack_link(attack, link, false);
}

static void add_store(
        as_attack *attack, const as_iam_account *account, const as_iam_resource *resource)
{
    const attack_use *use = use_of(resource->entity);
    if (use != NULL) {
        attack_store store = {.node = attack_add(attack, use->node, resource->entity)->node.id,
                .account = account,
                .resource = resource,
                .use = use};
        AS_VEC_PUSH(attack->arena, &attack->stores, store);
    }
}

void attack_read_aws(as_attack *attack)
{
    attack->accounts = as_iam_accounts_shared(attack->graph);
    if (attack->accounts == NULL) {
        attack_doubt(attack, "the accounts of AWS were not examined: memory ran out");
        return;
    }
    as_iam_policies all = everything(attack);
    for (size_t a = 0; a < attack->accounts->list.n; a++) {
        const as_iam_account *account = attack->accounts->list.items[a];
        for (size_t i = 0; i < account->principals.n; i++) {
            add_principal(attack, account, account->principals.items[i]);
        }
        for (size_t i = 0; i < account->running.n; i++) {
            add_running(attack, &account->running.items[i]);
        }
        for (size_t i = 0; i < account->resources.n; i++) {
            add_store(attack, account, &account->resources.items[i]);
        }
    }
    for (size_t i = 0; i < attack->stores.n; i++) {
        link_public_store(attack, &attack->stores.items[i], all);
    }
    for (size_t i = 0; i < attack->roles.n; i++) {
        for (attack_role *role = attack->roles.entries[i].value; role != NULL; role = role->next) {
            link_open_role(attack, role, all);
        }
    }
}
