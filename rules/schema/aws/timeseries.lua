-- Timestream and Keyspaces.

entity "aws.timestream.database" {
  doc = "A database of time series.",
  terraform = { "aws_timestreamwrite_database" },
  live = { "aws:timestream:database" },
  id = { "database_name", "id", "arn", "Arn" },
  tags = "tags",
  fields = {
    name = { string, tf = "database_name", live = "DatabaseName" },
    key = { string, tf = "kms_key_id", live = "KmsKeyId" },
  },
  edges = { { "encrypts", tf = "kms_key_id", live = "KmsKeyId", reverse = true } },
}

entity "aws.timestream.table" {
  doc = "A table of time series.",
  terraform = { "aws_timestreamwrite_table" },
  live = { "aws:timestream:table" },
  id = { "table_name", "id", "arn", "Arn" },
  tags = "tags",
  fields = {
    name = { string, tf = "table_name", live = "TableName" },
    ["retention.memory"] = { number, tf = "retention_properties.memory_store_retention_period_in_hours",
      live = "RetentionProperties.MemoryStoreRetentionPeriodInHours" },
    ["retention.disk"] = { number, tf = "retention_properties.magnetic_store_retention_period_in_days",
      live = "RetentionProperties.MagneticStoreRetentionPeriodInDays" },
    rejected = { string,
      tf = "magnetic_store_write_properties.magnetic_store_rejected_data_location.s3_configuration.bucket_name",
      live = "MagneticStoreWriteProperties.MagneticStoreRejectedDataLocation.S3Configuration.BucketName" },
    late_writes = { bool, tf = "magnetic_store_write_properties.enable_magnetic_store_writes",
      live = "MagneticStoreWriteProperties.EnableMagneticStoreWrites", default = false },
  },
}

entity "aws.keyspaces.table" {
  doc = "A Cassandra table.",
  terraform = { "aws_keyspaces_table" },
  live = { "aws:cassandra:table" },
  id = { "table_name", "id", "arn", "resourceArn" },
  tags = "tags",
  fields = {
    name = { string, tf = "table_name", live = "tableName" },
    ["encryption.mode"] = { string, tf = "encryption_specification.type", live = "encryptionSpecification.type",
      default = "AWS_OWNED_KMS_KEY" },
    ["encryption.key"] = { string, tf = "encryption_specification.kms_key_identifier",
      live = "encryptionSpecification.kmsKeyIdentifier" },
    recovery = { bool, tf = "point_in_time_recovery.status == ENABLED", live = "pointInTimeRecovery.status == ENABLED",
      default = false },
  },
  edges = { { "encrypts", tf = "encryption_specification.kms_key_identifier",
    live = "encryptionSpecification.kmsKeyIdentifier", reverse = true } },
}
