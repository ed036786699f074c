/* What tokens of jobs of GitLab say: docs.gitlab.com/ci/secrets/id_token_authentication, "Token
 * payload". The subject is project_path:GROUP/PROJECT:ref_type:TYPE:ref:NAME; for which branches
 * and tags a job is there follows from `rules` or `only`, its own and those of the workflow.
 * Variables of rules that say nothing of the ref are taken to be as the rule wants them. */
#include "engine/graph/gitlab.h"
#include "engine/paths/claims.h"

#define BRANCH "ref_type:branch:ref:"
#define TAG "ref_type:tag:ref:"

enum { MAX_AUDIENCES = 8, MAX_CLAIMS = 32 };

typedef struct reading {
    as_attack *attack;
    attack_claims_list *all;
} reading;

static attack_claims any_ref(void)
{
    return (attack_claims){.any_of = AS_STR("ref_type:"), .some = AS_STR(BRANCH "main")};
}

static void add(reading *r, attack_claims c)
{
    if (r->all->n < MAX_CLAIMS) {
        AS_VEC_PUSH(r->attack->arena, r->all, c);
    } else {
        r->all->items[0].unknown = AS_STR("the job has too many rules");
    }
}

/* --- one comparison -----------------------------------------------------------------------------
 */

typedef struct comparison {
    as_str variable, op, value; /* without quotes; of a test of presence op and value are empty */
    bool is_text;               /* the value was quoted */
} comparison;

static comparison comparison_of(as_str term)
{
    comparison c = {0};
    size_t i = 1;
    term = as_str_trim(term);
    if (!as_str_starts(term, "$")) {
        return c;
    }
    while (i < term.n && !as_char_in(term.p[i], " \t=!~")) {
        i++;
    }
    c.variable = as_str_slice(term, 1, i);
    as_str rest = as_str_trim(as_str_from_index(term, i));
    if (rest.n >= 2) {
        c.op = as_str_slice(rest, 0, 2);
        c.value = as_str_trim(as_str_from_index(rest, 2));
        c.is_text = c.value.n >= 2 && as_char_in(c.value.p[0], "\"'");
        c.value = c.is_text ? as_str_slice(c.value, 1, c.value.n - 1) : c.value;
    }
    return c;
}

/* A ref of that type and name. */
static void pin(reading *r, attack_claims *c, const char *type, as_str name)
{
    c->tails[0] = as_str_join(r->attack->arena, as_str_from(type), name);
    c->ref = name;
    c->any_of = AS_STR("");
}

static void narrow_to_branch(reading *r, attack_claims *c, const comparison *by)
{
    if (as_str_is(by->op, "==") && by->is_text) {
        pin(r, c, BRANCH, by->value);
    } else if (as_str_is(by->op, "==") && as_str_is(by->value, "$CI_DEFAULT_BRANCH")) {
        c->tails[0] = AS_STR(BRANCH "main");
        c->tails[1] = AS_STR(BRANCH "master");
        c->any_of = AS_STR("");
    } else if (as_str_is(by->op, "==") && as_str_is(by->value, "null")) {
        return; /* a tag, or a merge request */
    } else {
        c->any_of = AS_STR(BRANCH);
        c->unknown = by->op.n == 0 ? c->unknown
                                   : AS_STR("which branches its rules leave is not worked out");
    }
}

static void narrow_to_tag(reading *r, attack_claims *c, const comparison *by)
{
    if (as_str_is(by->op, "==") && by->is_text) {
        pin(r, c, TAG, by->value);
    } else if (!as_str_is(by->value, "null")) {
        c->any_of = AS_STR(TAG);
        c->some = AS_STR(TAG "v1");
        c->unknown =
                by->op.n == 0 ? c->unknown : AS_STR("which tags its rules leave is not worked out");
    } else if (as_str_is(by->op, "==")) {
        c->any_of = AS_STR(BRANCH);
    }
}

