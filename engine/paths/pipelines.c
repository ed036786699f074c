/* Jobs of workflows: the identities that they take, and those that run what outsiders send. */
#include "engine/paths/claims.h"

static bool has_word(const as_value *list, const char *word)
{
    for (size_t i = 0; i < as_value_count(list); i++) {
        if (as_str_is(as_value_str(as_value_index(list, i)), word)) {
            return true;
        }
    }
    return false;
}

/* The step that checks out what a pull request brings; NULL when there is none. */
static const as_value *foreign_checkout(as_attack *attack, const as_entity *job)
{
    size_t n = 0;
    const as_edge *const *edges = as_graph_edges_from(attack->graph, job->id, &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *step = as_graph_get(attack->graph, edges[i]->to);
        if (edges[i]->type != AS_EDGE_contains || !as_str_is(step->type, "github.step")) {
            continue;
        }
        as_str uses = as_value_str(as_value_get(step->raw, AS_STR("uses")));
        const as_value *ref = as_value_get(as_value_get(step->raw, AS_STR("with")), AS_STR("ref"));
        as_str text = as_value_str(ref);
        if (as_str_starts(uses, "actions/checkout@") &&
                (as_str_contains(text, "github.event.pull_request.head") ||
                        as_str_contains(text, "github.head_ref") ||
                        as_str_contains(text, "refs/pull/"))) {
            return ref;
        }
    }
    return NULL;
}

static const as_value *triggers_of(as_attack *attack, const as_entity *job)
{
    size_t n = 0;
    const as_edge *const *edges = as_graph_edges_to(attack->graph, job->id, &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *workflow = as_graph_get(attack->graph, edges[i]->from);
        if (edges[i]->type == AS_EDGE_contains && as_str_is(workflow->kind, "ci.workflow")) {
            return as_value_get(workflow->extra, AS_STR("triggers"));
        }
    }
    return NULL;
}

static attack_trusted trusts(
        as_attack *attack, const as_entity *identity, const attack_claims_list *claims)
{
    for (size_t i = 0; i < attack->roles.n; i++) {
        for (attack_role *role = attack->roles.entries[i].value; role != NULL; role = role->next) {
            if (role->principal->entity == identity) {
                return attack_role_trusts(attack, role, claims);
            }
        }
    }
    if (as_str_is(identity->kind, "gcp.iam.service_account")) {
        return attack_account_trusts(attack, identity, claims);
    }
    return (attack_trusted){AS_MAYBE, AS_STR("whom the identity trusts is not known")};
}

/* The identities that a job names, as far as they let it in. */
static void link_identities(as_attack *attack, attack_vertex *v)
{
    const as_entity *job = v->node.entity;
    attack_claims_list claims = {0};
    size_t n = 0;
    const as_edge *const *edges = as_graph_edges_from(attack->graph, job->id, &n);
    for (size_t i = 0; i < n; i++) {
        if (edges[i]->type != AS_EDGE_assumes) {
            continue;
        }
        if (claims.forge == NULL) {
            claims = attack_claims_of(attack, job);
        }
        const as_entity *to = as_graph_get(attack->graph, edges[i]->to);
        attack_trusted t = trusts(attack, to, &claims);
        if (t.truth == AS_NO) {
            continue;
        }
        attack_link(attack,
                (as_attack_link){.from = v->node.id,
                        .to = attack_add(attack, AS_ATTACK_IDENTITY, to)->node.id,
                        .hop = AS_HOP_deploy,
                        .certain = t.truth == AS_YES,
                        .note = AS_STR("OIDC"),
                        .reason = t.reason,
                        .span = edges[i]->span},
                false);
    }
}

void attack_read_pipelines(as_attack *attack)
{
    size_t n = 0;
    const as_entity *const *jobs = as_graph_of_kind(attack->graph, AS_STR("ci.job"), &n);
    for (size_t j = 0; j < n; j++) {
        attack_vertex *v = attack_add(attack, AS_ATTACK_PIPELINE, jobs[j]);
        link_identities(attack, v);
        const as_value *triggers = triggers_of(attack, jobs[j]);
        const as_value *ref = has_word(triggers, "pull_request_target")
                                      ? foreign_checkout(attack, jobs[j])
                                      : NULL;
        if (ref != NULL) {
            attack_link(attack,
                    (as_attack_link){.from = attack->internet,
                            .to = v->node.id,
                            .hop = AS_HOP_exposes,
                            .certain = true,
                            .note = AS_STR("it runs what anybody's pull request brings"),
                            .span = ref->span},
                    false);
        }
    }
}
