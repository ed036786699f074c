/* The AWS Security Finding Format for Security Hub's BatchImportFindings
 * (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html): an
 * array of findings; a call takes 100 of one account.
 *
 * A finding belongs to an account and a Region. Those of a live resource are its own; for code they
 * are those that the AWS command line works with: AWS_ACCOUNT_ID, AWS_REGION, AWS_DEFAULT_REGION.
 */
#include "reporters/reporter.h"

#include <stdlib.h>

#include "engine/base/clock.h"
#include "engine/base/utf8.h"
#include "engine/cli/version.h"
#include "reporters/common.h"
#include "reporters/json_out.h"

enum {
    MAX_TITLE = 256,
    MAX_DESCRIPTION = 1024,
    MAX_ID = 512,
    MAX_TEXT = 512,
    MAX_REQUIREMENTS = 32
};

/* Types of resources that Security Hub knows by name; the rest is "Other". */
static const struct {
    const char *kind, *type;
} types[] = {
        {"aws.cloudfront.distribution", "AwsCloudFrontDistribution"},
        {"aws.cloudtrail.trail", "AwsCloudTrailTrail"},
        {"aws.dynamodb.table", "AwsDynamoDbTable"},
        {"aws.ec2.instance", "AwsEc2Instance"},
        {"aws.ec2.launch_template", "AwsEc2LaunchTemplate"},
        {"aws.ec2.security_group", "AwsEc2SecurityGroup"},
        {"aws.ec2.volume", "AwsEc2Volume"},
        {"aws.ecr.repository", "AwsEcrRepository"},
        {"aws.ecs.service", "AwsEcsService"},
        {"aws.ecs.task_definition", "AwsEcsTaskDefinition"},
        {"aws.efs.access_point", "AwsEfsAccessPoint"},
        {"aws.eks.cluster", "AwsEksCluster"},
        {"aws.elb.load_balancer", "AwsElbv2LoadBalancer"},
        {"aws.iam.group", "AwsIamGroup"},
        {"aws.iam.policy", "AwsIamPolicy"},
        {"aws.iam.role", "AwsIamRole"},
        {"aws.iam.user", "AwsIamUser"},
        {"aws.kms.key", "AwsKmsKey"},
        {"aws.lambda.function", "AwsLambdaFunction"},
        {"aws.rds.cluster", "AwsRdsDbCluster"},
        {"aws.rds.instance", "AwsRdsDbInstance"},
        {"aws.s3.bucket", "AwsS3Bucket"},
        {"aws.secretsmanager.secret", "AwsSecretsManagerSecret"},
        {"aws.sns.topic", "AwsSnsTopic"},
        {"aws.sqs.queue", "AwsSqsQueue"},
        {"aws.vpc", "AwsEc2Vpc"},
        {"aws.vpc.network_acl", "AwsEc2NetworkAcl"},
        {"aws.vpc.subnet", "AwsEc2Subnet"},
};

typedef struct whose {
    as_str account, region;
} whose;

static as_str cut(as_str text, size_t most)
{
    size_t at = 0;

    for (size_t n = 0; n < most && at < text.n; n++)
        (void)as_utf8_next(text, &at);
    return as_str_slice(text, 0, at);
}

static bool is_account(as_str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    return text.n == 12;
}

static whose defaults(void)
{
    as_str account = as_str_from(getenv("AWS_ACCOUNT_ID"));
    const char *region = getenv("AWS_REGION");

    if (!region || !*region)
        region = getenv("AWS_DEFAULT_REGION");
    return (whose){.account = is_account(account) ? account : AS_STR("000000000000"),
            .region = region && *region ? as_str_from(region) : AS_STR("us-east-1")};
}

static as_str type_of(const as_entity *entity)
{
    for (size_t i = 0; entity && i < sizeof types / sizeof *types; i++)
        if (as_str_is(entity->kind, types[i].kind))
            return as_str_from(types[i].type);
    return AS_STR("Other");
}

static void write_resource(as_json_out *out, const as_finding *f, as_place place, as_str region)
{
    const as_entity *entity = f->entity;
    as_str id = as_finding_address(f);

    if (id.n == 0)
        id = place.path.n > 0 ? place.path : f->rule->id;
    as_json_open(out, "Resources", '[');
    as_json_open(out, NULL, '{');
    as_json_str(out, "Type", type_of(entity));
    as_json_str(out, "Id", cut(id, MAX_ID));
    as_json_str(out, "Region", region);
    as_json_open(out, "Details", '{');
    as_json_open(out, "Other", '{');
    as_json_str(out, "Address", cut(id, 1024));
    if (entity) {
        as_json_str(out, "Kind", entity->kind);
        as_json_cstr(out, "Origin", as_origin_name(entity->origin));
    }
    if (place.path.n > 0)
        as_json_str(out, "Place",
                as_str_fmt(out->buf->arena, "%.*s:%u", AS_STR_ARG(place.path), place.begin.line));
    as_json_close(out, '}');
    as_json_close(out, '}');
    as_json_close(out, '}');
    as_json_close(out, ']');
}

static void write_compliance(as_json_out *out, const as_finding *f)
{
    static const char *const statuses[] = {[AS_FAIL] = "FAILED",
            [AS_PASS] = "PASSED",
            [AS_UNSURE] = "NOT_AVAILABLE",
            [AS_SUPPRESSED] = "FAILED"};
    const as_strs *frameworks = &f->rule->frameworks;

    as_json_open(out, "Compliance", '{');
    as_json_cstr(out, "Status", statuses[f->status]);
    if (frameworks->n > 0)
        as_json_strs(out, "RelatedRequirements", frameworks->items,
                frameworks->n < MAX_REQUIREMENTS ? frameworks->n : MAX_REQUIREMENTS);
    as_json_close(out, '}');
}

