/* Differences as findings, so that every format of reports can show them. One resource is one
 * finding: what differs and which rules that breaks are its evidence. */
#include "engine/cli/drift_listing.h"

#include <stdlib.h>

#include "engine/rules/fingerprint.h"

enum { MOST_NAMED = 5 };

static const as_str references[] = {
        AS_STR_INIT("https://developer.hashicorp.com/terraform/tutorials/state/resource-drift"),
        AS_STR_INIT("https://developer.hashicorp.com/terraform/language/import"),
};
static const as_str frameworks[] = {
        AS_STR_INIT("NIST-800-53r5:CM-6"),
        AS_STR_INIT("PCI-DSS-4.0:2.2.1"),
        AS_STR_INIT("SOC2:CC8.1"),
        AS_STR_INIT("ISO27001-2022:A.8.9"),
};

#define COMMON                                                                                     \
    .category = AS_STR_INIT("hygiene"),                                                            \
    .references = {references, sizeof references / sizeof *references},                            \
    .frameworks = {frameworks, sizeof frameworks / sizeof *frameworks}, .builtin = true,           \
    .version = 1

/* By as_drift_kind. */
static const as_rule rules[] = {
        [AS_DRIFT_CHANGED] = {COMMON, .id = AS_STR_INIT("DRIFT-001"),
                .title = AS_STR_INIT("Live configuration differs from code"),
                .severity = AS_SEVERITY_MEDIUM,
                .description = AS_STR_INIT("What was changed beside the code is gone with the next "
                                           "apply, or is what an intruder left."),
                .remediation =
                        AS_STR_INIT("Apply the code again, or bring the change into the code.")},
        [AS_DRIFT_UNMANAGED] = {COMMON, .id = AS_STR_INIT("DRIFT-002"),
                .title = AS_STR_INIT("Live resource is in no code"), .severity = AS_SEVERITY_LOW,
                .description = AS_STR_INIT("What is in no code is reviewed by nobody."),
                .remediation = AS_STR_INIT("Import it into the code, or delete it.")},
        [AS_DRIFT_GONE] = {COMMON, .id = AS_STR_INIT("DRIFT-003"),
                .title = AS_STR_INIT("Resource of the code is not live"),
                .severity = AS_SEVERITY_MEDIUM,
                .description = AS_STR_INIT("What the code relies on was deleted beside it: a "
                                           "control that is not there protects nothing."),
                .remediation = AS_STR_INIT("Apply the code again, or delete it from the code.")},
};

typedef AS_VEC(as_evidence) evidence_list;

/* --- one difference ------------------------------------------------------------------------------
 */

/* Tags alone weigh little; rules that are broken raise what the difference itself weighs. */
static as_severity weigh(const as_drift_entry *e)
{
    as_severity own =
            as_drift_is_of_tags(e->drift) ? AS_SEVERITY_INFO : rules[e->drift->kind].severity;
    return e->severity > own ? e->severity : own;
}

/* The worst of them; all are in the evidence. */
static void name_rules(as_buf *out, const as_drift_entry *e)
{
    size_t n = 0;

    for (size_t i = 0; i < e->n_rules; i++)
        if (!as_drift_is_rule_repeated(e, i) && n++ < MOST_NAMED)
            as_buf_fmt(
                    out, "%s%.*s", n == 1 ? "; breaks " : ", ", AS_STR_ARG(e->rules[i]->rule->id));
    if (n > MOST_NAMED)
        as_buf_fmt(out, " and %zu more", n - MOST_NAMED);
}

static as_str message_of(const as_drift_listing *l, const as_drift_entry *e)
{
    const as_drift *d = e->drift;
    const as_entity *entity = d->code ? d->code : d->live;
    as_buf out;

    as_buf_init(&out, l->cli->arena, 0);
    if (d->kind == AS_DRIFT_GONE)
        as_buf_fmt(&out, "%.*s is not live", AS_STR_ARG(entity->address));
    else if (d->kind == AS_DRIFT_UNMANAGED)
        as_buf_fmt(&out, "%.*s is live but in no code", AS_STR_ARG(entity->address));
    for (size_t i = 0; i < d->n_changes; i++)
        as_buf_fmt(&out, "%s%.*s is %.*s, in code %.*s", i > 0 ? "; " : "",
                AS_STR_ARG(d->changes[i].field), AS_STR_ARG(as_drift_shown(l, d->changes[i].live)),
                AS_STR_ARG(as_drift_shown(l, d->changes[i].code)));
    name_rules(&out, e);
    return as_buf_view(&out);
}

/* The first attribute that is written and differs; tags last. */
static as_span span_of(const as_drift *d)
{
    if (!d->code)
        return d->live->head;
    for (int tags = 0; tags < 2; tags++)
        for (size_t i = 0; i < d->n_changes; i++)
            if (d->changes[i].is_tag == (tags == 1) && d->changes[i].code_span.file != 0)
                return d->changes[i].code_span;
    return d->code->head;
}

