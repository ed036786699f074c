/* assay iam: what members of Google Cloud may do. */
#include "engine/cli/iam_asking.h"

#include "engine/iam/names.h"

static const char *const decisions[] = {"denied", "allowed", "unknown"};

static as_str shown(as_iam_asking *a, as_str text)
{
    return as_iam_shown(a->cli->arena, text);
}

static void write_why(as_iam_asking *a, as_gcp_verdict v)
{
    as_buf_cstr(&a->out, decisions[v.truth]);
    if (v.truth == AS_MAYBE)
        as_buf_fmt(&a->out, ": %s%.*s", v.grant ? "provided that " : "",
                AS_STR_ARG(shown(a, v.reason)));
    if (v.deny) {
        as_buf_fmt(&a->out, "%s %.*s", v.truth == AS_NO ? " by" : ";", AS_STR_ARG(v.deny->name));
        as_iam_asking_place(a, v.deny->span);
    } else if (v.truth == AS_NO) {
        as_buf_cstr(&a->out, ": no role allows it");
    } else if (v.grant) {
        as_buf_fmt(&a->out, "%s %.*s on %.*s", v.truth == AS_YES ? " by" : ";",
                AS_STR_ARG(v.grant->role->name), AS_STR_ARG(v.grant->on->shown));
        as_iam_asking_place(a, v.grant->span);
    }
    as_buf_char(&a->out, '\n');
}

static void json_verdict(as_iam_asking *a, as_gcp_verdict v)
{
    as_json_cstr(&a->json, "decision", decisions[v.truth]);
    as_json_bool(&a->json, "explicit", v.truth == AS_NO && v.deny != NULL);
    as_json_str_if(&a->json, "reason", shown(a, v.reason));
    if (v.deny) {
        as_json_str(&a->json, "policy", v.deny->name);
        as_iam_asking_json_place(a, "evidence", v.deny->span);
    } else if (v.grant && v.truth != AS_NO) {
        as_json_str(&a->json, "role", v.grant->role->name);
        as_json_str(&a->json, "on", v.grant->on->shown);
        as_iam_asking_json_place(a, "evidence", v.grant->span);
    }
}

static const as_gcp_member *find(const as_iam_asking *a, as_str name, const as_gcp_world **world)
{
    const as_gcp_worlds *all = a->worlds->clouds;
    for (size_t i = 0; i < all->list.n; i++) {
        const as_gcp_member *m = as_gcp_member_find(all->list.items[i], name);
        if (m) {
            *world = all->list.items[i];
            return m;
        }
    }
    return NULL;
}

/* A name that only a member of Google Cloud can have. */
static bool is_member(as_str name)
{
    static const char *const prefixes[] = {"user:", "serviceAccount:", "group:", "domain:",
            "principal://", "principalSet://", "allUsers", "allAuthenticatedUsers", NULL};
    for (size_t i = 0; prefixes[i]; i++) {
        if (as_str_starts(name, prefixes[i]))
            return true;
    }
    return false;
}

/* Somebody whom no binding names, where the resource is: domains and everybody have rights, too. */
static const as_gcp_member *stranger(
        const as_iam_asking *a, as_str name, as_str resource, const as_gcp_world **world)
{
    const as_gcp_worlds *all = a->worlds->clouds;
    bool person = as_str_starts(name, "user:") || as_str_starts(name, "serviceAccount:") ||
                  as_str_starts(name, "group:");
    for (size_t i = 0; person && as_str_find_char(name, '@') != (size_t)-1 && i < all->list.n;
            i++) {
        if (resource.n == 0 || as_gcp_resource_find(all->list.items[i], resource) != NULL) {
            *world = all->list.items[i];
            return as_gcp_stranger(a->cli->arena, *world, name);
        }
    }
    return NULL;
}

/* "storage.objects.get": parts between dots, of letters and digits. */
bool as_iam_google_is_permission(as_str action)
{
    size_t dots = 0;
    for (size_t i = 0; i < action.n; i++) {
        char c = action.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '.' && c != '-' && c != '_')
            return false;
        dots += c == '.';
    }
    return dots >= 2;
}

static bool find_resource(const as_gcp_world *world, as_str text, const as_gcp_resource **resource)
{
    *resource = NULL;
    if (text.n == 0)
        return true;
    *resource = as_gcp_resource_find(world, text);
    return *resource != NULL;
}

