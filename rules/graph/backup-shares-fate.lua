-- luacheck: no max line length
local tags, backup = lib "tags", lib "backup"

-- The region and account of "arn:aws:backup:eu-west-1:123456789012:backup-vault:x".
local function place_of_arn(arn)
  local region, account = string.match(arn, "^arn:[^:]*:backup:([^:]*):([^:]*):")
  return region, account
end

-- The vault of a copy, where the scan has it.
local function vault_of(plan, copy)
  if plan.origin == "live" then return plan:targets(copy.DestinationBackupVaultArn)[1] end
  return plan:targets(copy.destination_vault_arn)[1]
end

-- Whether a copy is elsewhere than the store: true, false, or nil and why it is not known.
local function is_elsewhere(e, plan, copy)
  local arn = copy.DestinationBackupVaultArn
  if known(copy.destination_vault_arn) then arn = arn or copy.destination_vault_arn end
  if type(arn) == "string" and starts(arn, "arn:") then
    local region, account = place_of_arn(arn)
    if e.region ~= "" and region ~= nil and region ~= e.region then return true end
    if e.account ~= "" and account ~= nil and account ~= e.account then return true end
    if e.region == "" then return nil, "the region of " .. e.address .. " is not known" end
    return false
  end
  local vault = vault_of(plan, copy)
  if vault == nil then return nil, "the vault of a copy is not known" end
  if vault.region == "" or e.region == "" then return nil, "the region of " .. vault.address .. " is not known" end
  return vault.region ~= e.region
end

local function copied_by_plan(e)
  local open
  local selections, unsure, n = backup.selections(e)
  for _, selection in ipairs(selections) do
    local rules, plan = backup.rules_of(selection)
    if rules == nil then open = "the plan of " .. selection.address .. " is not in the scan" end
    for _, one in ipairs(rules or {}) do
      for _, copy in ipairs(list(one.copy_action or one.CopyActions)) do
        local elsewhere, why = is_elsewhere(e, plan, copy)
        if elsewhere then return true end
        open = open or why
      end
    end
  end
  if unsure then open = open or "what a backup selection takes is not known" end
  if n == 0 and e.origin ~= "live" then open = open or "no backup plan is in the scan; another stack may hold it" end
  return false, open
end

local function replicated(e)
  local open
  for _, to in ipairs(e:edges_from("replicates_to")) do
    if to.region ~= "" and e.region ~= "" then
      if to.region ~= e.region then return true end
    else
      open = "the region of " .. to.address .. " is not known"
    end
  end
  for _, other in ipairs(graph.all("aws.rds.backup_replication")) do
    for _, from in ipairs(other:targets(other.raw.source_db_instance_arn)) do
      if from == e then return true end
    end
  end
  return false, open
end

local deletions = {
  ["aws.rds.instance"] = "rds:DeleteDBInstance", ["aws.rds.cluster"] = "rds:DeleteDBCluster",
  ["aws.dynamodb.table"] = "dynamodb:DeleteTable", ["aws.efs.file_system"] = "elasticfilesystem:DeleteFileSystem",
}

