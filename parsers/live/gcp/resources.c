#include "parsers/live/gcp/resources.h"

#include "engine/schema/schema.h"

static as_str text_at(const as_value *v, const char *key)
{
    return as_value_str(as_value_get(v, as_str_from(key)));
}

static as_str last_step(as_str name)
{
    size_t slash = as_str_rfind_char(name, '/');

    return slash == (size_t)-1 ? name : as_str_from_index(name, slash + 1);
}

/* "projects/p/topics/t" of "//pubsub.googleapis.com/projects/p/topics/t" */
static as_str behind_host(as_str full_name)
{
    as_str rest = as_str_starts(full_name, "//") ? as_str_from_index(full_name, 2) : full_name;
    size_t slash = as_str_find_char(rest, '/');

    return slash == (size_t)-1 ? rest : as_str_from_index(rest, slash + 1);
}

static as_str step_after(as_str path, const char *word)
{
    as_str step, rest = path;

    while (as_str_split(&rest, '/', &step))
        if (as_str_is(step, word))
            return as_str_split(&rest, '/', &step) ? step : AS_STR("");
    return AS_STR("");
}

/* The name that people know: of a project its id, of a service account its address. */
static as_str name_of(const as_value *body, as_str full_name)
{
    static const char *const keys[] = {"projectId", "email", "name"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        as_str name = text_at(body, keys[i]);
        if (name.n > 0)
            return last_step(name);
    }
    return last_step(full_name);
}

static const as_value *around(as_arena *arena, as_span span, as_str time)
{
    as_object_builder b;

    as_object_begin(&b, arena);
    if (time.n > 0)
        as_object_add(&b, AS_STR("time"), span, as_value_string(arena, span, time));
    return as_object_end(&b, span);
}

static as_span head_of(const as_value *body)
{
    const as_member *name = as_value_member(body, AS_STR("name"));

    return name ? as_span_join(name->key_span, name->value->span) : body->span;
}

void as_gcp_add_resource(as_gcp_resources *to, as_str asset_type, as_str full_name, as_str region,
        as_str time, const as_value *body)
{
    as_arena *arena = to->load->arena;
    as_str path = behind_host(full_name), project = text_at(body, "projectId");

    if (as_map_has(&to->bodies, full_name))
        return; /* a folder and its organisation were both asked */
    as_map_put(arena, &to->bodies, full_name, (void *)(uintptr_t)body);
    if (region.n == 0)
        region = text_at(body, "location");
    if (region.n == 0)
        region = last_step(text_at(body, "region"));
    AS_VEC_PUSH(arena, &to->load->resources,
            ((as_resource){.origin = AS_ORIGIN_LIVE,
                    .type = as_gcp_live_type(arena, asset_type),
                    .address = full_name,
                    .name = name_of(body, full_name),
                    .region = region,
                    .account = project.n > 0 ? project : step_after(path, "projects"),
                    .span = body->span,
                    .head = head_of(body),
                    .raw = body,
                    .extra = around(arena, body->span, time)}));
}

void as_gcp_add_asset(as_gcp_resources *to, const as_value *asset, as_str time)
{
    const as_value *resource = as_value_get(asset, AS_STR("resource"));
    const as_value *body = as_value_get(resource, AS_STR("data"));
    const as_value *policy = as_value_get(asset, AS_STR("iamPolicy"));
    as_gcp_pending pending = {text_at(asset, "assetType"), text_at(asset, "name"), policy, time};

    /* gcloud's spelling of the same (`gcloud asset export` keeps the API's own). */
    if (pending.type.n == 0)
        pending.type = text_at(asset, "asset_type");
    body = body ? body : as_value_get(asset, AS_STR("data"));
    policy = policy ? policy : as_value_get(asset, AS_STR("iam_policy"));
    pending.policy = policy;
    if (pending.type.n == 0 || pending.name.n == 0)
        return;
    if (as_value_is(body, AS_OBJECT))
        as_gcp_add_resource(
                to, pending.type, pending.name, text_at(resource, "location"), time, body);
    if (as_value_is(policy, AS_OBJECT))
        as_gcp_add_policy(to, &pending);
    as_gcp_add_asset_policies(to, asset, time);
}

void as_gcp_add_policy(as_gcp_resources *to, const as_gcp_pending *policy)
{
    AS_VEC_PUSH(to->load->arena, &to->policies, *policy);
}

void as_gcp_add_gap(as_gcp_resources *to, as_str asset_type, bool policy, as_str reason)
{
    as_arena *arena = to->load->arena;
    const as_gcp_policy *bindings = as_gcp_policy_find(asset_type);
    as_str type = as_gcp_live_type(arena, asset_type);

    if (policy)
        type = bindings ? as_str_fmt(arena, "%.*s_binding", AS_STR_ARG(bindings->prefix))
                        : AS_STR("");
    const as_entity_schema *schema = as_schema_of_type(type);
    if (schema)
        AS_VEC_PUSH(arena, &to->load->gaps, ((as_load_gap){schema->kind, reason}));
}

/* --- bindings ------------------------------------------------------------------------------------
 */

