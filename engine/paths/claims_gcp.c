/* Whether accounts of Google Cloud let tokens of forges act as them: "Workload Identity
 * Federation", attribute mappings, attribute conditions and allowed audiences of providers. */
#include "engine/iam/names.h"
#include "engine/paths/claims.h"
#include "engine/ways/worlds.h"

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

/* The project, which a subject tells too, and whose it is. */
static void set_project(as_attack *attack, const attack_forge *forge, variables *v)
{
    as_str project = get(v, forge->project);
    as_str sub = get(v, AS_STR("assertion.sub"));
    if (project.n == 0 && as_str_starts(sub, as_str_cstr(attack->arena, forge->prefix))) {
        project = as_str_from_index(sub, forge->prefix.n);
        project = as_str_slice(project, 0, as_str_find_char(project, ':'));
        set(v, forge->project, project);
    }
    size_t end =
            forge->owner_is_all ? as_str_rfind_char(project, '/') : as_str_find_char(project, '/');
    if (get(v, forge->owner).n == 0 && end != (size_t)-1) {
        set(v, forge->owner, as_str_slice(project, 0, end));
    }
}

/* "branch" or "tag", of GitLab; empty: not known. */
static as_str ref_type_of(const attack_claims *c)
{
    static const as_str types[] = {AS_STR_INIT("branch"), AS_STR_INIT("tag")};
    const as_str all[] = {c->tails[0], c->tails[1], c->any_of};
    for (size_t t = 0; t < 2; t++) {
        bool fits = c->unknown.n == 0;
        for (size_t i = 0; i < 3; i++) {
            as_str rest = all[i];
            fits = fits &&
                   (rest.n == 0 || (as_str_starts(rest, "ref_type:") &&
                                           as_str_starts(as_str_from_index(rest, 9), types[t].p)));
        }
        if (fits && all[0].n + all[2].n > 0) {
            return types[t];
        }
    }
    return AS_STR("");
}

/* The claims of the token, and what the provider makes of them ("Attribute mappings"). */
static variables variables_of(as_attack *attack, const as_value *mapping, as_str attribute,
        as_str value, const attack_forge *forge, const attack_claims *c)
{
    variables v = {0};
    as_str name = as_str_is(attribute, "subject")
                          ? AS_STR("google.subject")
                          : as_str_join(attack->arena, AS_STR("attribute."), attribute);
    as_str claim = as_value_str(as_value_get(mapping, name));
    if (as_str_starts(claim, "assertion.") && attribute.n > 0) {
        set(&v, claim, value);
    }
    set_project(attack, forge, &v);
    set(&v, AS_STR("assertion.event_name"), c->event);      /* of GitHub */
    set(&v, AS_STR("assertion.pipeline_source"), c->event); /* of GitLab */
    set(&v, AS_STR("assertion.ref"), c->ref);
    set(&v, AS_STR("assertion.environment"), c->environment);
    set(&v, AS_STR("assertion.ref_type"), ref_type_of(c));
    as_str project = get(&v, forge->project);
    bool one = c->any_of.n == 0 && c->unknown.n == 0 && c->tails[0].n > 0 && c->tails[1].n == 0;
    if (get(&v, AS_STR("assertion.sub")).n == 0 && project.n > 0 && one) {
        set(&v, AS_STR("assertion.sub"),
                as_str_fmt(attack->arena, "%.*s%.*s:%.*s", AS_STR_ARG(forge->prefix),
                        AS_STR_ARG(project), AS_STR_ARG(c->tails[0])));
    }
    for (size_t i = 0; as_value_is(mapping, AS_OBJECT) && i < as_value_count(mapping); i++) {
        const as_member *m = &mapping->as.object->members[i];
        set(&v, m->key, get(&v, as_value_str(m->value)));
    }
    return v;
}

/* A subject that a policy names is the job's own only when its end fits. */
static as_truth subject_fits(
        as_arena *arena, as_str attribute, as_str value, const attack_claims *c)
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
                 (c->any_of.n > 0 && as_str_starts(rest, as_str_cstr(arena, c->any_of)));
    return c->unknown.n > 0 ? AS_MAYBE : as_truth_of(named);
}

static bool is_of_pool(const as_entity *provider, as_str pool, size_t n_all)
{
    as_str id = as_value_str(as_value_get(provider->raw, AS_STR("workload_identity_pool_id")));
    return n_all == 1 ||
           (id.n > 0 && as_str_eq(as_str_from_index(pool, as_str_rfind_char(pool, '/') + 1), id));
}

static const as_value *block_of(const as_value *raw, as_str name)
{
    const as_value *v = as_value_get(raw, name);
    return as_value_is(v, AS_LIST) ? as_value_index(v, 0) : v;
}

