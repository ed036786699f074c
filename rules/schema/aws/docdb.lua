-- DocumentDB.

entity "aws.docdb.cluster" {
  doc = "A DocumentDB cluster.",
  terraform = { "aws_docdb_cluster" },
  live = { "aws:docdb:cluster" },
  id = { "cluster_identifier", "id", "arn", "DBClusterIdentifier" },
  tags = "tags",
  satellites = { instance = { "aws_docdb_cluster_instance", by = "cluster_identifier" } },
  fields = {
    name = { string, tf = { "cluster_identifier", "cluster_identifier_prefix" }, live = "DBClusterIdentifier" },
    encrypted = { bool, tf = "storage_encrypted", live = "StorageEncrypted", default = false },
    logs = { list, tf = "enabled_cloudwatch_logs_exports", live = "EnabledCloudwatchLogsExports" },
    ["backup.days"] = { number, tf = "backup_retention_period", live = "BackupRetentionPeriod", default = 1 },
    deletion_protection = { bool, tf = "deletion_protection", live = "DeletionProtection", default = false },
    members = { list, live = "DBClusterMembers" },
  },
  edges = { { "encrypts", tf = "kms_key_id", live = "KmsKeyId", reverse = true } },
}

entity "aws.docdb.global_cluster" {
  doc = "A DocumentDB cluster that spans regions.",
  terraform = { "aws_docdb_global_cluster" },
  id = { "global_cluster_identifier", "id", "arn" },
  fields = {
    encrypted = { bool, tf = "storage_encrypted", default = false },
    source = { string, tf = "source_db_cluster_identifier" },
  },
}

entity "aws.docdb.parameter_group" {
  doc = "Settings of DocumentDB clusters.",
  terraform = { "aws_docdb_cluster_parameter_group" },
  id = { "name", "id", "arn" },
  tags = "tags",
  fields = { name = { string, tf = { "name", "name_prefix" } } },
}

entity "aws.docdb.instance" {
  doc = "One instance of a DocumentDB cluster.",
  terraform = { "aws_docdb_cluster_instance" },
  live = { "aws:docdb:instance" },
  id = { "identifier", "id", "arn", "DBInstanceIdentifier" },
  tags = "tags",
  fields = {
    name = { string, tf = { "identifier", "identifier_prefix" }, live = "DBInstanceIdentifier" },
    cluster = { string, tf = "cluster_identifier", live = "DBClusterIdentifier" },
    zone = { string, tf = "availability_zone", live = "AvailabilityZone" },
  },
  edges = { { "attached_to", tf = "cluster_identifier", live = "DBClusterIdentifier" } },
}
