/* Whether roles of AWS let tokens of forges in: IAM User Guide, "Create a role for OpenID Connect
 * federation". The keys of conditions are "HOST:sub" and "HOST:aud", of the host that the provider
 * stands for. */
#include "engine/iam/names.h"
#include "engine/paths/claims.h"

enum { MAX_KEYS = 16, MAX_AUDIENCES = 8 };

typedef struct asking {
    as_attack *attack;
    const attack_role *role;
    const attack_claims_list *claims;
    const as_iam_statement *statement;
    const as_iam_principal_item *provider;
    attack_trusted best;
} asking;

/* A text that the pattern matches: something stands for what it leaves open. */
static as_str instance_of(as_attack *attack, as_str pattern)
{
    as_str text = as_str_replace(attack->arena, pattern, AS_STR("*"), AS_STR("x"));
    return as_str_replace(attack->arena, text, AS_STR("?"), AS_STR("x"));
}

/* "repo:acme/shop" of "repo:acme/shop:ref:…"; what is behind it goes to *rest. */
static as_str project_of(const asking *a, as_str pattern, as_str *rest)
{
    as_str prefix = a->claims->forge->prefix;
    *rest = AS_STR("");
    if (!as_str_starts(pattern, prefix.p)) {
        return as_str_join(a->attack->arena, prefix, AS_STR("x/x"));
    }
    as_str behind = as_str_from_index(pattern, prefix.n);
    size_t colon = as_str_find_char(behind, ':');
    if (colon != (size_t)-1) {
        *rest = as_str_from_index(behind, colon + 1);
        behind = as_str_slice(behind, 0, colon);
    }
    return as_str_join(a->attack->arena, prefix, instance_of(a->attack, behind));
}

static void ask(asking *a, as_str subject, const as_str *audience, as_str unknown)
{
    as_iam_key keys[MAX_KEYS];
    size_t n = 0;
    for (size_t c = 0; c < a->statement->n_conditions && n < MAX_KEYS; c++) {
        as_str key = a->statement->conditions[c].key;
        if (as_str_ends(key, ":sub")) {
            keys[n++] = (as_iam_key){.name = key, .present = AS_YES, .values = {&subject, 1}};
        } else if (as_str_ends(key, ":aud") && audience != NULL) {
            keys[n++] = (as_iam_key){.name = key, .present = AS_YES, .values = {audience, 1}};
        }
    }
    as_iam_request request = {.who = {.type = AS_IAM_FEDERATED, .arn = a->provider->text},
            .action = AS_STR("sts:AssumeRoleWithWebIdentity"),
            .resource = a->role->principal->arn,
            .resource_account = a->role->account->names.account,
            .context = {keys, n, AS_MAYBE, NULL}};
    as_iam_inputs in = {
            .resource = a->role->principal->trust, .resource_kind = AS_IAM_RESOURCE_TRUST};
    as_iam_verdict v = as_iam_evaluate(a->attack->arena, &request, &in);
    bool sure = v.decision == AS_IAM_ALLOWED && unknown.n == 0;
    attack_weigh(&a->best,
            sure                                                           ? AS_YES
            : v.decision == AS_IAM_UNKNOWN || v.decision == AS_IAM_ALLOWED ? AS_MAYBE
                                                                           : AS_NO,
            v.decision == AS_IAM_ALLOWED ? unknown : as_iam_shown(a->attack->arena, v.reason));
}

static void ask_subject(asking *a, as_str project, as_str tail, as_str unknown)
{
    as_str subject =
            as_str_fmt(a->attack->arena, "%.*s:%.*s", AS_STR_ARG(project), AS_STR_ARG(tail));
    static const as_str usual = AS_STR_INIT("sts.amazonaws.com"); /* configure-aws-credentials */
    as_strs audiences =
            a->claims->forge->asks_by_action ? (as_strs){&usual, 1} : a->claims->audiences;
    for (size_t i = 0; i < audiences.n && i < MAX_AUDIENCES; i++) {
        ask(a, subject, &audiences.items[i], unknown);
    }
    if (audiences.n == 0) {
        ask(a, subject, NULL, unknown);
    }
}

/* Subjects that a token may have, of those that a condition speaks of. */
static void ask_pattern(asking *a, const attack_claims *c, as_str pattern)
{
    as_str rest, project = project_of(a, pattern, &rest);
    for (size_t i = 0; i < 2; i++) {
        if (c->tails[i].n > 0) {
            ask_subject(a, project, c->tails[i], c->unknown);
        }
    }
    if (c->any_of.n > 0) {
        bool named = as_str_starts(rest, as_str_cstr(a->attack->arena, c->any_of));
        ask_subject(a, project, named ? instance_of(a->attack, rest) : c->some, c->unknown);
    }
    if (c->unknown.n > 0) {
        ask_subject(a, project, instance_of(a->attack, rest), c->unknown);
    }
}

static void ask_statement(asking *a)
{
    const as_iam_statement *s = a->statement;
    size_t n = 0;
    for (size_t i = 0; i < a->claims->n; i++) {
        for (size_t k = 0; k < s->n_conditions; k++) {
            const as_iam_condition *condition = &s->conditions[k];
            bool about = as_str_ends(condition->key, ":sub");
            for (size_t v = 0; about && v < condition->values.n; v++) {
                ask_pattern(a, &a->claims->items[i], condition->values.items[v]);
                n++;
            }
        }
        if (n == 0) {
            ask_pattern(a, &a->claims->items[i], AS_STR(""));
        }
    }
}

/* The provider is told by its name, by the host that conditions speak of, or by how they write
 * subjects: GitLab and GitHub Enterprise Server have hosts of any name. */
static bool is_about(
        const attack_forge *forge, const as_iam_statement *s, const as_iam_principal_item *item)
{
    bool about = as_str_contains(item->text, forge->host.p);
    for (size_t i = 0; i < s->n_conditions; i++) {
        const as_iam_condition *c = &s->conditions[i];
        bool subject = as_str_ends(c->key, ":sub");
        about = about || ((subject || as_str_ends(c->key, ":aud")) &&
                                 as_str_contains(c->key, forge->host.p));
        for (size_t v = 0; subject && v < c->values.n; v++) {
            about = about || as_str_starts(c->values.items[v], forge->prefix.p);
        }
    }
    return about && item->type == AS_IAM_PRINCIPAL_FEDERATED;
}

attack_trusted attack_role_trusts(
        as_attack *attack, const attack_role *role, const attack_claims_list *claims)
{
    asking a = {.attack = attack, .role = role, .claims = claims};
    const as_iam_policy *trust = role->principal->trust;
    bool asked = false;
    for (size_t s = 0; trust != NULL && s < trust->n_statements; s++) {
        a.statement = &trust->statements[s];
        for (size_t i = 0; i < a.statement->n_principals; i++) {
            a.provider = &a.statement->principals[i];
            if (a.statement->allow && is_about(claims->forge, a.statement, a.provider)) {
                ask_statement(&a);
                asked = true;
            }
        }
    }
    if (!asked) { /* by keys that it has from elsewhere, perhaps */
        attack_weigh(&a.best, AS_MAYBE,
                as_str_fmt(attack->arena, "its trust policy does not name tokens of %.*s",
                        AS_STR_ARG(claims->forge->name)));
    }
    return a.best;
}
