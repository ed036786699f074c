/* What runs with a role, and what has a policy of its own. */
#include "engine/iam/gather.h"
#include "engine/iam/methods.h"

#include "parsers/json/json.h"

static const as_value *attribute(
        const as_iam_gathering *g, const as_entity *entity, const char *path)
{
    return as_iam_attribute_value(g->arena, entity, as_str_from(path));
}

/* --- workloads -----------------------------------------------------------------------------------
 */

static bool has_type(as_strs types, as_str type)
{
    for (size_t i = 0; i < types.n; i++) {
        if (as_str_eq(types.items[i], type)) {
            return true;
        }
    }
    return false;
}

static void add_running(as_iam_gathering *g, const as_entity *e)
{
    for (size_t w = 0; w < as_iam_n_workloads; w++) {
        const as_iam_workload *workload = &as_iam_workloads[w];
        if (!has_type(workload->types, e->type)) {
            continue;
        }
        const as_value *role = as_iam_attribute_value(g->arena, e, workload->role);
        as_iam_running running = {.workload = (int)w,
                .entity = e,
                .arn = as_iam_arn_fill(&g->account->names, e, workload->arn),
                .role = as_value_is_null(role) ? NULL
                                               : as_iam_gather_find(g, e, role, AS_IAM_KIND_ROLE)};
        AS_VEC_PUSH(g->arena, &g->account->running, running);
    }
}

/* --- resource policies ---------------------------------------------------------------------------
 */

static const struct {
    const char *type, *owner, *policy;
} policy_resources[] = {
        {"aws_s3_bucket_policy", "bucket", "policy"},
        {"aws_sqs_queue_policy", "queue_url", "policy"},
        {"aws_sns_topic_policy", "arn", "policy"},
        {"aws_kms_key_policy", "key_id", "policy"},
        {"aws_secretsmanager_secret_policy", "secret_arn", "policy"},
        {"aws_ecr_repository_policy", "repository", "policy"},
        {"aws_efs_file_system_policy", "file_system_id", "policy"},
        {"aws_dynamodb_resource_policy", "resource_arn", "policy"},
        {"aws_kinesis_resource_policy", "resource_arn", "policy"},
        {"aws_backup_vault_policy", "backup_vault_name", "policy"},
        {"aws_cloudwatch_event_bus_policy", "event_bus_name", "policy"},
};

/* The policy that a key has when none is given: the account may use it by its identity policies
 * (KMS Developer Guide, "Default key policy"). */
static const as_iam_policy *default_key_policy(as_iam_gathering *g, const as_entity *e)
{
    as_str text = as_str_fmt(g->arena,
            "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{"
            "\"AWS\":"
            "\"arn:aws:iam::%.*s:root\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}}",
            AS_STR_ARG(g->account->names.account));
    return as_iam_policy_parse(g->arena, as_value_string(g->arena, e->head, text),
            AS_STR("the default key policy"), NULL);
}

static void add_resource(as_iam_gathering *g, const as_entity *e)
{
    as_str arn = as_iam_arn_of(&g->account->names, e);
    if (arn.n == 0) {
        return;
    }
    as_iam_resource r = {.entity = e, .arn = arn};
    bool key = as_str_is(e->type, "aws_kms_key");
    r.kind = key ? AS_IAM_RESOURCE_KMS : AS_IAM_RESOURCE_PLAIN;
    const as_value *policy = as_str_starts(e->type, "aws_iam_") ? NULL : attribute(g, e, "policy");
    if (policy != NULL && !(policy->kind == AS_STRING && policy->as.str.n == 0)) {
        r.policy = as_iam_policy_parse(g->arena, policy, e->address, &g->account->names.resolver);
    } else if (key) {
        r.policy = default_key_policy(g, e);
    }
    AS_VEC_PUSH(g->arena, &g->account->resources, r);
}

static void attach_policy(as_iam_gathering *g, const as_entity *e, size_t i)
{
    size_t n;
    const as_entity *const *owners = as_graph_targets(
            g->accounts->graph, g->arena, e, attribute(g, e, policy_resources[i].owner), &n);
    for (size_t o = 0; o < n; o++) {
        for (size_t r = 0; r < g->account->resources.n; r++) {
            if (g->account->resources.items[r].entity == owners[o]) {
                g->account->resources.items[r].policy =
                        as_iam_policy_parse(g->arena, attribute(g, e, policy_resources[i].policy),
                                e->address, &g->account->names.resolver);
            }
        }
    }
}

void as_iam_gather_resources(as_iam_gathering *g, const as_entity *const *entities, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        add_running(g, entities[i]);
        add_resource(g, entities[i]);
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < sizeof policy_resources / sizeof *policy_resources; k++) {
            if (as_str_is(entities[i]->type, policy_resources[k].type)) {
                attach_policy(g, entities[i], k);
            }
        }
    }
}
