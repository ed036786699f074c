/* assay rules diff OLD NEW: which verdicts differ between two results, and why: the effect of an
 * upgrade. */
#include <stdlib.h>

#include "engine/base/file.h"
#include "engine/base/map.h"
#include "engine/cli/cmd_rules.h"
#include "engine/cli/known_rules.h"
#include "engine/cli/version.h"
#include "parsers/json/json.h"
#include "reporters/json_out.h"

enum { FORMAT_TEXT, FORMAT_JSON };
static const char *const formats[] = {"text", "json", NULL};

typedef struct settings {
    int format;
    bool exit_code;
} settings;

/* What one result says of one rule and resource: the gravest status. */
typedef enum verdict { ABSENT, PASS, SUPPRESSED, UNKNOWN, FAIL } verdict;

static const char *const verdict_names[] = {"not judged", "pass", "suppressed", "unknown", "fail"};

typedef struct pair {
    as_str rule, address;
    struct {
        verdict verdict;
        as_severity severity; /* the gravest, of what fails */
        int64_t version;      /* of the rule */
        as_str message;
    } side[2];
} pair;

typedef AS_VEC(pair *) pair_list;

typedef struct comparison {
    as_cli *cli;
    as_map index;    /* "RULE address" → pair */
    as_map rules[2]; /* of each result: one of the pairs of each rule */
    as_str tool[2];
    pair_list pairs;
} comparison;

static verdict verdict_of(as_str status)
{
    for (verdict v = FAIL; v > ABSENT; v--)
        if (as_str_is(status, verdict_names[v]))
            return v;
    return ABSENT;
}

static pair *pair_of(comparison *c, as_str rule, as_str address)
{
    as_str key = as_str_fmt(c->cli->arena, "%.*s %.*s", AS_STR_ARG(rule), AS_STR_ARG(address));
    pair *found = as_map_get(&c->index, key);

    if (!found) {
        found = AS_NEW(c->cli->arena, pair);
        found->rule = rule;
        found->address = address;
        as_map_put(c->cli->arena, &c->index, key, found);
        AS_VEC_PUSH(c->cli->arena, &c->pairs, found);
    }
    return found;
}

static void take(comparison *c, int side, const as_value *finding)
{
    as_str rule = as_value_str(as_value_get(finding, AS_STR("rule")));
    as_str address = as_value_str(as_value_path(finding, "resource.address"));
    verdict v = verdict_of(as_value_str(as_value_get(finding, AS_STR("status"))));
    pair *p = pair_of(c, rule, address);

    as_map_put(c->cli->arena, &c->rules[side], rule, p);
    as_severity severity = AS_SEVERITY_NONE;
    if (v == FAIL &&
            as_severity_parse(as_value_str(as_value_get(finding, AS_STR("severity"))), &severity) &&
            severity > p->side[side].severity)
        p->side[side].severity = severity;
    p->side[side].version = as_value_int_or(as_value_get(finding, AS_STR("rule_version")), 1);
    if (v > p->side[side].verdict) {
        p->side[side].verdict = v;
        p->side[side].message = as_value_str(as_value_get(finding, AS_STR("message")));
    }
}

static bool read_result(comparison *c, as_sources *sources, int side, as_str file)
{
    as_diags diags;

    as_diags_init(&diags, c->cli->arena);
    const as_source *source = as_file_read(
            c->cli->arena, sources, as_str_cstr(c->cli->arena, file), AS_STR(""), &diags);
    const as_value *root = source ? as_json_parse(c->cli->arena, source, &diags) : NULL;
    const as_value *findings = as_value_get(root, AS_STR("findings"));
    if (root && !as_value_is(findings, AS_LIST)) {
        as_diags_add(&diags, AS_DIAG_ERROR, "result-form", root->span,
                "this is no result of assay scan --format json");
        root = NULL;
    }
    as_cli_print_diags(c->cli, sources, &diags);
    c->tool[side] = as_value_str(as_value_path(root, "tool.version"));
    for (size_t i = 0; i < as_value_count(findings); i++)
        take(c, side, as_value_index(findings, i));
    return root != NULL;
}