-- Vaults of the same code or account to which the store's backups are copied, and that are not locked.
local function open_vaults(e)
  local found = {}
  for _, selection in ipairs((backup.selections(e))) do
    local rules, plan = backup.rules_of(selection)
    for _, one in ipairs(rules or {}) do
      for _, copy in ipairs(list(one.copy_action or one.CopyActions)) do
        local vault = vault_of(plan, copy)
        if vault ~= nil and vault.kind == "aws.backup.vault" and vault.account == e.account and not vault.locked
          and #vault:satellites("lock") == 0 then
          found[#found + 1] = vault
        end
      end
    end
  end
  return found
end

-- Who deletes both store and copies; administrators, who may do anything, are judged by rules of their own.
local function one_hand(e)
  for _, vault in ipairs(open_vaults(e)) do
    for _, kind in ipairs({ "aws.iam.role", "aws.iam.user" }) do
      for _, principal in ipairs(graph.all(kind)) do
        if iam.decide(principal, deletions[e.kind], e) == "allowed" and iam.decide(principal, "backup:DeleteRecoveryPoint") == "allowed"
          and not iam.is_admin(principal) then
          return principal, vault
        end
      end
    end
  end
end

-- Multi-regions of Cloud SQL backups: "us", "eu", "asia".
local function cloud_sql(e)
  if not e.backup.enabled then return end
  local where = e.backup.location
  if where ~= nil and where == e.region then
    return fail("backups of " .. e.name .. " lie in its own region " .. where .. " only; leave `location` out or name another one",
      { at = "backup.location" })
  end
end

local function velero(location)
  local bucket = location.bucket
  for _, cluster in ipairs(graph.everywhere("aws.eks.cluster")) do
    if tags.production(cluster) and location.region ~= nil and cluster.region == location.region then
      return fail("backups of cluster " .. cluster.name .. " lie in its own region " .. location.region .. " (bucket " .. tostring(bucket)
        .. "); keep a copy in another region", { at = "region", evidence = { { cluster, "in the same region" } } })
    end
  end
  if location.region == nil then unknown("the region of the bucket is not given") end
  if #graph.everywhere("aws.eks.cluster") == 0 then unknown("the cluster that is backed up is not in the scan") end
end

return rule {
  id = "GRAPH-023", title = "Backups share the fate of their source", severity = "high", category = "resilience",
  version = 2, changes = { "fails where one principal may delete both the store and its copies in a vault" },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = { "aws.rds.instance", "aws.rds.cluster", "aws.dynamodb.table", "aws.efs.file_system", "gcp.sql.instance", "velero.storagelocation" },
  where = function(e) return e.kind == "velero.storagelocation" or tags.production(e) end,
  description = [[What takes a region or an account away takes the backups in it as well. Of a production store at least one copy has to lie
in another region or account: a copy action of its AWS Backup plan, a replica, replicated automated backups. Cloud SQL keeps backups in a
multi-region unless a location is named. A copy in the same account helps little where somebody who is no administrator may delete both it and
the store, and its vault is not locked.]],
  remediation = [[Add a `copy_action` to a vault of another region or account, `aws_db_instance_automated_backups_replication`, or a
replica in another region.]],
  references = { "https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html",
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html",
    "https://cloud.google.com/sql/docs/postgres/backup-recovery/backups" },
  check = function(e)
    if e.kind == "gcp.sql.instance" then return cloud_sql(e) end
    if e.kind == "velero.storagelocation" then return velero(e) end
    for _, replica in ipairs(e.kind == "aws.dynamodb.table" and list(e.raw.replica) or {}) do
      if replica.region_name ~= nil then return end
    end
    local away, open = replicated(e)
    if away then return end
    local planned, why = copied_by_plan(e)
    if planned then
      local who, vault = one_hand(e)
      if who then
        return fail(who.name .. " may delete production store " .. e.name .. " and the copies of it in vault " .. vault.name
          .. "; lock the vault, or keep a copy in another account", { evidence = { { who, "may delete both" }, { vault, "holds the copies" } } })
      end
      return
    end
    if open or why then unknown(open or why) end
    return fail("every backup of production store " .. e.name .. " lies in its own region and account; copy it elsewhere")
  end,
  tests = {
    fail = {
      [[
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "far"
  region = "eu-central-1"
}
resource "aws_efs_file_system" "fire" { tags = { environment = "prod" } }
resource "aws_backup_vault" "copies" {
  provider = aws.far
  name     = "copies"
}
resource "aws_backup_plan" "daily" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = "v"
    schedule          = "cron(0 5 ? * * *)"
    copy_action { destination_vault_arn = aws_backup_vault.copies.arn }
  }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.daily.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = [aws_efs_file_system.fire.arn]
}
resource "aws_iam_user" "ops" { name = "ops" }
resource "aws_iam_user_policy" "ops" {
  user   = aws_iam_user.ops.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["elasticfilesystem:*", "backup:*"], Resource = "*" }] })
}]],
      [[
provider "aws" { region = "eu-west-1" }
resource "aws_efs_file_system" "fire" { tags = { environment = "prod" } }
resource "aws_backup_plan" "daily" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = "v"
    schedule          = "cron(0 5 ? * * *)"
  }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.daily.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = [aws_efs_file_system.fire.arn]
}]],
      [[
resource "google_sql_database_instance" "fire" {
  name   = "orders"
  region = "europe-west6"
  settings {
    tier = "db-f1-micro"
    user_labels = { environment = "prod" }
    backup_configuration {
      enabled  = true
      location = "europe-west6"
    }
  }
}]],
    },
    pass = {
      [[
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "far"
  region = "eu-central-1"
}
resource "aws_efs_file_system" "dont_fire" { tags = { environment = "prod" } }
resource "aws_backup_vault" "copies" {
  provider = aws.far
  name     = "copies"
}
resource "aws_backup_vault_lock_configuration" "copies" {
  provider            = aws.far
  backup_vault_name   = aws_backup_vault.copies.name
  changeable_for_days = 3
}
resource "aws_backup_plan" "daily" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = "v"
    schedule          = "cron(0 5 ? * * *)"
    copy_action { destination_vault_arn = aws_backup_vault.copies.arn }
  }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.daily.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = [aws_efs_file_system.dont_fire.arn]
}
resource "aws_iam_user" "ops" { name = "ops" }
resource "aws_iam_user_policy" "ops" {
  user   = aws_iam_user.ops.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["elasticfilesystem:*", "backup:*"], Resource = "*" }] })
}]],
      [[
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "far"
  region = "eu-central-1"
}
resource "aws_efs_file_system" "dont_fire" { tags = { environment = "prod" } }
resource "aws_backup_vault" "copies" {
  provider = aws.far
  name     = "copies"
}
resource "aws_backup_plan" "daily" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = "v"
    schedule          = "cron(0 5 ? * * *)"
    copy_action { destination_vault_arn = aws_backup_vault.copies.arn }
  }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.daily.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = [aws_efs_file_system.dont_fire.arn]
}
resource "aws_iam_user" "ops" { name = "ops" }
resource "aws_iam_user_policy" "ops" {
  user   = aws_iam_user.ops.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["elasticfilesystem:*"], Resource = "*" }] })
}]],
      [[
provider "aws" { region = "eu-west-1" }
resource "aws_efs_file_system" "dont_fire" { tags = { environment = "prod" } }
resource "aws_backup_plan" "daily" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = "v"
    schedule          = "cron(0 5 ? * * *)"
    copy_action { destination_vault_arn = "arn:aws:backup:eu-central-1:123456789012:backup-vault:copies" }
  }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.daily.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = [aws_efs_file_system.dont_fire.arn]
}]],
      [[
resource "aws_dynamodb_table" "dont_fire" {
  name = "orders"
  tags = { environment = "prod" }
  replica { region_name = "eu-central-1" }
}]],
      [[
resource "aws_db_instance" "dont_fire" {
  identifier              = "orders"
  backup_retention_period = 7
  tags = { environment = "prod" }
}
resource "aws_db_instance_automated_backups_replication" "r" { source_db_instance_arn = aws_db_instance.dont_fire.arn }]],
    },
    unknown = { [[
resource "aws_db_instance" "a" {
  identifier              = "orders"
  backup_retention_period = 7
  tags = { environment = "prod" }
}]] },
  },
}
