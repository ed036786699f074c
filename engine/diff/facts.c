/* Facts of one side. */
#include "engine/diff/diff.h"

#include <stdlib.h>

#include "engine/iam/effective.h"
#include "engine/iam/view.h"
#include "engine/paths/write.h"
#include "engine/rbac/cluster.h"
#include "engine/reach/cloud.h"
#include "engine/reach/connections.h"

typedef struct taking {
    as_arena *arena;
    const as_report *report;
    as_facts facts;
} taking;

const char *as_diff_section_name(as_diff_section section)
{
    static const char *const names[] = {
            "findings", "permissions", "connections", "exposures", "paths"};
    return names[section];
}

static void add(taking *t, as_fact fact, as_span span)
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

static void take_findings(taking *t)
{
    for (size_t i = 0; i < t->report->n_findings; i++) {
        const as_finding *f = &t->report->findings[i];
        if (f->status == AS_FAIL) {
            add(t,
                    (as_fact){.section = AS_DIFF_FINDINGS,
                            .key = as_str_fmt(t->arena, "%d %s", AS_SEVERITY_CRITICAL - f->severity,
                                    f->fingerprint),
                            .subject = f->rule->id,
                            .text = as_str_fmt(t->arena, "%.*s: %.*s",
                                    AS_STR_ARG(f->entity->address), AS_STR_ARG(f->message)),
                            .severity = f->severity},
                    f->span);
        }
    }
}

/* --- permissions ---------------------------------------------------------------------------------
 */

static void permission(taking *t, as_str who, as_str what, as_span span, bool unsure)
{
    add(t,
            (as_fact){.section = AS_DIFF_PERMISSIONS,
                    .key = as_str_fmt(t->arena, "%.*s %.*s", AS_STR_ARG(who), AS_STR_ARG(what)),
                    .subject = who,
                    .text = what,
                    .unsure = unsure},
            span);
}

static const char *level_name(char level)
{
    return level == 'P'   ? "manage permissions"
           : level == 'W' ? "write"
           : level == 'T' ? "tag"
           : level == 'R' ? "read"
                          : "list";
}

static void take_principal(
        taking *t, const as_iam_account *account, const as_iam_principal *principal)
{
    as_iam_effective e = as_iam_effective_of(t->arena, account, principal);
    as_str who = as_iam_principal_name(principal);
    for (size_t s = 0; s < e.n_services; s++) {
        const as_iam_service_grants *service = &e.services[s];
        for (size_t l = 0; l < AS_IAM_N_LEVELS; l++) {
            const as_iam_level_grants *level = &service->levels[l];
            for (size_t i = 0; i < level->names.n; i++) {
                permission(t, who,
                        as_str_fmt(t->arena, "%.*s:%.*s", AS_STR_ARG(service->service),
                                AS_STR_ARG(level->names.items[i])),
                        principal->entity->head, false);
            }
            if (level->everywhere) {
                permission(t, who,
                        as_str_fmt(t->arena, "%.*s: %s on every resource",
                                AS_STR_ARG(service->service), level_name(as_iam_levels[l])),
                        principal->entity->head, false);
            }
        }
    }
    if (e.unknown.n > 0) {
        permission(t, who,
                as_str_fmt(t->arena, "what is not known: %.*s", AS_STR_ARG(e.unknown.items[0])),
                principal->entity->head, true);
    }
}

static void take_rule(taking *t, as_str who, const as_rbac_grant *grant, const as_rbac_rule *rule)
{
    enum { MAX_COMBINATIONS = 2000 }; /* of one rule */
    size_t n = 0;
    as_str where = grant->space.n == 0 ? AS_STR("everywhere")
                                       : as_str_fmt(t->arena, "in %.*s", AS_STR_ARG(grant->space));
    for (size_t r = 0; r < rule->resources.n; r++) {
        for (size_t v = 0; v < rule->verbs.n && n < MAX_COMBINATIONS; v++, n++) {
            permission(t, who,
                    as_str_fmt(t->arena, "%.*s %.*s %.*s%s", AS_STR_ARG(rule->verbs.items[v]),
                            AS_STR_ARG(rule->resources.items[r]), AS_STR_ARG(where),
                            rule->names.n > 0 ? " (by name)" : ""),
                    grant->span, false);
        }
    }
}

