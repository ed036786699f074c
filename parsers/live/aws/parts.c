/* Parts of a snapshot of AWS, "aws/ACCOUNT/REGION/SERVICE", as resources. */
#include "parsers/live/assemble.h"
#include "parsers/live/aws/organization.h"
#include "parsers/live/aws/scope.h"
#include "parsers/live/reader.h"

/* https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
as_str as_aws_partition_of(as_str region)
{
    return as_str_starts(region, "cn-")        ? AS_STR("aws-cn")
           : as_str_starts(region, "us-gov-")  ? AS_STR("aws-us-gov")
           : as_str_starts(region, "us-isob-") ? AS_STR("aws-iso-b")
           : as_str_starts(region, "us-iso-")  ? AS_STR("aws-iso")
                                               : AS_STR("aws");
}

bool as_aws_is_global(as_str op)
{
    static const char *const services[] = {"iam:", "s3:", "s3control:", "route53:",
            "organizations:", "globalaccelerator:", "cloudfront:", "budgets:", "ce:",
            "route53domains:", "waf:", "shield:", "sts:", "account:"};
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        if (as_str_starts(op, services[i])) {
            return true;
        }
    }
    return false;
}

/* False when the name is no such path. */
static bool scope_of(as_str name, as_live_scope *scope, bool *is_global)
{
    as_str provider, service;
    if (!as_str_split(&name, '/', &provider) || !as_str_split(&name, '/', &scope->account) ||
            !as_str_split(&name, '/', &scope->region) || !as_str_split(&name, '/', &service)) {
        return false;
    }
    *is_global = as_str_is(scope->region, "global");
    return true;
}

/* Global services do not say in which partition they are; the account's regions do. */
static as_str partition_among(const as_snapshot_parts *parts)
{
    for (size_t i = 0; i < parts->n; i++) {
        as_live_scope scope = {0};
        bool is_global;
        if (scope_of(parts->items[i].name, &scope, &is_global) && !is_global) {
            return as_aws_partition_of(scope.region);
        }
    }
    return AS_STR("aws");
}

static void read_parts(
        as_load *l, as_arena *scratch, as_str account, const as_snapshot_parts *parts)
{
    as_live_estate *estate = as_live_estate_new(l->arena, scratch, as_live_table_aws(scratch));
    as_str partition = partition_among(parts);
    for (size_t i = 0; i < parts->n; i++) {
        const as_snapshot_part *part = &parts->items[i];
        as_live_scope *scope = AS_NEW(l->arena, as_live_scope);
        const as_snapshot_answer *answers;
        size_t n;
        bool is_global;
        if (!scope_of(part->name, scope, &is_global)) {
            as_diags_add_path(l->diags, AS_DIAG_WARNING, "snapshot-part", part->source->path,
                    "the name of a part of AWS is aws/ACCOUNT/REGION/SERVICE");
            continue;
        }
        scope->account = account;
        scope->partition = partition;
        as_snapshot_answers(l->arena, part, l->diags, &answers, &n);
        as_aws_organization_take(estate, l->arena, scope, answers, n);
        for (size_t k = 0; k < n; k++) {
            as_live_estate_take(estate, scope, is_global, &answers[k]);
        }
    }
    as_live_estate_finish(estate, l);
}

/* What is only needed while answers are put together goes at once: accounts are large. */
static void read_all(as_load *l, as_str account, const as_snapshot_parts *parts)
{
    as_arena *scratch = as_arena_new(0);
    as_guard kept, own;
    volatile as_cause cause = AS_CAUSE_NONE;
    if (scratch == NULL) {
        as_arena_unwind(l->arena, AS_CAUSE_MEMORY);
    }
    if (!AS_GUARD_ENTER(&kept, l->arena)) {
        cause = kept.cause;
    } else if (!AS_GUARD_ENTER(&own, scratch)) {
        cause = own.cause;
        as_guard_leave(&kept);
    } else {
        read_parts(l, scratch, account, parts);
        as_guard_leave(&own);
        as_guard_leave(&kept);
    }
    as_arena_free(scratch);
    if (cause != AS_CAUSE_NONE) {
        as_arena_unwind(l->arena, cause);
    }
}

const as_snapshot_reader as_snapshot_reader_aws = {.word = "aws", .read = read_all};
