/* Identities of Google Cloud: what runs as which service account, and which roles on data, secrets,
 * projects and other accounts they have by bindings of the scan. */
#include "engine/paths/internal.h"

/* Roles that let their holder read what they are granted on. */
static const struct {
    const char *role, *kind; /* of what; NULL: everything of the project */
} readers[] = {
        {"roles/storage.admin", "gcp.storage.bucket"},
        {"roles/storage.objectAdmin", "gcp.storage.bucket"},
        {"roles/storage.objectUser", "gcp.storage.bucket"},
        {"roles/storage.objectViewer", "gcp.storage.bucket"},
        {"roles/storage.legacyObjectReader", "gcp.storage.bucket"},
        {"roles/secretmanager.admin", "gcp.secret"},
        {"roles/secretmanager.secretAccessor", "gcp.secret"},
};

static const char *const data_kinds[] = {"gcp.storage.bucket", "gcp.secret"};
enum { N_DATA_KINDS = 2, SECRET_KIND = 1 };

static const char *const impersonators[] = {"roles/iam.serviceAccountTokenCreator",
        "roles/iam.serviceAccountKeyAdmin", "roles/iam.workloadIdentityUser"};

static bool reads(as_str role, const char *kind)
{
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (as_str_is(role, readers[i].role) && strcmp(readers[i].kind, kind) == 0) {
            return true;
        }
    }
    return false;
}

static attack_vertex *add_data(as_attack *attack, const as_entity *entity, size_t kind)
{
    return attack_add(attack, kind == SECRET_KIND ? AS_ATTACK_SECRET : AS_ATTACK_STORE, entity);
}

static void link_all(as_attack *attack, as_attack_link link, const as_unit *unit, as_str role)
{
    for (size_t k = 0; k < N_DATA_KINDS; k++) {
        size_t n = 0;
        const as_entity *const *all =
                as_graph_of_kind(attack->graph, as_str_from(data_kinds[k]), &n);
        for (size_t i = 0; reads(role, data_kinds[k]) && i < n; i++) {
            if (all[i]->unit == unit) {
                link.to = add_data(attack, all[i], k)->node.id;
                attack_link(attack, link, false);
            }
        }
    }
}

static bool is_admin(as_str role)
{
    return as_str_is(role, "roles/owner") || as_str_is(role, "roles/editor") ||
           as_str_is(role, "roles/resourcemanager.projectIamAdmin") ||
           as_str_is(role, "roles/iam.securityAdmin");
}

/* A role on a project, folder or organisation. */
static void link_project(
        as_attack *attack, as_attack_link link, const as_entity *binding, as_str role)
{
    if (is_admin(role)) {
        link.to = attack_add_named(attack, AS_ATTACK_ADMIN,
                as_str_fmt(attack->arena, "admin gcp %u", binding->unit->id),
                attack_title(
                        attack, "administration of the Google Cloud project", binding->unit->name),
                attack_environment(binding->unit->environment))
                          ->node.id;
        attack_link(attack, link, false);
        return;
    }
    link_all(attack, link, binding->unit, role);
    for (size_t i = 0; i < sizeof impersonators / sizeof *impersonators; i++) {
        size_t n = 0;
        const as_entity *const *all =
                as_graph_of_kind(attack->graph, AS_STR("gcp.iam.service_account"), &n);
        for (size_t a = 0; as_str_is(role, impersonators[i]) && a < n; a++) {
            if (all[a]->unit == binding->unit) {
                link.to = attack_add(attack, AS_ATTACK_IDENTITY, all[a])->node.id;
                link.hop = AS_HOP_assume;
                attack_link(attack, link, false);
            }
        }
    }
}

/* A role on one thing. */
static void link_thing(as_attack *attack, as_attack_link link, const as_entity *thing, as_str role)
{
    for (size_t k = 0; k < N_DATA_KINDS; k++) {
        if (as_str_is(thing->kind, data_kinds[k]) && reads(role, data_kinds[k])) {
            link.to = add_data(attack, thing, k)->node.id;
            attack_link(attack, link, false);
        }
    }
    for (size_t i = 0; i < sizeof impersonators / sizeof *impersonators; i++) {
        if (as_str_is(thing->kind, "gcp.iam.service_account") &&
                as_str_is(role, impersonators[i])) {
            link.to = attack_add(attack, AS_ATTACK_IDENTITY, thing)->node.id;
            link.hop = AS_HOP_assume;
            attack_link(attack, link, false);
        }
    }
}