static void narrow(reading *r, attack_claims *c, as_str term)
{
    comparison by = comparison_of(term);
    if (as_str_is(by.variable, "CI_COMMIT_BRANCH") ||
            as_str_is(by.variable, "CI_COMMIT_REF_NAME")) {
        narrow_to_branch(r, c, &by);
    } else if (as_str_is(by.variable, "CI_COMMIT_TAG")) {
        narrow_to_tag(r, c, &by);
    } else if (as_str_is(by.variable, "CI_PIPELINE_SOURCE") && as_str_is(by.op, "==")) {
        c->event = by.value;
    }
}

/* --- `if` ---------------------------------------------------------------------------------------
 */

/* The end of the first term before the operator, which is doubled; quotes and patterns hide it. */
static size_t end_of_term(as_str text, char operator)
{
    char quote = 0, before = 0;
    for (size_t i = 0; i < text.n; i++) {
        char ch = text.p[i];
        if (quote != 0) {
            i += ch == '\\';
            quote = ch == quote ? 0 : quote;
        } else if (ch == '"' || ch == '\'' || (ch == '/' && before == '~')) {
            quote = ch;
        } else if (ch == operator&& i + 1<text.n && text.p[i + 1] == operator) {
            return i;
        }
        before = ch == ' ' ? before : ch;
    }
    return text.n;
}

static bool has_parentheses(as_str text)
{
    char quote = 0, before = 0;
    for (size_t i = 0; i < text.n; i++) {
        char ch = text.p[i];
        if (quote != 0) {
            i += ch == '\\';
            quote = ch == quote ? 0 : quote;
        } else if (ch == '"' || ch == '\'' || (ch == '/' && before == '~')) {
            quote = ch;
        } else if (ch == '(') {
            return true;
        }
        before = ch == ' ' ? before : ch;
    }
    return false;
}

static void read_if(reading *r, as_str text, as_str doubt)
{
    if (has_parentheses(text)) {
        attack_claims c = any_ref();
        c.unknown = AS_STR("for which refs its rules start it is not worked out");
        add(r, c);
        return;
    }
    while (text.n > 0) {
        size_t end = end_of_term(text, '|');
        as_str all = as_str_slice(text, 0, end);
        text = end + 2 < text.n ? as_str_from_index(text, end + 2) : AS_STR("");
        attack_claims c = any_ref();
        while (all.n > 0) {
            size_t stop = end_of_term(all, '&');
            narrow(r, &c, as_str_slice(all, 0, stop));
            all = stop + 2 < all.n ? as_str_from_index(all, stop + 2) : AS_STR("");
        }
        c.unknown = c.unknown.n == 0 && c.any_of.n > 0 ? doubt : c.unknown;
        add(r, c);
    }
}

static void read_rules(reading *r, const as_value *rules)
{
    as_str doubt = AS_STR("");
    for (size_t i = 0; i < as_value_list_count(rules); i++) {
        const as_value *rule = as_value_index(rules, i);
        const as_value *condition = as_value_get(rule, AS_STR("if"));
        if (as_str_is(as_value_str(as_value_get(rule, AS_STR("when"))), "never")) {
            doubt = AS_STR("which refs an earlier rule excludes is not worked out");
        } else if (as_value_str(condition).n > 0) {
            read_if(r, as_value_str(condition), doubt);
        } else {
            attack_claims c = any_ref();
            c.unknown = as_value_is_unknown(condition) ? as_value_reason(condition) : doubt;
            add(r, c);
        }
    }
}

/* --- `only` and `except` ------------------------------------------------------------------------
 */

