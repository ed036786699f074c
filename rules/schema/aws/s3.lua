-- S3: buckets with the resources that configure them, access points and objects.

entity "aws.s3.bucket" {
  doc = "An S3 bucket.",
  terraform = { "aws_s3_bucket" },
  live = { "aws:s3:bucket" },
  id = { "bucket", "id", "arn", "Name" },
  tags = "tags",
  satellites = {
    acl = { "aws_s3_bucket_acl", by = "bucket" },
    cors = { "aws_s3_bucket_cors_configuration", by = "bucket" },
    encryption = { "aws_s3_bucket_server_side_encryption_configuration", by = "bucket" },
    lifecycle = { "aws_s3_bucket_lifecycle_configuration", by = "bucket" },
    logging = { "aws_s3_bucket_logging", by = "bucket" },
    notification = { "aws_s3_bucket_notification", by = "bucket" },
    object_lock = { "aws_s3_bucket_object_lock_configuration", by = "bucket" },
    ownership = { "aws_s3_bucket_ownership_controls", by = "bucket" },
    policy = { "aws_s3_bucket_policy", by = "bucket" },
    public_access_block = { "aws_s3_bucket_public_access_block", by = "bucket" },
    replication = { "aws_s3_bucket_replication_configuration", by = "bucket" },
    versioning = { "aws_s3_bucket_versioning", by = "bucket" },
    website = { "aws_s3_bucket_website_configuration", by = "bucket" },
  },
  fields = {
    name = { string, tf = "bucket", live = "Name" },
    acl = { string, tf = { "@acl.acl", "acl" }, doc = "The canned access control list." },
    policy = { any, tf = { "@policy.policy", "policy" }, live = "Policy" },
    ["block.public_acls"] = { bool, tf = "@public_access_block.block_public_acls",
      live = "PublicAccessBlock.PublicAccessBlockConfiguration.BlockPublicAcls" },
    ["block.ignored_acls"] = { bool, tf = "@public_access_block.ignore_public_acls",
      live = "PublicAccessBlock.PublicAccessBlockConfiguration.IgnorePublicAcls" },
    ["block.public_policy"] = { bool, tf = "@public_access_block.block_public_policy",
      live = "PublicAccessBlock.PublicAccessBlockConfiguration.BlockPublicPolicy" },
    ["block.restricted"] = { bool, tf = "@public_access_block.restrict_public_buckets",
      live = "PublicAccessBlock.PublicAccessBlockConfiguration.RestrictPublicBuckets" },
    ["encryption.algorithm"] = { string,
      tf = { "@encryption.rule.apply_server_side_encryption_by_default.sse_algorithm",
        "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm" },
      live = "Encryption.ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault.SSEAlgorithm" },
    ["encryption.key"] = { string,
      tf = { "@encryption.rule.apply_server_side_encryption_by_default.kms_master_key_id",
        "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id" },
      live = "Encryption.ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault.KMSMasterKeyID" },
    ["versioning.enabled"] = { bool,
      tf = { "@versioning.versioning_configuration.status == Enabled", "versioning.enabled" },
      live = "Versioning.Status == Enabled", default = false, doc = "Old versions of objects are kept." },
    ["versioning.mfa_delete"] = { bool,
      tf = { "@versioning.versioning_configuration.mfa_delete == Enabled", "versioning.mfa_delete" },
      live = "Versioning.MFADelete == Enabled", default = false },
    ["logging.bucket"] = { string, tf = { "@logging.target_bucket", "logging.target_bucket" },
      live = "Logging.LoggingEnabled.TargetBucket" },
    ["ownership"] = { string, tf = "@ownership.rule.object_ownership",
      live = "OwnershipControls.OwnershipControls.Rules.ObjectOwnership" },
    ["object_lock.enabled"] = { bool,
      tf = { "object_lock_enabled", "object_lock_configuration.object_lock_enabled == Enabled",
        "@object_lock.object_lock_enabled == Enabled" },
      live = "ObjectLock.ObjectLockConfiguration.ObjectLockEnabled == Enabled", default = false },
    ["object_lock.retention"] = { any,
      tf = { "@object_lock.rule.default_retention", "object_lock_configuration.rule.default_retention" },
      live = "ObjectLock.ObjectLockConfiguration.Rule.DefaultRetention" },
  },
  edges = {
    { "encrypts", tf = "@encryption.rule.apply_server_side_encryption_by_default.kms_master_key_id",
      live = "Encryption.ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault.KMSMasterKeyID",
      reverse = true },
    { "logs_to", tf = { "@logging.target_bucket", "logging.target_bucket" }, live = "Logging.LoggingEnabled.TargetBucket" },
    { "replicates_to", tf = { "@replication.rule[].destination.bucket", "replication_configuration.rules[].destination.bucket" },
      live = "Replication.ReplicationConfiguration.Rules[].Destination.Bucket" },
  },
}