/* A pass that one of the results does not show is no change: passes are there with --show-passed
 * only. */
static bool differs(const pair *p)
{
    verdict a = p->side[0].verdict, b = p->side[1].verdict;

    if (a == FAIL && b == FAIL)
        return p->side[0].severity != p->side[1].severity;
    return a != b && !(a <= PASS && b <= PASS);
}

static int compare_pairs(const void *a, const void *b)
{
    const pair *x = *(const pair *const *)a, *y = *(const pair *const *)b;
    int by_rule = as_str_cmp(x->rule, y->rule);

    return by_rule != 0 ? by_rule : as_str_cmp(x->address, y->address);
}

/* The rule as this program has it, or NULL. */
static const as_rule *known_rule(comparison *c, const pair *p)
{
    as_known_rules known =
            as_known_rules_load(c->cli, (as_strs){0}, (as_strs){&p->rule, 1}, (as_strs){0});

    return known.n == 1 ? known.items[0] : NULL;
}

/* The version of the rule in a result. Where nothing there is of the rule: that of this program in
 * the new result, when it may have made that, and the first in the old. */
static int64_t version_in(comparison *c, int side, const pair *p)
{
    const pair *other = p->side[side].verdict == ABSENT ? as_map_get(&c->rules[side], p->rule) : p;

    if (other)
        return other->side[side].version;
    if (side == 0)
        return 1;
    const as_rule *rule = as_str_is(c->tool[1], AS_VERSION) ? known_rule(c, p) : NULL;
    return rule ? rule->version : p->side[0].version;
}

/* What the rule's author says of the versions in between. */
static as_str changes_between(comparison *c, const pair *p, int64_t from, int64_t to)
{
    const as_rule *rule = known_rule(c, p);
    as_buf buf;

    as_buf_init(&buf, c->cli->arena, 0);
    as_buf_fmt(&buf, "version %d of the rule is now %d", (int)from, (int)to);
    for (size_t i = 0; rule && i < rule->changes.n; i++) {
        int64_t version = (int64_t)i + 2; /* the first change made version 2 */
        if (version > from && version <= to)
            as_buf_fmt(&buf, ": %.*s", AS_STR_ARG(rule->changes.items[i]));
    }
    return as_buf_view(&buf);
}

static as_str reason(comparison *c, const pair *p)
{
    as_arena *arena = c->cli->arena;

    int64_t from = version_in(c, 0, p), to = version_in(c, 1, p);

    if (from != to)
        return changes_between(c, p, from, to);
    if (p->side[0].verdict == ABSENT && !as_map_get(&c->rules[0], p->rule))
        return AS_STR("the rule is new, or none of its kind was there");
    if (p->side[0].verdict == ABSENT)
        return AS_STR("the resource was not judged before");
    if (p->side[1].verdict == ABSENT)
        return AS_STR("the resource or the rule is gone");
    if (!as_str_eq(c->tool[0], c->tool[1]))
        return as_str_fmt(arena,
                "assay %.*s reads the input otherwise than %.*s did, or the input "
                "changed",
                AS_STR_ARG(c->tool[1]), AS_STR_ARG(c->tool[0]));
    return AS_STR("the input changed");
}

/* "fail", or "fail (info)" where only the severity differs. */
static as_str name_of(comparison *c, const pair *p, int side)
{
    if (p->side[0].verdict != p->side[1].verdict)
        return as_str_from(verdict_names[p->side[side].verdict]);
    return as_str_fmt(c->cli->arena, "%s (%s)", verdict_names[p->side[side].verdict],
            as_severity_name(p->side[side].severity));
}

