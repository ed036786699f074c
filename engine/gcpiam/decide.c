#include "engine/gcpiam/world.h"
#include "engine/iam/pattern.h"

static bool is_or_contains(const as_gcp_resource *above, const as_gcp_resource *resource)
{
    for (; resource != NULL; resource = resource->parent) {
        if (resource == above) {
            return true;
        }
    }
    return false;
}

/* --- conditions ----------------------------------------------------------------------------------
 */

static as_truth condition_of(
        as_arena *arena, const as_value *condition, const as_gcp_resource *resource, as_str *reason)
{
    if (condition == NULL) {
        return AS_YES;
    }
    if (condition->kind != AS_STRING) {
        *reason = as_value_reason(condition);
        return AS_MAYBE;
    }
    as_truth t = as_cel_decide(arena, condition->as.str, &resource->cel);
    if (t == AS_MAYBE) {
        *reason = as_str_fmt(arena, "the condition holds: %.*s", AS_STR_ARG(condition->as.str));
    }
    return t;
}

/* --- deny policies -------------------------------------------------------------------------------
 */

/* Principal identifiers of deny policies: IAM, "Principal identifiers for deny policies". */
static as_truth names_member(as_str principal, const as_gcp_member *m)
{
    as_str kind, name = m->text;
    if (as_iam_has_hole(principal)) {
        return AS_MAYBE;
    }
    if (as_str_is(principal, "principalSet://goog/public:all")) {
        return AS_YES;
    }
    if (as_str_eq(principal, m->text)) {
        return AS_YES;
    }
    if (!as_str_split(&name, ':', &kind)) {
        return AS_NO;
    }
    size_t slash = as_str_rfind_char(principal, '/');
    as_str last = as_str_from_index(principal, slash + 1);
    bool fits =
            (as_str_is(kind, "user") && as_str_starts(principal, "principal://goog/subject/")) ||
            (as_str_is(kind, "group") && as_str_starts(principal, "principalSet://goog/group/")) ||
            (as_str_is(kind, "serviceAccount") && as_str_contains(principal, "/serviceAccounts/"));
    if (fits) {
        return as_iam_equal(name, last, true);
    }
    bool in_group = as_str_starts(principal, "principalSet://goog/group/");
    for (size_t i = 0; in_group && i < m->groups.n; i++) {
        as_str group = as_str_from_index(m->groups.items[i]->text, strlen("group:"));
        if (as_iam_equal(group, last, true) == AS_YES) {
            return AS_YES;
        }
    }
    /* Members of groups, and everyone of an organization or customer, are not told. */
    bool wide = as_str_starts(principal, "principalSet://");
    bool person = as_str_is(kind, "user") || as_str_is(kind, "group") ||
                  as_str_is(kind, "domain") || as_str_is(kind, "serviceAccount");
    bool group_of_people = as_str_starts(principal, "principalSet://goog/group/");
    return wide && person && (!group_of_people || !as_str_is(kind, "domain")) ? AS_MAYBE : AS_NO;
}

/* "iam.googleapis.com/roles.create", "iam.googleapis.com/roles.*". */
static bool names_permission(as_str denied, as_str permission)
{
    as_str service, host = AS_STR("");
    as_str rest = denied, of;
    if (!as_str_split(&rest, '/', &host) || !as_str_split(&permission, '.', &service) ||
            !as_str_split(&host, '.', &of)) {
        return false;
    }
    of = as_str_is(of, "cloudresourcemanager") ? AS_STR("resourcemanager") : of;
    return as_str_eq(of, service) && as_iam_match(rest, permission, false) == AS_YES;
}

static bool any_permission(as_strs list, as_str permission)
{
    for (size_t i = 0; i < list.n; i++) {
        if (names_permission(list.items[i], permission)) {
            return true;
        }
    }
    return false;
}

static as_truth any_member(as_strs list, const as_gcp_member *m)
{
    as_truth any = AS_NO;
    for (size_t i = 0; i < list.n; i++) {
        any = as_truth_or(any, names_member(list.items[i], m));
    }
    return any;
}

