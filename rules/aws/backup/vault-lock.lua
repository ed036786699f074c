local iam = lib "iam"
local tags = lib "tags"

local function policies(e)
  local found = {}
  if e.origin == "live" then
    if e.raw.Policy ~= nil then found[1] = iam.statements(json(e.raw.Policy)) end
    return found
  end
  for _, holder in ipairs(e:satellites("policy")) do found[#found + 1] = iam.statements(json(holder.raw.policy)) end
  return found
end

-- What a policy must keep from everyone, so that nobody empties the vault.
local guarded = { "backup:DeleteRecoveryPoint", "backup:PutBackupVaultAccessPolicy" }

local function denies(e)
  for _, statements in ipairs(policies(e)) do
    local all = true
    for _, action in ipairs(guarded) do
      local one = false
      for _, s in ipairs(statements) do
        if s.effect == "Deny" and iam.takes(s, action) and iam.wildcard_principal(e, s) then one = true end
      end
      all = all and one
    end
    if all then return true end
  end
  return false
end

local function locked(e)
  if e.origin == "live" then return e.locked and e.min_days ~= nil and e.min_days > 0 end
  for _, lock in ipairs(e:satellites("lock")) do
    if lock.min_days ~= nil and lock.min_days > 0 then return true end
  end
  return false
end

return rule {
  id = "AWS-BACKUP-002", title = "Vault can be emptied",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = "aws.backup.vault",
  where = function(e)
    local environment = tags.environment(e)
    if environment ~= nil and environment ~= "prod" then return false end
    return e.origin ~= "live" or e.points == nil or e.points > 0
  end,
  description = [[Whoever takes over the account deletes the backups first, unless nobody can.]],
  remediation = [[Add an `aws_backup_vault_lock_configuration` with `min_retention_days`, or an `aws_backup_vault_policy` that denies
`backup:DeleteRecoveryPoint` and `backup:PutBackupVaultAccessPolicy` to everyone.]],
  references = { "https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html" },
  check = function(e)
    if locked(e) or denies(e) then return end
    return fail("vault " .. e.name .. " can be emptied: it has no lock and no policy against it", { at = e })
  end,
  tests = {
    fail = { [[resource "aws_backup_vault" "fire" { name = "fire" }]], live [[
[{"type": "aws:backup:backup-vault", "name": "fire", "body": {"BackupVaultName": "v", "NumberOfRecoveryPoints": 9, "Locked": false}}]
]] },
    pass = { [[
resource "aws_backup_vault" "dont_fire" { name = "dont-fire" }
resource "aws_backup_vault_lock_configuration" "l" {
  backup_vault_name  = aws_backup_vault.dont_fire.name
  min_retention_days = 30
}]], [[
resource "aws_backup_vault" "dont_fire" { name = "dont-fire" }
resource "aws_backup_vault_policy" "p" {
  backup_vault_name = aws_backup_vault.dont_fire.name
  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = { AWS = "*" }, Resource = "*",
    Action = ["backup:DeleteRecoveryPoint", "backup:PutBackupVaultAccessPolicy"] }] })
}]], live [[
[{"type": "aws:backup:backup-vault", "name": "dont_fire",
  "body": {"BackupVaultName": "v", "NumberOfRecoveryPoints": 9, "Locked": true, "MinRetentionDays": 30}}]
]] },
    unknown = { [[
variable "policy" {}
resource "aws_backup_vault" "a" { name = "a" }
resource "aws_backup_vault_policy" "p" {
  backup_vault_name = aws_backup_vault.a.name
  policy            = var.policy
}]] },
  },
}