static void add_evidence(const as_drift_listing *l, evidence_list *list, as_span span, as_str note)
{
    if (span.file != 0)
        AS_VEC_PUSH(l->cli->arena, list, (as_evidence){.span = span, .note = note});
}

static evidence_list evidence_of(const as_drift_listing *l, const as_drift_entry *e)
{
    const as_drift *d = e->drift;
    as_arena *arena = l->cli->arena;
    evidence_list list = {0};

    for (size_t i = 0; i < d->n_changes; i++) {
        const as_drift_change *c = &d->changes[i];
        add_evidence(l, &list, c->code_span,
                as_str_fmt(arena, "%.*s in code: %.*s", AS_STR_ARG(c->field),
                        AS_STR_ARG(as_drift_shown(l, c->code))));
        add_evidence(l, &list, c->live_span,
                as_str_fmt(arena, "%.*s live: %.*s", AS_STR_ARG(c->field),
                        AS_STR_ARG(as_drift_shown(l, c->live))));
    }
    for (size_t i = 0; i < e->n_rules; i++)
        add_evidence(l, &list, e->rules[i]->span,
                as_str_fmt(arena, "breaks %.*s (%s): %.*s", AS_STR_ARG(e->rules[i]->rule->id),
                        as_severity_name(e->rules[i]->severity), AS_STR_ARG(e->rules[i]->message)));
    return list;
}

/* What differs, so that another difference of the same resource is a new finding. */
static as_str subject_of(const as_drift_listing *l, const as_drift *d)
{
    as_buf out;

    as_buf_init(&out, l->cli->arena, 0);
    for (size_t i = 0; i < d->n_changes; i++)
        as_buf_fmt(&out, "%s%.*s", i > 0 ? " " : "", AS_STR_ARG(d->changes[i].field));
    return as_buf_view(&out);
}

static as_finding finding_of(const as_drift_listing *l, const as_drift_entry *e)
{
    const as_drift *d = e->drift;
    evidence_list evidence = evidence_of(l, e);
    as_finding f = {
            .rule = &rules[d->kind],
            .status = AS_FAIL,
            .severity = weigh(e),
            .entity = d->code ? d->code : d->live,
            .span = span_of(d),
            .message = message_of(l, e),
            .evidence = evidence.items,
            .n_evidence = (uint32_t)evidence.n,
            .subject = subject_of(l, d),
    };

    as_finding_set_fingerprint(&f);
    return f;
}

/* --- the report ----------------------------------------------------------------------------------
 */

typedef struct placed {
    as_finding finding;
    as_str path;
} placed;

/* By path and place, rule and resource, as a scan sorts. */
static int compare_placed(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    int order = as_str_cmp(x->path, y->path);

    if (order != 0)
        return order;
    if (x->finding.span.begin != y->finding.span.begin)
        return x->finding.span.begin < y->finding.span.begin ? -1 : 1;
    order = as_str_cmp(x->finding.rule->id, y->finding.rule->id);
    if (order != 0)
        return order;
    return as_str_cmp(x->finding.entity->address, y->finding.entity->address);
}

static const as_finding *sorted(const as_drift_listing *l)
{
    as_arena *arena = l->cli->arena;
    size_t n = l->entries.n;
    placed *list = AS_NEW_ARRAY(arena, placed, n);
    as_finding *out = AS_NEW_ARRAY(arena, as_finding, n);

    for (size_t i = 0; i < n; i++) {
        list[i].finding = finding_of(l, &l->entries.items[i]);
        const as_source *source = as_sources_get(l->report->sources, list[i].finding.span.file);
        list[i].path = source ? source->path : AS_STR("");
    }
    if (n > 1)
        qsort(list, n, sizeof *list, compare_placed);
    for (size_t i = 0; i < n; i++)
        out[i] = list[i].finding;
    return out;
}

const as_report *as_drift_report(const as_drift_listing *l)
{
    enum { N_RULES = sizeof rules / sizeof *rules };
    as_arena *arena = l->cli->arena;
    as_report *report = AS_NEW(arena, as_report);
    const as_rule **loaded = AS_NEW_ARRAY(arena, const as_rule *, N_RULES);

    for (size_t i = 0; i < N_RULES; i++)
        loaded[i] = &rules[i];
    *report = *l->report;
    report->findings = sorted(l);
    report->n_findings = l->entries.n;
    report->rules = loaded;
    report->n_rules = N_RULES;
    report->coverage.n_rules_loaded = N_RULES;
    report->coverage.missing = NULL;
    report->coverage.n_missing = 0;
    report->show_passed = false;
    report->summary = (as_summary){.by_status[AS_FAIL] = report->n_findings};
    for (size_t i = 0; i < report->n_findings; i++)
        report->summary.failed_by_severity[report->findings[i].severity]++;
    return report;
}