static bool mentions(const as_value *mapping, as_str claim)
{
    for (size_t i = 0; as_value_is(mapping, AS_OBJECT) && i < as_value_count(mapping); i++) {
        if (as_str_find(as_value_str(mapping->as.object->members[i].value), claim) != (size_t)-1) {
            return true;
        }
    }
    return false;
}

/* Whether the provider takes tokens of the forge: by its issuer, whose host may be of any name, or
 * by the claims that it reads. */
static as_truth takes_issuer(const as_entity *provider, const attack_forge *forge)
{
    const as_value *mapping = as_value_get(provider->raw, AS_STR("attribute_mapping"));
    as_str issuer = as_value_str(
            as_value_get(block_of(provider->raw, AS_STR("oidc")), AS_STR("issuer_uri")));
    if (as_str_find(issuer, forge->host) != (size_t)-1 || mentions(mapping, forge->project)) {
        return AS_YES;
    }
    static const char *const others[] = {"githubusercontent.com", "gitlab.com", "amazonaws.com",
            "accounts.google.com", "container.googleapis.com", "app.terraform.io"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (as_str_contains(issuer, others[i])) {
            return AS_NO;
        }
    }
    return AS_MAYBE;
}

/* "Allowed audiences": those listed, else the name of the provider itself. */
static as_truth takes_audience(const as_entity *provider, const attack_claims_list *claims)
{
    const as_value *allowed =
            as_value_get(block_of(provider->raw, AS_STR("oidc")), AS_STR("allowed_audiences"));
    as_str id =
            as_value_str(as_value_get(provider->raw, AS_STR("workload_identity_pool_provider_id")));
    as_truth best = AS_NO;
    if (claims->forge->asks_by_action) {
        return AS_YES;
    }
    if (claims->audiences.n == 0 || as_value_is_unknown(allowed)) {
        return AS_MAYBE;
    }
    for (size_t i = 0; i < claims->audiences.n; i++) {
        as_str audience = claims->audiences.items[i];
        for (size_t k = 0; k < as_value_list_count(allowed); k++) {
            const as_value *one = as_value_index(allowed, k);
            best = as_value_is_unknown(one) && best == AS_NO ? AS_MAYBE
                   : as_str_eq(as_value_str(one), audience)  ? AS_YES
                                                             : best;
        }
        bool own = as_str_contains(audience, "/workloadIdentityPools/") && id.n > 0 &&
                   as_str_eq(as_str_from_index(audience, as_str_rfind_char(audience, '/') + 1), id);
        best = as_value_list_count(allowed) == 0 && own ? AS_YES : best;
    }
    return best;
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
        as_truth issuer = takes_issuer(all[i], claims->forge);
        as_truth audience = takes_audience(all[i], claims);
        asked++;
        for (size_t c = 0; c < claims->n; c++) {
            variables v = variables_of(
                    attack, mapping, attribute, value, claims->forge, &claims->items[c]);
            as_cel_resource facts = {.variables = v.items, .n_variables = v.n};
            as_truth t = as_value_is_unknown(condition) ? AS_MAYBE
                         : written.n == 0               ? AS_YES
                                          : as_cel_decide(attack->arena, written, &facts);
            t = as_truth_and(t, subject_fits(attack->arena, attribute, value, &claims->items[c]));
            attack_weigh(&best, as_truth_and(t, as_truth_and(issuer, audience)),
                    issuer == AS_MAYBE     ? AS_STR("whose tokens the provider takes is not known")
                    : audience == AS_MAYBE ? AS_STR("the audience of the token is not known")
                    : claims->items[c].unknown.n > 0 ? claims->items[c].unknown
                    : as_value_is_unknown(condition)
                            ? as_value_reason(condition)
                            : as_str_fmt(attack->arena, "the condition holds: %.*s",
                                      AS_STR_ARG(written)));
        }
    }
    if (asked == 0) {
        attack_weigh(&best, AS_MAYBE, AS_STR("the provider of the pool is not in the scan"));
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
            as_gcp_verdict v = as_gcp_decide(
                    attack->arena, m, AS_STR("iam.serviceAccounts.getAccessToken"), own->account);
            if (v.truth == AS_NO) {
                continue;
            }
            attack_trusted t = ask_providers(attack, world->unit, m->text, claims);
            attack_weigh(&best, as_truth_and(v.truth, t.truth),
                    v.truth == AS_MAYBE ? as_iam_shown(attack->arena, v.reason) : t.reason);
            asked = true;
        }
    }
    if (!asked) {
        attack_weigh(&best, AS_MAYBE,
                as_str_fmt(attack->arena, "no policy of the scan lets tokens of %.*s act as it",
                        AS_STR_ARG(claims->forge->name)));
    }
    return best;
}