as_exit as_iam_google_can(
        as_iam_asking *a, as_str principal, as_str action, as_str resource, bool *handled)
{
    const as_gcp_world *world;
    const as_gcp_resource *on;
    const as_gcp_member *m = find(a, principal, &world);
    *handled = m != NULL || is_member(principal) || as_iam_google_is_permission(action);
    if (!*handled)
        return AS_EXIT_OK;
    m = m != NULL ? m : stranger(a, principal, resource, &world);
    if (!m) {
        as_cli_error(a->cli, "no binding names '%.*s'", AS_STR_ARG(principal));
        return AS_EXIT_ERROR;
    }
    if (!as_iam_google_is_permission(action)) {
        as_cli_error(a->cli, "'%.*s' is no permission: SERVICE.RESOURCE.VERB is expected",
                AS_STR_ARG(action));
        return AS_EXIT_ERROR;
    }
    if (!find_resource(world, resource, &on)) {
        as_cli_error(a->cli, "no resource with a policy is called '%.*s'", AS_STR_ARG(resource));
        return AS_EXIT_ERROR;
    }
    as_gcp_verdict v = as_gcp_decide(a->cli->arena, m, action, on);
    if (v.truth == AS_NO && v.deny == NULL)
        v = as_gcp_doubt_of_groups(a->cli->arena, world, m, action, on);
    if (v.truth == AS_NO && v.deny == NULL && world->gap.n > 0)
        v = (as_gcp_verdict){.truth = AS_MAYBE, .reason = world->gap};
    if (as_iam_asking_is_json(a)) {
        as_json_open(&a->json, NULL, '{');
        as_json_str(&a->json, "principal", m->shown);
        as_json_str(&a->json, "action", action);
        as_json_str(&a->json, "resource", on ? on->shown : AS_STR("*"));
        json_verdict(a, v);
        as_json_close(&a->json, '}');
    } else {
        write_why(a, v);
    }
    return as_iam_asking_finish(a, as_iam_asking_exit(v.truth));
}

void as_iam_google_who_can(as_iam_asking *a, as_str action, as_str resource)
{
    for (size_t i = 0; i < a->worlds->clouds->list.n; i++) {
        const as_gcp_world *world = a->worlds->clouds->list.items[i];
        const as_gcp_resource *on;
        if (!find_resource(world, resource, &on))
            continue;
        for (size_t k = 0; k < world->members.n; k++) {
            const as_gcp_member *m = world->members.items[k];
            as_gcp_verdict v = as_gcp_decide(a->cli->arena, m, action, on);
            if (v.truth == AS_NO)
                continue;
            if (as_iam_asking_is_json(a)) {
                as_json_open(&a->json, NULL, '{');
                as_json_str(&a->json, "principal", m->shown);
                json_verdict(a, v);
                as_json_close(&a->json, '}');
            } else {
                as_buf_fmt(&a->out, "%.*s: ", AS_STR_ARG(m->shown));
                write_why(a, v);
            }
        }
    }
}

/* --- effective -----------------------------------------------------------------------------------
 */

static void write_grant(as_iam_asking *a, const as_gcp_grant *g)
{
    as_str condition = g->condition == NULL               ? AS_STR("")
                       : as_value_str(g->condition).n > 0 ? as_value_str(g->condition)
                                                          : AS_STR("not known");
    if (as_iam_asking_is_json(a)) {
        as_json_open(&a->json, NULL, '{');
        as_json_str(&a->json, "on", g->on->shown);
        as_json_str(&a->json, "role", g->role->name);
        as_json_size(&a->json, "permissions", g->role->n_permissions);
        as_json_str_if(&a->json, "condition", condition);
        as_json_str_if(&a->json, "unknown", shown(a, g->role->doubt));
        as_json_str_if(&a->json, "provided_that", shown(a, g->doubt));
        as_iam_asking_json_place(a, "evidence", g->span);
        as_json_close(&a->json, '}');
        return;
    }
    as_buf_fmt(&a->out, "  %.*s: %.*s", AS_STR_ARG(g->on->shown), AS_STR_ARG(g->role->name));
    if (g->role->doubt.n > 0)
        as_buf_fmt(&a->out, ", unknown: %.*s", AS_STR_ARG(shown(a, g->role->doubt)));
    else
        as_buf_fmt(&a->out, ", %zu permission%s", g->role->n_permissions,
                g->role->n_permissions == 1 ? "" : "s");
    if (condition.n > 0)
        as_buf_fmt(&a->out, ", if %.*s", AS_STR_ARG(condition));
    if (g->doubt.n > 0)
        as_buf_fmt(&a->out, ", provided that %.*s", AS_STR_ARG(shown(a, g->doubt)));
    as_iam_asking_place(a, g->span);
    as_buf_char(&a->out, '\n');
}

as_exit as_iam_google_effective(as_iam_asking *a, as_str principal, bool *handled)
{
    const as_gcp_world *world;
    const as_gcp_member *m = find(a, principal, &world);
    *handled = m != NULL || is_member(principal);
    if (*handled && !m)
        as_cli_error(a->cli, "no binding names '%.*s'", AS_STR_ARG(principal));
    if (!m)
        return AS_EXIT_ERROR;
    bool open = false;
    if (as_iam_asking_is_json(a)) {
        as_json_open(&a->json, NULL, '{');
        as_json_str(&a->json, "principal", m->shown);
        as_json_str(&a->json, "id", shown(a, m->text));
        as_json_open(&a->json, "grants", '[');
    } else {
        as_buf_fmt(&a->out, "%.*s\n", AS_STR_ARG(m->shown));
    }
    for (size_t i = 0; i < m->all.n; i++) {
        open = open || m->all.items[i]->role->doubt.n > 0;
        write_grant(a, m->all.items[i]);
    }
    if (as_iam_asking_is_json(a)) {
        as_json_close(&a->json, ']');
        as_json_close(&a->json, '}');
    }
    return as_iam_asking_finish(a, open ? AS_EXIT_PARTIAL : AS_EXIT_OK);
}
