-- RDS and Aurora: instances, clusters, snapshots, parameter groups.

entity "aws.rds.instance" {
  doc = "A database instance.",
  terraform = { "aws_db_instance" },
  live = { "aws:rds:db" },
  id = { "identifier", "id", "arn", "DBInstanceIdentifier" },
  tags = "tags",
  fields = {
    name = { string, tf = { "identifier", "identifier_prefix" }, live = "DBInstanceIdentifier" },
    engine = { string, tf = "engine", live = "Engine" },
    version = { string, tf = "engine_version", live = "EngineVersion" },
    ["encryption.enabled"] = { bool, tf = "storage_encrypted", live = "StorageEncrypted", default = false },
    ["encryption.key"] = { string, tf = "kms_key_id", live = "KmsKeyId" },
    public = { bool, tf = "publicly_accessible", live = "PubliclyAccessible", default = false },
    iam_authentication = { bool, tf = "iam_database_authentication_enabled", live = "IAMDatabaseAuthenticationEnabled",
      default = false },
    ["backup.days"] = { number, tf = "backup_retention_period", live = "BackupRetentionPeriod" },
    deletion_protection = { bool, tf = "deletion_protection", live = "DeletionProtection", default = false },
    multi_az = { bool, tf = "multi_az", live = "MultiAZ", default = false },
    auto_upgrade = { bool, tf = "auto_minor_version_upgrade", live = "AutoMinorVersionUpgrade", default = true },
    ca = { string, tf = "ca_cert_identifier", live = "CACertificateIdentifier" },
    logs = { list, tf = "enabled_cloudwatch_logs_exports", live = "EnabledCloudwatchLogsExports" },
    ["monitoring.interval"] = { number, tf = "monitoring_interval", live = "MonitoringInterval", default = 0 },
    ["insights.enabled"] = { bool, tf = "performance_insights_enabled", live = "PerformanceInsightsEnabled", default = false },
    ["insights.key"] = { string, tf = "performance_insights_kms_key_id", live = "PerformanceInsightsKMSKeyId" },
    copy_tags = { bool, tf = "copy_tags_to_snapshot", live = "CopyTagsToSnapshot", default = false },
    parameter_group = { string, tf = "parameter_group_name", live = "DBParameterGroups.DBParameterGroupName" },
  },
  edges = {
    { "encrypts", tf = "kms_key_id", live = "KmsKeyId", reverse = true },
    { "replicates_to", tf = "replicate_source_db", reverse = true },
  },
}

entity "aws.rds.cluster" {
  doc = "An Aurora or Multi-AZ cluster.",
  terraform = { "aws_rds_cluster" },
  live = { "aws:rds:cluster" },
  id = { "cluster_identifier", "id", "arn", "DBClusterIdentifier" },
  tags = "tags",
  satellites = {
    instance = { "aws_rds_cluster_instance", by = "cluster_identifier" },
  },
  fields = {
    name = { string, tf = { "cluster_identifier", "cluster_identifier_prefix" }, live = "DBClusterIdentifier" },
    engine = { string, tf = "engine", live = "Engine" },
    mode = { string, tf = "engine_mode", live = "EngineMode", default = "provisioned" },
    version = { string, tf = "engine_version", live = "EngineVersion" },
    ["encryption.enabled"] = { bool, tf = "storage_encrypted", live = "StorageEncrypted" },
    ["encryption.key"] = { string, tf = "kms_key_id", live = "KmsKeyId" },
    iam_authentication = { bool, tf = "iam_database_authentication_enabled", live = "IAMDatabaseAuthenticationEnabled",
      default = false },
    ["backup.days"] = { number, tf = "backup_retention_period", live = "BackupRetentionPeriod", default = 1 },
    ["backup.backtrack"] = { number, tf = "backtrack_window", live = "BacktrackWindow", default = 0 },
    deletion_protection = { bool, tf = "deletion_protection", live = "DeletionProtection", default = false },
    logs = { list, tf = "enabled_cloudwatch_logs_exports", live = "EnabledCloudwatchLogsExports" },
    copy_tags = { bool, tf = "copy_tags_to_snapshot", live = "CopyTagsToSnapshot", default = false },
    parameter_group = { string, tf = "db_cluster_parameter_group_name", live = "DBClusterParameterGroup" },
  },
  edges = {
    { "encrypts", tf = "kms_key_id", live = "KmsKeyId", reverse = true },
    { "replicates_to", tf = "replication_source_identifier", reverse = true },
  },
}

entity "aws.rds.cluster_instance" {
  doc = "One instance of a cluster.",
  terraform = { "aws_rds_cluster_instance" },
  id = { "identifier", "id", "arn" },
  tags = "tags",
  fields = {
    name = { string, tf = { "identifier", "identifier_prefix" } },
    engine = { string, tf = "engine" },
    public = { bool, tf = "publicly_accessible", default = false },
    auto_upgrade = { bool, tf = "auto_minor_version_upgrade", default = true },
    ca = { string, tf = "ca_cert_identifier" },
    zone = { string, tf = "availability_zone" },
    ["monitoring.interval"] = { number, tf = "monitoring_interval", default = 0 },
    ["insights.enabled"] = { bool, tf = "performance_insights_enabled", default = false },
    ["insights.key"] = { string, tf = "performance_insights_kms_key_id" },
  },
  edges = { { "attached_to", tf = "cluster_identifier" } },
}

entity "aws.rds.global_cluster" {
  doc = "A cluster that spans regions.",
  terraform = { "aws_rds_global_cluster" },
  live = { "aws:rds:global-cluster" },
  id = { "global_cluster_identifier", "id", "arn" },
  fields = {
    ["encryption.enabled"] = { bool, tf = "storage_encrypted", live = "StorageEncrypted" },
    source = { string, tf = "source_db_cluster_identifier" },
  },
}

entity "aws.rds.activity_stream" {
  doc = "A stream of what a cluster does.",
  terraform = { "aws_rds_cluster_activity_stream" },
  id = { "id" },
  fields = { ["encryption.key"] = { string, tf = "kms_key_id" } },
}

entity "aws.rds.backup_replication" {
  doc = "Automated backups kept in another region.",
  terraform = { "aws_db_instance_automated_backups_replication" },
  id = { "id" },
  fields = { ["encryption.key"] = { string, tf = "kms_key_id" } },
}

entity "aws.rds.snapshot" {
  doc = "A snapshot of an instance or cluster, or a copy of one.",
  terraform = { "aws_db_snapshot", "aws_db_cluster_snapshot", "aws_db_snapshot_copy" },
  live = { "aws:rds:snapshot", "aws:rds:cluster-snapshot" },
  id = { "id" },
  tags = "tags",
  fields = {
    encrypted = { bool, tf = { "storage_encrypted", "encrypted" }, live = { "Encrypted", "StorageEncrypted" } },
    key = { string, tf = "kms_key_id", live = "KmsKeyId" },
    shared_with = { list, tf = "shared_accounts", live = "Restore" },
  },
  edges = {
    { "encrypts", tf = "kms_key_id", live = "KmsKeyId", reverse = true },
    { "backs_up", tf = { "db_instance_identifier", "db_cluster_identifier" }, live = { "DBInstanceIdentifier", "DBClusterIdentifier" } },
  },
}

entity "aws.rds.parameter_group" {
  doc = "Settings of an engine.",
  terraform = { "aws_db_parameter_group", "aws_rds_cluster_parameter_group" },
  live = { "aws:rds:pg", "aws:rds:cluster-pg" },
  id = { "name", "id", "arn" },
  tags = "tags",
  fields = { family = { string, tf = "family", live = "DBParameterGroupFamily" } },
}
