/* IAM: patterns, conditions and decisions, by tables. tests/tables/iam/README.md tells the formats.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/base/vec.h"
#include "engine/iam/evaluate.h"
#include "parsers/json/json.h"
#include "tests/unit/table.h"

typedef struct tally {
    as_arena *arena;
    size_t n, n_wrong;
} tally;

static const as_value *member(const as_value *v, const char *name)
{
    return as_value_get(v, as_str_from(name));
}

static as_str text_of(const as_value *v, const char *name)
{
    return as_value_str(member(v, name));
}

static as_iam_policies policies_of(as_arena *arena, const as_value *list, const char *name)
{
    size_t n = as_value_count(list);
    const as_iam_policy **items = AS_NEW_ARRAY(arena, const as_iam_policy *, n);
    for (size_t i = 0; i < n; i++) {
        items[i] = as_iam_policy_parse(arena, as_value_index(list, i), as_str_from(name), NULL);
    }
    return (as_iam_policies){items, n};
}

static const as_iam_policies *levels_of(as_arena *arena, const as_value *list, size_t *n)
{
    *n = as_value_count(list);
    as_iam_policies *levels = AS_NEW_ARRAY(arena, as_iam_policies, *n);
    for (size_t i = 0; i < *n; i++) {
        levels[i] = policies_of(arena, as_value_index(list, i), "level");
    }
    return levels;
}

static const as_iam_policy *policy_of(as_arena *arena, const as_value *document)
{
    return document == NULL ? NULL : as_iam_policy_parse(arena, document, AS_STR("policy"), NULL);
}

/* An array of values: present; a bare null: not known. */
static as_iam_context context_of(as_arena *arena, const as_value *object, as_truth others)
{
    size_t n = as_value_count(object);
    as_iam_key *keys = AS_NEW_ARRAY(arena, as_iam_key, n);
    for (size_t i = 0; i < n; i++) {
        const as_member *m = &object->as.object->members[i];
        bool list = m->value->kind == AS_LIST;
        size_t n_values = list ? m->value->as.list.n : 1;
        as_str *values = AS_NEW_ARRAY(arena, as_str, n_values);
        for (size_t k = 0; k < n_values; k++) {
            values[k] = as_iam_text(arena, list ? m->value->as.list.items[k] : m->value, NULL);
        }
        keys[i] = (as_iam_key){.name = as_str_lower(arena, m->key),
                .present = as_value_is_null(m->value) ? AS_MAYBE : AS_YES,
                .values = {values, n_values}};
    }
    return (as_iam_context){keys, n, others, NULL};
}

static as_iam_identity identity_of(as_arena *arena, as_str principal)
{
    as_str account = as_iam_arn_part(principal, 4), resource = as_iam_arn_part(principal, 5), kind,
           name;
    if (principal.n == 0) {
        return (as_iam_identity){.type = AS_IAM_ANONYMOUS};
    }
    if (!as_iam_is_arn(principal)) {
        return (as_iam_identity){.type = AS_IAM_SERVICE, .arn = principal};
    }
    if (as_str_is(resource, "root")) {
        return (as_iam_identity){AS_IAM_ROOT, principal, AS_STR(""), account};
    }
    as_str_split(&resource, '/', &kind);
    if (!as_str_is(kind, "assumed-role")) {
        return (as_iam_identity){AS_IAM_USER, principal, AS_STR(""), account};
    }
    as_str_split(&resource, '/', &name);
    as_str role =
            as_str_fmt(arena, "arn:aws:iam::%.*s:role/%.*s", AS_STR_ARG(account), AS_STR_ARG(name));
    return (as_iam_identity){AS_IAM_ROLE, principal, role, account};
}

static const char *const decisions[] = {
        "Allowed", "ImplicitlyDenied", "ExplicitlyDenied", "Unknown"};

