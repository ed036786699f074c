# Where the data is: buckets, databases, caches, shares, queues, and their copies.

locals {
  buckets = { pages = "acme-shop-pages", orders = "acme-shop-orders" }
}

resource "aws_s3_bucket" "shop" {
  for_each            = local.buckets
  bucket              = each.value
  object_lock_enabled = true

  tags = {
    backup = "gold"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_object_lock_configuration" "shop" {
  for_each = aws_s3_bucket.shop
  bucket   = each.value.id

  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = 30
    }
  }
}

resource "aws_s3_bucket_public_access_block" "shop" {
  for_each                = aws_s3_bucket.shop
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "shop" {
  for_each = aws_s3_bucket.shop
  bucket   = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "shop" {
  for_each = aws_s3_bucket.shop
  bucket   = each.value.id
  mfa      = "arn:aws:iam::222222222222:mfa/root-account-mfa-device 000000"

  versioning_configuration {
    status     = "Enabled"
    mfa_delete = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "shop" {
  for_each = aws_s3_bucket.shop
  bucket   = each.value.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}

resource "aws_s3_bucket_logging" "shop" {
  for_each      = aws_s3_bucket.shop
  bucket        = each.value.id
  target_bucket = "acme-shop-access-logs"
  target_prefix = "${each.key}/"
}

resource "aws_s3_bucket_notification" "shop" {
  for_each    = aws_s3_bucket.shop
  bucket      = each.value.id
  eventbridge = true
}

resource "aws_s3_bucket_lifecycle_configuration" "shop" {
  for_each = aws_s3_bucket.shop
  bucket   = each.value.id

  rule {
    id     = "tidy"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 90
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "shop" {
  for_each   = aws_s3_bucket.shop
  bucket     = each.value.id
  role       = "arn:aws:iam::222222222222:role/replication"
  depends_on = [aws_s3_bucket_versioning.shop]

  rule {
    id     = "copy"
    status = "Enabled"

    destination {
      bucket = "arn:aws:s3:::${local.buckets[each.key]}-copy"
    }
  }
}

data "aws_iam_policy_document" "bucket" {
  for_each = local.buckets

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::${each.value}", "arn:aws:s3:::${each.value}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    sid       = "ShortLinks"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::${each.value}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "NumericGreaterThan"
      variable = "s3:signatureAge"
      values   = ["600000"]
    }
  }

  statement {
    sid       = "Distribution"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::${each.value}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["222222222222"]
    }
  }
}

resource "aws_s3_bucket_policy" "shop" {
  for_each = aws_s3_bucket.shop
  bucket   = each.value.id
  policy   = data.aws_iam_policy_document.bucket[each.key].json
}

resource "aws_s3_account_public_access_block" "account" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_db_subnet_group" "orders" {
  name       = "orders"
  subnet_ids = [for s in aws_subnet.private : s.id]
}

resource "aws_db_parameter_group" "orders" {
  name   = "orders"
  family = "postgres16"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  parameter {
    name  = "log_statement"
    value = "ddl"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "1000"
  }
}

resource "aws_db_instance" "orders" {
  identifier                          = "orders"
  engine                              = "postgres"
  engine_version                      = "16.4"
  instance_class                      = "db.r6g.large"
  allocated_storage                   = 100
  username                            = "shop"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.data.arn
  db_subnet_group_name                = aws_db_subnet_group.orders.name
  parameter_group_name                = aws_db_parameter_group.orders.name
  vpc_security_group_ids              = [aws_security_group.data.id]
  storage_encrypted                   = true
  kms_key_id                          = aws_kms_key.data.arn
  publicly_accessible                 = false
  multi_az                            = true
  iam_database_authentication_enabled = true
  backup_retention_period             = 30
  deletion_protection                 = true
  copy_tags_to_snapshot               = true
  auto_minor_version_upgrade          = true
  ca_cert_identifier                  = "rds-ca-rsa2048-g1"
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  monitoring_interval                 = 60
  monitoring_role_arn                 = "arn:aws:iam::222222222222:role/rds-monitoring"
  performance_insights_enabled        = true
  performance_insights_kms_key_id     = aws_kms_key.data.arn

  tags = {
    backup = "gold"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_docdb_cluster_parameter_group" "catalogue" {
  name   = "catalogue"
  family = "docdb5.0"

  parameter {
    name  = "tls"
    value = "enabled"
  }

  parameter {
    name  = "audit_logs"
    value = "enabled"
  }
}

resource "aws_docdb_cluster" "catalogue" {
  cluster_identifier              = "catalogue"
  master_username                 = "shop"
  manage_master_user_password     = true
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.catalogue.name
  vpc_security_group_ids          = [aws_security_group.data.id]
  storage_encrypted               = true
  kms_key_id                      = aws_kms_key.data.arn
  backup_retention_period         = 30
  deletion_protection             = true
  enabled_cloudwatch_logs_exports = ["audit", "profiler"]

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_docdb_cluster_instance" "catalogue" {
  count              = 2
  cluster_identifier = aws_docdb_cluster.catalogue.id
  instance_class     = "db.r6g.large"
}

resource "aws_dynamodb_table" "carts" {
  name                        = "carts"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.data.arn
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "sessions"
  description                = "Sessions"
  engine                     = "valkey"
  node_type                  = "cache.r7g.large"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.data.arn
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  user_group_ids             = ["sessions"]
  snapshot_retention_limit   = 7
  auto_minor_version_upgrade = true
  security_group_ids         = [aws_security_group.data.id]
}

resource "aws_timestreamwrite_database" "metrics" {
  database_name = "metrics"
  kms_key_id    = aws_kms_key.data.arn
}

resource "aws_timestreamwrite_table" "metrics" {
  database_name = aws_timestreamwrite_database.metrics.database_name
  table_name    = "metrics"

  tags = {
    backup = "gold"
  }

  retention_properties {
    memory_store_retention_period_in_hours  = 24
    magnetic_store_retention_period_in_days = 365
  }
}

resource "aws_keyspaces_table" "events" {
  keyspace_name = "shop"
  table_name    = "events"

  encryption_specification {
    type               = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_identifier = aws_kms_key.data.arn
  }

  point_in_time_recovery {
    status = "ENABLED"
  }

  schema_definition {
    column {
      name = "id"
      type = "uuid"
    }

    partition_key {
      name = "id"
    }
  }
}

resource "aws_efs_file_system" "files" {
  encrypted  = true
  kms_key_id = aws_kms_key.data.arn

  tags = {
    backup = "gold"
  }
}

resource "aws_efs_backup_policy" "files" {
  file_system_id = aws_efs_file_system.files.id

  backup_policy {
    status = "ENABLED"
  }
}

data "aws_iam_policy_document" "files" {
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["*"]
    resources = [aws_efs_file_system.files.arn]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    sid       = "Application"
    actions   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    resources = [aws_efs_file_system.files.arn]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.app.arn]
    }
  }
}