static void take_clusters_rights(taking *t)
{
    const as_rbac_clusters *clusters = as_rbac_clusters_shared(t->report->graph);
    for (size_t c = 0; clusters != NULL && c < clusters->list.n; c++) {
        const as_rbac_cluster *cluster = clusters->list.items[c];
        for (size_t s = 0; s < cluster->subjects.n; s++) {
            const as_rbac_subject *subject = cluster->subjects.items[s];
            for (size_t g = 0; !subject->system && g < subject->own.n; g++) {
                const as_rbac_grant *grant = subject->own.items[g];
                for (size_t r = 0; !grant->system && r < grant->role->n_rules; r++) {
                    take_rule(t, subject->shown, grant, &grant->role->rules[r]);
                }
            }
        }
    }
}

static void take_permissions(taking *t)
{
    const as_iam_accounts *accounts = as_iam_accounts_shared(t->report->graph);
    for (size_t a = 0; accounts != NULL && a < accounts->list.n; a++) {
        const as_iam_account *account = accounts->list.items[a];
        for (size_t i = 0; i < account->principals.n; i++) {
            take_principal(t, account, account->principals.items[i]);
        }
    }
    take_clusters_rights(t);
}

/* --- networks ------------------------------------------------------------------------------------
 */

static as_str ports_text(taking *t, as_port_bounds ports, const as_ports *universe, bool *unsure)
{
    as_buf buf;
    as_buf_init(&buf, t->arena, 0);
    *unsure = as_ports_is_empty(ports.sure);
    as_ports_write(&buf, *unsure ? ports.most : ports.sure, universe);
    return as_buf_view(&buf);
}

static void take_connections(
        taking *t, as_connections list, const as_ports *universe, as_str cluster)
{
    for (size_t i = 0; i < list.n; i++) {
        const as_connection *c = &list.items[i];
        bool unsure;
        as_str ports = ports_text(t, c->ports, universe, &unsure);
        as_str text = as_str_fmt(t->arena, "%s%.*s : %.*s", cluster.n > 0 ? "to " : "",
                AS_STR_ARG(c->to), AS_STR_ARG(ports));
        add(t,
                (as_fact){.section = AS_DIFF_CONNECTIONS,
                        .key = as_str_fmt(t->arena, "%.*s %.*s => %.*s", AS_STR_ARG(cluster),
                                AS_STR_ARG(c->from), AS_STR_ARG(text)),
                        .subject = c->from,
                        .text = as_str_fmt(
                                t->arena, "=> %.*s : %.*s", AS_STR_ARG(c->to), AS_STR_ARG(ports)),
                        .unsure = unsure},
                AS_SPAN_NONE);
    }
}

static void take_exposures(taking *t, const as_cluster *cluster, const as_exposures *exposures)
{
    for (size_t i = 0; i < exposures->n; i++) {
        const as_exposure *e = &exposures->items[i];
        bool unsure;
        as_str ports = ports_text(t, e->open, cluster->universe, &unsure);
        if (e->internal || as_ports_is_empty(e->open.most)) {
            continue;
        }
        as_str text = as_str_fmt(t->arena, "exposes %.*s : %.*s",
                AS_STR_ARG(cluster->endpoints.items[e->endpoint].title), AS_STR_ARG(ports));
        add(t,
                (as_fact){.section = AS_DIFF_EXPOSURES,
                        .key = as_str_fmt(t->arena, "%.*s %.*s %.*s", AS_STR_ARG(cluster->name),
                                AS_STR_ARG(e->by->address), AS_STR_ARG(text)),
                        .subject = e->by->address,
                        .text = text,
                        .unsure = unsure},
                e->by->head);
    }
}

