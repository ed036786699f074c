/* What principals of AWS and subjects of Kubernetes may do. */
#include "engine/diff/internal.h"

#include "engine/base/limits.h"
#include "engine/iam/effective.h"
#include "engine/iam/names.h"
#include "engine/iam/view.h"
#include "engine/rbac/cluster.h"
#include "engine/ways/worlds.h"

static void permission(
        diff_taking *t, const as_unit *unit, as_str who, as_str what, as_span span, bool unsure)
{
    diff_add(t,
            (as_fact){.section = AS_DIFF_PERMISSIONS,
                    .key = as_str_fmt(t->arena, "%.*s %.*s %.*s", AS_STR_ARG(who),
                            AS_STR_ARG(unit->name), AS_STR_ARG(what)),
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

static void take_service(diff_taking *t, const as_iam_principal *principal, as_str who,
        const as_iam_service_grants *service)
{
    const as_unit *unit = principal->entity->unit;
    as_span span = principal->entity->head;
    for (size_t l = 0; l < AS_IAM_N_LEVELS; l++) {
        const as_iam_level_grants *level = &service->levels[l];
        for (size_t i = 0; i < level->names.n; i++) {
            as_str what = as_str_fmt(t->arena, "%.*s:%.*s", AS_STR_ARG(service->service),
                    AS_STR_ARG(level->names.items[i]));
            permission(t, unit, who, what, span, false);
        }
        if (level->everywhere) {
            as_str what = as_str_fmt(t->arena, "%.*s: %s on every resource",
                    AS_STR_ARG(service->service), level_name(as_iam_levels[l]));
            permission(t, unit, who, what, span, false);
        }
    }
}

static void take_effective(diff_taking *t, as_arena *scratch, const as_iam_account *account,
        const as_iam_principal *principal)
{
    as_iam_effective e = as_iam_effective_of(scratch, account, principal);
    as_str who = as_iam_principal_name(principal);
    for (size_t s = 0; s < e.n_services; s++) {
        take_service(t, principal, who, &e.services[s]);
    }
    if (e.unknown.n > 0) {
        permission(t, principal->entity->unit, who,
                as_str_fmt(t->arena, "what is not known: %.*s", AS_STR_ARG(e.unknown.items[0])),
                principal->entity->head, true);
    }
}

/* Working out what one principal may do takes memory that the next one can have. */
static void take_principal(
        diff_taking *t, const as_iam_account *account, const as_iam_principal *principal)
{
    as_guard guard;
    as_arena *scratch = as_arena_new(AS_MAX_UNIT_BYTES);
    bool volatile done = false;
    if (scratch != NULL && AS_GUARD_ENTER(&guard, scratch)) {
        take_effective(t, scratch, account, principal);
        as_guard_leave(&guard);
        done = true;
    }
    as_arena_free(scratch);
    if (!done) {
        as_arena_unwind(t->arena, AS_CAUSE_MEMORY);
    }
}

static void take_rule(diff_taking *t, const as_unit *unit, as_str who, const as_rbac_grant *grant,
        const as_rbac_rule *rule)
{
    enum { MAX_COMBINATIONS = 2000 }; /* of one rule */
    size_t n = 0;
    as_str where = grant->space.n == 0 ? AS_STR("everywhere")
                                       : as_str_fmt(t->arena, "in %.*s", AS_STR_ARG(grant->space));
    for (size_t r = 0; r < rule->resources.n; r++) {
        for (size_t v = 0; v < rule->verbs.n && n < MAX_COMBINATIONS; v++, n++) {
            permission(t, unit, who,
                    as_str_fmt(t->arena, "%.*s %.*s %.*s%s", AS_STR_ARG(rule->verbs.items[v]),
                            AS_STR_ARG(rule->resources.items[r]), AS_STR_ARG(where),
                            rule->names.n > 0 ? " (by name)" : ""),
                    grant->span, rule->doubt.n > 0 || grant->doubt.n > 0);
        }
    }
}

static void take_grant(diff_taking *t, const as_unit *unit, as_str who, const as_rbac_grant *grant)
{
    for (size_t r = 0; r < grant->role->n_rules; r++) {
        take_rule(t, unit, who, grant, &grant->role->rules[r]);
    }
    if (grant->role->doubt.n > 0) {
        permission(t, unit, who,
                as_str_fmt(t->arena, "what %.*s allows is not known: %.*s",
                        AS_STR_ARG(grant->role->shown), AS_STR_ARG(grant->role->doubt)),
                grant->span, true);
    }
}

static void take_clusters_rights(diff_taking *t)
{
    const as_rbac_clusters *clusters = as_rbac_clusters_shared(t->report->graph);
    for (size_t c = 0; clusters != NULL && c < clusters->list.n; c++) {
        const as_rbac_cluster *cluster = clusters->list.items[c];
        for (size_t s = 0; s < cluster->subjects.n; s++) {
            const as_rbac_subject *subject = cluster->subjects.items[s];
            for (size_t g = 0; !subject->system && g < subject->own.n; g++) {
                const as_rbac_grant *grant = subject->own.items[g];
                if (!grant->system) {
                    take_grant(t, cluster->unit, subject->shown, grant);
                }
            }
        }
    }
}

/* --- Google Cloud --------------------------------------------------------------------------------
 */

/* A role of Google's by its name: it has hundreds of permissions, which everybody can look up. A
 * custom one by what it allows. */
static void take_google_grant(
        diff_taking *t, const as_unit *unit, as_str who, const as_gcp_grant *g)
{
    as_str condition =
            g->condition == NULL ? AS_STR("")
            : as_value_str(g->condition).n > 0
                    ? as_str_fmt(t->arena, " if %.*s", AS_STR_ARG(as_value_str(g->condition)))
                    : AS_STR(" if what is not known");
    as_str on = as_iam_shown(t->arena, g->on->shown);
    bool unsure = g->doubt.n > 0 || as_value_is_unknown(g->condition);
    if (g->role->custom == NULL || g->role->doubt.n > 0) {
        permission(t, unit, who,
                as_str_fmt(t->arena, "do what %.*s allows on %.*s%.*s", AS_STR_ARG(g->role->name),
                        AS_STR_ARG(on), AS_STR_ARG(condition)),
                g->span, unsure || g->role->doubt.n > 0);
    }
    for (size_t i = 0; g->role->custom != NULL && i < g->role->others.n; i++) {
        permission(t, unit, who,
                as_str_fmt(t->arena, "%.*s on %.*s%.*s", AS_STR_ARG(g->role->others.items[i]),
                        AS_STR_ARG(on), AS_STR_ARG(condition)),
                g->span, unsure);
    }
}

static void take_google_rights(diff_taking *t)
{
    const as_found_ways *found = as_worlds_shared(t->report->graph);
    const as_gcp_worlds *worlds = found == NULL ? NULL : found->worlds->clouds;
    for (size_t w = 0; worlds != NULL && w < worlds->list.n; w++) {
        const as_gcp_world *world = worlds->list.items[w];
        for (size_t i = 0; i < world->members.n; i++) {
            const as_gcp_member *m = world->members.items[i];
            as_str who = as_iam_shown(t->arena, m->shown);
            for (size_t k = 0; k < m->own.n; k++) {
                take_google_grant(t, world->unit, who, m->own.items[k]);
            }
            for (size_t k = 0; k < m->groups.n; k++) {
                permission(t, world->unit, who,
                        as_str_fmt(t->arena, "do what %.*s may",
                                AS_STR_ARG(m->groups.items[k]->shown)),
                        m->span, false);
            }
        }
    }
}

/* --- what principals have in common on both sides
 * -------------------------------------------------
 */

static void sign_texts(as_buf *out, as_strs texts, bool negated)
{
    as_buf_cstr(out, negated ? "!" : "=");
    for (size_t i = 0; i < texts.n; i++) {
        as_buf_json_string(out, texts.items[i]);
    }
}

static void sign_policy(as_buf *out, const as_iam_policy *policy)
{
    as_buf_json_string(out, policy->arn);
    as_buf_json_string(out, policy->problem);
    for (size_t s = 0; s < policy->n_statements; s++) {
        const as_iam_statement *st = &policy->statements[s];
        as_buf_fmt(out, "%d%d%d%d%d", st->allow, st->either, st->open_actions, st->open_resources,
                st->variables);
        sign_texts(out, st->actions, st->not_action);
        sign_texts(out, st->resources, st->not_resource);
        as_buf_json_string(out, st->problem);
        for (size_t c = 0; c < st->n_conditions; c++) {
            as_buf_json_string(out, st->conditions[c].written);
            as_buf_json_string(out, st->conditions[c].key);
            sign_texts(out, st->conditions[c].values, st->conditions[c].open);
        }
    }
}

/* Everything that as_iam_effective_of looks at. */
static as_str sign(diff_taking *t, const as_iam_account *account, const as_iam_principal *p)
{
    as_buf out;
    as_buf_init(&out, t->arena, 0);
    as_buf_json_string(&out, account->unit->name);
    as_buf_json_string(&out, as_iam_principal_name(p));
    for (size_t i = 0; i < p->policies.n; i++) {
        sign_policy(&out, p->policies.items[i]);
    }
    as_buf_cstr(&out, "|");
    if (p->boundary != NULL) {
        sign_policy(&out, p->boundary);
    }
    return as_buf_view(&out);
}

typedef void (*each_principal)(diff_taking *t, const as_iam_account *account,
        const as_iam_principal *principal, const void *self);

static void walk_principals(diff_taking *t, each_principal each, const void *self)
{
    const as_iam_accounts *accounts = as_iam_accounts_shared(t->report->graph);
    for (size_t a = 0; accounts != NULL && a < accounts->list.n; a++) {
        const as_iam_account *account = accounts->list.items[a];
        for (size_t i = 0; i < account->principals.n; i++) {
            each(t, account, account->principals.items[i], self);
        }
    }
}

static void put_signature(diff_taking *t, const as_iam_account *account,
        const as_iam_principal *principal, const void *self)
{
    (void)self;
    as_map_put(t->arena, &t->signatures, sign(t, account, principal), t);
}

void diff_read_principals(diff_taking *t)
{
    walk_principals(t, put_signature, NULL);
}

static void take_changed(diff_taking *t, const as_iam_account *account,
        const as_iam_principal *principal, const void *self)
{
    if (!as_map_has(self, sign(t, account, principal))) {
        take_principal(t, account, principal);
    }
}

void diff_take_permissions(diff_taking *t, const as_map *others)
{
    walk_principals(t, take_changed, others);
    take_clusters_rights(t);
    take_google_rights(t);
}