resource "aws_efs_file_system_policy" "files" {
  file_system_id = aws_efs_file_system.files.id
  policy         = data.aws_iam_policy_document.files.json
}

resource "aws_efs_mount_target" "files" {
  for_each        = aws_subnet.private
  file_system_id  = aws_efs_file_system.files.id
  subnet_id       = each.value.id
  security_groups = [aws_security_group.data.id]
}

resource "aws_efs_access_point" "files" {
  file_system_id = aws_efs_file_system.files.id

  root_directory {
    path = "/shop"
  }

  posix_user {
    uid = 1000
    gid = 1000
  }
}

resource "aws_sqs_queue" "dead" {
  name              = "orders-dead"
  kms_master_key_id = aws_kms_key.data.arn
}

resource "aws_sqs_queue" "orders" {
  name              = "orders"
  kms_master_key_id = aws_kms_key.data.arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sns_topic" "alarms" {
  name              = "alarms"
  kms_master_key_id = aws_kms_key.data.arn
}

resource "aws_msk_cluster" "events" {
  cluster_name           = "events"
  kafka_version          = "3.8.x"
  number_of_broker_nodes = 2

  broker_node_group_info {
    instance_type   = "kafka.m7g.large"
    client_subnets  = [for s in aws_subnet.private : s.id]
    security_groups = [aws_security_group.data.id]
  }

  encryption_info {
    encryption_at_rest_kms_key_arn = aws_kms_key.data.arn

    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }

  logging_info {
    broker_logs {
      cloudwatch_logs {
        enabled   = true
        log_group = aws_cloudwatch_log_group.shop.name
      }
    }
  }
}

resource "aws_secretsmanager_secret" "payments" {
  name       = "payments"
  kms_key_id = aws_kms_key.data.arn
}

resource "aws_secretsmanager_secret_rotation" "payments" {
  secret_id           = aws_secretsmanager_secret.payments.id
  rotation_lambda_arn = aws_lambda_function.rotate.arn

  rotation_rules {
    automatically_after_days = 30
  }
}

resource "aws_ssm_parameter" "currency" {
  name   = "/shop/currency"
  type   = "SecureString"
  value  = "EUR"
  key_id = aws_kms_key.data.arn
}

resource "aws_backup_vault" "gold" {
  name        = "gold"
  kms_key_arn = aws_kms_key.data.arn
}

resource "aws_backup_vault_lock_configuration" "gold" {
  backup_vault_name   = aws_backup_vault.gold.name
  changeable_for_days = 3
  min_retention_days  = 30
  max_retention_days  = 365
}

resource "aws_backup_plan" "gold" {
  name = "gold"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.gold.name
    schedule          = "cron(0 3 * * ? *)"

    lifecycle {
      delete_after = 90
    }

    copy_action {
      destination_vault_arn = "arn:aws:backup:eu-central-1:333333333333:backup-vault:copies"
    }
  }
}

resource "aws_backup_selection" "gold" {
  name         = "gold"
  plan_id      = aws_backup_plan.gold.id
  iam_role_arn = "arn:aws:iam::222222222222:role/backup"
  resources    = [aws_db_instance.orders.arn, aws_docdb_cluster.catalogue.arn, aws_dynamodb_table.carts.arn]

  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "gold"
  }
}
