#include "engine/cli/drift_listing.h"

#include <stdlib.h>

#include "engine/secrets/scrub.h"

typedef AS_VEC(const as_finding *) finding_list;

/* --- gathering -----------------------------------------------------------------------------------
 */

/* Failures and passes, by entity. */
static as_map by_entity(as_arena *arena, const as_report *report)
{
    as_map map = {0};

    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        if ((f->status != AS_FAIL && f->status != AS_PASS) || !f->entity)
            continue;
        as_str key = as_str_fmt(arena, "%u", (unsigned)f->entity->id);
        finding_list *list = as_map_get(&map, key);
        if (!list) {
            list = AS_NEW(arena, finding_list);
            as_map_put(arena, &map, key, list);
        }
        AS_VEC_PUSH(arena, list, f);
    }
    return map;
}

static finding_list of_entity(const as_drift_listing *l, const as_entity *e)
{
    const finding_list *list =
            e ? as_map_get(&l->findings, as_str_fmt(l->cli->arena, "%u", (unsigned)e->id)) : NULL;

    return list ? *list : (finding_list){0};
}

/* Counts what the rule says of one entity of the code. */
static void judge(
        const as_drift_listing *l, const as_entity *e, const as_finding *like, size_t by_status[4])
{
    finding_list list = of_entity(l, e);

    for (size_t i = 0; i < list.n; i++) {
        const as_finding *f = list.items[i];
        bool whole = f->status == AS_PASS && f->fail_case.n == 0; /* passes in all its cases */
        if (f->rule == like->rule && (whole || as_str_eq(f->fail_case, like->fail_case)))
            by_status[f->status]++;
    }
}

/* Whether code keeps the rule: the resource itself or one that configures it passes, and none
 * fails. */
static bool keeps(const as_drift_listing *l, const as_entity *code, const as_finding *like)
{
    size_t n, by_status[4] = {0};
    const as_edge *const *edges = as_graph_edges_to(l->report->graph, code->id, &n);

    judge(l, code, like, by_status);
    for (size_t i = 0; i < n; i++)
        if (edges[i]->type == AS_EDGE_attached_to)
            judge(l, as_graph_get(l->report->graph, edges[i]->from), like, by_status);
    return by_status[AS_PASS] > 0 && by_status[AS_FAIL] == 0;
}

typedef enum nearness { APART, AROUND, WITHIN } nearness;

/* Whether the finding points into what differs, or to something that has it as a part: a container
 * of which one member differs. */
static nearness is_about_change(const as_drift *d, const as_finding *f)
{
    nearness found = APART;

    for (size_t i = 0; i < d->n_changes; i++) {
        as_span span = d->changes[i].live_span;
        bool overlaps = span.file != 0 && span.file == f->span.file && f->span.begin < span.end &&
                        span.begin < f->span.end;
        if (!overlaps || f->span.begin == d->live->head.begin) /* all of the resource */
            continue;
        if (span.begin <= f->span.begin && f->span.end <= span.end)
            return WITHIN;
        found = AROUND;
    }
    return found;
}

/* Code that breaks the rule in the same words broke it before anything was changed. */
static bool breaks_as_well(const as_drift_listing *l, const as_entity *code, const as_finding *f)
{
    finding_list list = of_entity(l, code);

    for (size_t i = 0; i < list.n; i++)
        if (list.items[i]->status == AS_FAIL && list.items[i]->rule == f->rule &&
                as_str_eq(list.items[i]->message, f->message))
            return true;
    return false;
}

/* Whether what is live breaks the rule at more places than code does. */
static bool breaks_more(const as_drift_listing *l, const as_drift *d, const as_finding *f)
{
    size_t code[4] = {0}, live[4] = {0};

    judge(l, d->code, f, code);
    judge(l, d->live, f, live);
    return live[AS_FAIL] > code[AS_FAIL];
}

static bool is_broken(const as_drift_listing *l, const as_drift *d, const as_finding *f)
{
    /* GRAPH-027 says that there is drift, which is known here. */
    if (f->status != AS_FAIL || as_str_is(f->rule->id, "GRAPH-027"))
        return false;
    if (d->kind == AS_DRIFT_UNMANAGED || keeps(l, d->code, f))
        return true;
    nearness near = is_about_change(d, f);
    return near != APART && !breaks_as_well(l, d->code, f) &&
           (near == WITHIN || breaks_more(l, d, f));
}

static int compare_findings(const void *a, const void *b)
{
    const as_finding *x = *(const as_finding *const *)a, *y = *(const as_finding *const *)b;

    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    int order = as_str_cmp(x->rule->id, y->rule->id);
    return order != 0 ? order : as_str_cmp(x->message, y->message);
}

static void add(as_drift_listing *l, const as_drift *drift)
{
    as_arena *arena = l->cli->arena;
    as_drift_entry e = {.drift = drift};
    finding_list broken = {0}, list = of_entity(l, drift->live);

    for (size_t i = 0; i < list.n; i++) {
        const as_finding *f = list.items[i];
        if (!is_broken(l, drift, f))
            continue;
        AS_VEC_PUSH(arena, &broken, f);
        e.severity = f->severity > e.severity ? f->severity : e.severity;
    }
    if (broken.n > 1)
        qsort(broken.items, broken.n, sizeof *broken.items, compare_findings);
    e.rules = broken.items;
    e.n_rules = broken.n;
    AS_VEC_PUSH(arena, &l->entries, e);
}

bool as_drift_is_of_tags(const as_drift *drift)
{
    for (size_t i = 0; i < drift->n_changes; i++)
        if (!drift->changes[i].is_tag)
            return false;
    return drift->kind == AS_DRIFT_CHANGED;
}

as_str as_drift_address(const as_drift *d)
{
    return d->code ? d->code->address : d->live->address;
}

/* What breaks a rule first, the worst of it first. */
static int compare_entries(const void *a, const void *b)
{
    const as_drift_entry *x = a, *y = b;

    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (x->drift->kind != y->drift->kind)
        return x->drift->kind < y->drift->kind ? -1 : 1;
    if (as_drift_is_of_tags(x->drift) != as_drift_is_of_tags(y->drift))
        return as_drift_is_of_tags(x->drift) ? 1 : -1;
    int order = as_str_cmp(as_drift_address(x->drift), as_drift_address(y->drift));
    return order != 0 ? order : (x->drift > y->drift) - (x->drift < y->drift);
}

bool as_drift_is_rule_repeated(const as_drift_entry *e, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (e->rules[k]->rule == e->rules[i]->rule)
            return true;
    return false;
}

size_t as_drift_listing_count(const as_drift_listing *l, as_drift_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < l->entries.n; i++)
        n += l->entries.items[i].drift->kind == kind;
    return n;
}

void as_drift_listing_gather(as_drift_listing *l, bool all, bool no_tags)
{
    l->findings = by_entity(l->cli->arena, l->report);
    l->drifts = as_drift_find(l->report->graph, l->cli->arena, all);
    for (size_t i = 0; i < l->drifts.n; i++)
        if (!no_tags || !as_drift_is_of_tags(&l->drifts.items[i]))
            add(l, &l->drifts.items[i]);
    if (l->entries.n > 1)
        qsort(l->entries.items, l->entries.n, sizeof *l->entries.items, compare_entries);
}
