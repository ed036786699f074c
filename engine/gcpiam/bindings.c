/* Bindings and deny policies of Terraform. */
#include "engine/gcpiam/gather.h"

#include "engine/iam/names.h"
#include "engine/schema/schema.h"
#include "parsers/json/json.h"

static const char *const suffixes[] = {"_iam_member", "_iam_binding", "_iam_policy"};

static int suffix_of(as_str type, as_str *prefix)
{
    for (int i = 0; i < 3; i++) {
        if (as_str_starts(type, "google_") && as_str_ends(type, suffixes[i])) {
            *prefix = as_str_slice(type, 0, type.n - strlen(suffixes[i]));
            return i;
        }
    }
    return -1;
}

bool as_gcp_is_binding(as_str type)
{
    as_str prefix;
    return suffix_of(type, &prefix) >= 0;
}

bool as_gcp_is_custom_role(as_str type)
{
    return as_str_ends(type, "_iam_custom_role") || as_str_is(type, "gcp:iam:role");
}

/* --- roles ---------------------------------------------------------------------------------------
 */

static const as_gcp_role *custom_role(as_gcp_gathering *g, const as_entity *e)
{
    as_gcp_role *role = as_map_get(&g->world->roles->read, e->address);
    if (role != NULL && role->custom == e) {
        return role;
    }
    role = AS_NEW(g->arena, as_gcp_role);
    *role = (as_gcp_role){.name = e->address, .custom = e};
    bool live = e->origin == AS_ORIGIN_LIVE;
    const as_value *list =
            as_value_get(e->raw, live ? AS_STR("includedPermissions") : AS_STR("permissions"));
    size_t n = as_value_count(list);
    as_str *names = AS_NEW_ARRAY(g->arena, as_str, n);
    if (as_value_is_unknown(list)) {
        role->doubt = as_value_reason(list);
    }
    for (size_t i = 0; i < n; i++) {
        const as_value *item = as_value_index(list, i);
        if (item->kind == AS_STRING) {
            names[role->others.n++] = item->as.str;
        } else {
            role->doubt = as_value_reason(item);
        }
    }
    role->others.items = names;
    role->n_permissions = role->others.n;
    as_map_put(g->arena, &g->world->roles->read, e->address, role);
    return role;
}

static const as_gcp_role *role_of(as_gcp_gathering *g, const as_entity *from, const as_value *v)
{
    size_t n;
    const as_entity *const *targets = as_graph_targets(g->world->graph, g->arena, from, v, &n);
    for (size_t i = 0; i < n; i++) {
        if (as_gcp_is_custom_role(targets[i]->type)) {
            return custom_role(g, targets[i]);
        }
    }
    as_str name = as_gcp_text(&g->names, v);
    if (!as_str_starts(name, "roles/")) {
        const as_entity *e = as_map_get(&g->custom, as_gcp_last_part(name));
        if (e != NULL && as_str_contains(name, "/roles/")) {
            return custom_role(g, e);
        }
    }
    return as_gcp_roles_find(g->world->roles, as_iam_shown(g->arena, name));
}

/* --- bindings ------------------------------------------------------------------------------------
 */

static void add_grant(as_gcp_gathering *g, const as_gcp_grant *like, const as_value *member)
{
    as_str text = as_gcp_text(&g->names, member);
    if (text.n == 0) {
        return;
    }
    as_gcp_grant *grant = AS_NEW(g->arena, as_gcp_grant);
    *grant = *like;
    grant->member = as_gcp_gather_member(g, text, member->span.file ? member->span : like->span);
    AS_VEC_PUSH(g->arena, &grant->member->own, grant);
    AS_VEC_PUSH(g->arena, &grant->on->grants, grant);
}

/* One role and its members: of a resource, or of a policy. */
static void read_bound(
        as_gcp_gathering *g, const as_entity *e, const as_value *bound, as_gcp_resource *on)
{
    const as_value *role = as_value_get(bound, AS_STR("role"));
    const as_value *condition =
            as_place_walk(g->arena, bound, AS_STR("condition.expression")).value;
    as_gcp_grant like = {.on = on, .binding = e, .span = e->head};
    like.condition = as_value_is_null(condition) ? NULL : condition;
    if (as_value_is_null(role)) {
        return;
    }
    like.role = role_of(g, e, role);
    const as_value *one = as_value_get(bound, AS_STR("member"));
    if (!as_value_is_null(one)) {
        add_grant(g, &like, one);
    }
    const as_value *members = as_value_get(bound, AS_STR("members"));
    if (as_value_is_unknown(members)) {
        add_grant(g, &like, members);
    }
    for (size_t i = 0; i < as_value_count(members); i++) {
        add_grant(g, &like, as_value_index(members, i));
    }
}

static const as_value *policy_of(as_gcp_gathering *g, const as_entity *e, const char **list)
{
    const as_value *data = as_value_get(e->raw, AS_STR("policy_data"));
    size_t n;
    const as_entity *const *targets = as_graph_targets(g->world->graph, g->arena, e, data, &n);
    for (size_t i = 0; i < n; i++) {
        if (as_str_is(targets[i]->kind, "gcp.iam.policy_document")) {
            *list = "binding";
            return targets[i]->raw;
        }
    }
    *list = "bindings";
    if (data != NULL && data->meta != NULL && data->meta->decoded != NULL) {
        return data->meta->decoded;
    }
    if (data != NULL && as_value_str(data).n > 0) {
        as_diags diags;
        as_diags_init(&diags, g->arena);
        return as_json_parse_text(g->arena, as_value_str(data), data->span, &diags);
    }
    return NULL;
}

