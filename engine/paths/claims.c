#include "engine/paths/claims.h"

#include "engine/iam/names.h"
#include "engine/ways/worlds.h"

/* --- what a workflow tells ----------------------------------------------------------------------
 */

static const as_entity *workflow_of(as_attack *attack, const as_entity *job)
{
    size_t n = 0;
    const as_edge *const *edges = as_graph_edges_to(attack->graph, job->id, &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *from = as_graph_get(attack->graph, edges[i]->from);
        if (edges[i]->type == AS_EDGE_contains && as_str_is(from->kind, "ci.workflow")) {
            return from;
        }
    }
    return NULL;
}

/* The one branch that a push must be to; empty: several, or a pattern. */
static as_str branch_of(const as_value *on)
{
    const as_value *branches = as_value_path(on, "push.branches");
    as_str one = as_value_list_count(branches) == 1 ? as_value_str(as_value_index(branches, 0))
                                                    : as_value_str(branches);
    bool pattern = false;
    for (size_t i = 0; i < one.n; i++) {
        pattern = pattern || as_char_in(one.p[i], "*?+[]!");
    }
    return pattern ? AS_STR("") : one;
}

static attack_claims claims_of(as_attack *attack, as_str event, const as_value *on)
{
    attack_claims c = {.event = event, .any_ref = true};
    as_str branch = as_str_is(event, "push") ? branch_of(on) : AS_STR("");
    if (as_str_is(event, "pull_request")) {
        c.tails[0] = AS_STR("pull_request");
        c.any_ref = false;
    } else if (as_str_is(event, "pull_request_target")) { /* it runs in the base branch */
        c.tails[0] = AS_STR("pull_request");
    } else if (branch.n > 0) {
        c.ref = as_str_join(attack->arena, AS_STR("refs/heads/"), branch);
        c.tails[0] = as_str_join(attack->arena, AS_STR("ref:"), c.ref);
        c.any_ref = !as_value_is_null(as_value_path(on, "push.tags"));
    }
    return c;
}

attack_claims_list attack_claims_of(as_attack *attack, const as_entity *job)
{
    attack_claims_list all = {0};
    const as_entity *workflow = workflow_of(attack, job);
    const as_value *events =
            workflow == NULL ? NULL : as_value_get(workflow->extra, AS_STR("triggers"));
    const as_value *on = workflow == NULL ? NULL : as_value_get(workflow->raw, AS_STR("on"));
    const as_value *environment = as_value_get(job->raw, AS_STR("environment"));
    environment = as_value_is(environment, AS_OBJECT) ? as_value_get(environment, AS_STR("name"))
                                                      : environment;
    as_str name = as_value_str(environment);
    size_t n = as_value_list_count(events);
    for (size_t i = 0; i < (n == 0 ? 1 : n); i++) {
        as_str event = as_value_str(as_value_index(events, i));
        attack_claims c = claims_of(attack, event, on);
        if (as_value_is_unknown(environment) || as_str_contains(name, "${{")) {
            c.unknown = true;
        } else if (name.n > 0) {
            c.environment = name;
            c.tails[0] = as_str_join(attack->arena, AS_STR("environment:"), name);
            c.any_ref = false;
        }
        AS_VEC_PUSH(attack->arena, &all, c);
    }
    return all;
}

/* --- AWS -----------------------------------------------------------------------------------------
 */

#define ISSUER "token.actions.githubusercontent.com"

/* A text that the pattern matches: something stands for what it leaves open. */
static as_str instance_of(as_attack *attack, as_str pattern)
{
    as_str text = as_str_replace(attack->arena, pattern, AS_STR("*"), AS_STR("x"));
    return as_str_replace(attack->arena, text, AS_STR("?"), AS_STR("x"));
}

/* "repo:acme/shop" of "repo:acme/shop:ref:…"; what is behind it goes to *rest. */
static as_str repository_of(as_attack *attack, as_str pattern, as_str *rest)
{
    size_t first = as_str_find_char(pattern, ':');
    as_str behind = first == (size_t)-1 ? AS_STR("") : as_str_from_index(pattern, first + 1);
    size_t second = as_str_find_char(behind, ':');
    *rest = AS_STR("");
    if (!as_str_starts(pattern, "repo:")) {
        return AS_STR("repo:x/x");
    }
    if (second != (size_t)-1) {
        *rest = as_str_from_index(behind, second + 1);
        behind = as_str_slice(behind, 0, second);
    }
    return as_str_join(attack->arena, AS_STR("repo:"), instance_of(attack, behind));
}