static void read_only(reading *r, const as_value *only, const as_value *except)
{
    static const char *const any[] = {"api", "branches", "chat", "external",
            "external_pull_requests", "merge_requests", "pipelines", "pushes", "schedules",
            "triggers", "web", NULL};
    as_str doubt = as_value_is_null(except)
                           ? AS_STR("")
                           : AS_STR("which refs `except` excludes is not worked out");
    const as_value *refs = as_value_is(only, AS_OBJECT) ? as_value_get(only, AS_STR("refs")) : only;
    size_t n = as_value_is(refs, AS_STRING) ? 1 : as_value_list_count(refs);
    for (size_t i = 0; i < n; i++) {
        as_str ref = as_value_str(as_value_is(refs, AS_STRING) ? refs : as_value_index(refs, i));
        attack_claims c = any_ref();
        bool keyword = false;
        for (size_t k = 0; any[k] != NULL; k++) {
            keyword = keyword || as_str_is(ref, any[k]);
        }
        if (as_str_is(ref, "tags")) {
            c.any_of = AS_STR(TAG);
            c.some = AS_STR(TAG "v1");
        } else if (as_str_starts(ref, "/") || as_str_contains(ref, "$") || ref.n == 0) {
            c.unknown = AS_STR("which refs `only` leaves is not worked out");
        } else if (!keyword) { /* a branch or a tag of that name; "name@group/project" */
            as_str name = as_str_slice(ref, 0, as_str_find_char(ref, '@'));
            pin(r, &c, BRANCH, name);
            c.tails[1] = as_str_join(r->attack->arena, AS_STR(TAG), name);
        }
        c.unknown = c.unknown.n == 0 && c.any_of.n > 0 ? doubt : c.unknown;
        add(r, c);
    }
    if (n == 0) {
        attack_claims c = any_ref();
        c.unknown = doubt;
        add(r, c);
    }
}

/* --- all ----------------------------------------------------------------------------------------
 */

/* `id_tokens: NAME: aud:` is a text or a list. Left empty when a part is not known. */
static as_strs audiences_of(as_attack *attack, const as_entity *pipeline, const as_entity *job)
{
    const as_value *tokens = as_value_get(job->raw, AS_STR("id_tokens"));
    AS_VEC(as_str) found = {0};
    for (size_t i = 0; as_value_is(tokens, AS_OBJECT) && i < as_value_count(tokens); i++) {
        const as_value *aud = as_value_get(tokens->as.object->members[i].value, AS_STR("aud"));
        size_t n = as_value_is(aud, AS_LIST) ? as_value_list_count(aud) : 1;
        for (size_t k = 0; k < n && found.n < MAX_AUDIENCES; k++) {
            const as_value *one = as_value_is(aud, AS_LIST) ? as_value_index(aud, k) : aud;
            as_str text = as_gitlab_text(attack->arena, pipeline, job, as_value_str(one));
            if (text.n == 0 || as_str_contains(text, "$")) {
                return (as_strs){0};
            }
            AS_VEC_PUSH(attack->arena, &found, text);
        }
    }
    return (as_strs){found.items, found.n};
}

/* A job that no rule of its own narrows is there for the refs of its pipeline. */
static bool is_open(const attack_claims_list *all)
{
    for (size_t i = 0; i < all->n; i++) {
        if (as_str_is(all->items[i].any_of, "ref_type:") && all->items[i].unknown.n == 0) {
            return true;
        }
    }
    return false;
}

void attack_claims_of_gitlab(as_attack *attack, const as_entity *job, attack_claims_list *all)
{
    reading r = {attack, all};
    const as_entity *pipeline = as_gitlab_pipeline_of(attack->graph, attack->arena, job);
    const as_value *rules = as_value_get(job->raw, AS_STR("rules"));
    const as_value *of_all =
            pipeline == NULL ? NULL : as_value_path(pipeline->raw, "workflow.rules");
    if (as_value_is_null(rules)) {
        read_only(&r, as_value_get(job->raw, AS_STR("only")),
                as_value_get(job->raw, AS_STR("except")));
    } else {
        read_rules(&r, rules);
    }
    if (!as_value_is_null(of_all) && is_open(all)) {
        all->n = 0;
        read_rules(&r, of_all);
    }
    const as_value *environment = as_value_get(job->raw, AS_STR("environment"));
    environment = as_value_is(environment, AS_OBJECT) ? as_value_get(environment, AS_STR("name"))
                                                      : environment;
    as_str name = as_gitlab_text(attack->arena, pipeline, job, as_value_str(environment));
    for (size_t i = 0; i < all->n && !as_str_contains(name, "$"); i++) {
        all->items[i].environment = name;
    }
    all->audiences = audiences_of(attack, pipeline, job);
}
