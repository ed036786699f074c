/* What an asset carries beside its resource and its IAM policy: constraints of the organisation
 * (content type ORG_POLICY) and VPC Service Controls (ACCESS_POLICY).
 * https://cloud.google.com/asset-inventory/docs/reference/rest/v1/TopLevel/exportAssets */
#include "parsers/live/gcp/resources.h"

static const as_value *at(const as_value *v, const char *key, const char *gcloud)
{
    const as_value *found = as_value_get(v, as_str_from(key));

    return found ? found : as_value_get(v, as_str_from(gcloud));
}

static void add(as_object_builder *b, const char *key, const as_value *v)
{
    if (v)
        as_object_add(b, as_str_from(key), v->span, v);
}

/* --- constraints ---------------------------------------------------------------------------------
 */

/* The rule of the present API (v2) that a policy of the former one means. */
static const as_value *rule_of(as_arena *arena, const as_value *policy)
{
    const as_value *boolean = at(policy, "booleanPolicy", "boolean_policy");
    const as_value *list = at(policy, "listPolicy", "list_policy");
    as_str all = as_value_str(at(list, "allValues", "all_values"));
    as_object_builder rule, values;

    as_object_begin(&rule, arena);
    if (boolean) {
        const as_value *enforced = as_value_get(boolean, AS_STR("enforced"));
        add(&rule, "enforce", enforced ? enforced : as_value_bool(arena, boolean->span, false));
    } else if (as_str_is(all, "ALLOW") || as_str_is(all, "DENY")) {
        add(&rule, as_str_is(all, "ALLOW") ? "allowAll" : "denyAll",
                as_value_bool(arena, list->span, true));
    } else if (list) {
        as_object_begin(&values, arena);
        add(&values, "allowedValues", at(list, "allowedValues", "allowed_values"));
        add(&values, "deniedValues", at(list, "deniedValues", "denied_values"));
        add(&rule, "values", as_object_end(&values, list->span));
    } else {
        return NULL; /* "restoreDefault": as if there were none */
    }
    return as_object_end(&rule, policy->span);
}

static void add_constraint(as_gcp_resources *to, as_str parent, const as_value *policy, as_str time)
{
    as_arena *arena = to->load->arena;
    as_str constraint = as_value_str(as_value_get(policy, AS_STR("constraint")));
    const as_value *rule = rule_of(arena, policy);
    as_object_builder body, spec;
    as_list_builder rules;

    if (as_str_starts(constraint, "constraints/"))
        constraint = as_str_from_index(constraint, strlen("constraints/"));
    if (constraint.n == 0 || !rule)
        return;
    as_str name =
            as_str_fmt(arena, "%.*s/policies/%.*s", AS_STR_ARG(parent), AS_STR_ARG(constraint));
    as_list_begin(&rules, arena);
    as_list_add(&rules, rule);
    as_object_begin(&spec, arena);
    add(&spec, "rules", as_list_end(&rules, rule->span));
    as_object_begin(&body, arena);
    add(&body, "name", as_value_string(arena, policy->span, name));
    add(&body, "spec", as_object_end(&spec, policy->span));
    as_gcp_add_resource(to, AS_STR("orgpolicy.googleapis.com/Policy"),
            as_str_fmt(arena, "//orgpolicy.googleapis.com/%.*s", AS_STR_ARG(name)), AS_STR(""),
            time, as_object_end(&body, policy->span));
}

/* "projects/220811119933" of "//cloudresourcemanager.googleapis.com/projects/220811119933" */
static as_str behind_host(as_str name)
{
    as_str rest = as_str_starts(name, "//") ? as_str_from_index(name, 2) : name;
    size_t slash = as_str_find_char(rest, '/');

    return slash == (size_t)-1 ? rest : as_str_from_index(rest, slash + 1);
}

/* --- service controls ----------------------------------------------------------------------------
 */

static void add_control(as_gcp_resources *to, const char *type, const as_value *body, as_str time)
{
    as_arena *arena = to->load->arena;
    as_str name = as_value_str(as_value_get(body, AS_STR("name")));

    if (as_value_is(body, AS_OBJECT) && name.n > 0)
        as_gcp_add_resource(to, as_str_fmt(arena, "accesscontextmanager.googleapis.com/%s", type),
                as_str_fmt(arena, "//accesscontextmanager.googleapis.com/%.*s", AS_STR_ARG(name)),
                AS_STR(""), time, body);
}

void as_gcp_add_asset_policies(as_gcp_resources *to, const as_value *asset, as_str time)
{
    const as_value *constraints = at(asset, "orgPolicy", "org_policy");
    as_str parent = behind_host(as_value_str(as_value_get(asset, AS_STR("name"))));

    for (size_t i = 0; i < as_value_list_count(constraints); i++)
        add_constraint(to, parent, as_value_index(constraints, i), time);
    add_control(to, "AccessPolicy", at(asset, "accessPolicy", "access_policy"), time);
    add_control(to, "AccessLevel", at(asset, "accessLevel", "access_level"), time);
    add_control(to, "ServicePerimeter", at(asset, "servicePerimeter", "service_perimeter"), time);
}