static as_iam_verdict judge(as_arena *arena, const as_value *v)
{
    as_str action = text_of(v, "action");
    as_iam_request request = {.who = identity_of(arena, text_of(v, "principal")),
            .action = action,
            .resource = text_of(v, "resource"),
            .resource_account = text_of(v, "account"),
            .choose = as_value_bool_or(member(v, "choose"), false),
            .context = context_of(arena, member(v, "context"),
                    as_value_bool_or(member(v, "open"), false) ? AS_MAYBE : AS_NO)};
    as_iam_inputs in = {.identity = policies_of(arena, member(v, "identity"), "identity"),
            .boundary = policy_of(arena, member(v, "boundary")),
            .session = policy_of(arena, member(v, "session")),
            .resource = policy_of(arena, member(v, "resourcePolicy")),
            .endpoint = policy_of(arena, member(v, "endpoint"))};
    in.scp = levels_of(arena, member(v, "scp"), &in.n_scp);
    in.rcp = levels_of(arena, member(v, "rcp"), &in.n_rcp);
    in.resource_kind = as_str_starts(action, "kms:")             ? AS_IAM_RESOURCE_KMS
                       : as_str_starts(action, "sts:AssumeRole") ? AS_IAM_RESOURCE_TRUST
                                                                 : AS_IAM_RESOURCE_PLAIN;
    return as_iam_evaluate(arena, &request, &in);
}

static void decide(void *self, as_str input, bool is_error, as_str expected)
{
    tally *t = self;
    as_arena *arena = as_arena_new(0);
    as_diags diags;
    as_diags_init(&diags, arena);
    const as_value *v = as_json_parse_text(arena, input, AS_SPAN_NONE, &diags);
    (void)is_error;
    assert_non_null(v);
    as_iam_verdict verdict = judge(arena, v);
    t->n++;
    if (!as_str_is(expected, decisions[verdict.decision])) {
        t->n_wrong++;
        print_error("expected %.*s, got %s (%s) %.*s\n", AS_STR_ARG(expected),
                decisions[verdict.decision], as_iam_layer_name(verdict.layer),
                AS_STR_ARG(verdict.reason));
        fprintf(stderr, "%.*s\n", AS_STR_ARG(input)); /* cmocka cuts off at 1,024 bytes */
    }
    as_arena_free(arena);
}

static void run_table(const char *path, table_case run)
{
    tally t = {.arena = as_arena_new(0)};
    size_t n = table_run(t.arena, path, run, &t);
    assert_true(n > 0);
    assert_int_equal(t.n_wrong, 0);
    as_arena_free(t.arena);
}

static void test_iam__decisions(void **state)
{
    (void)state;
    run_table("tests/tables/iam/evaluate.test", decide);
}

static void test_iam__differential(void **state)
{
    (void)state;
    run_table("tests/tables/iam/differential.test", decide);
}

/* "glob PATTERN TEXT", "resource …", "arn …", "overlap PATTERN TEMPLATE"; "{hole}" and "{mark}". */
static void match(void *self, as_str input, bool is_error, as_str expected)
{
    static const char *const truths[] = {"no", "yes", "maybe"};
    tally *t = self;
    as_str rest = as_str_replace(t->arena, input, AS_STR("{hole}"), AS_STR(AS_HOLE)), how, pattern;
    rest = as_str_replace(t->arena, rest, AS_STR("{mark}"), AS_STR(AS_IAM_MARK "1" AS_IAM_MARK));
    (void)is_error;
    as_str_split(&rest, ' ', &how);
    as_str_split(&rest, ' ', &pattern);
    as_truth got = as_str_is(how, "glob")       ? as_iam_match(pattern, rest, false)
                   : as_str_is(how, "action")   ? as_iam_match(pattern, rest, true)
                   : as_str_is(how, "resource") ? as_iam_match_resource(pattern, rest)
                   : as_str_is(how, "arn")      ? as_iam_match_arn(pattern, rest)
                                                : as_iam_overlaps(pattern, rest);
    t->n++;
    if (!as_str_is(expected, truths[got])) {
        t->n_wrong++;
        print_error("%.*s: expected %.*s, got %s\n", AS_STR_ARG(input), AS_STR_ARG(expected),
                truths[got]);
    }
}

static void test_iam__patterns(void **state)
{
    (void)state;
    run_table("tests/tables/iam/patterns.test", match);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_iam__patterns),
            cmocka_unit_test(test_iam__decisions),
            cmocka_unit_test(test_iam__differential),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
