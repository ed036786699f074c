-- Queues, topics, brokers and Kafka.

entity "aws.sqs.queue" {
  doc = "A queue.",
  terraform = { "aws_sqs_queue" },
  live = { "aws:sqs:queue" },
  id = { "name", "id", "arn", "url", "QueueUrl" },
  tags = "tags",
  satellites = { policy = { "aws_sqs_queue_policy", by = "queue_url" } },
  fields = {
    policy = { any, tf = { "@policy.policy", "policy" }, live = "Attributes.Policy" },
    name = { string, tf = { "name", "name_prefix" }, live = "QueueName" },
    managed_encryption = { bool, tf = "sqs_managed_sse_enabled", live = "Attributes.SqsManagedSseEnabled", default = false },
    key = { string, tf = "kms_master_key_id", live = "Attributes.KmsMasterKeyId" },
  },
  edges = { { "encrypts", tf = "kms_master_key_id", live = "Attributes.KmsMasterKeyId", reverse = true } },
}

entity "aws.sqs.queue_policy" {
  doc = "A queue's policy.",
  terraform = { "aws_sqs_queue_policy" },
  id = { "id" },
  fields = {},
}

entity "aws.sns.topic" {
  doc = "A topic.",
  terraform = { "aws_sns_topic" },
  live = { "aws:sns:topic" },
  id = { "name", "id", "arn", "TopicArn" },
  tags = "tags",
  satellites = { policy = { "aws_sns_topic_policy", by = "arn" } },
  fields = {
    policy = { any, tf = { "@policy.policy", "policy" }, live = "Attributes.Policy" },
    name = { string, tf = { "name", "name_prefix" }, live = "TopicArn" },
    key = { string, tf = "kms_master_key_id", live = "Attributes.KmsMasterKeyId" },
  },
  edges = { { "encrypts", tf = "kms_master_key_id", live = "Attributes.KmsMasterKeyId", reverse = true } },
}

entity "aws.sns.topic_policy" {
  doc = "A topic's policy.",
  terraform = { "aws_sns_topic_policy" },
  id = { "id" },
  fields = {},
}

entity "aws.mq.broker" {
  doc = "A managed ActiveMQ or RabbitMQ broker.",
  terraform = { "aws_mq_broker" },
  live = { "aws:mq:broker" },
  id = { "broker_name", "id", "arn", "BrokerId" },
  tags = "tags",
  fields = {
    name = { string, tf = "broker_name", live = "BrokerName" },
    engine = { string, tf = "engine_type", live = "EngineType" },
    version = { string, tf = "engine_version", live = "EngineVersion" },
    public = { bool, tf = "publicly_accessible", live = "PubliclyAccessible", default = false },
    auto_upgrade = { bool, tf = "auto_minor_version_upgrade", live = "AutoMinorVersionUpgrade", default = false },
    ["logs.general"] = { bool, tf = "logs.general", live = "Logs.General", default = false },
    ["logs.audit"] = { bool, tf = "logs.audit", live = "Logs.Audit", default = false },
    key = { string, tf = "encryption_options.kms_key_id", live = "EncryptionOptions.KmsKeyId" },
  },
  edges = { { "encrypts", tf = "encryption_options.kms_key_id", live = "EncryptionOptions.KmsKeyId", reverse = true } },
}

entity "aws.msk.cluster" {
  doc = "A Kafka cluster.",
  terraform = { "aws_msk_cluster" },
  live = { "aws:kafka:cluster" },
  id = { "cluster_name", "id", "arn", "ClusterArn" },
  tags = "tags",
  fields = {
    name = { string, tf = "cluster_name", live = "ClusterName" },
    ["transit.clients"] = { string, tf = "encryption_info.encryption_in_transit.client_broker",
      live = "EncryptionInfo.EncryptionInTransit.ClientBroker", default = "TLS" },
    ["transit.brokers"] = { bool, tf = "encryption_info.encryption_in_transit.in_cluster",
      live = "EncryptionInfo.EncryptionInTransit.InCluster", default = true },
    public = { string, tf = "broker_node_group_info.connectivity_info.public_access.type",
      live = "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type", default = "DISABLED" },
    ["logs.cloudwatch"] = { bool, tf = "logging_info.broker_logs.cloudwatch_logs.enabled",
      live = "LoggingInfo.BrokerLogs.CloudWatchLogs.Enabled", default = false },
    ["logs.firehose"] = { bool, tf = "logging_info.broker_logs.firehose.enabled",
      live = "LoggingInfo.BrokerLogs.Firehose.Enabled", default = false },
    ["logs.s3"] = { bool, tf = "logging_info.broker_logs.s3.enabled", live = "LoggingInfo.BrokerLogs.S3.Enabled", default = false },
  },
  edges = {
    { "encrypts", tf = "encryption_info.encryption_at_rest_kms_key_arn",
    live = "EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId", reverse = true },
  },
}

entity "aws.mq.configuration" {
  doc = "Settings of brokers.",
  terraform = { "aws_mq_configuration" },
  live = { "aws:mq:configuration" },
  id = { "name", "id", "arn", "Id" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "Name" },
    engine = { string, tf = "engine_type", live = "EngineType" },
    version = { string, tf = "engine_version", live = "EngineVersion" },
  },
}