entity "aws.s3.public_access_block" {
  doc = "What a bucket refuses to make public.",
  terraform = { "aws_s3_bucket_public_access_block" },
  id = { "id" },
  fields = {
    bucket = { string, tf = "bucket" },
    block_public_acls = { bool, tf = "block_public_acls", default = false },
    ignore_public_acls = { bool, tf = "ignore_public_acls", default = false },
    block_public_policy = { bool, tf = "block_public_policy", default = false },
    restrict_public_buckets = { bool, tf = "restrict_public_buckets", default = false },
  },
}

entity "aws.s3.account_public_access_block" {
  doc = "What an account refuses to make public.",
  terraform = { "aws_s3_account_public_access_block" },
  live = { "aws:s3control:public-access-block" },
  id = { "id" },
  fields = {
    block_public_acls = { bool, tf = "block_public_acls", live = "PublicAccessBlockConfiguration.BlockPublicAcls", default = false },
    ignore_public_acls = { bool, tf = "ignore_public_acls", live = "PublicAccessBlockConfiguration.IgnorePublicAcls", default = false },
    block_public_policy = { bool, tf = "block_public_policy", live = "PublicAccessBlockConfiguration.BlockPublicPolicy",
      default = false },
    restrict_public_buckets = { bool, tf = "restrict_public_buckets",
      live = "PublicAccessBlockConfiguration.RestrictPublicBuckets", default = false },
  },
}

entity "aws.s3.access_point" {
  doc = "A named way into a bucket.",
  terraform = { "aws_s3_access_point" },
  live = { "aws:s3:accesspoint" },
  id = { "name", "arn", "id" },
  fields = {
    -- Unlike a bucket's own resource, an access point blocks everything unless told otherwise.
    block_public_acls = { bool, tf = "public_access_block_configuration.block_public_acls",
      live = "PublicAccessBlockConfiguration.BlockPublicAcls", default = true },
    ignore_public_acls = { bool, tf = "public_access_block_configuration.ignore_public_acls",
      live = "PublicAccessBlockConfiguration.IgnorePublicAcls", default = true },
    block_public_policy = { bool, tf = "public_access_block_configuration.block_public_policy",
      live = "PublicAccessBlockConfiguration.BlockPublicPolicy", default = true },
    restrict_public_buckets = { bool, tf = "public_access_block_configuration.restrict_public_buckets",
      live = "PublicAccessBlockConfiguration.RestrictPublicBuckets", default = true },
  },
}

entity "aws.s3.bucket_policy" {
  doc = "A bucket's policy.",
  terraform = { "aws_s3_bucket_policy" },
  id = { "id" },
  fields = { bucket = { string, tf = "bucket" } },
}

entity "aws.s3.bucket_acl" {
  doc = "A bucket's access control list.",
  terraform = { "aws_s3_bucket_acl" },
  id = { "id" },
  fields = { bucket = { string, tf = "bucket" } },
}

entity "aws.s3.ownership_controls" {
  doc = "Who owns the objects of a bucket.",
  terraform = { "aws_s3_bucket_ownership_controls" },
  id = { "id" },
  fields = { bucket = { string, tf = "bucket" }, ownership = { string, tf = "rule.object_ownership" } },
}

entity "aws.s3.lifecycle_configuration" {
  doc = "When objects of a bucket move or expire.",
  terraform = { "aws_s3_bucket_lifecycle_configuration" },
  id = { "id" },
  fields = { bucket = { string, tf = "bucket" } },
}

entity "aws.s3.cors_configuration" {
  doc = "Which web origins may use a bucket.",
  terraform = { "aws_s3_bucket_cors_configuration" },
  id = { "id" },
  fields = { bucket = { string, tf = "bucket" } },
}

entity "aws.s3.object" {
  doc = "An object that code uploads or copies.",
  terraform = { "aws_s3_object", "aws_s3_bucket_object", "aws_s3_object_copy" },
  id = { "id" },
  tags = "tags",
  fields = { key = { string, tf = "kms_key_id" }, ["bucket"] = { string, tf = "bucket" } },
}
