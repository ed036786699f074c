#include "engine/paths/claims.h"

static const attack_forge github = {.name = AS_STR_INIT("GitHub"),
        .issuer = AS_STR_INIT("token.actions.githubusercontent.com"),
        .host = AS_STR_INIT("githubusercontent.com"),
        .prefix = AS_STR_INIT("repo:"),
        .project = AS_STR_INIT("assertion.repository"),
        .owner = AS_STR_INIT("assertion.repository_owner"),
        .asks_by_action = true};

static const attack_forge gitlab = {.name = AS_STR_INIT("GitLab"),
        .issuer = AS_STR_INIT("gitlab.com"),
        .host = AS_STR_INIT("gitlab"),
        .prefix = AS_STR_INIT("project_path:"),
        .project = AS_STR_INIT("assertion.project_path"),
        .owner = AS_STR_INIT("assertion.namespace_path"),
        .owner_is_all = true};

static const as_entity *workflow_of(as_attack *attack, const as_entity *job)
{
    size_t n = 0;
    const as_edge *const *edges = as_graph_edges_to(attack->graph, job->id, &n);
    for (size_t i = 0; i < n; i++) {
        const as_entity *from = as_graph_get(attack->graph, edges[i]->from);
        if (edges[i]->type == AS_EDGE_contains && as_str_is(from->kind, "ci.workflow")) {
            return from;
        }
    }
    return NULL;
}

/* What all branches begin with that a push must be to. `*exact`: it is the one branch there is. */
static as_str branches_of(const as_value *branches, bool *exact)
{
    size_t n = as_value_is(branches, AS_LIST) ? as_value_list_count(branches) : 1;
    as_str common = AS_STR("");
    bool first = true;
    *exact = n == 1;
    for (size_t i = 0; i < n; i++) {
        const as_value *item =
                as_value_is(branches, AS_LIST) ? as_value_index(branches, i) : branches;
        as_str one = as_value_str(item);
        size_t literal = 0, same = 0;
        if (as_str_starts(one, "!")) { /* takes away from the others */
            continue;
        }
        while (literal < one.n && !as_char_in(one.p[literal], "*?+[]!")) {
            literal++;
        }
        *exact = *exact && one.n > 0 && literal == one.n;
        /* "+" and "?" say how often what stands before them does */
        literal -= literal > 0 && literal < one.n && as_char_in(one.p[literal], "?+");
        while (same < literal && same < common.n && common.p[same] == one.p[same]) {
            same++;
        }
        common = as_str_slice(one, 0, first ? literal : same);
        first = false;
    }
    return common;
}

static attack_claims claims_of(as_attack *attack, as_str event, const as_value *on)
{
    attack_claims c = {
            .event = event, .any_of = AS_STR("ref:"), .some = AS_STR("ref:refs/heads/main")};
    const as_value *branches = as_str_is(event, "push") ? as_value_path(on, "push.branches") : NULL;
    if (as_str_is(event, "pull_request")) {
        c.tails[0] = AS_STR("pull_request");
        c.any_of = AS_STR("");
    } else if (as_str_is(event, "pull_request_target")) { /* it runs in the base branch */
        c.tails[0] = AS_STR("pull_request");
    } else if (!as_value_is_null(branches)) {
        bool exact, tags = !as_value_is_null(as_value_path(on, "push.tags"));
        as_str branch =
                as_str_join(attack->arena, AS_STR("refs/heads/"), branches_of(branches, &exact));
        as_str tail = as_str_join(attack->arena, AS_STR("ref:"), branch);
        if (exact) {
            c.ref = branch;
            c.tails[0] = tail;
            c.any_of = tags ? AS_STR("ref:refs/tags/") : AS_STR("");
            c.some = AS_STR("ref:refs/tags/v1");
        } else if (!tags) {
            c.any_of = tail;
            c.some = as_str_is(tail, "ref:refs/heads/") ? AS_STR("ref:refs/heads/main") : tail;
        }
    }
    return c;
}

static void claims_of_github(as_attack *attack, const as_entity *job, attack_claims_list *all)
{
    const as_entity *workflow = workflow_of(attack, job);
    const as_value *events =
            workflow == NULL ? NULL : as_value_get(workflow->extra, AS_STR("triggers"));
    const as_value *on = workflow == NULL ? NULL : as_value_get(workflow->raw, AS_STR("on"));
    const as_value *environment = as_value_get(job->raw, AS_STR("environment"));
    environment = as_value_is(environment, AS_OBJECT) ? as_value_get(environment, AS_STR("name"))
                                                      : environment;
    as_str name = as_value_str(environment);
    size_t n = as_value_list_count(events);
    for (size_t i = 0; i < (n == 0 ? 1 : n); i++) {
        as_str event = as_value_str(as_value_index(events, i));
        attack_claims c = claims_of(attack, event, on);
        if (as_value_is_unknown(environment) || as_str_contains(name, "${{")) {
            c.unknown = AS_STR("the environment of the job is not known");
        } else if (name.n > 0) {
            c.environment = name;
            c.tails[0] = as_str_join(attack->arena, AS_STR("environment:"), name);
            c.any_of = AS_STR("");
        }
        AS_VEC_PUSH(attack->arena, all, c);
    }
}

attack_claims_list attack_claims_of(as_attack *attack, const as_entity *job)
{
    attack_claims_list all = {.forge = &github};
    if (as_str_is(job->type, "gitlab.job")) {
        all = (attack_claims_list){.forge = &gitlab};
        attack_claims_of_gitlab(attack, job, &all);
    } else {
        claims_of_github(attack, job, &all);
    }
    return all;
}

void attack_weigh(attack_trusted *best, as_truth truth, as_str reason)
{
    if (truth == AS_YES || (truth == AS_MAYBE && best->truth == AS_NO)) {
        *best = (attack_trusted){truth, truth == AS_MAYBE ? reason : AS_STR("")};
    }
}
