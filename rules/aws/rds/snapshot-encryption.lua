local values = lib "values"

return rule {
  id = "AWS-RDS-003", title = "Snapshot or its copy is not encrypted with a managed key",
  severity = "high", category = "encryption",
  aliases = { CKV_AWS_146 = "snapshot", CKV_AWS_266 = "copy" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.rds.snapshot",
  description = [[A snapshot that is not encrypted gives the whole database to whoever gets a copy.]],
  remediation = [[Encrypt the database; name `kms_key_id` on copies.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html" },
  -- A snapshot's encryption is its source's. CKV_AWS_146 reads storage_encrypted, which the provider only computes, so it
  -- fails on every cluster snapshot in code; here the source decides.
  check = function(e)
    if e.type == "aws_db_snapshot_copy" then
      if not values.set(e, e.raw, "kms_key_id") then
        return fail("snapshot copy " .. e.name .. " names no key", { case = "copy" })
      end
      return
    end
    if e.encrypted then return end
    if e.encrypted == nil then
      for _, source in ipairs(e:targets(e.raw.db_cluster_identifier)) do
        if source.kind == "aws.rds.cluster" then
          if source.encryption.enabled then return end
          return fail("snapshot " .. e.name .. " is made of the unencrypted cluster " .. source.name,
            { case = "snapshot", at = e, evidence = { { source, "storage_encrypted is not true" } } })
        end
      end
      for _, source in ipairs(e:targets(e.raw.db_instance_identifier)) do
        if source.kind == "aws.rds.instance" then
          if source.encryption.enabled then return end
          return fail("snapshot " .. e.name .. " is made of the unencrypted database " .. source.name,
            { case = "snapshot", at = e, evidence = { { source, "storage_encrypted is not true" } } })
        end
      end
      unknown("the snapshot's source is not in the scan")
    end
    return fail("snapshot " .. e.name .. " is not encrypted", { case = "snapshot", at = "encrypted" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:rds:snapshot", "name": "fire", "body": {"Encrypted": false}}]
]], [[
resource "aws_rds_cluster" "c" { engine = "aurora-mysql" }
resource "aws_db_cluster_snapshot" "fire" { db_cluster_identifier = aws_rds_cluster.c.id }]] },
    pass = { live [[
[{"type": "aws:rds:snapshot", "name": "dont_fire", "body": {"Encrypted": true}}]
]], [[
resource "aws_rds_cluster" "c" { storage_encrypted = true }
resource "aws_db_cluster_snapshot" "dont_fire" { db_cluster_identifier = aws_rds_cluster.c.id }]] },
    unknown = { [[resource "aws_db_cluster_snapshot" "a" { db_cluster_identifier = "main" }]] },
  },
}