static void weigh(attack_trusted *best, as_truth truth, as_str reason)
{
    if (truth == AS_YES || (truth == AS_MAYBE && best->truth == AS_NO)) {
        *best = (attack_trusted){truth, truth == AS_MAYBE ? reason : AS_STR("")};
    }
}

typedef struct asking {
    as_attack *attack;
    const attack_role *role;
    const as_iam_principal_item *provider;
    attack_trusted best;
} asking;

static void ask_subject(asking *a, as_str subject)
{
    static const as_str audience = AS_STR_INIT("sts.amazonaws.com");
    const as_iam_key keys[] = {
            {.name = AS_STR(ISSUER ":sub"), .present = AS_YES, .values = {&subject, 1}},
            {.name = AS_STR(ISSUER ":aud"), .present = AS_YES, .values = {&audience, 1}}};
    as_iam_request request = {.who = {.type = AS_IAM_FEDERATED, .arn = a->provider->text},
            .action = AS_STR("sts:AssumeRoleWithWebIdentity"),
            .resource = a->role->principal->arn,
            .resource_account = a->role->account->names.account,
            .context = {keys, 2, AS_MAYBE, NULL}};
    as_iam_inputs in = {
            .resource = a->role->principal->trust, .resource_kind = AS_IAM_RESOURCE_TRUST};
    as_iam_verdict v = as_iam_evaluate(a->attack->arena, &request, &in);
    weigh(&a->best,
            v.decision == AS_IAM_ALLOWED   ? AS_YES
            : v.decision == AS_IAM_UNKNOWN ? AS_MAYBE
                                           : AS_NO,
            as_iam_shown(a->attack->arena, v.reason));
}

/* Subjects that a token may have, of those that a condition speaks of. */
static void ask_pattern(asking *a, const attack_claims *c, as_str pattern)
{
    as_arena *arena = a->attack->arena;
    as_str rest, repository = repository_of(a->attack, pattern, &rest);
    for (size_t i = 0; i < 2; i++) {
        if (c->tails[i].n > 0) {
            ask_subject(a, as_str_fmt(arena, "%.*s:%.*s", AS_STR_ARG(repository),
                                   AS_STR_ARG(c->tails[i])));
        }
    }
    if (c->any_ref || c->unknown) {
        as_str tail = as_str_starts(rest, "ref:") || c->unknown ? instance_of(a->attack, rest)
                                                                : AS_STR("ref:refs/heads/main");
        attack_trusted before = a->best;
        ask_subject(a, as_str_fmt(arena, "%.*s:%.*s", AS_STR_ARG(repository), AS_STR_ARG(tail)));
        if (c->unknown && a->best.truth == AS_YES && before.truth != AS_YES) {
            a->best = before;
            weigh(&a->best, AS_MAYBE, AS_STR("the environment of the job is not known"));
        }
    }
}

static void ask_statement(asking *a, const as_iam_statement *s, const attack_claims_list *claims)
{
    size_t n = 0;
    for (size_t i = 0; i < claims->n; i++) {
        for (size_t k = 0; k < s->n_conditions; k++) {
            const as_iam_condition *condition = &s->conditions[k];
            bool about = as_str_eq(condition->key, AS_STR(ISSUER ":sub"));
            for (size_t v = 0; about && v < condition->values.n; v++) {
                ask_pattern(a, &claims->items[i], condition->values.items[v]);
                n++;
            }
        }
        if (n == 0) {
            ask_pattern(a, &claims->items[i], AS_STR(""));
        }
    }
}

static bool is_about_github(const as_iam_statement *s, const as_iam_principal_item *item)
{
    bool about = as_str_contains(item->text, "githubusercontent.com");
    for (size_t i = 0; i < s->n_conditions; i++) {
        about = about || as_str_starts(s->conditions[i].key, ISSUER);
    }
    return about && item->type == AS_IAM_PRINCIPAL_FEDERATED;
}

attack_trusted attack_role_trusts(
        as_attack *attack, const attack_role *role, const attack_claims_list *claims)
{
    asking a = {.attack = attack, .role = role};
    const as_iam_policy *trust = role->principal->trust;
    bool asked = false;
    for (size_t s = 0; trust != NULL && s < trust->n_statements; s++) {
        const as_iam_statement *one = &trust->statements[s];
        for (size_t i = 0; i < one->n_principals; i++) {
            if (one->allow && is_about_github(one, &one->principals[i])) {
                a.provider = &one->principals[i];
                ask_statement(&a, one, claims);
                asked = true;
            }
        }
    }
    if (!asked) { /* by keys that it has from elsewhere, perhaps */
        weigh(&a.best, AS_MAYBE, AS_STR("its trust policy does not name tokens of GitHub"));
    }
    return a.best;
}