static void link_binding(as_attack *attack, const as_entity *binding, uint32_t from, bool project)
{
    as_str role = as_value_str(as_value_get(binding->raw, AS_STR("role")));
    const as_value *condition = as_value_get(binding->raw, AS_STR("condition"));
    bool conditional = as_value_count(condition) > 0;
    as_attack_link link = {.from = from,
            .hop = AS_HOP_grant,
            .certain = !conditional,
            .note = role,
            .reason = conditional ? AS_STR("the binding has a condition") : AS_STR(""),
            .span = binding->head};
    if (project) {
        link_project(attack, link, binding, role);
        return;
    }
    size_t n = 0;
    const as_edge *const *edges = as_graph_edges_from(attack->graph, binding->id, &n);
    for (size_t i = 0; i < n; i++) {
        if (edges[i]->type == AS_EDGE_grants) {
            link_thing(attack, link, as_graph_get(attack->graph, edges[i]->to), role);
        }
    }
}

static bool is_everybody(const as_entity *binding)
{
    as_str one = as_value_str(as_value_get(binding->raw, AS_STR("member")));
    const as_value *members = as_value_get(binding->raw, AS_STR("members"));
    bool all = as_str_is(one, "allUsers") || as_str_is(one, "allAuthenticatedUsers");
    for (size_t i = 0; i < as_value_count(members); i++) {
        as_str text = as_value_str(as_value_index(members, i));
        all = all || as_str_is(text, "allUsers") || as_str_is(text, "allAuthenticatedUsers");
    }
    return all;
}

static void read_binding(as_attack *attack, const as_entity *binding)
{
    bool project = as_str_is(binding->kind, "gcp.iam.binding");
    size_t n = 0;
    const as_edge *const *edges = as_graph_edges_from(attack->graph, binding->id, &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *to = as_graph_get(attack->graph, edges[i]->to);
        if (edges[i]->type == AS_EDGE_binds && as_str_is(to->kind, "gcp.iam.service_account")) {
            link_binding(
                    attack, binding, attack_add(attack, AS_ATTACK_IDENTITY, to)->node.id, project);
        }
    }
    if (is_everybody(binding)) {
        link_binding(attack, binding, attack->internet, project);
    }
}

/* What runs as a service account. */
static void read_account(as_attack *attack, const as_entity *account)
{
    attack_vertex *v = attack_add(attack, AS_ATTACK_IDENTITY, account);
    size_t n = 0;
    const as_edge *const *edges = as_graph_edges_to(attack->graph, account->id, &n);
    for (size_t i = 0; i < n; i++) {
        if (edges[i]->type == AS_EDGE_runs_as) {
            const as_entity *from = as_graph_get(attack->graph, edges[i]->from);
            attack_link(attack,
                    (as_attack_link){.from = attack_add(attack, AS_ATTACK_WORKLOAD, from)->node.id,
                            .to = v->node.id,
                            .hop = AS_HOP_runs_as,
                            .certain = true,
                            .note = AS_STR("its service account"),
                            .span = edges[i]->span},
                    false);
        }
    }
}

void attack_read_gcp(as_attack *attack)
{
    static const char *const bindings[] = {"gcp.iam.binding", "gcp.iam.service_account_binding",
            "gcp.storage.bucket_iam", "gcp.secret.binding"};
    size_t n = 0;
    const as_entity *const *accounts =
            as_graph_of_kind(attack->graph, AS_STR("gcp.iam.service_account"), &n);
    for (size_t i = 0; i < n; i++) {
        read_account(attack, accounts[i]);
    }
    for (size_t k = 0; k < N_DATA_KINDS; k++) {
        const as_entity *const *all =
                as_graph_of_kind(attack->graph, as_str_from(data_kinds[k]), &n);
        for (size_t i = 0; i < n; i++) {
            (void)add_data(attack, all[i], k);
        }
    }
    for (size_t k = 0; k < sizeof bindings / sizeof *bindings; k++) {
        const as_entity *const *all = as_graph_of_kind(attack->graph, as_str_from(bindings[k]), &n);
        for (size_t i = 0; i < n; i++) {
            read_binding(attack, all[i]);
        }
    }
}
