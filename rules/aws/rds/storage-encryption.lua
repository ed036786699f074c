local values = lib "values"

return rule {
  id = "AWS-RDS-001", title = "Database storage is not encrypted",
  severity = "high", category = "encryption",
  aliases = {
    CKV_AWS_16 = "instance", ["AVD-AWS-0080"] = "instance", CKV_AWS_96 = "cluster", ["AVD-AWS-0079"] = "cluster",
    CKV_AWS_140 = "global",
  },
  frameworks = { "CIS-AWS-3.0:2.3.1", "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1",
    "ISO27001-2022:A.8.24" },
  for_each = { "aws.rds.instance", "aws.rds.cluster", "aws.rds.global_cluster" },
  classes = { regulated = "critical" },
  description = [[Storage that is not encrypted can be read from every copy and snapshot of it, and an existing database cannot be
encrypted without making it anew.]],
  remediation = [[Set `storage_encrypted = true`.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html" },
  -- Replicas, restored and global-member databases take their encryption from their source. Aurora
  -- Serverless v1 is always encrypted.
  check = function(e)
    local case = e.kind == "aws.rds.instance" and "instance" or e.kind == "aws.rds.cluster" and "cluster" or "global"
    if e.encryption.enabled then return end
    if case == "cluster" and e.mode == "serverless" then return end
    for _, field in ipairs { "replicate_source_db", "snapshot_identifier", "restore_to_point_in_time", "global_cluster_identifier",
      "source_db_cluster_identifier", "replication_source_identifier" } do
      if values.set(e, e.raw, field) then
        for _, source in ipairs(e:targets(e.raw[field])) do
          if starts(source.kind, "aws.rds.") and source.kind ~= "aws.rds.snapshot" and source.encryption.enabled then return end
        end
        if e.raw.storage_encrypted == nil then unknown("the database takes its encryption from its source") end
      end
    end
    return fail((case == "global" and "global cluster " or case == "cluster" and "cluster " or "database ") .. e.name
      .. " is not encrypted", { case = case, at = "encryption.enabled" })
  end,
  fix = set("encryption.enabled", true),
  tests = {
    fail = { live [[
[{"type": "aws:rds:db", "name": "fire", "body": {"StorageEncrypted": false}}]
]], [[resource "aws_db_instance" "fire" { engine = "postgres" }]], [[
resource "aws_rds_cluster" "fire" { engine = "aurora-mysql" }]] },
    pass = { live [[
[{"type": "aws:rds:db", "name": "dont_fire", "body": {"StorageEncrypted": true}}]
]], [[resource "aws_db_instance" "dont_fire" { storage_encrypted = true }]], [[
resource "aws_db_instance" "dont_fire" { storage_encrypted = true }
resource "aws_db_instance" "dont_fire_replica" { replicate_source_db = aws_db_instance.dont_fire.identifier }]] },
    unknown = { [[
variable "e" { type = bool }
resource "aws_db_instance" "a" { storage_encrypted = var.e }]], [[
resource "aws_db_instance" "a" { snapshot_identifier = "nightly" }]] },
  },
}
