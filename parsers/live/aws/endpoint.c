#include "parsers/live/aws/endpoint.h"

#include <stdlib.h>

/* Services that exist once a partition
 * (https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html). */
typedef struct global {
    const char *partition, *service, *host, *region;
} global;

static const global globals[] = {
        {"aws", "iam", "iam.amazonaws.com", "us-east-1"},
        {"aws", "organizations", "organizations.us-east-1.amazonaws.com", "us-east-1"},
        {"aws", "route53", "route53.amazonaws.com", "us-east-1"},
        {"aws", "globalaccelerator", "globalaccelerator.us-west-2.amazonaws.com", "us-west-2"},
        {"aws", "shield", "shield.us-east-1.amazonaws.com", "us-east-1"},
        {"aws", "cloudfront", "cloudfront.amazonaws.com", "us-east-1"},
        {"aws", "budgets", "budgets.amazonaws.com", "us-east-1"},
        {"aws", "route53domains", "route53domains.us-east-1.amazonaws.com", "us-east-1"},
        {"aws", "waf", "waf.amazonaws.com", "us-east-1"},
        {"aws", "account", "account.us-east-1.amazonaws.com", "us-east-1"},
        {"aws-cn", "iam", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"},
        {"aws-cn", "organizations", "organizations.cn-northwest-1.amazonaws.com.cn",
                "cn-northwest-1"},
        {"aws-cn", "route53", "route53.amazonaws.com.cn", "cn-northwest-1"},
        {"aws-cn", "cloudfront", "cloudfront.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"},
        {"aws-cn", "budgets", "budgets.amazonaws.com.cn", "cn-northwest-1"},
        {"aws-cn", "account", "account.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"},
        {"aws-us-gov", "iam", "iam.us-gov.amazonaws.com", "us-gov-west-1"},
        {"aws-us-gov", "organizations", "organizations.us-gov-west-1.amazonaws.com",
                "us-gov-west-1"},
        {"aws-us-gov", "route53", "route53.us-gov.amazonaws.com", "us-gov-west-1"},
};

as_str as_aws_partition(as_str region)
{
    if (as_str_starts(region, "cn-"))
        return AS_STR("aws-cn");
    return as_str_starts(region, "us-gov-") ? AS_STR("aws-us-gov") : AS_STR("aws");
}

static const global *find(const as_aws_operation *op, as_str region)
{
    as_str partition = as_aws_partition(region);

    for (size_t i = 0; i < sizeof globals / sizeof *globals; i++)
        if (as_str_is(partition, globals[i].partition) &&
                as_str_is(op->service, globals[i].service))
            return &globals[i];
    return NULL;
}

as_str as_aws_home_region(const as_aws_operation *op, as_str region)
{
    const global *g = find(op, region);

    return g ? as_str_from(g->region) : region;
}

/* AWS_ENDPOINT_URL_SSO_OIDC and AWS_ENDPOINT_URL
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html). */
static as_str from_environment(as_arena *arena, as_str service)
{
    as_str name = as_str_replace(arena, as_str_upper(arena, service), AS_STR("-"), AS_STR("_"));
    const char *own = getenv(as_str_fmt(arena, "AWS_ENDPOINT_URL_%.*s", AS_STR_ARG(name)).p);
    const char *all = getenv("AWS_ENDPOINT_URL");
    const char *ignored = getenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");

    if (ignored && strcmp(ignored, "true") == 0)
        return AS_STR("");
    return as_str_from(own && *own ? own : all);
}

static as_str without_slash(as_str url)
{
    return as_str_ends(url, "/") ? as_str_slice(url, 0, url.n - 1) : url;
}

/* A name below the suffix, and nothing else: requests do not go where an answer pleases. */
static bool is_host(as_str host, const char *suffix)
{
    as_str tail = as_str_from(suffix);

    for (size_t i = 0; i < host.n; i++)
        if (!((host.p[i] >= 'a' && host.p[i] <= 'z') || (host.p[i] >= '0' && host.p[i] <= '9') ||
                    host.p[i] == '-' || host.p[i] == '.'))
            return false;
    return host.n > tail.n + 1 && as_str_ends(host, suffix) && host.p[host.n - tail.n - 1] == '.';
}

as_str as_aws_endpoint(as_arena *arena, const as_aws_operation *op, as_str region, as_str override,
        as_str host, as_str account)
{
    const global *g = find(op, region);
    as_str partition = as_aws_partition(region);
    const char *suffix = as_str_is(partition, "aws-cn") ? "amazonaws.com.cn" : "amazonaws.com";

    if (override.n == 0)
        override = from_environment(arena, op->service);
    if (override.n > 0)
        return without_slash(override);
    if (host.n > 0 && is_host(host, suffix))
        return as_str_fmt(arena, "https://%.*s", AS_STR_ARG(host));
    if (g)
        return as_str_fmt(arena, "https://%s", g->host);
    if (as_str_is(op->service, "s3control"))
        return as_str_fmt(arena, "https://%.*s.s3-control.%.*s.%s", AS_STR_ARG(account),
                AS_STR_ARG(region), suffix);
    return as_str_fmt(
            arena, "https://%.*s.%.*s.%s", AS_STR_ARG(op->host_prefix), AS_STR_ARG(region), suffix);
}