static void write_severity(as_json_out *out, const as_finding *f)
{
    static const char *const labels[] = {
            [AS_SEVERITY_NONE] = "INFORMATIONAL",
            [AS_SEVERITY_INFO] = "INFORMATIONAL",
            [AS_SEVERITY_LOW] = "LOW",
            [AS_SEVERITY_MEDIUM] = "MEDIUM",
            [AS_SEVERITY_HIGH] = "HIGH",
            [AS_SEVERITY_CRITICAL] = "CRITICAL",
    };
    bool failed = f->status == AS_FAIL || f->status == AS_SUPPRESSED;

    as_json_open(out, "Severity", '{');
    as_json_cstr(out, "Label", failed ? labels[f->severity] : "INFORMATIONAL");
    as_json_cstr(out, "Original", as_severity_name(f->severity));
    as_json_close(out, '}');
}

static void write_rest(as_json_out *out, const as_finding *f)
{
    as_str remediation = cut(as_str_trim(f->rule->remediation), MAX_TEXT);

    if (remediation.n > 0) {
        as_json_open(out, "Remediation", '{');
        as_json_open(out, "Recommendation", '{');
        as_json_str(out, "Text", remediation);
        if (f->rule->references.n > 0)
            as_json_str(out, "Url", f->rule->references.items[0]);
        as_json_close(out, '}');
        as_json_close(out, '}');
    }
    as_json_open(out, "ProductFields", '{');
    as_json_cstr(out, "ProviderName", "assay");
    as_json_cstr(out, "ProviderVersion", AS_VERSION);
    as_json_cstr(out, "assay/fingerprint", f->fingerprint);
    if (f->suppression)
        as_json_str_if(out, "assay/exception", cut(f->suppression->reason, 1024));
    as_json_close(out, '}');
    as_json_cstr(out, "RecordState", "ACTIVE");
    as_json_open(out, "Workflow", '{');
    as_json_cstr(out, "Status",
            f->status == AS_SUPPRESSED ? "SUPPRESSED"
            : f->status == AS_PASS     ? "RESOLVED"
                                       : "NEW");
    as_json_close(out, '}');
}

static void write_finding(as_json_out *out, const as_report *report, const as_finding *f,
        as_str unique, as_str now, whose fallback)
{
    as_arena *arena = out->buf->arena;
    as_str region = f->entity && f->entity->region.n > 0 ? f->entity->region : fallback.region;
    as_str account =
            f->entity && is_account(f->entity->account) ? f->entity->account : fallback.account;
    as_str text = f->message.n > 0 ? f->message : f->rule->title;
    as_place place = as_finding_place(report, f);
    const char *partition = as_str_starts(region, "cn-")       ? "aws-cn"
                            : as_str_starts(region, "us-gov-") ? "aws-us-gov"
                                                               : "aws";

    as_json_open(out, NULL, '{');
    as_json_cstr(out, "SchemaVersion", "2018-10-08");
    as_json_str(out, "Id", as_str_fmt(arena, "assay/%.*s", AS_STR_ARG(unique)));
    as_json_str(out, "ProductArn",
            as_str_fmt(arena, "arn:%s:securityhub:%.*s:%.*s:product/%.*s/default", partition,
                    AS_STR_ARG(region), AS_STR_ARG(account), AS_STR_ARG(account)));
    as_json_str(out, "GeneratorId", as_str_fmt(arena, "assay/%.*s", AS_STR_ARG(f->rule->id)));
    as_json_str(out, "AwsAccountId", account);
    as_json_open(out, "Types", '[');
    as_json_cstr(out, NULL, "Software and Configuration Checks");
    as_json_close(out, ']');
    as_json_str(out, "CreatedAt", now);
    as_json_str(out, "UpdatedAt", now);
    write_severity(out, f);
    as_json_str(out, "Title",
            cut(as_str_fmt(arena, "%.*s %.*s", AS_STR_ARG(f->rule->id), AS_STR_ARG(f->rule->title)),
                    MAX_TITLE));
    as_json_str(out, "Description", cut(text, MAX_DESCRIPTION));
    write_resource(out, f, place, region);
    write_compliance(out, f);
    write_rest(out, f);
    as_json_close(out, '}');
}

static void write(const as_report *report, const as_reporter_style *style, as_buf *buf)
{
    as_json_out out = {.buf = buf, .indent = 2};
    as_str now = as_clock_time(buf->arena, as_clock_now());
    whose fallback = defaults();
    as_map seen = {0};

    (void)style;
    as_json_open(&out, NULL, '[');
    for (size_t i = 0; i < report->n_findings; i++) {
        const as_finding *f = &report->findings[i];
        if (f->status != AS_PASS || report->show_passed)
            write_finding(
                    &out, report, f, as_unique_fingerprint(buf->arena, &seen, f), now, fallback);
    }
    as_json_close(&out, ']');
    as_buf_char(buf, '\n');
}

const as_reporter as_reporter_asff = {
        .name = "asff",
        .summary = "AWS Security Finding Format, for Security Hub",
        .extension = "asff.json",
        .write = write,
        .dated = true,
};
