/* Facts of two sides: findings and paths here, the rest in files of their own. */
#include "engine/diff/internal.h"

#include <stdlib.h>

#include "engine/paths/write.h"

const char *as_diff_section_name(as_diff_section section)
{
    static const char *const names[] = {
            "findings", "permissions", "connections", "exposures", "paths"};
    return names[section];
}

void diff_add(diff_taking *t, as_fact fact, as_span span)
{
    const as_source *source = as_sources_get(t->report->sources, span.file);
    if (source != NULL) {
        fact.path = source->path;
        fact.line = as_sources_position(t->report->sources, span.file, span.begin).line;
    }
    AS_VEC_PUSH(t->arena, &t->facts, fact);
}

/* --- findings ------------------------------------------------------------------------------------
 */

static void take_findings(diff_taking *t)
{
    for (size_t i = 0; i < t->report->n_findings; i++) {
        const as_finding *f = &t->report->findings[i];
        if (f->status == AS_FAIL) {
            /* What is said of a comment (META-SUP-…) is about no entity. */
            as_str subject =
                    f->entity ? as_str_fmt(t->arena, "%.*s: ", AS_STR_ARG(f->entity->address))
                              : AS_STR("");
            diff_add(t,
                    (as_fact){.section = AS_DIFF_FINDINGS,
                            .key = as_str_fmt(t->arena, "%d %s", AS_SEVERITY_CRITICAL - f->severity,
                                    f->fingerprint),
                            .subject = f->rule->id,
                            .text = as_str_join(t->arena, subject, f->message),
                            .severity = f->severity},
                    f->span);
        }
    }
}

/* --- paths ---------------------------------------------------------------------------------------
 */

static void take_paths(diff_taking *t, as_attack *attack)
{
    as_attack_question question = {.goals = AS_GOAL_ANY};
    as_attack_paths paths = as_attack_search(attack, t->arena, &question);
    if (paths.incomplete) {
        as_fact fact = {.section = AS_DIFF_PATHS,
                .key = AS_STR("not examined"),
                .subject = AS_STR("not all paths were examined:"),
                .text = paths.doubts.items[0],
                .unsure = true};
        diff_add(t, fact, AS_SPAN_NONE);
    }
    for (size_t i = 0; i < paths.n; i++) {
        const as_attack_path *path = &paths.items[i];
        const char *goal = as_attack_goal_name(path->goal);
        as_span span = path->n_steps > 0 ? path->steps[path->n_steps - 1].link->span : AS_SPAN_NONE;
        diff_add(t,
                (as_fact){.section = AS_DIFF_PATHS,
                        .key = as_str_fmt(
                                t->arena, "%s %.*s", goal, AS_STR_ARG(path->target->title)),
                        .subject = path->target->title,
                        .text = as_str_fmt(t->arena, "(%s) %.*s", goal,
                                AS_STR_ARG(as_attack_path_text(t->arena, path))),
                        .unsure = !path->certain},
                span);
    }
}

static int compare_facts(const void *a, const void *b)
{
    const as_fact *x = a, *y = b;
    if (x->section != y->section) {
        return x->section < y->section ? -1 : 1;
    }
    int order = as_str_cmp(x->key, y->key);
    return order != 0 ? order : (int)x->unsure - (int)y->unsure;
}

/* Sorted, and of equal keys one: the certain one comes first and stays. */
static void put_in_order(as_facts *facts)
{
    size_t n = 0;
    if (facts->n > 0) {
        qsort(facts->items, facts->n, sizeof *facts->items, compare_facts);
    }
    for (size_t i = 0; i < facts->n; i++) {
        if (n == 0 || facts->items[n - 1].section != facts->items[i].section ||
                !as_str_eq(facts->items[n - 1].key, facts->items[i].key)) {
            facts->items[n++] = facts->items[i];
        }
    }
    facts->n = n;
}

static diff_taking read_side(as_arena *arena, const as_diff_side *side)
{
    diff_taking t = {.arena = arena, .report = side->report};
    take_findings(&t);
    diff_read_principals(&t);
    diff_read_networks(&t);
    take_paths(&t, side->attack);
    return t;
}

as_diff as_diff_of(as_arena *arena, const as_diff_side *before, const as_diff_side *after)
{
    diff_taking b = read_side(arena, before), a = read_side(arena, after);
    diff_take_permissions(&b, &a.signatures);
    diff_take_permissions(&a, &b.signatures);
    diff_take_connections(&b, &a);
    put_in_order(&b.facts);
    put_in_order(&a.facts);
    as_diff diff = as_diff_compare(arena, &b.facts, &a.facts);
    diff.from = before->name;
    diff.to = after->name;
    return diff;
}