/* --- Google Cloud --------------------------------------------------------------------------------
 */

/* "principalSet://…/workloadIdentityPools/POOL/attribute.repository/acme/shop" and the like: the
 * pool, the attribute and its value; of a subject the attribute is "subject". */
static bool take_apart(as_str text, as_str *pool, as_str *attribute, as_str *value)
{
    size_t at = as_str_find(text, AS_STR("/workloadIdentityPools/"));
    if (at == (size_t)-1 || !as_str_starts(text, "principal")) {
        at = as_str_find(text, AS_STR("iam.googleapis.com/"));
        if (at == (size_t)-1 || !as_str_starts(text, "principal")) {
            return false;
        }
    }
    size_t attr = as_str_find(text, AS_STR("/attribute."));
    size_t sub = as_str_find(text, AS_STR("/subject/"));
    size_t end = attr != (size_t)-1 ? attr : sub != (size_t)-1 ? sub : as_str_rfind_char(text, '/');
    *pool = as_str_slice(text, 0, end);
    *attribute = *value = AS_STR("");
    if (attr != (size_t)-1) {
        *value = as_str_from_index(text, attr + strlen("/attribute."));
        return as_str_split(value, '/', attribute);
    }
    if (sub != (size_t)-1) {
        *attribute = AS_STR("subject");
        *value = as_str_from_index(text, sub + strlen("/subject/"));
    }
    return true;
}

enum { MAX_VARIABLES = 40 };

typedef struct variables {
    as_cel_variable items[MAX_VARIABLES];
    size_t n;
} variables;

static void set(variables *v, as_str name, as_str text)
{
    if (v->n < MAX_VARIABLES && text.n > 0) {
        v->items[v->n++] = (as_cel_variable){name, text};
    }
}

static as_str get(const variables *v, as_str name)
{
    for (size_t i = 0; i < v->n; i++) {
        if (as_str_eq(v->items[i].name, name)) {
            return v->items[i].text;
        }
    }
    return AS_STR("");
}

/* The claims of the token, and what the provider makes of them ("Attribute mappings"). */
static variables variables_of(as_attack *attack, const as_value *mapping, as_str attribute,
        as_str value, const attack_claims *c)
{
    variables v = {0};
    as_str name = as_str_is(attribute, "subject")
                          ? AS_STR("google.subject")
                          : as_str_join(attack->arena, AS_STR("attribute."), attribute);
    as_str claim = as_value_str(as_value_get(mapping, name));
    if (as_str_starts(claim, "assertion.") && attribute.n > 0) {
        set(&v, claim, value);
    }
    as_str repository = get(&v, AS_STR("assertion.repository"));
    as_str sub = get(&v, AS_STR("assertion.sub"));
    if (repository.n == 0 && as_str_starts(sub, "repo:")) {
        repository = as_str_from_index(sub, 5);
        repository = as_str_slice(repository, 0, as_str_find_char(repository, ':'));
        set(&v, AS_STR("assertion.repository"), repository);
    }
    if (get(&v, AS_STR("assertion.repository_owner")).n == 0 && repository.n > 0) {
        set(&v, AS_STR("assertion.repository_owner"),
                as_str_slice(repository, 0, as_str_find_char(repository, '/')));
    }
    set(&v, AS_STR("assertion.event_name"), c->event);
    set(&v, AS_STR("assertion.ref"), c->ref);
    set(&v, AS_STR("assertion.environment"), c->environment);
    if (sub.n == 0 && repository.n > 0 && !c->any_ref && !c->unknown && c->tails[0].n > 0) {
        set(&v, AS_STR("assertion.sub"),
                as_str_fmt(attack->arena, "repo:%.*s:%.*s", AS_STR_ARG(repository),
                        AS_STR_ARG(c->tails[0])));
    }
    for (size_t i = 0; as_value_is(mapping, AS_OBJECT) && i < as_value_count(mapping); i++) {
        const as_member *m = &mapping->as.object->members[i];
        set(&v, m->key, get(&v, as_value_str(m->value)));
    }
    return v;
}

