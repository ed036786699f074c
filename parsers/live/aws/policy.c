#include "parsers/live/aws/policy.h"

#include <stdlib.h>

#include "parsers/live/aws/plan.h"

/* What is never asked for, so that no mistake can. */
static const char *const denied[] = {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan",
        "ecr:BatchGetImage", "kms:Decrypt", "lambda:GetFunction", "lambda:InvokeFunction",
        "logs:FilterLogEvents", "logs:GetLogEvents", "s3:GetObject*",
        "secretsmanager:GetSecretValue", "sqs:ReceiveMessage", "ssm:GetParameter*"};

typedef AS_VEC(as_str) as_actions;

/* The actions that the steps need, sorted, each once. */
static void collect_actions(
        as_arena *arena, const as_aws_tables *tables, as_strs services, as_actions *out)
{
    as_map seen = {0};
    static const char *const always[] = {"ec2:DescribeRegions", "sts:GetCallerIdentity"};

    for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
        AS_VEC_PUSH(arena, out, as_str_from(always[i]));
        as_map_put(arena, &seen, out->items[i], out);
    }
    for (size_t i = 0; i < tables->n_steps; i++) {
        as_str action = tables->steps[i].operation->action;
        if (!as_aws_step_wanted(&tables->steps[i], services) || action.n == 0 ||
                as_map_has(&seen, action))
            continue;
        as_map_put(arena, &seen, action, out);
        AS_VEC_PUSH(arena, out, action);
    }
    qsort(out->items, out->n, sizeof *out->items, as_str_compare_qsort);
}

static void begin_document(as_buf *out, bool first)
{
    as_buf_fmt(out,
            "%s{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n"
            "      \"Sid\": \"AssayReads\",\n      \"Effect\": \"Allow\",\n      \"Action\": [\n",
            first ? "" : "\n");
}

static const char end_allow[] = "\n      ],\n      \"Resource\": \"*\"\n    }";
static const char end_document[] = "\n  ]\n}\n";

static void write_deny(as_buf *out)
{
    as_buf_cstr(out, ",\n    {\n      \"Sid\": \"AssayNeverReads\",\n      \"Effect\": \"Deny\",\n"
                     "      \"Action\": [\n");
    for (size_t i = 0; i < sizeof denied / sizeof *denied; i++)
        as_buf_fmt(out, "%s        \"%s\"", i > 0 ? ",\n" : "", denied[i]);
    as_buf_cstr(out, end_allow);
}

void as_aws_policy_write(as_buf *out, const as_aws_tables *tables, as_strs services)
{
    /* Beside the actions; the first document also holds the Deny. */
    enum { FRAME = 140, DENY = 420 };
    size_t used = FRAME + DENY;
    bool first = true, first_action = true;
    as_actions actions = {0};

    collect_actions(out->arena, tables, services, &actions);
    begin_document(out, true);
    for (size_t i = 0; i < actions.n; i++) {
        size_t n = actions.items[i].n + strlen("\"\",");
        if (used + n > AS_AWS_POLICY_CHARACTERS) {
            as_buf_cstr(out, end_allow);
            if (first)
                write_deny(out);
            as_buf_cstr(out, end_document);
            begin_document(out, false);
            first = false;
            first_action = true;
            used = FRAME;
        }
        as_buf_fmt(
                out, "%s        \"%.*s\"", first_action ? "" : ",\n", AS_STR_ARG(actions.items[i]));
        first_action = false;
        used += n;
    }
    as_buf_cstr(out, end_allow);
    if (first)
        write_deny(out);
    as_buf_cstr(out, end_document);
}
