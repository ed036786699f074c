local kms = lib "kms"
local values = lib "values"

return rule {
  id = "AWS-RDS-002", title = "Database or its insights, activity stream or replicated backup lacks a customer managed key",
  severity = "medium", category = "encryption",
  aliases = {
    CKV_AWS_327 = "cluster", CKV_AWS_354 = "insights", ["AVD-AWS-0078"] = "insights", CKV_AWS_245 = "backup", CKV_AWS_246 = "stream",
  },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "aws.rds.instance", "aws.rds.cluster", "aws.rds.cluster_instance", "aws.rds.activity_stream", "aws.rds.backup_replication" },
  classes = { public = "none", internal = "low", regulated = "high" },
  description = [[With a key of one's own, access to the data also needs a right on the key, every use is logged, and the key can be
withdrawn.]],
  remediation = [[Set `kms_key_id`, and `performance_insights_kms_key_id` where insights are on.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html" },
  check = function(e)
    local found = {}
    local live_names = { kms_key_id = "KmsKeyId", performance_insights_kms_key_id = "PerformanceInsightsKMSKeyId" }
    local function own(field)
      if e.origin == "live" then return kms.is_own(e.raw[live_names[field]]) end
      return values.own_key(e, e.raw, field)
    end
    local function ask(field, case, what)
      if not own(field) then
        found[#found + 1] = fail(what .. " of " .. e.name .. " names no key of its own", { case = case })
      end
    end
    if e.kind == "aws.rds.cluster" then ask("kms_key_id", "cluster", "the storage") end
    if e.kind == "aws.rds.backup_replication" then ask("kms_key_id", "backup", "the replicated backup") end
    if e.kind == "aws.rds.activity_stream" then ask("kms_key_id", "stream", "the activity stream") end
    if one_of(e.kind, "aws.rds.instance", "aws.rds.cluster_instance") and e.insights.enabled then
      ask("performance_insights_kms_key_id", "insights", "performance insights")
    end
    return found
  end,
  tests = {
    fail = { live [[
[{"type": "aws:rds:cluster", "name": "fire",
  "body": {"DBClusterIdentifier": "c", "StorageEncrypted": true, "KmsKeyId": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "AWS"}}]
]], [[resource "aws_rds_cluster" "fire" { engine = "aurora-mysql" }]], [[
resource "aws_db_instance" "fire" { performance_insights_enabled = true }]] },
    pass = { live [[
[{"type": "aws:rds:cluster", "name": "dont_fire",
  "body": {"DBClusterIdentifier": "c", "StorageEncrypted": true, "KmsKeyId": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "CUSTOMER"}}]
]], [[
resource "aws_kms_key" "k" {}
resource "aws_rds_cluster" "dont_fire" { kms_key_id = aws_kms_key.k.arn }]], [[
resource "aws_db_instance" "dont_fire" {}]] },
    unknown = { [[
variable "key" {}
resource "aws_rds_cluster" "a" { kms_key_id = var.key }]] },
  },
}
