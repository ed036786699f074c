/* Ways from the internet to what runs without a machine of its own: function addresses, APIs, and
 * services of ECS. */
#include "engine/paths/internal.h"

static const as_entity *target_of_kind(
        as_attack *attack, const as_entity *from, const as_value *v, const char *kind)
{
    size_t n = 0;
    const as_entity *const *found = as_graph_targets(attack->graph, attack->arena, from, v, &n);
    for (size_t i = 0; i < n; i++) {
        if (as_str_is(found[i]->kind, kind)) {
            return found[i];
        }
    }
    return NULL;
}

static const as_value *get(const as_entity *e, const char *name)
{
    return as_value_get(e->raw, as_str_from(name));
}

static void expose(as_attack *attack, const as_entity *workload, as_truth open, as_span span,
        const char *note, as_str reason)
{
    if (open != AS_NO) {
        attack_link(attack,
                (as_attack_link){.from = attack->internet,
                        .to = attack_add(attack, AS_ATTACK_WORKLOAD, workload)->node.id,
                        .hop = AS_HOP_exposes,
                        .certain = open == AS_YES,
                        .note = as_str_from(note),
                        .reason = reason,
                        .span = span},
                false);
    }
}

/* Without authentication: NONE, also where it is the default. */
static as_truth is_open(const as_value *authorization, bool by_default)
{
    return as_value_is_unknown(authorization) ? AS_MAYBE
           : as_value_is_null(authorization)
                   ? as_truth_of(by_default)
                   : as_truth_of(as_str_is(as_value_str(authorization), "NONE"));
}

static void read_function_urls(as_attack *attack)
{
    size_t n = 0;
    const as_entity *const *urls = as_graph_of_kind(attack->graph, AS_STR("aws.lambda.url"), &n);
    for (size_t i = 0; i < n; i++) {
        const as_value *type = get(urls[i], "authorization_type");
        type = type == NULL ? get(urls[i], "AuthType") : type;
        size_t n_edges = 0;
        const as_edge *const *edges = as_graph_edges_from(attack->graph, urls[i]->id, &n_edges);
        for (size_t e = 0; e < n_edges; e++) {
            if (edges[e]->type == AS_EDGE_exposes) {
                expose(attack, as_graph_get(attack->graph, edges[e]->to), is_open(type, false),
                        type != NULL ? type->span : urls[i]->head, "a function URL for everybody",
                        as_value_reason(type));
            }
        }
    }
}

/* The function behind an integration: the address that invokes it names it. */
static const as_entity *function_of(as_attack *attack, const as_entity *integration)
{
    const as_value *uri = get(integration, "integration_uri");
    uri = uri == NULL ? get(integration, "uri") : uri;
    const as_entity *function = target_of_kind(attack, integration, uri, "aws.lambda.function");
    return function;
}

/* Routes of HTTP APIs and methods of REST APIs that lead to an integration. */
static void read_api(as_attack *attack, const as_entity *integration, bool http)
{
    const as_entity *function = function_of(attack, integration);
    size_t n = 0;
    const as_entity *const *routes = as_graph_of_type(attack->graph,
            http ? AS_STR("aws_apigatewayv2_route") : AS_STR("aws_api_gateway_method"), &n);
    for (size_t i = 0; function != NULL && i < n; i++) {
        const as_entity *route = routes[i];
        bool leads = false;
        if (route->unit != integration->unit) {
            continue;
        }
        if (http) {
            leads = target_of_kind(attack, route, get(route, "target"),
                            "aws.apigatewayv2.integration") == integration;
            size_t n_targets = 0;
            const as_entity *const *targets = as_graph_targets(
                    attack->graph, attack->arena, route, get(route, "target"), &n_targets);
            for (size_t t = 0; t < n_targets; t++) {
                leads = leads || targets[t] == integration;
            }
        } else {
            const as_ref *a = as_value_refs(get(route, "resource_id"));
            const as_ref *b = as_value_refs(get(integration, "resource_id"));
            leads = a != NULL && b != NULL && as_str_eq(a->address, b->address) &&
                    as_str_eq(a->path, b->path);
        }
        const as_value *type = get(route, http ? "authorization_type" : "authorization");
        if (leads) {
            expose(attack, function, is_open(type, http), type != NULL ? type->span : route->head,
                    "an API without authorisation", as_value_reason(type));
        }
    }
}

