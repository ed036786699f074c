/* Answers of accounts and clusters: told by words, since their keys are those of each service. */
#include "parsers/detect/detect.h"

enum { GLANCE = 4096 };

/* Exports of Cloud Asset Inventory, lists that gcloud printed. */
static bool holds_assets(as_str front)
{
    static const char *const lists[] = {"\"kind\": \"compute#", "\"kind\": \"sql#",
            "\"kind\": \"storage#", "\"kind\": \"dns#", "\"name\": \"projects/",
            "\"selfLink\": \"https://container.googleapis.com/", "\"lifecycleState\": \"ACTIVE\"",
            "\"storage_url\": \"gs://"};
    as_str text = as_str_trim(front);
    bool asset =
            as_str_contains(front, "\"assetType\"") || as_str_contains(front, "\"asset_type\"");

    if (asset && as_str_contains(front, ".googleapis.com/"))
        return as_str_starts(text, "[") || as_str_starts(text, "{");
    for (size_t i = 0; as_str_starts(text, "[") && i < sizeof lists / sizeof *lists; i++)
        if (as_str_contains(front, lists[i]))
            return true;
    return false;
}

/* The first member of what the AWS CLI prints, and a word that comes with it. */
static const struct {
    const char *member, *word;
} aws_answers[] = {{"UserDetailList", "UserName"}, {"GroupDetailList", "GroupName"},
        {"RoleDetailList", "RoleName"}, {"Vpcs", "VpcId"}, {"Subnets", "SubnetId"},
        {"SecurityGroups", "GroupId"}, {"NetworkAcls", "NetworkAclId"},
        {"RouteTables", "RouteTableId"}, {"InternetGateways", "InternetGatewayId"},
        {"NatGateways", "NatGatewayId"}, {"NetworkInterfaces", "NetworkInterfaceId"},
        {"Reservations", "InstanceId"}, {"Volumes", "VolumeId"}, {"Snapshots", "SnapshotId"},
        {"Images", "ImageId"}, {"FlowLogs", "FlowLogId"}, {"VpcEndpoints", "VpcEndpointId"},
        {"VpcPeeringConnections", "VpcPeeringConnectionId"},
        {"TransitGateways", "TransitGatewayId"}, {"VpnConnections", "VpnConnectionId"},
        {"Addresses", "AllocationId"}, {"KeyPairs", "KeyFingerprint"},
        {"DBInstances", "DBInstanceIdentifier"}, {"DBClusters", "DBClusterIdentifier"},
        {"DBSnapshots", "DBSnapshotIdentifier"}, {"DBSubnetGroups", "DBSubnetGroupName"},
        {"CacheClusters", "CacheClusterId"}, {"ReplicationGroups", "ReplicationGroupId"},
        {"Table", "TableArn"}, {"FileSystems", "FileSystemId"}, {"Functions", "FunctionArn"},
        {"LoadBalancers", "LoadBalancerArn"}, {"LoadBalancerDescriptions", "LoadBalancerName"},
        {"Listeners", "ListenerArn"}, {"TargetGroups", "TargetGroupArn"},
        {"HostedZones", "CallerReference"}, {"SecretList", "ARN"}, {"KeyMetadata", "KeyManager"},
        {"trailList", "S3BucketName"}, {"logGroups", "logGroupName"},
        {"metricFilters", "filterPattern"}, {"MetricAlarms", "AlarmArn"},
        {"repositories", "repositoryArn"}, {"cluster", "platformVersion"},
        {"Buckets", "CreationDate"}, {"SummaryMap", "AccountMFAEnabled"},
        {"PasswordPolicy", "MinimumPasswordLength"}, {"AutoScalingGroups", "AutoScalingGroupARN"},
        {"ConfigurationRecorders", "roleARN"}, {"Certificate", "CertificateArn"},
        {"WebACL", "DefaultAction"}, {"BackupVaultList", "BackupVaultArn"}};

/* The first member of the object that the text begins with; empty when it begins with something
 * else. */
static as_str first_member(as_str text)
{
    text = as_str_trim(text);
    if (!as_str_starts(text, "{"))
        return AS_STR("");
    text = as_str_trim(as_str_from_index(text, 1));
    size_t end = as_str_find_char(as_str_from_index(text, 1), '"');
    return as_str_starts(text, "\"") && end != (size_t)-1 ? as_str_slice(text, 1, end + 1)
                                                          : AS_STR("");
}

static bool is_aws_answer(as_str front)
{
    as_str first = first_member(front);
    for (size_t i = 0; i < sizeof aws_answers / sizeof *aws_answers; i++)
        if (as_str_is(first, aws_answers[i].member) && as_str_contains(front, aws_answers[i].word))
            return true;
    return as_str_contains(front, "\"configurationItems\"") &&
           as_str_contains(front, "\"configSnapshotId\"");
}

bool as_detect_live(as_str path, as_str text, as_file_kind *kind)
{
    size_t slash = as_str_rfind_char(path, '/');
    as_str base = slash == (size_t)-1 ? path : as_str_from_index(path, slash + 1);
    as_str front = as_str_slice(text, 0, GLANCE);

    if (as_str_is(base, "manifest.json") && as_str_contains(front, "\"assay-snapshot\"")) {
        *kind = AS_FILE_SNAPSHOT;
        return true;
    }
    if (as_str_ends(base, ".json") && is_aws_answer(front)) {
        *kind = AS_FILE_AWS_ANSWER;
        return true;
    }
    if (as_str_ends(base, "json") && holds_assets(front)) {
        *kind = AS_FILE_GCP;
        return true;
    }
    if (as_str_ends(base, ".ndjson")) {
        *kind = AS_FILE_SNAPSHOT_PART;
        return true;
    }
    return false;
}