static as_truth denies(as_arena *arena, const as_gcp_deny *d, const as_gcp_member *m,
        as_str permission, const as_gcp_resource *resource)
{
    as_str reason;
    bool named = any_permission(d->permissions, permission) &&
                 !any_permission(d->except_permissions, permission);
    if (!named && d->doubt.n == 0) {
        return AS_NO;
    }
    as_truth t = as_truth_and(any_member(d->members, m), as_truth_not(any_member(d->except, m)));
    t = as_truth_and(t, condition_of(arena, d->condition, resource, &reason));
    return d->doubt.n > 0 && (t != AS_NO || d->members.n == 0) ? AS_MAYBE : t;
}

/* What deny policies on the way to the root say of an allowed permission. */
static void apply_denies(as_arena *arena, as_gcp_verdict *v, const as_gcp_member *m,
        as_str permission, const as_gcp_resource *resource)
{
    for (const as_gcp_resource *r = resource; r != NULL && v->truth != AS_NO; r = r->parent) {
        for (size_t i = 0; i < r->denies.n && v->truth != AS_NO; i++) {
            as_truth t = denies(arena, &r->denies.items[i], m, permission, resource);
            if (t == AS_YES) {
                *v = (as_gcp_verdict){.truth = AS_NO, .deny = &r->denies.items[i]};
            } else if (t == AS_MAYBE) {
                v->truth = AS_MAYBE;
                v->deny = &r->denies.items[i];
                v->reason = as_str_fmt(
                        arena, "%.*s does not deny it", AS_STR_ARG(r->denies.items[i].name));
            }
        }
    }
}

/* --- the decision --------------------------------------------------------------------------------
 */

static as_gcp_verdict by_grant(as_arena *arena, const as_gcp_grant *g, const as_gcp_member *member,
        as_str permission, const as_gcp_resource *resource)
{
    as_gcp_verdict v = {.truth = as_gcp_role_has(g->role, permission), .grant = g};
    if (v.truth == AS_NO) {
        return v;
    }
    v.reason = g->role->doubt;
    v.truth = as_truth_and(v.truth, condition_of(arena, g->condition, resource, &v.reason));
    if (v.truth != AS_NO && g->doubt.n > 0) {
        v.truth = AS_MAYBE;
        v.reason = g->doubt;
    }
    if (v.truth != AS_NO) {
        apply_denies(arena, &v, member, permission, resource);
    }
    return v;
}

as_gcp_verdict as_gcp_decide(as_arena *arena, const as_gcp_member *member, as_str permission,
        const as_gcp_resource *resource)
{
    as_gcp_verdict best = {.truth = AS_NO};
    for (size_t i = 0; i < member->all.n && best.truth != AS_YES; i++) {
        const as_gcp_grant *g = member->all.items[i];
        if (resource != NULL && !is_or_contains(g->on, resource)) {
            continue;
        }
        /* Any resource below will do: its name is not known, unless the policy is its own. */
        as_gcp_resource below = *g->on;
        if (resource == NULL && g->on->level != AS_GCP_RESOURCE) {
            below.parent = g->on;
            below.denies.n = 0;
            below.cel = (as_cel_resource){0};
        }
        as_gcp_verdict v =
                by_grant(arena, g, member, permission, resource == NULL ? &below : resource);
        if (v.truth == AS_YES || (v.truth == AS_MAYBE && best.truth == AS_NO) ||
                (best.truth == AS_NO && v.deny != NULL)) {
            best = v;
        }
    }
    return best;
}

bool as_gcp_is_owner(const as_gcp_member *member, const as_gcp_grant **by)
{
    for (size_t i = 0; i < member->all.n; i++) {
        const as_gcp_grant *g = member->all.items[i];
        if (as_str_is(g->role->name, "roles/owner") && g->on->level != AS_GCP_RESOURCE &&
                g->condition == NULL && g->doubt.n == 0) {
            *by = g;
            return true;
        }
    }
    return false;
}
