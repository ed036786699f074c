-- ElastiCache and DynamoDB.

entity "aws.elasticache.group" {
  doc = "A Redis or Valkey replication group.",
  terraform = { "aws_elasticache_replication_group" },
  live = { "aws:elasticache:replicationgroup" },
  id = { "replication_group_id", "id", "arn", "ReplicationGroupId" },
  tags = "tags",
  fields = {
    name = { string, tf = "replication_group_id", live = "ReplicationGroupId" },
    ["encryption.rest"] = { bool, tf = "at_rest_encryption_enabled", live = "AtRestEncryptionEnabled" },
    ["encryption.key"] = { string, tf = "kms_key_id", live = "KmsKeyId" },
    ["encryption.transit"] = { bool, tf = "transit_encryption_enabled", live = "TransitEncryptionEnabled", default = false },
    ["encryption.mode"] = { string, tf = "transit_encryption_mode", live = "TransitEncryptionMode" },
    failover = { bool, tf = "automatic_failover_enabled", live = "AutomaticFailover == enabled", default = false },
    multi_az = { bool, tf = "multi_az_enabled", live = "MultiAZ == enabled", default = false },
    snapshots = { number, tf = "snapshot_retention_limit", live = "SnapshotRetentionLimit", default = 0 },
    engine = { string, tf = "engine", live = "Engine", default = "redis" },
  },
  edges = { { "encrypts", tf = "kms_key_id", live = "KmsKeyId", reverse = true } },
}

entity "aws.elasticache.cluster" {
  doc = "A cache cluster.",
  terraform = { "aws_elasticache_cluster" },
  live = { "aws:elasticache:cluster" },
  id = { "cluster_id", "id", "arn", "CacheClusterId" },
  tags = "tags",
  fields = {
    name = { string, tf = "cluster_id", live = "CacheClusterId" },
    engine = { string, tf = "engine", live = "Engine" },
    snapshots = { number, tf = "snapshot_retention_limit", live = "SnapshotRetentionLimit", default = 0 },
    auto_upgrade = { bool, tf = "auto_minor_version_upgrade", live = "AutoMinorVersionUpgrade", default = true },
    subnets = { string, tf = "subnet_group_name", live = "CacheSubnetGroupName" },
  },
}

entity "aws.elasticache.serverless" {
  doc = "A serverless cache.",
  terraform = { "aws_elasticache_serverless_cache" },
  live = { "aws:elasticache:serverlesscache" },
  id = { "name", "id", "arn", "ServerlessCacheName" },
  tags = "tags",
  fields = { name = { string, tf = "name", live = "ServerlessCacheName" } },
  edges = { { "encrypts", tf = "kms_key_id", live = "KmsKeyId", reverse = true } },
}

entity "aws.dynamodb.table" {
  doc = "A table.",
  terraform = { "aws_dynamodb_table" },
  live = { "aws:dynamodb:table" },
  id = { "name", "id", "arn", "TableName" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "TableName" },
    recovery = { bool, tf = "point_in_time_recovery.enabled",
      live = "ContinuousBackups.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus == ENABLED", default = false },
    ["encryption.enabled"] = { bool, tf = "server_side_encryption.enabled", live = "SSEDescription.Status == ENABLED", default = false },
    ["encryption.key"] = { string, tf = "server_side_encryption.kms_key_arn", live = "SSEDescription.KMSMasterKeyArn" },
    billing = { string, tf = "billing_mode", live = "BillingModeSummary.BillingMode", default = "PROVISIONED" },
  },
  edges = {
    { "encrypts", tf = "server_side_encryption.kms_key_arn", live = "SSEDescription.KMSMasterKeyArn", reverse = true },
  },
}

entity "aws.dynamodb.replica" {
  doc = "A table's replica in another region.",
  terraform = { "aws_dynamodb_table_replica" },
  id = { "id", "arn" },
  tags = "tags",
  fields = { recovery = { bool, tf = "point_in_time_recovery", default = false } },
  edges = {
    { "replicates_to", tf = "global_table_arn", reverse = true },
    { "encrypts", tf = "kms_key_arn", reverse = true },
  },
}

entity "aws.dax.cluster" {
  doc = "A cache in front of tables.",
  terraform = { "aws_dax_cluster" },
  live = { "aws:dax:cache" },
  id = { "cluster_name", "id", "arn", "ClusterName" },
  tags = "tags",
  fields = {
    name = { string, tf = "cluster_name", live = "ClusterName" },
    encrypted = { bool, tf = "server_side_encryption.enabled", live = "SSEDescription.Status == ENABLED", default = false },
    endpoint = { string, tf = "cluster_endpoint_encryption_type", live = "ClusterEndpointEncryptionType", default = "NONE" },
  },
}
