-- What watches an account: Config, GuardDuty, Security Hub, Inspector, Macie, network firewalls, mirrors.

entity "aws.config.recorder" {
  doc = "Records how resources are configured.",
  terraform = { "aws_config_configuration_recorder" },
  live = { "aws:config:configuration-recorder" },
  id = { "name", "id" },
  satellites = { status = { "aws_config_configuration_recorder_status", by = "name" } },
  fields = {
    name = { string, tf = "name", live = "name" },
    all = { bool, tf = "recording_group.all_supported", live = "recordingGroup.allSupported", default = true },
    global = { bool, tf = "recording_group.include_global_resource_types", live = "recordingGroup.includeGlobalResourceTypes",
      default = false },
    strategy = { string, tf = "recording_group.recording_strategy.use_only", live = "recordingGroup.recordingStrategy.useOnly" },
    running = { bool, tf = "@status.is_enabled", live = "Status.recording" },
  },
}

entity "aws.config.recorder_status" {
  doc = "Whether a recorder runs.",
  terraform = { "aws_config_configuration_recorder_status" },
  id = { "id" },
  fields = { enabled = { bool, tf = "is_enabled", default = false } },
}

entity "aws.config.aggregator" {
  doc = "Brings what recorders say together.",
  terraform = { "aws_config_configuration_aggregator" },
  live = { "aws:config:config-aggregator" },
  id = { "name", "id", "arn", "ConfigurationAggregatorArn" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "ConfigurationAggregatorName" },
    all_regions = { bool,
      tf = { "account_aggregation_source.all_regions", "organization_aggregation_source.all_regions" },
      live = { "AccountAggregationSources.AllAwsRegions", "OrganizationAggregationSource.AllAwsRegions" }, default = false },
  },
}

entity "aws.guardduty.detector" {
  doc = "Looks for threats in logs.",
  terraform = { "aws_guardduty_detector" },
  live = { "aws:guardduty:detector" },
  id = { "id", "arn", "DetectorId" },
  tags = "tags",
  satellites = { organization = { "aws_guardduty_organization_configuration", by = "detector_id" } },
  fields = { enabled = { bool, tf = "enable", live = "Status == ENABLED", default = true } },
}

entity "aws.guardduty.organization" {
  doc = "Whether new accounts are watched.",
  terraform = { "aws_guardduty_organization_configuration" },
  id = { "id" },
  fields = {
    auto_enable = { bool, tf = "auto_enable" },
    members = { string, tf = "auto_enable_organization_members" },
  },
}

entity "aws.securityhub.hub" {
  doc = "Collects findings and checks standards.",
  terraform = { "aws_securityhub_account" },
  live = { "aws:securityhub:hub" },
  id = { "id", "arn", "HubArn" },
  fields = {
    default_standards = { bool, tf = "enable_default_standards", default = true },
    standards = { list, live = "StandardsSubscriptions" },
  },
}

entity "aws.securityhub.standard" {
  doc = "A standard that is checked.",
  terraform = { "aws_securityhub_standards_subscription" },
  id = { "id" },
  fields = { standard = { string, tf = "standards_arn" } },
}

entity "aws.inspector.enabler" {
  doc = "What is searched for vulnerabilities.",
  terraform = { "aws_inspector2_enabler" },
  live = { "aws:inspector2:account" },
  id = { "id", "accountId" },
  fields = {
    resources = { list, tf = "resource_types" },
    ["status.ec2"] = { string, live = "resourceState.ec2.status" },
    ["status.ecr"] = { string, live = "resourceState.ecr.status" },
    ["status.lambda"] = { string, live = "resourceState.lambda.status" },
  },
}

entity "aws.macie.account" {
  doc = "Looks for personal data in buckets.",
  terraform = { "aws_macie2_account" },
  live = { "aws:macie2:session" },
  id = { "id" },
  fields = { status = { string, tf = "status", live = "status", default = "ENABLED" } },
}

entity "aws.macie.job" {
  doc = "A search for personal data.",
  terraform = { "aws_macie2_classification_job" },
  id = { "name", "id", "job_arn" },
  tags = "tags",
  fields = { name = { string, tf = { "name", "name_prefix" } }, status = { string, tf = "job_status" } },
}

entity "aws.networkfirewall.firewall" {
  doc = "A firewall of a VPC.",
  terraform = { "aws_networkfirewall_firewall" },
  live = { "aws:network-firewall:firewall" },
  id = { "name", "id", "arn", "FirewallArn" },
  tags = "tags",
  satellites = { logging = { "aws_networkfirewall_logging_configuration", by = "firewall_arn" } },
  fields = {
    name = { string, tf = "name", live = "FirewallName" },
    network = { string, tf = "vpc_id", live = "VpcId" },
    protected = { bool, tf = "delete_protection", live = "DeleteProtection", default = false },
    key = { string, tf = "encryption_configuration.key_id", live = "EncryptionConfiguration.KeyId" },
    logs = { list, tf = "@logging.logging_configuration.log_destination_config",
      live = "LoggingConfiguration.LogDestinationConfigs" },
  },
  edges = {
    { "attached_to", tf = "vpc_id", live = "VpcId" },
    { "encrypts", tf = "encryption_configuration.key_id", live = "EncryptionConfiguration.KeyId", reverse = true },
  },
}

entity "aws.networkfirewall.policy" {
  doc = "What a network firewall does.",
  terraform = { "aws_networkfirewall_firewall_policy" },
  live = { "aws:network-firewall:firewall-policy" },
  id = { "name", "id", "arn", "FirewallPolicyArn" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "FirewallPolicyName" },
    key = { string, tf = "encryption_configuration.key_id", live = "EncryptionConfiguration.KeyId" },
  },
  edges = { { "encrypts", tf = "encryption_configuration.key_id", live = "EncryptionConfiguration.KeyId", reverse = true } },
}

entity "aws.networkfirewall.rule_group" {
  doc = "Rules of network firewalls.",
  terraform = { "aws_networkfirewall_rule_group" },
  live = { "aws:network-firewall:rulegroup" },
  id = { "name", "id", "arn", "RuleGroupArn" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "RuleGroupName" },
    key = { string, tf = "encryption_configuration.key_id", live = "EncryptionConfiguration.KeyId" },
  },
  edges = { { "encrypts", tf = "encryption_configuration.key_id", live = "EncryptionConfiguration.KeyId", reverse = true } },
}

entity "aws.ec2.traffic_mirror" {
  doc = "A copy of an interface's traffic for inspection.",
  terraform = { "aws_ec2_traffic_mirror_session" },
  live = { "aws:ec2:traffic-mirror-session" },
  id = { "id", "arn", "TrafficMirrorSessionId" },
  tags = "tags",
  fields = { interface = { string, tf = "network_interface_id", live = "NetworkInterfaceId" } },
  edges = { { "attached_to", tf = "network_interface_id", live = "NetworkInterfaceId" } },
}