static void read_apis(as_attack *attack)
{
    size_t n = 0;
    const as_entity *const *all =
            as_graph_of_type(attack->graph, AS_STR("aws_apigatewayv2_integration"), &n);
    for (size_t i = 0; i < n; i++) {
        read_api(attack, all[i], true);
    }
    all = as_graph_of_type(attack->graph, AS_STR("aws_api_gateway_integration"), &n);
    for (size_t i = 0; i < n; i++) {
        read_api(attack, all[i], false);
    }
}

/* A service of ECS runs the tasks of its definition, whose role it holds. */
static void read_services(as_attack *attack)
{
    size_t n = 0;
    const as_entity *const *all = as_graph_of_type(attack->graph, AS_STR("aws_ecs_service"), &n);
    for (size_t i = 0; i < n; i++) {
        const as_value *named = get(all[i], "task_definition");
        size_t n_found = 0;
        const as_entity *const *found =
                as_graph_targets(attack->graph, attack->arena, all[i], named, &n_found);
        for (size_t t = 0; t < n_found; t++) {
            if (as_str_is(found[t]->type, "aws_ecs_task_definition")) {
                attack_link(attack,
                        (as_attack_link){
                                .from = attack_add(attack, AS_ATTACK_WORKLOAD, all[i])->node.id,
                                .to = attack_add(attack, AS_ATTACK_WORKLOAD, found[t])->node.id,
                                .hop = AS_HOP_runs_as,
                                .free = true,
                                .certain = true,
                                .note = AS_STR("its tasks"),
                                .span = named->span},
                        false);
            }
        }
    }
}

/* Whether the statement lets everyone invoke the function, without a condition. */
static bool lets_everyone_invoke(const as_iam_statement *s)
{
    bool everyone = false, invoke = false;
    if (!s->allow || s->either || s->problem.n > 0 || s->n_conditions > 0 || s->not_principal ||
            s->not_action) {
        return false;
    }
    for (size_t i = 0; i < s->n_principals; i++) {
        everyone = everyone || s->principals[i].type == AS_IAM_PRINCIPAL_ANY ||
                   (s->principals[i].type == AS_IAM_PRINCIPAL_AWS &&
                           as_str_is(s->principals[i].text, "*"));
    }
    for (size_t i = 0; i < s->actions.n; i++) {
        invoke = invoke ||
                 as_iam_match(s->actions.items[i], AS_STR("lambda:InvokeFunction"), true) == AS_YES;
    }
    return everyone && invoke;
}

/* The policy of a function, as its account answers it. */
static void read_function_policies(as_attack *attack)
{
    size_t n = 0;
    const as_entity *const *all =
            as_graph_of_type(attack->graph, AS_STR("aws:lambda:function"), &n);
    for (size_t i = 0; i < n; i++) {
        const as_value *document = get(all[i], "Policy");
        if (document == NULL || as_value_is_unknown(document)) {
            continue;
        }
        const as_iam_policy *policy =
                as_iam_policy_parse(attack->arena, document, all[i]->address, NULL);
        for (size_t s = 0; s < policy->n_statements; s++) {
            if (lets_everyone_invoke(&policy->statements[s])) {
                expose(attack, all[i], AS_YES, document->span,
                        "a policy that lets everyone invoke it", AS_STR(""));
            }
        }
    }
}

void attack_read_entries(as_attack *attack)
{
    read_function_urls(attack);
    read_function_policies(attack);
    read_apis(attack);
    read_services(attack);
}