/* A subject that a policy names is the job's own only when its end fits. */
static as_truth subject_fits(as_str attribute, as_str value, const attack_claims *c)
{
    as_str rest = value;
    size_t first = as_str_find_char(value, ':');
    if (!as_str_is(attribute, "subject") || first == (size_t)-1) {
        return AS_YES;
    }
    rest = as_str_from_index(rest, first + 1);
    size_t second = as_str_find_char(rest, ':');
    rest = second == (size_t)-1 ? AS_STR("") : as_str_from_index(rest, second + 1);
    bool named = (c->tails[0].n > 0 && as_str_eq(rest, c->tails[0])) ||
                 (c->tails[1].n > 0 && as_str_eq(rest, c->tails[1])) ||
                 (c->any_ref && as_str_starts(rest, "ref:"));
    return named ? AS_YES : c->unknown ? AS_MAYBE : AS_NO;
}

static bool is_of_pool(const as_entity *provider, as_str pool, size_t n_all)
{
    as_str id = as_value_str(as_value_get(provider->raw, AS_STR("workload_identity_pool_id")));
    return n_all == 1 ||
           (id.n > 0 && as_str_eq(as_str_from_index(pool, as_str_rfind_char(pool, '/') + 1), id));
}

/* What the providers of a pool make of a token for which a policy names a member. */
static attack_trusted ask_providers(
        as_attack *attack, const as_unit *unit, as_str text, const attack_claims_list *claims)
{
    attack_trusted best = {.truth = AS_NO};
    as_str pool, attribute, value;
    size_t n, n_here = 0, asked = 0;
    const as_entity *const *all = as_graph_of_type(
            attack->graph, AS_STR("google_iam_workload_identity_pool_provider"), &n);
    if (!take_apart(text, &pool, &attribute, &value)) {
        return best;
    }
    for (size_t i = 0; i < n; i++) {
        n_here += all[i]->unit == unit;
    }
    for (size_t i = 0; i < n; i++) {
        if (all[i]->unit != unit || !is_of_pool(all[i], pool, n_here)) {
            continue;
        }
        const as_value *condition = as_value_get(all[i]->raw, AS_STR("attribute_condition"));
        const as_value *mapping = as_value_get(all[i]->raw, AS_STR("attribute_mapping"));
        as_str written = as_value_str(condition);
        asked++;
        for (size_t c = 0; c < claims->n; c++) {
            variables v = variables_of(attack, mapping, attribute, value, &claims->items[c]);
            as_cel_resource facts = {.variables = v.items, .n_variables = v.n};
            as_truth t = as_value_is_unknown(condition) ? AS_MAYBE
                         : written.n == 0               ? AS_YES
                                          : as_cel_decide(attack->arena, written, &facts);
            t = as_truth_and(t, subject_fits(attribute, value, &claims->items[c]));
            weigh(&best, t,
                    as_value_is_unknown(condition)
                            ? as_value_reason(condition)
                            : as_str_fmt(attack->arena, "the condition holds: %.*s",
                                      AS_STR_ARG(written)));
        }
    }
    if (asked == 0) {
        weigh(&best, AS_MAYBE, AS_STR("the provider of the pool is not in the scan"));
    }
    return best;
}

attack_trusted attack_account_trusts(
        as_attack *attack, const as_entity *account, const attack_claims_list *claims)
{
    attack_trusted best = {.truth = AS_NO};
    const as_found_ways *found = as_worlds_shared(attack->graph);
    const as_gcp_worlds *worlds = found == NULL ? NULL : found->worlds->clouds;
    bool asked = false;
    for (size_t w = 0; worlds != NULL && w < worlds->list.n; w++) {
        const as_gcp_world *world = worlds->list.items[w];
        const as_gcp_member *own =
                world->unit == account->unit ? as_gcp_member_find(world, account->address) : NULL;
        for (size_t i = 0; own != NULL && own->account != NULL && i < world->members.n; i++) {
            const as_gcp_member *m = world->members.items[i];
            as_str pool, attribute, value;
            if (!take_apart(m->text, &pool, &attribute, &value)) {
                continue;
            }
            as_gcp_verdict v = as_gcp_decide(attack->arena, world, m,
                    AS_STR("iam.serviceAccounts.getAccessToken"), own->account);
            if (v.truth == AS_NO) {
                continue;
            }
            attack_trusted t = ask_providers(attack, world->unit, m->text, claims);
            weigh(&best, as_truth_and(v.truth, t.truth),
                    v.truth == AS_MAYBE ? as_iam_shown(attack->arena, v.reason) : t.reason);
            asked = true;
        }
    }
    if (!asked) {
        weigh(&best, AS_MAYBE, AS_STR("no policy of the scan lets tokens of GitHub act as it"));
    }
    return best;
}