static void read_policy(as_gcp_gathering *g, const as_entity *e, as_gcp_resource *on)
{
    const char *name;
    const as_value *policy = policy_of(g, e, &name);
    const as_value *list = as_value_get(policy, as_str_from(name));
    for (size_t i = 0; i < as_value_count(list); i++) {
        read_bound(g, e, as_value_index(list, i), on);
    }
}

static as_str role_key(as_gcp_gathering *g, const as_gcp_resource *on, as_str role)
{
    return as_str_fmt(g->arena, "%.*s|%.*s", AS_STR_ARG(on->key), AS_STR_ARG(role));
}

static void *entity_of(const as_entity *e)
{
    union {
        const as_entity *in;
        void *out;
    } u = {.in = e}; /* maps hold what is not written to */
    return u.out;
}

void as_gcp_gather_binding(as_gcp_gathering *g, const as_entity *e)
{
    as_str prefix;
    int suffix = suffix_of(e->type, &prefix);
    const as_gcp_type *type = suffix < 0 ? NULL : as_gcp_type_of(prefix);
    if (type == NULL) {
        return;
    }
    const as_value *name = as_value_get(e->raw, type->attribute);
    as_gcp_resource *on = as_gcp_gather_resource(g, type, e, name);
    if (suffix == 2) {
        as_map_put(g->arena, &g->whole, on->key, entity_of(e));
        read_policy(g, e, on);
        return;
    }
    if (suffix == 1 && as_value_is_null(as_value_get(e->raw, AS_STR("condition")))) {
        as_str role = as_gcp_text(&g->names, as_value_get(e->raw, AS_STR("role")));
        as_map_put(g->arena, &g->all_of, role_key(g, on, role), entity_of(e));
    }
    read_bound(g, e, e->raw, on);
}

/* google_*_iam_policy sets the whole policy, google_*_iam_binding all members of a role: what other
 * resources add there is taken away again and again (the provider's documentation of the three). */
void as_gcp_gather_conflicts(as_gcp_gathering *g)
{
    for (size_t i = 0; i < g->world->members.n; i++) {
        as_gcp_member *m = g->world->members.items[i];
        for (size_t k = 0; k < m->own.n; k++) {
            const as_gcp_grant *grant = m->own.items[k];
            const as_entity *by = as_map_get(&g->whole, grant->on->key);
            bool member = as_str_ends(grant->binding->type, "_iam_member");
            if (by == NULL && member) {
                by = as_map_get(&g->all_of, role_key(g, grant->on, grant->role->name));
            }
            if (by == NULL || by == grant->binding || grant->condition != NULL) {
                continue;
            }
            union {
                const as_gcp_grant *in;
                as_gcp_grant *out;
            } mine = {.in = grant};
            mine.out->doubt =
                    as_str_fmt(g->arena, "%.*s does not take it away", AS_STR_ARG(by->address));
        }
    }
}

/* --- deny policies -------------------------------------------------------------------------------
 */

static as_strs texts_of(as_gcp_gathering *g, const as_value *list, as_str *doubt)
{
    size_t n = as_value_count(list);
    as_str *items = AS_NEW_ARRAY(g->arena, as_str, n);
    if (as_value_is_unknown(list)) {
        *doubt = as_value_reason(list);
    }
    for (size_t i = 0; i < n; i++) {
        items[i] = as_gcp_text(&g->names, as_value_index(list, i));
    }
    return (as_strs){items, n};
}

/* "cloudresourcemanager.googleapis.com%2Fprojects%2Fshop" */
static as_gcp_resource *deny_parent(as_gcp_gathering *g, const as_entity *e)
{
    static const struct {
        const char *part, *type;
    } kinds[] = {{"projects/", "google_project"}, {"folders/", "google_folder"},
            {"organizations/", "google_organization"}};
    const as_value *v = as_value_get(e->raw, AS_STR("parent"));
    as_str text = as_gcp_text(&g->names, v);
    text = as_str_replace(g->arena, text, AS_STR("%2F"), AS_STR("/"));
    text = as_str_replace(g->arena, text, AS_STR("%2f"), AS_STR("/"));
    for (size_t i = 0; i < 3; i++) {
        size_t at = as_str_find(text, as_str_from(kinds[i].part));
        if (at != (size_t)-1) {
            const as_value *name = as_value_string(g->arena, e->head, as_gcp_last_part(text));
            return as_gcp_gather_resource(g, as_gcp_type_of(as_str_from(kinds[i].type)), e, name);
        }
    }
    return NULL;
}

void as_gcp_gather_deny(as_gcp_gathering *g, const as_entity *e)
{
    as_gcp_resource *on = deny_parent(g, e);
    const as_value *rules = as_value_get(e->raw, AS_STR("rules"));
    for (size_t i = 0; on != NULL && i < as_value_count(rules); i++) {
        const as_value *rule =
                as_place_walk(g->arena, as_value_index(rules, i), AS_STR("deny_rule")).value;
        rule = as_value_is(rule, AS_LIST) ? as_value_index(rule, 0) : rule;
        as_gcp_deny d = {.span = e->head, .name = e->address};
        d.members = texts_of(g, as_value_get(rule, AS_STR("denied_principals")), &d.doubt);
        d.except = texts_of(g, as_value_get(rule, AS_STR("exception_principals")), &d.doubt);
        d.permissions = texts_of(g, as_value_get(rule, AS_STR("denied_permissions")), &d.doubt);
        d.except_permissions =
                texts_of(g, as_value_get(rule, AS_STR("exception_permissions")), &d.doubt);
        const as_value *condition =
                as_place_walk(g->arena, rule, AS_STR("denial_condition.expression")).value;
        d.condition = as_value_is_null(condition) ? NULL : condition;
        AS_VEC_PUSH(g->arena, &on->denies, d);
    }
}