static void write_text(comparison *c, as_buf *buf)
{
    as_str rule = AS_STR(""), why = AS_STR("");
    size_t n = 0;

    for (size_t i = 0; i < c->pairs.n; i++) {
        const pair *p = c->pairs.items[i];
        if (!differs(p))
            continue;
        as_str reason_here = reason(c, p);
        if (!as_str_eq(rule, p->rule) || !as_str_eq(why, reason_here))
            as_buf_fmt(buf, "%s%.*s  %.*s\n", n > 0 ? "\n" : "", AS_STR_ARG(p->rule),
                    AS_STR_ARG(reason_here));
        rule = p->rule;
        why = reason_here;
        n++;
        as_str message = p->side[p->side[1].verdict == ABSENT ? 0 : 1].message;
        as_str from = name_of(c, p, 0), to = name_of(c, p, 1);
        as_buf_fmt(buf, "  %.*s -> %.*s  %.*s\n      %.*s\n", AS_STR_ARG(from), AS_STR_ARG(to),
                AS_STR_ARG(p->address), AS_STR_ARG(message));
    }
    if (n == 0)
        as_buf_cstr(buf, "no verdict differs\n");
}

static void write_json(comparison *c, as_buf *buf)
{
    as_json_out out = {.buf = buf, .indent = 2};

    as_json_open(&out, NULL, '{');
    as_json_open(&out, "changes", '[');
    for (size_t i = 0; i < c->pairs.n; i++) {
        const pair *p = c->pairs.items[i];
        if (!differs(p))
            continue;
        as_json_open(&out, NULL, '{');
        as_json_str(&out, "rule", p->rule);
        as_json_str(&out, "address", p->address);
        as_json_str(&out, "from", name_of(c, p, 0));
        as_json_str(&out, "to", name_of(c, p, 1));
        as_json_str(&out, "why", reason(c, p));
        as_json_str(&out, "message", p->side[p->side[1].verdict == ABSENT ? 0 : 1].message);
        as_json_close(&out, '}');
    }
    as_json_close(&out, ']');
    as_json_close(&out, '}');
    as_buf_char(buf, '\n');
}

static bool any_new_failure(const comparison *c)
{
    for (size_t i = 0; i < c->pairs.n; i++)
        if (c->pairs.items[i]->side[1].verdict == FAIL &&
                c->pairs.items[i]->side[0].verdict != FAIL)
            return true;
    return false;
}

static as_exit run(as_cli *cli)
{
    const settings *s = cli->settings;
    comparison c = {.cli = cli};
    as_buf buf;

    if (cli->args.n != 2)
        return as_cli_usage_error(cli, "two results are expected, the old and the new one");
    as_sources *sources = as_sources_new();
    if (!sources)
        as_arena_unwind(cli->arena, AS_CAUSE_MEMORY);
    bool read = read_result(&c, sources, 0, cli->args.items[0]) &&
                read_result(&c, sources, 1, cli->args.items[1]);
    as_exit result = AS_EXIT_ERROR;
    if (read) {
        if (c.pairs.n > 1)
            qsort(c.pairs.items, c.pairs.n, sizeof *c.pairs.items, compare_pairs);
        as_buf_init(&buf, cli->arena, 0);
        if (s->format == FORMAT_JSON)
            write_json(&c, &buf);
        else
            write_text(&c, &buf);
        result = as_cli_print(cli, as_buf_view(&buf));
    }
    as_sources_free(sources);
    if (result == AS_EXIT_OK && s->exit_code && any_new_failure(&c))
        return AS_EXIT_FINDINGS;
    return result;
}

static const as_option options[] = {
        AS_OPTION_ENUM(settings, format, 'f', "format", "FORMAT", formats, "form (default: text)"),
        AS_OPTION_FLAG(settings, exit_code, 0, "exit-code", "1 when something fails that did not"),
        AS_OPTION_END,
};

static const as_example examples[] = {
        {"assay scan --format json --show-passed . > new.json", "with the new version"},
        {"assay rules diff old.json new.json", "what the upgrade changes, and why"}, {NULL, NULL}};

const as_command as_command_rules_diff = {
        .name = "diff",
        .summary = "tell which verdicts differ between two results, and why",
        .usage = "[OPTION…] OLD NEW",
        .description = "Both are results of assay scan --format json --show-passed.",
        .options = options,
        .settings_size = sizeof(settings),
        .examples = examples,
        .run = run,
};