/* What load balancers hand on. */
static void take_forwards(taking *t, const as_cloud *cloud)
{
    as_cloud_exposures all = as_cloud_exposures_list(cloud);
    for (size_t i = 0; i < all.n; i++) {
        const as_cloud_forward *forward = all.items[i].forward;
        bool unsure;
        as_str ports = ports_text(t, all.items[i].open, cloud->universe, &unsure);
        as_str node = cloud->nodes[forward->node]->address;
        as_str text =
                as_str_fmt(t->arena, "exposes %.*s : %.*s", AS_STR_ARG(node), AS_STR_ARG(ports));
        if (as_ports_is_empty(all.items[i].open.most)) {
            continue;
        }
        add(t,
                (as_fact){.section = AS_DIFF_EXPOSURES,
                        .key = as_str_fmt(t->arena, "%.*s %.*s", AS_STR_ARG(forward->by->address),
                                AS_STR_ARG(text)),
                        .subject = forward->by->address,
                        .text = text,
                        .unsure = unsure},
                forward->by->head);
    }
}

static void take_clouds(taking *t)
{
    as_cloud clouds[AS_N_CLOUDS];
    size_t n = as_clouds_read(t->arena, t->report->graph, clouds);
    for (size_t i = 0; i < n; i++) {
        as_connections all = as_cloud_connections(&clouds[i], AS_STR(""));
        as_connections inside = {.items = AS_NEW_ARRAY(t->arena, as_connection, all.n)};
        for (size_t c = 0; c < all.n; c++) {
            bool unsure;
            if (!as_str_is(all.items[c].from, "internet")) {
                inside.items[inside.n++] = all.items[c];
                continue;
            }
            as_str ports = ports_text(t, all.items[c].ports, clouds[i].universe, &unsure);
            add(t,
                    (as_fact){.section = AS_DIFF_EXPOSURES,
                            .key = as_str_fmt(t->arena, "internet %.*s %.*s",
                                    AS_STR_ARG(all.items[c].to), AS_STR_ARG(ports)),
                            .subject = AS_STR("the internet"),
                            .text = as_str_fmt(t->arena, "reaches %.*s : %.*s",
                                    AS_STR_ARG(all.items[c].to), AS_STR_ARG(ports)),
                            .unsure = unsure},
                    AS_SPAN_NONE);
        }
        take_connections(t, inside, clouds[i].universe, AS_STR(""));
        take_forwards(t, &clouds[i]);
    }
}

static void take_networks(taking *t)
{
    as_diags diags; /* the scan has said what is wrong with policies by rules of their own */
    as_diags_init(&diags, t->arena);
    as_clusters clusters = as_clusters_read(t->arena, t->report->graph, &diags);
    for (size_t i = 0; i < clusters.n; i++) {
        as_cluster *cluster = clusters.items[i];
        as_filter *filter = as_filter_new(cluster);
        as_exposures exposures = as_exposures_read(cluster, filter);
        take_connections(t, as_connections_list(cluster, filter, &exposures), cluster->universe,
                cluster->name);
        take_exposures(t, cluster, &exposures);
    }
    take_clouds(t);
}

/* --- paths ---------------------------------------------------------------------------------------
 */

static void take_paths(taking *t, as_attack *attack)
{
    as_attack_question question = {.goals = AS_GOAL_ANY};
    as_attack_paths paths = as_attack_search(attack, t->arena, &question);
    for (size_t i = 0; i < paths.n; i++) {
        const as_attack_path *path = &paths.items[i];
        const char *goal = as_attack_goal_name(path->goal);
        as_span span = path->n_steps > 0 ? path->steps[path->n_steps - 1].link->span : AS_SPAN_NONE;
        add(t,
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

as_facts as_facts_of(as_arena *arena, const as_report *report, as_attack *attack)
{
    taking t = {.arena = arena, .report = report};
    take_findings(&t);
    take_permissions(&t);
    take_networks(&t);
    take_paths(&t, attack);
    if (t.facts.n > 0) {
        qsort(t.facts.items, t.facts.n, sizeof *t.facts.items, compare_facts);
    }
    size_t n = 0; /* the same key twice: the certain one comes first and stays */
    for (size_t i = 0; i < t.facts.n; i++) {
        if (n == 0 || t.facts.items[n - 1].section != t.facts.items[i].section ||
                !as_str_eq(t.facts.items[n - 1].key, t.facts.items[i].key)) {
            t.facts.items[n++] = t.facts.items[i];
        }
    }
    t.facts.n = n;
    return t.facts;
}
