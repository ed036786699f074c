-- AWS Backup.

entity "aws.backup.vault" {
  doc = "Where recovery points lie.",
  terraform = { "aws_backup_vault" },
  live = { "aws:backup:backup-vault" },
  id = { "name", "id", "arn", "BackupVaultName", "BackupVaultArn" },
  tags = "tags",
  satellites = {
    lock = { "aws_backup_vault_lock_configuration", by = "backup_vault_name" },
    policy = { "aws_backup_vault_policy", by = "backup_vault_name" },
  },
  fields = {
    name = { string, tf = "name", live = "BackupVaultName" },
    key = { string, tf = "kms_key_arn", live = "EncryptionKeyArn" },
    locked = { bool, live = "Locked", default = false },
    min_days = { number, tf = "@lock.min_retention_days", live = "MinRetentionDays" },
    points = { number, live = "NumberOfRecoveryPoints" },
  },
  edges = { { "encrypts", tf = "kms_key_arn", live = "EncryptionKeyArn", reverse = true } },
}

entity "aws.backup.vault_lock" {
  doc = "How long recovery points cannot be deleted.",
  terraform = { "aws_backup_vault_lock_configuration" },
  id = { "id" },
  fields = {
    min_days = { number, tf = "min_retention_days" },
    max_days = { number, tf = "max_retention_days" },
    grace_days = { number, tf = "changeable_for_days" },
  },
}

entity "aws.backup.vault_policy" {
  doc = "Who may do what with a vault.",
  terraform = { "aws_backup_vault_policy" },
  id = { "id" },
  fields = {},
}

entity "aws.backup.plan" {
  doc = "When backups are made and how long they are kept.",
  terraform = { "aws_backup_plan" },
  live = { "aws:backup:backup-plan" },
  id = { "name", "id", "arn", "BackupPlanId" },
  tags = "tags",
  satellites = { selection = { "aws_backup_selection", by = "plan_id" } },
  fields = {
    name = { string, tf = "name", live = "BackupPlanName" },
    rules = { list, tf = "rule", live = "BackupPlan.Rules" },
  },
  edges = {
    { "routes_to", tf = "rule[].target_vault_name", live = "BackupPlan.Rules[].TargetBackupVaultName" },
    { "replicates_to", tf = "rule[].copy_action[].destination_vault_arn",
      live = "BackupPlan.Rules[].CopyActions[].DestinationBackupVaultArn" },
  },
}

entity "aws.backup.selection" {
  doc = "What a plan backs up.",
  terraform = { "aws_backup_selection" },
  live = { "aws:backup:backup-selection" },
  id = { "id" },
  fields = {
    name = { string, tf = "name", live = "SelectionName" },
    resources = { list, tf = "resources", live = "Resources" },
  },
  edges = { { "backs_up", tf = "resources", live = "Resources" } },
}
