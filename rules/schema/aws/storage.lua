-- EFS, ECR, Secrets Manager and Systems Manager.

entity "aws.efs.file_system" {
  doc = "A shared file system.",
  terraform = { "aws_efs_file_system" },
  live = { "aws:elasticfilesystem:file-system" },
  id = { "id", "arn", "FileSystemId" },
  tags = "tags",
  satellites = {
    backup = { "aws_efs_backup_policy", by = "file_system_id" },
    policy = { "aws_efs_file_system_policy", by = "file_system_id" },
    mount_target = { "aws_efs_mount_target", by = "file_system_id" },
  },
  fields = {
    encrypted = { bool, tf = "encrypted", live = "Encrypted", default = false },
    key = { string, tf = "kms_key_id", live = "KmsKeyId" },
    policy = { string, live = "Policy" },
  },
  edges = { { "encrypts", tf = "kms_key_id", live = "KmsKeyId", reverse = true } },
}

entity "aws.efs.file_system_policy" {
  doc = "Who may mount a file system, and how.",
  terraform = { "aws_efs_file_system_policy" },
  id = { "id" },
  fields = { file_system = { string, tf = "file_system_id" } },
}

entity "aws.efs.mount_target" {
  doc = "A file system's address in a subnet.",
  terraform = { "aws_efs_mount_target" },
  live = { "aws:elasticfilesystem:mount-target" },
  id = { "id", "MountTargetId", "mount_target_dns_name" },
  fields = {
    file_system = { string, tf = "file_system_id", live = "FileSystemId" },
    subnet = { string, tf = "subnet_id", live = "SubnetId" },
  },
  edges = {
    { "exposes", tf = "file_system_id", live = "FileSystemId" },
    { "attached_to", tf = "subnet_id", live = "SubnetId" },
  },
}

entity "aws.efs.access_point" {
  doc = "A way into a file system.",
  terraform = { "aws_efs_access_point" },
  live = { "aws:elasticfilesystem:access-point" },
  id = { "id", "arn", "AccessPointId" },
  tags = "tags",
  fields = {
    root = { string, tf = "root_directory.path", live = "RootDirectory.Path", default = "/" },
    user = { number, tf = "posix_user.uid", live = "PosixUser.Uid" },
  },
  edges = { { "exposes", tf = "file_system_id", live = "FileSystemId" } },
}

entity "aws.ecr.repository" {
  doc = "A repository of images.",
  terraform = { "aws_ecr_repository" },
  live = { "aws:ecr:repository" },
  id = { "name", "id", "arn", "repositoryName" },
  tags = "tags",
  satellites = { policy = { "aws_ecr_repository_policy", by = "repository" } },
  fields = {
    policy = { any, tf = "@policy.policy", live = "Policy" },
    name = { string, tf = "name", live = "repositoryName" },
    mutability = { string, tf = "image_tag_mutability", live = "imageTagMutability", default = "MUTABLE" },
    scan = { bool, tf = "image_scanning_configuration.scan_on_push", live = "imageScanningConfiguration.scanOnPush", default = false },
    ["encryption.kind"] = { string, tf = "encryption_configuration.encryption_type", live = "encryptionConfiguration.encryptionType",
      default = "AES256" },
    ["encryption.key"] = { string, tf = "encryption_configuration.kms_key", live = "encryptionConfiguration.kmsKey" },
  },
  edges = {
    { "encrypts", tf = "encryption_configuration.kms_key", live = "encryptionConfiguration.kmsKey", reverse = true },
  },
}

entity "aws.ecr.repository_policy" {
  doc = "A repository's policy.",
  terraform = { "aws_ecr_repository_policy" },
  id = { "id" },
  fields = {},
}

entity "aws.ecr.scanning" {
  doc = "What a registry scans.",
  terraform = { "aws_ecr_registry_scanning_configuration" },
  live = { "aws:ecr:registry-scanning-configuration" },
  id = { "id" },
  fields = { mode = { string, tf = "scan_type", live = "scanningConfiguration.scanType", default = "BASIC" } },
}

entity "aws.secretsmanager.secret" {
  doc = "A secret.",
  terraform = { "aws_secretsmanager_secret" },
  live = { "aws:secretsmanager:secret" },
  id = { "name", "id", "arn", "ARN" },
  tags = "tags",
  satellites = {
    rotation = { "aws_secretsmanager_secret_rotation", by = "secret_id" },
    policy = { "aws_secretsmanager_secret_policy", by = "secret_arn" },
  },
  fields = {
    policy = { any, tf = { "@policy.policy", "policy" }, live = "Policy" },
    name = { string, tf = { "name", "name_prefix" }, live = "Name" },
    key = { string, tf = "kms_key_id", live = "KmsKeyId" },
    rotated = { bool, live = "RotationEnabled" },
  },
  edges = { { "encrypts", tf = "kms_key_id", live = "KmsKeyId", reverse = true } },
}

entity "aws.secretsmanager.rotation" {
  doc = "When a secret is renewed.",
  terraform = { "aws_secretsmanager_secret_rotation" },
  id = { "id" },
  fields = {
    days = { number, tf = "rotation_rules.automatically_after_days" },
    schedule = { string, tf = "rotation_rules.schedule_expression" },
  },
}

entity "aws.secretsmanager.version" {
  doc = "A value of a secret.",
  terraform = { "aws_secretsmanager_secret_version" },
  id = { "id", "arn" },
  fields = {},
}

entity "aws.secretsmanager.policy" {
  doc = "A secret's policy.",
  terraform = { "aws_secretsmanager_secret_policy" },
  id = { "id" },
  fields = {},
}

entity "aws.ssm.document" {
  doc = "What Systems Manager runs.",
  terraform = { "aws_ssm_document" },
  live = { "aws:ssm:document" },
  id = { "name", "id", "arn", "Name" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "Name" },
    purpose = { string, tf = "document_type", live = "DocumentType" },
    format = { string, tf = "document_format", live = "DocumentFormat", default = "JSON" },
    shared_with = { string, tf = "permissions.account_ids" },
  },
}

entity "aws.ssm.parameter" {
  doc = "A stored setting.",
  terraform = { "aws_ssm_parameter" },
  live = { "aws:ssm:parameter" },
  id = { "name", "id", "arn", "Name" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "Name" },
    key = { string, tf = "key_id", live = "KeyId" },
  },
  edges = { { "encrypts", tf = "key_id", live = "KeyId", reverse = true } },
}