static as_str owner_of(const as_gcp_resources *r, const as_gcp_policy *form, as_str full_name)
{
    const as_value *body = as_map_get(&r->bodies, full_name);
    as_str path = behind_host(full_name), own;

    switch (form->owner) {
    case AS_GCP_OWNER_PROJECT:
        own = text_at(body, "projectId");
        return own.n > 0 ? own : last_step(path);
    case AS_GCP_OWNER_LAST:
        return last_step(path);
    case AS_GCP_OWNER_OWN:
        own = text_at(body, "name");
        return own.n > 0 ? own : path;
    case AS_GCP_OWNER_NAME:
        break;
    }
    return path;
}

static void add(as_object_builder *b, const char *key, const as_value *v)
{
    if (v)
        as_object_add(b, as_str_from(key), v->span, v);
}

static void push(
        as_gcp_resources *r, const as_gcp_pending *p, as_str type, as_str name, const as_value *raw)
{
    as_arena *arena = r->load->arena;

    AS_VEC_PUSH(arena, &r->load->resources,
            ((as_resource){.origin = AS_ORIGIN_LIVE,
                    .type = type,
                    .address =
                            as_str_fmt(arena, "%.*s#%.*s", AS_STR_ARG(p->name), AS_STR_ARG(name)),
                    .name = as_str_fmt(arena, "%.*s on %.*s", AS_STR_ARG(name),
                            AS_STR_ARG(last_step(p->name))),
                    .account = step_after(behind_host(p->name), "projects"),
                    .span = raw->span,
                    .head = raw->span,
                    .raw = raw,
                    .extra = around(arena, raw->span, p->time)}));
}

/* A list of objects with names as Terraform's blocks have them. */
static const as_value *log_blocks(as_arena *arena, const as_value *configs)
{
    as_list_builder all;

    as_list_begin(&all, arena);
    for (size_t i = 0; i < as_value_count(configs); i++) {
        const as_value *config = as_value_index(configs, i);
        as_object_builder b;
        as_object_begin(&b, arena);
        add(&b, "log_type", as_value_get(config, AS_STR("logType")));
        add(&b, "exempted_members", as_value_get(config, AS_STR("exemptedMembers")));
        as_list_add(&all, as_object_end(&b, config->span));
    }
    return as_list_end(&all, configs ? configs->span : AS_SPAN_NONE);
}

static void add_bindings(as_gcp_resources *r, const as_gcp_policy *form, const as_gcp_pending *p,
        as_str type, as_str owner)
{
    const as_value *bindings = as_value_get(p->policy, AS_STR("bindings"));
    as_arena *arena = r->load->arena;

    for (size_t i = 0; i < as_value_count(bindings); i++) {
        const as_value *binding = as_value_index(bindings, i);
        const as_value *condition = as_value_get(binding, AS_STR("condition"));
        as_str role = text_at(binding, "role");
        as_object_builder b;
        as_object_begin(&b, arena);
        as_object_add(
                &b, form->attribute, binding->span, as_value_string(arena, binding->span, owner));
        add(&b, "role", as_value_get(binding, AS_STR("role")));
        add(&b, "members", as_value_get(binding, AS_STR("members")));
        add(&b, "condition", condition);
        as_str name = condition ? as_str_fmt(arena, "%.*s (%.*s)", AS_STR_ARG(role),
                                          AS_STR_ARG(text_at(condition, "title")))
                                : role;
        push(r, p, type, name, as_object_end(&b, binding->span));
    }
}

static void add_audit_configs(as_gcp_resources *r, const as_gcp_policy *form,
        const as_gcp_pending *p, as_str type, as_str owner)
{
    const as_value *configs = as_value_get(p->policy, AS_STR("auditConfigs"));
    as_arena *arena = r->load->arena;

    for (size_t i = 0; i < as_value_count(configs); i++) {
        const as_value *config = as_value_index(configs, i);
        as_object_builder b;
        as_object_begin(&b, arena);
        as_object_add(
                &b, form->attribute, config->span, as_value_string(arena, config->span, owner));
        add(&b, "service", as_value_get(config, AS_STR("service")));
        add(&b, "audit_log_config",
                log_blocks(arena, as_value_get(config, AS_STR("auditLogConfigs"))));
        push(r, p, type, as_str_fmt(arena, "audit of %.*s", AS_STR_ARG(text_at(config, "service"))),
                as_object_end(&b, config->span));
    }
}

void as_gcp_finish(as_gcp_resources *r)
{
    as_arena *arena = r->load->arena;
    as_map seen = {0};

    for (size_t i = 0; i < r->policies.n; i++) {
        const as_gcp_pending *p = &r->policies.items[i];
        const as_gcp_policy *form = as_gcp_policy_find(p->type);
        if (!form || as_map_has(&seen, p->name))
            continue;
        as_map_put(arena, &seen, p->name, r);
        as_str owner = owner_of(r, form, p->name);
        add_bindings(
                r, form, p, as_str_fmt(arena, "%.*s_binding", AS_STR_ARG(form->prefix)), owner);
        add_audit_configs(r, form, p,
                as_str_fmt(arena, "%.*s_audit_config", AS_STR_ARG(form->prefix)), owner);
    }
}
